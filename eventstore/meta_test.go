package eventstore

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
)

func written(t testing.TB, change func(*domain.Meta)) []byte {
	t.Helper()
	m := domain.Meta{
		Comando: uuid.New(), Impronta: "b6", Correlazione: uuid.New(), Causa: uuid.New(), Attore: uuid.New(),
		Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "A01", Comuni: []string{"G273", "H501"}},
		Canale: domain.HTTP, Istante: time.Date(2026, 5, 4, 9, 0, 0, 123_000_000, time.UTC), Prev: domain.Digest{1}, Self: domain.Digest{2},
	}
	change(&m)
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMetadataAreReadAsJSONWould(t *testing.T) {
	for name, change := range map[string]func(*domain.Meta){
		"whole":               func(*domain.Meta) {},
		"zero":                func(m *domain.Meta) { *m = domain.Meta{} },
		"first of a stream":   func(m *domain.Meta) { m.Prev = domain.Digest{} },
		"whole ambito":        func(m *domain.Meta) { m.Territorio.Comuni = nil },
		"everywhere":          func(m *domain.Meta) { m.Territorio = domain.Territorio{} },
		"only comuni":         func(m *domain.Meta) { m.Territorio.Ambito = "" },
		"a quote":             func(m *domain.Meta) { m.Impronta = `a"b\c` },
		"a letter":            func(m *domain.Meta) { m.Ruolo = "È<" },
		"a brace in ambito":   func(m *domain.Meta) { m.Territorio.Ambito = `a}"b` },
		"a brace in a comune": func(m *domain.Meta) { m.Territorio.Comuni = []string{`}`, `{"`} },
	} {
		t.Run(name, func(t *testing.T) { sameAsJSON(t, written(t, change)) })
	}
}

func FuzzMetadataAreReadAsJSONWould(f *testing.F) {
	f.Add(written(f, func(*domain.Meta) {}))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) { sameAsJSON(t, b) })
}

func sameAsJSON(t *testing.T, b []byte) {
	t.Helper()
	var want domain.Meta
	wantErr := json.Unmarshal(b, &want)
	got, err := readMeta(b)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%v, JSON says %v: %s", err, wantErr, b)
	}
	if diff := cmp.Diff(want, got); err == nil && diff != "" {
		t.Errorf("%s\n%s", b, diff)
	}
}

func BenchmarkReadMeta(b *testing.B) {
	meta := written(b, func(*domain.Meta) {})
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			_, _ = readMeta(meta)
		}
	})
	b.Run("json", func(b *testing.B) {
		for b.Loop() {
			var m domain.Meta
			_ = json.Unmarshal(meta, &m)
		}
	})
}
