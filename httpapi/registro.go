package httpapi

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/id"
	"nucleo/httpapi/sessione"
)

// Registro keeps who looked at what (D-4).
type Registro interface {
	// Annota has a look recorded, among those of an ambito. What it returns
	// waits until the record is durable, and fails when nothing may be shown.
	Annota(ambito string, a accesso.Registrato) (durevole func(context.Context) error)
}

// svela is a reading whose answer shows data of cases: a record is durable
// before the first byte of it leaves.
func svela(classi ...accesso.Classe) options { return options{traccia: classi} }

// vista is what is known of a look while it is answered.
type vista struct {
	caso     id.Caso
	ambito   string
	righe    int
	conforme bool                        // the request has the form of the contract: the names of its fields are ours
	durevole func(context.Context) error // nil until the record was handed on
}

// perRifiuto bounds how long a refusal waits for its record.
const perRifiuto = 2 * time.Second

// suUnCaso reports whether a route names a case: whom it refuses is recorded,
// whatever the route does.
func (r route) suUnCaso() bool { return strings.Contains(r.path, "{caso}") }

// guarda hands on the record of a look at a case that was read, and lets it be
// written while the answer is made.
func (a *API) guarda(q *request, c id.Caso, ambito string) {
	if len(q.route.traccia) == 0 {
		return
	}
	q.vista.caso, q.vista.ambito, q.vista.righe = c, ambito, 1
	q.vista.durevole = a.annota(q, accesso.Consentito, "")
}

// annota hands on the record of a request. A case is recorded with the ambito in
// which it lies, all else with that of the actor.
func (a *API) annota(q *request, d accesso.Decisione, motivo string) func(context.Context) error {
	v := &q.vista
	ambito := v.ambito
	if ambito == "" {
		ambito = q.attore.Territorio.Ambito
	}
	richiesta, _ := uuid.Parse(requestID(q.Context()))
	r := accesso.Registrato{
		Operatore: id.Operatore{UUID: q.attore.ID}, Profilo: id.Accreditamento{UUID: q.attore.Profilo}, Ruolo: q.attore.Ruolo, Territorio: q.attore.Territorio,
		Sessione: a.sessione(q), Richiesta: richiesta, Rotta: q.route.name(), Decisione: d, Motivo: motivo, Caso: v.caso, Righe: v.righe, Campi: q.campi(),
	}
	if r.Operatore.IsZero() { // nobody was let in yet
		r.Operatore = q.chi.id
	}
	if d == accesso.Consentito {
		r.Classi = q.classi()
	}
	return a.Registro.Annota(ambito, r)
}

// classi are those that the answer shows to who asks: a coordinator who opens a
// case sees what the lists show.
func (q *request) classi() []accesso.Classe {
	if q.route.right == leggeCaso && q.attore.Ruolo == domain.CoordinatorePaIS {
		return []accesso.Classe{accesso.Instradamento}
	}
	return q.route.traccia
}

// sessione is a hash of what the caller is known by, which tells one session
// from another and serves for nothing else.
func (a *API) sessione(q *request) string {
	if q.sessione != (sessione.Sessione{}) {
		return a.Comandi.Impronta([]byte("sessione"), q.sessione.Impronta[:])
	}
	return a.Comandi.Impronta([]byte("token"), []byte(q.Header.Get("Authorization")))
}

// impaginazione are fields that say how a list is shown, not what is looked for.
var impaginazione = []string{"limit", "cursor", "ordina", "verso"}

// campi are the names of the fields by which was searched, and no values. A
// request that is not of the contract's form may name a field as it likes, and
// is recorded without.
func (q *request) campi() []string {
	if !q.vista.conforme || len(q.route.traccia) == 0 {
		return nil
	}
	var corpo map[string]json.RawMessage
	_ = json.Unmarshal(q.body, &corpo) // no body is no field
	nomi := append(slices.Collect(maps.Keys(corpo)), slices.Collect(maps.Keys(q.URL.Query()))...)
	slices.Sort(nomi)
	return slices.DeleteFunc(nomi, func(n string) bool { return slices.Contains(impaginazione, n) })
}

