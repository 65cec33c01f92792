package caso

import "nucleo/domain"

// RiapriAP opens a finalised AP again, as long as no PaIS was signed. What was
// drafted after it stays, and must be confirmed to count (domain rule 2.5).
type RiapriAP struct {
	Motivazione string `personale:"testo"`
}

// ErrAPNonRiapribile refuses to open an AP that is not finalised, or whose
// PaIS is signed.
var ErrAPNonRiapribile = domain.Refuse(domain.Refused, "ap.non_riapribile", "an AP is opened again after its outcome and before the PaIS is signed; a signed PaIS is redefined instead")

// Decide answers RiapriAP.
func (c RiapriAP) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	switch s.Stato {
	case InValutazioneAP:
		return nil, nil
	case InValutazioneQA, InDefinizione, InviatoCPI, InviatoServizi:
		return []Event{AnalisiPreliminareRiaperta(c)}, nil
	}
	return nil, ErrAPNonRiapribile
}
