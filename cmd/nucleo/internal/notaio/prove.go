package notaio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
	"nucleo/httpapi"
)

// Prove answers for what was sealed, from the tree and the seals as the notaio
// keeps them, on any replica.
type Prove struct {
	Pool     *pgxpool.Pool
	Archivio interface {
		Stored(ctx context.Context, stream string) iter.Seq2[eventstore.Stored, error]
	}
	Pubbliche []string // the verifier keys
}

// Chiavi implements httpapi.Sigilli.
func (p Prove) Chiavi() []string { return p.Pubbliche }

const colonne = `SELECT dimensione, radice, posizione, nota, istante FROM sigilli.sigilli `

// Elenco implements httpapi.Sigilli.
func (p Prove) Elenco(ctx context.Context, prima int64, limite int) ([]httpapi.Sigillo, error) {
	rows, err := p.Pool.Query(ctx, colonne+`WHERE dimensione < $1 ORDER BY dimensione DESC LIMIT $2`, prima, limite)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (httpapi.Sigillo, error) { return leggiRiga(row) })
}

// Sigillo implements httpapi.Sigilli.
func (p Prove) Sigillo(ctx context.Context, dimensione int64) (httpapi.Sigillo, error) {
	s, err := leggiRiga(p.Pool.QueryRow(ctx, colonne+`WHERE dimensione = $1`, dimensione))
	if errors.Is(err, pgx.ErrNoRows) {
		return s, domain.ErrNonTrovato
	}
	return s, err
}

func leggiRiga(row pgx.Row) (s httpapi.Sigillo, err error) {
	var radice []byte
	var istante time.Time
	err = row.Scan(&s.Dimensione, &radice, &s.Posizione, &s.Nota, &istante)
	if err == nil {
		s.Radice, s.Istante = sigilli.Hash(radice).String(), istante.UTC()
	}
	return s, err
}

// Inclusione implements httpapi.Sigilli. Which leaf an event is, its place in
// the log tells: the tiles know where they begin.
func (p Prove) Inclusione(ctx context.Context, flusso string, numero uint64, dimensione int64) (httpapi.Inclusione, error) {
	for e, err := range p.Archivio.Stored(ctx, flusso) {
		if err != nil {
			return httpapi.Inclusione{}, err
		}
		if e.Version == numero {
			return p.Di(ctx, e, dimensione)
		}
	}
	return httpapi.Inclusione{}, domain.ErrNonTrovato
}

// Di proves that an event is among those of the seal of a size; of the first
// seal that covers it when the size is zero.
func (p Prove) Di(ctx context.Context, e eventstore.Stored, dimensione int64) (out httpapi.Inclusione, err error) {
	indice, err := p.indice(ctx, e)
	if err != nil {
		return out, err
	}
	if dimensione == 0 {
		err := p.Pool.QueryRow(ctx, `SELECT min(dimensione) FROM sigilli.sigilli WHERE dimensione > $1 HAVING min(dimensione) > 0`, indice).Scan(&dimensione)
		if errors.Is(err, pgx.ErrNoRows) {
			return out, httpapi.ErrNonSigillato
		}
		if err != nil {
			return out, err
		}
	}
	s, err := p.Sigillo(ctx, dimensione)
	if err != nil {
		return out, err
	}
	if indice >= dimensione {
		return out, httpapi.ErrNonSigillato
	}
	prova, err := sigilli.ProvaInclusione(indice, s.Nota, lettore(ctx, p.Pool))
	if err != nil {
		return out, err
	}
	return httpapi.Inclusione{
		Indice: indice, Dimensione: dimensione, Foglia: sigilli.Foglia(e).String(), Hash: testi(prova.Prova), Prova: prova.String(),
	}, nil
}

// indice is which leaf an event is.
func (p Prove) indice(ctx context.Context, e eventstore.Stored) (int64, error) {
	var n int64
	var dati []byte
	err := p.Pool.QueryRow(ctx, `SELECT n, dati FROM sigilli.tegole WHERE livello = 0 AND posizione <= $1 ORDER BY posizione DESC LIMIT 1`, e.Position).Scan(&n, &dati)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, httpapi.ErrNonSigillato
	}
	if err != nil {
		return 0, err
	}
	h := sigilli.Foglia(e)
	for i := range len(dati) / tlog.HashSize {
		if bytes.Equal(dati[i*tlog.HashSize:(i+1)*tlog.HashSize], h[:]) {
			return n*larghezza + int64(i), nil
		}
	}
	if len(dati) < larghezza*tlog.HashSize {
		return 0, httpapi.ErrNonSigillato // it was written a moment ago
	}
	return 0, fmt.Errorf("event %d of %s is not the one that the tree has: nucleo verifica --tutto says more", e.Version, e.Stream)
}

// Consistenza implements httpapi.Sigilli.
func (p Prove) Consistenza(ctx context.Context, da, a int64) (out httpapi.Consistenza, err error) {
	prima, err := p.Sigillo(ctx, da)
	if err != nil {
		return out, err
	}
	dopo, err := p.Sigillo(ctx, a)
	if err != nil {
		return out, err
	}
	prova, err := sigilli.ProvaConsistenza(da, a, lettore(ctx, p.Pool))
	return httpapi.Consistenza{Da: da, A: a, Hash: testi(prova.Prova), NotaDa: prima.Nota, NotaA: dopo.Nota}, err
}

func testi(hash []sigilli.Hash) []string {
	all := make([]string, len(hash))
	for i, h := range hash {
		all[i] = h.String()
	}
	return all
}

// Foglie reads leaves as the notaio saw them.
func (p Prove) Foglie(ctx context.Context, da, n int64) (foglie []sigilli.Hash, err error) {
	rows, err := p.Pool.Query(ctx, `SELECT n, dati FROM sigilli.tegole WHERE livello = 0 AND n >= $1 AND n <= $2 ORDER BY n`, da/larghezza, (da+n)/larghezza)
	if err != nil {
		return nil, err
	}
	var quale int64
	var dati []byte
	_, err = pgx.ForEachRow(rows, []any{&quale, &dati}, func() error {
		for i := range len(dati) / tlog.HashSize {
			if k := quale*larghezza + int64(i); k >= da && k < da+n {
				foglie = append(foglie, hashA(dati, i))
			}
		}
		return nil
	})
	if err == nil && int64(len(foglie)) != n {
		err = fmt.Errorf("of %d leaves, %d are there", n, len(foglie))
	}
	return foglie, err
}

// Dimensione is how many leaves the notaio has seen; none where it never worked.
func (p Prove) Dimensione(ctx context.Context) (n int64, err error) {
	var c bool
	if err := p.Pool.QueryRow(ctx, `SELECT to_regclass('sigilli.stato') IS NOT NULL`).Scan(&c); err != nil || !c {
		return 0, err
	}
	return n, p.Pool.QueryRow(ctx, `SELECT dimensione FROM sigilli.stato`).Scan(&n)
}
