package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"nucleo/domain"
)

// Problem is an RFC 9457 problem document: what went wrong, and what to do.
type Problem struct {
	Type    string    `json:"type"`
	Title   string    `json:"title"`
	Status  int       `json:"status"`
	Detail  string    `json:"detail"`
	Codice  string    `json:"codice"` // stable
	Campo   string    `json:"campo,omitempty"`
	Istanza string    `json:"instance,omitempty"` // urn:uuid of the request, which the log knows
	Errori  []Field   `json:"errori,omitempty"`
	Profili []profilo `json:"profili,omitempty"` // to choose from

	riprova int           // seconds
	recente time.Duration // how long ago, at most, the caller should have signed in
}

// Field is one field of a request that is wrong.
type Field struct {
	Campo     string `json:"campo"`
	Messaggio string `json:"messaggio"`
}

func (p *Problem) Error() string { return p.Codice + ": " + p.Detail }

// statuses is the whole mapping from refusals to HTTP.
var statuses = map[domain.Kind]int{
	domain.Invalid:       http.StatusBadRequest,
	domain.Forbidden:     http.StatusForbidden,
	domain.NotFound:      http.StatusNotFound,
	domain.Refused:       http.StatusConflict,
	domain.Stale:         http.StatusPreconditionFailed,
	domain.Unprocessable: http.StatusUnprocessableEntity,
	domain.Unavailable:   http.StatusServiceUnavailable,
}

// problem makes a problem that is HTTP's own.
func problem(status int, codice, dettaglio string) *Problem {
	return &Problem{Status: status, Codice: codice, Detail: dettaglio}
}

// Problems of HTTP.
var (
	errNessunaRotta       = problem(404, "richiesta.percorso_sconosciuto", "there is nothing at this path: see /openapi.json")
	errMetodo             = problem(405, "richiesta.metodo_non_consentito", "this path does not take the method: see the Allow header")
	errNonAutenticato     = problem(401, "accesso.token_mancante", "send a bearer token of the identity provider in the Authorization header")
	errChiaveMancante     = problem(400, "richiesta.chiave_mancante", "name the request in an Idempotency-Key header (1 to 255 characters), and repeat it under the same name")
	errSenzaPrecondizione = problem(428, "richiesta.precondizione_mancante", "send the ETag that you read in an If-Match header")
	errTipoContenuto      = problem(415, "richiesta.tipo_contenuto", "the body's Content-Type is not one that this path takes")
	errCorpoTroppoGrande  = problem(413, "richiesta.troppo_grande", "the body is larger than this path takes")
	errScegliProfilo      = problem(409, "accesso.profilo_da_scegliere", "you are accredited to several roles: name one of the profiles in the Profilo header or, in a session, by POST /sessione/profilo")
	errProfiloIgnoto      = problem(403, "accesso.profilo_sconosciuto", "you have no such profile: see GET /profili")
	errNonAccreditato     = problem(403, "accesso.non_accreditato", "you are known to the identity provider, but to no active role here: ask the Amministratore of your ambito")
	errTroppeRichieste    = problem(429, "richiesta.troppo_frequente", "too many requests in this minute: wait as long as Retry-After says")
	errNonPronto          = problem(503, "non_pronto", "requests cannot be served now: GET /status says which part is at fault")
	errListe              = problem(503, "liste.non_disponibili", "the lists cannot be read now, or are being built: repeat the request later")
	errInterno            = problem(500, "interno", "something went wrong here; the log knows the request by its instance")
	errScaduto            = problem(503, "archivio.non_disponibile", "a part of the system does not answer in time: repeat the request, commands with the same Idempotency-Key")
)

// di is the problem that an error is. Only refusals are shown to the caller;
// noto is false for anything else.
func di(err error) (p Problem, noto bool) {
	var proprio *Problem
	var rifiuto *domain.Error
	switch {
	case errors.As(err, &proprio):
		return *proprio, true
	case errors.As(err, &rifiuto):
		return Problem{Status: statuses[rifiuto.Kind], Codice: rifiuto.Code, Detail: rifiuto.Message, Campo: rifiuto.Field, Errori: campiErrati(rifiuto)}, true
	case errors.Is(err, context.DeadlineExceeded):
		return *errScaduto, true
	case senzaListe(err):
		return *errListe, true
	}
	return *errInterno, false
}

// campiErrati are the fields of a request that a refusal is about, when they are
// several.
func campiErrati(e *domain.Error) (tutti []Field) {
	if len(e.Others) == 0 {
		return nil
	}
	for _, campo := range slices.Concat([]string{e.Field}, e.Others) {
		tutti = append(tutti, Field{campo, e.Message})
	}
	return tutti
}

// senzaListe reports whether Postgres cannot be reached, is going down, or has
// no tables yet for the version of a list that this program reads.
func senzaListe(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		for _, classe := range []string{"08", "53", "57P", "42P01", "3F000"} {
			if strings.HasPrefix(pg.Code, classe) {
				return true
			}
		}
		return false
	}
	var via *pgconn.ConnectError
	var rete net.Error
	tagliata := errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // the server was killed amid an answer
	return tagliata || errors.As(err, &via) || errors.As(err, &rete) || pgconn.SafeToRetry(err)
}

// refuse answers an error.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p, noto := di(err)
	if !noto && r.Context().Err() == nil {
		a.Log.ErrorContext(r.Context(), "request failed", "richiesta", requestID(r.Context()), "method", r.Method, "route", template(r), "err", err)
	}
	p.Type, p.Title, p.Istanza = Base+"/problemi/"+p.Codice, http.StatusText(p.Status), "urn:uuid:"+requestID(r.Context())
	h := w.Header()
	for _, riuscita := range []string{"Content-Length", "ETag", "Location", "Preference-Applied"} {
		h.Del(riuscita)
	}
	h.Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		h.Set("Retry-After", strconv.Itoa(max(p.riprova, 1)))
	}
	if p.Status == http.StatusRequestEntityTooLarge || p.Status == http.StatusRequestTimeout {
		h.Set("Connection", "close") // the rest of the body is not read
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", p.sfida())
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// always is a handler that always answers the same problem.
func (a *API) always(p *Problem) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.refuse(w, r, a.estraneo(w, r, p)) })
}
