package projections_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
)

// TestMain keeps the properties that need Postgres short; NUCLEO_LONG does not.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		projectUntilKilled()
		return
	}
	if os.Getenv("NUCLEO_LONG") == "" {
		_ = flag.Set("rapid.checks", "8")
	}
	goleak.VerifyTestMain(m)
}

// The events of these tests.
type (
	aperto struct {
		Nome string        `json:"nome"`
		Nato giorno.Giorno `json:"nato"`
	}
	assegnato struct {
		A id.Operatore `json:"a"`
	}
	chiuso struct{}
	guasto struct{} // which a broken program cannot apply
	futuro struct{} // which an older program does not know
)

func (aperto) EventType() string    { return "Aperto" }
func (assegnato) EventType() string { return "Assegnato" }
func (chiuso) EventType() string    { return "Chiuso" }
func (guasto) EventType() string    { return "Guasto" }
func (futuro) EventType() string    { return "Futuro" }

var (
	older   = domain.NewCatalog(domain.Aggregate{Category: "caso", Entries: []domain.Entry{domain.Of[aperto](), domain.Of[assegnato](), domain.Of[chiuso](), domain.Of[guasto]()}})
	catalog = domain.NewCatalog(domain.Aggregate{Category: "caso", Entries: []domain.Entry{domain.Of[aperto](), domain.Of[assegnato](), domain.Of[chiuso](), domain.Of[guasto](), domain.Of[futuro]()}})
	quiet   = slog.New(slog.DiscardHandler)
	may     = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	born    = giorno.Data(1970, 2, 3)
)

type stato string

type riga struct {
	Nome      string
	Stato     stato
	Operatore id.Operatore
	Nato      giorno.Giorno
	Aperto    time.Time
	Cambi     int32
	Grave     bool
}

type casiTabelle struct {
	Casi projections.Table[id.Caso, riga] `key:"caso"`
}

var casi = projections.Projection[casiTabelle]{Name: "casi", Version: 1, Apply: applyCasi,
	Indexes: `CREATE INDEX ON casi (nome); CREATE INDEX ON casi (operatore, aperto)`}

func applyCasi(t *casiTabelle, r domain.Recorded) {
	c := t.Casi.Row(id.Caso{UUID: r.Subject})
	switch e := r.Event.(type) {
	case aperto:
		*c = riga{Nome: e.Nome, Nato: e.Nato, Stato: "aperto", Aperto: r.Meta.Istante}
	case assegnato:
		c.Operatore, c.Stato = e.A, "assegnato"
		c.Cambi++
	case chiuso:
		*c = riga{}
	case guasto:
		c.Grave = true
		var none *riga
		none.Cambi++ // panics
	}
}

// corretti is casi by a corrected program.
var corretti = projections.Projection[casiTabelle]{Name: "casi", Version: 1, Apply: func(t *casiTabelle, r domain.Recorded) {
	if _, ok := r.Event.(guasto); ok {
		t.Casi.Row(id.Caso{UUID: r.Subject}).Grave = true
		return
	}
	applyCasi(t, r)
}}

type chiave struct {
	Operatore id.Operatore
	Stato     stato
}

type conto struct{ Quanti int }

type dove struct {
	Operatore id.Operatore
	Aperto    bool
}

type caricoTabelle struct {
	Casi   projections.Table[id.Caso, dove] `key:"caso"`
	Carico projections.Table[chiave, conto]
}

var carico = projections.Projection[caricoTabelle]{Name: "carico", Version: 2, Apply: applyCarico}

func applyCarico(t *caricoTabelle, r domain.Recorded) {
	c := t.Casi.Row(id.Caso{UUID: r.Subject})
	count := func(n int) {
		if c.Aperto {
			t.Carico.Row(chiave{c.Operatore, "aperto"}).Quanti += n
		}
	}
	count(-1)
	switch e := r.Event.(type) {
	case aperto:
		c.Aperto = true
	case assegnato:
		c.Operatore = e.A
	case chiuso:
		*c = dove{}
	}
	count(+1)
}

type voce struct {
	Posizione uint64
	Caso      id.Caso
	Fatto     string
	Il        time.Time
}

