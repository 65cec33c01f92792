package caso

// DecadiDalBeneficio tells that the nucleo lost the benefit: the work on the
// case stops until the benefit is restored and the case reopened.
type DecadiDalBeneficio struct{ Variazione }

// Decide answers DecadiDalBeneficio.
func (c DecadiDalBeneficio) Decide(s State) ([]Event, error) {
	if err := s.controllaVariazione(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.nota(BeneficioPerso, c.Variazione) {
		return nil, nil
	}
	if err := s.Beneficio.supera(c.Variazione); err != nil {
		return nil, err
	}
	return []Event{BeneficioDecaduto(c)}, nil
}
