package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// The rules of the REST profile of ModI that are marked MUST, each by a test
// of its name; docs/modi.md says which is met how, and which not.

func TestModI01_TheContractSaysWhoAnswersForIt(t *testing.T) {
	doc := contratto(t).doc
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") || !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(doc.Info.Version) {
		t.Errorf("OpenAPI %s, version %s", doc.OpenAPI, doc.Info.Version)
	}
	if doc.Info.Extensions["x-summary"] == nil || doc.Info.Contact == nil || doc.Info.TermsOfService == "" || doc.Info.Description == "" {
		t.Error("x-summary, contact, termsOfService or description is missing")
	}
	for path, voce := range doc.Paths.Map() {
		for _, s := range append(slices.Clone(doc.Servers), voce.Servers...) {
			if !strings.HasPrefix(s.URL, "https://") || s.Description == "" {
				t.Errorf("%s: server %s", path, s.URL)
			}
		}
	}
}

func TestModI02_TheVersionStandsInTheAddress(t *testing.T) {
	doc := contratto(t).doc
	if !regexp.MustCompile(`/rest/nucleo/v[0-9]+$`).MatchString(doc.Servers[0].URL) || !strings.HasSuffix(doc.Servers[0].URL, Base) || strings.ContainsAny(doc.Info.Title, "0123456789") {
		t.Errorf("server %s, title %s", doc.Servers[0].URL, doc.Info.Title)
	}
}

// RAC_GEN_004: no parameter of a path or a query is named after personal data,
// ids are opaque, and searches are bodies. That no value stands there either is
// what the canaries look for.
func TestModI03_NothingReservedStandsInAnAddress(t *testing.T) {
	for path, voce := range contratto(t).doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			for _, p := range append(slices.Clone(voce.Parameters), op.Parameters...) {
				v := p.Value
				switch {
				case v.In == "query" && riservati.MatchString(v.Name):
					t.Errorf("%s %s: parameter %s", metodo, path, v.Name)
				case v.In == "path" && slices.Contains(identificati, v.Name) && v.Schema.Value.Format != "uuid":
					t.Errorf("%s %s: %s is not an opaque id", metodo, path, v.Name)
				}
			}
		}
	}
}

func TestModI04_PathsAndPropertiesAreSpelledOneWay(t *testing.T) {
	doc := contratto(t).doc
	for path := range doc.Paths.Map() {
		path = regexp.MustCompile(`(\.[a-z]+(-[a-z]+)*)+$`).ReplaceAllString(path, "") // the format of what is answered
		if !regexp.MustCompile(`^(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}))+$`).MatchString(path) {
			t.Errorf("%s is not in kebab case", path)
		}
	}
	ogniSchema(doc, func(dove string, s *openapi3.Schema) {
		for nome := range s.Properties {
			if !regexp.MustCompile(`^_?[a-z]+(_[a-z0-9]+)*$`).MatchString(nome) {
				t.Errorf("%s.%s is not in snake case", dove, nome)
			}
		}
	})
}

// Every route, paths that are none, methods that are not taken, and a panic
// are refused by a problem document without internals.
func TestModI06_ProblemJSONEverywhere(t *testing.T) {
	i := nuovo(t, func(i *impianto) {
		i.Metriche = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("10.0.0.1") })
	})
	carla := i.chi("CARLA")
	rifiutate := 0
	for _, r := range append(routes, route{method: "GET", path: Base + "/nulla"}, route{method: "GET", path: "/"}) {
		for _, c := range []chi{{}, carla} {
			for _, metodo := range []string{r.method, "PATCH"} {
				a := c.chiede(t, i, metodo, indirizzoDi(r), "[")
				if a.status < 400 {
					continue
				}
				rifiutate++
				if a.header.Get("Content-Type") != "application/problem+json" || a.campo("status") != json.Number(fmt.Sprint(a.status)) || a.codice() == "" ||
					a.campo("title") != http.StatusText(a.status) || regexp.MustCompile(`\.go\b|goroutine|SELECT|10\.0\.0\.1|pq:|SQLSTATE`).MatchString(a.body) {
					t.Errorf("%s %s: %d %s", metodo, r.path, a.status, a.body)
				}
			}
		}
	}
	if rifiutate < 2*len(routes) {
		t.Errorf("only %d were refused", rifiutate)
	}
	// Whom there is nobody to tell from: a token of somebody unknown, and a case of others.
	noto, ignoto := i.chi("LONTANA").chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), ""), i.chi("LONTANA").chiede(t, i, "GET", Base+"/casi/"+casoN(999).String(), "")
	if noto.status != ignoto.status || noto.codice() != ignoto.codice() || noto.campo("detail") != ignoto.campo("detail") {
		t.Errorf("a case of others: %s\nno case: %s", noto.body, ignoto.body)
	}
}

