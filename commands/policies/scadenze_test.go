package policies_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
)

var errCaduta = errors.New("the power went")

// caduta fails at one of the calls that it sees, and from there on, as a
// process that was killed does nothing more.
type caduta struct {
	quando int // the call that is lost, from 1; 0 for none
	dopo   bool
	viste  int
}

func (c *caduta) passa(fa func() error) error {
	c.viste++
	switch {
	case c.quando == 0 || c.viste < c.quando:
		return fa()
	case c.viste == c.quando && c.dopo: // it was done, but nobody heard
		return errors.Join(fa(), errCaduta)
	}
	return errCaduta
}

// fragile is what the policy stands on, with a failure in it.
type fragile struct {
	*caduta
	store *memory.Store
	segno *segnalibro
	casi  []id.Caso
}

func (f fragile) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return func(yield func(domain.Recorded, error) bool) {
		if err := f.passa(func() error { return nil }); err != nil {
			yield(domain.Recorded{}, err)
			return
		}
		f.store.Read(ctx, stream)(yield)
	}
}

func (f fragile) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (dove domain.Appended, err error) {
	err = f.passa(func() (err error) {
		dove, err = f.store.Append(ctx, stream, at, meta, events...)
		return err
	})
	return dove, err
}

func (f fragile) Leggi(ctx context.Context, nome string) (at uint64, found bool, err error) {
	err = f.passa(func() (err error) {
		at, found, err = f.segno.Leggi(ctx, nome)
		return err
	})
	return at, found, err
}

func (f fragile) Sposta(ctx context.Context, nome string, at uint64) error {
	return f.passa(func() error { return f.segno.Sposta(ctx, nome, max(at, f.segno.at)) })
}

func (f fragile) AttendiTutto(context.Context) error { return f.passa(func() error { return nil }) }

func (f fragile) DaRegistrare(_ context.Context, _ giorno.Giorno, dopo id.Caso, n int) (casi []id.Caso, err error) {
	err = f.passa(func() error {
		for _, c := range f.casi {
			if slices.Compare(c.UUID[:], dopo.UUID[:]) > 0 && len(casi) < n {
				casi = append(casi, c)
			}
		}
		return nil
	})
	return casi, err
}

func (f fragile) politica(adesso time.Time) policies.Scadenze {
	comandi := &commands.Service{Store: f, Segreto: []byte("s"), Zona: roma}
	return policies.Scadenze{Comandi: comandi, Casi: f, Segnalibri: f, Adesso: func() time.Time { return adesso }, Zona: roma}
}

var roma = func() *time.Location {
	zona, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic(err)
	}
	return zona
}()

// pad is when the nuclei of the tests signed: the term to convene them ends 60
// days later, that of their first coming 120.
var pad = giorno.Data(2026, 1, 28)

// casi are three cases: one that nobody saw, one that was met, one without any
// clock. Whoever is in the second need not come any more from 4 May on, four
// days after they should have.
func casi(t *testing.T) fragile {
	t.Helper()
	store := memory.New(domain.NewCatalog(caso.Aggregate))
	f := fragile{caduta: &caduta{}, store: store, segno: &segnalibro{}}
	for n := range 3 {
		domanda := fmt.Sprintf("INPS-ADI-2026-%d", n)
		eventi := []domain.Event{caso.DomandaRicevuta{
			IDDomanda: domanda, Misura: caso.ADI, Ambito: "PA42", Comune: "G273", DataPresentazione: giorno.Data(2026, 1, 1), DataSottoscrizionePAD: pad,
			Componenti: []caso.Componente{{DataNascita: giorno.Data(1966, 5, 4)}},
		}}
		switch n {
		case 1:
			eventi = append(eventi, caso.IncontroRegistrato{Tipo: caso.AvvenutoIncontro, Data: giorno.Data(2026, 1, 30)})
		case 2:
			eventi[0] = caso.DomandaRicevuta{IDDomanda: domanda, Misura: caso.PDC}
		}
		c := id.CasoDi(domanda)
		storia(t, store, "caso-"+c.String(), eventi...)
		f.casi = append(f.casi, c)
	}
	slices.SortFunc(f.casi, func(a, b id.Caso) int { return slices.Compare(a.UUID[:], b.UUID[:]) })
	return f
}

