package caso

import "nucleo/domain/giorno"

// FinalizzaQA ends the assessment of a composed team, be it differita.
type FinalizzaQA struct {
	Sintesi string `personale:"testo"`
	Data    giorno.Giorno
	Oggi    giorno.Giorno
}

// Decide answers FinalizzaQA.
func (c FinalizzaQA) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	e := QuadroAnalisiFinalizzato{Sintesi: c.Sintesi, Data: c.Data}
	switch {
	case vuoto(c.Sintesi):
		return nil, ErrTestoMancante.At("sintesi")
	case prolisso(c.Sintesi):
		return nil, ErrTestoTroppoLungo.At("sintesi")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDataStrumento.At("data")
	case s.QA.Esito == e:
		return nil, nil
	case s.Stato != InValutazioneQA:
		return nil, ErrQANonAperto
	case c.Data < s.AP.Esito.Data:
		return nil, ErrDataStrumento.At("data")
	case len(s.QA.Equipe.Membri) == 0:
		return nil, ErrSenzaEquipe
	}
	return []Event{e}, nil
}
