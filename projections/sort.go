package projections

import (
	"bytes"
	"reflect"
	"slices"
)

// sort puts records in the order of the relation, as Postgres compares the
// columns. What is written in the order of an index is indexed without sorting,
// and found on few pages.
func (rel *relation) sort(records []reflect.Value) {
	if len(rel.order) == 0 {
		return
	}
	type keyed struct {
		key    []byte
		record reflect.Value
	}
	all := make([]keyed, len(records))
	var buffer []byte
	for i, r := range records {
		begin := len(buffer)
		for _, c := range rel.order {
			buffer = c.sortable(buffer, r)
		}
		all[i] = keyed{buffer[begin:len(buffer):len(buffer)], r}
	}
	slices.SortFunc(all, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	for i, k := range all {
		records[i] = k.record
	}
}

// sortable adds the value of this column so that bytes compare as values do.
func (c *column) sortable(b []byte, record reflect.Value) []byte {
	at := len(b)
	b = c.append(b, record.Addr().UnsafePointer())
	b = append(b[:at], b[at+4:]...) // without its length
	switch c.sql {
	case textKind.sql:
		return append(b, 0)
	case intKind.sql, int4Kind.sql, int2Kind.sql, dateKind.sql, timeKind.sql:
		b[at] ^= 0x80 // below zero comes first
	}
	return b
}
