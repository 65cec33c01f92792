package vincolo_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain/domaintest"
	"nucleo/domain/id"
	"nucleo/domain/vincolo"
)

type vincola = domaintest.Scenario[vincolo.State, vincolo.Event]

var (
	tutela = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d01")}
	altra  = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d02")}
	posto  = vincolo.Posto{Caso: id.CasoDi("INPS-RDC-2026-1"), Ambito: "PA42", Da: tutela, Motivo: "CONTENZIOSO", Riferimento: "RG-77/2026"}
	tolto  = vincolo.Tolto{Da: altra, Riferimento: "RG-78/2026"}
)

func TestStoredEvents(t *testing.T) { domaintest.Golden(t, vincolo.Aggregate.Entries, posto, tolto) }

func TestAHoldIsPlacedAndLifted(t *testing.T) {
	altro := posto
	altro.Motivo = "INDAGINE"
	domaintest.Run(t, vincolo.Decider,
		vincola{Name: "is placed", When: vincolo.Poni{Posto: posto}, Then: []vincolo.Event{posto}},
		vincola{Name: "is placed once", Given: []vincolo.Event{posto}, When: vincolo.Poni{Posto: posto}},
		vincola{Name: "is not placed over another", Given: []vincolo.Event{posto}, When: vincolo.Poni{Posto: altro}, Err: vincolo.ErrGiaPosto},
		vincola{Name: "takes a reason of the list", When: vincolo.Poni{Posto: vincolo.Posto{Riferimento: "A-1"}}, Err: vincolo.ErrMotivo, Field: "motivo"},
		vincola{Name: "takes an act", When: vincolo.Poni{Posto: vincolo.Posto{Motivo: "INDAGINE", Riferimento: "contro Rossi"}}, Err: vincolo.ErrRiferimento, Field: "riferimento"},
		vincola{Name: "is lifted", Given: []vincolo.Event{posto}, When: vincolo.Togli{Tolto: tolto}, Then: []vincolo.Event{tolto}},
		vincola{Name: "is placed again", Given: []vincolo.Event{posto, tolto}, When: vincolo.Poni{Posto: altro}, Then: []vincolo.Event{altro}},
		vincola{Name: "is not lifted when there is none", When: vincolo.Togli{Tolto: tolto}, Err: vincolo.ErrAssente},
	)
}
