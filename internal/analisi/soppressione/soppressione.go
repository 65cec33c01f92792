// Package soppressione leaves out of a table the numbers that would tell of
// few, and as many others as it takes so that nobody can work them out from
// the rest: by the sums, and by the knowledge that no number is below zero.
//
// A table is cells in rows and columns with their totals. Seen as a graph whose
// nodes are its rows and columns and whose edges are its cells, whatever the
// hidden cells may be instead is a flow around hidden edges: a cell can be told
// from the others exactly where no such flow goes through it. So hidden is what
// lets enough flow through every small cell that it might as well be a large one.
package soppressione

// Soglia is the least number, but zero, that is told.
const Soglia = 5

// Cella is one number of a table.
type Cella struct {
	Valore   int
	Nascosta bool // it is not told
	Nota     bool // it is told elsewhere: it cannot be hidden
}

func (c Cella) piccola() bool { return c.Valore > 0 && c.Valore < Soglia }

// Tavola is a table with its totals. Row and column 0 are those.
type Tavola struct {
	righe, colonne int
	celle          []Cella
	linea          bool // one row alone: columns have no totals
}

// Nuova makes a table of so many rows and columns beside the totals.
func Nuova(righe, colonne int) *Tavola {
	return &Tavola{righe: righe + 1, colonne: colonne + 1, celle: make([]Cella, (righe+1)*(colonne+1))}
}

// Elenco makes a table of one row: numbers and their sum, at Di(0, 0).
func Elenco(valori ...int) *Tavola {
	t := &Tavola{righe: 1, colonne: len(valori) + 1, celle: make([]Cella, len(valori)+1), linea: true}
	for i, v := range valori {
		t.Di(0, i+1).Valore = v
		t.Di(0, 0).Valore += v
	}
	return t
}

// Di is the cell of a row and a column; of row 0 or column 0 it is a total.
func (t *Tavola) Di(riga, colonna int) *Cella { return &t.celle[riga*t.colonne+colonna] }

// Conta adds to a cell, and to the totals that it is part of.
func (t *Tavola) Conta(riga, colonna, n int) {
	for _, c := range [...]*Cella{t.Di(riga, colonna), t.Di(0, colonna), t.Di(riga, 0), t.Di(0, 0)} {
		c.Valore += n
	}
}

// Sopprimi hides. A table of fewer than Soglia in all is hidden whole; of a
// larger one the sum stays, and what other tables tell (Nota).
func (t *Tavola) Sopprimi() {
	somma := t.Di(0, 0)
	if somma.piccola() {
		for i := range t.celle {
			t.celle[i].Nascosta = true
		}
		return
	}
	somma.Nota = true
	for i := range t.celle {
		t.celle[i].Nascosta = t.celle[i].Nascosta || t.celle[i].piccola() && !t.celle[i].Nota
	}
	for fatto := false; !fatto; {
		fatto = true
		for i, c := range t.celle {
			if c.Nascosta && t.protegge(i) {
				fatto = false
			}
		}
	}
}

// protegge hides more until a cell is safe, and reports whether it had to: a
// small one may then be a large one, any may be another than it is.
func (t *Tavola) protegge(i int) (altro bool) {
	c := t.celle[i]
	serve := 1
	if c.piccola() {
		serve = Soglia - c.Valore
	} else if t.scende(i) {
		return false
	}
	f := flusso{t: t, di: i, mosso: make([]int, len(t.celle))}
	for serve > 0 {
		via, quanto := f.cerca()
		if quanto == 0 {
			return altro // no table of this sum leaves it open: nothing more can be hidden
		}
		quanto = min(quanto, serve)
		for _, p := range via {
			if !t.celle[p.cella].Nascosta {
				t.celle[p.cella].Nascosta, altro = true, true
			}
			f.mosso[p.cella] += p.verso * quanto
		}
		serve -= quanto
	}
	return altro
}

// scende reports whether a cell may be less than it is, as far as is told.
func (t *Tavola) scende(i int) bool {
	if t.celle[i].Valore == 0 {
		return false
	}
	f := flusso{t: t, di: i, mosso: make([]int, len(t.celle)), scende: true, chiuso: true}
	_, quanto := f.cerca()
	return quanto > 0
}
