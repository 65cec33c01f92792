package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/eventstore/sigilli"
	"nucleo/httpapi"
)

// An auditor with the demo: the log is sealed, proofs are given and hold; then
// somebody edits one event with sqlite3, and verifica says which.
func TestAnAuditorFindsTheEventThatSomebodyEdited(t *testing.T) {
	dir := cartellaDemo(t)
	p := demoIn(t, dir, nil, "--solo-domande", "--casi", "1100", "--seed", "5")
	au := p.chi("AUDITOR").Token
	var elenco struct {
		Items  []httpapi.Sigillo `json:"items"`
		Chiavi []string          `json:"chiavi"`
	}
	finche(t, 2*time.Minute, "the log is sealed", func() bool {
		p.vuole(200, chiamata{token: au, method: "GET", path: "/sigilli"}).in(t, &elenco)
		return len(elenco.Items) > 0
	})
	chiavi, err := sigilli.Chiavi(elenco.Chiavi...)
	if err != nil {
		t.Fatal(err)
	}
	primo := p.lista(p.chi("COORDINATORE_PAIS").Token, `{"lista":"da_assegnare","limit":10}`).Items[0]
	var prova httpapi.Inclusione
	p.vuole(200, chiamata{token: au, method: "GET", path: "/prove/inclusione?numero=1&flusso=caso-" + primo.ID}).in(t, &prova)
	letta, err := sigilli.LeggiInclusione(prova.Prova)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sigilli.ApriNota(letta.Nota, chiavi); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"--tutto"}, {"--caso", primo.ID}} {
		if out, err := verbo(t, dir, append([]string{"verifica"}, args...)...); err != nil || !strings.Contains(out, "every event is as it was written") || strings.Contains(out, "no seal") {
			t.Errorf("%s, beside the program: %q %v", args, out, err)
		}
	}
	portaInTribunale(t, p, dir, primo.ID, elenco.Chiavi[len(elenco.Chiavi)-1])
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	if out, err := verbo(t, dir, "verifica", "--tutto"); err != nil || !strings.Contains(out, "seals hold") {
		t.Errorf("from the data directory: %q %v", out, err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "nodo", "events.db"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := db.Exec(`UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '"', '_') AS BLOB) WHERE stream = ? AND revision = 0`, "caso-"+primo.ID); err != nil {
		t.Fatal(n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--tutto"}, {"--caso", primo.ID}} {
		out, err := verbo(t, dir, append([]string{"verifica"}, args...)...)
		if err == nil || !strings.Contains(err.Error(), "event 1 of caso-"+primo.ID) || !strings.Contains(err.Error(), "edited") {
			t.Errorf("%s: somebody edited an event, and it says %q %v", args, out, err)
		}
	}
}

func TestTheKeyOfTheSealsIsMadeAndRotated(t *testing.T) {
	dir := cartellaDemo(t)
	if out, err := verbo(t, dir, "init", "--super-utente", "RSSMRA80A01G273Z", "--cognome", "Rossi", "--nome", "Mario", "--nascita", "1980-01-01", "--comune-nascita", "Palermo", "--genere", "M"); err != nil {
		t.Fatal(out, err)
	}
	info, err := os.Stat(filepath.Join(dir, "sigillo.chiave"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	prima, err := verbo(t, dir, "sigilli", "chiavi")
	if err != nil {
		t.Fatal(err)
	}
	nuova, err := verbo(t, dir, "sigilli", "ruota")
	if err != nil {
		t.Fatal(err)
	}
	dopo, err := verbo(t, dir, "sigilli", "chiavi")
	if err != nil || dopo != prima+nuova {
		t.Errorf("%q after %q and %q: %v", dopo, prima, nuova, err)
	}
	if _, err := notaio.ApriChiavi(dir); err != nil {
		t.Error(err)
	}
}
