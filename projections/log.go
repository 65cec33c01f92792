package projections

import (
	"iter"
	"reflect"
)

// Log is a table that only grows.
type Log[R any] struct {
	relation
	rows []R
	sure int // how many are of events before this one
}

// Append adds a row.
func (l *Log[R]) Append(row R) { l.rows = append(l.rows, row) }

// All yields the rows that are in memory: in a test, those of the whole table.
func (l *Log[R]) All() []R { return l.rows }

func (l *Log[R]) define(schema string, field reflect.StructField) {
	l.relation = relate(schema, field, reflect.TypeFor[R]())
}

func (l *Log[R]) keep()                           { l.sure = len(l.rows) }
func (l *Log[R]) undo()                           { l.rows = l.rows[:l.sure] }
func (l *Log[R]) rewind()                         { l.rows, l.sure = l.rows[:0], 0 }
func (l *Log[R]) wanted() iter.Seq[reflect.Value] { return func(func(reflect.Value) bool) {} }
func (l *Log[R]) fetched()                        {}
func (l *Log[R]) written()                        { l.stored = true; l.rewind() }
func (l *Log[R]) age()                            {}
func (l *Log[R]) forget()                         { l.rows, l.sure = nil, 0 }
func (l *Log[R]) bytes() int64                    { return int64(len(l.rows)) * l.weight }

func (l *Log[R]) changes() (added, altered, removed []reflect.Value) {
	for i := range l.rows {
		added = append(added, reflect.ValueOf(&l.rows[i]).Elem())
	}
	return added, nil, nil
}

func (l *Log[R]) record() reflect.Type { return reflect.TypeFor[R]() }

func (l *Log[R]) add(v reflect.Value) { l.Append(v.Interface().(R)) }

func (l *Log[R]) each(f func(reflect.Value)) {
	for _, row := range l.rows {
		f(reflect.ValueOf(&row).Elem())
	}
}
