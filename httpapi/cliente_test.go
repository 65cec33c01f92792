package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"nucleo/domain"
)

// Read implements commands.Store.
func (s *guasto) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return func(yield func(domain.Recorded, error) bool) {
		if err := s.guasta(ctx, stream); err != nil {
			yield(domain.Recorded{}, err)
			return
		}
		for r, err := range s.Store.Read(ctx, stream) {
			if !yield(r, err) {
				return
			}
		}
	}
}

// chiede sends a request as somebody. A header of "" is left out. The answer
// is held to what all answers owe.
func (c chi) chiede(t *testing.T, i *impianto, method, path, body string, headers ...string) risposta {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, i.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body == "" {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	for n := 0; n < len(headers); n += 2 {
		req.Header.Set(headers[n], headers[n+1])
		if headers[n+1] == "" {
			req.Header.Del(headers[n])
		}
	}
	return i.manda(t, req)
}

func (i *impianto) manda(t *testing.T, req *http.Request) risposta {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := risposta{resp.StatusCode, resp.Header, string(body)}
	i.controlla(t, req, r)
	return r
}

// controlla holds an answer to the contract, and to the headers of safety.
func (i *impianto) controlla(t *testing.T, req *http.Request, r risposta) {
	t.Helper()
	for nome, valore := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Vary": "Authorization, Cookie, Profilo",
		"Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
	} {
		if r.header.Get(nome) != valore {
			t.Errorf("%s %s: %s = %q", req.Method, req.URL.Path, nome, r.header.Get(nome))
		}
	}
	if r.status >= 400 && r.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s: %d as %q", req.Method, req.URL.Path, r.status, r.header.Get("Content-Type"))
	}
	if (r.status == 503 || r.status == 429) && r.header.Get("Retry-After") == "" {
		t.Errorf("%s %s: %d without Retry-After", req.Method, req.URL.Path, r.status)
	}
	var trovata mux.RouteMatch
	prova := req.Clone(context.Background())
	if !i.rotte.Match(prova, &trovata) || trovata.MatchErr != nil {
		i.controllaProblema(t, req, r)
		return
	}
	op, err := i.contratto.operation(rotta(trovata.Route.GetName()))
	if err != nil {
		t.Fatal(err)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: prova, Route: op.route, PathParams: trovata.Vars},
		Status:                 r.status, Header: r.header, Body: io.NopCloser(bytes.NewReader([]byte(r.body))),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		t.Errorf("%s %s: %d breaks the contract: %v\n%s", req.Method, req.URL.Path, r.status, err, r.body)
	}
}

func (i *impianto) controllaProblema(t *testing.T, req *http.Request, r risposta) {
	t.Helper()
	if req.Method == http.MethodHead {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%s %s: %v\n%s", req.Method, req.URL, err, r.body)
	}
	if err := i.contratto.doc.Components.Schemas["Problem"].Value.VisitJSON(v); err != nil {
		t.Errorf("%s %s: %v", req.Method, req.URL, err)
	}
}

func rotta(nome string) route {
	for _, r := range routes {
		if r.name() == nome {
			return r
		}
	}
	return route{}
}

// vuole checks the status and, of refusals, the code.
func (r risposta) vuole(t *testing.T, status int, codice string) risposta {
	t.Helper()
	if r.status != status || codice != "" && r.codice() != codice {
		t.Fatalf("%d %s, want %d %s\n%s", r.status, r.codice(), status, codice, r.body)
	}
	return r
}

// etag reads the ETag of a case as somebody sees it.
func (i *impianto) etagDi(t *testing.T, c chi, n int) string {
	t.Helper()
	return c.chiede(t, i, "GET", Base+"/casi/"+casoN(n).String(), "").vuole(t, 200, "").header.Get("ETag")
}

// assegna assigns the n-th case.
func (c chi) assegna(t *testing.T, i *impianto, n int, a chi, headers ...string) risposta {
	t.Helper()
	return c.chiede(t, i, "POST", Base+"/casi/"+casoN(n).String()+"/assegnazioni", `{"case_manager_id":"`+a.id.String()+`"}`,
		append([]string{"If-Match", i.etagDi(t, c, n), "Prefer", "wait=5"}, headers...)...)
}
