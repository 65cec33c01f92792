// Package nucleo_test holds the code to ARCHITECTURE.md: who may import whom,
// and the few things that no package may do.
package nucleo_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "nucleo/"

// rule says what the packages of one place may import of ours, what they may
// never import from outside, whether they may read the clock, and whether they
// must leave a database that they hold to others. A place is a folder; "a/*" is
// each folder directly in a, "a/..." is a and all below. The first rule that
// fits a package is its rule.
type rule struct {
	place string
	ours  []string
	never []string
	clock bool
	noSQL bool
}

// values are the packages that hold values of the domain and know nothing else.
var values = []string{"domain/id", "domain/belfiore", "domain/calendario", "domain/codicefiscale", "domain/giorno", "domain/personale", "domain/differenza"}

var (
	shared   = append([]string{"domain"}, values...)
	impure   = []string{"context", "log/...", "encoding/json", "github.com/go-json-experiment/...", "net/...", "os/...", "math/rand/..."}
	postgres = []string{"github.com/jackc/pgx/v5/..."}
	sql      = append([]string{"database/sql/..."}, postgres...)
	store    = []string{"github.com/EventStore/EventStore-Client-Go/v4/...", "github.com/ThreeDotsLabs/watermill/..."}
	web      = []string{"net/http/...", "github.com/gorilla/mux/..."}
)

func join(lists ...[]string) []string { return slices.Concat(lists...) }

var rules = []rule{
	{place: "domain", ours: values, never: []string{"context", "log/...", "net/...", "os/..."}},
	{place: "domain/id", never: impure},
	{place: "domain/belfiore/...", never: impure},
	{place: "domain/calendario/...", ours: []string{"domain/giorno"}, never: impure},
	{place: "domain/codicefiscale/...", never: impure},
	{place: "domain/giorno/...", never: impure},
	{place: "domain/personale/...", never: impure},
	{place: "domain/differenza/...", ours: []string{"domain/personale"}, never: impure},
	{place: "domain/*", ours: shared, never: impure}, // aggregates do not know one another
	{place: "internal/durable", never: join(web, sql)},
	{place: "eventstore/node/...", ours: []string{"eventstore/node/...", "internal/durable"}, never: postgres},
	{place: "eventstore/sigilli", ours: join(shared, []string{"domain/sistema", "eventstore"}), never: join(web, sql)},
	{place: "eventstore/fascicolo", ours: join(shared, []string{"eventstore", "eventstore/sealing", "eventstore/sigilli"}), never: join(web, sql)},
	{place: "eventstore/...", ours: join(shared, []string{"eventstore/..."}), never: postgres},
	{place: "commands/policies/...", ours: []string{"commands", "domain/..."}, never: join(web, sql)},
	{place: "commands/tracciato", ours: []string{"domain/..."}, never: join(web, sql)},
	{place: "commands/modulo", ours: []string{"domain/..."}, never: join(web, sql)},
	{place: "commands", ours: []string{"commands/tracciato", "commands/modulo", "domain/..."}, never: join(web, sql)},
	{place: "projections", ours: join(shared, []string{"eventstore", "internal/postgres/uuids"}), never: web},
	{place: "projections/elenco", ours: shared, never: web},
	{place: "projections/nuclei", ours: []string{"projections", "projections/elenco", "domain/..."}, never: web},
	{place: "projections/*", ours: []string{"projections", "projections/elenco", "projections/nuclei", "domain/..."}, never: web},
	{place: "httpapi/...", ours: []string{"httpapi/...", "commands", "commands/modulo", "projections/...", "domain/...", "internal/analisi"}, never: []string{"database/sql/...", "github.com/jackc/pgx/v5"}, clock: true, noSQL: true},
	{place: "internal/postgres/...", clock: true},
	{place: "internal/catalogo", ours: []string{"domain/...", "projections/..."}, never: join(web, sql)},
	{place: "internal/analisi/soppressione", never: join(impure, web, sql)},
	{place: "internal/analisi", ours: []string{"domain/...", "projections/cruscotto", "internal/analisi/soppressione"}, never: web},
	{place: "internal/chiavi", ours: []string{"eventstore/sealing", "internal/durable", "internal/postgres/uuids"}, never: web, clock: true},
	{place: "internal/sessioni", ours: []string{"domain/id", "httpapi/sessione"}},
	{place: "cmd/...", ours: []string{"..."}, clock: true},
}

