package sigilli_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

// registro is a log in memory, with who seals it.
type registro struct {
	eventi  []eventstore.Stored
	teste   map[string]domain.Head
	albero  sigilli.Albero
	foglie  []sigilli.Hash
	note    []string // the second place
	firma   note.Signer
	chiavi  note.Verifiers
	segreta string
}

func nuovo(t testing.TB) *registro {
	t.Helper()
	segreta, pubblica, err := sigilli.NuovaChiave(rand.Reader, "nucleo-prova")
	if err != nil {
		t.Fatal(err)
	}
	r := &registro{teste: map[string]domain.Head{}, segreta: segreta}
	if r.firma, err = note.NewSigner(segreta); err != nil {
		t.Fatal(err)
	}
	if r.chiavi, err = sigilli.Chiavi(pubblica); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *registro) scrivi(t testing.TB, flusso string, eventi ...domain.Event) {
	t.Helper()
	meta := storetest.Meta()
	meta.Comando = uuid.NewSHA1(uuid.Nil, []byte(fmt.Sprint(flusso, len(r.eventi))))
	batch, err := eventstore.Encode(flusso, r.teste[flusso], meta, eventi...)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range batch {
		e.Position = uint64(len(r.eventi)+1) * 100
		r.aggiungi(e)
	}
}

func (r *registro) aggiungi(e eventstore.Stored) {
	self, _ := eventstore.Fingerprint(e)
	r.eventi = append(r.eventi, e)
	r.teste[e.Stream] = domain.Head{Version: e.Version, Self: self}
	r.albero.Aggiungi(sigilli.Foglia(e))
	r.foglie = append(r.foglie, sigilli.Foglia(e))
}

// sigilla seals all that was written.
func (r *registro) sigilla(t testing.TB) {
	t.Helper()
	nota, err := sigilli.Firma(sigilli.Checkpoint{Origine: "nucleo-prova", Dimensione: r.albero.Dimensione(), Radice: r.albero.Radice()}, r.firma)
	if err != nil {
		t.Fatal(err)
	}
	r.note = append(r.note, nota)
	r.scrivi(t, sistema.FlussoSigilli, sistema.SigilloApposto{
		Dimensione: uint64(r.albero.Dimensione()), Radice: domain.Digest(r.albero.Radice()),
		Posizione: r.eventi[len(r.eventi)-1].Position, Nota: nota,
	})
}

// pieno is a log of three streams, and a seal after each six events.
func pieno(t testing.TB) *registro {
	r := nuovo(t)
	for i := range 18 {
		r.scrivi(t, fmt.Sprintf("prova-%d", i*i%3), storetest.Nota{Testo: fmt.Sprint("nota ", i), Numero: i})
		if i%6 == 5 {
			r.sigilla(t)
		}
	}
	return r
}

func (r *registro) All(_ context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range r.eventi {
			if (!resumed || e.Position > after) && !yield(e, nil) {
				return
			}
		}
	}
}

func (r *registro) Stored(_ context.Context, stream string) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range r.eventi {
			if e.Stream == stream && !yield(e, nil) {
				return
			}
		}
	}
}

// verifica is the check of what the log says, with what whoever sealed it kept.
func (r *registro) verifica(conFoglie bool) sigilli.Verifica {
	note := slices.Clone(r.note)
	v := sigilli.Verifica{Registro: r, Chiavi: r.chiavi, Altrove: func() (sigilli.Note, error) { return sigilli.Note{Note: note}, nil }}
	if conFoglie {
		foglie := slices.Clone(r.foglie)
		v.NumeroFoglie = int64(len(foglie))
		v.Foglie = func(_ context.Context, da, n int64) ([]sigilli.Hash, error) { return foglie[da : da+n], nil }
	}
	return v
}

// lettore reads hashes of the tree over leaves.
func lettore(t testing.TB, foglie []sigilli.Hash) tlog.HashReader {
	t.Helper()
	var tutti []tlog.Hash
	leggi := tlog.HashReaderFunc(func(indici []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indici {
			out = append(out, tutti[i])
		}
		return out, nil
	})
	for i, h := range foglie {
		nuovi, err := tlog.StoredHashesForRecordHash(int64(i), h, leggi)
		if err != nil {
			t.Fatal(err)
		}
		tutti = append(tutti, nuovi...)
	}
	return leggi
}
