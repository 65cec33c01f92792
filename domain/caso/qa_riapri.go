package caso

import "nucleo/domain"

// RiapriQA opens a finalised QA again while the PaIS is defined.
type RiapriQA struct {
	Motivazione string `personale:"testo"`
}

// ErrQANonRiapribile refuses to open a QA that is not finalised, or whose PaIS
// is signed.
var ErrQANonRiapribile = domain.Refuse(domain.Refused, "qa.non_riapribile", "a quadro di analisi is opened again after it was finalised and before the PaIS is signed")

// Decide answers RiapriQA.
func (c RiapriQA) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	switch {
	case s.Stato == InValutazioneQA:
		return nil, nil
	case s.Stato != InDefinizione || !s.QA.Finalizzato():
		return nil, ErrQANonRiapribile
	}
	return []Event{QuadroAnalisiRiaperto(c)}, nil
}
