package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// gabbia makes canaries: personal values of which each is told from all others
// wherever it turns up.
type gabbia struct{ n int }

var canto = regexp.MustCompile(`(?i)ZQX[0-9]{6}QZ`)

// uno is a canary in the form of some kind of personal value.
func (g *gabbia) uno() string {
	g.n++
	c := fmt.Sprintf("ZQX%06dQZ", g.n)
	switch g.n % 5 {
	case 0:
		return strings.ToLower(c) + "@example.org"
	case 1:
		return "VIA " + c + " 14"
	case 2:
		return "vive sola, " + c + ", sta male"
	case 3:
		return "+39 333 " + c
	}
	return c
}

// riempi puts canaries in the place of values of an example: of all of them, or
// of texts that may say anything; and it may add fields and name them so.
func (g *gabbia) riempi(v any, come int) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = g.riempi(e, come)
			if _, testo := e.(string); come == 1 && testo && liberi.MatchString(k) {
				out[k] = g.uno()
			}
		}
		if come == 2 {
			out[g.uno()] = g.uno()
		}
		return out
	case []any:
		out := make([]any, len(v))
		for n, e := range v {
			out[n] = g.riempi(e, come)
		}
		return out
	}
	switch come {
	case 0:
		return g.uno()
	case 3:
		return map[string]any{g.uno(): []any{g.uno()}}
	}
	return v
}

// liberi are fields whose text may say anything.
var liberi = regexp.MustCompile(`motiv|not[ae]|testo|nome|via|descrizione|luogo|dettaglio|frequenza|sintesi|documento|telefono|email|cerca|indirizzo|numero`)

// Personal values are sent in every place that a request has, right and wrong,
// to every route. None is in the log, in the names of metrics, in an address
// that an answer holds, or in a refusal.
func TestA22_TenThousandCanariesAreNowhere(t *testing.T) {
	i := nuovo(t, func(i *impianto) {
		i.Metriche = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { panic("a canary: " + r.Header.Get("X-Canarino")) })
	})
	var g gabbia
	richieste, visti := 0, 0
	manda := func(c chi, metodo, path, corpo string, headers ...string) {
		r := c.chiede(t, i, metodo, path, corpo, headers...)
		richieste++
		dove := r.header.Get("Location") + fmt.Sprint(r.campo("_links"))
		if r.status >= 400 {
			dove += r.body + fmt.Sprint(r.header)
		}
		if trovato := canto.FindString(dove); trovato != "" {
			visti++
			t.Errorf("%s %s: %d holds %s: %.300s", metodo, path, r.status, trovato, dove)
		}
	}
	i.Osserva = func(rotta string, _ int, _ time.Duration) {
		if canto.MatchString(rotta) {
			visti++
			t.Errorf("a metric is named %s", rotta)
		}
	}
	persone := []chi{i.chi("CARLA"), i.chi("ANNA"), i.chi("SUPER"), i.inps()}
	i.chi("CARLA").assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	for n, r := range routes {
		corpi, c := g.corpi(t, i, r), persone[n%2]
		path := strings.NewReplacer("{ambito}", "PA42", "{codice}", "vietato").Replace(perID(func(string) string { return casoN(1).String() }).Replace(r.path))
		for m, corpo := range corpi {
			manda(persone[m%len(persone)], r.method, path, corpo, "If-Match", "*")
			manda(c, r.method, path, corpo, "If-Match", "*")
		}
		manda(c, r.method, path+"?"+url.Values{"q": {g.uno()}, g.uno(): {g.uno()}, "limit": {g.uno()}, "cursor": {g.uno()}}.Encode(), "")
		manda(c, r.method, path+"/"+url.PathEscape(g.uno()), "{}")
		manda(c, r.method, perID(func(string) string { return url.PathEscape(g.uno()) }).Replace(r.path), "{}")
		manda(c, r.method, path, `{"`+g.uno()+`":`+g.uno(), "Content-Type", "application/json; "+g.uno())
		manda(c, r.method, path, "{}", "If-Match", g.uno(), "Prefer", "wait="+g.uno(), "Profilo", g.uno(), "Idempotency-Key", g.uno(), "X-Correlation-ID", g.uno())
		manda(chi{token: g.uno()}, r.method, path, "{}", "Origin", "https://"+url.PathEscape(g.uno()), "X-Canarino", g.uno(), "Posizione-Minima", g.uno())
		manda(c, r.method, path, "{}", "Posizione-Minima", g.uno(), "X-Forwarded-For", g.uno(), "User-Agent", g.uno(), "Referer", "https://a/"+g.uno(), "Cookie", "a="+g.uno())
		manda(c, "PUT", path, g.uno(), "Content-Type", g.uno(), "X-Canarino", g.uno())
	}
	log := canto.FindAllString(i.log.String(), -1)
	for _, c := range log[:min(len(log), 5)] {
		t.Errorf("the log holds %s: %s", c, riga(i.log.String(), c))
	}
	t.Logf("METRIC canaries values=%d requests=%d log=%d elsewhere=%d", g.n, richieste, len(log), visti)
	if g.n < 10_000 {
		t.Errorf("only %d canaries", g.n)
	}
}

func riga(testo, cerca string) string {
	for r := range strings.Lines(testo) {
		if strings.Contains(r, cerca) {
			return r
		}
	}
	return ""
}

// corpi are bodies of a route, after the example of its contract.
func (g *gabbia) corpi(t *testing.T, i *impianto, r route) (corpi []string) {
	op, err := i.contratto.operation(r)
	if err != nil {
		t.Fatal(err)
	}
	if r.method == http.MethodGet || op.raw || op.route.Operation.RequestBody == nil {
		return nil
	}
	esempio := op.route.Operation.RequestBody.Value.Content.Get("application/json").Example
	for come := range 4 {
		for range 8 {
			b, err := json.Marshal(g.riempi(esempio, come))
			if err != nil {
				t.Fatal(err)
			}
			corpi = append(corpi, string(b))
		}
	}
	return append(corpi, `"`+g.uno()+`"`, `["`+g.uno()+`"]`, g.uno(), `{"a":"`+g.uno()+`","a":1}`, `{"`+g.uno()+`":"`+g.uno()+`\ud800"}`)
}
