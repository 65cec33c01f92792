package tracciato_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"nucleo/commands/tracciato"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

var oggi = giorno.Data(2026, 3, 2)

func anna() tracciato.Componente {
	return tracciato.Componente{
		CodiceFiscale: "BNCFNC65E60E472C", Cognome: "Bianchi", Nome: "Francesca", Sesso: "F", DataNascita: giorno.Data(1965, 5, 20),
		ComuneNascita: "E472", Relazione: "RICHIEDENTE", Convivente: true,
	}
}

// piena has every field.
func piena() tracciato.Domanda {
	figlio := tracciato.Componente{
		CodiceFiscale: "DNGNCL12M09F205Y", Cognome: "D'Angelo", Nome: "Niccolò", Sesso: "M", DataNascita: giorno.Data(2012, 8, 9),
		ComuneNascita: "F205", Nazionalita: "ITA", Relazione: "FIGLIO", Convivente: true, Disabilita: true, GradoDisabilita: "GRAVE",
		Occupazione: "STUDENTE", MesiDisoccupazione: 3, NASpI: true, DIDFirmata: true, StatoPattoLavoro: "SOTTOSCRITTO", Studente: true,
		TitoloStudio: "LICENZA_MEDIA", QualificaProfessionale: `saldatore, "capo"`, TitoloSoggiorno: "ALTRO", TenutoAgliObblighi: true,
		StatoBeneficio: "ATTIVO", Telefono: "+39 000 1", Cellulare: "+39 000 2", Email: "n@example.org",
	}
	return tracciato.Domanda{
		IDDomanda: "INPS-ADI-2026-1", Misura: "ADI", DataPresentazione: giorno.Data(2026, 1, 10), DataRiconoscimento: giorno.Data(2026, 1, 30),
		DataSottoscrizionePAD: giorno.Data(2026, 1, 11), DataTrasmissioneComune: giorno.Data(2026, 1, 20), Ambito: "LT1", Comune: "E472",
		Via: `Via "degli Esempi", scala =A1`, Civico: "14/b", CAP: "04100", ISEE: 450012, ImportoMensile: 50050,
		Telefono: "+39 000 3", Cellulare: "+39 000 4", Email: "m@example.org", Componenti: []tracciato.Componente{anna(), figlio},
	}
}

func semplice(id string) tracciato.Domanda {
	return tracciato.Domanda{
		IDDomanda: id, Misura: "ADI", DataPresentazione: giorno.Data(2026, 1, 10), DataTrasmissioneComune: giorno.Data(2026, 1, 20),
		Comune: "E472", Via: "Via degli Esempi", CAP: "04100", Componenti: []tracciato.Componente{anna()},
	}
}

