package analisi

import (
	"maps"
	"slices"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/internal/analisi/soppressione"
	"nucleo/projections/cruscotto"
)

// giorniInteri is for how many days back every day is told.
const giorniInteri = 400

// misure are the measures in the order in which they are told.
var misure = []caso.Misura{caso.RDC, caso.PDC, caso.ADI}

// fotografo follows the history of an ambito, day by day.
type fotografo struct {
	storia    cruscotto.Storia
	fino      giorno.Giorno
	misure    map[caso.Misura]*cruscotto.Conti
	comuni    map[string]*cruscotto.Conti
	scrivanie map[id.Operatore]int
	celle     []Cella
}

// Fotografa turns the history of an ambito into the cells of the periods that
// end after dopo, up to fino. The same history gives the same cells.
func Fotografa(s cruscotto.Storia, dopo, fino giorno.Giorno) []Cella {
	if len(s.Giorni) == 0 {
		return nil
	}
	f := &fotografo{storia: s, fino: fino, misure: map[caso.Misura]*cruscotto.Conti{}, comuni: map[string]*cruscotto.Conti{}, scrivanie: map[id.Operatore]int{}}
	for _, m := range misure {
		f.misure[m] = &cruscotto.Conti{}
	}
	for g := s.Giorni[0].Giorno; g <= fino; g++ {
		f.avanza(g)
		fineMese := (g + 1).Time().Day() == 1
		if g <= dopo {
			continue
		}
		if fineMese || g > fino-giorniInteri {
			f.alGiorno(g, fineMese)
		}
		if fineMese {
			f.alMese(cruscotto.Mese(g))
		}
	}
	return f.celle
}

// avanza adds what a day brought; and on the last day of a month, what the month
// brought to each comune.
func (f *fotografo) avanza(g giorno.Giorno) {
	for ; len(f.storia.Giorni) > 0 && f.storia.Giorni[0].Giorno == g; f.storia.Giorni = f.storia.Giorni[1:] {
		d := f.storia.Giorni[0]
		if f.misure[d.Misura] != nil {
			f.misure[d.Misura].Somma(d.Conti)
		}
	}
	for ; len(f.storia.Scrivanie) > 0 && f.storia.Scrivanie[0].Giorno == g; f.storia.Scrivanie = f.storia.Scrivanie[1:] {
		d := f.storia.Scrivanie[0]
		f.scrivanie[d.CaseManager] += d.Assegnati
	}
	for ; len(f.storia.Comuni) > 0 && f.storia.Comuni[0].Mese <= g && (g+1).Time().Day() == 1; f.storia.Comuni = f.storia.Comuni[1:] {
		d := f.storia.Comuni[0]
		if f.comuni[d.Comune] == nil {
			f.comuni[d.Comune] = &cruscotto.Conti{}
		}
		f.comuni[d.Comune].Somma(d.Conti)
	}
}

// alGiorno tells how things stand at the end of a day.
func (f *fotografo) alGiorno(g giorno.Giorno, fineMese bool) {
	var tutti cruscotto.Conti
	stati := soppressione.Nuova(len(misure), len(cruscotto.Stati))
	for m, misura := range misure {
		tutti.Somma(*f.misure[misura])
		for s, stato := range cruscotto.Stati {
			stati.Conta(m+1, s+1, f.misure[misura].DiStato(stato))
		}
	}
	f.tavola(CasiPerStato, g, stati, nomi(misure), nomi(cruscotto.Stati), func(c *Cella, riga, colonna string) { c.Misura, c.Voce = riga, colonna })
	condizioni := f.indicatori(g, tutti)
	segnalazioni := make([]int, len(cruscotto.StatiSegnalazione))
	for i, s := range cruscotto.StatiSegnalazione {
		segnalazioni[i] = tutti.DiSegnalazione(s)
	}
	f.elenco(SegnalazioniPerStato, g, soppressione.Elenco(segnalazioni...), nomi(cruscotto.StatiSegnalazione))
	f.carichi(g, condizioni.Di(0, 2).Nascosta)
	if fineMese {
		f.perComune(g, condizioni)
	}
}

// condizioni are whether cases are assigned.
var condizioni = []string{"DA_ASSEGNARE", "ASSEGNATI", "ALTRI"}

