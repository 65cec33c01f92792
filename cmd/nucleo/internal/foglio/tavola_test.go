package foglio_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"nucleo/cmd/nucleo/internal/foglio"
	"nucleo/internal/analisi"
)

// Numbers are numbers, what is not told is empty, and nothing is a formula.
func TestAWorkbookOfFiguresHoldsNoFormula(t *testing.T) {
	s := func(s string) *string { return &s }
	v, _ := analisi.Cerca(analisi.EsitiAP)
	e := analisi.Estratto{Vista: v, Righe: [][]*string{
		{s("2026-04-01"), s("=1+1"), s("-ADI"), s("A"), s("12"), s("false")},
		{s("2026-04-01"), s("PA42"), s("ADI"), s("B"), nil, s("true")},
	}}
	var b bytes.Buffer
	if err := foglio.Tavola(&b, e); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for cella, want := range map[string]string{"A1": "mese", "B2": "'=1+1", "C2": "'-ADI", "E2": "12", "E3": "", "F3": "true"} {
		got, err := f.GetCellValue("Dati", cella)
		if formula, _ := f.GetCellFormula("Dati", cella); got != want || formula != "" || err != nil {
			t.Errorf("%s holds %q and the formula %q, want %q (%v)", cella, got, formula, want, err)
		}
	}
	if tipo, err := f.GetCellType("Dati", "E2"); tipo != excelize.CellTypeUnset && tipo != excelize.CellTypeNumber || err != nil {
		t.Errorf("a number is a %v (%v)", tipo, err)
	}
	for _, c := range [][2]string{{"Metadati", "B1"}, {"Dizionario", "A1"}} {
		if got, err := f.GetCellValue(c[0], c[1]); got == "" || err != nil {
			t.Errorf("%v is empty (%v)", c, err)
		}
	}
}
