package httpapi

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nucleo/domain"
)

var updateProblemi = flag.Bool("update-problemi", false, "write problemi.json anew")

// Every refusal of the program has its page: what it is, why, what to do.
func TestEveryProblemHasAPage(t *testing.T) {
	trovati := problemiDelProgramma(t)
	vuole, err := json.MarshalIndent(trovati, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	vuole = append(vuole, '\n')
	if *updateProblemi {
		if err := os.WriteFile("problemi.json", vuole, 0o644); err != nil {
			t.Fatal(err)
		}
		problemiJSON = vuole
	}
	if !bytes.Equal(problemiJSON, vuole) {
		t.Error("problemi.json does not say what the program answers: run go test ./httpapi -run TestEveryProblem -update-problemi")
	}
	if len(trovati) < 200 {
		t.Errorf("only %d codes were found", len(trovati))
	}
	i := nuovo(t)
	for codice, tipo := range trovati {
		r := chi{}.chiede(t, i, "GET", Base+"/problemi/"+codice, "").vuole(t, 200, "")
		if r.campo("codice") != codice || r.campo("titolo") == "" || r.campo("descrizione") == "" || r.campo("perche") == "" || r.campo("che_fare") == "" {
			t.Errorf("%s (%d): %s", codice, tipo.Stato, r.body)
		}
	}
	chi{}.chiede(t, i, "GET", Base+"/problemi/nulla", "").vuole(t, 404, "non_trovato")
}

func TestAProblemHasAPageForPeople(t *testing.T) {
	i := nuovo(t)
	for accept, vuole := range map[string]bool{"text/html,application/xhtml+xml,*/*;q=0.8": true, "application/json": false, "*/*": false, "": false, "application/json, text/html": false} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.server.URL+Base+"/problemi/caso.gia_assegnato", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		pagina, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		html := resp.Header.Get("Content-Type") == "text/html; charset=utf-8"
		if html != vuole || html && !strings.Contains(string(pagina), "<h1>caso.gia_assegnato</h1>") || strings.Contains(string(pagina), "<script") {
			t.Errorf("Accept %q: %s\n%s", accept, resp.Header.Get("Content-Type"), pagina)
		}
		if resp.Header.Get("Content-Security-Policy") != "default-src 'none'; frame-ancestors 'none'" || !slices.Contains(resp.Header.Values("Vary"), "Accept") {
			t.Errorf("%v", resp.Header)
		}
	}
}

// problemiDelProgramma reads the refusals of the program from its source.
func problemiDelProgramma(t *testing.T) map[string]tipoProblema {
	t.Helper()
	trovati := map[string]tipoProblema{}
	nota := func(stato int, codice, dice string) {
		tipo := trovati[codice]
		if tipo.Stato != 0 && tipo.Stato != stato {
			t.Errorf("%s is answered %d and %d", codice, tipo.Stato, stato)
		}
		if !slices.Contains(tipo.Dice, dice) {
			tipo.Dice = append(tipo.Dice, dice)
		}
		tipo.Stato = stato
		trovati[codice] = tipo
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if stato := rifiuta(n); stato != 0 && costante(n.Args[1]) != "" {
					nota(stato, costante(n.Args[1]), costante(n.Args[2]))
				}
			case *ast.CompositeLit:
				if tipo, _ := n.Type.(*ast.Ident); tipo != nil && tipo.Name == "Errore" && file.Name.Name == "codicefiscale" {
					nota(http.StatusUnprocessableEntity, costante(n.Elts[0].(*ast.KeyValueExpr).Value), costante(n.Elts[1].(*ast.KeyValueExpr).Value))
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, codice := range slices.Sorted(maps.Keys(trovati)) {
		slices.Sort(trovati[codice].Dice)
	}
	return trovati
}

// rifiuta is the status of a call that makes a refusal; 0 of any other.
func rifiuta(c *ast.CallExpr) int {
	if len(c.Args) != 3 {
		return 0
	}
	switch nome(c.Fun) {
	case "problem", "refuse":
		if n, err := strconv.Atoi(letterale(c.Args[0])); err == nil {
			return n
		}
		for s := 400; s < 600; s++ {
			if "Status"+strings.NewReplacer(" ", "", "-", "").Replace(http.StatusText(s)) == nome(c.Args[0]) {
				return s
			}
		}
	case "Refuse":
		for k, s := range statuses {
			if genere := nome(c.Args[0]); genere != "" && generi[genere] == k {
				return s
			}
		}
	}
	return 0
}

var generi = map[string]domain.Kind{
	"Invalid": domain.Invalid, "Forbidden": domain.Forbidden, "NotFound": domain.NotFound, "Refused": domain.Refused, "Stale": domain.Stale,
	"Unprocessable": domain.Unprocessable, "Unavailable": domain.Unavailable,
}

func nome(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func letterale(e ast.Expr) string {
	l, _ := e.(*ast.BasicLit)
	if l == nil {
		return ""
	}
	return l.Value
}

// costante is the text of a literal, also of one that is joined of several.
func costante(e ast.Expr) string {
	if b, _ := e.(*ast.BinaryExpr); b != nil {
		return costante(b.X) + costante(b.Y)
	}
	s, _ := strconv.Unquote(letterale(e))
	return s
}
