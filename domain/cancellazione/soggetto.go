package cancellazione

import (
	"github.com/google/uuid"

	"nucleo/domain/id"
)

// Tipo is what is erased.
type Tipo string

// The kinds of subjects.
const (
	Nucleo    Tipo = "NUCLEO"    // all that a case holds of a household, every person and text of it
	Persona   Tipo = "PERSONA"   // one person of it, but for what texts say
	Documento Tipo = "DOCUMENTO" // the texts of one event of a case
	Operatore Tipo = "OPERATORE" // one operator
)

// Soggetto is whose data are erased. All of it lies in one stream.
type Soggetto struct {
	Tipo  Tipo      `json:"tipo"`
	Caso  id.Caso   `json:"caso_id"`  // none of an operator
	Quale uuid.UUID `json:"quale_id"` // the person, the event or the operator; none of a household
}

// Flusso is the stream that holds what is sealed of a subject.
func (s Soggetto) Flusso() string {
	if s.Tipo == Operatore {
		return "operatore-" + s.Quale.String()
	}
	return "caso-" + s.Caso.String()
}

// Comprende reports whether a sealed value in the stream, by the name of whose
// it is, goes with the subject.
func (s Soggetto) Comprende(sigillato string) bool {
	switch s.Tipo {
	case Persona:
		return sigillato == "persona/"+s.Quale.String()
	case Documento:
		return sigillato == "documento/"+s.Quale.String()
	}
	return true
}

// valido reports whether a subject names what its kind needs, and nothing else.
func (s Soggetto) valido() bool {
	switch s.Tipo {
	case Nucleo:
		return !s.Caso.IsZero() && s.Quale == uuid.Nil
	case Persona, Documento:
		return !s.Caso.IsZero() && s.Quale != uuid.Nil
	case Operatore:
		return s.Caso.IsZero() && s.Quale != uuid.Nil
	}
	return false
}
