package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
)

// edge is what every request passes on its way in, and every answer on its way
// out, whatever the route: an id, the headers of safety, one line in the log.
func (a *API) edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inizio := a.Adesso()
		ctx := context.WithValue(r.Context(), requestKey{}, uuid.NewString())
		tr := &trace{}
		r = r.WithContext(context.WithValue(ctx, traceKey{}, tr))
		esito := &response{ResponseWriter: w}
		a.intestazioni(w.Header(), r.TLS != nil)
		defer a.record(r, esito, tr, inizio)
		defer func() {
			if p := recover(); p != nil {
				a.broken(esito, r, p)
			}
		}()
		next.ServeHTTP(esito, r)
	})
}

// broken answers a request that panicked. An answer that has begun is cut off,
// so that nobody takes it for whole.
func (a *API) broken(e *response, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	a.Log.ErrorContext(r.Context(), "panic", "richiesta", requestID(r.Context()), "route", template(r), "panic", describe(p), "stack", string(debug.Stack()))
	if e.status != 0 {
		panic(http.ErrAbortHandler)
	}
	a.refuse(e, r, errInterno)
}

// describe names a panic. A value other than that of the runtime may quote
// personal data, and is named by its type.
func describe(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", p)
}

// record writes one line for a request: who asked what, and how it ended
// (RAC_GEN_LOG_01). The route is logged, not the path; no body, no query.
func (a *API) record(r *http.Request, e *response, t *trace, inizio time.Time) {
	durata := a.Adesso().Sub(inizio)
	if a.Osserva != nil {
		a.Osserva(t.name(r.Method), e.status, durata)
	}
	a.Log.InfoContext(r.Context(), "request",
		"richiesta", requestID(r.Context()), "method", r.Method, "route", t.route, "status", e.status, "bytes", e.scritti,
		"ms", durata.Milliseconds(), "client", a.client(r), "attore", t.attore, "profilo", t.profilo)
}

// trace is what a request leaves in the log, filled in as it becomes known.
type trace struct{ route, attore, profilo string }

// name is the route with its method; empty for what is no route of ours, so
// that nobody makes up names.
func (t *trace) name(method string) string {
	if t.route == "" {
		return ""
	}
	return method + " " + t.route
}

type (
	requestKey struct{}
	traceKey   struct{}
)

func requestID(ctx context.Context) string {
	s, _ := ctx.Value(requestKey{}).(string)
	return s
}

func traceOf(ctx context.Context) *trace {
	t, _ := ctx.Value(traceKey{}).(*trace)
	if t == nil {
		t = &trace{}
	}
	return t
}

// response remembers how a request was answered.
type response struct {
	http.ResponseWriter
	status  int
	scritti int64
}

func (e *response) WriteHeader(status int) {
	if e.status == 0 {
		e.status = status
	}
	e.ResponseWriter.WriteHeader(status)
}

func (e *response) Write(b []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	n, err := e.ResponseWriter.Write(b)
	e.scritti += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (e *response) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// wrongMethod answers a known path that does not take the method, and says
// which it takes: gorilla/mux does not.
func (a *API) wrongMethod(router *mux.Router) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var presi []string
		for _, m := range []string{"GET", "HEAD", "POST"} {
			prova := r.Clone(r.Context())
			prova.Method = m
			var trovata mux.RouteMatch
			if router.Match(prova, &trovata) && trovata.MatchErr == nil {
				presi = append(presi, m)
			}
		}
		slices.Sort(presi)
		w.Header().Set("Allow", strings.Join(presi, ", "))
		a.refuse(w, r, a.estraneo(w, r, errMetodo))
	})
}

// template is the path of a route as the table spells it: without ids.
func template(r *http.Request) string { return traceOf(r.Context()).route }
