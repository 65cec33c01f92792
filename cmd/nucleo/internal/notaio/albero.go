package notaio

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// The tree is kept as tiles of 256 hashes, of which those of the first level are
// leaves; each full one is a hash of the level above. All of it follows from
// the log.
const (
	altezza   = 8
	larghezza = 1 << altezza
)

const schema = `
SELECT pg_advisory_xact_lock(hashtext('sigilli'));
CREATE SCHEMA IF NOT EXISTS sigilli;
CREATE TABLE IF NOT EXISTS sigilli.tegole (
	livello int, n bigint, posizione bigint, dati bytea NOT NULL, PRIMARY KEY (livello, n));
CREATE INDEX IF NOT EXISTS tegole_posizione ON sigilli.tegole (posizione) WHERE livello = 0;
CREATE TABLE IF NOT EXISTS sigilli.stato (
	uno boolean PRIMARY KEY DEFAULT true CHECK (uno), dimensione bigint NOT NULL, posizione bigint NOT NULL);
INSERT INTO sigilli.stato (dimensione, posizione) VALUES (0, 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS sigilli.sigilli (
	dimensione bigint PRIMARY KEY, radice bytea NOT NULL, posizione bigint NOT NULL, nota text NOT NULL,
	versione bigint NOT NULL, self bytea NOT NULL, istante timestamptz NOT NULL, apposto bigint NOT NULL)`

// albero is the tree as it grows, and what was not written yet.
type albero struct {
	sigilli.Albero
	posizione uint64   // of the last leaf
	prima     int64    // the size that the database has
	livelli   []tegola // the one of each level that is not full
	piene     []tegola
	sigilli   []apposto
	testa     domain.Head // of the stream of seals
	ultimo    apposto     // zero when there is none
	altri     int64       // leaves after the last seal that are no seals
}

type tegola struct {
	livello   int
	n         int64
	posizione uint64 // of the first leaf; on the first level alone
	dati      []byte
	cambiata  bool
}

// apposto is a seal that the log holds.
type apposto struct {
	sistema.SigilloApposto
	testa domain.Head
	alle  uint64 // position of the seal itself
}

// aggiungi takes in the next event of the log.
func (a *albero) aggiungi(e eventstore.Stored) error {
	h := sigilli.Foglia(e)
	a.metti(0, h, e.Position)
	a.Aggiungi(h)
	a.posizione = e.Position
	if e.Stream != sistema.FlussoSigilli {
		a.altri++
		return nil
	}
	s, err := leggiSigillo(e)
	if err != nil {
		return err
	}
	a.testa, a.ultimo = s.testa, s
	a.altri = a.dopo(s)
	a.sigilli = append(a.sigilli, s)
	return nil
}

// dopo counts the leaves that are no seals between the end of a seal, which is
// the last leaf, and it.
func (a *albero) dopo(s apposto) int64 { return a.Dimensione() - 1 - int64(s.Dimensione) }

// metti puts a hash into the tile of a level.
func (a *albero) metti(livello int, h sigilli.Hash, posizione uint64) {
	if livello == len(a.livelli) {
		a.livelli = append(a.livelli, tegola{livello: livello})
	}
	t := &a.livelli[livello]
	if len(t.dati) == 0 {
		t.posizione = posizione
	}
	t.dati, t.cambiata = append(t.dati, h[:]...), true
	if len(t.dati) < larghezza*len(h) {
		return
	}
	a.piene = append(a.piene, *t)
	var cima sigilli.Albero
	for i := range larghezza {
		cima.Aggiungi(hashA(t.dati, i))
	}
	*t = tegola{livello: livello, n: t.n + 1}
	a.metti(livello+1, cima.Radice(), 0)
}

func hashA(dati []byte, i int) sigilli.Hash {
	return sigilli.Hash(dati[i*tlog.HashSize : (i+1)*tlog.HashSize])
}

// errAltraReplica says that another replica has taken over.
var errAltraReplica = errors.New("another replica has sealed on")

