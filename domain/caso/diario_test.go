package caso_test

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

var (
	annota       = caso.Annota{Annotazione: chiave[id.Annotazione]("01"), Testo: "ha trovato casa", Riservata: true}
	annotata     = caso.AnnotazioneInserita{Annotazione: chiave[id.Annotazione]("01"), Testo: "ha trovato casa", Riservata: true}
	esempiDiario = []domain.Event{annotata}
)

func TestAnnota(t *testing.T) {
	con := func(cambia func(*caso.Annota)) caso.Annota {
		c := annota
		cambia(&c)
		return c
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "writes a note", Given: events{ricevuta}, When: annota, Then: events{annotata}},
		scenario{
			Name:  "writes of a case that is closed",
			Given: events{ricevuta, caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia}},
			When:  annota,
			Then:  events{annotata},
		},
		scenario{
			Name:  "takes 4,000 letters, accents and all",
			Given: events{ricevuta},
			When:  con(func(c *caso.Annota) { c.Testo = strings.Repeat("à", 4000) }),
			Then:  events{caso.AnnotazioneInserita{Annotazione: annota.Annotazione, Testo: strings.Repeat("à", 4000), Riservata: true}},
		},
		scenario{Name: "changes nothing when it stands there", Given: events{ricevuta, annotata}, When: annota},
		scenario{Name: "is refused for a case that is not there", When: annota, Err: caso.ErrInesistente},
		scenario{
			Name:  "is refused when the id is another's",
			Given: events{ricevuta, annotata},
			When:  con(func(c *caso.Annota) { c.Riservata = false }),
			Err:   caso.ErrAnnotazioneDoppia, Field: "annotazione_id",
		},
		scenario{Name: "is refused without an id", Given: events{ricevuta}, When: con(func(c *caso.Annota) { c.Annotazione = id.Annotazione{} }), Err: caso.ErrAnnotazioneID, Field: "annotazione_id"},
		scenario{Name: "is refused when it says nothing", Given: events{ricevuta}, When: con(func(c *caso.Annota) { c.Testo = "\t" }), Err: caso.ErrAnnotazioneTesto, Field: "testo"},
		scenario{Name: "is refused when it says too much", Given: events{ricevuta}, When: con(func(c *caso.Annota) { c.Testo = strings.Repeat("à", 4001) }), Err: caso.ErrAnnotazioneTesto, Field: "testo"},
	)
}
