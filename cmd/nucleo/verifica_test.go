package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Of what is not there nobody may be told that it is as it was written.
func TestVerbsThatReadRefuseWhatIsNotThere(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "datti")
	for _, args := range [][]string{{"verifica", "--tutto"}, {"storia", "INPS-RDC-2019-1"}, {"projections", "list"}} {
		if out, err := verbo(t, nowhere, args...); err == nil || !strings.Contains(err.Error(), "there is no installation") {
			t.Errorf("%s: %q %v", args, out, err)
		}
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("a verb that reads made the directory")
	}
	dir := cartellaDemo(t)
	if out, err := verbo(t, dir, "init", "--super-utente", "RSSMRA80A01G273Z", "--cognome", "Rossi", "--nome", "Mario", "--nascita", "1980-01-01", "--comune-nascita", "Palermo", "--genere", "M"); err != nil {
		t.Fatal(out, err)
	}
	if out, err := verbo(t, dir, "verifica", "--caso", "INPS-RDC-2019-1"); err == nil || !strings.Contains(err.Error(), "there is no such case") {
		t.Errorf("an unknown case: %q %v", out, err)
	}
	if out, err := verbo(t, dir, "verifica", "--tutto"); err != nil || !strings.Contains(out, "of 1 streams checked") {
		t.Errorf("the installation: %q %v", out, err)
	}
}
