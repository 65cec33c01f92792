// Package notaio seals the log (D-3, ADR 0024). One replica at a time reads all
// events, keeps the Merkle tree over them in a schema of its own in Postgres,
// and every thousand events, or a minute after the last seal when others were
// written since, signs the root: the note goes to the log, as an event, and to
// the second place.
//
// A stop at any point loses nothing and does nothing twice: the tree and how
// far it goes are written in one transaction; the id of a seal follows from
// where it stands, and its head is checked by the store; and the second place is
// filled from the seals that were read back from the log.
package notaio

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// Archivio is what the notaio needs of the event store.
type Archivio interface {
	Follow(ctx context.Context, after uint64, resumed bool) iter.Seq2[eventstore.Stored, error]
	Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error)
	End(ctx context.Context) (uint64, error)
}

// Config is what the notaio works with. Times and counts that are zero get the
// values named.
type Config struct {
	Archivio Archivio
	Pool     *pgxpool.Pool
	Chiavi   Chiavi
	Secondo  Secondo
	Adesso   func() time.Time
	Log      *slog.Logger

	Eventi int64         // between two seals: 1,000
	Ogni   time.Duration // a minute
	Riposo time.Duration // before what failed, or another does, is tried again: 5 s
}

// Notaio seals the log of an installation.
type Notaio struct {
	Config

	mu      sync.Mutex
	guasto  error // why it does not seal
	altrove error // why the second place is not written

	scritto int64 // size of the last note of the second place, -1 when not known; of who holds the lock
}

// Apri makes the tables when they are missing.
func Apri(ctx context.Context, c Config) (*Notaio, error) {
	c.Eventi = cmp.Or(c.Eventi, 1000)
	c.Ogni, c.Riposo = cmp.Or(c.Ogni, time.Minute), cmp.Or(c.Riposo, 5*time.Second)
	if _, err := c.Pool.Exec(ctx, schema); err != nil {
		return nil, fmt.Errorf("create the tables of seals: %w", err)
	}
	return &Notaio{Config: c}, nil
}

// Stato is why seals are not made, or not written to the second place; nil when
// they are, by this replica or another.
func (n *Notaio) Stato() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return cmp.Or(n.guasto, n.altrove)
}

// Run seals until ctx ends.
func (n *Notaio) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := n.turno(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			n.Log.WarnContext(ctx, "the log is not being sealed; trying again", "error", err)
		}
		n.guastato(err)
		select {
		case <-ctx.Done():
		case <-time.After(n.Riposo):
		}
	}
	return nil
}

func (n *Notaio) guastato(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.guasto = err
}

const lucchetto = `hashtextextended('nucleo/notaio', 0)`

// turno seals as long as this replica holds the lock, which it does on the
// connection by which the tree is written. It returns nil at once when another
// replica does.
func (n *Notaio) turno(ctx context.Context) error {
	conn, err := n.Pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	var mio bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+lucchetto+`)`).Scan(&mio); err != nil || !mio {
		conn.Release()
		return err
	}
	own := conn.Hijack() // the lock ends with it
	defer func() {
		ctx, basta := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer basta()
		_ = own.Close(ctx)
	}()
	return n.tieni(ctx, own)
}

// tieni follows the log on from where the tree stands.
func (n *Notaio) tieni(ctx context.Context, conn *pgx.Conn) error {
	a, err := leggiAlbero(ctx, conn)
	if err != nil {
		return err
	}
	fino, err := n.riconosce(ctx, a)
	if err != nil {
		return err
	}
	ctx, basta := context.WithCancel(ctx)
	var segue sync.WaitGroup
	defer segue.Wait()
	defer basta()
	eventi, fine := make(chan eventstore.Stored, 1024), make(chan error, 1)
	segue.Go(func() {
		fine <- n.segui(ctx, a.posizione, a.prima > 0, eventi)
	})
	g := giro{Notaio: n, conn: conn, albero: a, ultima: n.Adesso(), fino: fino}
	if a.ultimo.Dimensione > 0 {
		g.ultima = a.ultimo.testa.Istante
	}
	n.guastato(nil)
	n.scritto = -1
	n.riporta(ctx, conn)
	battito := time.NewTicker(min(n.Ogni, time.Second))
	defer battito.Stop()
	for {
		select {
		case e := <-eventi:
			if err := g.prendi(ctx, e, eventi); err != nil {
				return err
			}
		case <-battito.C:
			if n.arretrato() {
				n.riporta(ctx, conn)
			}
		case err := <-fine:
			return err
		case <-ctx.Done():
			return nil
		}
		if err := g.sigilla(ctx); err != nil {
			return err
		}
	}
}

