package ambito

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

type (
	// ComuneDissociato takes a comune out of the ambito.
	ComuneDissociato struct {
		Comune string `json:"comune"` // Belfiore
	}
	// DelegaRegistrata says that comuni left the presa in carico to the ambito
	// (ACC-03, ACC-26).
	DelegaRegistrata struct {
		Comuni []string      `json:"comuni"`
		Data   giorno.Giorno `json:"data"`
		Atto   string        `json:"atto"`
		PEC    string        `json:"pec"`
	}
)

// Delega is by which act a comune left its duties to the ambito.
type Delega struct {
	Comune string
	Data   giorno.Giorno
	Atto   string
	PEC    string
}

// Refusals.
var (
	ErrNonAssociato = domain.Refuse(domain.Unprocessable, "ambito.comune_non_associato", "the comune is none of the ambito: associate it first")
	ErrDelega       = domain.Refuse(domain.Unprocessable, "ambito.delega_incompleta", "a delegation names comuni, a day that is not in the future, an act of at most 200 letters and the PEC of the ambito")
)

// DissociaComune takes a comune out of an ambito.
type DissociaComune struct{ Comune string }

// Decide answers DissociaComune.
func (c DissociaComune) Decide(s State) ([]Event, error) {
	switch {
	case s.Codice == "":
		return nil, ErrInesistente
	case !slices.Contains(s.Comuni, c.Comune):
		return nil, nil
	}
	return []Event{ComuneDissociato(c)}, nil
}

// RegistraDelega notes that comuni left the presa in carico to the ambito.
type RegistraDelega struct {
	Comuni []string
	Data   giorno.Giorno
	Atto   string
	PEC    string
	Oggi   giorno.Giorno
}

// Decide answers RegistraDelega.
func (c RegistraDelega) Decide(s State) ([]Event, error) {
	switch {
	case s.Codice == "":
		return nil, ErrInesistente
	case len(c.Comuni) == 0:
		return nil, ErrDelega.At("comuni")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDelega.At("data")
	case !scritto(c.Atto):
		return nil, ErrDelega.At("atto")
	case !scritto(c.PEC) || !strings.Contains(c.PEC, "@"):
		return nil, ErrDelega.At("pec")
	}
	e := DelegaRegistrata{Data: c.Data, Atto: c.Atto, PEC: c.PEC}
	for _, comune := range slices.Compact(slices.Sorted(slices.Values(c.Comuni))) {
		switch {
		case !slices.Contains(s.Comuni, comune):
			return nil, ErrNonAssociato.At("comuni")
		case !slices.Contains(s.Deleghe, Delega{comune, c.Data, c.Atto, c.PEC}):
			e.Comuni = append(e.Comuni, comune)
		}
	}
	if len(e.Comuni) == 0 {
		return nil, nil
	}
	return []Event{e}, nil
}

func scritto(s string) bool { return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= 200 }

// senza is the state without a comune, and without its agreements.
func (s State) senza(comune string) State {
	s.Comuni = slices.DeleteFunc(slices.Clone(s.Comuni), func(c string) bool { return c == comune })
	s.Convenzioni = slices.DeleteFunc(slices.Clone(s.Convenzioni), func(c Convenzione) bool { return c.Comune == comune })
	s.Deleghe = slices.DeleteFunc(slices.Clone(s.Deleghe), func(d Delega) bool { return d.Comune == comune })
	return s
}

func (s State) conDelega(e DelegaRegistrata) State {
	s.Deleghe = slices.DeleteFunc(slices.Clone(s.Deleghe), func(d Delega) bool { return slices.Contains(e.Comuni, d.Comune) })
	for _, comune := range e.Comuni {
		s.Deleghe = append(s.Deleghe, Delega{comune, e.Data, e.Atto, e.PEC})
	}
	return s
}

func (ComuneDissociato) EventType() string { return "ComuneDissociato" }
func (DelegaRegistrata) EventType() string { return "DelegaRegistrata" }

func (ComuneDissociato) isAmbito() {}
func (DelegaRegistrata) isAmbito() {}
