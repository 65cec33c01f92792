package sealing

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"nucleo/domain/personale"
)

// node says what the JSON of a type holds of personal data. A nil node holds none.
type node struct {
	members map[string]member // of an object, by their names
	person  string            // the member whose value names a person
	class   string            // of that person: persona
	elem    *node             // of a list
	erased  [2][]byte         // members that stand for those whose key is gone: of the document, of the person
}

// member is what a node needs to know of one member.
type member struct {
	kind  string // as its tag says; empty when the member itself is not personal
	child *node  // when what it holds may be
}

const (
	ofDocument = iota
	ofPerson
)

func (m member) owner() int {
	if m.kind == personale.Testo {
		return ofDocument
	}
	return ofPerson
}

var plans sync.Map // of *node by reflect.Type

// planOf is what the JSON of a type holds. It panics on a type that cannot be
// sealed, which a walk of the catalogue finds (Fields).
func planOf(t reflect.Type) *node {
	if t == nil {
		return nil
	}
	if known, ok := plans.Load(t); ok {
		return known.(*node)
	}
	n := plan(t, nil)
	plans.Store(t, n)
	return n
}

var opaque = []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()}

func plan(t reflect.Type, above []reflect.Type) *node {
	if slices.ContainsFunc(opaque, t.Implements) {
		return nil // its own encoding decides: what is tagged is tagged where it is a field
	}
	if slices.Contains(above, t) {
		panic(fmt.Sprintf("sealing: %s holds itself", t))
	}
	above = append(slices.Clip(above), t)
	switch t.Kind() {
	case reflect.Pointer:
		return plan(t.Elem(), above)
	case reflect.Slice, reflect.Array:
		if elem := plan(t.Elem(), above); elem != nil {
			return &node{elem: elem}
		}
	case reflect.Map:
		if plan(t.Elem(), above) != nil {
			panic(fmt.Sprintf("sealing: %s: personal data in a map have no place", t))
		}
	case reflect.Struct:
		n := &node{members: map[string]member{}}
		n.fields(t, above)
		if len(n.members) > 0 {
			return n
		}
	}
	return nil
}

// fields notes the fields of a struct, those of embedded ones included, as
// encoding/json names them.
func (n *node) fields(t reflect.Type, above []reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		kind := f.Tag.Get(personale.Tag)
		switch {
		case f.Tag.Get("json") == "-":
			continue
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct && kind == "":
			n.fields(f.Type, above)
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		if name == Member || strings.ContainsAny(name, `~/"\`) {
			panic(fmt.Sprintf("sealing: %s.%s: %q cannot be the name of a member", t, f.Name, name))
		}
		if class := f.Tag.Get(personale.TagSoggetto); class != "" {
			n.person, n.class = name, class
		}
		m := member{kind: kind}
		if kind == "" {
			m.child = plan(f.Type, above)
		}
		if m == (member{}) {
			continue
		}
		n.members[name] = m
		if kind != "" && f.Type == reflect.TypeFor[string]() { // anything else reads as its zero
			e := &n.erased[m.owner()]
			*e = append(*e, `,"`+name+`":"`+Cancellato+`"`...)
		}
	}
}

// lost are the members that stand for those of an object whose key is gone.
func (n *node) lost(pointer string, owner int) []byte {
	for rest := pointer; n != nil && rest != ""; {
		var token string
		token, rest, _ = strings.Cut(rest[1:], "/")
		if rest != "" {
			rest = "/" + rest
		}
		if n.elem != nil {
			n = n.elem
		} else {
			n = n.members[token].child
		}
	}
	if n == nil || len(n.erased[owner]) == 0 {
		return nil
	}
	return n.erased[owner][1:]
}
