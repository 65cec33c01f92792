package cronologia_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain/id"
	"nucleo/projections/cronologia"
	"nucleo/projections/modeltest"
)

func TestTheChronologyOfACaseIsReadInOrder(t *testing.T) {
	log := storia()
	for i := range log {
		log[i].ID = uuid.New()
	}
	pool := modeltest.Pool(t, cronologia.Projection, log...)
	got, err := cronologia.Di(t.Context(), pool, c)
	if diff := cmp.Diff(attese(), got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err := cronologia.Di(t.Context(), pool, id.CasoDi("another")); len(got) > 0 || err != nil {
		t.Error(got, err)
	}
}