// own names modules that one place alone may import.
var own = []struct {
	modules []string
	places  []string
}{
	{store, []string{"eventstore/...", "cmd/bench/..."}},
	{[]string{"modernc.org/sqlite/..."}, []string{"eventstore/node/...", "cmd/..."}},
	{[]string{"github.com/xuri/excelize/v2/..."}, []string{"cmd/nucleo/..."}},
}

// vague are names that say nothing about what a package is for.
var vague = []string{"util", "utils", "common", "helpers", "types", "models", "misc", "shared"}

// below reports whether a place names a package.
func below(place, pkg string) bool {
	if place == "..." {
		return true
	}
	if dir, ok := strings.CutSuffix(place, "/..."); ok {
		return pkg == dir || strings.HasPrefix(pkg, dir+"/")
	}
	if dir, ok := strings.CutSuffix(place, "/*"); ok {
		return path.Dir(pkg) == dir
	}
	return pkg == place
}

func oneOf(places []string, pkg string) bool {
	return slices.ContainsFunc(places, func(place string) bool { return below(place, pkg) })
}

// forTests reports whether a package exists to help tests, like
// domain/domaintest and what lies below.
func forTests(pkg string) bool {
	return slices.ContainsFunc(strings.Split(pkg, "/"), func(dir string) bool { return strings.HasSuffix(dir, "test") })
}

// ruleOf finds the rule of a package. What exists for tests may do as it likes.
func ruleOf(pkg string) (r rule, known bool) {
	if forTests(pkg) {
		return rule{ours: []string{"..."}, clock: true}, true
	}
	i := slices.IndexFunc(rules, func(r rule) bool { return below(r.place, pkg) })
	if i < 0 {
		return rule{}, false
	}
	return rules[i], true
}

// violations lists what one file of a package does that it may not.
func violations(pkg string, file *ast.File) (found []string) {
	if slices.Contains(vague, path.Base(pkg)) {
		found = append(found, fmt.Sprintf("%s is a name that says nothing", path.Base(pkg)))
	}
	may, known := ruleOf(pkg)
	if !known {
		return append(found, fmt.Sprintf("%s has no rule: give it one here and in ARCHITECTURE.md", pkg))
	}
	for _, spec := range file.Imports {
		to, _ := strconv.Unquote(spec.Path.Value)
		if why := refused(pkg, may, to); why != "" {
			found = append(found, why)
		}
	}
	return append(found, forbidden(pkg, may, file)...)
}

// refused says why a package may not import another, or nothing.
func refused(pkg string, may rule, to string) string {
	inner, ours := strings.CutPrefix(to, module)
	switch {
	case ours && forTests(inner) && !forTests(pkg):
		return fmt.Sprintf("%s imports %s, which is for tests", pkg, inner)
	case ours && !oneOf(may.ours, inner):
		return fmt.Sprintf("%s imports %s", pkg, inner)
	case !ours && oneOf(may.never, to):
		return fmt.Sprintf("%s imports %s", pkg, to)
	}
	for _, o := range own {
		if oneOf(o.modules, to) && !oneOf(o.places, pkg) && !forTests(pkg) {
			return fmt.Sprintf("%s imports %s", pkg, to)
		}
	}
	return ""
}

// forbidden finds global init functions, statements sent by packages that must
// leave that to the read models, and reads of the clock by packages that must
// have it handed in.
func forbidden(pkg string, may rule, file *ast.File) (found []string) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			found = append(found, pkg+" has a func init")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		why := ""
		switch n := n.(type) {
		case *ast.CallExpr:
			why = badCall(pkg, may, n)
		case *ast.SelectorExpr:
			why = badName(pkg, n)
		}
		if why != "" {
			found = append(found, why)
		}
		return why == ""
	})
	return found
}

