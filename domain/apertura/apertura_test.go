package apertura_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain/apertura"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

type (
	events   = []apertura.Event
	scenario = domaintest.Scenario[apertura.State, apertura.Event]
)

var (
	oggi      = giorno.Data(2026, 5, 4)
	adesso    = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	revisora  = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d01")}
	privacy   = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d02")}
	chiesta   = apertura.Richiesta{Caso: id.CasoDi("INPS-RDC-2026-1"), Ambito: "PA42", Da: revisora, Motivo: apertura.Ispezione, Riferimento: "PROT-2026/114", Periodo: apertura.Periodo{Dal: oggi - 60, Al: oggi}, Il: oggi}
	concessa  = apertura.Concessa{Da: privacy, Scade: adesso.Add(time.Hour)}
	negata    = apertura.Negata{Da: privacy, Motivo: "NON_MOTIVATA"}
	concedi   = apertura.Concedi{Da: privacy, Oggi: oggi, Adesso: adesso}
	daSe      = apertura.Concedi{Da: revisora, Oggi: oggi, Adesso: adesso}
	diAltra   = apertura.Concedi{Da: id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d03")}, Oggi: oggi, Adesso: adesso}
	troppoPoi = apertura.Concedi{Da: privacy, Oggi: oggi + apertura.Attesa + 1, Adesso: adesso}
)

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, apertura.Aggregate.Entries, chiesta, concessa, negata)
}

func con(cambia func(*apertura.Richiesta)) apertura.Chiedi {
	r := chiesta
	cambia(&r)
	return apertura.Chiedi{Richiesta: r}
}

func TestChiedi(t *testing.T) {
	domaintest.Run(t, apertura.Decider,
		scenario{Name: "asks", When: apertura.Chiedi{Richiesta: chiesta}, Then: events{chiesta}},
		scenario{Name: "changes nothing when it was asked", Given: events{chiesta}, When: apertura.Chiedi{Richiesta: chiesta}},
		scenario{Name: "is refused without a reason of the list", When: con(func(r *apertura.Richiesta) { r.Motivo = "CURIOSITA" }), Err: apertura.ErrMotivo, Field: "motivo"},
		scenario{Name: "is refused for a reference that is a sentence", When: con(func(r *apertura.Richiesta) { r.Riferimento = "esposto di Rossi 1" }), Err: apertura.ErrRiferimento, Field: "riferimento"},
		scenario{Name: "is refused for a reference that is a word", When: con(func(r *apertura.Richiesta) { r.Riferimento = "ROSSI" }), Err: apertura.ErrRiferimento, Field: "riferimento"},
		scenario{Name: "is refused for days to come", When: con(func(r *apertura.Richiesta) { r.Periodo.Al = oggi + 1 }), Err: apertura.ErrPeriodo, Field: "periodo"},
		scenario{Name: "is refused for a stretch that ends before it begins", When: con(func(r *apertura.Richiesta) { r.Periodo.Al = r.Periodo.Dal - 1 }), Err: apertura.ErrPeriodo, Field: "periodo"},
	)
}

func TestADecisionTakesAnotherPerson(t *testing.T) {
	domaintest.Run(t, apertura.Decider,
		scenario{Name: "is granted for an hour", Given: events{chiesta}, When: concedi, Then: events{concessa}},
		scenario{Name: "is refused to who asked", Given: events{chiesta}, When: daSe, Err: apertura.ErrStessaPersona},
		scenario{Name: "is refused to who asked, though another decided", Given: events{chiesta, negata}, When: daSe, Err: apertura.ErrStessaPersona},
		scenario{Name: "changes nothing when they granted it", Given: events{chiesta, concessa}, When: concedi},
		scenario{Name: "is refused when another decided", Given: events{chiesta, concessa}, When: diAltra, Err: apertura.ErrDecisa},
		scenario{Name: "is refused after a week", Given: events{chiesta}, When: troppoPoi, Err: apertura.ErrVecchia},
		scenario{Name: "is refused for what nobody asked", When: concedi, Err: apertura.ErrInesistente},
		scenario{Name: "may be no", Given: events{chiesta}, When: apertura.Nega{Da: privacy, Motivo: "NON_MOTIVATA"}, Then: events{negata}},
		scenario{Name: "may not be no of who asked", Given: events{chiesta}, When: apertura.Nega{Da: revisora, Motivo: "NON_MOTIVATA"}, Err: apertura.ErrStessaPersona},
		scenario{Name: "changes nothing when they said no", Given: events{chiesta, negata}, When: apertura.Nega{Da: privacy, Motivo: "NON_MOTIVATA"}},
		scenario{Name: "no takes a reason of the list", Given: events{chiesta}, When: apertura.Nega{Da: privacy, Motivo: "BOH"}, Err: apertura.ErrMotivo, Field: "motivo"},
	)
}

func TestAnOpeningIsOfWhoAskedAndForAnHour(t *testing.T) {
	for nome, c := range map[string]struct {
		log    events
		chi    id.Operatore
		quando time.Time
		err    error
	}{
		"opens":              {events{chiesta, concessa}, revisora, adesso.Add(59 * time.Minute), nil},
		"is over":            {events{chiesta, concessa}, revisora, adesso.Add(time.Hour), apertura.ErrScaduta},
		"is not granted":     {events{chiesta}, revisora, adesso, apertura.ErrNonConcessa},
		"was refused":        {events{chiesta, negata}, revisora, adesso, apertura.ErrNonConcessa},
		"is not the decider": {events{chiesta, concessa}, privacy, adesso, apertura.ErrInesistente},
		"is nothing":         {nil, revisora, adesso, apertura.ErrInesistente},
	} {
		if err := apertura.Decider.Fold(apertura.State{}, c.log...).Apre(c.chi, c.quando); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", nome, err)
		}
	}
}