type cronologiaTabelle struct{ Cronologia projections.Log[voce] }

var cronologia = projections.Projection[cronologiaTabelle]{Name: "cronologia", Version: 1, Categories: []string{"caso"},
	Indexes: `CREATE INDEX ON cronologia (caso, posizione)`,
	Apply: func(t *cronologiaTabelle, r domain.Recorded) {
		t.Cronologia.Append(voce{r.Position, id.Caso{UUID: r.Subject}, r.Type, r.Meta.Istante})
	}}

var models = []projections.Model{casi, carico, cronologia}

// diario is a log that tests write.
type diario struct {
	t     testing.TB
	store archivio
	heads map[string]domain.Head
	last  uint64
	n     int
}

// archivio is a store that tests write to.
type archivio interface {
	projections.Source
	Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error)
}

func newDiario(t testing.TB) *diario {
	return &diario{t: t, store: memory.New(catalog), heads: map[string]domain.Head{}}
}

func (d *diario) origin() projections.Origin {
	return projections.Origin{Source: d.store, Catalog: catalog}
}

func (d *diario) add(caso id.Caso, events ...domain.Event) {
	d.t.Helper()
	stream := "caso-" + caso.String()
	for _, e := range events {
		d.n++
		done, err := d.store.Append(context.Background(), stream, d.heads[stream], domain.Meta{Comando: uuid.New(), Istante: may.Add(time.Duration(d.n) * time.Second)}, e)
		if err != nil {
			d.t.Fatal(err)
		}
		d.heads[stream], d.last = done.Head, done.Position
	}
}

// fill adds the lives of cases: 5 events each, some of them closed.
func (d *diario) fill(cases int) {
	operators := []id.Operatore{numbered[id.Operatore](1), numbered[id.Operatore](2), numbered[id.Operatore](3)}
	from := len(d.heads)
	for round := range 5 {
		for i := range cases {
			n := from + i
			c := numbered[id.Caso](n)
			switch {
			case round == 0:
				d.add(c, aperto{Nome: fmt.Sprint("ROSSI ", n), Nato: born + giorno.Giorno(n)})
			case round == 4 && n%3 == 0:
				d.add(c, chiuso{})
			default:
				d.add(c, assegnato{A: operators[(n+round)%3]})
			}
		}
	}
}

func numbered[I ~struct{ uuid.UUID }](n int) I {
	return I{uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n))}
}

// recorded is the whole log.
func (d *diario) recorded() (log []domain.Recorded) {
	for e, err := range d.store.All(context.Background(), 0, false) {
		if err != nil {
			d.t.Fatal(err)
		}
		log = append(log, e.Recorded(catalog))
	}
	return log
}

func open(t testing.TB, models ...projections.Model) *pgxpool.Pool {
	t.Helper()
	return openAt(t, pgtest.Database(t), models...)
}

func openAt(t testing.TB, url string, models ...projections.Model) *pgxpool.Pool {
	t.Helper()
	pool, err := projections.Open(t.Context(), url, models)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// run starts an engine; stop ends it and waits. It is stopped with the test.
func run(t testing.TB, e *projections.Engine) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the engine does not stop")
		}
	}
	t.Cleanup(stop)
	return stop
}

func wait(t testing.TB, e *projections.Engine, position uint64, models ...projections.Model) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := e.Wait(ctx, position, models...); err != nil {
		t.Fatalf("%v; %+v", err, e.Misure())
	}
}

// same compares a model's rows with the fold of a log.
func same[T any](t testing.TB, pool *pgxpool.Pool, p projections.Projection[T], log []domain.Recorded) {
	t.Helper()
	stored, err := p.Load(context.Background(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.Contents(p.Fold(log...)), p.Contents(stored)); diff != "" {
		t.Fatalf("%s: rows are not the fold (-fold +rows):\n%.2000s", p.ID(), diff)
	}
}

func sameAll(t testing.TB, pool *pgxpool.Pool, log []domain.Recorded) {
	t.Helper()
	same(t, pool, casi, log)
	same(t, pool, carico, log)
	same(t, pool, cronologia, log)
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not in time: %s", what)
		}
	}
}

type caseID = id.Caso
