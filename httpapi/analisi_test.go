package httpapi

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"nucleo/domain/giorno"
	"nucleo/internal/analisi"
)

// pubblicato is an installation whose figures are published, of eight cases
// more than the usual ones.
func pubblicato(t *testing.T) *impianto {
	t.Helper()
	i := nuovo(t, func(i *impianto) {
		i.Quaderno = func(w io.Writer, e analisi.Estratto) error {
			_, err := fmt.Fprintf(w, "workbook of %d rows", len(e.Righe))
			return err
		}
	})
	i.accredita(t, "CONTA", "ANALISTA", ovunque, "")
	i.accredita(t, "INTERA", "COORDINATORE_PAIS", intero, "")
	for n := range 8 {
		i.domanda(t, 200+n, "G273", mattina.AddDate(0, 0, -70))
	}
	i.aggiornato(t)
	if err := analisi.Prepara(t.Context(), i.Lettura); err != nil {
		t.Fatal(err)
	}
	if _, err := analisi.Pubblica(t.Context(), i.Lettura, giorno.Di(mattina)+30, mattina); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestFiguresAreReadByPagesAndExported(t *testing.T) {
	i := pubblicato(t)
	analista := i.chi("CONTA")
	di := func(path string) risposta {
		return analista.chiede(t, i, "GET", Base+"/analisi/"+path, "").vuole(t, 200, "")
	}
	prima := di("casi_per_stato?ambito=PA42&limit=25&dal=2026-05-10")
	if prima.campo("fino_al") != "2026-06-03" || prima.campo("colonne", "3", "nome") != "stato" || prima.campo("items", "0", "0") != "2026-05-10" {
		t.Errorf("the first page: %s", prima.body)
	}
	seconda := di("casi_per_stato?ambito=PA42&limit=25&dal=2026-05-10&cursor=" + fmt.Sprint(prima.campo("next_cursor")))
	if fmt.Sprint(seconda.campo("items", "0")) == fmt.Sprint(prima.campo("items", "24")) || seconda.campo("items", "0", "0") == nil {
		t.Errorf("the second page: %s", seconda.body)
	}
	analista.chiede(t, i, "GET", Base+"/analisi/casi_per_stato?cursor=x", "").vuole(t, 400, "ricerca.cursore_non_valido")
	analista.chiede(t, i, "GET", Base+"/analisi/casi", "").vuole(t, 404, "analisi.vista_inesistente")

	file := di("casi_per_comune.csv?ambito=PA42")
	righe, err := csv.NewReader(strings.NewReader(file.body)).ReadAll()
	if err != nil || strings.Join(righe[0], ",") != "giorno,ambito,comune,istat,denominazione,condizione,casi,soppressa" {
		t.Fatalf("%v in %s", err, file.body)
	}
	palermo, mostrate := false, 0
	for _, r := range righe[1:] {
		palermo = palermo || r[2] == "G273" && r[3] == "082053" && r[4] == "Palermo"
		if r[6] != "" {
			mostrate++
		}
		if n := r[6]; len(n) == 1 && n > "0" && n < "5" || (n == "") != (r[7] == "true") {
			t.Errorf("few are told, or not: %v", r)
		}
	}
	if !palermo || mostrate == 0 {
		t.Errorf("no Palermo, or nothing told: %s", file.body)
	}
	var m map[string]any
	meta := di("casi_per_comune.csv-metadata.json?ambito=PA42")
	if err := json.Unmarshal([]byte(meta.body), &m); err != nil || m["url"] != "casi_per_comune.csv" || m["dc:date"] != "2026-06-03" || fmt.Sprint(m["righe"]) != fmt.Sprint(len(righe)-1) || m["celle_soppresse"] == 0.0 {
		t.Errorf("metadata (%v): %s", err, meta.body)
	}
	if x := di("casi_per_comune.xlsx?ambito=PA42"); x.header.Get("Content-Type") != xlsx || x.body != fmt.Sprintf("workbook of %d rows", len(righe)-1) {
		t.Errorf("the workbook: %s", x.body)
	}
}

func TestAChartSaysInWordsWhatItShows(t *testing.T) {
	i := pubblicato(t)
	for _, v := range analisi.Nomi() {
		r := i.chi("CONTA").chiede(t, i, "GET", Base+"/analisi/"+v+".svg?ambito=PA42&al=2026-06-03", "").vuole(t, 200, "")
		d := xml.NewDecoder(strings.NewReader(r.body))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v in %s", v, err, r.body)
			}
		}
		for _, parte := range []string{`role="img"`, `aria-labelledby="titolo testo"`, "<title id=", "<desc id="} {
			if !strings.Contains(r.body, parte) {
				t.Errorf("%s has no %s", v, parte)
			}
		}
		if r.header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("%s is %s", v, r.header.Get("Content-Type"))
		}
	}
	r := i.chi("CONTA").chiede(t, i, "GET", Base+"/analisi/casi_per_comune.svg?ambito=PA42&al=2026-05-31", "")
	if !strings.Contains(r.body, "totale · totale: 1") || !strings.Contains(r.body, "non pubblicato") || !strings.Contains(r.body, "2026-05-31") {
		t.Errorf("%s", r.body)
	}
}

// Who sees some comuni is told of those; who sees one ambito of no other.
func TestFiguresEndWhereATerritoryDoes(t *testing.T) {
	i := pubblicato(t)
	di := func(nome, path string) risposta {
		return i.chi(nome).chiede(t, i, "GET", Base+"/analisi/"+path, "").vuole(t, 200, "")
	}
	if r := di("CARLA", "casi_per_stato"); r.campo("items", "0") != nil {
		t.Errorf("Carla sees all of the ambito: %s", r.body)
	}
	r := di("CARLA", "casi_per_comune?limit=100")
	if r.campo("items", "0", "2") != "G273" || strings.Contains(r.body, "F377") || strings.Contains(r.body, `"TOTALE",null,null`) {
		t.Errorf("Carla sees of Palermo: %s", r.body)
	}
	if r := di("INTERA", "casi_per_stato"); r.campo("items", "0", "1") != "PA42" {
		t.Errorf("a coordinator of the whole ambito: %s", r.body)
	}
	if r := di("INTERA", "casi_per_stato?ambito=AG01"); r.campo("items", "0") != nil {
		t.Errorf("another ambito: %s", r.body)
	}
	for _, altri := range []string{"ANNA", "REVISORA"} {
		i.chi(altri).chiede(t, i, "GET", Base+"/analisi/casi_per_stato", "").vuole(t, 403, "vietato")
	}
	i.chi("AMMINISTRA").chiede(t, i, "GET", Base+"/analisi/casi_per_stato.csv", "").vuole(t, 403, "vietato")
}
