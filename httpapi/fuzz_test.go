package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
)

// FuzzBodies holds bodies of every route to its contract: what is refused is
// refused by a problem, whose words are ours.
func FuzzBodies(f *testing.F) {
	c, err := loadContract()
	if err != nil {
		f.Fatal(err)
	}
	var g gabbia
	for n, r := range routes {
		op, err := c.operation(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(n, "limit=10", []byte(`{"`+g.uno()+`":["`+g.uno()+`"]}`))
		if body := op.route.Operation.RequestBody; body != nil && body.Value.Content.Get("application/json") != nil {
			f.Add(n, "", esempio(f, body.Value.Content.Get("application/json").Example))
		}
	}
	f.Fuzz(func(t *testing.T, n int, query string, body []byte) {
		r := routes[uint(n)%uint(len(routes))]
		op, err := c.operation(r)
		if err != nil {
			t.Fatal(err)
		}
		hr := httptest.NewRequest(r.method, "/", nil)
		hr.URL.RawQuery = query
		hr.Header.Set("Content-Type", "application/json")
		vars := map[string]string{"ambito": "PA42", "codice": "vietato"}
		for _, nome := range identificati {
			vars[nome] = uuid.Nil.String()
		}
		q := &request{Request: mux.SetURLVars(hr, vars), route: r, body: body}
		if strict(body) != nil {
			return
		}
		var p *Problem
		if err := op.validate(q); err != nil && !errors.As(err, &p) {
			t.Errorf("%s: %v is no problem", r.name(), err)
		}
		if p == nil {
			return
		}
		for _, e := range p.Errori {
			if canto.MatchString(e.Messaggio) {
				t.Errorf("%s: %s", r.name(), e.Messaggio)
			}
		}
	})
}

// FuzzHeaders reads the headers that we read ourselves.
func FuzzHeaders(f *testing.F) {
	a := &API{Segreto: []byte("s"), Bordo: Bordo{Proxy: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	vera := a.etag("f", uuid.Nil, 3)
	for _, s := range []string{"wait=5", "wait=-1", "respond-async, wait=99999999999999999999", vera, "W/" + vera, `"x", ` + vera, "*", "203.0.113.9, 10.0.0.1", "text/html;q=0, */*", "::1%eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := preference([]string{s}); ok && (d <= 0 || d > longestWait) || !ok && d != 0 {
			t.Errorf("Prefer: %q waits %s", s, d)
		}
		r := &http.Request{Header: http.Header{"If-Match": {s}, "X-Forwarded-For": {s}}, RemoteAddr: "10.0.0.1:1"}
		if chi := a.indirizzo(r); !chi.IsValid() || chi.Zone() != "" || rete(chi) == "" {
			t.Errorf("X-Forwarded-For: %q is %q", s, chi)
		}
		if r.RemoteAddr = "192.0.2.1:1"; a.client(r) != "192.0.2.1" {
			t.Errorf("X-Forwarded-For: %q was believed of a stranger", s)
		}
		q := &request{Request: r}
		if a.matches(q, "f", uuid.Nil)(3) && a.matches(q, "f", uuid.Nil)(4) && !contieneStella(s) {
			t.Errorf("If-Match: %q fits two versions", s)
		}
		_ = vuoleHTML(s)
	})
}

func contieneStella(s string) bool { return strings.Contains(s, "*") }

func esempio(f *testing.F, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		f.Fatal(err)
	}
	return b
}
