package caso

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
)

// RegistraRientro takes a nucleo back from the job centre or the specialist
// services: its AP is open again.
type RegistraRientro struct {
	Da          Servizio
	Motivazione string `personale:"testo"`
	Data        giorno.Giorno
	Oggi        giorno.Giorno
}

// Refusals of a return.
var (
	ErrServizio   = domain.Refuse(domain.Unprocessable, "ap.servizio_non_valido", "the nucleo comes back from CPI or SPECIALISTICO")
	ErrNonInviato = domain.Refuse(domain.Refused, "ap.non_inviato", "the nucleo is not with that service")
)

// Decide answers RegistraRientro.
func (c RegistraRientro) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	e := RientroDaServizioRegistrato{Da: c.Da, Motivazione: c.Motivazione, Data: c.Data}
	switch {
	case c.Da != CPI && c.Da != Specialistico:
		return nil, ErrServizio.At("da")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDataStrumento.At("data")
	case s.Stato == InValutazioneAP && s.AP.Rientro == e:
		return nil, nil
	case c.Da == CPI && s.Stato != InviatoCPI, c.Da == Specialistico && s.Stato != InviatoServizi:
		return nil, ErrNonInviato.At("da")
	case c.Data < s.AP.Esito.Data:
		return nil, ErrDataStrumento.At("data")
	}
	return []Event{e}, nil
}
