package notaio

import (
	"context"
	"errors"
	"fmt"

	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/sistema"

	"nucleo/eventstore"
	"nucleo/eventstore/memory"
	"nucleo/eventstore/sigilli"
	"nucleo/eventstore/storetest"
	"nucleo/internal/postgres/pgtest"
)

// banco is a log, a database, and a notaio who can be stopped and started.
type banco struct {
	*memory.Store
	pool *pgxpool.Pool
	conf Config
	dir  string

	mu    sync.Mutex
	dopo  func(stream string) error // called after an append to the stream of seals, in the place of the answer
	teste map[string]domain.Head
}

func nuovoBanco(t *testing.T) *banco {
	t.Helper()
	t.Parallel()
	pool, err := pgxpool.New(t.Context(), pgtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	b := &banco{
		Store: memory.New(domain.NewCatalog(domain.Aggregate{Category: "prova", Entries: []domain.Entry{domain.Of[storetest.Nota]()}}, sistema.Aggregate)),
		pool:  pool, dir: t.TempDir(), teste: map[string]domain.Head{},
	}
	chiavi, err := ApriChiavi(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	b.conf = Config{
		Archivio: b, Pool: pool, Chiavi: chiavi, Secondo: Secondo{filepath.Join(b.dir, "altrove")}, Adesso: time.Now, Log: slog.New(slog.DiscardHandler),
		Eventi: 5, Ogni: time.Hour, Riposo: time.Millisecond,
	}
	return b
}

func (b *banco) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	dove, err := b.Store.Append(ctx, stream, at, meta, events...)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil && stream == sistema.FlussoSigilli && b.dopo != nil {
		err = b.dopo(stream)
	}
	return dove, err
}

func (b *banco) scrivi(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		flusso := fmt.Sprint("prova-", i%3)
		meta := storetest.Meta()
		meta.Comando = uuid.New()
		dove, err := b.Store.Append(t.Context(), flusso, b.teste[flusso], meta, storetest.Nota{Testo: "nota", Numero: i})
		if err != nil {
			t.Fatal(err)
		}
		b.teste[flusso] = dove.Head
	}
}

