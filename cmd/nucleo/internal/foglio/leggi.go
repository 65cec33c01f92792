package foglio

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"nucleo/commands/modulo"
)

// Leggi reads the rows of a workbook that somebody filled in, without those
// that nobody did.
func (Foglio) Leggi(contenuto []byte) (righe []modulo.Riga, err error) {
	if err := controlla(contenuto); err != nil {
		return nil, err
	}
	defer func() { // what the library does not expect, it panics at
		if recover() != nil {
			righe, err = nil, ErrRovinato
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(contenuto), excelize.Options{
		UnzipSizeLimit: massimoAperto, UnzipXMLSizeLimit: massimoAperto, RawCellValue: true,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRovinato, err)
	}
	defer func() { _ = f.Close() }()
	if !slices.Contains(f.GetSheetList(), operatori) {
		return nil, ErrFoglio
	}
	dal1904, err := nel1904(f)
	if err != nil {
		return nil, err
	}
	celle, err := f.Rows(operatori)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRovinato, err)
	}
	defer func() { _ = celle.Close() }()
	return leggi(celle, dal1904)
}

// nel1904 reports whether days are counted from 1904 in a workbook.
func nel1904(f *excelize.File) (bool, error) {
	p, err := f.GetWorkbookProps()
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrRovinato, err)
	}
	return p.Date1904 != nil && *p.Date1904, nil
}

func leggi(celle *excelize.Rows, dal1904 bool) (righe []modulo.Riga, err error) {
	for n := 1; celle.Next(); n++ {
		valori, err := celle.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRovinato, err)
		}
		if n == 1 {
			if !titoli(valori) {
				return nil, ErrTitoli
			}
			continue
		}
		r := modulo.Riga{Numero: n, Celle: make([]string, len(modulo.Colonne))}
		copy(r.Celle, valori)
		for i, c := range modulo.Colonne {
			r.Celle[i] = testo(r.Celle[i])
			if c.Data {
				r.Celle[i] = giorno(r.Celle[i], dal1904)
			}
		}
		if r.Vuota() {
			continue
		}
		if len(righe) == modulo.MassimoRighe {
			return nil, ErrRighe
		}
		righe = append(righe, r)
	}
	if len(righe) == 0 {
		return nil, nil
	}
	return righe, celle.Error()
}

// titoli reports whether the first row is that of the template. What follows
// to the right is nobody's: the workbook of errors writes there.
func titoli(valori []string) bool {
	if len(valori) < len(modulo.Colonne) {
		return false
	}
	for i, c := range modulo.Colonne {
		if strings.TrimSpace(valori[i]) != titolo(c) {
			return false
		}
	}
	return true
}

// testo is what stands in a cell, without the sign that keeps it from being
// taken for a formula.
func testo(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if len(s) > 1 && s[0] == '\'' && pericoloso(s[1:]) {
		return s[1:]
	}
	return s
}

// giorno writes the number by which a workbook counts days as gg/mm/aaaa. Text
// stays what it is, a fraction of a day is dropped.
func giorno(s string, dal1904 bool) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || n < 1 || n > 2_958_465 { // the last day of the year 9999
		return s
	}
	t, err := excelize.ExcelDateToTime(math.Floor(n), dal1904)
	if err != nil {
		return s
	}
	return t.Format("02/01/2006")
}
