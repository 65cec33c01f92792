package domaintest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
)

// Golden holds the entries of an aggregate to their files
// testdata/events/NAME.json, and to what the files mean: examples holds the
// same events as Go values. A file must decode; a present event must be its
// example, encode to the same bytes, and have no field that is zero, so that
// every name is pinned. A file of an event that was lifted decodes into an
// example as well, one more of the event of today. No file may be without an
// entry. A file, once written, is never changed: events are stored for ever.
func Golden(t *testing.T, entries []domain.Entry, examples ...domain.Event) {
	t.Helper()
	catalog := domain.NewCatalog(domain.Aggregate{Entries: entries})
	for _, entry := range entries {
		t.Run(entry.Type, func(t *testing.T) { golden(t, catalog, entry.Type, examples) })
	}
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".json"); !slices.Contains(catalog.Types(), name) {
			t.Errorf("%s: no entry reads the event that it holds", file)
		}
	}
}

func golden(t *testing.T, catalog domain.Catalog, name string, examples []domain.Event) {
	stored, err := os.ReadFile(filepath.Join("testdata", "events", name+".json"))
	if err != nil {
		t.Fatalf("%v\nstore there, for ever, one line: %s", err, encoded(t, name, examples))
	}
	event, err := catalog.Decode(name, stored)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(examples, func(e domain.Event) bool { return reflect.DeepEqual(e, event) }) {
		t.Errorf("no example is what the file holds:\n%s", diff(event, examples))
	}
	if event.EventType() != name {
		return // an old shape, lifted
	}
	for _, field := range zeros(reflect.ValueOf(event), name) {
		t.Errorf("%s is zero: its name in JSON is not pinned", field)
	}
	again, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(stored)), string(again)); diff != "" {
		t.Errorf("encodes otherwise than stored (-stored +encoded)\n%s", diff)
	}
}

func encoded(t *testing.T, name string, examples []domain.Event) string {
	i := slices.IndexFunc(examples, func(e domain.Event) bool { return e.EventType() == name })
	if i < 0 {
		return "(give an example of it)"
	}
	b, err := json.Marshal(examples[i])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func diff(event domain.Event, examples []domain.Event) (diffs string) {
	for _, e := range examples {
		if reflect.TypeOf(e) == reflect.TypeOf(event) {
			diffs += cmp.Diff(e, event)
		}
	}
	return diffs
}

// zeros lists the exported fields that hold nothing, wherever they lie.
func zeros(v reflect.Value, path string) (found []string) {
	if v.IsZero() {
		return []string{path}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return zeros(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				found = append(found, zeros(v.Field(i), path+"."+f.Name)...)
			}
		}
	case reflect.Slice:
		if v.Len() == 0 {
			return []string{path}
		}
		for i := range v.Len() {
			found = append(found, zeros(v.Index(i), fmt.Sprintf("%s[%d]", path, i))...)
		}
	}
	return found
}
