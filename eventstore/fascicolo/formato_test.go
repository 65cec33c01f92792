package fascicolo

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/esempio.zip, and the examples of docs/formato-fascicolo.md, anew")

const (
	esempio = "testdata/esempio.zip"
	formati = "../../docs/formato-fascicolo.md"
)

// The bundle of the document never changes: what was handed to a court is
// checked by every later program.
func TestTheBundleIsThePublishedOne(t *testing.T) {
	r := nuovo(t, 1)
	b := r.scritto(t, r.contenuto(t, flusso, true))
	if *update {
		if err := os.WriteFile(esempio, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(esempio)
	if err != nil || !bytes.Equal(b, want) {
		t.Errorf("the bundle is another than %s (%v)", esempio, err)
	}
	file, err := apri(want)
	if err != nil {
		t.Fatal(err)
	}
	esempi := map[string]string{
		"@manifesto": strings.TrimSpace(string(file[fileManifesto])), "@testo": strings.TrimSpace(testoFirmato(file[fileManifesto])), "@chiave": r.pubblica,
		"@evento": strings.TrimSpace(righe(file[fileEventi])[1]), "@prova": strings.TrimSpace(righe(file[fileProve])[1]), "@aperto": strings.TrimSpace(righe(file[fileAperti])[0]),
	}
	documento, err := os.ReadFile(formati)
	if err != nil {
		t.Fatal(err)
	}
	for segno, testo := range esempi {
		if *update {
			documento = bytes.Replace(documento, []byte(segno+"\n"), []byte(testo+"\n"), 1)
			documento = bytes.Replace(documento, []byte("`"+segno+"`"), []byte("`"+testo+"`"), 1)
		}
		if !bytes.Contains(documento, []byte(testo)) {
			t.Errorf("%s does not show %s as it is:\n%s", formati, segno, testo)
		}
	}
	if *update {
		if err := os.WriteFile(formati, documento, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The verifier of the document is another than ours, and finds what ours finds.
func TestTheVerifierOfTheDocument(t *testing.T) {
	if err := exec.Command("python3", "-c", "import cryptography").Run(); err != nil {
		t.Skip("no Python with the package cryptography: the verifier of the document is NOT tested")
	}
	documento, err := os.ReadFile(formati)
	if err != nil {
		t.Fatal(err)
	}
	_, script, _ := strings.Cut(string(documento), "```python\n")
	script, _, _ = strings.Cut(script, "```")
	r := nuovo(t, 1)
	prova := func(b []byte) (string, error) {
		file := filepath.Join(t.TempDir(), "fascicolo.zip")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "python3", "-c", script, file, r.pubblica).CombinedOutput()
		return string(out), err
	}
	for _, aperto := range []bool{false, true} {
		if out, err := prova(r.scritto(t, r.contenuto(t, flusso, aperto))); err != nil || out != "7 events hold\n" {
			t.Errorf("%v\n%s", err, out)
		}
	}
	for i, c := range colpi {
		if os.Getenv("NUCLEO_LONG") == "" && i%4 != 0 {
			continue
		}
		file, err := apri(r.scritto(t, r.contenuto(t, flusso, true)))
		if err != nil {
			t.Fatal(err)
		}
		c.colpisci(t, r, file)
		b, err := comprimi(file)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := prova(b); err == nil {
			t.Errorf("%s: %s", c.nome, out)
		}
	}
}
