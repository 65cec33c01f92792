package caso

// RidefinisciPaIS opens the next version of a signed PaIS, which stays in
// force until the next is signed (GEPI-12, domain rule 2.5).
type RidefinisciPaIS struct {
	Motivazione string `personale:"testo"`
}

// Decide answers RidefinisciPaIS.
func (c RidefinisciPaIS) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	switch {
	case s.Stato != InMonitoraggio:
		return nil, ErrPaISNonInVigore
	case s.PaIS.Ridefinizione:
		return nil, nil
	}
	return []Event{PaISRidefinizioneAvviata{NuovaVersione: s.PaIS.Versione + 1, Motivazione: c.Motivazione}}, nil
}
