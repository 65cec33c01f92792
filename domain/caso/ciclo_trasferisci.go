package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Trasferisci moves a case to the comune where the nucleo lives now. Whoever
// is responsible keeps it while their territory covers the new comune; if not,
// it returns to the queue (domain rule 2.6).
type Trasferisci struct {
	Ambito, Comune string
	Indirizzo      Indirizzo
	DataDecorrenza giorno.Giorno
	Oggi           giorno.Giorno
	// Territori of the case manager now responsible, as far as active.
	Territori []domain.Territorio
}

// Decide answers Trasferisci.
func (c Trasferisci) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Stato == Chiuso:
		return nil, ErrNonAperto
	case c.DataDecorrenza.IsZero() || c.DataDecorrenza > c.Oggi:
		return nil, ErrData.At("data_decorrenza")
	case c.Ambito == "" || c.Comune == "":
		return nil, ErrComune.At("comune")
	case s.Comune == c.Comune && s.Ambito == c.Ambito && s.Nucleo.Indirizzo == c.Indirizzo:
		return nil, nil
	}
	interno := s.Ambito == c.Ambito
	events := []Event{Trasferito{
		ComuneDa: s.Comune, ComuneA: c.Comune, AmbitoDa: s.Ambito, AmbitoA: c.Ambito,
		Interno: interno, Indirizzo: c.Indirizzo, DataDecorrenza: c.DataDecorrenza,
	}}
	copre := slices.ContainsFunc(c.Territori, func(t domain.Territorio) bool { return t.Copre(c.Ambito, c.Comune) })
	switch cm := s.Assegnazione.CaseManager; {
	case cm.IsZero():
	case !interno:
		events = append(events, Annullata{CaseManager: cm, Motivo: Trasferimento})
	case !copre:
		events = append(events, Annullata{CaseManager: cm, Motivo: FuoriTerritorio})
	}
	return events, nil
}
