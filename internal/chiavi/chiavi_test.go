package chiavi_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/eventstore/sealing"
	"nucleo/internal/chiavi"
	"nucleo/internal/postgres/pgtest"
)

func apri(t *testing.T, url, dir string) *chiavi.Chiavi {
	t.Helper()
	c, err := chiavi.Apri(t.Context(), url, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Chiudi)
	return c
}

func dove(t *testing.T) (url, dir string) {
	return pgtest.Database(t), filepath.Join(t.TempDir(), "kek")
}

func fai(t *testing.T, c *chiavi.Chiavi, n int) []sealing.Key {
	t.Helper()
	keys, err := c.Make(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func ids(keys []sealing.Key) (all []uuid.UUID) {
	for _, k := range keys {
		all = append(all, k.ID)
	}
	return all
}

// ceSono holds what is found against what was made.
func ceSono(t *testing.T, c *chiavi.Chiavi, keys []sealing.Key) {
	t.Helper()
	found, gone, err := c.Find(t.Context(), ids(keys))
	if err != nil || len(gone) > 0 {
		t.Fatal(err, gone)
	}
	slices.SortFunc(found, func(a, b sealing.Key) int { return slices.Compare(a.ID[:], b.ID[:]) })
	want := slices.Clone(keys)
	slices.SortFunc(want, func(a, b sealing.Key) int { return slices.Compare(a.ID[:], b.ID[:]) })
	if !slices.Equal(want, found) {
		t.Errorf("%d keys are found of %d, or others", len(found), len(want))
	}
}

func esegui(t *testing.T, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestKeysAreThereForTheNextProcess(t *testing.T) {
	url, dir := dove(t)
	keys := fai(t, apri(t, url, dir), 300)
	c := apri(t, url, dir)
	ceSono(t, c, keys)
	if found, gone, err := c.Find(t.Context(), []uuid.UUID{uuid.New()}); len(found)+len(gone) > 0 || err != nil {
		t.Error(found, gone, err)
	}
	if err := c.Viva(t.Context()); err != nil {
		t.Error(err)
	}
}

// What the database holds opens nothing without the file.
func TestTheDatabaseHoldsNoKey(t *testing.T) {
	url, dir := dove(t)
	keys := fai(t, apri(t, url, dir), 10)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, k := range keys {
		var dek []byte
		if err := conn.QueryRow(t.Context(), `SELECT dek FROM chiavi WHERE kid = $1`, k.ID).Scan(&dek); err != nil || strings.Contains(string(dek), string(k.Secret[:])) {
			t.Fatal(err)
		}
	}
	esegui(t, url, `UPDATE chiavi SET dek = (SELECT dek FROM chiavi WHERE kid = $2) WHERE kid = $1`, keys[0].ID, keys[1].ID)
	if _, _, err := apri(t, url, dir).Find(t.Context(), ids(keys)); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error("a key of another passes for it:", err)
	}
}

func TestWhatDoesNotBelongTogetherIsRefused(t *testing.T) {
	url, dir := dove(t)
	apri(t, url, dir)
	kek := filepath.Join(dir, "kek-0001")
	rifiuta := func(what, url, dir, why string) {
		t.Helper()
		c, err := chiavi.Apri(t.Context(), url, dir)
		if err == nil {
			c.Chiudi()
		}
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", what, err)
		}
	}
	altra, altrove := dove(t)
	rifiuta("an empty database", altra, dir, chiavi.ErrSenzaDatabase.Error())
	rifiuta("no KEK", url, altrove, "is not there")
	apri(t, altra, altrove+"2")
	rifiuta("another's KEK", url, altrove+"2", "restore the two together")
	if err := os.Chmod(kek, 0o640); err != nil {
		t.Fatal(err)
	}
	rifiuta("a KEK open to others", url, dir, "open to others")
	if err := errors.Join(os.Chmod(kek, 0o600), os.WriteFile(kek, []byte("00"), 0o600)); err != nil {
		t.Fatal(err)
	}
	rifiuta("a damaged KEK", url, dir, "damaged")
}

// A stop between the file and the database, on either side, is made good.
func TestAStopAtTheFirstStartIsMadeGood(t *testing.T) {
	url, dir := dove(t)
	keys := fai(t, apri(t, url, dir), 1)
	kek := filepath.Join(dir, "kek-0001")
	if err := os.Rename(kek, kek+".nuova"); err != nil { // the database knew, the file had no name yet
		t.Fatal(err)
	}
	ceSono(t, apri(t, url, dir), keys)
	if _, err := os.Stat(kek); err != nil {
		t.Error(err)
	}
	if err := os.Rename(kek, kek+".nuova"); err != nil { // the database did not know yet
		t.Fatal(err)
	}
	other := pgtest.Database(t)
	ceSono(t, apri(t, other, dir), fai(t, apri(t, other, dir), 1))
}

func TestADestroyedKeyIsForgottenEverywhereWithinSeconds(t *testing.T) {
	url, dir := dove(t)
	a, b := apri(t, url, dir), apri(t, url, dir)
	keys := fai(t, a, 3)
	forgotten := make(chan uuid.UUID, 100)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- b.Ascolta(ctx, func(all ...uuid.UUID) {
			for _, id := range all {
				forgotten <- id
			}
		}, slog.New(slog.DiscardHandler))
	}()
	for range 2 {
		if err := a.Distruggi(t.Context(), []uuid.UUID{keys[1].ID}); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case id := <-forgotten:
		if id != keys[1].ID {
			t.Error(id)
		}
	case <-time.After(5 * time.Second):
		t.Error("it is still remembered after 5 s")
	}
	stop()
	<-done
	found, gone, err := b.Find(t.Context(), ids(keys))
	if err != nil || len(found) != 2 || !slices.Equal(gone, []uuid.UUID{keys[1].ID}) {
		t.Error(found, gone, err)
	}
}

