package oblio_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
	"nucleo/domain/oblio"
)

type (
	events  = []oblio.Event
	iscrive = domaintest.Scenario[oblio.State, oblio.Event]
)

var (
	uno  = id.Cancellazione{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d04")}
	due  = id.Cancellazione{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d05")}
	a, b = uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d06"), uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d07")
	voce = oblio.Voce{Numero: 1, Cancellazione: uno, Chiavi: []uuid.UUID{a}}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, oblio.Aggregate.Entries, oblio.Voce{Numero: 2, Cancellazione: due, Chiavi: []uuid.UUID{b}, Prima: voce.Digest()})
}

func TestKeysAreCountedOnceInAnyOrder(t *testing.T) {
	if oblio.Impronta([]uuid.UUID{a, b}) != oblio.Impronta([]uuid.UUID{b, a, b}) || oblio.Impronta([]uuid.UUID{a}) == oblio.Impronta([]uuid.UUID{b}) {
		t.Error("the digest of keys is not that of the set")
	}
}

func TestTheLedgerIsAChain(t *testing.T) {
	seconda := oblio.Voce{Numero: 2, Cancellazione: due, Chiavi: []uuid.UUID{b}, Prima: voce.Digest()}
	falsa := seconda
	falsa.Prima = domain.Digest{1}
	domaintest.Run(t, oblio.Decider,
		iscrive{Name: "begins", When: oblio.Iscrivi{Cancellazione: uno, Chiavi: []uuid.UUID{a}}, Then: events{voce}},
		iscrive{Name: "goes on", Given: events{voce}, When: oblio.Iscrivi{Cancellazione: due, Chiavi: []uuid.UUID{b}}, Then: events{seconda}},
		iscrive{Name: "enters a key once", Given: events{voce}, When: oblio.Iscrivi{Cancellazione: uno, Chiavi: []uuid.UUID{a}}},
		iscrive{Name: "is completed by what an older log lost", Given: events{voce}, When: oblio.Riporta{Voci: []oblio.Voce{voce, seconda}}, Then: events{seconda}},
		iscrive{Name: "is not completed by what does not go on from it", Given: events{voce}, When: oblio.Riporta{Voci: []oblio.Voce{voce, falsa}}, Err: oblio.ErrRegistro},
		iscrive{Name: "is not completed by another ledger", Given: events{voce}, When: oblio.Riporta{Voci: []oblio.Voce{{Numero: 1, Cancellazione: due, Chiavi: []uuid.UUID{a}}}}, Err: oblio.ErrRegistro},
	)
}