func scritta(t testing.TB, formato importazione.Formato, domande ...tracciato.Domanda) string {
	t.Helper()
	var b strings.Builder
	if err := tracciato.Scrivi(&b, formato, slices.Values(domande)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func lette(t testing.TB, formato importazione.Formato, testo string) (righe []tracciato.Riga[tracciato.Domanda]) {
	t.Helper()
	for riga, err := range tracciato.Domande(strings.NewReader(testo), formato, oggi) {
		if errors.Is(err, tracciato.ErrIntestazione) {
			return righe
		}
		if err != nil {
			t.Fatal(err)
		}
		righe = append(righe, riga)
	}
	return righe
}

// errori are row, field and code of what is wrong with a file.
func errori(righe []tracciato.Riga[tracciato.Domanda]) (tutti []string) {
	for _, r := range righe {
		for _, e := range r.Errori {
			tutti = append(tutti, fmt.Sprintf("%d %s %s", e.Riga, e.Campo, e.Codice))
		}
	}
	return tutti
}

var formati = []importazione.Formato{importazione.NDJSON, importazione.CSV}

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := []tracciato.Domanda{piena(), semplice("INPS-ADI-2026-2"), semplice("INPS-ADI-2026-3")}
	for _, formato := range formati {
		testo := scritta(t, formato, want...)
		for _, variante := range []string{testo, "\ufeff" + testo, strings.TrimRight(testo, "\r\n"), strings.ReplaceAll(strings.ReplaceAll(testo, "\r\n", "\n"), "\n", "\r\n"), strings.ReplaceAll(testo, "\n", "\n\n")} {
			if strings.HasPrefix(variante, "id_domanda") && strings.Contains(variante, "\n\n") {
				variante = strings.Replace(variante, "\n\n", "\n", 1)
			}
			var got []tracciato.Domanda
			for _, r := range lette(t, formato, variante) {
				if len(r.Errori) > 0 || r.Avvisi > 0 {
					t.Errorf("%s: %v, %d warnings", formato, r.Errori, r.Avvisi)
				}
				got = append(got, r.Dati)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", formato, diff)
			}
		}
	}
}

func TestRowsAreCountedAsAnEditorCountsThem(t *testing.T) {
	domande := []tracciato.Domanda{piena(), semplice("INPS-ADI-2026-2")}
	for formato, want := range map[importazione.Formato][2]int{importazione.NDJSON: {1, 2}, importazione.CSV: {3, 4}} {
		var got [2]int
		for i, r := range lette(t, formato, scritta(t, formato, domande...)) {
			got[i] = r.Ultima
		}
		if got != want {
			t.Errorf("%s: %v, want %v", formato, got, want)
		}
	}
}

func riga(cambi ...string) string {
	testo := `{"id_domanda":"INPS-ADI-2026-1","misura":"ADI","data_presentazione":"2026-01-10","data_trasmissione_comune":"2026-01-20","comune":"E472","via":"Via","cap":"04100","componenti":[{"codice_fiscale":"BNCFNC65E60E472C","cognome":"Bianchi","nome":"Francesca","sesso":"F","data_nascita":"1965-05-20","comune_nascita":"E472","relazione_parentale":"RICHIEDENTE","convivente":true,"disabilita":false,"tenuto_agli_obblighi":true}]}`
	return strings.NewReplacer(cambi...).Replace(testo)
}

func TestEachMistakeIsNamedByItsField(t *testing.T) {
	for name, c := range map[string]struct {
		riga string
		want []string
	}{
		"none":                    {riga(), nil},
		"id in small letters":     {riga("INPS-ADI-2026-1", "inps-adi- 2026-1"), nil},
		"id of another form":      {riga("INPS-ADI-2026-1", "ADI-1"), []string{"1 id_domanda domanda.id_non_valido"}},
		"omocodia":                {riga("BNCFNC65E60E472C", "BNCFNC65E60E47NR"), nil},
		"provisional code":        {riga("BNCFNC65E60E472C", "12345678903"), nil},
		"check character":         {riga("BNCFNC65E60E472C", "BNCFNC65E60E472D"), []string{"1 componenti[0].codice_fiscale codicefiscale.controllo"}},
		"unknown field":           {riga(`"misura"`, `"Misura":"ADI","misura"`), []string{"1  campo_sconosciuto"}},
		"unknown field inside":    {riga(`"cognome"`, `"x":[{}],"cognome"`), []string{"1 componenti[0] campo_sconosciuto"}},
		"field twice":             {riga(`"misura"`, `"misura":"RDC","misura"`), []string{"1 misura campo_ripetuto"}},
		"field twice, escaped":    {riga(`"misura"`, `"\u006disura":"RDC","misura"`), []string{"1 misura campo_ripetuto"}},
		"missing field":           {riga(`"via":"Via",`, ``), []string{"1 via campo_mancante"}},
		"missing yes or no":       {riga(`"disabilita":false,`, ``), []string{"1 componenti[0].disabilita campo_mancante"}},
		"empty field":             {riga(`"Via"`, `"  "`), []string{"1 via campo_mancante"}},
		"null":                    {riga(`"Via"`, `null`), []string{"1 via campo_tipo_non_valido"}},
		"number for text":         {riga(`"Via"`, `1`), []string{"1 via campo_tipo_non_valido"}},
		"text for number":         {riga(`"via"`, `"isee":"1","via"`), []string{"1 isee campo_tipo_non_valido"}},
		"fraction":                {riga(`"via"`, `"isee":1.5,"via"`), []string{"1 isee campo_numero_non_valido"}},
		"exponent":                {riga(`"via"`, `"isee":1e3,"via"`), []string{"1 isee campo_numero_non_valido"}},
		"below zero":              {riga(`"via"`, `"isee":-1,"via"`), []string{"1 isee campo_numero_non_valido"}},
		"too large a number":      {riga(`"via"`, `"isee":9999999999999999999999,"via"`), []string{"1 isee campo_numero_non_valido"}},
		"text for yes or no":      {riga(`"convivente":true`, `"convivente":"SI"`), []string{"1 componenti[0].convivente campo_tipo_non_valido"}},
		"measure":                 {riga(`"misura":"ADI"`, `"misura":"adi"`), []string{"1 misura campo_valore_non_valido"}},
		"relation":                {riga(`RICHIEDENTE`, `CAPO`), []string{"1 componenti[0].relazione_parentale campo_valore_non_valido"}},
		"date":                    {riga(`"2026-01-10"`, `"10/01/2026"`), []string{"1 data_presentazione campo_data_non_valida"}},
		"date before everybody":   {riga(`"1965-05-20"`, `"0001-01-01"`), []string{"1 componenti[0].data_nascita campo_data_non_valida"}},
		"CAP":                     {riga(`"04100"`, `"4100"`), []string{"1 cap campo_valore_non_valido"}},
		"comune of old":           {riga(`"comune":"E472"`, `"comune":"A003"`), []string{"1 comune comune_sconosciuto"}},
		"state for a comune":      {riga(`"comune":"E472"`, `"comune":"Z330"`), []string{"1 comune comune_sconosciuto"}},
		"NUL":                     {riga(`"Via"`, `"Via\u0000"`), []string{"1 via campo_caratteri_non_ammessi"}},
		"line break":              {riga(`"Via"`, `"Via\nX"`), []string{"1 via campo_caratteri_non_ammessi"}},
		"half a surrogate":        {riga(`"Via"`, `"Via\ud800"`), []string{"1 via campo_caratteri_non_ammessi"}},
		"reversed text":           {riga(`"Via"`, "\"Via\u202egpj\""), []string{"1 via campo_caratteri_non_ammessi"}},
		"formula":                 {riga(`"Via"`, `"=cmd|'/c calc'!A1"`), nil},
		"long text":               {riga(`"Via"`, `"`+strings.Repeat("à", 201)+`"`), []string{"1 via campo_troppo_lungo"}},
		"componenti not a list":   {riga(`"componenti":[`, `"componenti":{"x":[`, `]}`, `]}}`), []string{"1 componenti campo_tipo_non_valido"}},
		"componente not a record": {riga(`"componenti":[`, `"componenti":[7,`), []string{"1 componenti[0] campo_tipo_non_valido"}},
		"nobody":                  {riga()[:strings.Index(riga(), "[")] + "[]}", []string{"1 componenti campo_mancante"}},
		"41 people":               {riga()[:strings.Index(riga(), "[")] + "[" + strings.TrimSuffix(strings.Repeat(riga()[strings.Index(riga(), "[")+1:len(riga())-2]+",", 41), ",") + "]}", []string{"1 componenti componenti_troppi"}},
		"two mistakes":            {riga(`"Via"`, `1`, `"sesso":"F"`, `"sesso":"f"`), []string{"1 via campo_tipo_non_valido", "1 componenti[0].sesso campo_valore_non_valido"}},
		"something after":         {riga() + `{}`, []string{"1  riga_json_non_valido"}},
		"broken off":              {riga()[:100], []string{"1  riga_json_non_valido"}},
		"a list":                  {"[" + riga() + "]", []string{"1  riga_json_non_valido"}},
		"not UTF-8":               {riga(`"Via"`, "\"Via\xff\""), []string{"1  riga_non_utf8"}},
		"raw NUL":                 {riga(`"Via"`, "\"Via\x00\""), []string{"1  riga_json_non_valido"}},
		"deep":                    {riga(`"Via"`, strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), []string{"1 via campo_tipo_non_valido"}},
		"deeper":                  {riga(`"Via"`, strings.Repeat("[", 100000)+strings.Repeat("]", 100000)), []string{"1  riga_json_non_valido"}},
		"endless":                 {riga(`"Via"`, `"`+strings.Repeat("x", tracciato.MaxRiga)+`"`), []string{"1  riga_troppo_lunga"}},
	} {
		t.Run(name, func(t *testing.T) {
			righe := lette(t, importazione.NDJSON, c.riga+"\n"+riga()+"\n")
			if diff := cmp.Diff(c.want, errori(righe)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(righe) != 2 || righe[1].Numero != 2 || len(righe[1].Errori) > 0 {
				t.Errorf("the row after it: %d rows", len(righe))
			}
		})
	}
}

func TestWhatContradictsTheTaxCodeIsAWarning(t *testing.T) {
	for name, c := range map[string]struct {
		riga string
		want int
	}{
		"nothing":              {riga(), 0},
		"surname and sex":      {riga(`"Bianchi"`, `"Verdi"`, `"sesso":"F"`, `"sesso":"M"`), 2},
		"abolished birthplace": {riga(`"comune_nascita":"E472"`, `"comune_nascita":"X999"`), 2},
		"provisional code":     {riga("BNCFNC65E60E472C", "12345678903", `"Bianchi"`, `"Verdi"`), 0},
	} {
		if righe := lette(t, importazione.NDJSON, c.riga); len(righe[0].Errori) > 0 || righe[0].Avvisi != c.want {
			t.Errorf("%s: %v, %d warnings", name, righe[0].Errori, righe[0].Avvisi)
		}
	}
}

func TestMistakesInACSVAreNamedByRowAndColumn(t *testing.T) {
	due := scritta(t, importazione.CSV, piena(), semplice("INPS-ADI-2026-2"))
	righe := strings.SplitAfter(due, "\r\n")
	unisci := func(r ...string) string { return strings.Join(r, "") }
	for name, c := range map[string]struct {
		testo string
		want  []string
	}{
		"semicolons":            {strings.ReplaceAll(due, ",", ";"), []string{"1 ? file_intestazione_non_valida"}},
		"column twice":          {strings.Replace(due, "civico", "via", 1), []string{"1 ? file_intestazione_non_valida"}},
		"column missing":        {"id_domanda,misura\r\nx,y\r\n", []string{"1 data_presentazione file_intestazione_non_valida"}},
		"a field too many":      {unisci(righe[0], righe[1], righe[2], ","+righe[3]), []string{"4  riga_colonne_diverse"}},
		"open quotes":           {unisci(righe[0], righe[1], righe[2], `"`+righe[3]), []string{"4  riga_csv_non_valida"}},
		"quotes inside":         {unisci(righe[0], righe[1], righe[2], strings.Replace(righe[3], "Via degli", `Via"degli`, 1)), []string{"4  riga_csv_non_valida"}},
		"a value":               {strings.Replace(due, "DNGNCL12M09F205Y", "DNGNCL12M09F205X", 1), []string{"3 componente_codice_fiscale codicefiscale.controllo"}},
		"yes in English":        {strings.Replace(due, ",SI,", ",YES,", 1), []string{"2 componente_convivente campo_si_no_non_valido"}},
		"rows that differ":      {unisci(righe[0], righe[1], strings.Replace(righe[2], "14/b", "15", 1), righe[3]), []string{"3  domanda_righe_diverse"}},
		"a row lost in the mid": {unisci(righe[0], righe[1], "x\r\n", righe[3]), []string{"3  riga_colonne_diverse", "4  domanda_incompleta"}},
		"a row lost within":     {unisci(righe[0], righe[1], "x\r\n", righe[2], righe[3]), []string{"3  riga_colonne_diverse"}},
		"a row lost at first":   {unisci(righe[0], "x\r\n", righe[3]), []string{"2  riga_colonne_diverse", "3  domanda_incompleta"}},
		"41 people":             {unisci(righe[0], strings.Repeat(righe[3], 45)), []string{"2 componenti componenti_troppi"}},
		"a line without end":    {unisci(righe[0], righe[1], righe[2], strings.Repeat("x", 1<<20)), []string{"4  riga_troppo_lunga"}},
	} {
		if diff := cmp.Diff(c.want, errori(lette(t, importazione.CSV, c.testo))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReportsQuoteNothing(t *testing.T) {
	segreto := "SEGRETISSIMO"
	for _, testo := range []string{
		riga(`"Via"`, `{"`+segreto+`":1}`), riga("BNCFNC65E60E472C", segreto), riga(`"misura"`, `"`+segreto+`":1,"misura"`),
		riga(`"ADI"`, `"`+segreto+`"`), riga(`"2026-01-10"`, `"`+segreto+`"`), segreto,
	} {
		for _, e := range lette(t, importazione.NDJSON, testo)[0].Errori {
			if strings.Contains(fmt.Sprint(e), segreto) {
				t.Errorf("%+v", e)
			}
		}
	}
}

func TestAVariazioneHasTheFieldsOfItsKind(t *testing.T) {
	for name, c := range map[string]struct {
		riga string
		want []string
	}{
		"someone leaves":  {`{"id_domanda":"INPS-ADI-2026-1","tipo":"NUCLEO","data_decorrenza":"2026-02-01","fonte":"INPS","rimossi":[{"codice_fiscale":"BNCFNC65E60E472C","motivo":"DECESSO"}]}`, nil},
		"a move":          {`{"id_domanda":"INPS-ADI-2026-1","tipo":"TRASFERIMENTO","data_decorrenza":"2026-02-01","comune":"E472","via":"Via","cap":"04100"}`, nil},
		"nothing changes": {`{"id_domanda":"INPS-ADI-2026-1","tipo":"NUCLEO","data_decorrenza":"2026-02-01","fonte":"INPS"}`, []string{" variazione_vuota"}},
		"no source":       {`{"id_domanda":"INPS-ADI-2026-1","tipo":"NUCLEO","data_decorrenza":"2026-02-01","rimossi":[{"codice_fiscale":"BNCFNC65E60E472C","motivo":"DECESSO"}]}`, []string{"fonte campo_mancante"}},
		"in the future":   {`{"id_domanda":"INPS-ADI-2026-1","tipo":"TRASFERIMENTO","data_decorrenza":"2026-04-01","comune":"E472","via":"Via","cap":"04100"}`, []string{"data_decorrenza domanda.data_non_valida"}},
		"nowhere":         {`{"id_domanda":"INPS-ADI-2026-1","tipo":"TRASFERIMENTO","data_decorrenza":"2026-02-01"}`, []string{"comune campo_mancante", "via campo_mancante", "cap campo_mancante"}},
		"both":            {`{"id_domanda":"INPS-ADI-2026-1","tipo":"TRASFERIMENTO","data_decorrenza":"2026-02-01","comune":"E472","via":"Via","cap":"04100","rimossi":[{"codice_fiscale":"BNCFNC65E60E472C","motivo":"DECESSO"}]}`, []string{"rimossi campo_estraneo"}},
		"somebody twice":  {`{"id_domanda":"INPS-ADI-2026-1","tipo":"NUCLEO","data_decorrenza":"2026-02-01","fonte":"INPS","rimossi":[{"codice_fiscale":"BNCFNC65E60E472C","motivo":"DECESSO"},{"codice_fiscale":"BNCFNC65E60E472C","motivo":"ALTRO"}]}`, []string{"rimossi[1].codice_fiscale componente.ripetuto"}},
		"bad reason":      {`{"id_domanda":"INPS-ADI-2026-1","tipo":"NUCLEO","data_decorrenza":"2026-02-01","fonte":"INPS","rimossi":[{"codice_fiscale":"BNCFNC65E60E472C","motivo":"X"}]}`, []string{"rimossi[0].motivo campo_valore_non_valido"}},
	} {
		var got []string
		for riga, err := range tracciato.Variazioni(strings.NewReader(c.riga), oggi) {
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range riga.Errori {
				got = append(got, e.Campo+" "+e.Codice)
			}
			if conforme(t, "variazioni", c.riga) != (len(c.want) == 0) && name != "in the future" && name != "somebody twice" {
				t.Errorf("%s: the JSON Schema says otherwise", name)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	for _, formato := range formati {
		guasto := errors.New("disk")
		r := io.MultiReader(strings.NewReader(scritta(t, formato, piena())), iotest.ErrReader(guasto))
		var got error
		for _, err := range tracciato.Domande(r, formato, oggi) {
			got = err
		}
		if !errors.Is(got, guasto) {
			t.Errorf("%s: %v", formato, got)
		}
	}
}

// senzaFine repeats a text.
type senzaFine struct {
	testo string
	i     int
}

func (s *senzaFine) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c := copy(p[n:], s.testo[s.i:])
		n, s.i = n+c, (s.i+c)%len(s.testo)
	}
	return n, nil
}

func TestHostileFilesAreReadInBoundedMemory(t *testing.T) {
	righe := strings.SplitAfter(scritta(t, importazione.CSV, semplice("INPS-ADI-2026-2")), "\r\n")
	for name, c := range map[string]struct {
		formato        importazione.Formato
		inizio, sempre string
	}{
		"one line":           {importazione.NDJSON, "", "{"},
		"empty lines":        {importazione.NDJSON, "", "\n"},
		"open quotes":        {importazione.CSV, righe[0] + `"`, "x\n\"\""},
		"an endless header":  {importazione.CSV, "", "a,"},
		"one endless nucleo": {importazione.CSV, righe[0], righe[1]},
		"rows of rubbish":    {importazione.CSV, righe[0] + righe[1], "x\n"},
	} {
		const letti = 4 << 20
		r := io.LimitReader(io.MultiReader(strings.NewReader(c.inizio), &senzaFine{testo: c.sempre}), letti)
		var prima, massimo runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&prima)
		n := 0
		for riga, err := range tracciato.Domande(r, c.formato, oggi) {
			if n++; n%500_000 != 1 {
				continue
			}
			if len(riga.Errori) == 0 && err == nil {
				t.Errorf("%s: row %d is good", name, riga.Numero)
			}
			runtime.GC()
			runtime.ReadMemStats(&massimo)
			if cresce := int64(massimo.HeapAlloc) - int64(prima.HeapAlloc); cresce > 2<<20 {
				t.Fatalf("%s: %d bytes in use", name, cresce)
			}
		}
	}
}

// conforme reports whether a record fits the JSON Schema of the documentation.
func conforme(t testing.TB, nome, testo string) bool {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../docs/formato-" + nome + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(testo))
	if err != nil {
		return false
	}
	return schema.Validate(v) == nil
}

func TestTheSchemaAcceptsWhatTheReaderAccepts(t *testing.T) {
	for _, d := range []tracciato.Domanda{piena(), semplice("INPS-ADI-2026-2")} {
		testo, err := json.Marshal(d)
		if err != nil || !conforme(t, "domande", string(testo)) {
			t.Errorf("%v: %s", err, testo)
		}
	}
	for _, testo := range []string{
		riga(`"misura":"ADI"`, `"misura":"adi"`), riga(`"via":"Via",`, ``), riga(`"misura"`, `"Misura":"ADI","misura"`), riga(`"via"`, `"isee":1.5,"via"`),
		riga(`"disabilita":false,`, ``), riga(`"04100"`, `"4100"`), riga(`"Via"`, `"`+strings.Repeat("à", 201)+`"`), riga(`"2026-01-10"`, `"10/01/2026"`),
	} {
		if conforme(t, "domande", testo) || len(errori(lette(t, importazione.NDJSON, testo))) == 0 {
			t.Errorf("accepted: %s", testo)
		}
	}
}

func TestTheDocumentationNamesEveryField(t *testing.T) {
	doc, err := os.ReadFile("../../docs/formato-domande.md")
	if err != nil {
		t.Fatal(err)
	}
	intestazione, _, _ := strings.Cut(scritta(t, importazione.CSV), "\r\n")
	for _, nome := range strings.Split(intestazione, ",") {
		if !bytes.Contains(doc, []byte("`"+strings.TrimPrefix(nome, "componente_")+"`")) {
			t.Errorf("%s is not described", nome)
		}
	}
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte(riga()))
	f.Add([]byte(riga(`"via"`, `"isee":-1,"\u0076ia":[],"via"`)))
	f.Add([]byte("{}\n[]\n{\"a\":{\"b\":[1,\"]\"]}}"))
	f.Fuzz(func(t *testing.T, b []byte) { sano(t, importazione.NDJSON, b) })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(scritta(f, importazione.CSV, piena(), semplice("INPS-ADI-2026-2"))))
	f.Add([]byte("id_domanda,\"misura\"\n1,2"))
	f.Fuzz(func(t *testing.T, b []byte) { sano(t, importazione.CSV, b) })
}

// sano holds a reader to what must be true of any file: rows go up, reports
// are bounded, and what is good is read the same when it is written again.
func sano(t *testing.T, formato importazione.Formato, b []byte) {
	ultima := 0
	for _, r := range lette(t, formato, string(b)) {
		if r.Numero <= ultima || r.Ultima < r.Numero || len(r.Errori) > 50 {
			t.Fatalf("rows %d to %d after %d, %d errors", r.Numero, r.Ultima, ultima, len(r.Errori))
		}
		if ultima = r.Ultima; len(r.Errori) > 0 {
			continue
		}
		for _, altro := range formati {
			again := lette(t, altro, scritta(t, altro, r.Dati))
			if len(again) != 1 || len(again[0].Errori) > 0 {
				t.Fatalf("written as %s it is refused: %v", altro, errori(again))
			}
			if diff := cmp.Diff(r.Dati, again[0].Dati); diff != "" {
				t.Fatal(diff)
			}
		}
	}
}
