package sessioni_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/id"
	"nucleo/httpapi/sessione"
	"nucleo/internal/postgres/pgtest"
	"nucleo/internal/sessioni"
)

var adesso = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)

func apri(t *testing.T) (*sessioni.Sessioni, *pgxpool.Pool) {
	t.Helper()
	t.Parallel()
	pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s, err := sessioni.Apri(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	return s, pool
}

func nuova(o id.Operatore) sessione.Sessione {
	_, i := sessione.Nuova()
	return sessione.Sessione{Impronta: i, Operatore: o, Acr: "L2", Creata: adesso, Vista: adesso, Scade: adesso.Add(8 * time.Hour)}
}

func comincia(t *testing.T, s *sessioni.Sessioni, n sessione.Sessione, invece sessione.Impronta) bool {
	t.Helper()
	ok, err := s.Comincia(t.Context(), n, invece)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func vive(t *testing.T, s *sessioni.Sessioni, i sessione.Impronta) bool {
	t.Helper()
	_, found, err := s.Trova(t.Context(), i)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestASessionIsFoundAsItWasKept(t *testing.T) {
	s, _ := apri(t)
	una := nuova(id.New[id.Operatore]())
	una.Profilo, una.Autenticata = id.New[id.Accreditamento](), adesso.Add(-time.Minute)
	comincia(t, s, una, sessione.Impronta{})
	if err := s.Tocca(t.Context(), una.Impronta, adesso.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := s.Tocca(t.Context(), una.Impronta, adesso); err != nil { // of a replica whose clock is behind
		t.Fatal(err)
	}
	una.Vista = adesso.Add(time.Minute)
	trovata, _, err := s.Trova(t.Context(), una.Impronta)
	if diff := cmp.Diff(una, trovata, cmp.Comparer(time.Time.Equal)); diff != "" || err != nil {
		t.Errorf("%v (-kept +found)\n%s", err, diff)
	}
	if vive(t, s, nuova(una.Operatore).Impronta) {
		t.Error("a session that nobody began")
	}
}

func TestOfTwoThatTakeThePlaceOfOneSessionOneDoes(t *testing.T) {
	s, _ := apri(t)
	vecchia := nuova(id.New[id.Operatore]())
	comincia(t, s, vecchia, sessione.Impronta{})
	var prese atomic.Int32
	var tutti sync.WaitGroup
	for range 8 {
		tutti.Go(func() {
			if ok, err := s.Comincia(t.Context(), nuova(vecchia.Operatore), vecchia.Impronta); err != nil {
				t.Error(err)
			} else if ok {
				prese.Add(1)
			}
		})
	}
	tutti.Wait()
	if prese.Load() != 1 || vive(t, s, vecchia.Impronta) {
		t.Errorf("%d took its place; the old one lives: %v", prese.Load(), vive(t, s, vecchia.Impronta))
	}
	if n, err := s.Revoca(t.Context(), vecchia.Operatore, adesso); n != 1 || err != nil {
		t.Errorf("%d sessions left, %v", n, err)
	}
}

func TestRevokingEndsTheSessionsOfOnePersonAndNoOther(t *testing.T) {
	s, _ := apri(t)
	anna, altra := id.New[id.Operatore](), id.New[id.Operatore]()
	due, di := []sessione.Sessione{nuova(anna), nuova(anna)}, nuova(altra)
	for _, n := range append(due, di) {
		comincia(t, s, n, sessione.Impronta{})
	}
	if n, err := s.Revoca(t.Context(), anna, adesso); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if vive(t, s, due[0].Impronta) || vive(t, s, due[1].Impronta) || !vive(t, s, di.Impronta) {
		t.Error("the wrong sessions ended")
	}
	if comincia(t, s, nuova(anna), due[0].Impronta) {
		t.Error("a session that was revoked was renewed")
	}
	if err := s.Termina(t.Context(), di.Impronta, adesso); err != nil || vive(t, s, di.Impronta) {
		t.Error("logged out and alive", err)
	}
}

func TestWhatWorksOnceWorksOnceAmongMany(t *testing.T) {
	s, _ := apri(t)
	cosa := [32]byte(append(uuid.New().NodeID(), make([]byte, 26)...))
	var volte atomic.Int32
	var tutti sync.WaitGroup
	for range 8 {
		tutti.Go(func() {
			if prima, err := s.Usa(t.Context(), cosa, adesso.Add(time.Minute)); err != nil {
				t.Error(err)
			} else if prima {
				volte.Add(1)
			}
		})
	}
	tutti.Wait()
	if volte.Load() != 1 {
		t.Errorf("used %d times", volte.Load())
	}
}

func TestWhatHasExpiredIsClearedAway(t *testing.T) {
	s, pool := apri(t)
	finita, in := nuova(id.New[id.Operatore]()), nuova(id.New[id.Operatore]())
	in.Scade = in.Scade.Add(2 * time.Hour)
	comincia(t, s, finita, sessione.Impronta{})
	comincia(t, s, in, sessione.Impronta{})
	if _, err := s.Usa(t.Context(), finita.Impronta, adesso); err != nil {
		t.Fatal(err)
	}
	if err := s.Sgombera(t.Context(), finita.Scade.Add(time.Hour+time.Second)); err != nil {
		t.Fatal(err)
	}
	var restano, usati int
	if err := pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM sessioni.sessioni), (SELECT count(*) FROM sessioni.usati)`).Scan(&restano, &usati); err != nil {
		t.Fatal(err)
	}
	if restano != 1 || usati != 0 || !vive(t, s, in.Impronta) {
		t.Errorf("%d sessions and %d used things are left", restano, usati)
	}
}
