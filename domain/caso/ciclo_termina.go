package caso

// TerminaBeneficio tells that the benefit ran its whole time. The case stays
// as it is until its case manager closes it.
type TerminaBeneficio struct{ Variazione }

// Decide answers TerminaBeneficio.
func (c TerminaBeneficio) Decide(s State) ([]Event, error) {
	if err := s.controllaVariazione(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.nota(Terminato, c.Variazione) {
		return nil, nil
	}
	if err := s.Beneficio.supera(c.Variazione); err != nil {
		return nil, err
	}
	if s.Beneficio.Stato == BeneficioPerso {
		return nil, ErrBeneficioCessato
	}
	return []Event{BeneficioTerminato(c)}, nil
}