func TestModI07_WrongTypesValuesAndVerbsAreToldApart(t *testing.T) {
	i := nuovo(t)
	carla, ricerche := i.chi("CARLA"), Base+"/casi/ricerche"
	carla.chiede(t, i, "POST", ricerche, "<a/>", "Content-Type", "application/xml").vuole(t, 415, "richiesta.tipo_contenuto")
	if r := carla.chiede(t, i, "PUT", ricerche, "{}").vuole(t, 405, "richiesta.metodo_non_consentito"); r.header.Get("Allow") != "POST" {
		t.Errorf("Allow: %s", r.header.Get("Allow"))
	}
	carla.chiede(t, i, "POST", ricerche, "{").vuole(t, 400, "richiesta.json_non_valido")
	senza := `{"case_manager_id":"00000000-0000-4000-8000-000000000000"}` // well formed, and nobody
	carla.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/assegnazioni", senza, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 422, "")
}

// A list is an object with items and limit; where the search stands in the
// query the next page is a link, else it is asked for in the same body.
func TestModI08_ListsAreObjects(t *testing.T) {
	for path, voce := range contratto(t).doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			for _, p := range op.Parameters {
				if p.Value.In == "query" && slices.Contains([]string{"page", "size", "per_page", "pagina", "limite", "cursore"}, p.Value.Name) {
					t.Errorf("%s %s: %s has another name in ModI", metodo, path, p.Value.Name)
				}
			}
			r := op.Responses.Value("200")
			if r == nil || r.Value.Content.Get("application/json") == nil || r.Value.Content["application/json"] == nil {
				continue
			}
			s := r.Value.Content["application/json"].Schema.Value
			if s.Type.Is("array") {
				t.Errorf("%s %s answers a bare array", metodo, path)
			}
			if s.Properties["next_cursor"] != nil && (s.Properties["limit"] == nil || !slices.Contains(s.Required, "items")) {
				t.Errorf("%s %s: a list by pages without limit, or whose items may be missing", metodo, path)
			}
			if s.Properties["next_cursor"] != nil && metodo == http.MethodGet && s.Properties["_links"] == nil {
				t.Errorf("%s %s: a list by pages without _links", metodo, path)
			}
		}
	}
}

func TestModI09_BooleansListsAndEnumsAreNeverNull(t *testing.T) {
	ogniSchema(contratto(t).doc, func(dove string, s *openapi3.Schema) {
		switch {
		case s.Nullable && (s.Type.Is("boolean") || s.Type.Is("array") || len(s.Enum) > 0):
			t.Errorf("%s may be null", dove)
		case (s.Type.Is("integer") || s.Type.Is("number")) && s.Format == "":
			t.Errorf("%s: a number without a format", dove)
		}
		for _, v := range s.Enum {
			if _, testo := v.(string); !testo && s.Type.Is("string") {
				t.Errorf("%s: an enum of %v", dove, v)
			}
		}
	})
}

// Instants are RFC 3339 in UTC with Z, days are days, money has a currency.
func TestModI10_TimesAndMoneyHaveOneForm(t *testing.T) {
	ogniSchema(contratto(t).doc, func(dove string, s *openapi3.Schema) {
		switch {
		case s.Format == "date-time" && s.Pattern != "Z$":
			t.Errorf("%s: an instant that need not end in Z", dove)
		case s.Properties["amount"] != nil && (!s.Properties["amount"].Value.Type.Is("string") || s.Properties["currency"] == nil):
			t.Errorf("%s: money without currency", dove)
		}
		for nome, p := range s.Properties {
			if regexp.MustCompile(`^(isee|importo.*)$`).MatchString(nome) && p.Value.Properties["amount"] == nil {
				t.Errorf("%s.%s is money in another form", dove, nome)
			}
		}
	})
	if b, err := json.Marshal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); err != nil || string(b) != `"2026-01-02T03:04:05Z"` {
		t.Errorf("an instant is %s", b)
	}
}

func TestModI11_StatusIsAProblemDocument(t *testing.T) {
	salute := &benessere{[]Parte{{Nome: "archivio", Bene: true}}}
	i := nuovo(t, func(i *impianto) { i.Salute = salute })
	if r := (chi{}).chiede(t, i, "GET", "/status", "").vuole(t, 200, ""); r.header.Get("Content-Type") != "application/problem+json" || r.campo("status") != json.Number("200") {
		t.Errorf("%v %s", r.header, r.body)
	}
	salute.parti[0].Bene = false
	if r := (chi{}).chiede(t, i, "GET", "/status", "").vuole(t, 503, ""); r.header.Get("Content-Type") != "application/problem+json" || r.header.Get("Retry-After") == "" {
		t.Errorf("%v %s", r.header, r.body)
	}
}

