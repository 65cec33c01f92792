// Package accesso says who looked at what: the record that is durable before
// anything of a case is shown, and of each look that was refused (GEPI-16, D-4).
// A record holds ids, codes and counts: nothing personal, and of what was
// searched for the names of the fields alone.
package accesso

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of the access log.
//
//sumtype:decl
type Event interface {
	domain.Event
	isAccesso()
}

// Classe is a class of data, as docs/operations.md lists them.
type Classe string

// The classes that are shown to people.
const (
	Instradamento Classe = "D2"  // who and where: names, codici fiscali, addresses
	Dettaglio     Classe = "D3"  // the open case
	Assegnazioni  Classe = "D4"  // who gave it to whom
	Segnalazioni  Classe = "D5"  // and what was told to the nucleo
	Sostegni      Classe = "D9"  // activated before somebody is responsible
	Incontri      Classe = "D10" // the agenda
	Accessi       Classe = "D12" // the access log itself
)

// Decisione is what became of a request.
type Decisione string

// The decisions.
const (
	Consentito Decisione = "CONSENTITO"
	Negato     Decisione = "NEGATO"
)

type (
	// Registrato is one look, or one that was refused. When it was stands in the
	// metadata.
	Registrato struct {
		Operatore  id.Operatore      `json:"operatore_id"`
		Profilo    id.Accreditamento `json:"profilo,omitzero"` // the active one; none when nobody was let in
		Ruolo      domain.Ruolo      `json:"ruolo,omitempty"`
		Territorio domain.Territorio `json:"territorio"`
		Sessione   string            `json:"sessione"` // hash of it
		Richiesta  uuid.UUID         `json:"richiesta"`
		Rotta      string            `json:"rotta"`
		Decisione  Decisione         `json:"decisione"`
		Motivo     string            `json:"motivo,omitempty"` // code of the refusal
		Caso       id.Caso           `json:"caso_id,omitzero"` // none where many were shown, or none
		Classi     []Classe          `json:"classi,omitempty"`
		Righe      int               `json:"righe"`
		Campi      []string          `json:"campi,omitempty"` // names of what was searched by
	}
)

// Aggregate is every event that a stream of the access log may hold.
var Aggregate = domain.Aggregate{Category: categoria, Entries: []domain.Entry{domain.Of[Registrato]()}}

const categoria = "accesso"

// Nazionale stands in the place of the ambito for who belongs to none.
const Nazionale = "nazionale"

// ErrRegistro says that a look could not be recorded, and is refused.
var ErrRegistro = domain.Refuse(domain.Unavailable, "registro.non_disponibile",
	"who looks at a case is recorded first, and the record cannot be written now: nothing is shown; repeat the request later")

// Mese names a month, 202605, of the calendar where the service is.
func Mese(t time.Time) string { return t.Format("200601") }

// Flusso names the stream of an ambito and a month, of one writer.
func Flusso(ambito, mese, replica string) string {
	return strings.Join([]string{categoria, ambito, mese, replica}, "-")
}

// Luogo reads from the name of a stream the ambito and the month. The code of
// an ambito may hold hyphens; the others may not.
func Luogo(flusso string) (ambito, mese string, ok bool) {
	resto, ok := strings.CutPrefix(flusso, categoria+"-")
	parti := strings.Split(resto, "-")
	n := len(parti)
	if !ok || n < 3 || len(parti[n-2]) != len("200601") {
		return "", "", false
	}
	return strings.Join(parti[:n-2], "-"), parti[n-2], true
}

func (Registrato) EventType() string { return "AccessoRegistrato" }
func (Registrato) isAccesso()        {}
