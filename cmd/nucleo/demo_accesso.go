package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/cmd/nucleo/internal/vetrina"
	"nucleo/httpapi"
	"nucleo/httpapi/auth"
)

const (
	fornitoreDemo = "/emittente-demo" // where the provider of a demo is
	clienteDemo   = "nucleo-demo"     // what Nucleo is to it
)

// ingresso is how people enter a demo by the browser: at a provider of its own,
// which listens where the API does. What depends on that address is there once
// the address is known; until then nobody signs in.
type ingresso struct {
	accesso atomic.Pointer[auth.Accesso]
	pagine  atomic.Pointer[http.Handler]
}

// accoglie opens the entrance of an API, unless people sign in there by another
// provider: that of the settings.
func (g *ingresso) accoglie(s *servizio) {
	if s.api.Accesso != nil {
		return
	}
	s.api.Accesso, s.api.Ritorni = g, []string{vetrina.Percorso}
	api, pagina := s.server.Handler, vetrina.Handler(s.server.Handler)
	s.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pagine := g.pagine.Load()
		switch {
		case r.URL.Path == vetrina.Percorso || strings.HasPrefix(r.URL.Path, vetrina.Percorso+"/"):
			pagina.ServeHTTP(w, r)
		case pagine != nil && strings.HasPrefix(r.URL.Path, fornitoreDemo+"/"):
			(*pagine).ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
}

// apre lets people in at an address. It refuses in production, as the issuer
// does. At an address where others could listen, since there is no TLS, people
// have their tokens alone.
func (g *ingresso) apre(ctx context.Context, s *servizio, dir cartella.Cartella, indirizzo string, elenco []personaDemo) error {
	var persone []emittente.Persona
	for _, p := range elenco {
		if p.CodiceFiscale != "" { // sistema-inps has none
			persone = append(persone, emittente.Persona{CodiceFiscale: p.CodiceFiscale, Nome: p.Nome, Ruolo: strings.ReplaceAll(p.Ruolo, "+", ", ")})
		}
	}
	ritorno := indirizzo + httpapi.Base + "/accesso/ritorno"
	fornitore, err := emittente.NuovoFornitore(emittente.Config{
		KeyFile: dir.File(chiaveDemo), Issuer: indirizzo + fornitoreDemo, Ambiente: s.config.Env, Now: time.Now,
	}, emittente.Cliente{ID: clienteDemo, Ritorno: ritorno, Inizio: vetrina.Percorso}, persone)
	if err != nil {
		return err
	}
	accesso, err := auth.NuovoAccesso(ctx, auth.AccessoConfig{
		Config:   auth.Config{Issuer: indirizzo + fornitoreDemo, Audience: clienteDemo, Log: s.log, Now: time.Now},
		Redirect: ritorno, Scopes: []string{"openid", "profile"}, Chiave: s.segreto, Usati: s.sessioni,
	})
	if err != nil {
		s.log.Warn("nobody signs in to the demo by the browser: its address is not the loopback", "address", indirizzo, "error", err)
		return nil
	}
	pagine := fornitore.Handler()
	g.pagine.Store(&pagine)
	g.accesso.Store(accesso)
	return nil
}

// aperto reports whether people may sign in.
func (g *ingresso) aperto() bool { return g.accesso.Load() != nil }

// Inizia implements httpapi.Accesso.
func (g *ingresso) Inizia(ctx context.Context, ritorno string, forte bool) (to, sealed string, err error) {
	a := g.accesso.Load()
	if a == nil {
		return "", "", auth.ErrFornitore
	}
	return a.Inizia(ctx, ritorno, forte)
}

// Ritorna implements httpapi.Accesso.
func (g *ingresso) Ritorna(ctx context.Context, sealed string, said url.Values) (auth.Entrata, error) {
	a := g.accesso.Load()
	if a == nil {
		return auth.Entrata{}, auth.ErrFornitore
	}
	return a.Ritorna(ctx, sealed, said)
}

// Uscita implements httpapi.Accesso.
func (g *ingresso) Uscita(ctx context.Context) string {
	a := g.accesso.Load()
	if a == nil {
		return ""
	}
	return a.Uscita(ctx)
}
