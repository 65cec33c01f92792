package domain_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nucleo/domain"
)

// FuzzDecode reads stored events of every type and shape. What passes reads
// the same once it was written again; what does not is refused without a word
// of what it said.
func FuzzDecode(f *testing.F) {
	catalog := domain.NewCatalog(aggregates...)
	files, err := filepath.Glob(filepath.Join("*", "testdata", "events", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(strings.TrimSuffix(filepath.Base(file), ".json"), data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		e, err := catalog.Decode(name, data)
		if err != nil {
			return
		}
		first, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		again, err := catalog.Decode(e.EventType(), first)
		if err != nil {
			t.Fatalf("%s was read of %q, and not of %q: %v", name, data, first, err)
		}
		if second, err := json.Marshal(again); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%q was written again as %q (%v)", first, second, err)
		}
	})
}
