package foglio

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/massivo"
)

var palermo = modulo.Territorio{Codice: "PA42", Denominazione: "Distretto 42", Comuni: []modulo.Luogo{{Codice: "F377", Nome: "MONREALE"}, {Codice: "G273", Nome: "PALERMO"}}}

// modello is the template, opened.
func modello(t testing.TB) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := (Foglio{}).Modello(&b, palermo); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func scritto(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compila writes a row, by column.
func compila(t testing.TB, f *excelize.File, riga int, celle map[modulo.Campo]any) {
	t.Helper()
	for campo, v := range celle {
		cella, err := excelize.CoordinatesToCellName(colonnaDi(campo), riga)
		if err == nil {
			err = f.SetCellValue(operatori, cella, v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheTemplateIsReadAsItIsFilledIn(t *testing.T) {
	f := modello(t)
	compila(t, f, 2, map[modulo.Campo]any{modulo.CodiceFiscale: "VRDMRA75A01G273Q", modulo.DataNascita: 27395, modulo.Protocollo: "1/2", modulo.Telefono: "'+39 091"})
	compila(t, f, 9, map[modulo.Campo]any{modulo.Cognome: " VERDI ", modulo.DataNascita: "01/01/1975", modulo.Dal: "1/1/75"})
	righe, err := Foglio{}.Leggi(scritto(t, f))
	if err != nil || len(righe) != 2 || righe[0].Numero != 2 || righe[1].Numero != 9 {
		t.Fatalf("%+v %v", righe, err)
	}
	for _, tt := range []struct {
		riga        int
		campo, want string
	}{
		{0, "codice_fiscale", "VRDMRA75A01G273Q"}, {0, "data_nascita", "01/01/1975"}, {0, "richiesta_protocollo", "1/2"}, {0, "ambito", "PA42"}, {0, "telefono", "+39 091"},
		{1, "cognome", "VERDI"}, {1, "data_nascita", "01/01/1975"}, {1, "dal", "1/1/75"}, {1, "ambito", "PA42"},
	} {
		if got := righe[tt.riga].Cella(modulo.Campo(tt.campo)); got != tt.want {
			t.Errorf("%s of row %d is %q, not %q", tt.campo, righe[tt.riga].Numero, got, tt.want)
		}
	}
	vuoto, err := Foglio{}.Leggi(scritto(t, modello(t)))
	if err != nil || len(vuoto) != 0 {
		t.Errorf("the template that nobody filled in has rows: %v %v", vuoto, err)
	}
}

// A workbook that counts from 1904 means another day by the same number.
func TestDaysAreCountedAsTheWorkbookDoes(t *testing.T) {
	f, si := modello(t), true
	if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &si}); err != nil {
		t.Fatal(err)
	}
	compila(t, f, 2, map[modulo.Campo]any{modulo.DataNascita: 25933}) // 27395 less the 1462 days between the two
	righe, err := Foglio{}.Leggi(scritto(t, f))
	if err != nil || len(righe) != 1 || righe[0].Cella(modulo.DataNascita) != "01/01/1975" {
		t.Errorf("%+v %v", righe, err)
	}
	for _, n := range []string{"0", "-3", "1e300", "NaN", "2958466", "text"} {
		if got := giorno(n, false); got != n {
			t.Errorf("%s became %s", n, got)
		}
	}
}

func TestTheTemplateOffersWhatCanBeChosen(t *testing.T) {
	f := modello(t)
	if diff := cmp.Diff([]string{operatori, istruzioni, elenchi}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	validazioni, err := f.GetDataValidations(operatori)
	if err != nil || len(validazioni) != 4 {
		t.Fatal(len(validazioni), err)
	}
	for _, v := range validazioni {
		if v.Type != "list" || !strings.HasPrefix(v.Formula1, elenchi+"!") || !strings.HasSuffix(v.Sqref, "501") {
			t.Errorf("%+v", v)
		}
	}
	for cella, want := range map[string]string{"A1": "Coordinatore PaIS", "B2": "PALERMO (G273)", "C1": "PON", "D2": "F"} {
		if got, err := f.GetCellValue(elenchi, cella); got != want || err != nil {
			t.Errorf("%s: %q %v", cella, got, err)
		}
	}
	if guida, err := f.GetCellValue(istruzioni, "A1"); !strings.Contains(guida, "PA42") || err != nil {
		t.Error(guida, err)
	}
	ambito, err := excelize.CoordinatesToCellName(colonnaDi(modulo.Ambito), modulo.MassimoRighe+1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := f.GetCellValue(operatori, ambito); got != "PA42" || err != nil {
		t.Errorf("the last row is not pre-filled: %q %v", got, err)
	}
}

func TestTheWorkbookOfErrorsIsTheFileWithWhatIsWrong(t *testing.T) {
	riga := modulo.Riga{Numero: 7, Celle: make([]string, len(modulo.Colonne))}
	for i := range riga.Celle {
		riga.Celle[i] = []string{"=cmd|' /C calc'!A0", "+39", "-1", "@SUM(1)", "VERDI"}[i%5]
	}
	errori := []massivo.Errore{{Riga: 7, Campo: "cognome", Codice: "modulo.campo_mancante"}, {Riga: 7, Campo: "ruolo", Codice: "x.y", Suggerimento: "=do this"}, {Riga: 8, Codice: "z"}}
	var b bytes.Buffer
	if err := (Foglio{}).ConErrori(&b, palermo, []modulo.Riga{riga}, errori); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	celle, err := f.GetRows(operatori)
	if err != nil || len(celle) != 7 {
		t.Fatal(len(celle), err)
	}
	dopo := celle[6][len(modulo.Colonne)+1:]
	if diff := cmp.Diff([]string{"Cognome\nRuolo", "modulo.campo_mancante\nx.y", "Il campo va compilato.\n=do this"}, dopo); diff != "" {
		t.Error(diff)
	}
	for i, c := range celle[6] {
		if pericoloso(c) {
			t.Errorf("column %d could be taken for a formula: %q", i+1, c)
		}
	}
	// Sent again as it is, it says the same.
	righe, err := Foglio{}.Leggi(b.Bytes())
	if diff := cmp.Diff([]modulo.Riga{riga}, righe); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

var unaVolta sync.Once
var modelloScritto []byte

// intatto is the template as it is handed out.
func intatto(t testing.TB) []byte {
	unaVolta.Do(func() { modelloScritto = scritto(t, modello(t)) })
	return modelloScritto
}

// rifatto is the template with parts replaced, or added.
func rifatto(t testing.TB, parti map[string]string) []byte {
	t.Helper()
	return cambiato(t, intatto(t), parti)
}

func cambiato(t testing.TB, base []byte, parti map[string]string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	scrivi := func(nome, testo string) {
		p, err := w.Create(nome)
		if err == nil {
			_, err = io.WriteString(p, testo)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range r.File {
		testo, cambia := parti[f.Name]
		if !cambia {
			aperta, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			vecchio, err := io.ReadAll(aperta)
			if err != nil {
				t.Fatal(err)
			}
			testo = string(vecchio)
		}
		delete(parti, f.Name)
		scrivi(f.Name, testo)
	}
	for nome, testo := range parti {
		scrivi(nome, testo)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const foglio1 = "xl/worksheets/sheet1.xml"

func celleDi(xml string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + xml + `</sheetData></worksheet>`
}

// ostili are workbooks that nobody fills a form in by, and why each is refused.
func ostili(t testing.TB) map[string]struct {
	file []byte
	err  error
} {
	t.Helper()
	type caso = struct {
		file []byte
		err  error
	}
	altro := excelize.NewFile()
	prima := modello(t)
	if err := prima.SetCellStr(operatori, "A1", "CF"); err != nil {
		t.Fatal(err)
	}
	formula := modello(t)
	if err := formula.SetCellFormula(operatori, "B2", "HYPERLINK(\"http://x\")"); err != nil {
		t.Fatal(err)
	}
	piena := modello(t)
	for n := range modulo.MassimoRighe + 1 {
		compila(t, piena, n+2, map[modulo.Campo]any{modulo.Cognome: "VERDI"})
	}
	zero := strings.Repeat("\x00", 14<<20)
	return map[string]caso{
		"nothing":                    {nil, ErrNonXLSX},
		"text":                       {[]byte("codice fiscale;cognome"), ErrNonXLSX},
		"another zip":                {senza(t, "xl/workbook.xml"), ErrNonXLSX},
		"a password":                 {append(bytes.Clone(ole), make([]byte, 600)...), ErrCifrato},
		"an object inside":           {append(scritto(t, modello(t)), ole...), ErrMacro},
		"macros":                     {rifatto(t, map[string]string{"xl/vbaProject.bin": "x"}), ErrMacro},
		"macros by another case":     {rifatto(t, map[string]string{`XL\VBAPROJECT.BIN`: "x"}), ErrMacro},
		"macros of Excel 4":          {rifatto(t, map[string]string{"xl/macrosheets/sheet1.xml": "<x/>"}), ErrMacro},
		"a type with macros":         {rifatto(t, map[string]string{"[Content_Types].xml": `<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml" PartName="/xl/workbook.xml"/></Types>`}), ErrMacro},
		"controls":                   {rifatto(t, map[string]string{"xl/activeX/activeX1.xml": "<x/>"}), ErrMacro},
		"embedded objects":           {rifatto(t, map[string]string{"xl/embeddings/oleObject1.bin": "x"}), ErrMacro},
		"external links":             {rifatto(t, map[string]string{"xl/externalLinks/externalLink1.xml": "<x/>"}), ErrEsterno},
		"connections":                {rifatto(t, map[string]string{"xl/connections.xml": "<x/>"}), ErrEsterno},
		"a relation to elsewhere":    {rifatto(t, map[string]string{"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="http://x" TargetMode="external"/></Relationships>`}), ErrEsterno},
		"a formula":                  {scritto(t, formula), ErrFormula},
		"a formula of another sheet": {rifatto(t, map[string]string{"xl/worksheets/sheet2.xml": celleDi(`<row r="1"><c r="A1"><x:f xmlns:x="y">1+1</x:f></c></row>`)}), ErrFormula},
		"a document type":            {rifatto(t, map[string]string{"xl/sharedStrings.xml": `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst><si><t>&e;</t></si></sst>`}), ErrEntita},
		"a document type in UTF-16":  {rifatto(t, map[string]string{"xl/sharedStrings.xml": "\xff\xfe<\x00!\x00D\x00O\x00C\x00T\x00Y\x00P\x00E\x00"}), ErrRovinato},
		"a bomb":                     {rifatto(t, map[string]string{foglio1: zero}), ErrGrande},
		"many small bombs":           {rifatto(t, map[string]string{"a": zero[:5<<20], "b": zero[:5<<20], "c": zero[:5<<20]}), ErrGrande},
		"many parts":                 {rifatto(t, tante(massimoParti)), ErrGrande},
		"a large file":               {make([]byte, massimoFile+1), ErrGrande},
		"two parts of one name":      {rifatto(t, map[string]string{"XL/WORKSHEETS/SHEET1.XML": celleDi("")}), ErrRovinato},
		"a path that climbs":         {rifatto(t, map[string]string{"../../etc/x.xml": "<x/>"}), ErrRovinato},
		"XML that breaks off":        {rifatto(t, map[string]string{foglio1: `<worksheet><sheetData><row r="1`}), ErrRovinato},
		"a row far below":            {rifatto(t, map[string]string{foglio1: celleDi(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)}), ErrRighe},
		"a row of no number":         {rifatto(t, map[string]string{foglio1: celleDi(`<row r="-1"></row>`)}), ErrRovinato},
		"a column far to the right":  {rifatto(t, map[string]string{foglio1: celleDi(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)}), ErrColonne},
		"rows without end":           {rifatto(t, map[string]string{foglio1: celleDi(strings.Repeat("<row/>", massimaRiga+1))}), ErrRighe},
		"one row too many":           {scritto(t, piena), ErrRighe},
		"another workbook":           {scritto(t, altro), ErrFoglio},
		"other headings":             {scritto(t, prima), ErrTitoli},
	}
}

func tante(n int) map[string]string {
	parti := map[string]string{}
	for i := range n {
		parti["docProps/"+strings.Repeat("x", i+1)] = ""
	}
	return parti
}

func senza(t testing.TB, nome string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create("[Content_Types].xml"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Create(nome + "x"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileWorkbooksAreRefusedByName(t *testing.T) {
	for nome, tt := range ostili(t) {
		if righe, err := (Foglio{}).Leggi(tt.file); !errors.Is(err, tt.err) || righe != nil {
			t.Errorf("%s: %v, %d rows", nome, err, len(righe))
		}
	}
}

// Excel makes a link of each e-mail address: nobody is refused for that.
func TestALinkToClickOnIsNoHarm(t *testing.T) {
	f := modello(t)
	compila(t, f, 2, map[modulo.Campo]any{modulo.Email: "a@b.example"})
	if err := f.SetCellHyperLink(operatori, "N2", "mailto:a@b.example", "External"); err != nil {
		t.Fatal(err)
	}
	if righe, err := (Foglio{}).Leggi(scritto(t, f)); err != nil || len(righe) != 1 {
		t.Error(len(righe), err)
	}
}

// FuzzLeggi changes one part of a workbook at will: whatever comes, it is
// refused by name or read within bounds.
func FuzzLeggi(f *testing.F) {
	base := scritto(f, modello(f))
	seme := modello(f)
	compila(f, seme, 2, map[modulo.Campo]any{modulo.CodiceFiscale: "VRDMRA75A01G273Q", modulo.DataNascita: 27395})
	r, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		f.Fatal(err)
	}
	nomi := make([]string, len(r.File))
	for i, p := range r.File {
		nomi[i] = p.Name
		f.Add(i, []byte(celleDi(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`)))
	}
	f.Add(-1, scritto(f, seme))
	f.Add(-1, rifatto(f, map[string]string{"xl/vbaProject.bin": "x"}))
	f.Fuzz(func(t *testing.T, quale int, dati []byte) {
		file := dati
		if quale >= 0 {
			file = cambiato(t, base, map[string]string{nomi[quale%len(nomi)]: string(dati)})
		}
		righe, err := Foglio{}.Leggi(file)
		var rifiuto *domain.Error
		if err != nil && !errors.As(err, &rifiuto) {
			t.Fatal(err)
		}
		if len(righe) > modulo.MassimoRighe {
			t.Fatalf("%d rows", len(righe))
		}
		for _, r := range righe {
			if len(r.Celle) != len(modulo.Colonne) || r.Vuota() || r.Numero < 2 || r.Numero > massimaRiga {
				t.Fatalf("%+v", r)
			}
		}
	})
}