// badCall says why a call is refused. A default, Clock: time.Now, is no call;
// time.Until is left to those who share out a deadline.
func badCall(pkg string, may rule, call *ast.CallExpr) string {
	f, ok := call.Fun.(*ast.SelectorExpr)
	switch {
	case !ok:
	case !may.clock && ofTime(f) && f.Sel.Name != "Until":
		return pkg + " calls time." + f.Sel.Name
	case may.noSQL && len(call.Args) > 0 && slices.Contains(statements, f.Sel.Name):
		return pkg + " sends statements: " + f.Sel.Name
	}
	return ""
}

// badName says why the domain may not even mention what it selects.
func badName(pkg string, s *ast.SelectorExpr) string {
	if below("domain/...", pkg) && !forTests(pkg) && ofTime(s) {
		return pkg + " names time." + s.Sel.Name
	}
	return ""
}

// statements are the methods by which pgx reaches a database.
var statements = []string{"Query", "QueryRow", "Exec", "SendBatch", "CopyFrom", "Begin", "BeginTx", "Acquire"}

// ofTime reports whether a function of package time reads the clock.
func ofTime(s *ast.SelectorExpr) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, s.Sel.Name)
}

// sources reads every Go file of the program, tests left out, by package.
func sources(t *testing.T) map[string][]*ast.File {
	t.Helper()
	packages := map[string][]*ast.File{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch name := filepath.Base(file); {
		case err != nil:
			return err
		case d.IsDir() && file != "." && (name[0] == '.' || name[0] == '_' || name == "testdata" || name == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		pkg := filepath.ToSlash(filepath.Dir(file))
		packages[pkg] = append(packages[pkg], parsed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

func TestEveryPackageKeepsToTheArchitecture(t *testing.T) {
	packages := sources(t)
	if len(packages) < 3 {
		t.Fatalf("found %d packages: the walk does not see the tree", len(packages))
	}
	for pkg, files := range packages {
		for _, file := range files {
			for _, v := range violations(pkg, file) {
				t.Error(v)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for pkg, files := range sources(t) {
		if !slices.ContainsFunc(files, func(f *ast.File) bool { return f.Doc.Text() != "" }) {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}

// TestTheRulesCatchWhatTheyForbid gives the rules files that were made up.
func TestTheRulesCatchWhatTheyForbid(t *testing.T) {
	cases := []struct {
		pkg, imports, body string
		want               []string
	}{
		{"domain/caso", "nucleo/domain nucleo/domain/id nucleo/domain/giorno github.com/google/uuid time", "type T time.Time", nil},
		{"domain/caso", "nucleo/domain/operatore", "", []string{"domain/caso imports domain/operatore"}},
		{"domain/caso", "context", "", []string{"domain/caso imports context"}},
		{"domain/caso", "log/slog", "", []string{"domain/caso imports log/slog"}},
		{"domain/caso", "encoding/json", "", []string{"domain/caso imports encoding/json"}},
		{"domain/caso", "github.com/go-json-experiment/json", "", []string{"domain/caso imports github.com/go-json-experiment/json"}},
		{"domain/caso", "time", "var t = time.Now()", []string{"domain/caso calls time.Now"}},
		{"domain/caso", "time", "var clock = time.Now", []string{"domain/caso names time.Now"}},
		{"domain/giorno", "nucleo/domain", "", []string{"domain/giorno imports domain"}},
		{"domain/calendario", "nucleo/domain/giorno", "", nil},
		{"domain/calendario", "nucleo/domain/id", "", []string{"domain/calendario imports domain/id"}},
		{"domain/giorno", "nucleo/domain/calendario", "", []string{"domain/giorno imports domain/calendario"}},
		{"domain", "nucleo/domain/caso", "", []string{"domain imports domain/caso"}},
		{"domain", "encoding/json nucleo/domain/personale", "", nil},
		{"eventstore", "nucleo/domain nucleo/domain/personale github.com/ThreeDotsLabs/watermill/message", "", nil},
		{"eventstore", "nucleo/domain/caso", "", []string{"eventstore imports domain/caso"}},
		{"eventstore", "time", "func f() { _ = time.Until(time.Time{}) }", nil},
		{"eventstore", "github.com/jackc/pgx/v5", "", []string{"eventstore imports github.com/jackc/pgx/v5"}},
		{"eventstore/node", "nucleo/domain", "", []string{"eventstore/node imports domain"}},
		{"eventstore/node", "time", "type C struct{ Clock func() time.Time }\nvar d = C{Clock: time.Now}", nil},
		{"eventstore/node", "time", "func f() { _ = time.Since(time.Time{}) }", []string{"eventstore/node calls time.Since"}},
		{"commands", "nucleo/domain/caso nucleo/domain/operatore", "", nil},
		{"commands", "nucleo/eventstore", "", []string{"commands imports eventstore"}},
		{"commands", "net/http", "", []string{"commands imports net/http"}},
		{"commands/policies", "nucleo/commands nucleo/domain/caso", "", nil},
		{"commands/policies", "nucleo/projections", "", []string{"commands/policies imports projections"}},
		{"projections", "nucleo/domain nucleo/eventstore github.com/jackc/pgx/v5/pgxpool", "", nil},
		{"projections", "nucleo/commands", "", []string{"projections imports commands"}},
		{"projections/casi", "nucleo/projections nucleo/domain/caso", "", nil},
		{"projections/casi", "nucleo/projections/carico", "", []string{"projections/casi imports projections/carico"}},
		{"projections/casi", "github.com/ThreeDotsLabs/watermill", "", []string{"projections/casi imports github.com/ThreeDotsLabs/watermill"}},
		{"httpapi", "nucleo/commands nucleo/projections/casi nucleo/httpapi/auth net/http", "", nil},
		{"httpapi", "nucleo/eventstore", "", []string{"httpapi imports eventstore"}},
		{"httpapi/console", "database/sql", "", []string{"httpapi/console imports database/sql"}},
		{"httpapi", "github.com/jackc/pgx/v5", "", []string{"httpapi imports github.com/jackc/pgx/v5"}},
		{"httpapi", "github.com/jackc/pgx/v5/pgxpool", "func f(p *pgxpool.Pool, u *url.URL) { u.Query() }", nil},
		{"httpapi", "", "func f() { pool.Exec(ctx, `SELECT 1`) }", []string{"httpapi sends statements: Exec"}},
		{"cmd/nucleo", "nucleo/eventstore nucleo/httpapi nucleo/domain/caso time", "var start = time.Now()", nil},
		{"cmd/nucleo", "github.com/EventStore/EventStore-Client-Go/v4/esdb", "", []string{"cmd/nucleo imports github.com/EventStore/EventStore-Client-Go/v4/esdb"}},
		{"cmd/bench", "github.com/EventStore/EventStore-Client-Go/v4/esdb", "", nil},
		{"cmd/nucleo", "nucleo/domain/domaintest", "", []string{"cmd/nucleo imports domain/domaintest, which is for tests"}},
		{"cmd/nucleo", "", "func init() {}", []string{"cmd/nucleo has a func init"}},
		{"cmd/nucleo", "", "type T struct{}\nfunc (T) init() {}", nil},
		{"eventstore/storetest", "nucleo/eventstore nucleo/eventstore/node testing", "", nil},
		{"internal/postgres", "nucleo/domain", "", []string{"internal/postgres imports domain"}},
		{"projections", "nucleo/internal/postgres/pgtest", "", []string{"projections imports internal/postgres/pgtest, which is for tests"}},
		{"reports", "", "", []string{"reports has no rule: give it one here and in ARCHITECTURE.md"}},
		{"httpapi/util", "", "", []string{"util is a name that says nothing"}},
	}
	for _, c := range cases {
		src := "package p\n"
		for _, i := range strings.Fields(c.imports) {
			src += fmt.Sprintf("import _ %q\n", i)
		}
		file, err := parser.ParseFile(token.NewFileSet(), "p.go", src+c.body, 0)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, violations(c.pkg, file)); diff != "" {
			t.Errorf("%s, importing %q, %q (-want +got):\n%s", c.pkg, c.imports, c.body, diff)
		}
	}
}
