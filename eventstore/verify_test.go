package eventstore_test

import (
	"context"
	"encoding/hex"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/storetest"
)

// The vector that docs/formato-eventi.md publishes. It never changes: a program
// that computes another digest cannot read what is stored.
func TestTheChainIsThePublishedOne(t *testing.T) {
	meta := domain.Meta{
		Comando: uuid.MustParse("0b6ef4c2-3f0a-5a51-9d3c-0a4f3a1c7e55"), Impronta: "00ff",
		Correlazione: uuid.MustParse("11111111-1111-4111-8111-111111111111"), Causa: uuid.MustParse("22222222-2222-4222-8222-222222222222"),
		Attore: uuid.MustParse("33333333-3333-4333-8333-333333333333"), Ruolo: domain.CaseManager,
		Territorio: domain.Territorio{Ambito: "A01", Comuni: []string{"G273"}}, Canale: domain.HTTP, Istante: storetest.Alle,
	}
	batch, err := eventstore.Encode("prova-44444444-4444-4444-8444-444444444444", domain.Head{}, meta,
		storetest.Nota{Testo: "perché", Numero: 7}, storetest.Fine{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ id, data, meta string }{
		{"3b81edf5-3724-5aeb-b813-f0fdc181b569", `{"testo":"perché","numero":7}`, `{"comando":"0b6ef4c2-3f0a-5a51-9d3c-0a4f3a1c7e55","impronta":"00ff","$correlationId":"11111111-1111-4111-8111-111111111111","$causationId":"22222222-2222-4222-8222-222222222222","attore":"33333333-3333-4333-8333-333333333333","ruolo":"CASE_MANAGER","territorio":{"ambito":"A01","comuni":["G273"]},"canale":"HTTP","istante":"2026-05-04T09:00:00.123456Z","prev":"","self":"73ce5cea98788f3b3aaed4c7aa87bc36f5dd435bf262aea97d165a820a8b6c0e"}`},
		{"0ec76c0e-5914-5e8d-bbad-af90194fe885", `{}`, `{"comando":"0b6ef4c2-3f0a-5a51-9d3c-0a4f3a1c7e55","impronta":"00ff","$correlationId":"11111111-1111-4111-8111-111111111111","$causationId":"22222222-2222-4222-8222-222222222222","attore":"33333333-3333-4333-8333-333333333333","ruolo":"CASE_MANAGER","territorio":{"ambito":"A01","comuni":["G273"]},"canale":"HTTP","istante":"2026-05-04T09:00:00.123456Z","prev":"73ce5cea98788f3b3aaed4c7aa87bc36f5dd435bf262aea97d165a820a8b6c0e","self":"c5a021b64e66ba78ff28c2d58b70f1da5a25d2d3cc9979362ba60e92c22e8bd1"}`},
	} {
		got := batch[i]
		if got.ID.String() != want.id || string(got.Data) != want.data || string(got.Meta) != want.meta {
			t.Errorf("event %d:\n id   %s\n data %s (%s)\n meta %s", i, got.ID, got.Data, hex.EncodeToString(got.Data), got.Meta)
		}
	}
}

func TestVerifyChainNamesTheFirstBrokenEvent(t *testing.T) {
	edit := func(i int, f func(*eventstore.Stored)) func([]eventstore.Stored) []eventstore.Stored {
		return func(s []eventstore.Stored) []eventstore.Stored { f(&s[i]); return s }
	}
	inMeta := func(from, to string) func(*eventstore.Stored) {
		return func(e *eventstore.Stored) { e.Meta = []byte(strings.Replace(string(e.Meta), from, to, 1)) }
	}
	renumber := func(s []eventstore.Stored) []eventstore.Stored {
		for i := range s {
			s[i].Version = uint64(i) + 1
		}
		return s
	}
	forged := chain(t, "prova-a", domain.Head{Version: 2, Self: domain.Digest{9}}, 1)[0]
	for name, c := range map[string]struct {
		change func([]eventstore.Stored) []eventstore.Stored
		at     uint64
		damage eventstore.Damage
	}{
		"a letter of the data":      {edit(2, func(e *eventstore.Stored) { e.Data = []byte(`{"testo":"x","numero":2}`) }), 3, eventstore.EditedData},
		"the data of the last":      {edit(5, func(e *eventstore.Stored) { e.Data[2] ^= 1 }), 6, eventstore.EditedData},
		"the type":                  {edit(1, func(e *eventstore.Stored) { e.Type = "ProvaFine" }), 2, eventstore.EditedData},
		"a space in the metadata":   {edit(3, inMeta(`{`, `{ `)), 4, eventstore.EditedMetadata},
		"a key more":                {edit(3, inMeta(`{`, `{"x":1,`)), 4, eventstore.EditedMetadata},
		"metadata that are no JSON": {edit(0, inMeta(`{`, ``)), 1, eventstore.EditedMetadata},
		"another command": {edit(3, func(e *eventstore.Stored) {
			m := e.Recorded(storetest.Catalog).Meta
			e.Meta = []byte(strings.Replace(string(e.Meta), m.Comando.String(), uuid.NewString(), 1))
		}), 4, eventstore.EditedMetadata},
		"prev":                       {edit(3, inMeta(`"prev":"`, `"prev":"00`)), 4, eventstore.EditedMetadata},
		"the first is gone":          {func(s []eventstore.Stored) []eventstore.Stored { return s[1:] }, 1, eventstore.Missing},
		"one is gone":                {func(s []eventstore.Stored) []eventstore.Stored { return slices.Delete(s, 2, 3) }, 3, eventstore.Missing},
		"one is gone, renumbered":    {func(s []eventstore.Stored) []eventstore.Stored { return renumber(slices.Delete(s, 2, 3)) }, 3, eventstore.Missing},
		"three are gone, renumbered": {func(s []eventstore.Stored) []eventstore.Stored { return renumber(slices.Delete(s, 1, 4)) }, 2, eventstore.Missing},
		"one stands twice":           {func(s []eventstore.Stored) []eventstore.Stored { return slices.Insert(s, 3, s[2]) }, 4, eventstore.Inserted},
		"a copy, renumbered":         {func(s []eventstore.Stored) []eventstore.Stored { return renumber(slices.Insert(s, 4, s[1])) }, 5, eventstore.Inserted},
		"a forged one, renumbered": {func(s []eventstore.Stored) []eventstore.Stored {
			return renumber(slices.Insert(s, 2, foreign(s[2])))
		}, 3, eventstore.Inserted},
		"two changed places":          {func(s []eventstore.Stored) []eventstore.Stored { s[2], s[3] = s[3], s[2]; return renumber(s) }, 3, eventstore.Swapped},
		"the last two changed places": {func(s []eventstore.Stored) []eventstore.Stored { s[4], s[5] = s[5], s[4]; return renumber(s) }, 5, eventstore.Swapped},
		"one was written anew, alone": {edit(2, func(e *eventstore.Stored) { *e = forged }), 3, eventstore.Replaced},
		"one was written anew, and linked": {func(s []eventstore.Stored) []eventstore.Stored {
			at := s[1].Recorded(storetest.Catalog).Head()
			s[2] = chain(t, "prova-a", at, 1)[0]
			return s
		}, 3, eventstore.Replaced},
	} {
		t.Run(name, func(t *testing.T) {
			err := eventstore.VerifyChain(each(c.change(chain(t, "prova-a", domain.Head{}, 6))))
			var broken *eventstore.BrokenChain
			if !errors.As(err, &broken) || *broken != (eventstore.BrokenChain{Stream: "prova-a", Version: c.at, Damage: c.damage}) {
				t.Errorf("%v, want event %d %s", err, c.at, c.damage)
			}
		})
	}
	if err := eventstore.VerifyChain(each(chain(t, "prova-a", domain.Head{}, 6))); err != nil {
		t.Error("untouched:", err)
	}
}

// Every byte of an event is held by its digest.
func TestAnyChangedByteBreaksTheChain(t *testing.T) {
	for i := range len(chain(t, "prova-a", domain.Head{}, 2)[0].Meta) {
		s := chain(t, "prova-a", domain.Head{}, 2)
		s[0].Meta[i] ^= 1
		if eventstore.VerifyChain(each(s)) == nil {
			t.Errorf("byte %d of the metadata was changed unseen", i)
		}
	}
	for i := range len(chain(t, "prova-a", domain.Head{}, 2)[0].Data) {
		s := chain(t, "prova-a", domain.Head{}, 2)
		s[0].Data[i] ^= 1
		if eventstore.VerifyChain(each(s)) == nil {
			t.Errorf("byte %d of the data was changed unseen", i)
		}
	}
}

func TestNothingIsDecidedOnAChangedEvent(t *testing.T) {
	whole := chain(t, "prova-a", domain.Head{}, 2)
	for i := range whole[1].Meta {
		s := chain(t, "prova-a", domain.Head{}, 2)
		s[1].Meta[i] ^= 1
		if seen, err := readable(s); seen != 1 || !errors.As(err, new(*eventstore.BrokenChain)) {
			t.Errorf("byte %d of the metadata: %d events, then %v", i, seen, err)
		}
	}
	if seen, err := readable(whole); seen != 2 || err != nil {
		t.Errorf("untouched: %d events, then %v", seen, err)
	}
	if seen, err := readable(whole[1:]); seen != 0 || !errors.As(err, new(*eventstore.BrokenChain)) {
		t.Errorf("without the first: %d events, then %v", seen, err)
	}
}

func readable(s []eventstore.Stored) (seen int, failed error) {
	for _, err := range eventstore.Readable(context.Background(), each(s), storetest.Catalog, nil) {
		if failed = err; err == nil {
			seen++
		}
	}
	return seen, failed
}

// chain is a stream of n events of n commands.
func chain(t *testing.T, stream string, at domain.Head, n int) (all []eventstore.Stored) {
	t.Helper()
	for i := range n {
		meta := storetest.Meta()
		batch, err := eventstore.Encode(stream, at, meta, storetest.Nota{Testo: "nota", Numero: i})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, batch...)
		at = batch[0].Recorded(storetest.Catalog).Head()
	}
	return all
}

// foreign is an event with data of somebody else's making.
func foreign(e eventstore.Stored) eventstore.Stored {
	e.Data = []byte(`{"testo":"mai scritta","numero":0}`)
	return e
}

func each(all []eventstore.Stored) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}
