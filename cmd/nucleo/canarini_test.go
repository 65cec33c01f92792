package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

var (
	canta     = regexp.MustCompile(`(?i)ZQXA[A-Z]{5}QZ`)
	siRiempie = regexp.MustCompile(`"(cognome|nome|via)":"[^"]*"`)
	siSbaglia = regexp.MustCompile(`"(misura|sesso|comune|data_nascita|codice_fiscale|cap|email|relazione_parentale|id_domanda)":"[^"]*"`)
)

// canarini puts a canary in the place of each value that a pattern finds.
func canarini(testo string, dove *regexp.Regexp, n *int) string {
	return dove.ReplaceAllStringFunc(testo, func(campo string) string {
		*n++
		nome, _, _ := strings.Cut(campo, ":")
		c, resto := "ZQXA", *n
		for range 5 {
			c, resto = c+string(rune('A'+resto%26)), resto/26
		}
		return fmt.Sprintf(`%s:"%sQZ"`, nome, c)
	})
}

// fileDelNodo are the files of the embedded event store as they lie on the disk,
// those that are written ahead included.
func fileDelNodo(t *testing.T, dir string) map[string]string {
	t.Helper()
	file, byte := map[string]string{}, 0
	err := filepath.WalkDir(filepath.Join(dir, "nodo"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		file["the file "+filepath.Base(path)], byte = string(b), byte+len(b)
		return err
	})
	domande := 0
	for _, b := range file {
		domande += strings.Count(b, "DomandaRicevuta")
	}
	if err != nil || byte < 1<<20 || domande == 0 {
		t.Fatalf("the files of the event store cannot be looked through: %d files, %d bytes, %v", len(file), byte, err)
	}
	return file
}

// Files with thousands of personal values are imported, good ones and ones
// that have them in the wrong places: none is in the log, in what the program
// writes, in the metrics, in the report, in the name of a file, or in the clear
// in the file of the event store.
func TestA22_FilesLeaveNoPersonalDataBehind(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), append(conPostgres(t), "NUCLEO_LOG=debug"), "--solo-domande", "--casi", "10", "--seed", "12")
	inps := p.chi("SISTEMA_INPS").Token
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, importazione.NDJSON, genera.Domande(800, 77, giorno.Di(time.Now().In(roma)), genera.Palermo())); err != nil {
		t.Fatal(err)
	}
	n := 0
	buono, cattivo := canarini(b.String(), siRiempie, &n), canarini(b.String(), siSbaglia, &n)
	i, r := p.importaTutto(t, inps, "application/x-ndjson", strings.NewReader(buono))
	if i.Stato != importazione.Completata {
		t.Fatalf("%d %.500s", r.status, r.corpo)
	}
	guarda := map[string]string{"the report of a good file": string(r.corpo)}
	if i, r = p.importaTutto(t, inps, "application/x-ndjson", strings.NewReader(cattivo)); i.Stato != importazione.Rifiutata {
		t.Fatalf("%d %.500s", r.status, r.corpo)
	}
	guarda["the report of a bad file"] = string(r.corpo)
	finche(t, time.Minute, "the lists show what was imported", func() bool {
		return p.lista(p.chi("COORDINATORE_PAIS").Token, `{"lista":"da_assegnare"}`).Totale > 100
	})
	guarda["the metrics"] = string(p.vuole(200, chiamata{method: "GET", path: "/metrics"}).corpo)
	guarda["the status"] = string(p.vuole(200, chiamata{method: "GET", path: "/status"}).corpo)
	log, err := os.ReadFile(filepath.Join(p.dir, "demo.log"))
	if err != nil || len(log) == 0 {
		t.Fatal("no log", err)
	}
	guarda["the log"], guarda["what it writes"] = string(log), p.stderr.String()
	err = filepath.WalkDir(p.dir, func(path string, _ fs.DirEntry, _ error) error {
		guarda["the names of files"] += path + "\n"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for nome, b := range fileDelNodo(t, p.dir) {
		guarda[nome] = b
	}
	visti := 0
	for dove, testo := range guarda {
		if trovati := canta.FindAllString(testo, -1); len(trovati) > 0 {
			visti += len(trovati)
			t.Errorf("%s holds %d canaries: %s", dove, len(trovati), trovati[0])
		}
	}
	metrica(t, "canaries in files", "values=", n, " found=", visti)
	if n < 10_000 {
		t.Errorf("only %d canaries", n)
	}
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}
