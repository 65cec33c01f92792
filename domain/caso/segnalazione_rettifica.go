package caso

import "nucleo/domain/id"

// RettificaSegnalazione corrects what INPS was told.
type RettificaSegnalazione struct {
	Segnalazione id.Segnalazione
	Motivazione  string `personale:"testo"`
	Vietata      bool   // as the installation has it for the measure
}

// Decide answers RettificaSegnalazione.
func (c RettificaSegnalazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Motivazione, 1, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("motivazione")
	case questa.Stato == Rettificata:
		return nil, nil
	case c.Vietata:
		return nil, ErrRettificaVietata
	case questa.Stato != Inviata && questa.Stato != Acquisita:
		return nil, ErrNonInviata
	}
	return []Event{SegnalazioneRettificata{Segnalazione: c.Segnalazione, Motivazione: c.Motivazione}}, nil
}
