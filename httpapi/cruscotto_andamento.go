package httpapi

import (
	"cmp"
	"net/http"
	"time"

	"nucleo/domain/giorno"
	"nucleo/projections/cruscotto"
)

// andamento is the third section of the dashboard: what happened, stretch by
// stretch.
type andamento struct {
	Passo     cruscotto.Passo `json:"passo"`
	Dal       giorno.Giorno   `json:"dal"`
	Al        giorno.Giorno   `json:"al"`
	Items     []tratto        `json:"items"`
	Posizione uint64          `json:"posizione"`
}

type tratto struct {
	Dal       giorno.Giorno `json:"dal"` // its first day
	Ricevute  *int          `json:"ricevute"`
	Assegnate *int          `json:"assegnate"`
	Avviate   *int          `json:"avviate"`
	EsitoA    *int          `json:"esito_a"`
	EsitoB    *int          `json:"esito_b"`
	EsitoC    *int          `json:"esito_c"`
	EsitoD    *int          `json:"esito_d"`
	PaIS      *int          `json:"pais"`
	Chiuse    *int          `json:"chiuse"`
}

const (
	massimoTratti = 400
	ultimoAnno    = 364 // days before today that are told of when nobody says
)

func (a *API) cruscottoAndamento(w http.ResponseWriter, q *request) error {
	f, err := a.filtroCruscotto(q)
	if err != nil {
		return err
	}
	passo := cmp.Or(cruscotto.Passo(q.URL.Query().Get("passo")), cruscotto.AlMese)
	if q.contaSoltanto() && passo != cruscotto.AlMese { // weeks and months overlap, and one tells of the other
		return errPubblicate.At("passo")
	}
	f.Al = cmp.Or(f.Al, max(f.Dal, a.oggi()))
	f.Dal = cmp.Or(f.Dal, f.Al-ultimoAnno)
	if q.contaSoltanto() { // the first month whole, too, when nobody said
		f.Dal = cruscotto.Mese(f.Dal)
	}
	inizio, fine := f.Dal, f.Al
	inizi := tratti(passo, inizio, fine)
	if len(inizi) > massimoTratti {
		return errTroppiTratti.At("dal")
	}
	a.atLeast(w, q)
	v, err := cruscotto.LeggiAndamento(q.Context(), a.Lettura, f, passo)
	if err != nil {
		return err
	}
	f.Dal, f.Al = 0, 0 // among how many cases it happened
	segue, err := a.segue(q, f)
	if err != nil {
		return err
	}
	out := andamento{Passo: passo, Dal: inizio, Al: fine, Items: q.tratti(inizi, v.Periodi, segue(f.Comune)), Posizione: q.posizione(v.Posizione)}
	return answer(w, http.StatusOK, out)
}

// tratti are the first days of the stretches between two days, up to one more
// than may be told.
func tratti(p cruscotto.Passo, dal, al giorno.Giorno) (inizi []giorno.Giorno) {
	t := dal.Time()
	switch p {
	case cruscotto.AllaSettimana:
		t = t.AddDate(0, 0, -int((t.Weekday()+6)%7))
	case cruscotto.AlMese:
		t = t.AddDate(0, 0, 1-t.Day())
	}
	for len(inizi) <= massimoTratti && giorno.Di(t) <= al {
		inizi = append(inizi, giorno.Di(t))
		t = dopo(p, t)
	}
	return inizi
}

func dopo(p cruscotto.Passo, t time.Time) time.Time {
	switch p {
	case cruscotto.AllaSettimana:
		return t.AddDate(0, 0, 7)
	case cruscotto.AlMese:
		return t.AddDate(0, 1, 0)
	}
	return t.AddDate(0, 0, 1)
}

// tratti shows stretches, those in which nothing happened included.
func (q *request) tratti(inizi []giorno.Giorno, periodi []cruscotto.Periodo, segue bool) []tratto {
	fatti := map[giorno.Giorno]cruscotto.Fatti{}
	for _, p := range periodi {
		fatti[p.Dal] = p.Fatti
	}
	righe := make([]tratto, len(inizi))
	colonna := func(conti func(...int) []*int, di func(cruscotto.Fatti) int, dove func(*tratto) **int) {
		valori := make([]int, len(inizi))
		for i, g := range inizi {
			valori[i] = di(fatti[g])
		}
		for i, n := range conti(valori...) {
			righe[i].Dal = inizi[i]
			*dove(&righe[i]) = n
		}
	}
	passi := func(valori ...int) []*int { return q.avanzano(segue, valori...) }
	colonna(q.conti, func(f cruscotto.Fatti) int { return f.Ricevute }, func(t *tratto) **int { return &t.Ricevute })
	colonna(q.conti, func(f cruscotto.Fatti) int { return f.Assegnate }, func(t *tratto) **int { return &t.Assegnate })
	colonna(passi, func(f cruscotto.Fatti) int { return f.Avviate }, func(t *tratto) **int { return &t.Avviate })
	colonna(passi, func(f cruscotto.Fatti) int { return f.EsitiA }, func(t *tratto) **int { return &t.EsitoA })
	colonna(passi, func(f cruscotto.Fatti) int { return f.EsitiB }, func(t *tratto) **int { return &t.EsitoB })
	colonna(passi, func(f cruscotto.Fatti) int { return f.EsitiC }, func(t *tratto) **int { return &t.EsitoC })
	colonna(passi, func(f cruscotto.Fatti) int { return f.EsitiD }, func(t *tratto) **int { return &t.EsitoD })
	colonna(passi, func(f cruscotto.Fatti) int { return f.Firmati }, func(t *tratto) **int { return &t.PaIS })
	colonna(passi, func(f cruscotto.Fatti) int { return f.Chiuse }, func(t *tratto) **int { return &t.Chiuse })
	return righe
}