func condizione(c cruscotto.Conti) [3]int {
	return [3]int{c.DaAssegnare, c.Assegnati, c.Nuclei - c.DaAssegnare - c.Assegnati}
}

// indicatori tells the general counters. Of each the rest is a number too: all
// but two signed is as much as two.
func (f *fotografo) indicatori(g giorno.Giorno, c cruscotto.Conti) *soppressione.Tavola {
	v := condizione(c)
	stanno := soppressione.Elenco(v[:]...)
	stanno.Sopprimi()
	f.una(Indicatori, g, "NUCLEI", *stanno.Di(0, 0))
	f.una(Indicatori, g, "DA_ASSEGNARE", *stanno.Di(0, 1))
	f.una(Indicatori, g, "ASSEGNATI", *stanno.Di(0, 2))
	for _, x := range []struct {
		nome string
		n    int
	}{{"PRESI_IN_CARICO", c.InCarico}, {"PAIS_FIRMATI", c.Firmati}} {
		t := soppressione.Elenco(x.n, c.Nuclei-x.n)
		t.Sopprimi()
		f.una(Indicatori, g, x.nome, *t.Di(0, 1))
	}
	return stanno
}

// carichi tells how the cases lie on desks, unless their sum is not told.
func (f *fotografo) carichi(g giorno.Giorno, nascosti bool) {
	var carichi []int
	for _, n := range f.scrivanie {
		if n > 0 {
			carichi = append(carichi, n)
		}
	}
	casi, quanti := somma(carichi), len(carichi)
	f.celle = append(f.celle, Cella{
		Vista: Carichi, Periodo: g, Comune: Totale, Misura: Totale, Voce: Totale, Numero: quanti, Altro: &casi,
		Media: medi(casi, quanti), Mediana: mediano(carichi), Gini: gini(carichi), Soppressa: quanti > 0 && quanti < soppressione.Soglia || nascosti,
	})
}

// perComune tells the comuni apart. What the ambito tells of itself stays told,
// and what it hides hidden.
func (f *fotografo) perComune(g giorno.Giorno, ambito *soppressione.Tavola) {
	comuni := slices.Sorted(maps.Keys(f.comuni))
	t := soppressione.Nuova(len(comuni), len(condizioni))
	for i, comune := range comuni {
		for c, n := range condizione(*f.comuni[comune]) {
			t.Conta(i+1, c+1, n)
		}
	}
	for c := range len(condizioni) + 1 {
		t.Di(0, c).Nascosta, t.Di(0, c).Nota = ambito.Di(0, c).Nascosta, !ambito.Di(0, c).Nascosta
	}
	f.tavola(CasiPerComune, g, t, comuni, condizioni, func(c *Cella, riga, colonna string) { c.Comune, c.Voce = riga, colonna })
}

// tavola tells a table of two dimensions.
func (f *fotografo) tavola(vista string, g giorno.Giorno, t *soppressione.Tavola, righe, colonne []string, poni func(c *Cella, riga, colonna string)) {
	t.Sopprimi()
	for r, riga := range append([]string{Totale}, righe...) {
		for c, colonna := range append([]string{Totale}, colonne...) {
			cella := Cella{Vista: vista, Periodo: g, Comune: Totale, Misura: Totale, Numero: t.Di(r, c).Valore, Soppressa: t.Di(r, c).Nascosta}
			poni(&cella, riga, colonna)
			f.celle = append(f.celle, cella)
		}
	}
}

// elenco tells a list of numbers and their sum.
func (f *fotografo) elenco(vista string, g giorno.Giorno, t *soppressione.Tavola, voci []string) {
	t.Sopprimi()
	for i, v := range append([]string{Totale}, voci...) {
		f.una(vista, g, v, *t.Di(0, i))
	}
}

func (f *fotografo) una(vista string, g giorno.Giorno, voce string, c soppressione.Cella) {
	f.celle = append(f.celle, Cella{Vista: vista, Periodo: g, Comune: Totale, Misura: Totale, Voce: voce, Numero: c.Valore, Soppressa: c.Nascosta})
}

func nomi[S ~string](valori []S) (testi []string) {
	for _, v := range valori {
		testi = append(testi, string(v))
	}
	return testi
}
