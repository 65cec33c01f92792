package caso

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Diario is what the case manager wrote down.
type Diario []AnnotazioneInserita

const massimoAnnotazione = 4000 // characters

//sumtype:decl
type diario interface {
	Event
	isDiario()
}

type (
	// AnnotazioneInserita adds a note to the diary. A private one is read by its
	// author alone.
	AnnotazioneInserita struct {
		Annotazione id.Annotazione `json:"annotazione_id"`
		Testo       string         `json:"testo" personale:"testo"`
		Riservata   bool           `json:"riservata"`
	}
)

var eventiDiario = []domain.Entry{domain.Of[AnnotazioneInserita]()}

// Refusals.
var (
	ErrAnnotazioneID     = domain.Refuse(domain.Unprocessable, "annotazione.id_mancante", "the note needs an id of its own")
	ErrAnnotazioneDoppia = domain.Refuse(domain.Refused, "annotazione.id_usata", "another note of the case has this id: notes are not changed, add a new one")
	ErrAnnotazioneTesto  = domain.Refuse(domain.Unprocessable, "annotazione.testo_non_valido", "a note has 1 to 4,000 characters")
)

func (d Diario) evolve(e diario) Diario {
	switch e := e.(type) {
	case AnnotazioneInserita:
		d = append(slices.Clip(d), e)
	}
	return d
}

// testoEntro reports whether a text says something, in so many characters.
func testoEntro(s string, minimo, massimo int) bool {
	return utf8.RuneCountInString(strings.TrimSpace(s)) >= minimo && utf8.RuneCountInString(s) <= massimo
}

func (AnnotazioneInserita) EventType() string { return "AnnotazioneInserita" }
func (AnnotazioneInserita) isDiario()         {}
func (AnnotazioneInserita) isCaso()           {}
