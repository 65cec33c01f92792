package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/gorilla/mux"
)

// contract is the OpenAPI document that requests are held to.
type contract struct {
	doc  *openapi3.T
	json []byte
}

// operation is the contract of one route.
type operation struct {
	route *routers.Route
	query map[string]bool // the parameters that it knows
	raw   bool            // the body is a file, and read by the handler
}

// operation finds the contract of a route: paths stand in the document as they
// continue the address of its server.
func (c *contract) operation(r route) (*operation, error) {
	path := strings.TrimPrefix(r.path, Base)
	voce := c.doc.Paths.Value(path)
	if voce == nil || voce.GetOperation(r.method) == nil {
		return nil, fmt.Errorf("openapi: no %s %s", r.method, path)
	}
	op := voce.GetOperation(r.method)
	o := &operation{route: &routers.Route{Spec: c.doc, Path: path, PathItem: voce, Method: r.method, Operation: op}, query: map[string]bool{}}
	o.raw = op.RequestBody != nil && op.RequestBody.Value.Content.Get("application/json") == nil
	for _, ps := range []openapi3.Parameters{voce.Parameters, op.Parameters} {
		for _, p := range ps {
			o.query[p.Value.Name] = p.Value.In == openapi3.ParameterInQuery
		}
	}
	return o, nil
}

// validate holds a request to the contract.
func (o *operation) validate(q *request) error {
	if err := o.validateQuery(q.URL); err != nil {
		return err
	}
	r := q.Clone(q.Context())
	r.Body = io.NopCloser(bytes.NewReader(q.body)) // never the body of the connection: the filter reads it whole, however long
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: mux.Vars(q.Request), Route: o.route,
		Options: &openapi3filter.Options{
			MultiError: true, ExcludeRequestBody: o.raw,
			AuthenticationFunc: func(context.Context, *openapi3filter.AuthenticationInput) error { return nil },
		},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		return nonconforming(fields(err, nil))
	}
	return nil
}

// validateQuery refuses parameters that are not known, or given twice.
func (o *operation) validateQuery(u *url.URL) error {
	chiesto, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nonconforming([]Field{{"", "the query is not well formed"}})
	}
	for nome, valori := range chiesto {
		if !o.query[nome] {
			return nonconforming([]Field{{"", "the query holds a parameter that this path does not know"}})
		}
		if len(valori) > 1 {
			return nonconforming([]Field{{nome, "given more than once"}})
		}
	}
	return nil
}

// maxErrori bounds how many wrong fields one answer names.
const maxErrori = 50

// nonconforming says which fields break the contract, without quoting them.
func nonconforming(errori []Field) error {
	p := *problem(http.StatusBadRequest, "richiesta.non_conforme", "the request does not have the form that /openapi.json gives")
	p.Errori = errori[:min(len(errori), maxErrori)]
	return &p
}

func fields(err error, fin []Field) []Field {
	var schema *openapi3.SchemaError
	switch e := err.(type) { // errors.As would see only the first of many
	case openapi3.MultiError:
		for _, uno := range e {
			fin = fields(uno, fin)
		}
		return fin
	case *openapi3filter.RequestError:
		switch {
		case e.Parameter != nil:
			return append(fin, Field{e.Parameter.Name, reason(e.Err, "missing or not valid")})
		case e.Err == nil:
			return append(fin, Field{"", "the body is missing"})
		}
		return fields(e.Err, fin)
	}
	if errors.As(err, &schema) {
		return append(fin, Field{strings.Join(schema.JSONPointer(), "."), senzaNomi(schema.Reason)})
	}
	return append(fin, Field{"", "not valid"})
}

// senzaNomi leaves out of a reason the names of fields that the contract does
// not know: who puts a value where a name belongs does not read it back.
func senzaNomi(motivo string) string {
	if strings.HasSuffix(motivo, "is unsupported") {
		return "holds a field that the contract does not know"
	}
	return motivo
}

func reason(err error, altrimenti string) string {
	var schema *openapi3.SchemaError
	if errors.As(err, &schema) {
		return senzaNomi(schema.Reason)
	}
	return altrimenti
}