// segui hands the events of the log on.
func (n *Notaio) segui(ctx context.Context, dopo uint64, ripresa bool, a chan<- eventstore.Stored) error {
	for e, err := range n.Archivio.Follow(ctx, dopo, ripresa) {
		if err != nil {
			return err
		}
		select {
		case a <- e:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// ErrArretrato says that the log ends before what was sealed.
var ErrArretrato = errors.New("the log ends before events that were sealed: nucleo verifica --tutto says more; docs/operations.md says what to do after a backup was restored")

// ErrChiave says that another key made the last seal.
var ErrChiave = errors.New("the last seal was made with a key that this data directory does not have: copy " + fileSegreto + " and " + filePubblico + " from the replica that made it")

// riconosce refuses to go on after a log that is not the one that was sealed. It
// returns where the log ends.
func (n *Notaio) riconosce(ctx context.Context, a *albero) (fine uint64, err error) {
	fine, err = n.Archivio.End(ctx)
	switch {
	case err != nil:
		return 0, err
	case fine < a.posizione:
		return 0, fmt.Errorf("%w (it ends at position %d, not at %d or later)", ErrArretrato, fine, a.posizione)
	case a.ultimo.Dimensione == 0:
		return fine, nil
	}
	if _, err := sigilli.ApriNota(a.ultimo.Nota, n.Chiavi.Verificano); err != nil {
		return 0, ErrChiave
	}
	return fine, nil
}

// giro is the work of a replica while it holds the lock.
type giro struct {
	*Notaio
	conn   *pgx.Conn
	albero *albero
	ultima time.Time // of the last seal, or the beginning
	fino   uint64    // nothing is sealed before the tree has come so far: a seal of before may lie there
	attesa uint64    // version of a seal that was written and did not come by yet; 0: none
}

// puo reports whether a seal may be made now.
func (g *giro) puo() bool { return g.attesa == 0 && g.albero.posizione >= g.fino }

const massimo = 1024 // events that are written at once

// prendi takes in an event, and those that wait behind it.
func (g *giro) prendi(ctx context.Context, e eventstore.Stored, eventi <-chan eventstore.Stored) error {
	for n := 1; ; n++ {
		if err := g.evento(e); err != nil {
			return err
		}
		if n == massimo || g.albero.altri >= g.Eventi && g.puo() {
			break
		}
		select {
		case e = <-eventi:
			continue
		default:
		}
		break
	}
	nuovi := len(g.albero.sigilli) > 0
	if err := g.albero.scrivi(ctx, g.conn); err != nil {
		return err
	}
	if nuovi {
		g.riporta(ctx, g.conn)
	}
	return nil
}

func (g *giro) evento(e eventstore.Stored) error {
	if e.Stream == sistema.FlussoSigilli {
		if _, _, err := sigilli.LeggiSigillo(e, g.Chiavi.Verificano); err != nil {
			return fmt.Errorf("event %d of %s is no seal of this installation: %w", e.Version, e.Stream, err)
		}
	}
	if err := g.albero.aggiungi(e); err != nil {
		return err
	}
	if e.Stream == sistema.FlussoSigilli {
		g.ultima = g.albero.testa.Istante
		if g.albero.testa.Version >= g.attesa {
			g.attesa = 0
		}
	}
	return nil
}

// sigilla seals what was written, when it is time.
func (g *giro) sigilla(ctx context.Context) error {
	a, adesso := g.albero, g.Adesso()
	if !g.puo() || a.altri == 0 || a.altri < g.Eventi && adesso.Sub(g.ultima) < g.Ogni {
		return nil
	}
	nota, err := sigilli.Firma(sigilli.Checkpoint{Origine: g.Chiavi.Origine(), Dimensione: a.Dimensione(), Radice: a.Radice()}, g.Chiavi.Firma)
	if err != nil {
		return fmt.Errorf("sign the seal: %w", err)
	}
	s := sistema.SigilloApposto{Dimensione: uint64(a.Dimensione()), Radice: domain.Digest(a.Radice()), Posizione: a.posizione, Nota: nota}
	dove, err := g.Archivio.Append(ctx, sistema.FlussoSigilli, a.testa, meta(s, adesso), s)
	if err != nil {
		return fmt.Errorf("seal the log: %w", err)
	}
	g.attesa = dove.Head.Version
	return nil
}

// spazio is the namespace of the ids of seals.
var spazio = uuid.MustParse("2a7d4f60-3b1e-5c8a-9d27-6f1b0c5e8a44")

// meta is what a seal is asked by: the same seal is the same command.
func meta(s sistema.SigilloApposto, adesso time.Time) domain.Meta {
	comando := uuid.NewSHA1(spazio, []byte(s.Nota))
	return domain.Meta{
		Comando: comando, Impronta: "sigillo", Correlazione: comando, Causa: comando,
		Attore: domain.Notaio.ID, Ruolo: domain.Notaio.Ruolo, Canale: domain.Sistema, Istante: adesso,
	}
}

// leggiSigillo reads a seal of the log.
func leggiSigillo(e eventstore.Stored) (apposto, error) {
	r := e.Recorded(catalogo)
	s, ok := r.Event.(sistema.SigilloApposto)
	if !ok {
		return apposto{}, fmt.Errorf("event %d of %s cannot be read", e.Version, e.Stream)
	}
	return apposto{s, r.Head(), e.Position}, nil
}

var catalogo = domain.NewCatalog(sistema.Aggregate)

// riporta writes to the second place the seals that it does not have. What goes
// wrong is seen in Stato, and tried again: the log is sealed all the same.
func (n *Notaio) riporta(ctx context.Context, db interroga) {
	err := n.riempi(ctx, db)
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil && n.altrove == nil {
		n.Log.WarnContext(ctx, "the second place of the seals is not written; trying again", "error", err)
	}
	n.altrove = err
}

// arretrato reports whether the second place is behind.
func (n *Notaio) arretrato() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.altrove != nil
}

// ErrAltro says that the second place is that of another history.
var ErrAltro = errors.New("its last note is no seal of this log: after a backup was restored, keep the file elsewhere and let a new one begin; otherwise nucleo verifica --tutto says more")

// riconosceAltrove is how many events the last note of the second place seals.
func (n *Notaio) riconosceAltrove(ctx context.Context, db interroga) (int64, error) {
	nota, dimensione, err := n.Secondo.ultima()
	if err != nil || nota == "" {
		return 0, err
	}
	var nostra bool
	err = db.QueryRow(ctx, `SELECT EXISTS (SELECT FROM sigilli.sigilli WHERE dimensione = $1 AND nota = $2)`, dimensione, nota).Scan(&nostra)
	if err == nil && !nostra {
		err = ErrAltro
	}
	return dimensione, err
}

func (n *Notaio) riempi(ctx context.Context, db interroga) (err error) {
	defer func() {
		if err != nil {
			n.scritto, err = -1, fmt.Errorf("second place of the seals: %w", err)
		}
	}()
	if n.scritto < 0 {
		if n.scritto, err = n.riconosceAltrove(ctx, db); err != nil {
			return err
		}
	}
	rows, err := db.Query(ctx, `SELECT nota, dimensione FROM sigilli.sigilli WHERE dimensione > $1 ORDER BY dimensione`, n.scritto)
	if err != nil {
		return err
	}
	var note []string
	var nota string
	scritto := n.scritto
	if _, err := pgx.ForEachRow(rows, []any{&nota, &scritto}, func() error {
		note = append(note, nota)
		return nil
	}); err != nil || len(note) == 0 {
		return err
	}
	if err := n.Secondo.Aggiungi(note...); err != nil {
		return err
	}
	n.scritto = scritto
	return nil
}
