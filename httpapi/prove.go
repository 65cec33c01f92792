package httpapi

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"nucleo/domain"
)

// Sigilli answers for what was sealed of the log (D-3): none of it says what an
// event holds.
type Sigilli interface {
	// Chiavi are the keys by which notes are checked, the present one last.
	Chiavi() []string
	// Elenco lists the last seals of fewer than so many events, the largest first.
	Elenco(ctx context.Context, prima int64, limite int) ([]Sigillo, error)
	// Sigillo is the one of so many events.
	Sigillo(ctx context.Context, dimensione int64) (Sigillo, error)
	// Inclusione proves that an event, by its number in its stream from 1, is
	// among those of a seal; of the first that covers it when the size is zero.
	Inclusione(ctx context.Context, flusso string, numero uint64, dimensione int64) (Inclusione, error)
	// Consistenza proves that a seal goes on from an earlier one.
	Consistenza(ctx context.Context, da, a int64) (Consistenza, error)
}

// Sigillo is a seal, as it is shown.
type Sigillo struct {
	Dimensione int64     `json:"dimensione"`
	Radice     string    `json:"radice"`
	Posizione  uint64    `json:"posizione"`
	Istante    time.Time `json:"istante"`
	Nota       string    `json:"nota"`
}

// Inclusione is the proof of an event.
type Inclusione struct {
	Indice     int64    `json:"indice"`
	Dimensione int64    `json:"dimensione"`
	Foglia     string   `json:"foglia"`
	Hash       []string `json:"hash"`
	Prova      string   `json:"prova"` // C2SP tlog-proof, the note included
}

// Consistenza is the proof of two seals.
type Consistenza struct {
	Da     int64    `json:"da"`
	A      int64    `json:"a"`
	Hash   []string `json:"hash"`
	NotaDa string   `json:"nota_da"`
	NotaA  string   `json:"nota_a"`
}

// Refusals of who asks for proofs.
var (
	ErrNonSigillato = domain.Refuse(domain.Refused, "sigilli.non_ancora", "this event is not sealed yet, or not by that seal: seals are made every thousand events, or a minute after the last; ask again later, or without dimensione")
	errOrdine       = domain.Refuse(domain.Unprocessable, "sigilli.ordine", "the seal da must be of fewer events than the seal a")
)

// sigilli lists the seals, the last first.
func (a *API) sigilli(w http.ResponseWriter, q *request) error {
	limite := q.pagina().limite
	items, err := a.Sigilli.Elenco(q.Context(), cmp.Or(q.intero("prima"), math.MaxInt64), limite)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, struct {
		intera[Sigillo]
		Chiavi []string `json:"chiavi"`
	}{intera[Sigillo]{nonNil(items), limite}, a.Sigilli.Chiavi()})
}

// sigillo shows one.
func (a *API) sigillo(w http.ResponseWriter, q *request) error {
	dimensione, err := strconv.ParseInt(mux.Vars(q.Request)["dimensione"], 10, 64)
	if err != nil {
		return domain.ErrNonTrovato
	}
	s, err := a.Sigilli.Sigillo(q.Context(), dimensione)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, s)
}

// provaInclusione proves that an event was sealed.
func (a *API) provaInclusione(w http.ResponseWriter, q *request) error {
	p, err := a.Sigilli.Inclusione(q.Context(), q.URL.Query().Get("flusso"), uint64(q.intero("numero")), q.intero("dimensione"))
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, p)
}

// provaConsistenza proves that a seal goes on from an earlier one.
func (a *API) provaConsistenza(w http.ResponseWriter, q *request) error {
	da, fino := q.intero("da"), q.intero("a")
	if da >= fino {
		return errOrdine.At("da")
	}
	p, err := a.Sigilli.Consistenza(q.Context(), da, fino)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, p)
}

// intero is a number of the query, which the contract has looked at; 0 when it
// is not there.
func (q *request) intero(nome string) int64 {
	n, _ := strconv.ParseInt(q.URL.Query().Get(nome), 10, 64)
	return n
}
