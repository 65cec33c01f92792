package protezioni_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/modeltest"
	"nucleo/projections/protezioni"
)

var (
	mattino       = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	uno, due, tre = id.CasoDi("D-1"), id.CasoDi("D-2"), id.CasoDi("D-3")
)

// storia protects one case from 8, another from 9 to 11 and again from 14 to 15,
// and leaves the third alone.
func storia() (log []domain.Recorded) {
	metti := func(c id.Caso, version uint64, ora int, e domain.Event) {
		n := len(log)
		log = append(log, domain.Recorded{
			ID: uuid.NewSHA1(uuid.Nil, []byte{byte(n)}), Stream: caso.Decider.Stream(c.String()), Subject: c.UUID, Type: e.EventType(), Event: e, Version: version, Position: uint64(n),
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(ora) * time.Hour)},
		})
	}
	metti(uno, 1, 0, caso.ProtezioneDisposta{Motivo: caso.Antiviolenza})
	metti(due, 1, 1, caso.ProtezioneDisposta{Motivo: caso.Notorieta})
	metti(tre, 1, 1, caso.AnnotazioneInserita{})
	metti(uno, 2, 2, caso.ProtezioneDisposta{Motivo: caso.TutelaMinori})
	metti(due, 2, 3, caso.ProtezioneRevocata{})
	metti(due, 3, 6, caso.ProtezioneDisposta{Motivo: caso.Notorieta})
	metti(due, 4, 7, caso.ProtezioneRevocata{})
	return log
}

func TestWhichCasesWereProtectedInATime(t *testing.T) {
	pool := modeltest.Pool(t, protezioni.Projection, storia()...)
	for about, c := range map[string]struct {
		dal, prima int // hours
		quali      []id.Caso
		vuole      []id.Caso
	}{
		"before":                   {-1, 0, []id.Caso{uno, due, tre}, nil},
		"the first hour":           {0, 1, []id.Caso{uno, due, tre}, []id.Caso{uno}},
		"the second":               {1, 2, []id.Caso{uno, due, tre}, []id.Caso{uno, due}},
		"in between, to be sure":   {4, 5, []id.Caso{due}, []id.Caso{due}},
		"the last of the second":   {6, 7, []id.Caso{due}, []id.Caso{due}},
		"when it is over":          {7, 9, []id.Caso{uno, due, tre}, []id.Caso{uno}},
		"cases that are asked for": {1, 2, []id.Caso{due, tre}, []id.Caso{due}},
		"none is asked for":        {1, 2, nil, nil},
	} {
		got, err := protezioni.Tra(t.Context(), pool, c.quali, mattino.Add(time.Duration(c.dal)*time.Hour), mattino.Add(time.Duration(c.prima)*time.Hour))
		perNome := func(a, b id.Caso) int { return slices.Compare(a.UUID[:], b.UUID[:]) }
		slices.SortFunc(got, perNome)
		slices.SortFunc(c.vuole, perNome)
		if !slices.Equal(got, c.vuole) || err != nil {
			t.Errorf("%s: %v, want %v (%v)", about, got, c.vuole, err)
		}
	}
}
