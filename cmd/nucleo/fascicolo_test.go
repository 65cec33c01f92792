package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/eventstore/fascicolo"
)

// portaInTribunale exports a case of a demo, by HTTP and on the machine. It holds
// on a machine where nothing is installed; somebody edits one event of the file,
// and verifica says which. Opened by two persons, it tells the people.
func portaInTribunale(t *testing.T, p *programma, dir, caso, chiave string) {
	t.Helper()
	au, altrove := p.chi("AUDITOR").Token, t.TempDir() // a machine with nothing
	mascherato := filepath.Join(altrove, "http.zip")
	scriviFile(t, mascherato, p.vuole(200, chiamata{token: au, method: "POST", path: "/casi/" + caso + "/fascicoli", corpo: "{}"}).corpo)
	locale := filepath.Join(altrove, "locale.zip")
	if out, err := verbo(t, dir, "fascicolo", caso, "-o", locale); err != nil {
		t.Fatal(out, err)
	}
	if out, err := verbo(t, dir, "fascicolo", caso, "-o", locale); err == nil {
		t.Error("a file that is there is written over: ", out)
	}
	for _, file := range []string{mascherato, locale} {
		out, err := verbo(t, filepath.Join(altrove, "niente"), "verifica", file, "--verificatore", chiave)
		if err != nil || !strings.Contains(out, "of caso-"+caso+" checked: every event is as it was written") || strings.Contains(out, "no key was named") {
			t.Errorf("%s: %q %v", file, out, err)
		}
	}
	if out, err := verbo(t, altrove, "verifica", locale); err != nil || !strings.Contains(out, "no key was named") {
		t.Errorf("without a key: %q %v", out, err)
	}
	manomesso := filepath.Join(altrove, "manomesso.zip")
	scriviFile(t, manomesso, ricomposto(t, locale, "eventi.jsonl", `\"misura\"`, `\"nisura\"`))
	if out, err := verbo(t, altrove, "verifica", manomesso, "--verificatore", chiave); err == nil || !strings.Contains(err.Error(), "event 1 of caso-"+caso) || !strings.Contains(err.Error(), "edited") {
		t.Errorf("somebody edited an event, and it says %q %v", out, err)
	}
	oggi := time.Now().In(roma).Format("2006-01-02")
	var ap struct {
		ID string `json:"id"`
	}
	p.vuole(201, chiamata{chiave: uuid.NewString(), token: au, method: "POST", path: "/aperture", corpo: `{"caso_id":"` + caso + `","motivo":"ISPEZIONE","riferimento":"PROT-1","dal":"2020-01-01","al":"` + oggi + `"}`}).in(t, &ap)
	p.vuole(201, chiamata{chiave: uuid.NewString(), token: p.chi("RESPONSABILE_PROTEZIONE_DATI").Token, method: "POST", path: "/aperture/" + ap.ID + "/concessioni", corpo: "{}"})
	aperto := p.vuole(200, chiamata{token: au, method: "POST", path: "/aperture/" + ap.ID + "/fascicoli", corpo: "{}"}).corpo
	chiavi, err := chiaviDa(chiave)
	if err != nil {
		t.Fatal(err)
	}
	e, err := fascicolo.Verifica(bytes.NewReader(aperto), chiavi)
	if err != nil || e.Aperti != int(e.Eventi) || e.Apertura.ID.String() != ap.ID {
		t.Errorf("opened: %+v %v", e, err)
	}
	for parte, b := range map[string][]byte{"opened": aperto, "masked": leggiFile(t, mascherato)} {
		if bytes.Contains(b, []byte(`codice_fiscale\"`)) != (parte == "opened") {
			t.Errorf("the %s bundle: codici fiscali are where they should not be, or not where they should", parte)
		}
	}
}

// ricomposto is a bundle with one text replaced in one of its files, put
// together again as Nucleo does.
func ricomposto(t *testing.T, file, nome, da, a string) []byte {
	t.Helper()
	b := leggiFile(t, file)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if at, err := f.DataOffset(); err == nil && f.Name == nome {
			i := bytes.Index(b[at:], []byte(da))
			copy(b[int(at)+i:], a)
			return b
		}
	}
	t.Fatal("there is no", nome)
	return nil
}

func leggiFile(t *testing.T, nome string) []byte {
	t.Helper()
	b, err := os.ReadFile(nome)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func scriviFile(t *testing.T, nome string, b []byte) {
	t.Helper()
	if err := os.WriteFile(nome, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
