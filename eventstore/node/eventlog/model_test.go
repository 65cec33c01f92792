package eventlog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"nucleo/eventstore/node/eventlog"
)

// model is the log as a few maps: what the rules say, without any storage.
type model struct {
	streams map[string][]uuid.UUID // ids by revision
	dead    map[string]bool
	meta    map[string]modelMeta
	cache   map[uuid.UUID]modelPlace // lost on a reopen
	order   []modelPlace             // $all
}

type modelMeta struct {
	TB    int64 `json:"$tb"`
	Count int64 `json:"$maxCount"`
	raw   string
}

type modelPlace struct {
	Stream   string
	Revision int64
}

func newModel() *model {
	return &model{streams: map[string][]uuid.UUID{}, dead: map[string]bool{}, meta: map[string]modelMeta{}, cache: map[uuid.UUID]modelPlace{}}
}

func (m *model) last(s string) int64 { return int64(len(m.streams[s])) - 1 }

func (m *model) put(s string, id uuid.UUID, data string) {
	m.streams[s] = append(m.streams[s], id)
	at := modelPlace{s, m.last(s)}
	if _, known := m.cache[id]; !known {
		m.cache[id] = at
	}
	m.order = append(m.order, at)
	if s[0] == '$' {
		meta := modelMeta{raw: data}
		if json.Unmarshal([]byte(data), &meta) != nil {
			meta = modelMeta{raw: data}
		}
		m.meta[s[2:]] = meta
	}
}

type outcome struct {
	Kind string
	Rev  int64
}

// append follows the decision table, row by row.
func (m *model) append(s string, expected int64, ids []uuid.UUID, data string) outcome {
	base := s
	if s[0] == '$' {
		base = s[2:]
	}
	cur := m.last(s)
	soft := s == base && m.meta[s].TB == math.MaxInt64
	switch {
	case m.dead[base]: // row 1
		return outcome{"deleted", 0}
	case expected == eventlog.StreamExists && soft: // row 2
		return outcome{"deleted", 0}
	case expected == eventlog.StreamExists && cur < 0 && (s != base || m.last("$$"+s) < 0): // row 3
		return outcome{"wrong", cur}
	case expected == eventlog.Any || expected == eventlog.StreamExists: // row 4
		for i, id := range ids {
			at, known := m.cache[id]
			if !known || at.Stream != s {
				if i == 0 {
					return m.write(s, base, ids, soft, data)
				}
				return outcome{"wrong", cur}
			}
		}
		return outcome{"ok", m.cache[ids[len(ids)-1]].Revision}
	case expected < cur: // row 5
		for i, id := range ids {
			n := expected + 1 + int64(i)
			first, known := m.cache[id]
			if (n <= cur && m.streams[s][n] == id) || (known && first == modelPlace{s, n}) {
				continue
			}
			if i == 0 && expected == eventlog.NoStream && soft {
				return m.write(s, base, ids, soft, data)
			}
			return outcome{"wrong", cur}
		}
		return outcome{"ok", expected + int64(len(ids))}
	case expected > cur: // row 6
		return outcome{"wrong", cur}
	}
	return m.write(s, base, ids, soft, data) // row 7
}

func (m *model) write(s, base string, ids []uuid.UUID, soft bool, data string) outcome {
	cur := m.last(s)
	revives := s != base && m.meta[base].TB == math.MaxInt64
	for _, id := range ids {
		m.put(s, id, data)
	}
	out := outcome{"ok", m.last(s)}
	if soft {
		m.undelete(s, cur+1)
	} else if revives {
		m.undelete(base, m.last(base)+1)
	}
	return out
}

func (m *model) undelete(s string, from int64) {
	keys := map[string]any{}
	_ = json.Unmarshal([]byte(m.meta[s].raw), &keys)
	keys["$tb"] = from
	raw, _ := json.Marshal(keys)
	m.put("$$"+s, uuid.New(), string(raw))
}

func (m *model) delete(s string, expected int64) outcome {
	probe := m.peek(s, expected)
	if probe.Kind != "ok" {
		return probe
	}
	if m.last(s) < 0 && m.last("$$"+s) < 0 {
		return outcome{"wrong", -1}
	}
	m.put("$$"+s, uuid.New(), `{"$tb":9223372036854775807}`)
	return outcome{"ok", m.last(s)}
}

func (m *model) tombstone(s string, expected int64) outcome {
	if probe := m.peek(s, expected); probe.Kind != "ok" {
		return probe
	}
	m.dead[s] = true
	m.order = append(m.order, modelPlace{s, eventlog.Tombstone})
	return outcome{"ok", eventlog.Tombstone}
}

// peek asks what an append of one new event would get, without doing it.
func (m *model) peek(s string, expected int64) outcome {
	soft, cur := m.meta[s].TB == math.MaxInt64, m.last(s)
	switch {
	case m.dead[s], expected == eventlog.StreamExists && soft:
		return outcome{"deleted", 0}
	case expected == eventlog.StreamExists && cur < 0 && m.last("$$"+s) < 0:
		return outcome{"wrong", cur}
	case expected >= -1 && expected != cur && (expected != eventlog.NoStream || !soft):
		return outcome{"wrong", cur}
	}
	return outcome{"ok", 0}
}

func (m *model) read(s string) (visible []int64, kind string) {
	base, meta := s, modelMeta{}
	if s[0] == '$' {
		base, meta = s[2:], modelMeta{Count: 1}
	} else {
		meta = m.meta[s]
	}
	switch {
	case m.dead[base]:
		return nil, "deleted"
	case m.last(s) < 0 || meta.TB == math.MaxInt64:
		return nil, "not found"
	}
	from := max(meta.TB, 0)
	if meta.Count > 0 {
		from = max(from, m.last(s)-meta.Count+1)
	}
	for r := from; r <= m.last(s); r++ {
		visible = append(visible, r)
	}
	return visible, "ok"
}

