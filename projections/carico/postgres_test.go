package carico_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/carico"
	"nucleo/projections/modeltest"
)

func TestTheNumbersAreThoseOfWhoWasAskedFor(t *testing.T) {
	anna, bruno, carlo := id.New[id.Operatore](), id.New[id.Operatore](), id.New[id.Operatore]()
	var log []domain.Recorded
	for i, cm := range []id.Operatore{anna, bruno, anna, anna} {
		c := id.CasoDi(string(rune('a' + i)))
		log = append(log, record(c, caso.DomandaRicevuta{IDDomanda: c.String()}), record(c, caso.Assegnato{CaseManager: cm, Modalita: caso.Manuale}))
	}
	log = append(log, record(id.CasoDi("a"), caso.Riassegnato{Da: anna, A: carlo, Motivo: "ferie"}))
	for i := range log {
		log[i].Position, log[i].ID = uint64(i), uuid.New()
	}
	pool := modeltest.Pool(t, carico.Projection, log...)
	got, err := carico.Di(t.Context(), pool, anna, bruno, id.New[id.Operatore]())
	want := map[id.Operatore]carico.Conti{anna: {DaMonitorare: 2}, bruno: {DaMonitorare: 1}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err := carico.Di(t.Context(), pool); len(got) > 0 || err != nil {
		t.Error(got, err)
	}
}
