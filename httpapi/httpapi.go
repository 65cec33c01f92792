// Package httpapi speaks HTTP: it turns requests into commands and queries,
// and answers and refusals into JSON, after the ModI profile of the Italian
// public administration. No rule of the domain lives here.
package httpapi

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/httpapi/auth"
	"nucleo/projections/casi"
)

// API serves the system over HTTP.
type API struct {
	Comandi      *commands.Service
	Lettura      *pgxpool.Pool // the read models
	Verifica     Verificatore
	Accesso      Accesso  // nil: bearer tokens alone
	Sessioni     Sessioni // nil with it
	Ritorni      []string // places, besides those of the contract, to which a sign-in may lead
	Durate       Durate   // of sessions; 15 minutes and 8 hours when zero
	Attesa       Attesa
	Importazioni Importazioni
	Distributore Distributore
	Registro     Registro // of who looks at what
	Salute       Salute
	Metriche     http.Handler
	Segreto      []byte             // keys the opaque ETags and cursors
	Pepe         codicefiscale.Pepe // by which people are found
	Adesso       func() time.Time
	Zona         *time.Location // where days begin
	Log          *slog.Logger
	Versione     string
	Bordo        Bordo
	Scadenza     time.Duration // of a request, where its route has none of its own; 15 s when zero
	// Recente is how long a person who signed in may do what takes a sign-in of
	// late (step-up); 5 minutes when zero.
	Recente time.Duration
	Soglie  casi.Soglie // of the priorities of the queue
	// InChiaro shows coordinators whose cases there are; they are masked by
	// default (ambiguity 9.12).
	InChiaro bool
	// Pausa holds an answer back for a while; the clock's own when nil.
	Pausa func(time.Duration)
	// Accreditatore applies files of operators.
	Accreditatore Accreditatore
	// Quaderno writes published figures as a workbook.
	Quaderno Quaderno
	// SogliaRegistro is how many rows of a list may be shown though it cannot be
	// recorded that they were; the open case is never.
	SogliaRegistro int
	// Sigilli answers for what was sealed of the log.
	Sigilli Sigilli
	// Fascicoli puts bundles of cases together.
	Fascicoli Fascicoli
	// Passati are the lists as they were.
	Passati Passati
	// Osserva is told of each request that was answered, for metrics: its route
	// as routes.go spells it, never an address; "" when there is none. Optional.
	Osserva func(route string, status int, d time.Duration)

	contratto  *contract
	mascherato bool // lists of a past day: an auditor reads of nobody who they are
	profili    profili
	respinti   respinti
	ritmi      contatori
	problemi   map[string]tipoProblema
}

// Verificatore tells whose a bearer token is.
type Verificatore interface {
	Verify(ctx context.Context, token string) (auth.Identita, error)
}

// Attesa waits until the lists have passed a position of the log.
type Attesa interface {
	Attendi(ctx context.Context, position uint64) error
}

// Distributore carries automatic assignments to their end, in the background.
type Distributore interface {
	// Comincia sets about a run that was started.
	Comincia(ambito string, p id.Processo)
}

// Importazioni takes files in, in the background.
type Importazioni interface {
	// Deposita keeps a file that was received, under the id of its import.
	Deposita(ctx context.Context, i id.Importazione, file FileRicevuto) (commands.Importazione, error)
}

// Salute answers how the parts are.
type Salute interface {
	// Pronto is nil when requests can be served.
	Pronto(context.Context) error
	// Stato says of each part whether it is well.
	Stato(context.Context) []Parte
}

// Parte is one part of the system, and what is wrong with it.
type Parte struct {
	Nome   string `json:"nome"`
	Bene   bool   `json:"bene"`
	Motivo string `json:"motivo,omitempty"`
}

// Base is where the API begins.
const Base = "/rest/nucleo/v1"

// Handler serves the routes. They hang on one router: gorilla/mux forgets
// under nested ones which methods a path allows.
func (a *API) Handler() (http.Handler, error) {
	if a.Registro == nil {
		return nil, errors.New("httpapi: no access log: nothing of a case could be shown")
	}
	var err error
	if a.contratto, err = loadContract(); err != nil {
		return nil, err
	}
	if a.problemi, err = leggiProblemi(); err != nil {
		return nil, err
	}
	router := mux.NewRouter().UseEncodedPath().SkipClean(true) // a path has one spelling
	for _, r := range routes {
		schema, err := a.contratto.operation(r)
		if err != nil {
			return nil, err
		}
		methods := []string{r.method}
		if r.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		router.Handle(r.pattern(), a.handle(r, schema)).Methods(methods...).Name(r.name())
	}
	router.NotFoundHandler = a.always(errNessunaRotta)
	router.MethodNotAllowedHandler = a.wrongMethod(router)
	guardato, err := a.guardia(router)
	if err != nil {
		return nil, err
	}
	return a.edge(guardato), nil
}

// oggi is the day it is where the operators are.
func (a *API) oggi() giorno.Giorno { return giorno.Di(a.Adesso().In(a.Zona)) }

// etag is the opaque version of one facet of a thing: it changes when the
// facet does, and says nothing else (D-6).
func (a *API) etag(faccia string, cosa uuid.UUID, versione uint64) string {
	h := hmac.New(sha256.New, a.Segreto)
	_, _ = h.Write([]byte("etag\x00" + faccia + "\x00"))
	_, _ = h.Write(cosa[:])
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, versione))
	return `"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12]) + `"`
}
