package httpapi

import (
	"net/http"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/projections/cruscotto"
)

// Refusals of the dashboard.
var (
	errTroppiTratti = domain.Refuse(domain.Invalid, "cruscotto.periodo_troppo_lungo", "at most 400 stretches are told at once: shorten the period, or take a longer passo")
	errMesiInteri   = domain.Refuse(domain.Invalid, "cruscotto.mesi_interi", "to a coordinator a period is of whole months: dal is the first day of one, al the last of one, or not before today")
	errSenzaAmbito  = domain.Refuse(domain.Invalid, "cruscotto.ambito_mancante", "name the ambito: you see all of them, and this section is about one")
)

// soglia is the number below which nobody is told of cases who may not know of
// them one by one, and a coordinator not how far they have come: who is counted
// among few could be known (domain notes, section 7).
const soglia = 5

// conti turns counters into what a caller may know of them. A case manager is
// only told of own cases.
func (q *request) conti(valori ...int) []*int {
	switch q.attore.Ruolo {
	case domain.CoordinatorePaIS, domain.CaseManager:
		return sopprimi(0, valori)
	}
	return sopprimi(soglia, valori)
}

// sopprimi leaves out the values below a bound, but zero; and, when that is
// one alone, the least of the others, for it would follow from their sum.
func sopprimi(minimo int, valori []int) []*int {
	mostrati, tolti, altro := make([]*int, len(valori)), 0, -1
	for i, v := range valori {
		switch {
		case v > 0 && v < minimo:
			tolti++
		default:
			mostrati[i] = &v
			if v > 0 && (altro < 0 || v < valori[altro]) {
				altro = i
			}
		}
	}
	if tolti == 1 && altro >= 0 {
		mostrati[altro] = nil
	}
	return mostrati
}

// pochi reports whether so few cases are counted that how far they have come
// would tell a coordinator how far one of them has (ACC-12).
func (q *request) pochi(nuclei int) bool {
	return q.attore.Ruolo == domain.CoordinatorePaIS && nuclei > 0 && nuclei < soglia
}

// avanzano is conti for counters of how far cases have come.
func (q *request) avanzano(nuclei int, valori ...int) []*int {
	if q.pochi(nuclei) {
		return make([]*int, len(valori))
	}
	return q.conti(valori...)
}

// tempoMedio is how long something takes, in days.
type tempoMedio struct {
	Casi       *int     `json:"casi"`
	GiorniMedi *float64 `json:"giorni_medi"`
}

func (q *request) tempo(casi, giorni int) tempoMedio {
	t := tempoMedio{Casi: q.conti(casi)[0]}
	if t.Casi != nil && casi > 0 {
		medi := cruscotto.Medi(giorni, casi)
		t.GiorniMedi = &medi
	}
	return t
}

type contoStato struct {
	Stato     caso.Stato `json:"stato"`
	Etichetta string     `json:"etichetta"`
	Casi      *int       `json:"casi"`
}

type contoSegnalazioni struct {
	Stato     caso.StatoSegnalazione `json:"stato"`
	Etichetta string                 `json:"etichetta"`
	Numero    *int                   `json:"numero"`
}

// generale is the first section of the dashboard.
type generale struct {
	Nuclei       *int                `json:"nuclei"`
	DaAssegnare  *int                `json:"da_assegnare"`
	Assegnati    *int                `json:"assegnati"`
	InCarico     *int                `json:"presi_in_carico"`
	Firmati      *int                `json:"pais_firmati"`
	Stati        []contoStato        `json:"stati"`
	Segnalazioni []contoSegnalazioni `json:"segnalazioni"`
	Assegnazione tempoMedio          `json:"tempo_assegnazione"`
	Avvio        tempoMedio          `json:"tempo_avvio"`
	Posizione    uint64              `json:"posizione"`
}

func (a *API) cruscottoGenerale(w http.ResponseWriter, q *request) error {
	f, err := a.filtroCasi(q)
	if err != nil {
		return err
	}
	a.atLeast(w, q)
	g, err := cruscotto.LeggiGenerale(q.Context(), a.Lettura, f)
	if err != nil {
		return err
	}
	uno := func(n int) *int { return q.conti(n)[0] }
	passo := func(n int) *int { return q.avanzano(g.Nuclei, n)[0] }
	out := generale{
		Nuclei: uno(g.Nuclei), DaAssegnare: uno(g.DaAssegnare), Assegnati: uno(g.Assegnati), InCarico: passo(g.InCarico), Firmati: passo(g.Firmati),
		Stati: q.stati(g.Conti), Segnalazioni: q.segnalazioni(g.Conti), Assegnazione: q.tempo(g.Assegnazioni, g.GiorniAssegnazione), Posizione: g.Posizione,
	}
	if !q.pochi(g.Nuclei) {
		out.Avvio = q.tempo(g.Avvii, g.GiorniAvvio)
	}
	return answer(w, http.StatusOK, out)
}

// stati are the counters of the states of cases.
func (q *request) stati(c cruscotto.Conti) (righe []contoStato) {
	var valori []int
	for _, s := range cruscotto.Stati {
		valori = append(valori, c.DiStato(s))
	}
	for i, n := range q.avanzano(c.Nuclei, valori...) {
		s := cruscotto.Stati[i]
		righe = append(righe, contoStato{s, s.Etichetta(), n})
	}
	return righe
}

// segnalazioni are the counters of the states of segnalazioni.
func (q *request) segnalazioni(c cruscotto.Conti) (righe []contoSegnalazioni) {
	var valori []int
	for _, s := range cruscotto.StatiSegnalazione {
		valori = append(valori, c.DiSegnalazione(s))
	}
	for i, n := range q.conti(valori...) {
		s := cruscotto.StatiSegnalazione[i]
		righe = append(righe, contoSegnalazioni{s, s.Etichetta(), n})
	}
	return righe
}

// filtroCruscotto reads the filters of the query. What the caller may see
// bounds them all.
func (q *request) filtroCruscotto() (f cruscotto.Filtro, err error) {
	chiesto := q.URL.Query()
	f = cruscotto.Filtro{
		Territorio: q.attore.Territorio, Ambito: chiesto.Get("ambito"), Comune: chiesto.Get("comune"), Misura: caso.Misura(chiesto.Get("misura")),
	}
	f.Dal, f.Al, err = q.periodo()
	return f, err
}

// filtroCasi is filtroCruscotto where the period is of domande. A coordinator
// knows the days of the domande: two counts that differ by a day of them would
// tell of one case (ACC-12).
func (a *API) filtroCasi(q *request) (cruscotto.Filtro, error) {
	f, err := q.filtroCruscotto()
	if err != nil || q.attore.Ruolo != domain.CoordinatorePaIS {
		return f, err
	}
	switch {
	case !f.Dal.IsZero() && f.Dal.Time().Day() != 1:
		return f, errMesiInteri.At("dal")
	case !f.Al.IsZero() && f.Al < a.oggi() && (f.Al+1).Time().Day() != 1:
		return f, errMesiInteri.At("al")
	}
	return f, nil
}
