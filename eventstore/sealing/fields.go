package sealing

import (
	"reflect"
	"slices"
	"strings"

	"nucleo/domain/personale"
)

// Field is a field of an event that is sealed.
type Field struct {
	Path  string // as in JSON; [] stands for each element of a list
	Kind  string // of personal data
	Owner string // whose it is: documento, flusso, or persona with the member that names them
}

// Fields lists what is sealed in events of a type. It panics on a type that
// cannot be sealed.
func Fields(t reflect.Type) []Field {
	var all []Field
	planOf(t).fieldsInto(&all, "", "flusso")
	slices.SortFunc(all, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return all
}

func (n *node) fieldsInto(all *[]Field, path, owner string) {
	if n == nil {
		return
	}
	if n.elem != nil {
		n.elem.fieldsInto(all, path+"[]", owner)
		return
	}
	if n.person != "" {
		owner = n.class + " " + path + "." + n.person
	}
	for name, m := range n.members {
		f := Field{path + "." + name, m.kind, owner}
		switch m.kind {
		case "":
			m.child.fieldsInto(all, f.Path, owner)
			continue
		case personale.Testo:
			f.Owner = Documento
		}
		*all = append(*all, f)
	}
}
