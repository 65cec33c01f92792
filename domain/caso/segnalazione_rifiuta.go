package caso

import "nucleo/domain/id"

// RifiutaSegnalazione decides that INPS is not told. The case manager may
// propose another that follows it.
type RifiutaSegnalazione struct {
	Segnalazione id.Segnalazione
	Operatore    id.Operatore // who decides
	Motivazione  string       `personale:"testo"`
}

const minimoRifiuto = 10 // characters

// Decide answers RifiutaSegnalazione.
func (c RifiutaSegnalazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case c.Operatore.IsZero():
		return nil, ErrSegnalazioneID.At("rifiutata_da")
	case !testoEntro(c.Motivazione, minimoRifiuto, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("motivazione")
	case questa.Stato == Rifiutata && questa.DecisaDa == c.Operatore:
		return nil, nil
	case questa.Stato == Ritirata:
		return nil, ErrRitirata
	case questa.Stato != DaValidare:
		return nil, ErrGiaDecisa
	}
	return []Event{SegnalazioneRifiutata{Segnalazione: c.Segnalazione, RifiutataDa: c.Operatore, Motivazione: c.Motivazione}}, nil
}
