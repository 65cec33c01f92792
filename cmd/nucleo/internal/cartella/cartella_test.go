package cartella_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"nucleo/cmd/nucleo/internal/cartella"
)

func TestADirectoryKeepsItsSecret(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dati")
	segreto := func() []byte {
		c, err := cartella.Apri(dir)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.Segreto()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if first := segreto(); len(first) != 32 || !bytes.Equal(first, segreto()) {
		t.Error("the secret changed, or is short")
	}
	if info, err := os.Stat(filepath.Join(dir, "segreto")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

func TestAnUnknownFormatIsRefusedUntouched(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "FORMATO"), []byte("nucleo 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := cartella.Apri(dir)
	var formato *cartella.ErrFormato
	if !errors.As(err, &formato) || formato.Trovato != "nucleo 2" {
		t.Fatal(err)
	}
}

func TestSomebodyElsesDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tesi.doc"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cartella.Apri(dir); err == nil {
		t.Error("opened a directory that is not ours")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Error("wrote into a directory that is not ours")
	}
}

func TestWhatIsRememberedIsTheFirst(t *testing.T) {
	c, err := cartella.Apri(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err1 := c.Ricorda("giorno", "2026-11-22")
	b, err2 := c.Ricorda("giorno", "2027-01-01")
	if a != "2026-11-22" || b != a || errors.Join(err1, err2) != nil {
		t.Error(a, b, err1, err2)
	}
}

func TestADirectoryWhoseFirstStartWasKilledIsStillOurs(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "FORMATO.123"), []byte("nuc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cartella.Apri(dir); err != nil {
		t.Error(err)
	}
}
