package emittente

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Cliente is the program that people of a demo sign in to: a public client, which
// proves itself by PKCE alone.
type Cliente struct {
	ID      string // what ID tokens name
	Ritorno string // the one address to come back to
	Inizio  string // where a sign-in begins, for whoever has left
}

// Persona is somebody of a demo whom anybody may be.
type Persona struct{ CodiceFiscale, Nome, Ruolo string }

// Fornitore is the OpenID provider of a demo: the authorization code flow with
// PKCE, where a person is chosen from a list and nobody is asked for a secret.
// It keeps no session: whoever comes is asked again.
type Fornitore struct {
	*Emittente
	cliente Cliente
	persone []Persona

	mu     sync.Mutex
	codici map[string]concessione // those that were given, and not used
}

// NuovoFornitore makes the provider of a client. The issuer of config is the
// address at which it is reached, and its audience is the client.
func NuovoFornitore(config Config, cliente Cliente, persone []Persona) (*Fornitore, error) {
	config.Audience = cliente.ID
	e, err := New(config)
	switch {
	case err != nil:
		return nil, err
	case cliente.Ritorno == "" || cliente.Inizio == "" || len(persone) == 0:
		return nil, errors.New("the provider of a demo needs people, where they come from, and where they go back to")
	}
	return &Fornitore{Emittente: e, cliente: cliente, persone: persone, codici: map[string]concessione{}}, nil
}

// Paths under the issuer's own, besides those of every issuer.
const (
	autorizza = "/autorizzazione"
	scelta    = "/scelta"
	gettoni   = "/token"
	uscita    = "/uscita"
)

// Handler serves the provider, under the path of the issuer's URL.
func (f *Fornitore) Handler() http.Handler {
	routes, base, issuer := http.NewServeMux(), f.base(), strings.TrimSuffix(f.config.Issuer, "/")
	routes.Handle("GET "+base+discovery, document(f.metadati(map[string]any{
		"authorization_endpoint":                         issuer + autorizza,
		"token_endpoint":                                 issuer + gettoni,
		"end_session_endpoint":                           issuer + uscita,
		"grant_types_supported":                          []string{"authorization_code"},
		"response_modes_supported":                       []string{"query"},
		"scopes_supported":                               []string{"openid", "profile"},
		"token_endpoint_auth_methods_supported":          []string{"none"},
		"code_challenge_methods_supported":               []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
	})))
	routes.Handle("GET "+base+jwks, document(f.Keys()))
	routes.HandleFunc("GET "+base+autorizza, f.autorizza)
	routes.HandleFunc("POST "+base+scelta, f.scegli)
	routes.HandleFunc("POST "+base+gettoni, f.scambia)
	routes.HandleFunc("GET "+base+uscita, f.saluta)
	return routes
}

// richiesta is what a client asks for, once it was found good.
type richiesta struct{ stato, nonce, sfida string }

// leggi reads an authorization request. An error of OAuth goes back to the
// client; one that is none is told to the person, since nobody knows where else.
func (f *Fornitore) leggi(query url.Values) (r richiesta, oauth string, err error) {
	for _, valori := range query {
		if len(valori) != 1 {
			return r, "", errRipetuto
		}
	}
	if query.Get("client_id") != f.cliente.ID || query.Get("redirect_uri") != f.cliente.Ritorno {
		return r, "", errCliente
	}
	r = richiesta{query.Get("state"), query.Get("nonce"), query.Get("code_challenge")}
	switch {
	case query.Has("request") || query.Has("request_uri"):
		return r, "request_not_supported", nil
	case query.Get("response_type") != "code":
		return r, "unsupported_response_type", nil
	case !slices.Contains(strings.Fields(query.Get("scope")), "openid"):
		return r, "invalid_scope", nil
	case query.Get("code_challenge_method") != "S256" || len(r.sfida) != 43 || r.stato == "" || r.nonce == "":
		return r, "invalid_request", nil
	case slices.Contains(strings.Fields(query.Get("prompt")), "none"):
		return r, "login_required", nil
	}
	return r, "", nil
}

var (
	errRipetuto = errors.New("the request says something twice: begin the sign-in again")
	errCliente  = errors.New("the request is of no client of this demo: begin the sign-in at its own address")
)

// autorizza shows whom one may be, for any request that is good.
func (f *Fornitore) autorizza(w http.ResponseWriter, r *http.Request) {
	chiesto, oauth, err := f.leggi(r.URL.Query())
	switch {
	case err != nil:
		f.mostra(w, http.StatusBadRequest, pagina{Errore: err.Error()})
	case oauth != "":
		f.torna(w, chiesto, "error", oauth)
	default:
		f.mostra(w, http.StatusOK, pagina{Richiesta: r.URL.RawQuery})
	}
}

// scegli gives a code for the person who was chosen. The request comes back with
// the choice and is read again: nothing was kept of it.
func (f *Fornitore) scegli(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, massimoModulo)
	query, err := url.ParseQuery(r.PostFormValue("richiesta"))
	if err != nil {
		f.mostra(w, http.StatusBadRequest, pagina{Errore: errCliente.Error()})
		return
	}
	chiesto, oauth, err := f.leggi(query)
	chi, trovata := f.chi(r.PostFormValue("persona"))
	switch {
	case err != nil:
		f.mostra(w, http.StatusBadRequest, pagina{Errore: err.Error()})
	case oauth != "":
		f.torna(w, chiesto, "error", oauth)
	case r.PostForm.Has("annulla"):
		f.torna(w, chiesto, "error", "access_denied")
	case !trovata:
		f.mostra(w, http.StatusBadRequest, pagina{Richiesta: query.Encode(), Errore: "Questa persona non è della demo: scegline una dell'elenco."})
	default:
		codice, ok := f.concede(concessione{richiesta: chiesto, persona: chi, acr: r.PostFormValue("livello")})
		if !ok {
			f.torna(w, chiesto, "error", "temporarily_unavailable")
			return
		}
		f.torna(w, chiesto, "code", codice)
	}
}

const massimoModulo = 16 << 10 // bytes of a form

// torna sends the browser back to the client.
func (f *Fornitore) torna(w http.ResponseWriter, r richiesta, nome, valore string) {
	intestazioni(w, "")
	w.Header().Set("Location", f.cliente.Ritorno+"?"+url.Values{nome: {valore}, "state": {r.stato}, "iss": {f.config.Issuer}}.Encode())
	w.WriteHeader(http.StatusSeeOther)
}

// saluta is where people come who have left. There is no session to end.
func (f *Fornitore) saluta(w http.ResponseWriter, _ *http.Request) {
	f.mostra(w, http.StatusOK, pagina{Uscita: true})
}
