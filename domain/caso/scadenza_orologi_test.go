package caso_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
)

// orologi holds that the clocks followed from event to event, as a list keeps
// them, are those of the state; on the days around which they change, too.
func orologi(t *rapid.T, storia []caso.Event, s caso.State, oggi giorno.Giorno) {
	var o caso.Orologi
	for _, e := range storia {
		o = o.Dopo(e)
	}
	for _, il := range []giorno.Giorno{oggi, oggi + 1, oggi + 1000, giorno.Data(2039, 12, 31), giorno.Data(2040, 1, 1), giorno.Data(2090, 1, 1)} {
		if diff := cmp.Diff(caso.Scadenze(s, il), o.Scadenze(il)); diff != "" {
			t.Fatalf("clocks on %s (-state +followed)\n%s", il, diff)
		}
	}
	if diff := cmp.Diff(s.Superate, o.Superate); diff != "" {
		t.Fatal(diff)
	}
}

func TestTheDutyToComeEndsOnABirthday(t *testing.T) {
	for nascita, dal := range map[giorno.Giorno]giorno.Giorno{
		giorno.Data(1964, 6, 30): giorno.Data(2024, 6, 30),
		giorno.Data(1964, 2, 29): giorno.Data(2024, 2, 29),
		giorno.Data(2040, 2, 29): giorno.Data(2100, 3, 1), // no leap year
	} {
		n := caso.Nucleo{Componenti: []caso.Componente{{DataNascita: nascita}, {Disabilita: true, DataNascita: nascita + 1000}}}
		if n.SenzaObbligoPeriodico(dal-1) || !n.SenzaObbligoPeriodico(dal) || nascita.Anni(dal-1) != 59 || nascita.Anni(dal) != 60 {
			t.Errorf("born on %s", nascita)
		}
	}
}
