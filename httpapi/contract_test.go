package httpapi

import (
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

func contratto(t *testing.T) *contract {
	t.Helper()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryRouteIsInTheContractAndNothingElse(t *testing.T) {
	c := contratto(t)
	var scritte, servite []string
	for path, voce := range c.doc.Paths.Map() {
		prefisso := Base
		if len(voce.Servers) > 0 { // of the installation, not of the API
			prefisso = ""
		}
		for metodo := range voce.Operations() {
			scritte = append(scritte, metodo+" "+prefisso+path)
		}
	}
	for _, r := range routes {
		servite = append(servite, r.name())
	}
	slices.Sort(scritte)
	slices.Sort(servite)
	if diff := cmp.Diff(scritte, servite); diff != "" {
		t.Errorf("contract and routes (-contract +routes)\n%s", diff)
	}
}

func TestRoutesAskWhatTheContractSays(t *testing.T) {
	c := contratto(t)
	for _, r := range routes {
		op, err := c.operation(r)
		if err != nil {
			t.Fatal(err)
		}
		o := op.route.Operation
		if got := o.Parameters.GetByInAndName("header", "Idempotency-Key") != nil; got != r.keyed {
			t.Errorf("%s: Idempotency-Key in the contract %v, in the table %v", r.name(), got, r.keyed)
		}
		if got := o.Parameters.GetByInAndName("header", "If-Match"); (got != nil && got.Required) != r.precondition {
			t.Errorf("%s: If-Match in the contract %v, in the table %v", r.name(), got != nil, r.precondition)
		}
		if aperto := o.Security != nil && len(*o.Security) == 0; aperto != (r.right == aperta) {
			t.Errorf("%s: open in the contract %v", r.name(), aperto)
		}
		var serve []string
		if r.right != aperta {
			serve = append(serve, "401", "403", "429")
		}
		if r.method == http.MethodPost {
			serve = append(serve, "400", "413", "415")
		}
		if r.precondition {
			serve = append(serve, "404", "409", "412", "422", "428")
		}
		for _, s := range append(serve, "405", "500") {
			if o.Responses.Value(s) == nil {
				t.Errorf("%s: no answer %s in the contract", r.name(), s)
			}
		}
	}
}

func TestTheContractIsBoundedAndDescribed(t *testing.T) {
	doc := contratto(t).doc
	operazioni := map[string]bool{}
	for path, voce := range doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			nome := metodo + " " + path
			if op.OperationID == "" || op.Summary == "" || len(op.Tags) == 0 || operazioni[op.OperationID] {
				t.Errorf("%s: operationId, summary or tags missing, or not its own", nome)
			}
			operazioni[op.OperationID] = true
			controllaRisposte(t, nome, op)
			controllaParametri(t, nome, op)
		}
	}
	for nome, s := range doc.Components.Schemas {
		controllaSchema(t, nome, s, map[*openapi3.Schema]bool{})
	}
}

func controllaRisposte(t *testing.T, nome string, op *openapi3.Operation) {
	for status, r := range op.Responses.Map() {
		if status >= "400" && (r.Value.Content["application/problem+json"] == nil || len(r.Value.Content) != 1) {
			t.Errorf("%s: %s is no problem document", nome, status)
		}
		if (status == "429" || status == "503") && r.Value.Headers["Retry-After"] == nil {
			t.Errorf("%s: %s has no Retry-After", nome, status)
		}
		for tipo, c := range r.Value.Content {
			controllaSchema(t, nome+" "+status+" "+tipo, c.Schema, map[*openapi3.Schema]bool{})
		}
	}
}

// riservati are names of personal data, that no address may hold.
var riservati = regexp.MustCompile(`codice_fiscale|^cf$|nome|cognome|domanda|indirizzo|telefono|email|testo`)

func controllaParametri(t *testing.T, nome string, op *openapi3.Operation) {
	for _, p := range op.Parameters {
		v := p.Value
		if v.Description == "" || v.Schema == nil {
			t.Errorf("%s: parameter %s has no description or schema", nome, v.Name)
		}
		if v.In != "header" && (riservati.MatchString(v.Name) || !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(v.Name)) {
			t.Errorf("%s: parameter %s", nome, v.Name)
		}
		controllaSchema(t, nome+" "+v.Name, v.Schema, map[*openapi3.Schema]bool{})
	}
	if op.RequestBody != nil {
		for _, c := range op.RequestBody.Value.Content {
			controllaSchema(t, nome+" body", c.Schema, map[*openapi3.Schema]bool{})
		}
	}
}

// controllaSchema holds a schema to the rules for safe contracts: everything
// is bounded, and nothing is left open by oversight.
func controllaSchema(t *testing.T, dove string, ref *openapi3.SchemaRef, visti map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || visti[ref.Value] {
		return
	}
	s := ref.Value
	visti[s] = true
	switch {
	case s.Type.Is("object"):
		if s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
			t.Errorf("%s: additionalProperties is not said", dove)
		}
	case s.Type.Is("array"):
		if s.MaxItems == nil {
			t.Errorf("%s: no maxItems", dove)
		}
	case s.Type.Is("string"):
		if s.MaxLength == nil && len(s.Enum) == 0 {
			t.Errorf("%s: no maxLength", dove)
		}
	case s.Type.Is("integer"), s.Type.Is("number"):
		if s.Format == "" {
			t.Errorf("%s: no format", dove)
		}
	case s.Type.Is("boolean") && s.Nullable:
		t.Errorf("%s: a boolean may be null", dove)
	}
	for nome, p := range s.Properties {
		if !regexp.MustCompile(`^_?[a-z]+(_[a-z0-9]+)*$`).MatchString(nome) {
			t.Errorf("%s.%s is not in snake case", dove, nome)
		}
		controllaSchema(t, dove+"."+nome, p, visti)
	}
	controllaSchema(t, dove+"[]", s.Items, visti)
	for _, uno := range s.OneOf {
		controllaSchema(t, dove, uno, visti)
	}
}

func TestExamplesFollowTheirSchemas(t *testing.T) {
	for path, voce := range contratto(t).doc.Paths.Map() {
		for metodo, op := range voce.Operations() {
			esempi := map[string]*openapi3.MediaType{}
			if op.RequestBody != nil {
				esempi["body"] = op.RequestBody.Value.Content.Get("application/json")
			}
			for status, r := range op.Responses.Map() {
				for _, c := range r.Value.Content {
					esempi[status] = c
				}
			}
			for nome, c := range esempi {
				if c == nil || c.Example == nil {
					continue
				}
				if err := c.Schema.Value.VisitJSON(c.Example); err != nil {
					t.Errorf("%s %s: example of %s: %v", metodo, path, nome, err)
				}
			}
		}
	}
}
