package httpapi

import (
	"math"
	"net/http"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/projections/cruscotto"
)

// Refusals of the dashboard.
var (
	errTroppiTratti = domain.Refuse(domain.Invalid, "cruscotto.periodo_troppo_lungo", "at most 400 stretches are told at once: shorten the period, or take a longer passo")
	errMesiInteri   = domain.Refuse(domain.Invalid, "cruscotto.mesi_interi", "to a coordinator a period is of whole months: dal is the first day of one, al the last of one, or not before today")
	errPubblicate   = domain.Refuse(domain.Invalid, "cruscotto.cifre_pubblicate", "to you the dashboard counts an ambito whole, as it stands, and what happened in it by month: figures by comune, measure and period are published under /analisi")
	errSenzaAmbito  = domain.Refuse(domain.Invalid, "cruscotto.ambito_mancante", "name the ambito: you see all of them, and this section is about one")
)

// soglia is the number below which nobody is told of cases who may not know of
// them one by one, and a coordinator not how far they have come: who is counted
// among few could be known (domain notes, section 7).
const soglia = 5

// contaSoltanto reports whether the caller is told how many cases there are,
// and may know of none of them. Two counts that such a caller could ask for
// with a case more in the one would tell of that case, so the dashboard counts
// for them a whole ambito, by no other filter, and in fives (ADR 0032).
func (q *request) contaSoltanto() bool {
	return q.attore.Ruolo != domain.CoordinatorePaIS && q.attore.Ruolo != domain.CaseManager
}

// conti turns counters into what a caller may know of them. A case manager is
// only told of own cases, and a coordinator of what the lists show one by one.
func (q *request) conti(valori ...int) []*int {
	mostrati := make([]*int, len(valori))
	for i, v := range valori {
		switch {
		case !q.contaSoltanto():
			mostrati[i] = &v
		case v == 0 || v >= soglia:
			v = arrotonda(v)
			mostrati[i] = &v
		}
	}
	return mostrati
}

// arrotonda is the multiple of soglia that a number is nearest to. What is told
// elsewhere is rounded by itself, so that neither a sum nor a difference tells
// a small one.
func arrotonda(n int) int { return (n + soglia/2) / soglia * soglia }

// avanzano is conti for counters of how far cases have come, where the caller
// may know that.
func (q *request) avanzano(segue bool, valori ...int) []*int {
	if !segue {
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
		if q.contaSoltanto() { // a tenth of a day would tell by how much one case moved it
			medi = math.Round(medi)
		}
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
	segue, err := a.segue(q, f)
	if err != nil {
		return err
	}
	uno := func(n int) *int { return q.conti(n)[0] }
	passo := func(n int) *int { return q.avanzano(segue(f.Comune), n)[0] }
	out := generale{
		Nuclei: uno(g.Nuclei), DaAssegnare: uno(g.DaAssegnare), Assegnati: uno(g.Assegnati), InCarico: passo(g.InCarico), Firmati: passo(g.Firmati),
		Stati: q.stati(segue(f.Comune), g.Conti), Segnalazioni: q.segnalazioni(g.Conti), Assegnazione: q.tempo(g.Assegnazioni, g.GiorniAssegnazione), Posizione: q.posizione(g.Posizione),
	}
	if segue(f.Comune) {
		out.Avvio = q.tempo(g.Avvii, g.GiorniAvvio)
	}
	return answer(w, http.StatusOK, out)
}

// stati are the counters of the states of cases.
func (q *request) stati(segue bool, c cruscotto.Conti) (righe []contoStato) {
	var valori []int
	for _, s := range cruscotto.Stati {
		valori = append(valori, c.DiStato(s))
	}
	for i, n := range q.avanzano(segue, valori...) {
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
