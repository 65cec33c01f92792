package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
	"nucleo/httpapi"
)

const (
	massimoFile     = 24 << 20  // bytes: NUCLEO_MAX_FILE of the test
	memoriaConcessa = 128 << 20 // bytes that hostile files may cost
	massimoReport   = 1 << 20   // bytes of the answer that tells what is wrong
)

// ostile is a file that no installation takes in.
type ostile struct {
	nome, formato string
	corpo         func() io.Reader
	riga          int    // of the first error told; 0: any
	codice        string // of that error, or of the refusal
	errate        int    // 0: any number
}

// ostili are made around one good domanda, which none of them may bring in.
func ostili(t *testing.T) []ostile {
	t.Helper()
	const ndjson, csv = "application/x-ndjson", "text/csv"
	testo := func(parti ...string) func() io.Reader {
		return func() io.Reader { return strings.NewReader(strings.Join(parti, "")) }
	}
	ripetuto := func(s string, n int, capo, coda string) func() io.Reader {
		return func() io.Reader {
			return io.MultiReader(strings.NewReader(capo), &ripete{testo: []byte(s), volte: n}, strings.NewReader(coda))
		}
	}
	buona, tabella := unaDomanda(t, importazione.NDJSON, 900), unaDomanda(t, importazione.CSV, 900)
	doppia := strings.Replace(buona, `{"id_domanda"`, `{"cap":"00000","id_domanda"`, 1)
	return []ostile{
		{"a compressed file cut short", ndjson, testo("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xec\xbd\x07\x60\x1c\x49\x96\n\x25\x26\x2f"), 1, "riga_non_utf8", 2},
		{"a line of 300 KiB", ndjson, ripetuto("a", 300<<10, buona+`{"via":"`, `"}`+"\n"), 2, "riga_troppo_lunga", 1},
		{"a line of 20 MiB", ndjson, ripetuto("a", 20<<20, buona, ""), 2, "riga_troppo_lunga", 1},
		{"a million empty lines", ndjson, ripetuto("\n", 1_000_000, "", ""), 1, "file_vuoto", 1},
		{"200,000 brackets", ndjson, ripetuto("[", 200_000, buona+`{"id_domanda":`, "\n"), 2, "riga_json_non_valido", 1},
		{"deep objects", ndjson, ripetuto(`{"a":`, 40_000, buona, "1"+strings.Repeat("}", 40_000)+"\n"), 2, "riga_json_non_valido", 1},
		{"a field given twice", ndjson, testo(buona, doppia), 2, "campo_ripetuto", 1},
		{"text that is not UTF-8", ndjson, testo(buona, strings.Replace(buona, `"via":"`, `"via":"`+"\xff\xfe", 1)), 2, "riga_non_utf8", 1},
		{"a NUL", ndjson, testo(buona, strings.Replace(buona, `"via":"`, `"via":"`+"\x00", 1)), 2, "riga_json_non_valido", 1},
		{"a NUL in disguise", ndjson, testo(buona, strings.Replace(buona, `"via":"`, `"via":"\u0000`, 1)), 2, "campo_caratteri_non_ammessi", 1},
		{"quotes that never close", csv, ripetuto("x,y\n", 100_000, tabella+"\"", ""), 1 + strings.Count(tabella, "\n"), "riga_csv_non_valida", 1},
		{"columns of another world", csv, ripetuto("a,b,c\n", 100_000, "a,b,c\n", ""), 1, "file_intestazione_non_valida", 1},
		{"20,000 bad rows", ndjson, ripetuto("{}\n", 20_000, buona, ""), 2, "campo_mancante", 20_000},
		{"a file that is too large", ndjson, ripetuto("\n", 200<<20, "", ""), 0, "importazione.troppo_grande", 0},
		{"a file without an end of JSON", ndjson, testo(buona, buona[:len(buona)/2]), 2, "riga_json_non_valido", 1},
	}
}

// ripete is a text over and over, without the memory that it would take.
type ripete struct {
	testo []byte
	volte int
	resto []byte
}

func (r *ripete) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.resto) == 0 {
			if r.volte == 0 {
				return n, cond(n == 0, io.EOF)
			}
			r.volte, r.resto = r.volte-1, r.testo
		}
		k := copy(p[n:], r.resto)
		r.resto, n = r.resto[k:], n+k
	}
	return n, nil
}

func cond(si bool, err error) error {
	if si {
		return err
	}
	return nil
}

