package projections

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type cell struct{ N, Changes int }

// step is the n-th change of a cell, which nothing has made before.
type step struct{ Key, N int }

type cells struct {
	Cells Table[int, cell] `key:"k"`
	Steps Table[step, cell]
	Lines Log[cell]
}

// op adds to a cell; From makes the next cell depend on what this one holds.
type op struct {
	Key, Add int
	Follow   bool
}

// event is operations of which all count or none does.
type event struct {
	Ops    []op
	Breaks bool
}

func (e event) apply(t *cells) {
	key := -1
	for _, o := range e.Ops {
		if !o.Follow || key < 0 {
			key = o.Key
		}
		c := t.Cells.Row(key)
		c.N += o.Add
		c.Changes++
		t.Steps.New(step{key, c.Changes}).N = o.Add
		t.Lines.Append(cell{N: key})
		key = ((c.N % 7) + 7) % 7
	}
	if e.Breaks {
		panic("broken")
	}
}

// Rows that are fetched late, events that are undone and batches that are
// folded again leave what a plain fold leaves.
func TestBatchesOverFetchedRowsAreThePlainFold(t *testing.T) {
	events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event {
		return event{
			Ops: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) op {
				return op{rapid.IntRange(0, 6).Draw(t, "key"), rapid.IntRange(-2, 2).Draw(t, "add"), rapid.Bool().Draw(t, "follow")}
			}), 1, 4).Draw(t, "ops"),
			Breaks: rapid.IntRange(0, 4).Draw(t, "breaks") == 0,
		}
	}), 1, 30)
	property := func(t *rapid.T) {
		log := events.Draw(t, "log")
		want := new(cells)
		for _, e := range log {
			if !e.Breaks {
				e.apply(want)
			}
		}
		stored, steps, lines := map[int]cell{}, map[step]cell{}, []cell{}
		tables := new(cells)
		tables.Cells.define("x", fieldOf("Cells"))
		tables.Steps.define("x", fieldOf("Steps"))
		tables.Lines.define("x", fieldOf("Lines"))
		tables.Cells.stored, tables.Steps.stored, tables.Lines.stored = true, true, true
		for len(log) > 0 {
			n := rapid.IntRange(1, len(log)).Draw(t, "batch")
			settleInMemory(tables, stored, log[:n])
			log = log[n:]
			store(t, &tables.Cells, stored)
			store(t, &tables.Steps, steps)
			lines = append(lines, tables.Lines.All()...)
			tables.Cells.written()
			tables.Steps.written()
			tables.Lines.written()
			if rapid.Bool().Draw(t, "age") {
				tables.Cells.age()
				tables.Steps.age()
			}
		}
		if diff := cmp.Diff(maps.Collect(want.Cells.All()), stored); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(maps.Collect(want.Steps.All()), steps); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(slices.Clone(want.Lines.All()), lines[:len(lines):len(lines)]); diff != "" && len(lines) > 0 {
			t.Fatal(diff)
		}
	}
	for range 20 { // it is quick, and the tests with Postgres keep the number of checks low
		rapid.Check(t, property)
	}
}

func fieldOf(name string) reflect.StructField {
	f, _ := reflect.TypeFor[cells]().FieldByName(name)
	return f
}

func settleInMemory(t *cells, stored map[int]cell, batch []event) {
	for {
		for _, e := range batch {
			try(t, e)
		}
		wanted := slices.Collect(t.Cells.wanted())
		if len(wanted) == 0 {
			return
		}
		t.Cells.rewind()
		t.Steps.rewind()
		t.Lines.rewind()
		for _, v := range wanted {
			r := v.Addr().Interface().(*record[int, cell])
			r.Row = stored[r.Key]
		}
		t.Cells.fetched()
	}
}

func try(t *cells, e event) {
	defer func() {
		if recover() != nil {
			t.Cells.undo()
			t.Steps.undo()
			t.Lines.undo()
			return
		}
		t.Cells.keep()
		t.Steps.keep()
		t.Lines.keep()
	}()
	e.apply(t)
}

// store holds the changes to be exact, and makes them.
func store[K comparable](t *rapid.T, table *Table[K, cell], stored map[K]cell) {
	added, altered, removed := table.changes()
	for _, change := range []struct {
		records []reflect.Value
		is      bool
	}{{added, false}, {altered, true}, {removed, true}} {
		for _, v := range change.records {
			r := v.Addr().Interface().(*record[K, cell])
			if _, is := stored[r.Key]; is != change.is {
				t.Fatalf("cell %v was there: %t", r.Key, is)
			}
			stored[r.Key] = r.Row
			if r.Row == (cell{}) {
				delete(stored, r.Key)
			}
		}
	}
}

func TestNewRowsAreNotLookedFor(t *testing.T) {
	var tables cells
	tables.Steps.define("x", fieldOf("Steps"))
	tables.Steps.stored = true
	wanted := func() int { return len(slices.Collect(tables.Steps.wanted())) }
	tables.Steps.New(step{1, 1}).N = 1
	tables.Steps.Row(step{1, 1}).N = 2
	if n := wanted(); n > 0 {
		t.Errorf("%d rows are looked for", n)
	}
	tables.Steps.keep()
	tables.Steps.New(step{1, 2}).N = 1
	tables.Steps.undo()
	tables.Steps.Row(step{1, 1}).N = 3
	tables.Steps.Row(step{1, 2}).N = 3
	if n := wanted(); n != 1 {
		t.Errorf("%d rows are looked for after an event that does not count, want 1", n)
	}
	tables.Steps.rewind()
	tables.Steps.fetched()
	tables.Steps.Row(step{1, 1}).N = 3
	if n := wanted(); n != 1 {
		t.Errorf("%d rows are looked for after the batch was taken back, want 1", n)
	}
}
