package node_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

const (
	written = "written" // or answered as written before
	wrong   = "wrong version"
	deleted = "deleted"
)

// named gives events whose ids follow from letters, so that a test can repeat them.
func named(letters string) []esdb.EventData {
	out := make([]esdb.EventData, len(letters))
	for i, l := range letters {
		out[i] = event("t")
		out[i].EventID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(string(l)))
	}
	return out
}

// try appends and says what came of it, with the revision it ended at.
func try(t *testing.T, c *esdb.Client, stream string, expected esdb.ExpectedRevision, letters string) string {
	t.Helper()
	r, err := c.AppendToStream(within(t, 10*time.Second), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, named(letters)...)
	switch codeOf(err) {
	case esdb.ErrorCodeWrongExpectedVersion:
		return wrong
	case esdb.ErrorCodeStreamDeleted:
		return deleted
	case -1:
		if r.CommitPosition == 0 {
			t.Errorf("no position in %+v", r)
		}
		return fmt.Sprintf("%s %d", written, r.NextExpectedVersion)
	}
	t.Fatalf("append to %s: %v", stream, err)
	return ""
}

type given func(t *testing.T, c *esdb.Client, stream string)

func nothing(*testing.T, *esdb.Client, string) {}

func threeEvents(t *testing.T, c *esdb.Client, s string) {
	if got := try(t, c, s, esdb.NoStream{}, "abc"); got != "written 2" {
		t.Fatal(got)
	}
}

func softDeleted(t *testing.T, c *esdb.Client, s string) {
	threeEvents(t, c, s)
	if _, err := c.DeleteStream(within(t, 5*time.Second), s, esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
}

func tombstoned(t *testing.T, c *esdb.Client, s string) {
	threeEvents(t, c, s)
	if _, err := c.TombstoneStream(within(t, 5*time.Second), s, esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
		t.Fatal(err)
	}
}

func metadataOnly(t *testing.T, c *esdb.Client, s string) {
	o := esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}
	if _, err := c.SetStreamMetadata(within(t, 5*time.Second), s, o, esdb.StreamMetadata{}); err != nil {
		t.Fatal(err)
	}
}