// Long work is answered 202 with where to look, and looking is 200 (NONBLOCK_PULL_REST).
func TestModI14_LongWorkIsAcceptedAndLookedAt(t *testing.T) {
	i := nuovo(t)
	r := i.inps().chiede(t, i, "POST", Base+"/importazioni?tipo=domande", "{}\n", "Content-Type", "application/x-ndjson").vuole(t, 202, "")
	dove := r.header.Get("Location")
	if !strings.HasPrefix(dove, Base+"/importazioni/") || r.header.Get("Retry-After") == "" {
		t.Fatalf("%v", r.header)
	}
	if s := i.inps().chiede(t, i, "GET", dove, "").vuole(t, 200, ""); s.campo("stato") == nil || s.campo("id") == nil {
		t.Error(s.body)
	}
	for path, voce := range contratto(t).doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			if a := op.Responses.Value("202"); a != nil && (a.Value.Headers["Location"] == nil || metodo != http.MethodPost) {
				t.Errorf("%s %s is accepted without Location", metodo, path)
			}
		}
	}
}

// RAC_GEN_LOG_01: time in UTC, what was asked, how it ended, from where, by whom.
func TestModI15_TheLogSaysWhoAskedWhat(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	carla.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	var riga map[string]any
	for r := range strings.Lines(i.log.String()) {
		if strings.Contains(r, `"msg":"request"`) && strings.Contains(r, "/casi/{caso}") {
			if err := json.Unmarshal([]byte(r), &riga); err != nil {
				t.Fatal(err)
			}
		}
	}
	for campo, vuole := range map[string]any{"method": "GET", "route": Base + "/casi/{caso}", "status": 200.0, "client": "127.0.0.1", "attore": carla.id.String()} {
		if riga[campo] != vuole {
			t.Errorf("%s: %v, want %v", campo, riga[campo], vuole)
		}
	}
	if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(riga["time"])); err != nil || riga["richiesta"] == "" || riga["profilo"] == "" || riga["bytes"] == nil || riga["ms"] == nil {
		t.Errorf("%v", riga)
	}
}

// docs/modi.md has a row for each rule, and names a test that exists.
func TestTheTableOfModINamesItsTests(t *testing.T) {
	testo, err := os.ReadFile("../docs/modi.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var sorgente strings.Builder
	for _, f := range file {
		if strings.HasSuffix(f.Name(), "_test.go") {
			b, _ := os.ReadFile(f.Name())
			sorgente.Write(b)
		}
	}
	for n := range 20 {
		if !strings.Contains(string(testo), fmt.Sprintf("\n| %d |", n+1)) {
			t.Errorf("no row %d", n+1)
		}
	}
	for _, nome := range regexp.MustCompile(`Test\w+`).FindAllString(string(testo), -1) {
		if !strings.Contains(sorgente.String(), "func "+nome+"(") {
			t.Errorf("there is no %s", nome)
		}
	}
}

// ogniSchema visits every schema of the contract once.
func ogniSchema(doc *openapi3.T, guarda func(dove string, s *openapi3.Schema)) {
	visti := map[*openapi3.Schema]bool{}
	var visita func(dove string, ref *openapi3.SchemaRef)
	visita = func(dove string, ref *openapi3.SchemaRef) {
		if ref == nil || ref.Value == nil || visti[ref.Value] {
			return
		}
		s := ref.Value
		visti[s] = true
		guarda(dove, s)
		for nome, p := range s.Properties {
			visita(dove+"."+nome, p)
		}
		visita(dove+"[]", s.Items)
		for _, uno := range slices.Concat(s.OneOf, s.AnyOf, s.AllOf) {
			visita(dove, uno)
		}
	}
	for nome, s := range doc.Components.Schemas {
		visita(nome, s)
	}
	for path, voce := range doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			dove := metodo + " " + path
			for _, p := range op.Parameters {
				visita(dove+" "+p.Value.Name, p.Value.Schema)
			}
			if op.RequestBody != nil {
				for _, c := range op.RequestBody.Value.Content {
					visita(dove, c.Schema)
				}
			}
			for stato, r := range op.Responses.Map() {
				for _, c := range r.Value.Content {
					visita(dove+" "+stato, c.Schema)
				}
			}
		}
	}
}
