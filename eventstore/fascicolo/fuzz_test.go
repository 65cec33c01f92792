package fascicolo

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzVerifica checks bundles of any form: nothing stops the reader, and what
// holds by the keys is what they sealed.
func FuzzVerifica(f *testing.F) {
	esempio, err := os.ReadFile(filepath.Join("testdata", "esempio.zip"))
	if err != nil {
		f.Fatal(err)
	}
	r := nuovo(f, 1)
	suo := r.scritto(f, r.contenuto(f, flusso, false))
	vero, err := Verifica(bytes.NewReader(suo), r.chiavi)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(esempio)
	f.Add(suo)
	f.Add(suo[:len(suo)/2])
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = Verifica(bytes.NewReader(b), nil)
		if e, err := Verifica(bytes.NewReader(b), r.chiavi); err == nil && (e.Flusso != vero.Flusso || e.Sigillo != vero.Sigillo) && !bytes.Equal(b, esempio) {
			t.Errorf("%+v passes for what was sealed", e)
		}
	})
}
