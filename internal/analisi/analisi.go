// Package analisi publishes figures for those who may count and not know: daily
// snapshots, times, loads, outcomes, of which no number tells of few.
//
// What is published is computed from the history that the read model cruscotto
// keeps, by day and month that are over, with small cells left out
// (soppressione), and stored in the schema analisi_dati. That is no read model:
// no rebuild touches it, and what is published of a past day stays as it is,
// unless the log says otherwise. Analysts read the views of the schema analisi,
// which show what is stored and nothing else; their role reaches no other table.
package analisi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain/belfiore"
)

// Ruolo is the role of Postgres that analysts connect as.
const Ruolo = "nucleo_analista"

// versione of the figures: another one publishes all of them anew.
const versione = 1

// Totale stands where a dimension is not told apart.
const Totale = "TOTALE"

const tabelle = `
CREATE SCHEMA IF NOT EXISTS analisi_dati;
CREATE TABLE IF NOT EXISTS analisi_dati.celle (
	vista text COLLATE "C" NOT NULL, periodo date NOT NULL, ambito text COLLATE "C" NOT NULL, comune text COLLATE "C" NOT NULL,
	misura text COLLATE "C" NOT NULL, voce text COLLATE "C" NOT NULL,
	numero bigint, altro bigint, media numeric, mediana numeric, gini numeric, soppressa boolean NOT NULL,
	PRIMARY KEY (vista, periodo, ambito, comune, misura, voce));
CREATE INDEX IF NOT EXISTS celle_ambito ON analisi_dati.celle (ambito, periodo);
CREATE TABLE IF NOT EXISTS analisi_dati.comuni (
	codice text COLLATE "C" PRIMARY KEY, istat text NOT NULL, denominazione text NOT NULL, provincia text NOT NULL);
CREATE TABLE IF NOT EXISTS analisi_dati.pubblicazioni (
	ambito text COLLATE "C" PRIMARY KEY, fino_al date NOT NULL, posizione bigint NOT NULL, versione int NOT NULL,
	impronta text NOT NULL, pubblicata timestamptz NOT NULL);
CREATE TABLE IF NOT EXISTS analisi_dati.schema (impronta text NOT NULL);`

// Prepara makes the tables and views where they are missing or are those of
// another version, and lets the role of analysts read the views if there is such
// a role. Asked again, it changes nothing.
func Prepara(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(hashtext('analisi'));`+tabelle); err != nil {
			return err
		}
		comuni := righeComuni()
		vuole, ha := impronta(definizioni()+fmt.Sprint(comuni)), ""
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(impronta), '') FROM analisi_dati.schema`).Scan(&ha); err != nil {
			return err
		}
		if ha != vuole {
			if _, err := tx.Exec(ctx, definizioni()+fmt.Sprintf(`DELETE FROM analisi_dati.schema; INSERT INTO analisi_dati.schema VALUES ('%s');`, vuole)); err != nil {
				return err
			}
			if err := scriviComuni(ctx, tx, comuni); err != nil {
				return err
			}
		}
		var c bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, Ruolo).Scan(&c); err != nil || !c {
			return err
		}
		_, err := tx.Exec(ctx, concedi)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare the schema analisi: %w", err)
	}
	return nil
}

// concedi is what the role of analysts may: it is the owner of the schema who
// says so.
const concedi = `GRANT USAGE ON SCHEMA analisi TO ` + Ruolo + `; GRANT SELECT ON ALL TABLES IN SCHEMA analisi TO ` + Ruolo + `;`

// SQL is what whoever administers a database that is not ours runs once, for a
// database and the user that Nucleo connects as.
func SQL(database, utente string) string {
	db, chi := pgx.Identifier{database}.Sanitize(), pgx.Identifier{utente}.Sanitize()
	return fmt.Sprintf(`-- The role of analysts: it reads the views of the schema analisi, and nothing else.
-- Run by an administrator in the database %[1]s, after the first start of nucleo serve; again without harm.
DO $$ BEGIN
	CREATE ROLE %[3]s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION CONNECTION LIMIT 10;
EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE %[3]s SET default_transaction_read_only = on;
ALTER ROLE %[3]s SET statement_timeout = '60s';
ALTER ROLE %[3]s SET search_path = analisi;
REVOKE ALL ON DATABASE %[1]s FROM PUBLIC;
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE %[1]s TO %[2]s;
GRANT CONNECT ON DATABASE %[1]s TO %[3]s;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SET ROLE %[2]s;
%[4]s
RESET ROLE;
-- Give the role a way to sign in: \password %[3]s
`, db, chi, Ruolo, concedi)
}

// definizioni are the views with their comments.
func definizioni() string {
	var s strings.Builder
	s.WriteString("DROP SCHEMA IF EXISTS analisi CASCADE; CREATE SCHEMA analisi; REVOKE ALL ON SCHEMA analisi FROM PUBLIC;\n")
	fmt.Fprintf(&s, "COMMENT ON SCHEMA analisi IS %s;\n", testo("Figures that may be told: aggregates of days and months that are over, without small cells."))
	for _, v := range Viste {
		nome := pgx.Identifier{"analisi", v.Nome}.Sanitize()
		colonne := make([]string, len(v.Colonne))
		for i, c := range v.Colonne {
			colonne[i] = c.da + " AS " + c.Nome
		}
		fmt.Fprintf(&s, "CREATE VIEW %s WITH (security_barrier) AS SELECT %s FROM %s;\n", nome, strings.Join(colonne, ", "), v.da())
		fmt.Fprintf(&s, "COMMENT ON VIEW %s IS %s;\n", nome, testo(v.Cosa))
		for _, c := range v.Colonne {
			fmt.Fprintf(&s, "COMMENT ON COLUMN %s.%s IS %s;\n", nome, c.Nome, testo(c.Cosa))
		}
	}
	return s.String()
}

// testo is a text for SQL.
func testo(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func impronta(s string) string {
	somma := sha256.Sum256([]byte(s))
	return hex.EncodeToString(somma[:8])
}

// righeComuni are the names and ISTAT codes of comuni, which stand beside the
// figures. Most of those that were abolished have no code that is known.
func righeComuni() (righe [][]any) {
	for l := range belfiore.Tutti() {
		if !l.Estero {
			righe = append(righe, []any{l.Codice, l.ISTAT, l.Nome, l.Provincia})
		}
	}
	return righe
}

func scriviComuni(ctx context.Context, tx pgx.Tx, righe [][]any) error {
	if _, err := tx.Exec(ctx, `DELETE FROM analisi_dati.comuni`); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"analisi_dati", "comuni"}, []string{"codice", "istat", "denominazione", "provincia"}, pgx.CopyFromRows(righe))
	return err
}
