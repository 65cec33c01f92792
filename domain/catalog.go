package domain

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Entry ties one stored name to the function that reads it.
type Entry struct {
	Type   string
	shape  reflect.Type
	event  reflect.Type // what it is read as
	decode func([]byte) (Event, error)
}

// Of is the entry of an event in its present shape.
func Of[E Event]() Entry {
	var zero E
	return Was(zero.EventType(), func(e E) E { return e })
}

// Was is the entry of a name no longer written: lift turns its old shape into
// the event of today.
func Was[Old any, E Event](name string, lift func(Old) E) Entry {
	return Entry{Type: name, shape: reflect.TypeFor[Old](), event: reflect.TypeFor[E](), decode: func(data []byte) (Event, error) {
		var old Old
		if err := strict(data, &old); err != nil {
			return nil, err
		}
		return lift(old), nil
	}}
}

// strict refuses fields that the shape does not have: they would be lost, and
// a newer program wrote them for a reason.
func strict(data []byte, v any) error {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return errNonOggetto // null would read as an event with nothing in it
	}
	return json.Unmarshal(data, v, rigore)
}

// rigore is made once: reading an event is what a rebuild does most.
var rigore = json.RejectUnknownMembers(true)

var errNonOggetto = errors.New("not a JSON object")

// Join lists the entries of several parts as one.
func Join(parts ...[]Entry) []Entry { return slices.Concat(parts...) }

// Aggregate is one kind of aggregate as the store knows it: the category of
// its streams and the events that they may hold.
type Aggregate struct {
	Category string
	Entries  []Entry
}

// Catalog reads stored events of every kind it was given.
type Catalog struct {
	entries    map[string]Entry
	categories []string
}

// NewCatalog joins aggregates. It panics on a name given twice: that is a
// mistake in the program, found at start.
func NewCatalog(aggregates ...Aggregate) Catalog {
	c := Catalog{entries: map[string]Entry{}}
	for _, a := range aggregates {
		c.categories = append(c.categories, a.Category)
		for _, e := range a.Entries {
			if _, taken := c.entries[e.Type]; taken {
				panic("domain: two events are named " + e.Type)
			}
			c.entries[e.Type] = e
		}
	}
	return c
}

// Categories are those of the streams that the catalogue's events lie in.
func (c Catalog) Categories() []string { return c.categories }

// Types are the stored names, sorted.
func (c Catalog) Types() []string {
	names := make([]string, 0, len(c.entries))
	for name := range c.entries {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Named are the stored names that are read as one of some events: the present
// one of each, and those of its past.
func (c Catalog) Named(events ...Event) map[string]bool {
	names := map[string]bool{}
	for _, e := range events {
		for name, entry := range c.entries {
			if entry.event == reflect.TypeOf(e) {
				names[name] = true
			}
		}
	}
	return names
}

// Shape is the type that a stored name is read as; nil when it is not known.
func (c Catalog) Shape(name string) reflect.Type { return c.entries[name].shape }

// Decode reads one stored event. What it cannot read is an error that quotes
// no data.
func (c Catalog) Decode(name string, data []byte) (Event, error) {
	entry, known := c.entries[name]
	if !known {
		return nil, fmt.Errorf("event %q is not in the catalogue: a newer program wrote it", name)
	}
	e, err := entry.decode(data)
	if err != nil {
		return nil, fmt.Errorf("event %q: %w", name, plain(err))
	}
	return e, nil
}

// plain keeps values out of the message of a JSON error.
func plain(err error) error {
	var syntax *jsontext.SyntacticError
	var shape *json.SemanticError
	switch {
	case errors.Is(err, errNonOggetto):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON breaks off")
	case errors.As(err, &syntax) && strings.HasSuffix(syntax.Err.Error(), "after top-level value"):
		return errors.New("there is something after the JSON object")
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d", syntax.ByteOffset)
	case errors.Is(err, json.ErrUnknownName):
		return errors.New("it has a field that its shape does not have: a newer program wrote it")
	case errors.As(err, &shape):
		return fmt.Errorf("field %q does not hold what its shape says", strings.Join(slices.Collect(shape.JSONPointer.Tokens()), "."))
	}
	return errors.New("a field does not hold what its shape says")
}
