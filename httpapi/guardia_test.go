package httpapi

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func richiestaDa(altro string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/status", nil)
	r.RemoteAddr = altro
	return r
}

// indirizzoDi is an address of a route, with ids that are nobody's.
func indirizzoDi(r route) string {
	path := perID(func(string) string { return "00000000-0000-4000-8000-000000000000" }).Replace(r.path)
	return strings.NewReplacer("{ambito}", "PA42", "{codice}", "vietato").Replace(path)
}

// Every route is asked for what it gives and for what it refuses, and so are
// paths that are none; chiede holds each answer to the headers of safety.
func TestA16_EveryAnswerCarriesTheHeadersOfSafety(t *testing.T) {
	i := nuovo(t)
	visti := map[int]bool{}
	chiede := func(c chi, metodo, path, corpo string, headers ...string) {
		visti[c.chiede(t, i, metodo, path, corpo, headers...).status] = true
	}
	super, carla := i.chi("SUPER"), i.chi("CARLA")
	for _, r := range routes {
		for _, c := range []chi{{}, super, carla} {
			chiede(c, r.method, indirizzoDi(r), "")
			chiede(c, r.method, indirizzoDi(r), "{}", "If-Match", "*")
		}
		chiede(carla, "DELETE", indirizzoDi(r), "")
	}
	ricerche := Base + "/casi/ricerche"
	chiede(carla, "POST", ricerche, `{"lista":"assegnati"}`)
	chiede(carla, "POST", ricerche, strings.Repeat(" ", maxBody+1))
	chiede(carla, "POST", ricerche, "{}", "Content-Type", "text/plain")
	chiede(carla, "GET", Base+"/nulla", "")
	i.Metriche = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })
	chiede(chi{}, "GET", "/metrics", "")
	i.Salute.(*benessere).parti[0].Bene = false
	chiede(chi{}, "GET", "/readyz", "")
	i.Bordo.Ritmi.Operatore = 1
	chiede(carla, "GET", Base+"/profili", "")
	chiede(carla, "GET", Base+"/profili", "")
	for _, s := range []int{200, 400, 401, 403, 404, 405, 413, 415, 428, 429, 500, 503} {
		if !visti[s] {
			t.Errorf("no answer was %d", s)
		}
	}
}

func TestBrowsersAreToldOfTLSWhereThereIsTLS(t *testing.T) {
	for _, c := range []struct {
		tls, https bool
		vuole      string
	}{{false, false, ""}, {true, false, "max-age=31536000; includeSubDomains"}, {false, true, "max-age=31536000; includeSubDomains"}} {
		a, w, r := &API{Bordo: Bordo{HTTPS: c.https}}, httptest.NewRecorder(), richiestaDa("192.0.2.1:5")
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		a.intestazioni(w.Header(), r.TLS != nil)
		if got := w.Header().Get("Strict-Transport-Security"); got != c.vuole {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// Every route that changes things is asked by a browser, from each place that
// a browser can name, and by a program.
func TestA14_OnlyOurOwnPagesChangeThings(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Bordo.Origini = []string{"https://console.example"} })
	carla, nostra := i.chi("CARLA"), strings.TrimPrefix(i.server.URL, "http://")
	casi, sbagliate := 0, 0
	for _, origine := range []string{"", "http://" + nostra, "https://console.example", "https://evil.example", "https://console.example.evil.example", "http://console.example", "null"} {
		for _, sito := range []string{"", "same-origin", "same-site", "cross-site", "none", "nonsense"} {
			passa := origine == "https://console.example" || sito == "same-origin" || sito == "none" || sito == "" && (origine == "" || origine == "http://"+nostra)
			for _, r := range append(routes, route{method: "POST", path: Base + "/nulla"}, route{method: "DELETE", path: "/status"}) {
				rifiutata := carla.chiede(t, i, r.method, indirizzoDi(r), "{}", "Origin", origine, "Sec-Fetch-Site", sito).codice() == errOrigine.Codice
				if casi++; rifiutata != (!passa && r.method != http.MethodGet) {
					sbagliate++
					t.Errorf("%s from %q, %q: refused %v", r.name(), origine, sito, rifiutata)
				}
			}
		}
	}
	t.Logf("METRIC cross_origin cases=%d wrong=%d", casi, sbagliate)
	if _, err := (&API{Bordo: Bordo{Origini: []string{"console.example"}}}).guardia(nil); err == nil {
		t.Error("an origin without a scheme is taken")
	}
}
