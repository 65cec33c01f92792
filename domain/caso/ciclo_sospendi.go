package caso

// SospendiBeneficio tells that INPS does not pay for the time being.
type SospendiBeneficio struct{ Variazione }

// Decide answers SospendiBeneficio.
func (c SospendiBeneficio) Decide(s State) ([]Event, error) {
	if err := s.controllaVariazione(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.nota(Sospeso, c.Variazione) {
		return nil, nil
	}
	if err := s.Beneficio.supera(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.Stato == BeneficioPerso || s.Beneficio.Stato == Terminato {
		return nil, ErrBeneficioCessato
	}
	return []Event{BeneficioSospeso(c)}, nil
}
