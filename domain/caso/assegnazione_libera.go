package caso

import "nucleo/domain/id"

// Libera takes a case from a case manager who may no longer carry it, and
// returns it to the queue (ambiguity 9.17). It is asked by the system; a case
// that meanwhile is somebody else's, or whose case manager may carry it after
// all, stays as it is.
type Libera struct {
	CaseManager id.Operatore
	Incarichi   []Incarico // of the case manager, as they are now
}

// Decide answers Libera.
func (c Libera) Decide(s State) ([]Event, error) {
	if s.Assegnazione.CaseManager != c.CaseManager || c.CaseManager.IsZero() || !s.Stato.Aperto() {
		return nil, nil
	}
	if _, err := s.Idoneo(c.Incarichi); err == nil {
		return nil, nil
	}
	return []Event{Annullata{CaseManager: c.CaseManager, Motivo: RevocaAccreditamento}}, nil
}
