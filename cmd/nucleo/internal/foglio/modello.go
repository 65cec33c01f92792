package foglio

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"nucleo/commands/modulo"
	"nucleo/domain/massivo"
)

// titolo is the heading of a column: those that must be filled in have a star.
func titolo(c modulo.Colonna) string {
	if c.Obbligatoria {
		return c.Titolo + " *"
	}
	return c.Titolo
}

// pericoloso reports whether a sheet could take a text for a formula.
func pericoloso(s string) bool { return s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) }

// innocuo is a text as it may stand in a cell, even of a file that is saved as
// something else.
func innocuo(s string) string {
	if pericoloso(s) {
		return "'" + s
	}
	return s
}

// Modello writes the template of an ambito: one sheet to fill in, with the
// ambito written and lists to choose from, one with instructions.
func (Foglio) Modello(w io.Writer, di modulo.Territorio) error {
	s, err := nuova(di)
	if err != nil {
		return fmt.Errorf("template: %w", err)
	}
	defer func() { _ = s.f.Close() }()
	for n := range modulo.MassimoRighe {
		s.scrivi(operatori, colonnaDi(modulo.Ambito), n+2, di.Codice)
	}
	return s.chiudi(w)
}

// ConErrori writes the rows that were sent, each with what is wrong with it
// beside it. Corrected, the workbook can be sent as it is.
func (Foglio) ConErrori(w io.Writer, di modulo.Territorio, righe []modulo.Riga, errori []massivo.Errore) error {
	s, err := nuova(di)
	if err != nil {
		return fmt.Errorf("workbook of errors: %w", err)
	}
	defer func() { _ = s.f.Close() }()
	dopo := len(modulo.Colonne) + 2 // one column stays free
	for i, t := range []string{"Errori", "Codici", "Che cosa fare"} {
		s.scrivi(operatori, dopo+i, 1, t)
	}
	s.larga(operatori, dopo, 40)
	s.larga(operatori, dopo+1, 40)
	s.larga(operatori, dopo+2, 80)
	for _, r := range righe {
		for i, c := range r.Celle {
			s.scrivi(operatori, i+1, r.Numero, c)
		}
		campi, codici, rimedi := diRiga(errori, r.Numero)
		s.scrivi(operatori, dopo, r.Numero, campi)
		s.scrivi(operatori, dopo+1, r.Numero, codici)
		s.scrivi(operatori, dopo+2, r.Numero, rimedi)
		s.segna(r.Numero, errori)
	}
	return s.chiudi(w)
}

// diRiga tells the errors of a row, each on a line of its own.
func diRiga(errori []massivo.Errore, riga int) (campi, codici, rimedi string) {
	var a, b, c []string
	for _, e := range errori {
		if e.Riga == riga {
			a, b, c = append(a, titoloDi(e.Campo)), append(b, e.Codice), append(c, modulo.Rimedio(e))
		}
	}
	return strings.Join(a, "\n"), strings.Join(b, "\n"), strings.Join(c, "\n")
}

// scrivente writes a workbook. Its first error is kept for the end.
type scrivente struct {
	f        *excelize.File
	err      error
	errato   int // style of a cell that is wrong
	intestaz int
}

func nuova(di modulo.Territorio) (*scrivente, error) {
	s := &scrivente{f: excelize.NewFile()}
	s.prova(s.f.SetSheetName("Sheet1", operatori))
	for _, nome := range []string{istruzioni, elenchi} {
		_, err := s.f.NewSheet(nome)
		s.prova(err)
	}
	s.stili()
	s.intesta()
	s.elenchi(di)
	s.istruzioni(di)
	s.prova(s.f.SetSheetVisible(elenchi, false))
	if s.err != nil {
		return nil, s.err
	}
	return s, nil
}

func (s *scrivente) prova(err error) {
	if s.err == nil {
		s.err = err
	}
}

// scrivi writes a text, never a formula.
func (s *scrivente) scrivi(foglio string, colonna, riga int, testo string) {
	if testo == "" {
		return
	}
	cella, err := excelize.CoordinatesToCellName(colonna, riga)
	s.prova(err)
	s.prova(s.f.SetCellStr(foglio, cella, innocuo(testo)))
}

func (s *scrivente) larga(foglio string, colonna int, larghezza float64) {
	nome, err := excelize.ColumnNumberToName(colonna)
	s.prova(err)
	s.prova(s.f.SetColWidth(foglio, nome, nome, larghezza))
}

// segna colours the cells of a row that are wrong.
func (s *scrivente) segna(riga int, errori []massivo.Errore) {
	for _, e := range errori {
		if e.Riga != riga {
			continue
		}
		if n := colonnaDi(modulo.Campo(e.Campo)); n > 0 {
			cella, err := excelize.CoordinatesToCellName(n, riga)
			s.prova(err)
			s.prova(s.f.SetCellStyle(operatori, cella, cella, s.errato))
		}
	}
}

func (s *scrivente) chiudi(w io.Writer) error {
	if s.err != nil {
		return fmt.Errorf("workbook: %w", s.err)
	}
	if err := s.f.Write(w); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}

// colonnaDi is the number of a column, from 1; 0 for none.
func colonnaDi(c modulo.Campo) int {
	for i, col := range modulo.Colonne {
		if col.Campo == c {
			return i + 1
		}
	}
	return 0
}

func titoloDi(campo string) string {
	if n := colonnaDi(modulo.Campo(campo)); n > 0 {
		return modulo.Colonne[n-1].Titolo
	}
	return campo
}
