package caso

// SalvaSezioneQA keeps one section of the QA while it is compiled. Its
// Revisione is the one it was written on, 0 for a section not saved before.
type SalvaSezioneQA struct{ Sezione }

// Decide answers SalvaSezioneQA.
func (c SalvaSezioneQA) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if s.Stato != InValutazioneQA {
		return nil, ErrQANonAperto
	}
	if err := c.controlla(Dimensioni, s.Nucleo); err != nil {
		return nil, err
	}
	z, altra, err := c.nuova(s.QA.Sezioni)
	if err != nil || !altra {
		return nil, err
	}
	return []Event{SezioneQASalvata{z}}, nil
}
