package caso_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nucleo/domain/caso"
	"nucleo/domain/differenza"
)

// vissuta is a case that lived through random commands of all parts.
func vissuta(t *rapid.T) []caso.State {
	i := nuovaIntera(t)
	for range rapid.IntRange(1, 12).Draw(t, "passi") {
		switch rapid.IntRange(0, 5).Draw(t, "che") {
		case 0:
			i.passo(t, delPatto(t, i.State))
		case 1:
			i.passo(t, i.servizi.incontra(t))
		case 2:
			i.passo(t, disegnaAggiorna(t))
		case 3:
			i.passo(t, i.segnala(t))
		case 4:
			i.passo(t, dellEsonero(t))
		default:
			i.avanza(t)
		}
	}
	stati := []caso.State{{}}
	for _, e := range i.Events {
		stati = append(stati, caso.Decider.Evolve(stati[len(stati)-1], e))
	}
	return stati
}

// A difference put upon the earlier state gives the later one; the differences
// of single steps, one after the other, are that of the ends; and where states
// differ there is one.
func TestADifferenceLeadsFromOneStateToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stati := vissuta(t)
		da := rapid.IntRange(0, len(stati)-1).Draw(t, "da")
		a := rapid.IntRange(da, len(stati)-1).Draw(t, "a")
		fine, voci := differenza.Di(stati[a]), differenza.Tra(stati[da], stati[a])
		if diff := cmp.Diff(fine, differenza.Di(stati[da]).Con(voci)); diff != "" {
			t.Fatalf("from %d to %d (-want +got)\n%s", da, a, diff)
		}
		passo := differenza.Di(stati[da])
		for n := da; n < a; n++ {
			un := differenza.Tra(stati[n], stati[n+1])
			if len(un) == 0 && cmp.Diff(stati[n], stati[n+1]) != "" {
				t.Fatalf("step %d changes the state and no value", n)
			}
			passo = passo.Con(un)
		}
		if diff := cmp.Diff(fine, passo); diff != "" {
			t.Fatalf("step by step from %d to %d (-want +got)\n%s", da, a, diff)
		}
		for _, v := range voci {
			if v.Prima != nil && v.Dopo != nil && *v.Prima == *v.Dopo {
				t.Fatalf("%s did not change", v.Percorso)
			}
		}
	})
}

func TestWhoLeavesDoesNotMakeTheOthersLookChanged(t *testing.T) {
	prima := caso.State{}
	prima.Nucleo.Componenti = []caso.Componente{{ID: idDi(0), Cognome: "ROVERESI"}, {ID: idDi(1), Cognome: "CANARINA", Nome: "BIAGIA"}}
	dopo := prima
	dopo.Nucleo.Componenti = slices.Clone(prima.Nucleo.Componenti)[1:]
	dopo.Nucleo.Componenti[0].Cognome = "CANARINI"
	got := map[string]string{}
	for _, v := range differenza.Tra(prima, dopo) {
		got[strings.Replace(strings.Replace(v.Percorso, idDi(0).String(), "zero", 1), idDi(1).String(), "uno", 1)] = mostra(v.Prima) + " → " + mostra(v.Dopo)
	}
	want := map[string]string{
		"/nucleo/componenti/zero":               "presente → –",
		"/nucleo/componenti/zero/componente_id": idDi(0).String() + " → –",
		"/nucleo/componenti/zero/cognome":       "RO****ESI → –",
		"/nucleo/componenti/uno/cognome":        "CA****INA → CA****INI",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func mostra(v *differenza.Valore) string {
	if v == nil {
		return "–"
	}
	return v.Mascherato()
}

// Whoever stands first in a list by their name is known by their place.
func TestPathsTellNothingPersonal(t *testing.T) {
	s := caso.State{QA: caso.QA{Equipe: caso.EquipeComposta{Membri: []caso.Membro{{Nome: "ROVERESI", Professione: "PSICOLOGO"}, {Nome: "CANARINA"}}}}}
	got := slices.Sorted(maps.Keys(differenza.Di(s)))
	want := []string{"/qa/equipe/membri/#1", "/qa/equipe/membri/#1/nome", "/qa/equipe/membri/#1/professione", "/qa/equipe/membri/#2", "/qa/equipe/membri/#2/nome"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
