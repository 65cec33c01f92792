package storetest

import (
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
)

// Nota is an event of the suite.
type Nota struct {
	Testo  string `json:"testo" personale:"testo"`
	Numero int    `json:"numero"`
}

// EventType implements domain.Event.
func (Nota) EventType() string { return "ProvaNota" }

// Fine is another one.
type Fine struct{}

// EventType implements domain.Event.
func (Fine) EventType() string { return "ProvaFine" }

// Ignoto is an event that the catalogue does not know, as one of a newer
// program.
type Ignoto struct {
	Altro string `json:"altro"`
}

// EventType implements domain.Event.
func (Ignoto) EventType() string { return "ProvaIgnoto" }

// Catalog knows the events of the suite. Its streams are prova-….
var Catalog = domain.NewCatalog(domain.Aggregate{
	Category: "prova",
	Entries:  []domain.Entry{domain.Of[Nota](), domain.Of[Fine]()},
})

// Stream names a new stream.
func Stream() string { return "prova-" + uuid.NewString() }

// Alle is when the events of the suite happen.
var Alle = time.Date(2026, 5, 4, 9, 0, 0, 123_456_000, time.UTC)

// Meta is the metadata of a new command.
func Meta() domain.Meta {
	return domain.Meta{
		Comando: uuid.New(), Impronta: "b6", Correlazione: uuid.New(), Causa: uuid.New(), Attore: uuid.New(),
		Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "A01", Comuni: []string{"G273"}},
		Canale: domain.HTTP, Istante: Alle,
	}
}
