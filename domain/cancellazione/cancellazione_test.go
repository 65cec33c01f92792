package cancellazione_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

type (
	events   = []cancellazione.Event
	scenario = domaintest.Scenario[cancellazione.State, cancellazione.Event]
)

var (
	oggi        = giorno.Data(2026, 5, 4)
	tutela      = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d01")}
	altra       = id.Operatore{UUID: uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d02")}
	persona     = uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d03")
	caso        = id.CasoDi("INPS-RDC-2026-1")
	a, b        = uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d06"), uuid.MustParse("8d5f7a0e-0f6e-8d0c-9a51-2c8a2f7a9d07")
	chiesta     = cancellazione.Richiesta{Soggetto: cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: caso, Quale: persona}, Ambito: "PA42", Da: tutela, Base: cancellazione.TermineDecorso, Riferimento: "PROT-2026/114", Il: oggi}
	rifiutata   = cancellazione.Rifiuto{Da: altra, Motivo: "NON_DOVUTA"}
	data        = cancellazione.Autorizzazione{Da: altra}
	distrutte   = cancellazione.ChiaviDistrutte{Soggetto: chiesta.Soggetto, Chiavi: 2, Impronta: impronta([]uuid.UUID{a, b}), Valori: 9}
	provata     = cancellazione.Prova{Tentati: 9, Modelli: []string{"casi"}, Chiaro: 1, Testo: "nota\n"}
	proposta    = cancellazione.Scadenza{Soggetto: chiesta.Soggetto, Ambito: "PA42", Fine: vecchio.Fine, Il: oggi}
	accantonata = cancellazione.Accantonamento{Da: altra, Motivo: "CONTENZIOSO"}
	vecchio     = cancellazione.Fatti{Noto: true, Fine: giorno.Data(2016, 5, 4)}
)

// impronta stands for the digest of the ids of keys.
func impronta(chiavi []uuid.UUID) domain.Digest { return domain.Digest{byte(len(chiavi))} }

func TestStoredEvents(t *testing.T) {
	domaintest.Golden(t, cancellazione.Aggregate.Entries, proposta, accantonata, chiesta, rifiutata, data, distrutte, provata)
}

func con(cambia func(*cancellazione.Chiedi)) cancellazione.Chiedi {
	c := cancellazione.Chiedi{Richiesta: chiesta, Fatti: vecchio}
	cambia(&c)
	return c
}

func TestChiedi(t *testing.T) {
	come := con(func(*cancellazione.Chiedi) {})
	errata := con(func(c *cancellazione.Chiedi) { c.Base, c.Fatti.InCorso = cancellazione.PersonaErrata, true })
	domaintest.Run(t, cancellazione.Decider,
		scenario{Name: "asks", When: come, Then: events{chiesta}},
		scenario{Name: "changes nothing when it was asked", Given: events{chiesta}, When: come},
		scenario{Name: "is refused without a basis of the list", When: con(func(c *cancellazione.Chiedi) { c.Base = "ANTIPATIA" }), Err: cancellazione.ErrBase, Field: "base"},
		scenario{Name: "is refused for a reference that is a name", When: con(func(c *cancellazione.Chiedi) { c.Riferimento = "ROSSI" }), Err: cancellazione.ErrRiferimento, Field: "riferimento"},
		scenario{Name: "is refused for a person without an id", When: con(func(c *cancellazione.Chiedi) { c.Quale = uuid.Nil }), Err: cancellazione.ErrSoggetto, Field: "tipo"},
		scenario{Name: "is refused for an operator of a case", When: con(func(c *cancellazione.Chiedi) { c.Tipo = cancellazione.Operatore }), Err: cancellazione.ErrSoggetto, Field: "tipo"},
		scenario{Name: "is refused for nobody", When: con(func(c *cancellazione.Chiedi) { c.Fatti.Noto = false }), Err: cancellazione.ErrSoggettoIgnoto},
		scenario{Name: "is refused while the case is held", When: con(func(c *cancellazione.Chiedi) { c.Fatti.Vincolato = true }), Err: cancellazione.ErrVincolo},
		scenario{Name: "is refused while the case is open", When: con(func(c *cancellazione.Chiedi) { c.Fatti.InCorso = true }), Err: cancellazione.ErrCasoAperto},
		scenario{Name: "is refused on the last day of the term", When: con(func(c *cancellazione.Chiedi) { c.Fatti.Fine++ }), Err: cancellazione.ErrTermine},
		scenario{Name: "does not wait for a wrong person", When: errata, Then: events{errata.Richiesta}},
		scenario{Name: "waits for a hold, whatever the basis", When: con(func(c *cancellazione.Chiedi) {
			c.Base, c.Fatti.Vincolato = cancellazione.OrdineAutorita, true
		}), Err: cancellazione.ErrVincolo},
		scenario{Name: "is refused for an operator with roles, whatever the basis", When: con(func(c *cancellazione.Chiedi) {
			c.Soggetto = cancellazione.Soggetto{Tipo: cancellazione.Operatore, Quale: persona}
			c.Base, c.Fatti.InCorso = cancellazione.PersonaErrata, true
		}), Err: cancellazione.ErrOperatoreAttivo},
	)
}