// scrivi makes what was added durable, in one transaction.
func (a *albero) scrivi(ctx context.Context, conn *pgx.Conn) error {
	if a.Dimensione() == a.prima {
		return nil
	}
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE sigilli.stato SET dimensione = $1, posizione = $2 WHERE dimensione = $3`, a.Dimensione(), a.posizione, a.prima)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errAltraReplica
		}
		b := &pgx.Batch{}
		for _, t := range a.piene {
			t.accoda(b)
		}
		for _, t := range a.livelli {
			if t.cambiata && len(t.dati) > 0 {
				t.accoda(b)
			}
		}
		for _, s := range a.sigilli {
			b.Queue(`INSERT INTO sigilli.sigilli VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				s.Dimensione, s.Radice[:], s.Posizione, s.Nota, s.testa.Version, s.testa.Self[:], s.testa.Istante, s.alle)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return fmt.Errorf("write the tree: %w", err)
	}
	a.prima, a.piene, a.sigilli = a.Dimensione(), nil, nil
	for i := range a.livelli {
		a.livelli[i].cambiata = false
	}
	return nil
}

func (t tegola) accoda(b *pgx.Batch) {
	b.Queue(`INSERT INTO sigilli.tegole VALUES ($1, $2, $3, $4) ON CONFLICT (livello, n) DO UPDATE SET dati = EXCLUDED.dati`, t.livello, t.n, t.posizione, t.dati)
}

// interroga is what reads: a pool, a connection or a transaction.
type interroga interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// leggiAlbero reads the tree as it was written last.
func leggiAlbero(ctx context.Context, db interroga) (*albero, error) {
	a := &albero{}
	if err := db.QueryRow(ctx, `SELECT dimensione, posizione FROM sigilli.stato`).Scan(&a.prima, &a.posizione); err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	var err error
	if a.Albero, err = sigilli.AlberoDi(a.prima, lettore(ctx, db)); err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	for livello, n := 0, a.prima; n > 0; livello, n = livello+1, n>>altezza {
		t := tegola{livello: livello, n: n >> altezza}
		if resto := int(n % larghezza); resto > 0 {
			err := db.QueryRow(ctx, `SELECT posizione, dati FROM sigilli.tegole WHERE livello = $1 AND n = $2`, livello, t.n).Scan(&t.posizione, &t.dati)
			if err != nil || len(t.dati) != resto*tlog.HashSize {
				return nil, fmt.Errorf("read the tree: tile %d of level %d is not whole (%v)", t.n, livello, err)
			}
		}
		a.livelli = append(a.livelli, t)
	}
	if a.ultimo, err = ultimo(ctx, db); err != nil {
		return nil, err
	}
	a.testa = a.ultimo.testa
	return a, db.QueryRow(ctx, `SELECT $1 - count(*) FROM sigilli.sigilli WHERE apposto > $2`, a.Dimensione()-int64(a.ultimo.Dimensione), a.ultimo.Posizione).Scan(&a.altri)
}

// ultimo is the last seal, zero when there is none.
func ultimo(ctx context.Context, db interroga) (s apposto, err error) {
	var radice, self []byte
	var istante time.Time
	err = db.QueryRow(ctx, `SELECT dimensione, radice, posizione, nota, versione, self, istante, apposto FROM sigilli.sigilli ORDER BY dimensione DESC LIMIT 1`).
		Scan(&s.Dimensione, &radice, &s.Posizione, &s.Nota, &s.testa.Version, &self, &istante, &s.alle)
	if errors.Is(err, pgx.ErrNoRows) {
		return apposto{}, nil
	}
	if err != nil {
		return apposto{}, fmt.Errorf("read the last seal: %w", err)
	}
	copy(s.Radice[:], radice)
	copy(s.testa.Self[:], self)
	s.testa.Istante = istante.UTC()
	return s, nil
}

// lettore reads hashes of the tree.
func lettore(ctx context.Context, db interroga) tlog.HashReader {
	return tlog.HashReaderFunc(func(indici []int64) ([]tlog.Hash, error) {
		type quale struct {
			livello int
			n       int64
		}
		lette := map[quale][]byte{}
		out := make([]tlog.Hash, len(indici))
		for i, indice := range indici {
			t := tlog.TileForIndex(altezza, indice)
			q := quale{t.L, t.N}
			if lette[q] == nil {
				var dati []byte
				if err := db.QueryRow(ctx, `SELECT dati FROM sigilli.tegole WHERE livello = $1 AND n = $2`, t.L, t.N).Scan(&dati); err != nil {
					return nil, fmt.Errorf("tile %d of level %d: %w", t.N, t.L, err)
				}
				lette[q] = dati
			}
			var err error
			if out[i], err = tlog.HashFromTile(t, lette[q], indice); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// Azzera drops the tree, which is made anew from the log: after a restore into a
// database that knew a longer one.
func Azzera(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, `DROP SCHEMA IF EXISTS sigilli CASCADE`)
	return err
}