func TestTheDecisionTableHoldsThroughTheClient(t *testing.T) {
	for _, row := range []struct {
		name     string
		given    given
		expected esdb.ExpectedRevision
		letters  string
		want     string
	}{
		{"1 tombstoned, any", tombstoned, esdb.Any{}, "x", deleted},
		{"1 tombstoned, no stream", tombstoned, esdb.NoStream{}, "x", deleted},
		{"1 tombstoned, stream exists", tombstoned, esdb.StreamExists{}, "x", deleted},
		{"1 tombstoned, its revision", tombstoned, esdb.Revision(2), "x", deleted},
		{"2 soft deleted, stream exists", softDeleted, esdb.StreamExists{}, "x", deleted},
		{"3 never written, stream exists", nothing, esdb.StreamExists{}, "x", wrong},
		{"3 metadata only, stream exists", metadataOnly, esdb.StreamExists{}, "x", "written 0"},
		{"4 any, new", threeEvents, esdb.Any{}, "x", "written 3"},
		{"4 any, all known", threeEvents, esdb.Any{}, "ab", "written 1"},
		{"4 any, first known", threeEvents, esdb.Any{}, "ax", wrong},
		{"4 any, new then known", threeEvents, esdb.Any{}, "xa", "written 4"},
		{"4 any, soft deleted", softDeleted, esdb.Any{}, "x", "written 3"},
		{"4 stream exists, new", threeEvents, esdb.StreamExists{}, "x", "written 3"},
		{"5 earlier, same ids", threeEvents, esdb.Revision(0), "bc", "written 2"},
		{"5 earlier, a prefix", threeEvents, esdb.NoStream{}, "ab", "written 1"},
		{"5 earlier, extended", threeEvents, esdb.NoStream{}, "abcd", wrong},
		{"5 earlier, other ids", threeEvents, esdb.Revision(0), "x", wrong},
		{"5 earlier, later id differs", threeEvents, esdb.Revision(0), "bx", wrong},
		{"5 no stream, but there is one", threeEvents, esdb.NoStream{}, "x", wrong},
		{"5 no stream, soft deleted, new id", softDeleted, esdb.NoStream{}, "x", "written 3"},
		{"5 no stream, soft deleted, old id", softDeleted, esdb.NoStream{}, "a", "written 0"},
		{"6 ahead", threeEvents, esdb.Revision(3), "x", wrong},
		{"6 ahead of nothing", nothing, esdb.Revision(0), "x", wrong},
		{"7 exact", threeEvents, esdb.Revision(2), "x", "written 3"},
		{"7 exact, known id is written twice", threeEvents, esdb.Revision(2), "c", "written 3"},
		{"7 no stream", nothing, esdb.NoStream{}, "x", "written 0"},
		{"7 exact, soft deleted", softDeleted, esdb.Revision(2), "x", "written 3"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := connect(t, start(t).Address()) // a node each: ids are one key space
			row.given(t, c, "s")
			if d := cmp.Diff(row.want, try(t, c, "s", row.expected, row.letters)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The sequences of EventStoreDB's own idempotency tests, named as there: the events
// written first, then the write that is tried; "em1" is NoStream.
func TestIdempotencySequences(t *testing.T) {
	const six = "abcdef" // 0em1 1e0 2e1 3e2 4e3 5e4
	for name, c := range map[string]struct {
		before, then string
		expected     esdb.ExpectedRevision
		want         string
	}{
		"0em1_0any":                             {"a", "a", esdb.Any{}, "written 0"},
		"0em1_0em1":                             {"a", "a", esdb.NoStream{}, "written 0"},
		"0em1_0e0_non_idem":                     {"a", "a", esdb.Revision(0), "written 1"},
		"0em1_1e0_…5e4_0em1":                    {six, "a", esdb.NoStream{}, "written 0"},
		"0em1_1e0_…5e4_0any":                    {six, "a", esdb.Any{}, "written 0"},
		"0em1_1e0_…5e4_0e4_wev":                 {six, "a", esdb.Revision(4), wrong},
		"0em1_1e0_…5e4_0e5":                     {six, "a", esdb.Revision(5), "written 6"},
		"0em1_1e0_…5e4_0e6_wev":                 {six, "a", esdb.Revision(6), wrong},
		"0em1_1e0_…5e4_5e4":                     {six, "f", esdb.Revision(4), "written 5"},
		"0em1_1e0_…5e4_2any":                    {six, "c", esdb.Any{}, "written 2"},
		"S_0em1_1em1_E_S_0em1_E":                {"ab", "a", esdb.NoStream{}, "written 0"},
		"S_0em1_1em1_E_S_0any_E":                {"ab", "a", esdb.Any{}, "written 0"},
		"S_0em1_1em1_E_S_1e0_E":                 {"ab", "b", esdb.Revision(0), "written 1"},
		"S_0em1_1em1_E_S_1any_E":                {"ab", "b", esdb.Any{}, "written 1"},
		"S_0em1_1em1_E_S_0em1_1em1_2em1_E_fail": {"ab", "abc", esdb.NoStream{}, wrong},
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t, start(t).Address())
			try(t, client, "s", esdb.NoStream{}, c.before)
			if d := cmp.Diff(c.want, try(t, client, "s", c.expected, c.then)); d != "" {
				t.Error(d)
			}
			got, err := read(t, client, "s", esdb.ReadStreamOptions{}, 100)
			if err != nil || len(got) < len(c.before) {
				t.Errorf("the stream holds %v, %v", got, err)
			}
		})
	}
}

func TestExplicitRevisionsStayIdempotentAfterARestart(t *testing.T) {
	dir := t.TempDir()
	first := startIn(t, dir)
	try(t, connect(t, first.Address()), "s", esdb.NoStream{}, "abc")
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	c := connect(t, startIn(t, dir).Address())
	if got := try(t, c, "s", esdb.NoStream{}, "abc"); got != "written 2" {
		t.Error(got)
	}
	if got := try(t, c, "s", esdb.Revision(0), "b"); got != "written 1" {
		t.Error(got)
	}
}

func TestAWrongVersionNamesBothRevisions(t *testing.T) {
	c := connect(t, start(t).Address())
	try(t, c, "s", esdb.NoStream{}, "ab")
	_, err := c.AppendToStream(within(t, 5*time.Second), "s", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(7)}, event("t"))
	var e *esdb.Error
	if !errors.As(err, &e) || e.Code() != esdb.ErrorCodeWrongExpectedVersion {
		t.Fatal(err)
	}
}
