package commands_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/eventstore/memory"
)

// tardo is a store that does something before each append, and afterwards.
type tardo struct {
	*memory.Store
	prima, dopo func() error
	volte       atomic.Int64
}

func (s *tardo) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	s.volte.Add(1)
	if s.prima != nil {
		if err := s.prima(); err != nil {
			return domain.Appended{}, err
		}
	}
	dove, err := s.Store.Append(ctx, stream, at, meta, events...)
	if err == nil && s.dopo != nil {
		err = s.dopo()
	}
	return dove, err
}

func registro(s *tardo, adesso func() time.Time) *commands.Registro {
	s.Store = memory.New(domain.NewCatalog(accesso.Aggregate))
	var n atomic.Int64
	return &commands.Registro{Store: s, Adesso: adesso, Zona: time.UTC, Replica: func() string { return fmt.Sprintf("%08x", n.Add(1)) }}
}

func ferma() time.Time { return time.Date(2026, 5, 31, 23, 59, 0, 0, time.UTC) }

func sguardo() accesso.Registrato {
	return accesso.Registrato{Richiesta: uuid.New(), Decisione: accesso.Consentito}
}

// registrati are the records of each stream, in order; each stream must be a
// chain.
func registrati(t *testing.T, s *tardo) map[string][]accesso.Registrato {
	t.Helper()
	per := map[string][]accesso.Registrato{}
	prev := map[string]domain.Digest{}
	for e, err := range s.All(context.Background(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		r := e.Recorded(domain.NewCatalog(accesso.Aggregate))
		if r.Meta.Prev != prev[r.Stream] || r.Version != uint64(len(per[r.Stream])+1) {
			t.Errorf("%s breaks at %d", r.Stream, r.Version)
		}
		prev[r.Stream] = r.Meta.Self
		per[r.Stream] = append(per[r.Stream], r.Event.(accesso.Registrato))
	}
	return per
}

func TestWhatIsAskedAtOneTimeIsOneAppend(t *testing.T) {
	scrivi := make(chan struct{})
	s := &tardo{prima: func() error { <-scrivi; return nil }}
	r := registro(s, ferma)
	var durevoli []func(context.Context) error
	for range 500 {
		durevoli = append(durevoli, r.Annota("PA42", sguardo()))
	}
	close(scrivi)
	for _, durevole := range durevoli {
		if err := durevole(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.Chiudi()
	if n := len(registrati(t, s)["accesso-PA42-202605-00000001"]); n != 500 {
		t.Errorf("%d records", n)
	}
	if n := s.volte.Load(); n > 4 {
		t.Errorf("%d appends for 500 records", n)
	}
}

func TestEachAmbitoAndEachMonthHasItsStream(t *testing.T) {
	var dopo atomic.Int64
	s := &tardo{}
	r := registro(s, func() time.Time { return ferma().Add(time.Duration(dopo.Load())) })
	for _, ambito := range []string{"PA42", "AG01", "", "PA42"} {
		if err := r.Annota(ambito, sguardo())(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	dopo.Store(int64(2 * time.Minute))
	if err := r.Annota("PA42", sguardo())(t.Context()); err != nil {
		t.Fatal(err)
	}
	per := registrati(t, s)
	for flusso, n := range map[string]int{
		"accesso-PA42-202605-00000001": 2, "accesso-AG01-202605-00000002": 1, "accesso-nazionale-202605-00000003": 1, "accesso-PA42-202606-00000004": 1,
	} {
		if len(per[flusso]) != n {
			t.Errorf("%s has %d records: %v", flusso, len(per[flusso]), per)
		}
	}
}

// An append that may have been written ends its stream: its head is not known.
// One that surely was not leaves it as it is.
func TestAnAppendThatFailsIsToldAndTheNextIsWritten(t *testing.T) {
	for about, x := range map[string]struct {
		prima, dopo error
		flussi      int
	}{
		"not written":           {prima: domain.ErrNonDisponibile, flussi: 1},
		"perhaps not written":   {prima: domain.ErrEsitoIncerto, flussi: 2},
		"written after all":     {dopo: domain.ErrEsitoIncerto, flussi: 2},
		"written by another":    {prima: domain.ErrStale, flussi: 2},
		"refused for something": {prima: errors.New("broken"), flussi: 2},
	} {
		var guasto atomic.Bool
		s := &tardo{prima: func() error { return map[bool]error{true: x.prima}[guasto.Load()] }, dopo: func() error { return map[bool]error{true: x.dopo}[guasto.Load()] }}
		r := registro(s, ferma)
		detti := map[uuid.UUID]bool{}
		for n := range 6 {
			guasto.Store(n == 2)
			uno := sguardo()
			err := r.Annota("PA42", uno)(t.Context())
			if (err != nil) != (n == 2) || err != nil && !errors.Is(err, accesso.ErrRegistro) {
				t.Errorf("%s: %d: %v", about, n, err)
			}
			detti[uno.Richiesta] = err == nil
		}
		per := registrati(t, s)
		for _, tutti := range per {
			for _, a := range tutti {
				delete(detti, a.Richiesta)
			}
		}
		for _, detto := range detti {
			if detto {
				t.Errorf("%s: a record that was acknowledged is not there", about)
			}
		}
		if len(per) != x.flussi {
			t.Errorf("%s: %d streams", about, len(per))
		}
	}
}

func TestWhoeverWaitsIsNotHeldLongerThanTheyWait(t *testing.T) {
	scrivi := make(chan struct{})
	s := &tardo{prima: func() error { <-scrivi; return nil }}
	r := registro(s, ferma)
	primo := r.Annota("PA42", sguardo())
	via, basta := context.WithCancel(t.Context())
	basta()
	var errs []error
	for range 20_000 { // more than may wait
		errs = append(errs, r.Annota("PA42", sguardo())(via))
	}
	for _, err := range errs {
		if !errors.Is(err, accesso.ErrRegistro) {
			t.Fatal(err)
		}
	}
	close(scrivi)
	if err := primo(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.Chiudi()
	if n := len(registrati(t, s)["accesso-PA42-202605-00000001"]); n > 201 {
		t.Errorf("%d records, though nobody waited for them", n)
	}
}

func TestManyWriteAtOnceAndEachRecordIsThereOnce(t *testing.T) {
	s := &tardo{}
	r := registro(s, ferma)
	var mu sync.Mutex
	detti := map[uuid.UUID]int{}
	var al sync.WaitGroup
	for k := range 16 {
		al.Go(func() {
			for range 100 {
				uno := sguardo()
				if err := r.Annota([]string{"PA42", "AG01"}[k%2], uno)(context.Background()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				detti[uno.Richiesta]++
				mu.Unlock()
			}
		})
	}
	al.Wait()
	r.Chiudi()
	for flusso, tutti := range registrati(t, s) {
		if !strings.HasPrefix(flusso, "accesso-") {
			t.Error(flusso)
		}
		for _, a := range tutti {
			detti[a.Richiesta]--
		}
	}
	for _, n := range detti {
		if n != 0 {
			t.Errorf("a record is there %d times too few", n)
		}
	}
}
