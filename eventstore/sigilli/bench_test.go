package sigilli_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/storetest"
)

// BenchmarkVerifica holds a log in its file against everything, as nucleo
// verifica --tutto does, and passes a bare SHA-256 over the same bytes: the
// first wants to be at least a quarter as fast, on one core (VER).
func BenchmarkVerifica(b *testing.B) {
	r := nuovo(b)
	testo := strings.Repeat("0123456789abcdef", 60) // about what an event of a case holds
	for i := range 5000 {
		r.scrivi(b, fmt.Sprintf("prova-%d", i%400), storetest.Nota{Testo: testo, Numero: i})
		if i%1000 == 999 {
			r.sigilla(b)
		}
	}
	dir := b.TempDir()
	scriviFile(b, dir, r.eventi)
	l, err := eventlog.Open(filepath.Join(dir, nomeFile), eventlog.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	var tutto [][]byte
	byte := int64(0)
	for _, e := range r.eventi {
		tutto = append(tutto, e.Data, e.Meta)
		byte += int64(len(e.Data) + len(e.Meta))
	}
	b.Run("verifica", func(b *testing.B) {
		b.SetBytes(byte)
		for b.Loop() {
			c, err := l.Check(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			v := r.verifica(false)
			v.Registro = eventstore.Checking{Direct: eventstore.Direct{Log: l, Catalog: catalogo}, Check: c}
			if _, err := v.Esegui(b.Context()); err != nil {
				b.Fatal(err)
			}
			if err := c.End(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sha256", func(b *testing.B) {
		b.SetBytes(byte)
		for b.Loop() {
			h := sha256.New()
			for _, x := range tutto {
				_, _ = h.Write(x)
			}
			_ = h.Sum(nil)
		}
	})
}
