package policies_test

import (
	"context"
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/conservazione"
	"nucleo/eventstore/memory"
)

// soffitta is what the end of the access log stands on, with a failure in it.
type soffitta struct {
	torre
	flussi []conservazione.Scaduto
}

func (f soffitta) Scaduti(_ context.Context, dopo, ultimo string) (tutti []conservazione.Scaduto, err error) {
	for _, s := range f.flussi {
		if s.Mese > dopo && s.Mese <= ultimo {
			tutti = append(tutti, s)
		}
	}
	return tutti, f.passa(func() error { return nil })
}

func (f soffitta) Delete(ctx context.Context, stream string, at domain.Head) error {
	return f.passa(func() error { return f.store.Delete(ctx, stream, at) })
}

func (f soffitta) conserva(adesso time.Time) policies.Conservazione {
	return policies.Conservazione{
		Comandi: &commands.Service{Store: f, Segreto: []byte("s"), Zona: roma}, Registri: f, Archivio: f, Segnalibri: f,
		Adesso: func() time.Time { return adesso }, Zona: roma,
	}
}

// inSoffitta is a stream of each of three months.
func inSoffitta(t *testing.T) soffitta {
	t.Helper()
	f := soffitta{torre: nellaTorre()}
	f.store = memory.New(domain.NewCatalog(accesso.Aggregate, conservazione.Aggregate))
	for _, mese := range []string{"202605", "202606", "202607"} {
		flusso := accesso.Flusso("PA42", mese, "0a")
		dove, err := f.store.Append(t.Context(), flusso, domain.Head{}, domain.Meta{Comando: uuid.New()}, accesso.Registrato{Rotta: "x"}, accesso.Registrato{Rotta: "y"})
		if err != nil {
			t.Fatal(err)
		}
		f.flussi = append(f.flussi, conservazione.Scaduto{Flusso: flusso, Ambito: "PA42", Mese: mese, Eventi: 2, Testa: dove.Head.Self})
	}
	return f
}

// restano are how many records each month has, and how often its end was told.
func (f soffitta) restano(t *testing.T) map[string][2]int {
	t.Helper()
	got := map[string][2]int{}
	for _, s := range f.flussi {
		var n [2]int
		for k, stream := range []string{s.Flusso, conservazione.Decider.Stream(s.Flusso)} {
			for _, err := range f.store.Stored(t.Context(), stream) {
				if err != nil {
					t.Fatal(err)
				}
				n[k]++
			}
		}
		got[s.Mese] = n
	}
	return got
}

var giugno2028 = time.Date(2028, 6, 1, 0, 0, 0, 0, roma)

// Wherever it is stopped, what has expired goes away once its end was told, and
// that is told once.
func TestTheEndOfAMonthSurvivesAStopAtAnyPoint(t *testing.T) {
	for n, fermate := 1, true; fermate; n++ {
		for _, fatto := range []bool{false, true} {
			f := inSoffitta(t)
			f.quando, f.dopo = n, fatto
			err := f.conserva(giugno2028.AddDate(0, 1, 0)).Scade(t.Context())
			if err != nil && !errors.Is(err, errCaduta) {
				t.Fatal(err)
			}
			for mese, c := range f.restano(t) {
				if c[0] == 0 && c[1] == 0 {
					t.Errorf("stopped at call %d, %s is gone and nothing says so", n, mese)
				}
			}
			fermate = err != nil
			f.quando = 0
			if err := f.conserva(giugno2028.AddDate(0, 1, 0)).Scade(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(map[string][2]int{"202605": {0, 1}, "202606": {0, 1}, "202607": {2, 0}}, f.restano(t)); diff != "" {
				t.Fatalf("stopped at call %d: %s", n, diff)
			}
		}
	}
}

// A clock that was ahead, and was set right, leaves no month behind.
func TestAClockThatWasAheadKeepsNoMonthTooLong(t *testing.T) {
	f := inSoffitta(t)
	tutti := f.flussi
	f.flussi = nil
	for _, adesso := range []time.Time{giugno2028.AddDate(-2, 0, 0), giugno2028.AddDate(8, 0, 0)} {
		if err := f.conserva(adesso).Scade(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.flussi = tutti
	if err := f.conserva(giugno2028).Scade(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(map[string][2]int{"202605": {0, 1}, "202606": {2, 0}, "202607": {2, 0}}, f.restano(t)); diff != "" {
		t.Error(diff)
	}
}