// avvia starts a notaio, and returns how to stop it.
func (b *banco) avvia(t *testing.T) (*Notaio, func()) {
	t.Helper()
	n, err := Apri(t.Context(), b.conf)
	if err != nil {
		t.Fatal(err)
	}
	ctx, basta := context.WithCancel(t.Context())
	fine := make(chan error, 1)
	go func() { fine <- n.Run(ctx) }()
	ferma := sync.OnceFunc(func() {
		basta()
		if err := <-fine; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(ferma)
	return n, ferma
}

func (b *banco) prove() Prove { return Prove{Pool: b.pool, Archivio: b.Store} }

// sigilli counts the seals of the log.
func (b *banco) sigilli(t *testing.T) (n int) {
	t.Helper()
	for _, err := range b.Stored(t.Context(), sistema.FlussoSigilli) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// finche waits for a condition.
func finche(t *testing.T, cosa string, vale func() bool) {
	t.Helper()
	for limite := time.Now().Add(20 * time.Second); !vale(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limite) {
			t.Fatal("not in time: ", cosa)
		}
	}
}

// alPari waits until the notaio has seen the whole log, and the second place
// has all seals.
func (b *banco) alPari(t *testing.T, sigilliAttesi int) {
	t.Helper()
	finche(t, fmt.Sprintf("%d seals, all seen", sigilliAttesi), func() bool {
		dimensione, err := b.prove().Dimensione(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		note, _ := b.conf.Secondo.Note()
		return b.sigilli(t) == sigilliAttesi && len(note.Note) == sigilliAttesi && dimensione == int64(b.eventi(t))
	})
}

func (b *banco) eventi(t *testing.T) (n int) {
	t.Helper()
	for range b.All(t.Context(), 0, false) {
		n++
	}
	return n
}

// verifica holds the log against everything.
func (b *banco) verifica(t *testing.T) sigilli.Esito {
	t.Helper()
	p := b.prove()
	n, err := p.Dimensione(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := sigilli.Verifica{Registro: b.Store, Chiavi: b.conf.Chiavi.Verificano, Altrove: b.conf.Secondo.Note, Foglie: p.Foglie, NumeroFoglie: n}
	esito, err := v.Esegui(t.Context())
	if err != nil {
		t.Error(err)
	}
	return esito
}

func TestTheLogIsSealedEverySoManyEventsAndNotForItsSeals(t *testing.T) {
	b := nuovoBanco(t)
	n, _ := b.avvia(t)
	for round := range 4 {
		b.scrivi(t, 5)
		b.alPari(t, round+1)
	}
	if esito := b.verifica(t); esito.Sigilli != 4 || esito.Altrove != 4 || esito.Eventi != 24 || esito.Scoperti != 1 {
		t.Errorf("%+v", esito)
	}
	if err := n.Stato(); err != nil {
		t.Error(err)
	}
}

// However many events wait, each becomes a leaf, and they are written many at a
// time, also where no seal may be made yet.
func TestNoEventIsLeftOutWhenMoreWaitThanAreWrittenAtOnce(t *testing.T) {
	b := nuovoBanco(t)
	b.scrivi(t, 2*massimo+500)
	n, err := Apri(t.Context(), b.conf)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := b.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	eventi := make(chan eventstore.Stored, 3*massimo)
	for e, err := range b.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		eventi <- e
	}
	n.Eventi = 10
	g, volte := giro{Notaio: n, conn: conn.Conn(), albero: &albero{}, fino: 1 << 60}, 0
	for ; len(eventi) > 0; volte++ {
		if err := g.prendi(t.Context(), <-eventi, eventi); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.albero.Dimensione(); got != 2*massimo+500 {
		t.Errorf("%d leaves of %d events", got, 2*massimo+500)
	}
	if volte != 3 {
		t.Errorf("they were written in %d transactions", volte)
	}
}

// A minute after the last seal, whatever others wrote is sealed; and when they
// wrote nothing, nothing is.
func TestAfterAMinuteWhatOthersWroteIsSealed(t *testing.T) {
	b := nuovoBanco(t)
	var mu sync.Mutex
	adesso := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	b.conf.Ogni = 50 * time.Millisecond // how often it looks; the clock is ours
	b.conf.Adesso = func() time.Time { mu.Lock(); defer mu.Unlock(); return adesso }
	avanti := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); adesso = adesso.Add(d) }
	b.avvia(t)
	b.scrivi(t, 1)
	finche(t, "the event is seen", func() bool { n, _ := b.prove().Dimensione(t.Context()); return n == 1 })
	if n := b.sigilli(t); n != 0 {
		t.Fatalf("%d seals before it is time", n)
	}
	avanti(time.Second)
	b.alPari(t, 1)
	for range 3 {
		avanti(time.Hour)
		time.Sleep(2 * b.conf.Ogni) // that nothing happens can only be waited for
	}
	if n := b.sigilli(t); n != 1 {
		t.Errorf("%d seals: one sealed the other", n)
	}
	b.scrivi(t, 1)
	avanti(time.Hour)
	b.alPari(t, 2)
}

// Whatever is lost between the log, the tree and the second place, the next
// start finds, and nothing is sealed twice.
func TestAStopAnywhereLosesNothingAndDoublesNothing(t *testing.T) {
	b := nuovoBanco(t)
	rotto := errors.New("the connection broke")
	_, ferma := b.avvia(t)
	for round := range 6 {
		caduta := make(chan bool, 100)
		b.mu.Lock()
		b.dopo = func(string) error { caduta <- true; return rotto }
		b.mu.Unlock()
		b.scrivi(t, 5)
		<-caduta // the seal is in the log, and the notaio does not know
		if round%2 == 0 {
			ferma()
			_, ferma = b.avvia(t)
		}
		b.mu.Lock()
		b.dopo = nil
		b.mu.Unlock()
		if round == 3 { // the second place breaks off in a line
			b.alPari(t, round+1)
			ferma()
			f := filepath.Join(b.dir, "altrove", fileNote)
			info, err := os.Stat(f)
			if err == nil {
				err = os.Truncate(f, info.Size()-40)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, ferma = b.avvia(t)
		}
		b.alPari(t, round+1)
	}
	if esito := b.verifica(t); esito.Sigilli != 6 {
		t.Errorf("%+v", esito)
	}
}

// The tree can be thrown away: it is made anew from the log, and so is the
// second place from the seals.
func TestTheTreeIsMadeAnewFromTheLog(t *testing.T) {
	b := nuovoBanco(t)
	_, ferma := b.avvia(t)
	b.scrivi(t, 5)
	b.alPari(t, 1)
	ferma()
	if _, err := b.pool.Exec(t.Context(), `DROP SCHEMA sigilli CASCADE`); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(b.conf.Secondo.Dir); err != nil {
		t.Fatal(err)
	}
	b.avvia(t)
	b.alPari(t, 1)
	b.scrivi(t, 5)
	b.alPari(t, 2)
	b.verifica(t)
}

func TestTwoNotaiSealAsOne(t *testing.T) {
	b := nuovoBanco(t)
	_, ferma := b.avvia(t)
	b.avvia(t)
	for round := range 6 {
		b.scrivi(t, 5)
		b.alPari(t, round+1)
		if round == 2 {
			ferma()
		}
	}
	b.verifica(t)
}

// The tiles of a tree of more than two levels give the proofs.
func TestProofsOfALargerTree(t *testing.T) {
	b := nuovoBanco(t)
	b.conf.Eventi = 300
	b.avvia(t)
	for round := range 3 {
		b.scrivi(t, 300)
		b.alPari(t, round+1)
	}
	p, visti := b.prove(), 0
	for e, err := range b.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if visti++; visti%37 != 0 {
			continue
		}
		i, err := p.Di(t.Context(), e, 0)
		if err != nil {
			t.Fatalf("event %d: %v", visti, err)
		}
		letta, err := sigilli.LeggiInclusione(i.Prova)
		if err == nil {
			_, err = letta.Verifica(e, b.conf.Chiavi.Verificano)
		}
		if err != nil || i.Indice != int64(visti-1) {
			t.Errorf("event %d is leaf %d: %v", visti, i.Indice, err)
		}
	}
	elenco, err := p.Elenco(t.Context(), 1<<40, 10)
	if err != nil || len(elenco) != 3 {
		t.Fatal(elenco, err)
	}
	c, err := p.Consistenza(t.Context(), elenco[2].Dimensione, elenco[0].Dimensione)
	if err != nil || len(c.Hash) == 0 {
		t.Error(c, err)
	}
}

// A log that was put back to an older state is not sealed on in silence.
func TestARolledBackLogIsNotSealed(t *testing.T) {
	b := nuovoBanco(t)
	_, ferma := b.avvia(t)
	b.scrivi(t, 10)
	finche(t, "it is sealed", func() bool { return b.sigilli(t) > 0 })
	b.alPari(t, b.sigilli(t))
	ferma()
	altro := memory.New(domain.NewCatalog(domain.Aggregate{Category: "prova", Entries: []domain.Entry{domain.Of[storetest.Nota]()}}, sistema.Aggregate))
	b.Store = altro
	n, _ := b.avvia(t)
	finche(t, "it says so", func() bool { return errors.Is(n.Stato(), ErrArretrato) })
}

func TestKeysAreRotatedAndOldSealsStillHold(t *testing.T) {
	b := nuovoBanco(t)
	_, ferma := b.avvia(t)
	b.scrivi(t, 5)
	b.alPari(t, 1)
	ferma()
	prima := b.conf.Chiavi
	var err error
	if b.conf.Chiavi, err = Ruota(b.dir); err != nil {
		t.Fatal(err)
	}
	b.avvia(t)
	b.scrivi(t, 5)
	b.alPari(t, 2)
	b.verifica(t)
	if len(b.conf.Chiavi.Testi) != 2 || b.conf.Chiavi.Origine() != prima.Origine() || b.conf.Chiavi.Firma.KeyHash() == prima.Firma.KeyHash() {
		t.Errorf("%v", b.conf.Chiavi.Testi)
	}
	info, err := os.Stat(filepath.Join(b.dir, fileSegreto))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

// A directory without the key of the last seal does not seal with another.
func TestAReplicaWithoutTheKeySaysSo(t *testing.T) {
	b := nuovoBanco(t)
	_, ferma := b.avvia(t)
	b.scrivi(t, 5)
	b.alPari(t, 1)
	ferma()
	var err error
	if b.conf.Chiavi, err = ApriChiavi(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	n, _ := b.avvia(t)
	finche(t, "it says so", func() bool { return errors.Is(n.Stato(), ErrChiave) })
	if b.sigilli(t) != 1 {
		t.Error("it sealed")
	}
}

// Where the second place cannot be written the log is sealed all the same, and
// the second place is filled once it can.
func TestASecondPlaceThatIsAwayIsFilledLater(t *testing.T) {
	b := nuovoBanco(t)
	b.conf.Secondo.Dir = filepath.Join(b.dir, "monte", "altrove")
	muro := filepath.Join(b.dir, "monte")
	if err := os.WriteFile(muro, nil, 0o600); err != nil { // a file where the directory should be
		t.Fatal(err)
	}
	n, _ := b.avvia(t)
	b.scrivi(t, 5)
	finche(t, "the log is sealed, and it is said that the second place is not", func() bool { return b.sigilli(t) == 1 && n.Stato() != nil })
	if err := os.Remove(muro); err != nil {
		t.Fatal(err)
	}
	b.alPari(t, 1)
	finche(t, "all is well", func() bool { return n.Stato() == nil })
}
