package conservazione_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/conservazione"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
)

type (
	events   = []conservazione.Event
	scenario = domaintest.Scenario[conservazione.State, conservazione.Event]
)

var maggio = conservazione.Scaduto{Flusso: "accesso-PA42-202605-0a1b2c3d", Ambito: "PA42", Mese: "202605", Eventi: 7, Testa: domain.Digest{1, 2, 3}}

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, conservazione.Aggregate.Entries, maggio)
}

func TestScade(t *testing.T) {
	domaintest.Run(t, conservazione.Decider,
		scenario{Name: "ends a stream after 24 months", When: conservazione.Scade{Scaduto: maggio, Oggi: giorno.Data(2028, 6, 1)}, Then: events{maggio}},
		scenario{Name: "is refused on the last day of the 24 months", When: conservazione.Scade{Scaduto: maggio, Oggi: giorno.Data(2028, 5, 31)}, Err: conservazione.ErrAncora},
		scenario{Name: "is refused while the month runs", When: conservazione.Scade{Scaduto: maggio, Oggi: giorno.Data(2026, 5, 31)}, Err: conservazione.ErrAncora},
		scenario{Name: "changes nothing when it has ended", Given: events{maggio}, When: conservazione.Scade{Scaduto: maggio, Oggi: giorno.Data(2028, 5, 31)}},
	)
}

func TestTheLastMonthThatHasExpired(t *testing.T) {
	for oggi, want := range map[giorno.Giorno]string{
		giorno.Data(2028, 6, 1): "202605", giorno.Data(2028, 5, 31): "202604", giorno.Data(2028, 1, 1): "202512", giorno.Data(2028, 2, 29): "202601", giorno.Data(2036, 12, 31): "203411",
	} {
		if got := conservazione.Ultimo(oggi); got != want {
			t.Errorf("%s: %s, want %s", oggi, got, want)
		}
	}
}
