// Package foglio writes the form of operators as an Excel workbook, and reads
// what came back. A workbook is a zip of XML that a stranger wrote: it is held
// to bounds, and refused for whatever could act or fetch (macros, formulas,
// links, entities), before the library that understands it sees any of it.
package foglio

import (
	"nucleo/commands"
	"nucleo/domain"
)

// Foglio implements commands.Fogli.
type Foglio struct{}

var _ commands.Fogli = Foglio{}

// The sheets of the workbook.
const (
	operatori  = "Operatori"
	istruzioni = "Istruzioni"
	elenchi    = "Elenchi"
)

// Bounds of a workbook. The template of a large ambito, filled in, has some
// hundred kilobytes.
const (
	massimoFile    = commands.MassimoFoglio
	massimoParti   = 200
	massimoAperto  = 12 << 20 // bytes of all parts, unzipped
	massimaRiga    = 5000     // of the sheet, empty ones included
	massimaColonna = 40
)

// Refusals of a workbook, whatever its rows say.
var (
	ErrNonXLSX  = domain.Refuse(domain.Unprocessable, "foglio.non_xlsx", "this is no workbook of Excel (.xlsx): fill the template in, and save it in its format")
	ErrCifrato  = domain.Refuse(domain.Unprocessable, "foglio.cifrato", "the workbook is protected by a password, or of an old format: save it as .xlsx without a password")
	ErrGrande   = domain.Refuse(domain.Unprocessable, "foglio.troppo_grande", "the workbook is larger than a form can be: use the template, and paste nothing but values into it")
	ErrMacro    = domain.Refuse(domain.Unprocessable, "foglio.macro", "the workbook holds macros or embedded objects: copy the values to the template")
	ErrEsterno  = domain.Refuse(domain.Unprocessable, "foglio.collegamento_esterno", "the workbook refers to other files or connections: copy the values to the template")
	ErrFormula  = domain.Refuse(domain.Unprocessable, "foglio.formula", "a cell holds a formula: replace formulas by their values")
	ErrEntita   = domain.Refuse(domain.Unprocessable, "foglio.entita", "the workbook declares XML entities, which no program for sheets writes: use the template")
	ErrFoglio   = domain.Refuse(domain.Unprocessable, "foglio.mancante", "there is no sheet Operatori in the workbook: use the template")
	ErrTitoli   = domain.Refuse(domain.Unprocessable, "foglio.intestazione", "the headings are not those of the template: use the template of today, and leave its first row as it is")
	ErrRighe    = domain.Refuse(domain.Unprocessable, "foglio.troppe_righe", "the sheet has more rows than a form can have (500): split it")
	ErrColonne  = domain.Refuse(domain.Unprocessable, "foglio.troppe_colonne", "the sheet has more columns than a form can have: use the template")
	ErrRovinato = domain.Refuse(domain.Unprocessable, "foglio.rovinato", "the workbook cannot be read: open it, save it again as .xlsx, and send that")
)