func outcomeOf(t *rapid.T, r eventlog.Result, err error) outcome {
	var wrong *eventlog.WrongVersionError
	switch {
	case err == nil:
		return outcome{"ok", r.Revision}
	case errors.Is(err, eventlog.ErrStreamDeleted):
		return outcome{"deleted", 0}
	case errors.As(err, &wrong):
		return outcome{"wrong", wrong.Current}
	}
	t.Fatalf("unexpected: %v", err)
	return outcome{}
}

func TestTheLogAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "eventlog")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		run := &modelRun{path: filepath.Join(dir, "events.db"), model: newModel()}
		run.reopen(t)
		defer func() { run.log.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"append": run.append, "append ": run.append, "append  ": run.append,
			"metadata": run.metadata, "delete": run.delete, "tombstone": run.tombstone,
			"reopen": run.reopen, "": run.compare,
		})
		if err := run.log.Verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	})
}

type modelRun struct {
	path  string
	log   *eventlog.Log
	model *model
}

var modelStreams = []string{"a", "b", "c", "a", "b", "$$a"}

func (r *modelRun) expected(t *rapid.T, s string) int64 {
	return rapid.SampledFrom([]int64{
		eventlog.Any, eventlog.NoStream, eventlog.StreamExists, r.model.last(s), r.model.last(s), r.model.last(s) - 1, 0, 1, 5,
	}).Draw(t, "expected")
}

func (r *modelRun) append(t *rapid.T) {
	s := rapid.SampledFrom(modelStreams).Draw(t, "stream")
	expected := r.expected(t, s)
	ids := make([]uuid.UUID, rapid.IntRange(1, 3).Draw(t, "events"))
	for i := range ids { // few ids, so that they come again
		ids[i] = uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(rapid.IntRange(0, 15).Draw(t, "id"))})
	}
	if s == "$$a" {
		ids = ids[:1]
	}
	if expected < -1 && expected != eventlog.Any && expected != eventlog.StreamExists {
		expected = eventlog.NoStream
	}
	r.do(t, s, expected, ids, `{"other":1}`)
}

func (r *modelRun) do(t *rapid.T, s string, expected int64, ids []uuid.UUID, data string) {
	events := make([]eventlog.Proposed, len(ids))
	for i, id := range ids {
		events[i] = eventlog.Proposed{ID: id, Type: "t", JSON: true, Data: []byte(data)}
	}
	got, err := r.log.Append(t.Context(), s, expected, events)
	want := r.model.append(s, expected, ids, data)
	if d := cmp.Diff(want, outcomeOf(t, got, err)); d != "" {
		t.Fatalf("append to %s expecting %d: %s", s, expected, d)
	}
}

func (r *modelRun) metadata(t *rapid.T) {
	s := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "stream")
	data := rapid.SampledFrom([]string{`{"$tb":2,"x":1}`, `{"$maxCount":2}`, `{}`, `?`}).Draw(t, "metadata")
	r.do(t, "$$"+s, eventlog.Any, []uuid.UUID{uuid.New()}, data)
}

func (r *modelRun) delete(t *rapid.T) {
	s := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "stream")
	expected := max(r.expected(t, s), eventlog.StreamExists)
	if expected == -3 {
		expected = eventlog.NoStream
	}
	got, err := r.log.Delete(t.Context(), s, expected)
	if d := cmp.Diff(r.model.delete(s, expected), outcomeOf(t, got, err)); d != "" {
		t.Fatalf("delete %s expecting %d: %s", s, expected, d)
	}
}

func (r *modelRun) tombstone(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "rarely") > 0 {
		return
	}
	s := rapid.SampledFrom([]string{"b", "c"}).Draw(t, "stream")
	got, err := r.log.Tombstone(t.Context(), s, eventlog.Any)
	if d := cmp.Diff(r.model.tombstone(s, eventlog.Any), outcomeOf(t, got, err)); d != "" {
		t.Fatalf("tombstone %s: %s", s, d)
	}
}

func (r *modelRun) reopen(t *rapid.T) {
	if r.log != nil {
		if err := r.log.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if r.log, err = eventlog.Open(r.path, small()); err != nil {
		t.Fatal(err)
	}
	r.model.cache = map[uuid.UUID]modelPlace{}
}

func (r *modelRun) compare(t *rapid.T) {
	for _, s := range []string{"a", "b", "c", "$$a", "$$b"} {
		want, kind := r.model.read(s)
		var got []int64
		gotKind := "ok"
		for e, err := range r.log.ReadStream(t.Context(), s, 0, eventlog.Forwards, math.MaxUint64) {
			switch {
			case errors.Is(err, eventlog.ErrStreamNotFound):
				gotKind = "not found"
			case errors.Is(err, eventlog.ErrStreamDeleted):
				gotKind = "deleted"
			case err != nil:
				t.Fatal(err)
			default:
				got = append(got, e.Revision)
				if e.Revision < int64(len(r.model.streams[s])) && s[0] != '$' && e.ID != r.model.streams[s][e.Revision] {
					t.Fatalf("%s has another event at %d", s, e.Revision)
				}
			}
		}
		if d := cmp.Diff(fmt.Sprint(want, kind), fmt.Sprint(got, gotKind)); d != "" {
			t.Fatalf("read %s: %s", s, d)
		}
	}
	var order []modelPlace
	for e, err := range r.log.ReadAll(t.Context(), 0, eventlog.Forwards, math.MaxUint64) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, modelPlace{e.Stream, e.Revision})
	}
	if d := cmp.Diff(r.model.order, order); d != "" {
		t.Fatal("$all", d)
	}
}
