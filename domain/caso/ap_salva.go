package caso

// SalvaSezioneAP keeps one section of the AP while it is compiled. Its
// Revisione is the one it was written on, 0 for a section not saved before.
type SalvaSezioneAP struct{ Sezione }

// Decide answers SalvaSezioneAP.
func (c SalvaSezioneAP) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if s.Stato != InValutazioneAP {
		return nil, ErrAPNonAperta
	}
	if err := c.controlla(SezioniAP, s.Nucleo); err != nil {
		return nil, err
	}
	z, altra, err := c.nuova(s.AP.Sezioni)
	if err != nil || !altra {
		return nil, err
	}
	return []Event{SezioneAPSalvata{z}}, nil
}
