package vetrina

import (
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"nucleo/domain"
	"nucleo/httpapi"
)

//go:embed pagina.html
var testo string

var modello = template.Must(template.New("pagina").Funcs(template.FuncMap{"unisci": func(s []string) string { return strings.Join(s, ", ") }}).Parse(testo))

// prova is a request to the API, and its answer once it was sent.
type prova struct {
	Metodo, Percorso, Corpo, SeUguale string

	Esito    int
	ETag     string
	Risposta string
}

type pagina struct {
	Nonce    string // of the one style that the page may have
	Base     string
	Accesso  string // where a sign-in begins
	Forte    string // where a person who is in signs in anew
	Dentro   bool
	Nome     string
	Profili  []profilo
	Attivo   domain.Ruolo
	Esempi   []esempio
	Prova    prova
	Percorso string
}

// esempio is a request to begin with.
type esempio struct {
	Cosa, Metodo, Percorso, Corpo string
	Ruoli                         []domain.Ruolo // that may; all when there are none
}

// Dove is the page with the request filled in.
func (e esempio) Dove() string {
	return Percorso + "?" + url.Values{"metodo": {e.Metodo}, "percorso": {e.Percorso}, "corpo": {e.Corpo}}.Encode() + "#prova"
}

var esempi = []esempio{
	{"La propria sessione", "GET", "/sessione", "", nil},
	{"I casi da assegnare", "POST", "/casi/ricerche", `{"lista":"da_assegnare","limit":10}`, []domain.Ruolo{domain.CoordinatorePaIS}},
	{"I casi assegnati", "POST", "/casi/ricerche", `{"lista":"assegnati","limit":10}`, []domain.Ruolo{domain.CoordinatorePaIS}},
	{"Le segnalazioni da validare", "POST", "/segnalazioni/ricerche", `{"vista":"validazione","limit":10}`, []domain.Ruolo{domain.CoordinatorePaIS}},
	{"I propri casi", "POST", "/casi/miei/ricerche", `{"limit":10}`, []domain.Ruolo{domain.CaseManager}},
	{"La propria agenda", "GET", "/agenda", "", []domain.Ruolo{domain.CaseManager}},
	{"Gli operatori dell'ambito", "GET", "/operatori", "", []domain.Ruolo{domain.AmministratoreAmbito, domain.SuperUtente}},
	{"Chi ha guardato che cosa", "GET", "/accessi", "", []domain.Ruolo{domain.AmministratoreAmbito, domain.Auditor}},
	{"Gli ambiti, con convenzioni e deleghe", "GET", "/ambiti", "", []domain.Ruolo{domain.AmministratoreAmbito, domain.SuperUtente, domain.Auditor}},
	{"Il cruscotto", "GET", "/cruscotto/generale", "", []domain.Ruolo{domain.CoordinatorePaIS, domain.AmministratoreAmbito}},
	{"Che cosa si è guardato", "GET", "/accessi/miei", "", nil},
}

// pagina writes the page as the person of a request may see it.
func (v vetrina) pagina(w http.ResponseWriter, r *http.Request, fatta prova) {
	if fatta.Metodo != http.MethodPost {
		fatta.Metodo = http.MethodGet
	}
	p := pagina{
		Nonce: rand.Text(), Base: httpapi.Base, Accesso: httpapi.Base + "/accesso?ritorno=" + Percorso,
		Forte: httpapi.Base + "/accesso?forte=true&ritorno=" + Percorso, Prova: fatta, Percorso: Percorso,
	}
	if a := v.chiedi(r, prova{Metodo: http.MethodGet, Percorso: "/sessione"}); a.stato == http.StatusOK {
		var s sessione
		p.Dentro = json.Unmarshal(a.corpo.Bytes(), &s) == nil
		p.Nome, p.Profili = s.Nome, s.Profili
		for _, profilo := range s.Profili {
			if profilo.Attivo {
				p.Attivo = profilo.Ruolo
			}
		}
		for _, e := range esempi {
			if len(e.Ruoli) == 0 || slices.Contains(e.Ruoli, p.Attivo) {
				p.Esempi = append(p.Esempi, e)
			}
		}
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	_ = modello.Execute(w, p) // the reader went away
}