// negata records that somebody was refused a case, or a list of some. The
// refusal is answered all the same: it shows nothing.
func (a *API) negata(q *request, err error) {
	p, _ := di(err)
	chiesto := q.route.suUnCaso() || len(q.route.traccia) > 0
	noto := q.attore.ID != uuid.Nil || !q.chi.id.IsZero()
	if !chiesto || !noto || !perDiritto(p) {
		return
	}
	q.vista = vista{conforme: q.vista.conforme}
	if c, err := q.caso(); err == nil {
		q.vista.caso = c
	}
	a.aspetta(q, a.annota(q, accesso.Negato, p.Codice))
}

// perDiritto reports whether somebody was refused because it is not theirs, or
// is not there.
func perDiritto(p Problem) bool {
	return p.Status == http.StatusForbidden || p.Status == http.StatusNotFound
}

// negate records each row of a request about many cases that was refused to who
// asked: one record a row, as if they had been asked for one by one.
func (a *API) negate(q *request, decise []commands.Decisa) {
	var durevoli []func(context.Context) error
	for _, d := range decise {
		if p, _ := di(d.Rifiuto); d.Rifiuto != nil && perDiritto(p) {
			q.vista = vista{conforme: q.vista.conforme, caso: d.Caso}
			durevoli = append(durevoli, a.annota(q, accesso.Negato, p.Codice))
		}
	}
	a.aspetta(q, durevoli...)
}

// aspetta waits a moment for the records of refusals. They are answered all the
// same.
func (a *API) aspetta(q *request, durevoli ...func(context.Context) error) {
	ctx, cancel := context.WithTimeout(q.Context(), perRifiuto)
	defer cancel()
	for _, durevole := range durevoli {
		if err := durevole(ctx); err != nil {
			a.Log.WarnContext(ctx, "a refusal was not recorded", "richiesta", requestID(ctx), "route", q.route.path, "err", err)
		}
	}
}

// registrata is an answer that waits for its record. When there is none, it
// answers that, and nothing else.
type registrata struct {
	http.ResponseWriter
	api      *API
	q        *request
	iniziata bool
	negata   bool
}

// tracciata has the answer of a request of the contract's form wait for its
// record, where its route shows cases.
func (a *API) tracciata(w http.ResponseWriter, q *request) http.ResponseWriter {
	q.vista.conforme = true
	if len(q.route.traccia) == 0 {
		return w
	}
	return &registrata{ResponseWriter: w, api: a, q: q}
}

// WriteHeader implements http.ResponseWriter.
func (w *registrata) WriteHeader(status int) {
	if !w.iniziata {
		w.iniziata = true
		if err := w.attendi(status); err != nil {
			w.negata = true
			w.api.refuse(w.ResponseWriter, w.q.Request, err)
		}
	}
	if !w.negata {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *registrata) Write(b []byte) (int, error) {
	if !w.iniziata {
		w.WriteHeader(http.StatusOK)
	}
	if w.negata {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *registrata) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// attendi waits until the look is recorded. The open case is not shown
// otherwise, nor are lists of more rows than the installation allows.
func (w *registrata) attendi(status int) error {
	q := w.q
	if status >= http.StatusBadRequest {
		return nil
	}
	if q.vista.durevole == nil {
		q.vista.durevole = w.api.annota(q, accesso.Consentito, "")
	}
	err := q.vista.durevole(q.Context())
	if err == nil {
		return nil
	}
	w.api.Log.WarnContext(q.Context(), "a look was not recorded", "richiesta", requestID(q.Context()), "route", q.route.path, "err", err)
	if slices.Contains(q.classi(), accesso.Dettaglio) || q.vista.righe > w.api.SogliaRegistro {
		return accesso.ErrRegistro
	}
	return nil
}

// contata is an answer that knows how many rows it shows.
type contata interface{ righe() int }

func (l lista[T]) righe() int  { return len(l.Items) }
func (l intera[T]) righe() int { return len(l.Items) }

// conta tells the record of an answer how many rows it shows.
func conta(w http.ResponseWriter, v any) {
	r, tracciata := w.(*registrata)
	c, nota := v.(contata)
	if tracciata && nota {
		r.q.vista.righe = c.righe()
	}
}
