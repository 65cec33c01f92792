// Package id names the things of the domain. The compiler keeps the id of a
// caso from being used as that of an operatore.
package id

import "github.com/google/uuid"

// ID identifies one T. Its zero value identifies nothing.
type ID[T any] struct{ uuid.UUID }

// IsZero reports whether i identifies nothing.
func (i ID[T]) IsZero() bool { return i.UUID == uuid.Nil }

// New makes an id that sorts by time of creation.
func New[I ~struct{ uuid.UUID }]() I { return I{uuid.Must(uuid.NewV7())} }

// The things that have ids.
type (
	Accreditamento  = ID[accreditamento]
	Allarme         = ID[allarme]
	Annotazione     = ID[annotazione]
	Apertura        = ID[apertura]
	Cancellazione   = ID[cancellazione]
	Caso            = ID[caso]
	Componente      = ID[componente]
	Comunicazione   = ID[comunicazione]
	Impegno         = ID[impegno]
	Importazione    = ID[importazione]
	Incontro        = ID[incontro]
	Indisponibilita = ID[indisponibilita]
	Massivo         = ID[massivo]
	Obiettivo       = ID[obiettivo]
	Operatore       = ID[operatore]
	Processo        = ID[processo]
	Risultato       = ID[risultato]
	Segnalazione    = ID[segnalazione]
	Sostegno        = ID[sostegno]
)

type (
	accreditamento  struct{}
	allarme         struct{}
	annotazione     struct{}
	apertura        struct{}
	cancellazione   struct{}
	caso            struct{}
	componente      struct{}
	comunicazione   struct{}
	impegno         struct{}
	importazione    struct{}
	incontro        struct{}
	indisponibilita struct{}
	massivo         struct{}
	obiettivo       struct{}
	operatore       struct{}
	processo        struct{}
	risultato       struct{}
	segnalazione    struct{}
	sostegno        struct{}
)

// casi is the namespace of the ids of cases.
var casi = uuid.MustParse("0b9f3f62-6f0a-5c57-8d6e-3a1f6c1f4e10")

// CasoDi is the id of the case of a domanda: the same domanda is always the
// same case, so that importing it twice changes nothing.
func CasoDi(domanda string) Caso { return Caso{uuid.NewSHA1(casi, []byte(domanda))} }
