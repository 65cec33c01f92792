package correlazioni_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/correlazioni"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

// azione is an action on two cases, among events of others.
func azione(correlazione uuid.UUID) (log []domain.Recorded) {
	for n := range 40 {
		c := id.CasoDi(fmt.Sprint(n % 4))
		r := domain.Recorded{
			ID: uuid.New(), Stream: caso.Decider.Stream(c.String()), Subject: c.UUID, Version: uint64(n/4 + 1), Position: uint64(10 * n),
			Event: caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Cellulare: fmt.Sprint(n)}}, Meta: domain.Meta{Correlazione: uuid.New()},
		}
		if n%4 < 2 {
			r.Meta.Correlazione = correlazione
		}
		log = append(log, r)
	}
	return log
}

func TestTheEventsOfAnActionAreFoundInTheOrderOfTheLog(t *testing.T) {
	correlazione := uuid.New()
	log := azione(correlazione)
	pool := modeltest.Pool(t, correlazioni.Projection, log...)
	var got []correlazioni.Riga
	for cursore, pagine := "", 0; ; pagine++ {
		p, err := correlazioni.Elenco(t.Context(), pool, correlazione, elenco.Richiesta{Limite: 10, Cursore: cursore})
		if err != nil || p.Totale != 20 {
			t.Fatal(p.Totale, err)
		}
		got = append(got, p.Voci...)
		if cursore = p.Cursore; cursore == "" || pagine > 4 {
			break
		}
	}
	var want []correlazioni.Riga
	for _, r := range log {
		if r.Meta.Correlazione == correlazione {
			want = append(want, correlazioni.Riga{Correlazione: correlazione, Posizione: r.Position, Flusso: r.Stream, Versione: r.Version})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
