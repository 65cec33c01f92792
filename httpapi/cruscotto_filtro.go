package httpapi

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/projections/cruscotto"
)

// filtroCruscotto reads the filters of the query. What the caller may see
// bounds them all; who may only count has none but the ambito, and of a period
// whole months.
func (a *API) filtroCruscotto(q *request) (f cruscotto.Filtro, err error) {
	chiesto := q.URL.Query()
	f = cruscotto.Filtro{
		Territorio: q.attore.Territorio, Ambito: chiesto.Get("ambito"), Comune: chiesto.Get("comune"), Misura: caso.Misura(chiesto.Get("misura")),
	}
	if f.Dal, f.Al, err = q.periodo(); err != nil || !q.contaSoltanto() {
		return f, err
	}
	switch {
	case f.Comune != "":
		return f, errPubblicate.At("comune")
	case f.Misura != "":
		return f, errPubblicate.At("misura")
	}
	return f, a.mesiInteri(f)
}

// filtroCasi is filtroCruscotto where the period is of domande. A coordinator
// knows the days of the domande, and sees each in the lists: for them it is of
// whole months, and tells nothing of how far cases have come (segue). Who may
// only count is told of no period, for of two that differ by a month the
// difference tells of it.
func (a *API) filtroCasi(q *request) (cruscotto.Filtro, error) {
	f, err := a.filtroCruscotto(q)
	switch {
	case err != nil || q.attore.Ruolo == domain.CaseManager:
		return f, err
	case q.contaSoltanto() && !f.Dal.IsZero():
		return f, errPubblicate.At("dal")
	case q.contaSoltanto() && !f.Al.IsZero():
		return f, errPubblicate.At("al")
	}
	return f, a.mesiInteri(f)
}

// mesiInteri refuses a period that is not of whole months, of which the last
// may go on.
func (a *API) mesiInteri(f cruscotto.Filtro) error {
	switch {
	case !f.Dal.IsZero() && f.Dal.Time().Day() != 1:
		return errMesiInteri.At("dal")
	case !f.Al.IsZero() && f.Al < a.oggi() && (f.Al+1).Time().Day() != 1:
		return errMesiInteri.At("al")
	}
	return nil
}

// segue answers of which comuni the caller may know how far the cases of a filter
// have come; "" is all that the caller sees. A coordinator, who knows which
// cases they are, may not know it of few (ACC-12), nor of two sets that differ
// by few: it is told of the territory whole, and of comuni that leave no few
// over, and by no other filter.
func (a *API) segue(q *request, f cruscotto.Filtro) (func(comune string) bool, error) {
	if q.attore.Ruolo != domain.CoordinatorePaIS {
		return func(string) bool { return true }, nil
	}
	if f.Misura != "" || !f.Dal.IsZero() || !f.Al.IsZero() {
		return func(string) bool { return false }, nil
	}
	tutti, err := cruscotto.LeggiAmbito(q.Context(), a.Lettura, cruscotto.Filtro{Territorio: f.Territorio, Ambito: f.Ambito})
	nuclei := 0
	for _, c := range tutti.Comuni {
		nuclei += c.Nuclei
	}
	tolti := pochi(tutti.Comuni)
	return func(comune string) bool {
		return (nuclei == 0 || nuclei >= soglia) && !slices.Contains(tolti, comune)
	}, err
}

// pochi are the comuni of which a coordinator is not told how far their cases
// have come: those with few, and the smallest of the others as long as all of
// them together are few, for what they come to follows from the sum.
func pochi(comuni []cruscotto.DelComune) (tolti []string) {
	nuclei := 0
	for _, c := range slices.Backward(comuni) { // the most populous in cases is the first
		if c.Nuclei == 0 || c.Nuclei >= soglia && (nuclei == 0 || nuclei >= soglia) {
			continue
		}
		tolti, nuclei = append(tolti, c.Comune), nuclei+c.Nuclei
	}
	return tolti
}
