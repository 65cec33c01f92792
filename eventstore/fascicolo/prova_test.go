package fascicolo

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
)

const (
	flusso = "caso-0b6ef4c2-3f0a-5a51-9d3c-0a4f3a1c7e55"
	altro  = "caso-11111111-3f0a-5a51-9d3c-0a4f3a1c7e55"
	// That of docs/formato-eventi.md.
	sigillato = `{"sigillati":[{"sog":"persona/aaaaaaaa-0000-4000-8000-000000000001","kid":"00000001-0000-0000-0000-000000000000","dove":["/persone/0"],"imp":"EtSqEdp8kGLIG8b-U9Fs9g","n":"AQEBAQEBAQEBAQEB","ct":"M2hmWZilw9tK-BTIMlMZ_MToj0HoVpNxLQenPgsKDxK0"},{"sog":"documento/3b81edf5-3724-5aeb-b813-f0fdc181b569","kid":"00000002-0000-0000-0000-000000000000","dove":[""],"imp":"CnQgdKp5qA9x3fI6DYktgQ","n":"AgICAgICAgICAgIC","ct":"V5Co46Y43reqmSIPNBlDubNPiuANxM-eJgQl7kVMQw0vY988jeE"}],"persone":[{"componente_id":"aaaaaaaa-0000-4000-8000-000000000001"}],"comune":"G273"}`
)

// cassetto has the keys of that event.
type cassetto struct{ distrutta uuid.UUID }

func (cassetto) Make(context.Context, int) ([]sealing.Key, error) { return nil, fmt.Errorf("none") }

func (c cassetto) Find(_ context.Context, ids []uuid.UUID) (there []sealing.Key, destroyed []uuid.UUID, err error) {
	for _, id := range ids {
		segreto, _ := hex.DecodeString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
		segreto[0] = id[3] - 1
		if id == c.distrutta {
			destroyed = append(destroyed, id)
			continue
		}
		there = append(there, sealing.Key{ID: id, Secret: sealing.Secret(segreto)})
	}
	return there, destroyed, nil
}

// registro is a log with two cases, and who seals it. All of it is made of
// fixed values.
type registro struct {
	eventi   []eventstore.Stored
	foglie   []sigilli.Hash
	firma    note.Signer
	pubblica string
	chiavi   note.Verifiers
	nota     string
	prima    string // an earlier seal
}

func nuovo(t testing.TB, seme byte) *registro {
	t.Helper()
	segreta, pubblica, err := sigilli.NuovaChiave(rand.NewChaCha8([32]byte{seme}), "nucleo-esempio")
	if err != nil {
		t.Fatal(err)
	}
	r := &registro{pubblica: pubblica}
	if r.firma, err = note.NewSigner(segreta); err != nil {
		t.Fatal(err)
	}
	if r.chiavi, err = sigilli.Chiavi(pubblica); err != nil {
		t.Fatal(err)
	}
	teste := map[string]domain.Head{}
	for i := range 10 {
		f := flusso
		if i%3 == 1 {
			f = altro
		}
		meta := storetest.Meta()
		meta.Comando, meta.Correlazione, meta.Causa, meta.Attore = uuid.UUID{1, byte(i)}, uuid.UUID{2, byte(i)}, uuid.UUID{1, byte(i)}, uuid.UUID{3}
		meta.Istante = storetest.Alle.Add(time.Duration(i) * time.Hour)
		batch, err := eventstore.Encode(f, teste[f], meta, storetest.Nota{Testo: fmt.Sprint("perché <", i, ">"), Numero: i})
		if err != nil {
			t.Fatal(err)
		}
		e := batch[0]
		e.Position = uint64(i+1) * 100
		if i == 2 {
			e.ID, e.Type, e.Data = uuid.MustParse("3b81edf5-3724-5aeb-b813-f0fdc181b569"), "Prova", []byte(sigillato)
		}
		e, teste[f] = storetest.Rechain(e, teste[f])
		r.eventi, r.foglie = append(r.eventi, e), append(r.foglie, sigilli.Foglia(e))
		if i == 8 {
			r.prima = r.sigillo(t)
		}
	}
	r.nota = r.sigillo(t)
	return r
}

func (r *registro) sigillo(t testing.TB) string {
	t.Helper()
	var a sigilli.Albero
	for _, f := range r.foglie {
		a.Aggiungi(f)
	}
	nota, err := sigilli.Firma(sigilli.Checkpoint{Origine: "nucleo-esempio", Dimensione: a.Dimensione(), Radice: a.Radice()}, r.firma)
	if err != nil {
		t.Fatal(err)
	}
	return nota
}

func (r *registro) prova(t testing.TB, indice int64) sigilli.Inclusione {
	t.Helper()
	var tutti []sigilli.Hash
	for i, f := range r.foglie {
		hash, err := tlog.StoredHashesForRecordHash(int64(i), f, tlog.HashReaderFunc(func(indici []int64) (out []sigilli.Hash, err error) {
			for _, i := range indici {
				out = append(out, tutti[i])
			}
			return out, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		tutti = append(tutti, hash...)
	}
	p, err := sigilli.ProvaInclusione(indice, r.nota, tlog.HashReaderFunc(func(indici []int64) (out []sigilli.Hash, err error) {
		for _, i := range indici {
			out = append(out, tutti[i])
		}
		return out, nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// contenuto is what the bundle of a case holds.
func (r *registro) contenuto(t testing.TB, flusso string, aperto bool) Fascicolo {
	t.Helper()
	f := Fascicolo{
		Chiavi: []string{r.pubblica}, Composto: storetest.Alle.AddDate(0, 1, 0), Componente: "nucleo prova",
		Pagina: []byte("<!DOCTYPE html>\n<html lang=\"it\"><title>Esempio</title><p>Perché no.</p></html>\n"),
	}
	for i, e := range r.eventi {
		if e.Stream == flusso {
			f.Eventi, f.Prove = append(f.Eventi, e), append(f.Prove, r.prova(t, int64(i)))
		}
	}
	if !aperto {
		return f
	}
	f.Apertura = &Apertura{ID: uuid.MustParse("6f2b7a52-4d0a-5b7e-9c3d-1f1f5a0b7c11"), Dal: "2026-05-01", Al: "2026-05-31"}
	dette, err := eventstore.NewKeys(cassetto{}).Disclose(t.Context(), f.Eventi)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range dette {
		if len(d.Openings) > 0 {
			f.Aperti = append(f.Aperti, Aperto{f.Eventi[i].Version, d})
		}
	}
	return f
}

func (r *registro) scritto(t testing.TB, f Fascicolo) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Scrivi(&b, f, r.firma); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// righe are the lines of a file.
func righe(b []byte) []string { return slices.Collect(strings.Lines(string(b))) }
