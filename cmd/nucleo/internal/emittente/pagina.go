package emittente

import (
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed pagina.html
var testo string

var modello = template.Must(template.New("pagina").Parse(testo))

// pagina is what a person sees: the list of whom they may be, why they may not,
// or that they left.
type pagina struct {
	Nonce     string // of the one style that the page may have
	Azione    string // where the form goes
	Inizio    string
	Richiesta string // of the client, as it came
	Errore    string
	Uscita    bool
	Gruppi    []gruppo
}

// gruppo are those of one role.
type gruppo struct {
	ID, Ruolo string
	Persone   []voce
}

type voce struct {
	Numero int
	Nome   string
}

// gruppi are the people by role, in the order in which the roles first appear.
func (f *Fornitore) gruppi() (tutti []gruppo) {
	dove := map[string]int{}
	for n, p := range f.persone {
		i, found := dove[p.Ruolo]
		if !found {
			i = len(tutti)
			dove[p.Ruolo] = i
			tutti = append(tutti, gruppo{ID: "gruppo-" + strconv.Itoa(i), Ruolo: p.Ruolo})
		}
		tutti[i].Persone = append(tutti[i].Persone, voce{n, p.Nome})
	}
	return tutti
}

// chi is the person of a number of the list.
func (f *Fornitore) chi(numero string) (Persona, bool) {
	n, err := strconv.Atoi(numero)
	if err != nil || n < 0 || n >= len(f.persone) {
		return Persona{}, false
	}
	return f.persone[n], true
}

func (f *Fornitore) mostra(w http.ResponseWriter, status int, p pagina) {
	p.Nonce, p.Azione, p.Inizio = rand.Text(), f.base()+scelta, f.cliente.Inizio
	if p.Richiesta != "" {
		p.Gruppi = f.gruppi()
	}
	intestazioni(w, "style-src 'nonce-"+p.Nonce+"'; form-action 'self'; ")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = modello.Execute(w, p) // the reader went away
}

// intestazioni keep an answer from being kept, framed, or made to fetch anything.
func intestazioni(w http.ResponseWriter, csp string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; "+csp+"base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}
