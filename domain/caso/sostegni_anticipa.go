package caso

import (
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// AnticipaSostegno gives a sostegno before there is a PaIS, on a case that
// waits for a case manager, who will confirm it in the PaIS (ADI-05, domain
// rule 4.5).
type AnticipaSostegno struct {
	Sostegno
	Data giorno.Giorno // since when it is given
	Nota string        `personale:"testo"`
	Oggi giorno.Giorno
}

// ErrPaISEsistente refuses to anticipate a PaIS that was signed.
var ErrPaISEsistente = domain.Refuse(domain.Refused, "sostegno.pais_esistente", "the nucleo has a signed PaIS: the case manager adds sostegni to it by a redefinition")

// Decide answers AnticipaSostegno.
func (c AnticipaSostegno) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := c.controlla(); err != nil {
		return nil, err
	}
	switch {
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.Domanda.DataPresentazione:
		return nil, ErrData.At("data")
	case utf8.RuneCountInString(c.Nota) > massimoTesto:
		return nil, ErrTestoTroppoLungo.At("nota")
	}
	nuovo, err := aggiunge(s.PaIS, s.PaIS.Bozza.Sostegni, c.Sostegno, c.uguale)
	switch {
	case err != nil || !nuovo:
		return nil, err
	case !s.Assegnazione.CaseManager.IsZero():
		return nil, ErrSostegnoDelCM
	case s.PaIS.Versione > 0:
		return nil, ErrPaISEsistente
	}
	return []Event{
		SostegnoPrevisto{Sostegno: c.Sostegno, Anticipato: true},
		SostegnoAttivato{c.Sostegno.ID, Passo{c.Data, c.Nota}},
	}, nil
}