// Files that are malformed, huge or meant to harm are refused with row and
// reason, bring nothing in, and cost a bounded memory. The next good one works.
func TestHostileFilesAreRefusedWithRowAndReasonInBoundedMemory(t *testing.T) {
	env := append(conPostgres(t), fmt.Sprintf("NUCLEO_MAX_FILE=%d", massimoFile))
	p := demoIn(t, cartellaDemo(t), env, "--solo-domande", "--casi", "100", "--seed", "31")
	inps, co := p.chi("SISTEMA_INPS").Token, p.chi("COORDINATORE_PAIS").Token
	prova := conPAD(t, 901)
	p.importaTutto(t, inps, "application/x-ndjson", strings.NewReader(prova)) // what the first import takes
	finche(t, time.Minute, "the list shows what was imported", func() bool {
		return p.lista(co, `{"lista":"da_assegnare","id_domanda":"`+idDi(t, prova)+`"}`).Totale == 1
	})
	prima, coda := p.memoria(t), p.lista(co, `{"lista":"da_assegnare","limit":10}`).Totale

	for _, o := range ostili(t) {
		t.Run(o.nome, func(t *testing.T) {
			i, r := p.importaTutto(t, inps, o.formato, o.corpo())
			switch {
			case o.codice == "importazione.troppo_grande":
				if r.status != 422 && r.status != 413 || !strings.Contains(string(r.corpo), o.codice) {
					t.Errorf("%d %s", r.status, r.corpo)
				}
				return
			case i.Stato != importazione.Rifiutata || len(i.Errori) == 0 || len(r.corpo) > massimoReport || len(i.Errori) > importazione.MaxErrori:
				t.Fatalf("%d %.2000s", r.status, r.corpo)
			}
			e := i.Errori[0]
			if o.riga != 0 && e.Riga != o.riga || o.codice != "" && e.Codice != o.codice || e.Codice == "" || e.Suggerimento == "" || o.errate != 0 && i.Errate != o.errate {
				t.Errorf("bad rows %d, the first: %+v", i.Errate, e)
			}
		})
	}
	cresciuta := p.memoria(t) - prima
	if cresciuta > memoriaConcessa {
		t.Errorf("hostile files cost %d MiB", cresciuta>>20)
	}
	metrica(t, "hostile", "files=", len(ostili(t)), " memory=", cresciuta>>20, "MiB")
	if n := p.lista(co, `{"lista":"da_assegnare","limit":10}`).Totale; n != coda {
		t.Errorf("the queue holds %d cases, it held %d", n, coda)
	}
	if resti, err := os.ReadDir(p.dir + "/importazioni"); err != nil || len(resti) > 0 {
		t.Errorf("files are left: %v %v", resti, err)
	}
	if i, r := p.importaTutto(t, inps, "application/x-ndjson", strings.NewReader(unaDomanda(t, importazione.NDJSON, 900))); i.Stato != importazione.Completata || i.Esiti.Nuove != 1 {
		t.Errorf("a good file afterwards: %d %s", r.status, r.corpo)
	}
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}

// unaDomanda is a good file with one domanda.
func unaDomanda(t *testing.T, f importazione.Formato, seme int64) string {
	t.Helper()
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, f, genera.Domande(1, seme, giorno.Di(time.Now().In(roma)), genera.Palermo())); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// conPAD is the first domanda, from a seed on, that waits in the queue.
func conPAD(t *testing.T, seme int64) string {
	t.Helper()
	for {
		if d := unaDomanda(t, importazione.NDJSON, seme); strings.Contains(d, `"data_sottoscrizione_pad"`) {
			return d
		}
		seme++
	}
}

func idDi(t *testing.T, domanda string) string {
	t.Helper()
	var d tracciato.Domanda
	if err := json.Unmarshal([]byte(domanda), &d); err != nil {
		t.Fatal(err)
	}
	return d.IDDomanda
}

// importaTutto sends a file as it is read, and waits for the end of its import.
func (p *programma) importaTutto(t *testing.T, token, formato string, corpo io.Reader) (i importata, r risposta) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Indirizzo+httpapi.Base+"/importazioni?tipo=domande", corpo)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", formato)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", uuid.NewString())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	r.status, r.header = resp.StatusCode, resp.Header
	r.corpo, err = io.ReadAll(resp.Body)
	if _ = resp.Body.Close(); err != nil || r.status != 202 {
		return i, r
	}
	r.in(t, &i)
	finche(t, time.Minute, "the import ends", func() bool {
		r = p.vuole(200, chiamata{token: token, method: "GET", path: "/importazioni/" + i.ID})
		i = importata{}
		return json.Unmarshal(r.corpo, &i) == nil && i.Stato != importazione.InVerifica && i.Stato != importazione.InCorso
	})
	return i, r
}

// memoria is the most that the program has had in memory, in bytes.
func (p *programma) memoria(t *testing.T) int64 {
	t.Helper()
	stato, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	_, dopo, ok := strings.Cut(string(stato), "VmHWM:")
	campi := strings.Fields(dopo)
	if err != nil || !ok {
		t.Skip("the system does not say how much memory a process takes")
	}
	kib, _ := strconv.ParseInt(campi[0], 10, 64)
	return kib << 10
}
