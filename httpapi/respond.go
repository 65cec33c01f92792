package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"nucleo/projections/elenco"
)

// answer answers a value as JSON.
func answer(w http.ResponseWriter, status int, v any) error {
	conta(w, v)
	corpo, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(corpo)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(corpo, '\n')) // an error here means that whoever asked has gone
	return nil
}

// lista is the form of every list (ModI): never a bare array.
type lista[T any] struct {
	Items        []T    `json:"items"`
	Limit        int    `json:"limit"`
	NextCursor   string `json:"next_cursor,omitempty"`
	Links        *links `json:"_links,omitempty"`
	Totale       *int   `json:"totale,omitempty"`
	TotaleAlmeno *int   `json:"totale_almeno,omitempty"` // when counting further would cost too much
	Posizione    uint64 `json:"posizione"`               // of the log, that the answer shows
}

// links are where to go on from a page.
type links struct {
	Next string `json:"next"`
}

// intera is a list that is always answered whole.
type intera[T any] struct {
	Items []T `json:"items"`
	Limit int `json:"limit"`
}

// massimoIntera bounds lists that are answered whole.
const massimoIntera = 1000

// conta sets the number of all items: exact, or a bound from below.
func (l *lista[T]) conta(totale int, esatto bool) {
	if esatto {
		l.Totale = &totale
		return
	}
	l.TotaleAlmeno = &totale
}

// chiesta is the page of a list that the query asks for.
func (q *request) chiesta() elenco.Richiesta {
	p, chiesto := q.pagina(), q.URL.Query()
	return elenco.Richiesta{Limite: p.limite, Cursore: p.cursore, Ordina: chiesto.Get("ordina"), Verso: chiesto.Get("verso")}
}

// elencati answers a page of a list, each row as mostra shows it. Where the
// search stands in the query, the answer links to the next page.
func elencati[V, T any](w http.ResponseWriter, q *request, chiesta elenco.Richiesta, p elenco.Pagina[V], mostra func(V) T) error {
	out := lista[T]{Items: make([]T, len(p.Voci)), Limit: chiesta.Limite, NextCursor: p.Cursore, Posizione: q.posizione(p.Posizione)}
	for i, v := range p.Voci {
		out.Items[i] = mostra(v)
	}
	if q.Method != http.MethodPost {
		out.Links = q.next(p.Cursore)
	}
	out.conta(p.Totale, !p.Almeno)
	return answer(w, http.StatusOK, out)
}

// pagina is which page of a list a query asks for.
type pagina struct {
	limite  int
	cursore string
}

func (q *request) pagina() pagina {
	chiesto := q.URL.Query()
	limite, err := strconv.Atoi(chiesto.Get("limit"))
	if err != nil {
		limite = limitePredefinito
	}
	return pagina{limite, chiesto.Get("cursor")}
}

// next is where the next page is; nil after the last.
func (q *request) next(cursore string) *links {
	if cursore == "" {
		return nil
	}
	chiesto := q.URL.Query()
	chiesto.Set("cursor", cursore)
	return &links{(&url.URL{Path: q.URL.Path, RawQuery: chiesto.Encode()}).String()}
}