func TestAnErasureTakesAnotherPerson(t *testing.T) {
	autorizza := cancellazione.Autorizza{Da: altra, Oggi: oggi, Fatti: vecchio}
	daSe := cancellazione.Autorizza{Da: tutela, Oggi: oggi, Fatti: vecchio}
	vincolata := cancellazione.Autorizza{Da: altra, Oggi: oggi, Fatti: cancellazione.Fatti{Noto: true, Vincolato: true}}
	domaintest.Run(t, cancellazione.Decider,
		scenario{Name: "is authorised", Given: events{chiesta}, When: autorizza, Then: events{data}},
		scenario{Name: "is not authorised by who asked", Given: events{chiesta}, When: daSe, Err: cancellazione.ErrStessaPersona},
		scenario{Name: "is not authorised when a hold came between", Given: events{chiesta}, When: vincolata, Err: cancellazione.ErrVincolo},
		scenario{Name: "changes nothing when they authorised it", Given: events{chiesta, data}, When: autorizza},
		scenario{Name: "changes nothing when it was carried out", Given: events{chiesta, data, distrutte, provata}, When: autorizza},
		scenario{Name: "is not authorised when it was refused", Given: events{chiesta, rifiutata}, When: autorizza, Err: cancellazione.ErrDecisa},
		scenario{Name: "is nothing that nobody asked", When: autorizza, Err: cancellazione.ErrInesistente},
		scenario{Name: "may be refused", Given: events{chiesta}, When: cancellazione.Rifiuta(rifiutata), Then: events{rifiutata}},
		scenario{Name: "changes nothing when they refused it", Given: events{chiesta, rifiutata}, When: cancellazione.Rifiuta(rifiutata)},
		scenario{Name: "is not refused by who asked", Given: events{chiesta}, When: cancellazione.Rifiuta{Da: tutela, Motivo: "NON_DOVUTA"}, Err: cancellazione.ErrStessaPersona},
		scenario{Name: "is not refused without a reason of the list", Given: events{chiesta}, When: cancellazione.Rifiuta{Da: altra, Motivo: "BOH"}, Err: cancellazione.ErrMotivo, Field: "motivo"},
		scenario{Name: "is not refused once it is authorised", Given: events{chiesta, data}, When: cancellazione.Rifiuta{Da: altra, Motivo: "NON_DOVUTA"}, Err: cancellazione.ErrDecisa},
	)
}

func TestAnErasureIsCarriedOutAndProven(t *testing.T) {
	altre := cancellazione.ChiaviDistrutte{Soggetto: chiesta.Soggetto, Chiavi: 1, Impronta: impronta([]uuid.UUID{a}), Valori: 4}
	domaintest.Run(t, cancellazione.Decider,
		scenario{Name: "notes the keys, and whose they were", Given: events{chiesta, data}, When: cancellazione.Esegui{ChiaviDistrutte: cancellazione.ChiaviDistrutte{Chiavi: 2, Impronta: distrutte.Impronta, Valori: 9}}, Then: events{distrutte}},
		scenario{Name: "notes them once", Given: events{chiesta, data, distrutte}, When: cancellazione.Esegui{ChiaviDistrutte: distrutte}},
		scenario{Name: "notes again when others had to go", Given: events{chiesta, data, altre}, When: cancellazione.Esegui{ChiaviDistrutte: distrutte}, Then: events{distrutte}},
		scenario{Name: "destroys nothing that was not authorised", Given: events{chiesta}, When: cancellazione.Esegui{ChiaviDistrutte: distrutte}, Err: cancellazione.ErrInesistente},
		scenario{Name: "is proven", Given: events{chiesta, data, distrutte}, When: cancellazione.Dimostra{Prova: provata}, Then: events{provata}},
		scenario{Name: "is proven once", Given: events{chiesta, data, distrutte, provata}, When: cancellazione.Dimostra{Prova: provata}},
		scenario{Name: "is not proven before", Given: events{chiesta, data}, When: cancellazione.Dimostra{Prova: provata}, Err: cancellazione.ErrInesistente},
	)
}

func TestWhatGoesWithASubject(t *testing.T) {
	caso := cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: caso}
	doc := cancellazione.Soggetto{Tipo: cancellazione.Documento, Caso: caso.Caso, Quale: persona}
	for nome, c := range map[string]struct {
		s         cancellazione.Soggetto
		sigillato string
		va        bool
	}{
		"a household takes its persons":   {caso, "persona/" + persona.String(), true},
		"a person goes alone":             {chiesta.Soggetto, "caso/" + caso.Caso.String(), false},
		"a person is that person":         {chiesta.Soggetto, "persona/" + persona.String(), true},
		"a document is not its person":    {doc, "persona/" + persona.String(), false},
		"a document is that document":     {doc, "documento/" + persona.String(), true},
		"an operator takes texts on them": {cancellazione.Soggetto{Tipo: cancellazione.Operatore, Quale: persona}, "documento/" + a.String(), true},
	} {
		if c.s.Comprende(c.sigillato) != c.va {
			t.Errorf("%s: %t", nome, !c.va)
		}
	}
	if got := (cancellazione.Soggetto{Tipo: cancellazione.Operatore, Quale: persona}).Flusso(); got != "operatore-"+persona.String() {
		t.Error(got)
	}
}
