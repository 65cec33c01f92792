package analisi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/giorno"
	"nucleo/projections/cruscotto"
)

// Esito is what a publication did.
type Esito struct {
	Ambiti  int // that have figures
	Celle   int // written
	Rifatti int // ambiti of which a past day is not what it was: all was written anew
}

// Pubblica stores the figures of all ambiti up to a day that is over. Asked
// again it writes nothing. Where the log has come to say something else of a
// past day (a history was imported, or is counted by other rules), the figures
// of the ambito are written anew.
func Pubblica(ctx context.Context, pool *pgxpool.Pool, fino giorno.Giorno, adesso time.Time) (e Esito, err error) {
	ambiti, err := cruscotto.Ambiti(ctx, pool)
	if err != nil {
		return e, err
	}
	for _, ambito := range ambiti {
		storia, err := cruscotto.LeggiStoria(ctx, pool, ambito, fino)
		if err == nil {
			err = e.pubblica(ctx, pool, ambito, storia, fino, adesso)
		}
		if err != nil {
			return e, fmt.Errorf("publish the figures of %s: %w", ambito, err)
		}
		e.Ambiti++
	}
	return e, nil
}

// pubblica stores the figures of one ambito, all of them or none.
func (e *Esito) pubblica(ctx context.Context, pool *pgxpool.Pool, ambito string, s cruscotto.Storia, fino giorno.Giorno, adesso time.Time) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('analisi ' || $1::text))`, ambito); err != nil { // of another replica
			return err
		}
		dopo, uguale, err := pubblicato(ctx, tx, ambito, s)
		switch {
		case err != nil:
			return err
		case uguale && dopo >= fino:
			return nil
		case !uguale:
			e.Rifatti += min(1, int(dopo))
			dopo = 0
			if _, err := tx.Exec(ctx, `DELETE FROM analisi_dati.celle WHERE ambito = $1`, ambito); err != nil {
				return err
			}
		}
		celle := Fotografa(s, dopo, fino)
		e.Celle += len(celle)
		righe := make([][]any, len(celle))
		for i, c := range celle {
			righe[i] = c.riga(ambito)
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"analisi_dati", "celle"}, colonneCelle, pgx.CopyFromRows(righe)); err != nil {
			return err
		}
		return chiudi(ctx, tx, ambito, s, fino, adesso)
	})
}

// pubblicato is up to which day figures are stored, and whether the history up
// to there is the one that they were made from.
func pubblicato(ctx context.Context, tx pgx.Tx, ambito string, s cruscotto.Storia) (dopo giorno.Giorno, uguale bool, err error) {
	var v int
	var orma string
	var fino time.Time
	err = tx.QueryRow(ctx, `SELECT fino_al, versione, impronta FROM analisi_dati.pubblicazioni WHERE ambito = $1`, ambito).Scan(&fino, &v, &orma)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, false, nil
	}
	dopo = giorno.Di(fino)
	return dopo, v == versione && orma == orme(s, dopo), err
}

// chiudi drops the days that are told no more, and notes what is published.
func chiudi(ctx context.Context, tx pgx.Tx, ambito string, s cruscotto.Storia, fino giorno.Giorno, adesso time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM analisi_dati.celle WHERE ambito = $1 AND periodo <= $2 AND extract(day FROM periodo + 1) <> 1
		AND vista = ANY($3)`, ambito, (fino - giorniInteri).Time(), []string{CasiPerStato, Indicatori, SegnalazioniPerStato, Carichi}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO analisi_dati.pubblicazioni VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (ambito) DO UPDATE SET fino_al = excluded.fino_al, posizione = excluded.posizione, versione = excluded.versione, impronta = excluded.impronta, pubblicata = excluded.pubblicata`,
		ambito, fino.Time(), int64(s.Posizione), versione, orme(s, fino), adesso)
	return err
}

// orme is a print of a history up to a day, that day included. Of months that
// go on then nothing was told.
func orme(s cruscotto.Storia, fino giorno.Giorno) string {
	mese := cruscotto.Mese(fino + 1) // the first that is not over
	h := sha256.New()
	scrivi := func(quando, bordo giorno.Giorno, v any) {
		if quando < bordo {
			fmt.Fprintln(h, v)
		}
	}
	for _, d := range s.Giorni {
		scrivi(d.Giorno, fino+1, d)
	}
	for _, d := range s.Scrivanie {
		scrivi(d.Giorno, fino+1, d)
	}
	for _, d := range s.Comuni {
		scrivi(d.Mese, mese, d)
	}
	for _, d := range s.Fatti {
		scrivi(d.Mese, mese, d)
	}
	for _, d := range s.Tempi {
		scrivi(d.Mese, mese, d)
	}
	for _, d := range s.Categorie {
		scrivi(d.Mese, mese, d)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
