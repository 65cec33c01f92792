package node_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"
)

func TestStreamReadsThroughTheClient(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", events(10)...)
	for name, q := range map[string]struct {
		o     esdb.ReadStreamOptions
		count uint64
		want  []uint64
	}{
		"forwards from the start":   {esdb.ReadStreamOptions{From: esdb.Start{}}, 3, []uint64{0, 1, 2}},
		"forwards from a revision":  {esdb.ReadStreamOptions{From: esdb.Revision(8)}, 9, []uint64{8, 9}},
		"forwards beyond the end":   {esdb.ReadStreamOptions{From: esdb.Revision(80)}, 9, []uint64{}},
		"backwards from the end":    {esdb.ReadStreamOptions{From: esdb.End{}, Direction: esdb.Backwards}, 3, []uint64{9, 8, 7}},
		"backwards from a revision": {esdb.ReadStreamOptions{From: esdb.Revision(1), Direction: esdb.Backwards}, 5, []uint64{1, 0}},
		"backwards from beyond":     {esdb.ReadStreamOptions{From: esdb.Revision(80), Direction: esdb.Backwards}, 2, []uint64{9, 8}},
	} {
		got, err := read(t, c, "s", q.o, q.count)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(q.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadsOfStreamsThatAreNotThere(t *testing.T) {
	c := connect(t, start(t).Address())
	softDeleted(t, c, "soft")
	tombstoned(t, c, "hard")
	appendTo(t, c, "cut", event("t"))
	meta := esdb.StreamMetadata{}
	meta.SetTruncateBefore(5)
	if _, err := c.SetStreamMetadata(within(t, 5*time.Second), "cut", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, meta); err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]esdb.ErrorCode{
		"never": esdb.ErrorCodeResourceNotFound, "soft": esdb.ErrorCodeResourceNotFound,
		"hard": esdb.ErrorCodeStreamDeleted, "$$hard": esdb.ErrorCodeStreamDeleted, "cut": -1,
	} {
		got, err := read(t, c, stream, esdb.ReadStreamOptions{}, 10)
		if code := codeOf(err); code != want || len(got) > 0 {
			t.Errorf("%s: %v, %v; want code %d", stream, got, err, want)
		}
	}
}

func TestMetadataThroughTheClient(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", events(5)...)
	meta := esdb.StreamMetadata{}
	meta.SetMaxCount(2)
	meta.AddCustomProperty("colour", "red")
	if _, err := c.SetStreamMetadata(within(t, 5*time.Second), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, meta); err != nil {
		t.Fatal(err)
	}
	got, err := read(t, c, "s", esdb.ReadStreamOptions{}, 10)
	if d := cmp.Diff([]uint64{3, 4}, got); err != nil || d != "" {
		t.Error(err, d)
	}
	if _, err := c.DeleteStream(within(t, 5*time.Second), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
	appendTo(t, c, "s", event("t"))
	got, err = read(t, c, "s", esdb.ReadStreamOptions{}, 10)
	if d := cmp.Diff([]uint64{5}, got); err != nil || d != "" {
		t.Error("after an undelete", err, d)
	}
}

func readAll(t *testing.T, c *esdb.Client, o esdb.ReadAllOptions, count uint64) []*esdb.ResolvedEvent {
	t.Helper()
	s, err := c.ReadAll(within(t, 10*time.Second), o, count)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out []*esdb.ResolvedEvent
	for {
		e, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
}

func positionsOf(events []*esdb.ResolvedEvent) (out []uint64) {
	for _, e := range events {
		out = append(out, e.OriginalEvent().Position.Commit)
	}
	return out
}

func TestReadsOfAllThroughTheClient(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "a", events(3)...)
	appendTo(t, c, "b", events(3)...)
	log := positionsOf(readAll(t, c, esdb.ReadAllOptions{From: esdb.Start{}}, 100))
	if len(log) != 6 || log[0] == 0 {
		t.Fatalf("positions %v", log)
	}
	at := esdb.Position{Commit: log[2], Prepare: log[2]}
	for name, q := range map[string]struct {
		o    esdb.ReadAllOptions
		want []uint64
	}{
		"forwards is inclusive":    {esdb.ReadAllOptions{From: at}, log[2:4]},
		"backwards is exclusive":   {esdb.ReadAllOptions{From: at, Direction: esdb.Backwards}, []uint64{log[1], log[0]}},
		"backwards from the end":   {esdb.ReadAllOptions{From: esdb.End{}, Direction: esdb.Backwards}, []uint64{log[5], log[4]}},
		"backwards from the start": {esdb.ReadAllOptions{From: esdb.Start{}, Direction: esdb.Backwards}, nil},
	} {
		if d := cmp.Diff(q.want, positionsOf(readAll(t, c, q.o, 2))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestLinksAreResolved(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "target", events(3)...)
	link, broken := event("$>"), event("$>")
	link.Data, broken.Data = []byte("1@target"), []byte("9@nobody")
	appendTo(t, c, "links", link, broken)
	s, err := c.ReadStream(within(t, 5*time.Second), "links", esdb.ReadStreamOptions{ResolveLinkTos: true}, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	first, err := s.Recv()
	if err != nil || first.Event == nil || first.Event.StreamID != "target" || first.Event.EventNumber != 1 || first.Link.StreamID != "links" {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := s.Recv()
	if err != nil || second.Event != nil || second.Link == nil {
		t.Fatalf("%+v, %v", second, err)
	}
}

func TestWrongVersionOnADeletion(t *testing.T) {
	c := connect(t, start(t).Address())
	appendTo(t, c, "s", event("t"))
	if _, err := c.DeleteStream(within(t, 5*time.Second), "s", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(4)}); err == nil {
		t.Error("a deletion at the wrong revision was done")
	}
	if _, err := c.DeleteStream(within(t, 5*time.Second), "never", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err == nil {
		t.Error("a stream that never existed was deleted")
	}
	r, err := c.TombstoneStream(within(t, 5*time.Second), "never", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.NoStream{}})
	if err != nil || r.Position.Commit == 0 {
		t.Errorf("tombstone of a stream that never existed: %+v, %v", r, err)
	}
}
