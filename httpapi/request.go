package httpapi

import (
	"cmp"
	"context"
	"encoding"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/httpapi/sessione"
)

// request is a request whose actor is known and whose body has been read.
type request struct {
	*http.Request
	route    route
	attore   domain.Attore
	chi      persona           // zero for programs
	quando   time.Time         // they signed in; zero when nobody says
	sessione sessione.Sessione // zero for those who send a token
	body     []byte
	vista    vista  // what the access log says of it
	alla     uint64 // the position of the lists of a past day; zero for those of today
}

const (
	maxBody  = 1 << 20
	maxKey   = 255
	deadline = 15 * time.Second
	margine  = 2 * time.Second
)

// handle is the handler of a route: who asks, whether they may, what they ask,
// and the answer.
func (a *API) handle(r route, schema *operation) http.Handler {
	timeout := cmp.Or(r.timeout, a.Scadenza, deadline)
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		ctx, cancel := context.WithTimeout(hr.Context(), timeout)
		defer cancel()
		a.entro(w, timeout)
		q := &request{Request: hr.WithContext(ctx), route: r}
		q.Body = a.tieneIlPasso(w, hr.Body, timeout)
		traceOf(ctx).route = r.path
		arrivata := a.Adesso()
		err := a.admit(w, q, schema)
		if err == nil {
			w = a.misura(w, q, arrivata)
			err = r.serve(a, a.tracciata(w, q), q)
		}
		if err != nil {
			a.negata(q, err)
			a.refuse(w, q.Request, err)
		}
	})
}

// entro gives a request its time on the network, whose clock is its own: a
// little more than the handler has, so that it is the handler that ends it.
// What has no connection needs none.
func (a *API) entro(w http.ResponseWriter, timeout time.Duration) {
	c, fine := http.NewResponseController(w), time.Now().Add(timeout)
	_, _ = c.SetReadDeadline(fine.Add(margine)), c.SetWriteDeadline(fine.Add(deadline))
}

// admit lets a request in: its actor, its right, its form.
func (a *API) admit(w http.ResponseWriter, q *request, schema *operation) error {
	if err := a.riconosci(w, q); err != nil {
		return err
	}
	if q.route.keyed {
		if n := len(q.Header.Get("Idempotency-Key")); n == 0 || n > maxKey {
			return errChiaveMancante
		}
	}
	if q.route.precondition && q.Header.Get("If-Match") == "" {
		return errSenzaPrecondizione
	}
	if q.Method == http.MethodPost && !schema.raw {
		if err := q.readBody(w); err != nil {
			return err
		}
	}
	if err := schema.validate(q); err != nil {
		return err
	}
	return a.contaEsatta(w, q)
}

// riconosci finds out who asks, whether they may, and whether not too often.
func (a *API) riconosci(w http.ResponseWriter, q *request) error {
	if q.route.right == aperta {
		return a.contaAnonimo(w, q.Request)
	}
	if err := a.identify(q); err != nil {
		return a.estraneo(w, q.Request, err)
	}
	if err := a.contaNoto(w, q.attore); err != nil {
		return err
	}
	if !puo(q.attore.Ruolo, q.route.right) {
		return domain.ErrVietato
	}
	return a.recente(q)
}

// estraneo is why somebody was not recognised, or that they tried too often.
func (a *API) estraneo(w http.ResponseWriter, r *http.Request, err error) error {
	if p, noto := di(err); !noto || p.Status >= http.StatusInternalServerError {
		return err
	}
	if troppe := a.contaAnonimo(w, r); troppe != nil {
		return troppe
	}
	return err
}

// readBody reads a JSON body whole, and refuses what only looks like one.
func (q *request) readBody(w http.ResponseWriter) (err error) {
	if tipo, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || tipo != "application/json" {
		return errTipoContenuto
	}
	if q.body, err = io.ReadAll(http.MaxBytesReader(w, q.Body, maxBody)); err != nil {
		return bodyError(err)
	}
	return strict(q.body)
}

// decode decodes the body into v, which names every field that it may hold.
func (q *request) decode(v any) error {
	d := json.NewDecoder(strings.NewReader(string(q.body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return jsonError(err)
	}
	return nil
}

// pathValue reads an id from the path.
func (q *request) pathValue(nome string, v encoding.TextUnmarshaler) error {
	if v.UnmarshalText([]byte(mux.Vars(q.Request)[nome])) != nil {
		return domain.ErrNonTrovato
	}
	return nil
}

func (q *request) caso() (c id.Caso, err error) {
	err = q.pathValue("caso", &c)
	return c, err
}

// command names what the request asks, so that it is done once. A key is that
// of one path: used for another case it names another command, for ids of new
// things are made of it. contenuto is the body as it was understood.
func (a *API) command(q *request, contenuto any) (commands.Request, error) {
	canonico, err := json.Marshal(contenuto)
	if err != nil {
		return commands.Request{}, err
	}
	chiave := q.Header.Get("Idempotency-Key")
	name := q.Method + " " + q.URL.EscapedPath()
	req := commands.Request{
		Comando:  commands.Comando(q.attore, name, chiave),
		Impronta: a.Comandi.Impronta([]byte(q.Method), []byte(q.URL.EscapedPath()), canonico),
		Attore:   q.attore,
		Canale:   domain.HTTP,
		Adesso:   a.Adesso(),
	}
	if c, err := uuid.Parse(q.Header.Get("X-Correlation-ID")); err == nil {
		req.Correlazione = c
	}
	return req, nil
}

// matches is the check of If-Match against the version of a facet.
func (a *API) matches(q *request, faccia string, cosa uuid.UUID) func(uint64) bool {
	voluti := strings.Split(q.Header.Get("If-Match"), ",")
	return func(versione uint64) bool {
		vero := a.etag(faccia, cosa, versione)
		for _, v := range voluti {
			if v = strings.TrimSpace(v); v == vero || v == "*" {
				return true
			}
		}
		return false
	}
}

// await waits, when the caller prefers it and as long as the caller says,
// until the lists show a position.
func (a *API) await(w http.ResponseWriter, q *request, position uint64) {
	secondi, ok := preference(q.Header.Values("Prefer"))
	if !ok || position == 0 {
		return
	}
	if a.reached(q.Context(), position, secondi) {
		w.Header().Set("Preference-Applied", "wait="+strconv.Itoa(int(secondi.Seconds())))
	}
}

// atLeast waits before a list is read until it shows the position that the
// caller has seen. Who gets an older list is told so by its posizione (D-10).
func (a *API) atLeast(w http.ResponseWriter, q *request) {
	position, err := strconv.ParseUint(q.Header.Get("Posizione-Minima"), 10, 64)
	if err != nil {
		return
	}
	if _, ok := preference(q.Header.Values("Prefer")); ok {
		a.await(w, q, position)
		return
	}
	a.reached(q.Context(), position, usualWait)
}

// reached reports whether the lists show a position within a time.
func (a *API) reached(ctx context.Context, position uint64, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return a.Attesa.Attendi(ctx, position) == nil
}

const (
	usualWait   = 2 * time.Second  // for Posizione-Minima alone
	longestWait = 10 * time.Second // bounds Prefer: wait
)

func preference(valori []string) (time.Duration, bool) {
	for _, v := range valori {
		for p := range strings.SplitSeq(v, ",") {
			nome, n, _ := strings.Cut(strings.TrimSpace(p), "=")
			if s, err := strconv.Atoi(n); strings.EqualFold(nome, "wait") && err == nil && s > 0 {
				return min(time.Duration(s)*time.Second, longestWait), true
			}
		}
	}
	return 0, false
}
