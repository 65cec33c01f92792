package main

import (
	"encoding/json"
	"net/http"
	"sync"

	"nucleo/httpapi"
)

// congedo lets requests end and, once the program stops, no new ones begin:
// they are told to come back, while /readyz tells a balancer to send them
// elsewhere (F-69).
type congedo struct {
	mu     sync.Mutex
	dentro int
	ultimo chan struct{} // nil until the program stops; closed when nobody is inside any more
}

// davanti stands before the handler of all requests.
func (c *congedo) davanti(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/livez", "/readyz", "/status", "/metrics":
			next.ServeHTTP(w, r)
			return
		}
		if !c.entra() {
			altrove503(w)
			return
		}
		defer c.esce()
		next.ServeHTTP(w, r)
	})
}

func altrove503(w http.ResponseWriter) {
	const codice = "non_pronto"
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "1")
	h.Set("Connection", "close")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = json.NewEncoder(w).Encode(httpapi.Problem{
		Type: httpapi.Base + "/problemi/" + codice, Title: http.StatusText(http.StatusServiceUnavailable), Status: http.StatusServiceUnavailable,
		Codice: codice, Detail: "this server is stopping, and nothing was done: repeat the request, commands with the same Idempotency-Key",
	}) // an error here means that whoever asked has gone
}

func (c *congedo) entra() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ultimo != nil {
		return false
	}
	c.dentro++
	return true
}

func (c *congedo) esce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dentro--; c.dentro == 0 && c.ultimo != nil {
		close(c.ultimo)
	}
}

// chiudi lets nobody in any more. It is called once; what it returns is closed
// when the last request has ended.
func (c *congedo) chiudi() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ultimo = make(chan struct{})
	if c.dentro == 0 {
		close(c.ultimo)
	}
	return c.ultimo
}
