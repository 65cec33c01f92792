package codicefiscale

import "fmt"

// Errore says what is wrong with a code or with the data of one, never the
// code itself. errors.Is compares by Codice.
type Errore struct {
	Codice    string // stable, e.g. "codicefiscale.controllo"
	Posizione int    // of the character at fault, from 1, spaces not counted; 0 when there is none
	messaggio string
}

// What can be wrong with a code.
var (
	ErrLunghezza = &Errore{Codice: "codicefiscale.lunghezza", messaggio: "a codice fiscale has 16 characters, or 11 digits when provisional"}
	ErrCarattere = &Errore{Codice: "codicefiscale.carattere", messaggio: "this character cannot stand here in a codice fiscale"}
	ErrNascita   = &Errore{Codice: "codicefiscale.nascita", messaggio: "the codice fiscale holds a day that its month does not have"}
	ErrControllo = &Errore{Codice: "codicefiscale.controllo", messaggio: "the last character of the codice fiscale does not match the others: one of them is mistyped"}
)

// What can be wrong with the data that a code is computed from.
var (
	ErrNome  = &Errore{Codice: "codicefiscale.nome", messaggio: "name and surname must be in Latin letters, and not both empty"}
	ErrData  = &Errore{Codice: "codicefiscale.data", messaggio: "there is no such date of birth"}
	ErrSesso = &Errore{Codice: "codicefiscale.sesso", messaggio: `sex must be "M" or "F"`}
	ErrLuogo = &Errore{Codice: "codicefiscale.luogo", messaggio: "the place of birth must be a Belfiore code: a letter and three digits"}
)

func (e *Errore) Error() string {
	if e.Posizione == 0 {
		return e.messaggio
	}
	return fmt.Sprintf("%s (character %d)", e.messaggio, e.Posizione)
}

// Is makes errors equal by their code, wherever in the text the fault is.
func (e *Errore) Is(target error) bool {
	t, ok := target.(*Errore)
	return ok && t.Codice == e.Codice
}

// at is the error for the character at index i.
func (e *Errore) at(i int) *Errore {
	qui := *e
	qui.Posizione = i + 1
	return &qui
}
