package projections

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"nucleo/domain/giorno"
)

// column is one field of a record. Values travel in Postgres's binary format,
// which is the same in COPY, in arrays and in results.
type column struct {
	name   string
	field  []int
	offset uintptr // of the field in the record: rows are written by the million
	kind
}

// kind says how Go values of one sort are kept. No column is NULL: what is
// absent is zero.
type kind struct {
	sql    string
	oid    uint32
	encode func([]byte, unsafe.Pointer) []byte // of a value of that sort
	decode func(reflect.Value, []byte)
}

// collate makes texts sort by their bytes: faster, and the same on every machine.
const collate = ` COLLATE "C"`

var (
	uuidKind = kind{"uuid", 2950,
		func(b []byte, p unsafe.Pointer) []byte { return append(b, (*[16]byte)(p)[:]...) },
		func(v reflect.Value, b []byte) { *uuidOf(v) = [16]byte(b) }}
	textKind = kind{"text" + collate, 25,
		func(b []byte, p unsafe.Pointer) []byte { return append(b, storable(*(*string)(p))...) },
		func(v reflect.Value, b []byte) { v.SetString(string(b)) }}
	boolKind = kind{"boolean", 16,
		func(b []byte, p unsafe.Pointer) []byte {
			if *(*bool)(p) {
				return append(b, 1)
			}
			return append(b, 0)
		},
		func(v reflect.Value, b []byte) { v.SetBool(b[0] == 1) }}
	intKind = kind{"bigint", 20,
		func(b []byte, p unsafe.Pointer) []byte { return binary.BigEndian.AppendUint64(b, *(*uint64)(p)) },
		func(v reflect.Value, b []byte) { v.SetInt(int64(binary.BigEndian.Uint64(b))) }}
	uintKind = kind{"bigint", 20,
		func(b []byte, p unsafe.Pointer) []byte { return binary.BigEndian.AppendUint64(b, *(*uint64)(p)) },
		func(v reflect.Value, b []byte) { v.SetUint(binary.BigEndian.Uint64(b)) }}
	int4Kind = kind{"integer", 23,
		func(b []byte, p unsafe.Pointer) []byte { return binary.BigEndian.AppendUint32(b, *(*uint32)(p)) },
		func(v reflect.Value, b []byte) { v.SetInt(int64(int32(binary.BigEndian.Uint32(b)))) }}
	int2Kind = kind{"smallint", 21,
		func(b []byte, p unsafe.Pointer) []byte { return binary.BigEndian.AppendUint16(b, *(*uint16)(p)) },
		func(v reflect.Value, b []byte) { v.SetInt(int64(int16(binary.BigEndian.Uint16(b)))) }}
	// A giorno that is zero is stored as 0001-01-01, the day it counts from.
	dateKind = kind{"date", 1082,
		func(b []byte, p unsafe.Pointer) []byte {
			return binary.BigEndian.AppendUint32(b, uint32(int32(*(*giorno.Giorno)(p))-year2000))
		},
		func(v reflect.Value, b []byte) { v.SetInt(int64(int32(binary.BigEndian.Uint32(b)) + year2000)) }}
	floatKind = kind{"double precision", 701,
		func(b []byte, p unsafe.Pointer) []byte {
			return binary.BigEndian.AppendUint64(b, math.Float64bits(*(*float64)(p)))
		},
		func(v reflect.Value, b []byte) { v.SetFloat(math.Float64frombits(binary.BigEndian.Uint64(b))) }}
	timeKind = kind{"timestamptz", 1184,
		func(b []byte, p unsafe.Pointer) []byte {
			return binary.BigEndian.AppendUint64(b, uint64((*time.Time)(p).UnixMicro()-epoch))
		},
		func(v reflect.Value, b []byte) {
			at := time.UnixMicro(int64(binary.BigEndian.Uint64(b)) + epoch).UTC()
			v.Set(reflect.ValueOf(at))
		}}
)

// storable is a text as Postgres can hold it: NUL and bytes that are not UTF-8
// become U+FFFD.
func storable(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return s
}

// epoch is the Postgres one, in microseconds of Unix.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// year2000 is the day that Postgres counts from.
var year2000 = int32(giorno.Data(2000, 1, 1))

