package foglio

import (
	"errors"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"nucleo/internal/analisi"
)

// The sheets of a workbook of figures.
const (
	dati      = "Dati"
	metadati  = "Metadati"
	dizionari = "Dizionario"
)

// Tavola writes an extract as a workbook: the rows, what is known of them, and
// what the columns mean. Texts are written as texts and never as formulas, and
// what a program might take for one gets an apostrophe (analisi.Innocuo).
func Tavola(w io.Writer, e analisi.Estratto) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	err = errors.Join(f.SetSheetName("Sheet1", dati), foglioDati(f, e), foglioMetadati(f, e), foglioDizionario(f, e))
	if err == nil {
		err = f.Write(w)
	}
	return err
}

func foglioDati(f *excelize.File, e analisi.Estratto) error {
	s, err := f.NewStreamWriter(dati)
	if err != nil {
		return err
	}
	riga := make([]any, len(e.Vista.Colonne))
	for i, c := range e.Vista.Colonne {
		riga[i] = c.Nome
	}
	errs := []error{s.SetRow("A1", riga)}
	for n, valori := range e.Righe {
		for i, v := range valori {
			riga[i] = valore(e.Vista.Colonne[i], v)
		}
		cella, err := excelize.CoordinatesToCellName(1, n+2)
		errs = append(errs, err, s.SetRow(cella, riga))
	}
	return errors.Join(append(errs, s.Flush())...)
}

// valore is a cell: a number where the column holds numbers, else a text; empty
// where it is not told.
func valore(c analisi.Colonna, v *string) any {
	if v == nil {
		return nil
	}
	if n, err := strconv.ParseFloat(*v, 64); err == nil && (c.Tipo == "integer" || c.Tipo == "decimal") {
		return n
	}
	return analisi.Innocuo(*v)
}

func foglioMetadati(f *excelize.File, e analisi.Estratto) error {
	m := analisi.MetadatiDi(e, e.Vista.Nome+".xlsx")
	_, err := f.NewSheet(metadati)
	errs := []error{err}
	for n, r := range [][2]string{
		{"titolo", m.Titolo}, {"descrizione", m.Descrizione}, {"ambito", m.Ambito}, {"dati fino al", m.Data}, {"pubblicati il", m.Pubblicata},
		{"posizione del log", strconv.FormatUint(m.Posizione, 10)}, {"versione delle definizioni", strconv.Itoa(m.Versione)},
		{"righe", strconv.Itoa(m.Righe)}, {"celle soppresse", strconv.Itoa(m.Soppresse)}, {"soppressione", m.Regola}, {"licenza", m.Licenza},
	} {
		errs = append(errs, coppia(f, metadati, n+1, r[0], r[1]))
	}
	return errors.Join(errs...)
}

func foglioDizionario(f *excelize.File, e analisi.Estratto) error {
	_, err := f.NewSheet(dizionari)
	errs := []error{err}
	for n, c := range e.Vista.Colonne {
		errs = append(errs, coppia(f, dizionari, n+1, c.Nome, c.Cosa))
	}
	return errors.Join(errs...)
}

func coppia(f *excelize.File, foglio string, riga int, nome, testo string) error {
	n := strconv.Itoa(riga)
	return errors.Join(f.SetCellStr(foglio, "A"+n, nome), f.SetCellStr(foglio, "B"+n, analisi.Innocuo(testo)))
}
