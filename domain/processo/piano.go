package processo

import (
	"bytes"
	"cmp"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// InAttesa is a waiting case.
type InAttesa struct {
	Caso       id.Caso
	IDDomanda  string
	Ambito     string
	Comune     string // Belfiore
	Urgenza    int    // number of its priority: 0 for the most urgent
	Presentata giorno.Giorno
}

// Candidato is an active case manager.
type Candidato struct {
	Operatore id.Operatore
	Territori []domain.Territorio // one of them must cover the comune of a case
	Carico    int                 // both workload numbers together (ambiguity 9.2)
	Assente   bool                // on the day of the run
}

// Fotografia is what a plan is made from: who waits, and for whom, at one
// moment.
type Fotografia struct {
	Casi      []InAttesa
	Candidati []Candidato
}

// Scelta is one choice of a plan, with what it was made by.
type Scelta struct {
	Caso        id.Caso       `json:"caso_id"`
	IDDomanda   string        `json:"id_domanda"`
	Comune      string        `json:"comune"`
	CaseManager id.Operatore  `json:"case_manager_id,omitzero"` // zero: nobody can be given it
	Carico      int           `json:"carico"`                   // of the case manager, before this case, with those of the run
	NellaCorsa  int           `json:"nella_corsa"`              // of these, given by the run
	Idonei      int           `json:"idonei"`                   // how many could have been given it
	Assenti     int           `json:"assenti"`                  // how many more, were they not away
	Alternative []Alternativa `json:"alternative,omitempty"`    // who came next
}

// Alternativa is somebody who was not chosen.
type Alternativa struct {
	CaseManager id.Operatore `json:"case_manager_id"`
	Carico      int          `json:"carico"`
	NellaCorsa  int          `json:"nella_corsa"`
}

// massimoAlternative bounds the explanation of a choice.
const massimoAlternative = 3

// corridore is a candidate in the course of a plan.
type corridore struct {
	Candidato
	dati int // cases of the plan
}

func (c *corridore) carico() int { return c.Carico + c.dati }

// confronta orders candidates: the lower load comes first, then fewer cases of
// this plan, then the id.
func (c *corridore) confronta(d *corridore) int {
	return cmp.Or(cmp.Compare(c.carico(), d.carico()), cmp.Compare(c.dati, d.dati), bytes.Compare(c.Operatore.UUID[:], d.Operatore.UUID[:]))
}

// Pianifica gives each waiting case, the most urgent first, to the least
// loaded of those who cover its comune and are there (GEPI-38, domain 6.7).
// The same picture always makes the same plan, in whatever order it is told.
func Pianifica(f Fotografia) []Scelta {
	casi := slices.SortedFunc(slices.Values(f.Casi), func(a, b InAttesa) int {
		return cmp.Or(cmp.Compare(a.Urgenza, b.Urgenza), cmp.Compare(a.Presentata, b.Presentata), cmp.Compare(a.IDDomanda, b.IDDomanda))
	})
	in := campo{corridori: make([]corridore, len(f.Candidati)), perLuogo: map[luogo]*corsia{}}
	for i, c := range f.Candidati {
		in.corridori[i] = corridore{Candidato: c}
	}
	scelte := make([]Scelta, len(casi))
	for i, c := range casi {
		scelte[i] = in.corsia(luogo{c.Ambito, c.Comune}).scegli(c)
	}
	return scelte
}

type luogo struct{ ambito, comune string }

// campo is all candidates, and those of each comune.
type campo struct {
	corridori []corridore
	perLuogo  map[luogo]*corsia
}

// corsia is the candidates of one comune.
type corsia struct {
	idonei  []*corridore
	assenti int
}

func (c *campo) corsia(l luogo) *corsia {
	if nota, c := c.perLuogo[l]; c {
		return nota
	}
	nuova := &corsia{}
	for i := range c.corridori {
		r := &c.corridori[i]
		switch {
		case !slices.ContainsFunc(r.Territori, func(t domain.Territorio) bool { return t.Copre(l.ambito, l.comune) }):
		case r.Assente:
			nuova.assenti++
		default:
			nuova.idonei = append(nuova.idonei, r)
		}
	}
	c.perLuogo[l] = nuova
	return nuova
}

// scegli gives a case to the first of those who can have it.
func (c *corsia) scegli(caso InAttesa) Scelta {
	s := Scelta{Caso: caso.Caso, IDDomanda: caso.IDDomanda, Comune: caso.Comune, Idonei: len(c.idonei), Assenti: c.assenti}
	primi := c.primi(1 + massimoAlternative)
	if len(primi) == 0 {
		return s
	}
	for _, r := range primi[1:] {
		s.Alternative = append(s.Alternative, Alternativa{r.Operatore, r.carico(), r.dati})
	}
	scelto := primi[0]
	s.CaseManager, s.Carico, s.NellaCorsa = scelto.Operatore, scelto.carico(), scelto.dati
	scelto.dati++
	return s
}

// primi are the first n, in order.
func (c *corsia) primi(n int) []*corridore {
	primi := make([]*corridore, 0, n+1)
	for _, r := range c.idonei {
		if len(primi) == n && primi[n-1].confronta(r) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(primi, r, func(a, b *corridore) int { return a.confronta(b) })
		primi = slices.Insert(primi, at, r)
		primi = primi[:min(len(primi), n)]
	}
	return primi
}
