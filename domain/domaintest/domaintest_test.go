package domaintest

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

type foglia struct {
	Testo  string
	Numero int
}

type radice struct {
	foglia // unexported: not stored by this name
	ID     uuid.UUID
	Foglie []foglia
	Punta  *foglia
	Vuote  []string
}

func TestZerosFindsEveryFieldThatHoldsNothing(t *testing.T) {
	v := radice{ID: uuid.UUID{1}, Foglie: []foglia{{"a", 1}, {"b", 0}}, Punta: &foglia{"", 2}, Vuote: []string{}}
	want := []string{"r.Foglie[1].Numero", "r.Punta.Testo", "r.Vuote"}
	if diff := cmp.Diff(want, zeros(reflect.ValueOf(v), "r")); diff != "" {
		t.Error(diff)
	}
}
