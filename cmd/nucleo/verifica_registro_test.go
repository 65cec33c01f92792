package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"nucleo/cmd/nucleo/internal/oblio"
)

// An auditor asks whether those who were erased are gone: the two ledgers, and the
// key database, cannot say different things unnoticed.
func TestTheLedgerOfErasuresIsHeldAgainstTheSecondPlaceAndTheKeys(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), nil, "--casi", "8", "--seed", "5")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	registro := func(want string) {
		t.Helper()
		out, err := verbo(t, p.dir, "verifica", "--registro")
		if err != nil {
			out += err.Error()
		}
		if !strings.Contains(out, want) {
			t.Errorf("it says %q, and not %q", out, want)
		}
	}
	registro("0 entries of the ledger")
	i, s, comandi, fine := dentro(t, p.dir)
	for _, di := range soggetti(t, i, 6)[:2] {
		cancella(t, s, comandi, di)
	}
	file := filepath.Join(i.registro2().Dir, oblio.FileRegistro)
	fine()
	registro("2 entries of the ledger")

	intero, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	scrivi := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	righe := strings.Split(strings.TrimSpace(string(intero)), "\n")
	scrivi([]byte(righe[0] + "\n"))
	registro("the second place ends with entry 1, the log with 2")
	scrivi([]byte(strings.Replace(string(intero), `"chiavi":["`, `"chiavi":["00000000-0000-4000-8000-000000000001","`, 1)))
	registro("do not go on from one another")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	registro("the ledger of erasures in the second place")
	scrivi(intero)

	var tolta string
	sulleChiavi(t, p.dir, func(db *pgx.Conn) error {
		return db.QueryRow(t.Context(), `DELETE FROM distrutte WHERE kid = (SELECT min(kid::text)::uuid FROM distrutte) RETURNING kid::text`).Scan(&tolta)
	})
	registro("neither as one that is there nor")
	sulleChiavi(t, p.dir, func(db *pgx.Conn) error {
		_, err := db.Exec(t.Context(), `INSERT INTO chiavi (kid, dek, epoca) SELECT $1::uuid, dek, epoca FROM chiavi LIMIT 1`, tolta)
		return err
	})
	registro("are in the key database")
}

// sulleChiavi does something to the key database of an installation that does not run.
func sulleChiavi(t *testing.T, dir string, fai func(db *pgx.Conn) error) {
	t.Helper()
	i, err := apri(config{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = i.chiudi() }()
	if err := i.apriCluster(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := pgx.Connect(t.Context(), i.cluster.KeysURL())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(fai(db), db.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}