// superate are the clocks that were noted, by case.
func (f fragile) superate(t *testing.T) map[id.Caso][]caso.ScadenzaSuperata {
	t.Helper()
	tutte := map[id.Caso][]caso.ScadenzaSuperata{}
	for _, c := range f.casi {
		for r, err := range f.store.Read(t.Context(), "caso-"+c.String()) {
			if err != nil {
				t.Fatal(err)
			}
			if e, is := r.Event.(caso.ScadenzaSuperata); is {
				tutte[c] = append(tutte[c], e)
				if r.Meta.Attore != domain.Scadenze.ID || r.Meta.Ruolo != domain.SistemaScadenze {
					t.Errorf("noted by %+v", r.Meta)
				}
			}
		}
	}
	return tutte
}

type superate = map[id.Caso][]caso.ScadenzaSuperata

var (
	mai, vista = id.CasoDi("INPS-ADI-2026-0"), id.CasoDi("INPS-ADI-2026-1")
	convocare  = caso.ScadenzaSuperata{Tipo: caso.Convocazione60, Scadenza: pad + 60}
	venire     = caso.ScadenzaSuperata{Tipo: caso.PrimoIncontro120, Scadenza: pad + 120}
	tornare    = caso.ScadenzaSuperata{Tipo: caso.Monitoraggio90, Scadenza: giorno.Data(2026, 4, 30)}
	tutte      = superate{mai: {convocare, venire}, vista: {tornare}}
)

func mezzogiorno(g giorno.Giorno) time.Time { return g.Time().Add(10 * time.Hour) }

