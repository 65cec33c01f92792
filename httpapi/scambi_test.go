package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// segnato is a case manager whose one case is marked as theirs.
type segnato struct {
	chi
	segno string // a surname in the case, and in no other
	caso  id.Caso
}

// segnati are n case managers.
func (i *impianto) segnati(t *testing.T, n int) (tutti []segnato) {
	t.Helper()
	codici, carla := map[string]bool{}, i.chi("CARLA")
	for k := 0; len(tutti) < n; k++ {
		lettere := string([]byte{'A' + byte(k/26), 'A' + byte(k%26)})
		s := segnato{chi: i.chi("SEGNATA" + lettere), segno: "SEGNO" + lettere + "X", caso: id.CasoDi(idDomanda(100 + k))}
		if codici[s.codice] {
			continue // two names that made one codice fiscale
		}
		codici[s.codice] = true
		i.accredita(t, s.nome, domain.CaseManager, palermo, "PON")
		e, err := i.Comandi.RiceviDomanda(t.Context(), i.richiesta(domain.INPS), caso.RiceviDomanda{Domanda: caso.DomandaRicevuta{
			IDDomanda: idDomanda(100 + k), Misura: caso.RDC, DataPresentazione: giorno.Di(mattina), DataTrasmissioneComune: giorno.Di(mattina), Ambito: "PA42", Comune: "G273",
			Indirizzo:  caso.Indirizzo{Via: "VIA DEL CANARINO", Comune: "G273"},
			Componenti: []caso.Componente{{CodiceFiscale: codice(t, s.segno, "BIAGIA", 1980), Cognome: s.segno, Nome: "BIAGIA", Sesso: "F", DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "G273", Relazione: caso.Richiedente}},
		}})
		i.nota(t, e.Posizione, err)
		tutti = append(tutti, s)
	}
	i.aggiornato(t)
	for _, s := range tutti {
		path := Base + "/casi/" + s.caso.String()
		etag := carla.chiede(t, i, "GET", path, "").vuole(t, 200, "").header.Get("ETag")
		carla.chiede(t, i, "POST", path+"/assegnazioni", `{"case_manager_id":"`+s.id.String()+`"}`, "If-Match", etag).vuole(t, 201, "")
	}
	i.aggiornato(t)
	return tutti
}

// assalto has all ask at once, and counts answers that are not their own.
func (i *impianto) assalto(t *testing.T, tutti []segnato, server string, volte int) (richieste, altrui int64) {
	var chieste, sbagliate atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(tutti)}}
	defer client.CloseIdleConnections()
	chiede := func(c segnato, method, path, corpo string) string {
		req, err := http.NewRequestWithContext(t.Context(), method, server+path, strings.NewReader(corpo))
		if err != nil {
			t.Error(err)
			return ""
		}
		req.Header.Set("Authorization", "Bearer "+c.token)
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return ""
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Error(err)
		}
		chieste.Add(1)
		return string(b)
	}
	var insieme sync.WaitGroup
	for k, s := range tutti {
		insieme.Go(func() {
			altro := tutti[(k+1)%len(tutti)]
			for n := range volte {
				var corpo, suo string
				switch n % 4 {
				case 0:
					corpo, suo = chiede(s, "GET", Base+"/profili", ""), s.id.String()
				case 1:
					corpo, suo = chiede(s, "GET", Base+"/casi/"+s.caso.String(), ""), s.segno
				case 2:
					corpo, suo = chiede(s, "POST", Base+"/casi/miei/ricerche", `{}`), s.caso.String()
				case 3:
					corpo, suo = chiede(s, "GET", Base+"/casi/"+altro.caso.String(), ""), "caso.inesistente"
				}
				if resto := strings.ReplaceAll(corpo, s.segno, ""); !strings.Contains(corpo, suo) || strings.Contains(resto, "SEGNO") {
					sbagliate.Add(1)
					t.Errorf("%s asked %d and was answered %.300s", s.nome, n, corpo)
				}
			}
		})
	}
	insieme.Wait()
	return chieste.Load(), sbagliate.Load()
}

// Sixty-four people ask at once: each sees their own, and nothing of the others.
func TestA51_EachAnswerIsForWhoAsked(t *testing.T) {
	i := nuovo(t)
	volte := 16
	if os.Getenv("NUCLEO_LONG") != "" {
		volte = 1000
	}
	richieste, altrui := i.assalto(t, i.segnati(t, 64), i.server.URL, volte)
	t.Logf("METRIC mix_up users=64 requests=%d crossed=%d", richieste, altrui)
}

// cassa is a proxy that keeps what it may, for all who come: it holds to what
// answers say of caching, and to nothing else.
type cassa struct {
	avanti  http.Handler
	mu      sync.Mutex
	tenute  map[string]*httptest.ResponseRecorder
	trovate atomic.Int64
}

func (c *cassa) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	tenuta := c.tenute[r.URL.String()]
	c.mu.Unlock()
	if tenuta != nil && r.Method == http.MethodGet && stessi(tenuta.Header().Get("Vary"), tenuta.Header().Get("Di-"), r) {
		c.trovate.Add(1)
		_, _ = w.Write(tenuta.Body.Bytes())
		return
	}
	nuova := httptest.NewRecorder()
	c.avanti.ServeHTTP(nuova, r)
	if r.Method == http.MethodGet && nuova.Code == 200 && !strings.Contains(nuova.Header().Get("Cache-Control"), "no-store") && !strings.Contains(nuova.Header().Get("Cache-Control"), "private") {
		nuova.Header().Set("Di-", dati(nuova.Header().Get("Vary"), r))
		c.mu.Lock()
		c.tenute[r.URL.String()] = nuova
		c.mu.Unlock()
	}
	w.WriteHeader(nuova.Code)
	_, _ = w.Write(nuova.Body.Bytes())
}

func dati(vary string, r *http.Request) (v string) {
	for h := range strings.SplitSeq(vary, ",") {
		v += fmt.Sprintf("%q", r.Header.Values(strings.TrimSpace(h)))
	}
	return v
}

func stessi(vary, prima string, r *http.Request) bool { return dati(vary, r) == prima }

// A cache that all share stands before the API, and passes on nobody's data to
// another. Were either no-store or Vary missing the other would still hold; the
// test sees by a server without both that the cache does mix people up.
func TestA50_ASharedCacheMixesNobodyUp(t *testing.T) {
	i := nuovo(t)
	tutti, volte := i.segnati(t, 16), 16
	if os.Getenv("NUCLEO_LONG") != "" {
		volte = 625
	}
	dietro, err := url.Parse(i.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, senza := range []string{"", "Cache-Control", "Vary"} {
		proxy := httputil.NewSingleHostReverseProxy(dietro)
		proxy.ModifyResponse = func(r *http.Response) error { r.Header.Del(senza); return nil }
		c := &cassa{avanti: proxy, tenute: map[string]*httptest.ResponseRecorder{}}
		davanti := httptest.NewServer(c)
		richieste, altrui := i.assalto(t, tutti, davanti.URL, volte)
		davanti.Close()
		t.Logf("METRIC shared_cache without=%q requests=%d crossed=%d hits=%d", senza, richieste, altrui, c.trovate.Load())
	}
	incauto := &cassa{tenute: map[string]*httptest.ResponseRecorder{}, avanti: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get("Authorization"))
	})}
	for _, s := range tutti[:2] {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", s.nome)
		incauto.ServeHTTP(httptest.NewRecorder(), r)
	}
	if incauto.trovate.Load() != 1 {
		t.Error("the cache keeps nothing: it proves nothing")
	}
}
