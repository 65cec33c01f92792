package caso

// RipristinaBeneficio tells that INPS pays again. A case whose benefit was lost
// may be reopened from then on.
type RipristinaBeneficio struct{ Variazione }

// Decide answers RipristinaBeneficio.
func (c RipristinaBeneficio) Decide(s State) ([]Event, error) {
	if err := s.controllaVariazione(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.nota(InEssere, c.Variazione) {
		return nil, nil
	}
	if err := s.Beneficio.supera(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.Stato == InEssere {
		return nil, nil
	}
	return []Event{BeneficioRipristinato(c)}, nil
}