// giorni has the clocks noted on some days, as the machine tells them.
func (f fragile) giorni(t *testing.T, quali ...giorno.Giorno) {
	t.Helper()
	for _, g := range quali {
		if err := f.politica(mezzogiorno(g)).Registra(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClocksAreNotedOnceHoweverTheCalendarIsRead(t *testing.T) {
	fine := pad + 130
	var ogni []giorno.Giorno
	for g := pad; g <= fine; g++ {
		ogni = append(ogni, g)
	}
	for name, quali := range map[string][]giorno.Giorno{
		"every day":                      ogni,
		"every day twice":                slices.Concat(ogni, ogni),
		"asleep for months":              {pad, fine},
		"asleep now and then":            {pad, pad + 60, pad + 63, pad + 119, pad + 122, fine},
		"a clock that goes back":         {pad, pad + 61, pad + 10, pad + 61, fine, pad + 3},
		"a clock that jumps, and back":   {pad, pad + 125, pad + 1, pad + 62, pad + 121, fine},
		"a clock that was reset to 1970": {pad, giorno.Data(1970, 1, 1), fine},
	} {
		f := casi(t)
		f.giorni(t, quali...)
		if diff := cmp.Diff(tutte, f.superate(t)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestTheFirstRunNotesWhatRanOutBefore(t *testing.T) {
	f := casi(t)
	f.giorni(t, pad+130)
	want := superate{mai: {convocare, venire}} // the other clock no longer runs
	if diff := cmp.Diff(want, f.superate(t)); diff != "" || f.segno.at != uint64(pad+130) {
		t.Error(diff, f.segno.at)
	}
}

// TestKilledAnywhereItEndsTheSame loses each call of a run in turn, before and
// after its effect, and runs again.
func TestKilledAnywhereItEndsTheSame(t *testing.T) {
	dal, al := pad+58, pad+100
	want := superate{mai: {convocare}, vista: {tornare}}
	for _, dopo := range []bool{false, true} {
		for quando := 1; ; quando++ {
			f := casi(t)
			f.giorni(t, dal)
			*f.caduta = caduta{quando: quando, dopo: dopo}
			err := f.politica(mezzogiorno(al)).Registra(t.Context())
			finita := f.viste < quando
			*f.caduta = caduta{}
			f.giorni(t, al)
			if diff := cmp.Diff(want, f.superate(t)); diff != "" || f.segno.at != uint64(al) {
				t.Fatalf("killed at call %d (after its effect: %t): bookmark %s\n%s", quando, dopo, giorno.Giorno(f.segno.at), diff)
			}
			if finita {
				if err != nil || quando < 100 {
					t.Fatalf("%d calls, %v", quando, err)
				}
				break
			}
			if err == nil {
				t.Fatalf("nobody noticed that call %d was lost", quando)
			}
		}
	}
}

func TestTwoReplicasNoteEachClockOnce(t *testing.T) {
	f := casi(t)
	f.giorni(t, pad)
	var g sync.WaitGroup
	for range 4 {
		una := fragile{caduta: &caduta{}, store: f.store, segno: &segnalibro{at: uint64(pad)}, casi: f.casi}
		g.Go(func() {
			if err := una.politica(mezzogiorno(pad + 125)).Registra(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	g.Wait()
	if diff := cmp.Diff(tutte, f.superate(t)); diff != "" {
		t.Error(diff)
	}
}

func TestACaseThatCannotBeReadDoesNotKeepTheOthersWaiting(t *testing.T) {
	f := casi(t)
	vere := f.casi
	for n := range 3 { // the list names cases that are not there, before and after the others
		f.casi = append(slices.Clone(f.casi), id.CasoDi(fmt.Sprint("nessuno", n)))
	}
	slices.SortFunc(f.casi, func(a, b id.Caso) int { return slices.Compare(a.UUID[:], b.UUID[:]) })
	f.segno.at = uint64(pad + 60)
	err := f.politica(mezzogiorno(pad + 61)).Registra(t.Context())
	f.casi = vere
	if diff := cmp.Diff(superate{mai: {convocare}}, f.superate(t)); diff != "" || !errors.Is(err, caso.ErrInesistente) || f.segno.at != uint64(pad+60) {
		t.Error(diff, err, f.segno.at)
	}
}

// TestADayBeginsAtMidnightInRome holds on the days of 23 and of 25 hours: the
// term to convene ends on 29 March 2026, when summer time begins.
func TestADayBeginsAtMidnightInRome(t *testing.T) {
	f := casi(t)
	f.giorni(t, pad)
	for _, adesso := range []time.Time{
		time.Date(2026, 3, 29, 0, 0, 0, 0, roma), time.Date(2026, 3, 29, 3, 30, 0, 0, roma), time.Date(2026, 3, 29, 23, 59, 59, 0, roma),
	} {
		if err := f.politica(adesso).Registra(t.Context()); err != nil || len(f.superate(t)) != 0 {
			t.Fatalf("%s: %v %v", adesso, f.superate(t), err)
		}
	}
	if err := f.politica(time.Date(2026, 3, 30, 0, 0, 0, 0, roma)).Registra(t.Context()); err != nil || len(f.superate(t)) != 1 {
		t.Fatalf("%v %v", f.superate(t), err)
	}
	for ora, want := range map[time.Time]giorno.Giorno{
		time.Date(2026, 10, 24, 21, 59, 0, 0, time.UTC): giorno.Data(2026, 10, 24),
		time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC):  giorno.Data(2026, 10, 25),
		time.Date(2026, 10, 25, 22, 59, 0, 0, time.UTC): giorno.Data(2026, 10, 25),
		time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC):  giorno.Data(2026, 10, 26),
	} {
		if got := f.politica(ora).Oggi(); got != want {
			t.Errorf("%s is %s", ora, got)
		}
	}
}