// A key that a restored backup brings back stays destroyed, when it is known to be.
func TestADestroyedKeyDoesNotComeBack(t *testing.T) {
	url, dir := dove(t)
	c := apri(t, url, dir)
	keys := fai(t, c, 1)
	esegui(t, url, `CREATE TABLE salvata AS TABLE chiavi`)
	if err := c.Distruggi(t.Context(), ids(keys)); err != nil {
		t.Fatal(err)
	}
	esegui(t, url, `INSERT INTO chiavi SELECT * FROM salvata WHERE kid = $1`, keys[0].ID)
	if found, gone, err := apri(t, url, dir).Find(t.Context(), ids(keys)); len(found) > 0 || len(gone) != 1 || err != nil {
		t.Error(found, gone, err)
	}
}

func TestARotationWrapsAllKeysAndOldOnesGoWhenTheirTimeIsOver(t *testing.T) {
	url, dir := dove(t)
	c, other := apri(t, url, dir), apri(t, url, dir)
	keys := fai(t, c, 2500)
	steps := 0
	if err := c.Ruota(t.Context(), func(int) { steps++ }); err != nil {
		t.Fatal(err)
	}
	keys = append(keys, fai(t, other, 10)...) // by a process that has not heard of it
	ceSono(t, c, keys)
	ceSono(t, other, keys)
	epoche, _, err := c.Stato(t.Context())
	if err != nil || len(epoche) != 2 || epoche[0].Ritirata == nil || epoche[0].Chiavi != 0 || epoche[1].Chiavi != 2511 || steps != 3 {
		t.Fatalf("%+v %v, in %d steps", epoche, err, steps)
	}
	dopo := *epoche[0].Ritirata
	for _, s := range []struct {
		alle time.Time
		want []int
	}{{dopo.Add(chiavi.Custodia - time.Hour), nil}, {dopo.Add(chiavi.Custodia), []int{1}}, {dopo.Add(2 * chiavi.Custodia), nil}} {
		if got, err := c.Scarta(t.Context(), s.alle); err != nil || !slices.Equal(got, s.want) {
			t.Error(got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "kek-0001")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file of the old KEK:", err)
	}
	ceSono(t, apri(t, url, dir), keys)
}

// Interrupted anywhere a rotation goes on, and no key is lost meanwhile.
func TestARotationThatStopsGoesOn(t *testing.T) {
	url, dir := dove(t)
	keys := fai(t, apri(t, url, dir), 3500)
	for stopped := range 3 {
		c := apri(t, url, dir)
		ctx, stop := context.WithCancel(t.Context())
		if err := c.Ruota(ctx, func(int) { stop() }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		stop()
		ceSono(t, apri(t, url, dir), keys)
		if epoche, _, err := c.Stato(t.Context()); err != nil || len(epoche) != 2 || epoche[0].Ritirata != nil {
			t.Fatalf("stopped %d times: %+v %v", stopped+1, epoche, err)
		}
	}
	c := apri(t, url, dir)
	if err := c.Ruota(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	epoche, _, err := c.Stato(t.Context())
	if err != nil || len(epoche) != 2 || epoche[0].Ritirata == nil {
		t.Fatalf("%+v %v", epoche, err)
	}
	ceSono(t, c, keys)
}

// Keys are made and found while the KEK is rotated, time and again.
func TestKeysAreMadeAndFoundWhileTheKEKIsRotated(t *testing.T) {
	url, dir := dove(t)
	a, b := apri(t, url, dir), apri(t, url, dir)
	var running sync.WaitGroup
	over := make(chan struct{})
	var keys []sealing.Key
	running.Go(func() {
		for {
			made, err := b.Make(t.Context(), 20)
			if err != nil {
				t.Error(err)
				return
			}
			keys = append(keys, made...)
			if found, _, err := b.Find(t.Context(), ids(made)); err != nil || len(found) != 20 {
				t.Error(len(found), err)
			}
			select {
			case <-over:
				return
			default:
			}
		}
	})
	for range 5 {
		if err := a.Ruota(t.Context(), func(int) {}); err != nil {
			t.Error(err)
		}
	}
	close(over)
	running.Wait()
	ceSono(t, a, keys)
	if epoche, _, err := a.Stato(t.Context()); err != nil || len(epoche) != 6 {
		t.Errorf("%+v %v", epoche, err)
	}
}

func TestOnlyOneRotates(t *testing.T) {
	url, dir := dove(t)
	a, b := apri(t, url, dir), apri(t, url, dir)
	fai(t, a, 10)
	err := a.Ruota(t.Context(), func(int) {
		if err := b.Ruota(t.Context(), func(int) {}); !errors.Is(err, chiavi.ErrRotazioneInCorso) {
			t.Error(err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func pepe(t *testing.T, c *chiavi.Chiavi, rifatto bool) sealing.Secret {
	t.Helper()
	p, r := c.Pepe()
	if r != rifatto || p == (sealing.Secret{}) {
		t.Errorf("the secret is a new one: %v, and empty: %v", r, p == (sealing.Secret{}))
	}
	return p
}

// What was indexed stays to be found: the secret outlives the KEKs, and nothing
// that destroys keys destroys it.
func TestTheSecretOfTheBlindIndexesStaysTheSame(t *testing.T) {
	url, dir := dove(t)
	c := apri(t, url, dir)
	prima := pepe(t, c, false)
	if err := c.Distruggi(t.Context(), []uuid.UUID{{15: 1}, fai(t, c, 1)[0].ID}); err != nil {
		t.Fatal(err)
	}
	if err := c.Ruota(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	if scartate, err := c.Scarta(t.Context(), time.Now().Add(chiavi.Custodia+time.Hour)); err != nil || len(scartate) != 1 {
		t.Fatal(scartate, err)
	}
	if pepe(t, apri(t, url, dir), false) != prima {
		t.Error("the secret is another after a rotation")
	}
}

// Nothing but tables that the log makes depends on it: it is no reason to refuse
// to start.
func TestASecretThatWasLostIsMadeAnewAndSaysSo(t *testing.T) {
	url, dir := dove(t)
	prima := pepe(t, apri(t, url, dir), false)
	esegui(t, url, `DELETE FROM chiavi WHERE kid = '00000000-0000-0000-0000-000000000001'`)
	dopo := pepe(t, apri(t, url, dir), true)
	if dopo == prima {
		t.Error("the lost secret is back")
	}
	if pepe(t, apri(t, url, dir), false) != dopo {
		t.Error("the new secret was not kept")
	}
}
