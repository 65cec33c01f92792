package httpapi

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/yaml"
)

// openapiYAML is the contract, written by hand: base.yaml says what all areas
// share, each other file the paths of one area and the components that they
// alone need.
//
//go:embed openapi/*.yaml
var openapiYAML embed.FS

// loadContract joins the files to one document, and completes it.
func loadContract() (*contract, error) {
	whole := map[string]any{}
	names, err := fs.Glob(openapiYAML, "openapi/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		part, err := readPart(name)
		if err == nil {
			err = join(whole, part, "")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	document, err := json.Marshal(whole)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	if err := complete(doc); err != nil {
		return nil, err
	}
	text, err := doc.MarshalJSON()
	return &contract{doc, text}, err
}

func readPart(name string) (part map[string]any, err error) {
	text, err := openapiYAML.ReadFile(name)
	if err != nil {
		return nil, err
	}
	document, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	return part, json.Unmarshal(document, &part)
}

// join adds a part to the whole. What two parts say is a mistake.
func join(whole, part map[string]any, at string) error {
	for key, value := range part {
		old, taken := whole[key]
		inner, isMap := value.(map[string]any)
		switch oldMap, both := old.(map[string]any); {
		case !taken:
			whole[key] = value
		case isMap && both:
			if err := join(oldMap, inner, at+"/"+key); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s/%s is written twice", at, key)
		}
	}
	return nil
}

// complete adds what every operation of a kind takes and answers, so that the
// files say of each only what is its own.
func complete(doc *openapi3.T) error {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			params, answers := common(path, method, op)
			for _, name := range params {
				param := doc.Components.Parameters[name]
				if param == nil {
					return fmt.Errorf("openapi: no parameter %s", name)
				}
				op.Parameters = append(op.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name, Value: param.Value})
			}
			for status, name := range answers {
				answer := doc.Components.Responses[name]
				if answer == nil {
					return fmt.Errorf("openapi: no response %s", name)
				}
				if op.Responses.Value(status) == nil {
					op.Responses.Set(status, &openapi3.ResponseRef{Ref: "#/components/responses/" + name, Value: answer.Value})
				}
			}
		}
	}
	return nil
}

// common is what an operation takes and answers because of its kind: whether
// it is open to anybody, takes a body, names a thing, appends, changes.
func common(path, method string, op *openapi3.Operation) (params []string, answers map[string]string) {
	has := func(name string) bool { return op.Parameters.GetByInAndName("header", name) != nil }
	match := op.Parameters.GetByInAndName("header", "If-Match")
	answers = map[string]string{"400": "NonValida", "405": "Metodo", "429": "TroppeRichieste", "500": "Interno", "503": "NonDisponibile"}
	add := func(when bool, names map[string]string) {
		for status, name := range names {
			if when {
				answers[status] = name
			}
		}
	}
	secured := op.Security == nil
	keyed := has("Idempotency-Key")
	add(secured, map[string]string{"401": "NonAutenticato", "403": "Vietato", "409": "Conflitto"})
	add(secured && strings.Contains(path, "{"), map[string]string{"404": "NonTrovato"})
	add(method == http.MethodPost, map[string]string{"403": "Vietato", "408": "TroppoLenta", "413": "TroppoGrande", "415": "TipoContenuto"})
	add(keyed, map[string]string{"422": "NonAccettabile"})
	add(match != nil, map[string]string{"412": "Superata"})
	add(match != nil && match.Required, map[string]string{"428": "SenzaPrecondizione"})
	if secured {
		params = append(params, "Profilo")
	}
	if keyed {
		params = append(params, "CorrelationID")
	}
	if keyed || has("Posizione-Minima") {
		params = append(params, "Prefer")
	}
	return params, answers
}
