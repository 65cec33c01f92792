package genera

// Rifiuti are what the rules did not let happen in a life.
func (s Storia) Rifiuti() []error {
	v := s.vita()
	v.corri()
	return v.rifiuti
}
