package nucleo_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var aggiorna = flag.Bool("update", false, "write riservato.go of each package anew")

// Whatever holds personal data, by its struct tags, prints as its type and no
// more: each such type stands in the riservato.go of its package.
func TestWhatHoldsPersonalDataDoesNotPrintIt(t *testing.T) {
	for cartella, tipi := range conDatiPersonali(t) {
		vuole := riservato(filepath.Base(cartella), slices.Compact(slices.Sorted(slices.Values(tipi))))
		file := filepath.Join(cartella, "riservato.go")
		if *aggiorna {
			if err := os.WriteFile(file, vuole, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, vuole) {
			t.Errorf("%s does not name all types of its package that hold personal data: run go test . -run Personal -update", file)
		}
	}
}

// conDatiPersonali are the structs with a tag of personal data, by folder.
func conDatiPersonali(t *testing.T) map[string][]string {
	t.Helper()
	trovati := map[string][]string{}
	for _, radice := range []string{"domain", "commands", "projections", "httpapi"} {
		err := filepath.WalkDir(radice, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, decl := range file.Decls {
				gen, _ := decl.(*ast.GenDecl)
				if gen == nil || gen.Tok != token.TYPE {
					continue
				}
				for _, spec := range gen.Specs {
					if tipo := spec.(*ast.TypeSpec); tagged(tipo.Type) {
						trovati[filepath.Dir(path)] = append(trovati[filepath.Dir(path)], tipo.Name.Name)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(slices.Collect(maps.Keys(trovati))) < 5 {
		t.Fatal("few packages hold personal data: is the tag another?")
	}
	return trovati
}

func tagged(e ast.Expr) bool {
	s, _ := e.(*ast.StructType)
	return s != nil && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		return f.Tag != nil && strings.Contains(f.Tag.Value, `personale:"`)
	})
}

func riservato(nome string, tipi []string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\nimport (\n\t\"fmt\"\n\n\t\"nucleo/domain/personale\"\n)\n\n", nome)
	fmt.Fprint(&b, "// What holds personal data prints as its type and no more: go test . -run Personal\n// -update writes this list.\n")
	for _, tipo := range tipi {
		fmt.Fprintf(&b, "\n// Format implements fmt.Formatter.\nfunc (v %s) Format(s fmt.State, _ rune) { personale.Taci(s, v) }\n", tipo)
	}
	return b.Bytes()
}