func uuidOf(v reflect.Value) *[16]byte { return (*[16]byte)(v.Addr().UnsafePointer()) }

func kindOf(t reflect.Type) (kind, bool) {
	if t == reflect.TypeFor[giorno.Giorno]() {
		return dateKind, true
	}
	switch t.Kind() {
	case reflect.String:
		return textKind, true
	case reflect.Bool:
		return boolKind, true
	case reflect.Int, reflect.Int64: // of 64 bits both, where this runs
		return intKind, true
	case reflect.Int32:
		return int4Kind, true
	case reflect.Int16:
		return int2Kind, true
	case reflect.Uint64:
		return uintKind, true
	case reflect.Float64:
		return floatKind, true
	case reflect.Array:
		return uuidKind, t.Len() == 16 && t.Elem().Kind() == reflect.Uint8
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return timeKind, true
		}
		if t.NumField() == 1 && t.Field(0).Anonymous {
			return kindOf(t.Field(0).Type) // a typed id
		}
	}
	return kind{}, false
}

// columns lists those of a type: one of the given name, or one a field.
func columns(t reflect.Type, name string, path ...int) (all []column) {
	if k, ok := kindOf(t); ok {
		return []column{{name: name, field: path, kind: k}}
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("projections: no column can hold a %s", t))
	}
	for i := range t.NumField() {
		f := t.Field(i)
		all = append(all, within(f.Offset, columns(f.Type, snake(f), append(path[:len(path):len(path)], i)...))...)
	}
	return all
}

// within moves columns to where the struct that holds them begins.
func within(offset uintptr, all []column) []column {
	for i := range all {
		all[i].offset += offset
	}
	return all
}

// Colonne are the names of the columns that the records T of a table have, in
// the order of its fields: for queries that read them all.
func Colonne[T any]() (nomi []string) {
	for _, c := range columns(reflect.TypeFor[T](), "") {
		nomi = append(nomi, c.name)
	}
	return nomi
}

func snake(f reflect.StructField) string {
	if name := f.Tag.Get("db"); name != "" {
		return name
	}
	var b strings.Builder
	for i, r := range f.Name {
		if unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(rune(f.Name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// append adds the value of this column in a record, after its length.
func (c *column) append(b []byte, record unsafe.Pointer) []byte {
	start := len(b)
	b = c.encode(append(b, 0, 0, 0, 0), unsafe.Add(record, c.offset))
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

// array is the values of this column in many records, as a Postgres array.
func (c *column) array(records []reflect.Value) []byte {
	b := arrayHeader(c.oid, len(records))
	for _, r := range records {
		b = c.append(b, r.Addr().UnsafePointer())
	}
	return b
}

// arrayHeader begins a Postgres array of n values.
func arrayHeader(oid uint32, n int) []byte {
	b := make([]byte, 0, 20+20*n)
	for _, field := range []uint32{1, 0, oid, uint32(n), 1} { // dimensions, nulls, type, length, first index
		b = binary.BigEndian.AppendUint32(b, field)
	}
	return b
}

// copyReader is records as COPY reads them, encoded as they are read.
type copyReader struct {
	cols    []column
	records []reflect.Value
	buffer  []byte
	at      int
	ended   bool
}

func newCopy(cols []column, records []reflect.Value) *copyReader {
	return &copyReader{cols: cols, records: records, buffer: []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")}
}

// Read implements io.Reader.
func (c *copyReader) Read(p []byte) (int, error) {
	if c.at == len(c.buffer) {
		if c.ended {
			return 0, io.EOF
		}
		c.refill()
	}
	n := copy(p, c.buffer[c.at:])
	c.at += n
	return n, nil
}

func (c *copyReader) refill() {
	c.buffer, c.at = c.buffer[:0], 0
	n := min(500, len(c.records))
	for _, r := range c.records[:n] {
		c.buffer = binary.BigEndian.AppendUint16(c.buffer, uint16(len(c.cols)))
		record := r.Addr().UnsafePointer()
		for i := range c.cols {
			c.buffer = c.cols[i].append(c.buffer, record)
		}
	}
	if c.records = c.records[n:]; len(c.records) == 0 {
		c.buffer, c.ended = append(c.buffer, 0xff, 0xff), true
	}
}
