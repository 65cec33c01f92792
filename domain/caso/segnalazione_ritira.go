package caso

import "nucleo/domain/id"

// RitiraSegnalazione takes a proposal back while nobody has decided on it.
type RitiraSegnalazione struct {
	Segnalazione id.Segnalazione
	Motivazione  string `personale:"testo"`
}

// Decide answers RitiraSegnalazione.
func (c RitiraSegnalazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Motivazione, 1, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("motivazione")
	case questa.Stato == Ritirata:
		return nil, nil
	case questa.Stato != DaValidare:
		return nil, ErrGiaDecisa
	}
	return []Event{SegnalazioneRitirata(c)}, nil
}
