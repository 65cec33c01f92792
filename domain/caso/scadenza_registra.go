package caso

import "nucleo/domain/giorno"

// RegistraScadenze notes every clock of a case that ran out before a day and
// was not noted yet. It may be asked at any time, and as often as one likes.
type RegistraScadenze struct {
	Oggi giorno.Giorno
}

// Decide answers RegistraScadenze.
func (c RegistraScadenze) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	var events []Event
	for _, e := range s.superate(c.Oggi) {
		events = append(events, e)
	}
	return events, nil
}
