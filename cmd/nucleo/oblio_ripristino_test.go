package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func conContesto(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// ripristinate puts the keys back as they were, as a restore of an older backup does.
func ripristinate(t *testing.T, dir string, tabelle map[string][]byte) {
	t.Helper()
	qui := filepath.Join(dir, chiaviCopiate)
	if err := os.MkdirAll(qui, 0o700); err != nil {
		t.Fatal(err)
	}
	for nome, b := range tabelle {
		if err := os.WriteFile(filepath.Join(qui, nome), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	i, err := apri(config{Data: dir}, registro(os.Stderr, "error"))
	if err != nil {
		t.Fatal(err)
	}
	if err := i.apriCluster(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), i.cluster.KeysURL())
	if err == nil {
		_, err = conn.Exec(t.Context(), `TRUNCATE epoche, chiavi, distrutte`)
	}
	if err == nil {
		err = conn.Close(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := i.chiudi(); err != nil {
		t.Fatal(err)
	}
}

// A backup is not opened without the ledger of erasures: those who were erased
// since would be back.
func TestABackupIsNotRestoredWithoutTheLedger(t *testing.T) {
	nuova := filepath.Join(t.TempDir(), "nuova")
	if _, err := verbo(t, nuova, "restore", t.TempDir()); err == nil || !strings.Contains(err.Error(), "would come back") {
		t.Errorf("without the ledger: %v", err)
	}
	if _, err := verbo(t, nuova, "restore", t.TempDir(), "--registro", t.TempDir()); err == nil || !strings.Contains(err.Error(), "would come back") {
		t.Errorf("with a second place that has none: %v", err)
	}
	if _, err := verbo(t, nuova, "restore", t.TempDir(), "--senza-registro"); err == nil || strings.Contains(err.Error(), "would come back") {
		t.Errorf("of a backup of before: %v", err)
	}
}
