package httpapi

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

var errPeriodo = domain.Refuse(domain.Invalid, "ricerca.periodo_non_valido", "a period goes from dal (YYYY-MM-DD) to a day al not before it")

// periodo is the days dal and al that a query asks for, both within; zero where
// it says nothing.
func (q *request) periodo() (dal, al giorno.Giorno, err error) {
	if dal, err = q.giorno("dal"); err != nil {
		return dal, al, err
	}
	if al, err = q.giorno("al"); err != nil {
		return dal, al, err
	}
	if !al.IsZero() && al < dal {
		return dal, al, errPeriodo.At("al")
	}
	return dal, al, nil
}

func (q *request) giorno(nome string) (giorno.Giorno, error) {
	s := q.URL.Query().Get(nome)
	if s == "" {
		return 0, nil
	}
	g, err := giorno.Parse(s)
	if err != nil {
		return 0, errPeriodo.At(nome)
	}
	return g, nil
}

// istanti is a period from its first instant to the first after it; the zero
// time where it is open.
func (a *API) istanti(dal, al giorno.Giorno) (da, prima time.Time) {
	if !dal.IsZero() {
		da = a.alba(dal)
	}
	if !al.IsZero() {
		prima = a.alba(al + 1)
	}
	return da, prima
}

// alba is when a day begins where the service is.
func (a *API) alba(g giorno.Giorno) time.Time {
	anno, mese, n := g.Time().Date()
	return time.Date(anno, mese, n, 0, 0, 0, 0, a.Zona)
}
