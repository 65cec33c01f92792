package analisi

import (
	"maps"
	"slices"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/internal/analisi/soppressione"
	"nucleo/projections/cruscotto"
)

// esiti are the outcomes of the analisi preliminare.
var esiti = []caso.Esito{caso.EsitoA, caso.EsitoB, caso.EsitoC, caso.EsitoD}

// fatti are the things that happen, with how often they did.
var fatti = []struct {
	nome string
	di   func(cruscotto.Fatti) int
}{
	{"RICEVUTE", func(f cruscotto.Fatti) int { return f.Ricevute }},
	{"ASSEGNATE", func(f cruscotto.Fatti) int { return f.Assegnate }},
	{"AVVIATE", func(f cruscotto.Fatti) int { return f.Avviate }},
	{"FIRMATI", func(f cruscotto.Fatti) int { return f.Firmati }},
	{"CHIUSE", func(f cruscotto.Fatti) int { return f.Chiuse }},
}

// alMese tells what happened in a month that is over.
func (f *fotografo) alMese(mese giorno.Giorno) {
	accaduti := map[caso.Misura]cruscotto.Fatti{}
	for _, d := range f.storia.Fatti {
		if d.Mese == mese {
			accaduti[d.Misura] = d.Fatti
		}
	}
	for _, x := range fatti {
		valori := make([]int, len(misure))
		for i, m := range misure {
			valori[i] = x.di(accaduti[m])
		}
		t := soppressione.Elenco(valori...)
		t.Sopprimi()
		for i, m := range append([]string{Totale}, nomi(misure)...) {
			c := t.Di(0, i)
			f.celle = append(f.celle, Cella{Vista: Andamento, Periodo: mese, Comune: Totale, Misura: m, Voce: x.nome, Numero: c.Valore, Soppressa: c.Nascosta})
		}
	}
	t := soppressione.Nuova(len(misure), len(esiti))
	for i, m := range misure {
		for e, n := range [...]int{accaduti[m].EsitiA, accaduti[m].EsitiB, accaduti[m].EsitiC, accaduti[m].EsitiD} {
			t.Conta(i+1, e+1, n)
		}
	}
	f.tavola(EsitiAP, mese, t, nomi(misure), nomi(esiti), func(c *Cella, riga, colonna string) { c.Misura, c.Voce = riga, colonna })
	f.tempi(mese)
	f.categorie(mese)
}

// tempi tells how long the stretches took, and for the first one comune by
// comune.
func (f *fotografo) tempi(mese giorno.Giorno) {
	giorni := map[cruscotto.Passaggio][]int{}
	attese := map[string][]int{}
	for c := range f.comuni {
		attese[c] = nil
	}
	for _, d := range f.storia.Tempi {
		if d.Mese != mese {
			continue
		}
		for range d.Casi {
			giorni[d.Passaggio] = append(giorni[d.Passaggio], d.Giorni)
			if d.Passaggio == cruscotto.DomandaAssegnazione {
				attese[d.Comune] = append(attese[d.Comune], d.Giorni)
			}
		}
	}
	for _, p := range cruscotto.Passaggi {
		t := soppressione.Elenco(len(giorni[p]))
		t.Sopprimi()
		f.durate(Tempi, mese, Totale, string(p), giorni[p], t.Di(0, 0).Nascosta)
	}
	comuni := slices.Sorted(maps.Keys(attese))
	quanti := make([]int, len(comuni))
	for i, c := range comuni {
		quanti[i] = len(attese[c])
	}
	t := soppressione.Elenco(quanti...)
	t.Sopprimi()
	f.durate(AttesaPerComune, mese, Totale, Totale, giorni[cruscotto.DomandaAssegnazione], t.Di(0, 0).Nascosta)
	for i, c := range comuni {
		f.durate(AttesaPerComune, mese, c, Totale, attese[c], t.Di(0, i+1).Nascosta)
	}
}

func (f *fotografo) durate(vista string, mese giorno.Giorno, comune, voce string, giorni []int, nascosta bool) {
	f.celle = append(f.celle, Cella{
		Vista: vista, Periodo: mese, Comune: comune, Misura: Totale, Voce: voce, Numero: len(giorni),
		Media: medi(somma(giorni), len(giorni)), Mediana: mediano(giorni), Soppressa: nascosta,
	})
}

// categorie tells what segnalazioni were about.
func (f *fotografo) categorie(mese giorno.Giorno) {
	tutte := slices.Concat(caso.CategorieRDC, caso.CategorieADI)
	proposte := make([]int, len(tutte))
	for _, d := range f.storia.Categorie {
		if i := slices.Index(tutte, d.Categoria); i >= 0 && d.Mese == mese {
			proposte[i] = d.Numero
		}
	}
	f.elenco(SegnalazioniPerCategoria, mese, soppressione.Elenco(proposte...), nomi(tutte))
}
