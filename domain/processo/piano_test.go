package processo_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/processo"
)

var (
	palermo  = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	monreale = domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}
	intero   = domain.Territorio{Ambito: "PA42"}
	altrove  = domain.Territorio{Ambito: "PA39"}
)

func attesa(n byte, comune string, urgenza int) processo.InAttesa {
	return processo.InAttesa{Caso: caso(n), IDDomanda: string('A' + rune(n)), Ambito: "PA42", Comune: comune, Urgenza: urgenza, Presentata: giorno.Data(2026, 3, 1)}
}

func candidato(n byte, carico int, dove ...domain.Territorio) processo.Candidato {
	return processo.Candidato{Operatore: cm(n), Territori: dove, Carico: carico}
}

func TestAPlanGivesTheMostUrgentToTheLeastLoaded(t *testing.T) {
	via := candidato(4, 0, palermo)
	via.Assente = true
	got := processo.Pianifica(processo.Fotografia{
		Casi: []processo.InAttesa{attesa(3, "G273", 1), attesa(2, "G273", 0), attesa(1, "F377", 2), attesa(4, "A546", 0)},
		Candidati: []processo.Candidato{
			candidato(1, 3, palermo), candidato(2, 2, palermo), candidato(3, 9, intero), via, candidato(5, 0, altrove),
		},
	})
	want := []processo.Scelta{
		{Caso: caso(2), IDDomanda: "C", Comune: "G273", CaseManager: cm(2), Carico: 2, Idonei: 3, Assenti: 1, Alternative: []processo.Alternativa{{cm(1), 3, 0}, {cm(3), 9, 0}}},
		{Caso: caso(4), IDDomanda: "E", Comune: "A546", CaseManager: cm(3), Carico: 9, Idonei: 1},
		// The loads are equal now: fewer cases of the plan decide.
		{Caso: caso(3), IDDomanda: "D", Comune: "G273", CaseManager: cm(1), Carico: 3, Idonei: 3, Assenti: 1, Alternative: []processo.Alternativa{{cm(2), 3, 1}, {cm(3), 10, 1}}},
		{Caso: caso(1), IDDomanda: "B", Comune: "F377", CaseManager: cm(3), Carico: 10, NellaCorsa: 1, Idonei: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyIsChosenWhenNobodyCanBe(t *testing.T) {
	via := candidato(1, 0, palermo)
	via.Assente = true
	got := processo.Pianifica(processo.Fotografia{Casi: []processo.InAttesa{attesa(1, "G273", 0)}, Candidati: []processo.Candidato{via, candidato(2, 0, monreale)}})
	if len(got) != 1 || !got[0].CaseManager.IsZero() || got[0].Assenti != 1 || got[0].Idonei != 0 {
		t.Errorf("%+v", got)
	}
}

// fotografia draws who waits, and for whom.
func fotografia(t *rapid.T) (f processo.Fotografia) {
	dove := [][]domain.Territorio{{palermo}, {monreale}, {intero}, {palermo, monreale}, {altrove}}
	for n := range rapid.IntRange(0, 40).Draw(t, "cases") {
		c := attesa(byte(n), rapid.SampledFrom([]string{"G273", "F377", "A546"}).Draw(t, "comune"), rapid.IntRange(0, 2).Draw(t, "priority"))
		c.Presentata -= giorno.Giorno(rapid.IntRange(0, 3).Draw(t, "age"))
		f.Casi = append(f.Casi, c)
	}
	for n := range rapid.IntRange(0, 8).Draw(t, "case managers") {
		c := candidato(byte(n), rapid.IntRange(0, 20).Draw(t, "load"), rapid.SampledFrom(dove).Draw(t, "where")...)
		c.Assente = rapid.IntRange(0, 4).Draw(t, "away") == 0
		f.Candidati = append(f.Candidati, c)
	}
	return f
}

func TestPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := fotografia(t)
		scelte := processo.Pianifica(f)
		controllaScelte(t, f, scelte)
		controllaEquita(t, f, scelte)

		mescola := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		mescola.Shuffle(len(f.Casi), func(i, j int) { f.Casi[i], f.Casi[j] = f.Casi[j], f.Casi[i] })
		mescola.Shuffle(len(f.Candidati), func(i, j int) { f.Candidati[i], f.Candidati[j] = f.Candidati[j], f.Candidati[i] })
		if diff := cmp.Diff(scelte, processo.Pianifica(f)); diff != "" {
			t.Fatalf("told in another order, the same picture makes another plan\n%s", diff)
		}
	})
}

// controllaScelte holds each choice to the rule, by a count of its own.
func controllaScelte(t *rapid.T, f processo.Fotografia, scelte []processo.Scelta) {
	if len(scelte) != len(f.Casi) {
		t.Fatalf("%d choices for %d cases", len(scelte), len(f.Casi))
	}
	visti, dati := map[id.Caso]bool{}, map[id.Operatore]int{}
	for _, s := range scelte {
		if visti[s.Caso] {
			t.Fatalf("%s is given twice", s.Caso)
		}
		visti[s.Caso] = true
		var idonei []processo.Candidato
		assenti := 0
		for _, c := range f.Candidati {
			switch {
			case !copre(c, s.Comune):
			case c.Assente:
				assenti++
			default:
				idonei = append(idonei, c)
			}
		}
		if s.Idonei != len(idonei) || s.Assenti != assenti || s.CaseManager.IsZero() != (len(idonei) == 0) {
			t.Fatalf("%+v: %d can, %d are away", s, len(idonei), assenti)
		}
		for _, c := range idonei {
			carico := c.Carico + dati[c.Operatore]
			if carico < s.Carico || carico == s.Carico && dati[c.Operatore] < s.NellaCorsa {
				t.Fatalf("%+v: %s has %d cases", s, c.Operatore, carico)
			}
		}
		if len(idonei) > 0 {
			scelto := idonei[slices.IndexFunc(idonei, func(c processo.Candidato) bool { return c.Operatore == s.CaseManager })] // panics when absent or ineligible
			if s.Carico != scelto.Carico+dati[s.CaseManager] || s.NellaCorsa != dati[s.CaseManager] {
				t.Fatalf("%+v explains itself wrongly", s)
			}
			dati[s.CaseManager]++
		}
	}
}

// controllaEquita holds the end to fairness: of two who cover the same comuni,
// nobody was given a case who ends with more than one case more.
func controllaEquita(t *rapid.T, f processo.Fotografia, scelte []processo.Scelta) {
	dati := map[id.Operatore]int{}
	for _, s := range scelte {
		dati[s.CaseManager]++
	}
	for _, a := range f.Candidati {
		for _, b := range f.Candidati {
			uguali := copre(a, "G273") == copre(b, "G273") && copre(a, "F377") == copre(b, "F377") && copre(a, "A546") == copre(b, "A546")
			if uguali && !a.Assente && !b.Assente && dati[a.Operatore] > 0 && a.Carico+dati[a.Operatore] > b.Carico+dati[b.Operatore]+1 {
				t.Fatalf("%s ends with %d cases, %s with %d", a.Operatore, a.Carico+dati[a.Operatore], b.Operatore, b.Carico+dati[b.Operatore])
			}
		}
	}
}

func copre(c processo.Candidato, comune string) bool {
	return slices.ContainsFunc(c.Territori, func(t domain.Territorio) bool { return t.Copre("PA42", comune) })
}
