package domain_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/personale"
)

var update = flag.Bool("update", false, "write docs/eventi.md anew")

const eventi = "../docs/eventi.md"

// TestDocs holds docs/eventi.md to the code; go test ./domain -run TestDocs -update writes it.
func TestDocs(t *testing.T) {
	want := document(t)
	if *update {
		if err := os.WriteFile(eventi, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(eventi)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./domain -run TestDocs -update\n%s", eventi, diff)
	}
}

func document(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Stored events\n\nWhat each event says, field by field. Written by `go test ./domain -run TestDocs -update` from the code; a test fails\n" +
		"when it is stale. Who did it, when and by which request stands in the metadata of every event (see formato-eventi.md).\n" +
		"*Personal* names the kind of personal data that a field holds: it is masked and kept out of logs.\n")
	byName := map[string]domain.Event{}
	for _, e := range storedEvents(t) {
		byName[e.EventType()] = e
	}
	var values []reflect.Type
	for _, a := range aggregates {
		fmt.Fprintf(&b, "\n## Streams `%s-…`\n", a.Category)
		said := docs(t, a.Category)
		for _, entry := range a.Entries {
			if byName[entry.Type] == nil {
				fmt.Fprintf(&b, "\n### %s\n\nAn older shape, no longer written: it is read as the one of today.\n", entry.Type)
				continue
			}
			typ := reflect.TypeOf(byName[entry.Type])
			meaning := strings.TrimPrefix(said[typ.Name()], typ.Name()+" ")
			fmt.Fprintf(&b, "\n### %s\n\nIt %s\n", entry.Type, meaning)
			if meaning == "" {
				t.Errorf("%s has no comment", typ)
			}
			values = append(values, table(t, &b, typ)...)
		}
	}
	b.WriteString("\n## Values inside events\n")
	for i := 0; i < len(values); i++ {
		if slices.Contains(values[:i], values[i]) {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n", strings.ToLower(values[i].Name()))
		values = append(values, table(t, &b, values[i])...)
	}
	return b.String()
}

// table writes the fields of a type, and returns the types of ours in it.
func table(t *testing.T, b *strings.Builder, typ reflect.Type) (values []reflect.Type) {
	b.WriteString("\n| Field | Type | Meaning | Personal |\n|---|---|---|---|\n")
	values = rows(t, b, typ, typ)
	return values
}

func rows(t *testing.T, b *strings.Builder, typ, of reflect.Type) (values []reflect.Type) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Anonymous {
			values = append(values, rows(t, b, f.Type, of)...)
			continue
		}
		name := jsonName(f)
		meaning, known := significati[of.Name()+"."+name]
		if !known {
			meaning, known = significati[name]
		}
		if !known {
			t.Errorf("say in significati what %s of %s means", name, of)
		}
		kind, inner := typeName(f.Type)
		if strings.Contains(f.Tag.Get("json"), ",omit") {
			kind += ", optional"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", name, kind, meaning, f.Tag.Get(personale.Tag))
		if inner != nil {
			values = append(values, inner)
		}
	}
	return values
}

// typeName says how a type looks in JSON, and which value of ours it holds.
func typeName(typ reflect.Type) (name string, inner reflect.Type) {
	switch {
	case typ.Name() == "Giorno":
		return "date", nil
	case typ == reflect.TypeFor[time.Time]():
		return "instant", nil
	case typ.Name() == "Digest":
		return "64 hexadecimal digits", nil
	case typ.Name() == "UUID" || strings.HasPrefix(typ.Name(), "ID["):
		return "UUID", nil
	case typ.Kind() == reflect.Pointer:
		return typeName(typ.Elem())
	case typ.Kind() == reflect.Slice:
		name, inner = typeName(typ.Elem())
		return "list of " + name, inner
	case typ.Kind() == reflect.Struct:
		return strings.ToLower(typ.Name()), typ
	case typ.Kind() == reflect.Bool:
		return "boolean", nil
	case typ.Kind() == reflect.Int || typ.Kind() == reflect.Int64 || typ.Kind() == reflect.Uint64:
		return "integer", nil
	}
	return "text", nil
}

// docs are the comments of the types of an aggregate, each on one line.
func docs(t *testing.T, pkg string) map[string]string {
	said := map[string]string{}
	entries, err := os.ReadDir(pkg)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), pkg+"/"+f.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Doc != nil {
				parsed := new(comment.Parser).Parse(spec.Doc.Text())
				said[spec.Name.Name] = strings.Join(strings.Fields(string(new(comment.Printer).Text(parsed))), " ")
			}
			return true
		})
	}
	return said
}
