package tracciato_test

import (
	"strings"
	"testing"

	"nucleo/commands/tracciato"
)

// FuzzVariazioni reads whatever: each line is told of once, in order.
func FuzzVariazioni(f *testing.F) {
	for _, s := range []string{`{"id_domanda":"INPS-RDC-2026-1","tipo":"NUCLEO","al":"2026-02-01"}`, "{}\n[]\n\n", `{"a":{"b":[1,"]"]}}`, "\xff\n{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		ultima := 0
		for riga, err := range tracciato.Variazioni(strings.NewReader(string(b)), oggi) {
			if err != nil {
				return
			}
			if riga.Numero < ultima {
				t.Errorf("row %d after %d of %q", riga.Numero, ultima, b)
			}
			ultima = riga.Numero
		}
	})
}
