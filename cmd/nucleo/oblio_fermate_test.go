package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/oblio"
	"nucleo/domain/cancellazione"
	libro "nucleo/domain/oblio"
)

// errFermata stops an erasure.
var errFermata = errors.New("stopped here")

// fermano are keys that stop an erasure once, before they are destroyed or after.
type fermano struct {
	oblio.Chiavi
	prima, dopo bool
}

func (f *fermano) Distruggi(ctx context.Context, kids []uuid.UUID) error {
	if f.prima {
		return errFermata
	}
	if err := f.Chiavi.Distruggi(ctx, kids); err != nil || !f.dopo {
		return err
	}
	return errFermata
}

// An erasure that stops anywhere goes on when it is asked again: each entry of
// the ledger is there once, in both places, the keys are gone, and it is proven.
func TestAnErasureThatStopsAnywhereGoesOn(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), nil, "--casi", "12", "--seed", "5")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	i, s, comandi, fine := dentro(t, p.dir)
	defer fine()
	intero := *s.oblio
	fermate := []struct {
		dove  string
		ferma func(o *oblio.Oblio) context.Context
	}{
		{"the second place cannot be written", func(o *oblio.Oblio) context.Context {
			o.Secondo.Dir = filepath.Join(p.dir, "FORMATO") // a file
			return t.Context()
		}},
		{"before the keys are destroyed", func(o *oblio.Oblio) context.Context {
			o.Chiavi = &fermano{Chiavi: o.Chiavi, prima: true}
			return t.Context()
		}},
		{"after the keys are destroyed", func(o *oblio.Oblio) context.Context {
			o.Chiavi = &fermano{Chiavi: o.Chiavi, dopo: true}
			return t.Context()
		}},
		{"while the lists follow", func(o *oblio.Oblio) context.Context {
			o.Attendi = func(context.Context, uint64) ([]string, error) { return nil, errFermata }
			return t.Context()
		}},
	}
	tutti := soggetti(t, i, 3*len(fermate))
	for n, f := range fermate {
		c := chiesta(t, s, comandi, tutti[n])
		fermato := intero
		ctx := f.ferma(&fermato)
		if err := fermato.Esegui(ctx, c); err == nil {
			t.Fatalf("%s: it did not stop", f.dove)
		}
		ripreso := intero
		for range 2 {
			if err := ripreso.Esegui(t.Context(), c); err != nil {
				t.Fatalf("%s: %v", f.dove, err)
			}
		}
		st, err := comandi.StatoCancellazione(t.Context(), c)
		if err != nil || st.Stato != cancellazione.Provata || leggibile(t, i, tutti[n]) > 0 {
			t.Errorf("%s: it is %s, %v", f.dove, st.Stato, err)
		}
		if senza := strings.Contains(st.Prova.Testo, "ricerca per caso soltanto"); senza != (f.dove == "after the keys are destroyed" || f.dove == "while the lists follow") {
			t.Errorf("%s: the receipt says otherwise what was looked for:\n%s", f.dove, st.Prova.Testo)
		}
		if nel, altrove := voci(t, i, s); nel != n+1 || altrove != n+1 {
			t.Errorf("%s: %d entries in the log, %d in the second place, for %d erasures", f.dove, nel, altrove, n+1)
		}
	}
	uguali(t, s)
}

// voci are how many entries the ledger has, here and there.
func voci(t *testing.T, i *impianto, s *servizio) (nel, altrove int) {
	t.Helper()
	for e, err := range i.eventi().Stored(t.Context(), libro.Flusso) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Type != "" {
			nel++
		}
	}
	la, err := s.oblio.Secondo.Voci()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return nel, len(la.Voci)
}
