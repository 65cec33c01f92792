package foglio

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"nucleo/commands/modulo"
)

// stili makes the styles: text for what is typed, so that no sheet turns a
// number of protocol into a day; days; headings; what is wrong.
func (s *scrivente) stili() {
	giorni, testo := "dd/mm/yyyy", 49 // 49 is text
	di := func(st excelize.Style) int {
		n, err := s.f.NewStyle(&st)
		s.prova(err)
		return n
	}
	data := di(excelize.Style{CustomNumFmt: &giorni})
	scritto := di(excelize.Style{NumFmt: testo})
	s.intestaz = di(excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"004D99"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	s.errato = di(excelize.Style{NumFmt: testo, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F7D7DA"}}})
	for i, c := range modulo.Colonne {
		nome, err := excelize.ColumnNumberToName(i + 1)
		s.prova(err)
		stile := scritto
		if c.Data {
			stile = data
		}
		s.prova(s.f.SetColStyle(operatori, nome, stile))
		s.larga(operatori, i+1, 22)
	}
}

// intesta writes the headings, which stay in sight.
func (s *scrivente) intesta() {
	for i, c := range modulo.Colonne {
		s.scrivi(operatori, i+1, 1, titolo(c))
	}
	ultima, err := excelize.CoordinatesToCellName(len(modulo.Colonne), 1)
	s.prova(err)
	s.prova(s.f.SetCellStyle(operatori, "A1", ultima, s.intestaz))
	s.prova(s.f.SetPanes(operatori, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

// elenchi writes the lists, and ties columns to them.
func (s *scrivente) elenchi(di modulo.Territorio) {
	ruoli, comuni := make([]string, len(modulo.Incarichi)), make([]string, len(di.Comuni))
	for i, r := range modulo.Incarichi {
		ruoli[i] = r.Nome
	}
	for i, c := range di.Comuni {
		comuni[i] = c.Voce()
	}
	s.scelta(1, modulo.Ruolo, true, ruoli)
	s.scelta(2, modulo.Comuni, false, comuni) // several can be written, with a semicolon between
	s.scelta(3, modulo.Fondo, true, modulo.Fondi)
	s.scelta(4, modulo.Genere, true, modulo.Generi)
}

// scelta writes a list in a column of its sheet, and offers it in a column of
// the form. A strict one takes nothing else.
func (s *scrivente) scelta(colonna int, campo modulo.Campo, stretta bool, voci []string) {
	if len(voci) == 0 {
		return
	}
	for i, v := range voci {
		s.scrivi(elenchi, colonna, i+1, v)
	}
	da, err := excelize.ColumnNumberToName(colonna)
	s.prova(err)
	a, err := excelize.ColumnNumberToName(colonnaDi(campo))
	s.prova(err)
	dv := excelize.NewDataValidation(true)
	dv.SetSqref(fmt.Sprintf("%s2:%s%d", a, a, modulo.MassimoRighe+1))
	dv.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", elenchi, da, da, len(voci)))
	dv.ShowErrorMessage = stretta
	if stretta {
		dv.SetError(excelize.DataValidationErrorStyleStop, "Valore non ammesso", "Scegliere una voce dell'elenco.")
	}
	s.prova(s.f.AddDataValidation(operatori, dv))
}

// istruzioni writes how the form is filled in.
func (s *scrivente) istruzioni(di modulo.Territorio) {
	righe := []string{
		"Accreditamento degli operatori dell'ambito " + di.Codice + ", " + di.Denominazione,
		"",
		"Nel foglio Operatori ogni riga è un ruolo di una persona. Chi ha più ruoli occupa più righe, con gli stessi dati anagrafici.",
		"Le colonne con l'asterisco vanno compilate sempre. Nessuna cella deve contenere formule: incollare solo valori.",
		"Il file è controllato per intero prima di essere applicato: se una sola riga è sbagliata non è applicato nulla.",
		fmt.Sprintf("Un file ha al massimo %d righe.", modulo.MassimoRighe),
		"",
	}
	for i, r := range righe {
		s.scrivi(istruzioni, 1, i+1, r)
	}
	for i, c := range modulo.Colonne {
		s.scrivi(istruzioni, 1, len(righe)+i+1, titolo(c))
		s.scrivi(istruzioni, 2, len(righe)+i+1, c.Guida)
	}
	dopo := len(righe) + len(modulo.Colonne) + 2
	s.scrivi(istruzioni, 1, dopo, "Ruoli")
	for i, r := range modulo.Incarichi {
		s.scrivi(istruzioni, 2, dopo+i, r.Nome)
	}
	s.larga(istruzioni, 1, 34)
	s.larga(istruzioni, 2, 110)
}
