package ambito

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

type (
	// ConvenzioneSottoscritta says that a comune joined by agreement, or the body
	// that carries out the association for its comuni (ACC-05, ADI-10).
	ConvenzioneSottoscritta struct {
		Comune     string        `json:"comune,omitempty"` // Belfiore; none for the body
		Ente       string        `json:"ente,omitempty"`   // the body, by its name
		Data       giorno.Giorno `json:"data"`
		Firmatario string        `json:"firmatario" personale:"nome"`
		Qualifica  Qualifica     `json:"qualifica,omitempty"` // none before it was asked for
	}
	// Convenzione is an agreement that holds.
	Convenzione struct {
		Comune     string // Belfiore; none for the body
		Ente       string
		Data       giorno.Giorno
		Firmatario string `personale:"nome"`
		Qualifica  Qualifica
	}
	// Qualifica is by what somebody signs for a comune or a body.
	Qualifica string
)

// Those who represent a comune or a body in law.
const (
	Sindaco              Qualifica = "SINDACO"
	SegretarioGenerale   Qualifica = "SEGRETARIO_GENERALE" // by delegation
	LegaleRappresentante Qualifica = "LEGALE_RAPPRESENTANTE"
)

var qualifiche = []Qualifica{Sindaco, SegretarioGenerale, LegaleRappresentante}

// Refusals.
var (
	ErrConvenzione = domain.Refuse(domain.Unprocessable, "ambito.convenzione_incompleta", "an agreement is of a comune or of the body that acts for the association, one of the two, and has a day that is not in the future, and somebody of at most 200 letters who signed it")
	ErrQualifica   = domain.Refuse(domain.Unprocessable, "ambito.firmatario_senza_poteri", "an agreement is signed by who represents the comune or the body in law: SINDACO, SEGRETARIO_GENERALE by delegation, or LEGALE_RAPPRESENTANTE")
)

// SottoscriviConvenzione notes the agreement of a comune, or of the body that
// carries out the association (ACC-05). A new one takes the place of the old.
type SottoscriviConvenzione struct {
	Comune     string
	Ente       string
	Data       giorno.Giorno
	Firmatario string `personale:"nome"`
	Qualifica  Qualifica
	Oggi       giorno.Giorno
}

// Decide answers SottoscriviConvenzione.
func (c SottoscriviConvenzione) Decide(s State) ([]Event, error) {
	e := ConvenzioneSottoscritta{Comune: c.Comune, Ente: c.Ente, Data: c.Data, Firmatario: c.Firmatario, Qualifica: c.Qualifica}
	switch {
	case s.Codice == "":
		return nil, ErrInesistente
	case c.Comune != "" && c.Ente != "":
		return nil, ErrConvenzione.At("ente")
	case c.Comune == "" && !scritto(c.Ente):
		return nil, ErrConvenzione.At("comune")
	case c.Comune != "" && !slices.Contains(s.Comuni, c.Comune):
		return nil, ErrNonAssociato.At("comune")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrConvenzione.At("data")
	case !scritto(c.Firmatario):
		return nil, ErrConvenzione.At("firmatario")
	case !slices.Contains(qualifiche, c.Qualifica):
		return nil, ErrQualifica.At("qualifica")
	case slices.Contains(s.Convenzioni, Convenzione(e)):
		return nil, nil
	}
	return []Event{e}, nil
}

// conConvenzione is the state with an agreement in the place of the old one, of
// the same comune or of the body.
func (s State) conConvenzione(e ConvenzioneSottoscritta) State {
	s.Convenzioni = append(slices.DeleteFunc(slices.Clone(s.Convenzioni), func(c Convenzione) bool { return c.Comune == e.Comune }), Convenzione(e))
	return s
}

// convenzioneV1 is ConvenzioneSottoscritta as it was stored when only comuni
// signed, and nobody asked by what right.
type convenzioneV1 struct {
	Comune     string        `json:"comune"`
	Data       giorno.Giorno `json:"data"`
	Firmatario string        `json:"firmatario" personale:"nome"`
}

func (v convenzioneV1) lift() ConvenzioneSottoscritta {
	return ConvenzioneSottoscritta{Comune: v.Comune, Data: v.Data, Firmatario: v.Firmatario}
}

func (ConvenzioneSottoscritta) EventType() string { return "ConvenzioneSottoscritta.v2" }

func (ConvenzioneSottoscritta) isAmbito() {}
