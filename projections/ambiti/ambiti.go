// Package ambiti answers: which ambiti are there, and which comuni belong to
// them?
package ambiti

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/projections"
)

// Projection builds the map of the territory.
var Projection = projections.Projection[Tabelle]{Name: "ambiti", Version: 1, Categories: []string{"ambito"}, Apply: apply, Indexes: `
	CREATE INDEX ON ambiti (cerca, codice);
	CREATE INDEX ON comuni (ambito, comune);`}

// Tabelle is what the projection keeps.
type Tabelle struct {
	Ambiti projections.Table[string, Riga]  `key:"codice"`
	Comuni projections.Table[string, Luogo] `key:"comune"`
}

// Riga is one ambito.
type Riga struct {
	Denominazione string
	Regione       string
	Cerca         string // the name as words, for search and order
	NumeroComuni  int
}

// Luogo is the ambito of a comune, which has one at most.
type Luogo struct{ Ambito string }

func apply(t *Tabelle, r domain.Recorded) {
	switch e := r.Event.(type) {
	case ambito.Creato:
		riga := t.Ambiti.Row(e.Codice)
		riga.Denominazione, riga.Regione, riga.Cerca = e.Denominazione, e.Regione, testo(e.Denominazione)
	case ambito.ComuneAssociato:
		codice := strings.TrimPrefix(r.Stream, "ambito-")
		t.Comuni.Row(e.Comune).Ambito = codice
		t.Ambiti.Row(codice).NumeroComuni++
	}
}

// testo is a text as words between single spaces, in capital letters without
// accents.
func testo(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToUpper(r)
		}
		return ' '
	}, norm.NFKD.String(text))
	return strings.Join(strings.Fields(clean), " ")
}
