package projections_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/projections"
)

// The tables of the past hold what had happened by then, whatever happened
// since, and are gone when they are let go.
func TestThePastHoldsWhatHadHappened(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(40)
	istante := d.recorded()[len(d.recorded())-1].Meta.Istante
	d.fill(40)
	var prima int
	for _, r := range d.recorded() {
		if !r.Meta.Istante.After(istante) {
			prima++
		}
	}
	if prima == len(d.recorded()) {
		t.Fatal("nothing happened since")
	}
	e := projections.NewEngine(pool, d.origin(), quiet, models...)
	run(t, e)
	wait(t, e, d.last, models...)
	p, err := projections.Rifai(t.Context(), pool, d.origin(), quiet, "prova_v1", istante, func(projections.Progress) {}, models...)
	if err != nil {
		t.Fatal(err)
	}
	allora(t, p, pool, d.recorded()[:prima])
	if p.Posizione != d.recorded()[prima-1].Position {
		t.Errorf("it holds what lies up to %d, and says %d", d.recorded()[prima-1].Position, p.Posizione)
	}
	if err := projections.ScartaPassati(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	allora(t, p, pool, d.recorded()[:prima]) // somebody reads them
	sameAll(t, pool, d.recorded())
	if err := p.Chiudi(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if n := schemi(t, pool); n != 0 {
		t.Errorf("%d schemas are left", n)
	}
}

// allora holds the tables of a past, whose sign is prova_v1, to the fold, and to
// what is found in them by their names.
func allora(t *testing.T, p *projections.Passato, pool *pgxpool.Pool, log []domain.Recorded) {
	t.Helper()
	c, k := casi, cronologia
	c.Name, k.Name, k.Version = casi.ID()+"_passato_prova", cronologia.ID()+"_passato_prova", 1
	same(t, pool, c, log)
	same(t, pool, k, log)
	var righe int
	var indici, suoi int
	if err := pool.QueryRow(context.Background(), `SELECT count(*) FILTER (WHERE schemaname = 'casi_v1'), count(*) FILTER (WHERE schemaname = 'casi_v1_passato_prova_v1') FROM pg_indexes`).Scan(&indici, &suoi); err != nil || indici != suoi || suoi < 3 {
		t.Errorf("%d indexes, and %d of the past: %v", indici, suoi, err)
	}
	if err := p.Pool.QueryRow(context.Background(), `SELECT count(*) FROM casi`).Scan(&righe); err != nil || righe != quanti(log) {
		t.Errorf("by its name the table has %d rows: %v", righe, err)
	}
}

// quanti are the rows that a fold has: those that are zero are not stored.
func quanti(log []domain.Recorded) (n int) {
	for _, righe := range casi.Contents(casi.Fold(log...)) {
		n += len(righe)
	}
	return n
}

// schemi are how many schemas of the past there are.
func schemi(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	if err := pool.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM pg_namespace WHERE strpos(nspname, '_passato_') > 0)
		+ (SELECT count(*) FROM proiezioni.avanzamento WHERE strpos(proiezione, '_passato_') > 0)`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// What a program left that was killed, the next one drops; what nobody reads for
// a while goes away, and all of it when the program ends.
func TestThePastDoesNotStay(t *testing.T) {
	pool, d := open(t, models...), newDiario(t)
	d.fill(10)
	if _, err := pool.Exec(t.Context(), `CREATE SCHEMA casi_v1_passato_morto; INSERT INTO proiezioni.avanzamento (proiezione, posizione) VALUES ('casi_v1_passato_morto', 1)`); err != nil {
		t.Fatal(err)
	}
	if left, err := projections.Vecchie(t.Context(), pool, models); len(left) > 0 || err != nil {
		t.Error("a past is taken for an old version:", left, err)
	}
	var ora atomic.Int64
	ps := projections.NuoviPassati(projections.PassatiConfig{
		Pool: pool, Origine: d.origin(), Modelli: models, Segno: "prova", Massimo: 2, Resta: 40 * time.Millisecond,
		Adesso: func() time.Time { return time.Unix(ora.Load(), 0) }, Log: quiet,
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- ps.Run(ctx) }()
	uno, due := may.Add(time.Hour), may.Add(2*time.Hour)
	for _, istante := range []time.Time{uno, due} {
		if _, err := ps.Prepara(istante); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is made", func() bool { s, _ := ps.Stato(istante); return s.Pronto })
	}
	if n := schemi(t, pool); n != 4*len(models) {
		t.Errorf("%d schemas and checkpoints, of two pasts", n)
	}
	_, lascia, _ := ps.Leggi(due)
	ora.Store(3600)
	eventually(t, "what nobody reads is dropped", func() bool { return schemi(t, pool) == 2*len(models) })
	if _, there := ps.Stato(due); !there {
		t.Error("what somebody reads is gone")
	}
	lascia()
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := schemi(t, pool); n != 0 {
		t.Errorf("%d schemas are left", n)
	}
}
