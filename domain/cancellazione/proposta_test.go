package cancellazione_test

import (
	"testing"

	"nucleo/domain/cancellazione"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

// propone is the proposal, with something changed.
func propone(cambia func(*cancellazione.Propone)) cancellazione.Propone {
	c := cancellazione.Propone{Scadenza: proposta, Fatti: vecchio}
	c.Fine = 0
	cambia(&c)
	return c
}

func TestTheProgramProposes(t *testing.T) {
	come := propone(func(*cancellazione.Propone) {})
	domaintest.Run(t, cancellazione.Decider,
		scenario{Name: "proposes what is over", When: come, Then: events{proposta}},
		scenario{Name: "proposes once", Given: events{proposta}, When: come},
		scenario{Name: "does not propose what was set aside", Given: events{proposta, accantonata}, When: come},
		scenario{Name: "does not propose what a person asked for", Given: events{chiesta}, When: come},
		scenario{Name: "waits for the last day of the term", When: propone(func(c *cancellazione.Propone) { c.Fatti.Fine++ }), Err: cancellazione.ErrTermine},
		scenario{Name: "waits for the case to end", When: propone(func(c *cancellazione.Propone) { c.Fatti.InCorso = true }), Err: cancellazione.ErrCasoAperto},
		scenario{Name: "waits while the case is held", When: propone(func(c *cancellazione.Propone) { c.Fatti.Vincolato = true }), Err: cancellazione.ErrVincolo},
		scenario{Name: "proposes no document", When: propone(func(c *cancellazione.Propone) { c.Tipo = cancellazione.Documento }), Err: cancellazione.ErrSoggetto, Field: "tipo"},
	)
}

// One person alone never comes to an erasure, whatever the program proposes.
func TestAProposalTakesTwoPersons(t *testing.T) {
	prende := cancellazione.Prende{Da: tutela, Riferimento: chiesta.Riferimento, Il: oggi, Fatti: vecchio}
	autorizza := func(chi id.Operatore) cancellazione.Autorizza {
		return cancellazione.Autorizza{Da: chi, Oggi: oggi, Fatti: vecchio}
	}
	vincolato, ignoto := prende, prende
	vincolato.Fatti.Vincolato = true
	ignoto.Riferimento = "ROSSI"
	domaintest.Run(t, cancellazione.Decider,
		scenario{Name: "is authorised by nobody before it is taken up", Given: events{proposta}, When: autorizza(altra), Err: cancellazione.ErrNonPresa},
		scenario{Name: "is refused by nobody before it is taken up", Given: events{proposta}, When: cancellazione.Rifiuta(rifiutata), Err: cancellazione.ErrNonPresa},
		scenario{Name: "is a request once it is taken up", Given: events{proposta}, When: prende, Then: events{chiesta}},
		scenario{Name: "is not authorised by who took it up", Given: events{proposta, chiesta}, When: autorizza(tutela), Err: cancellazione.ErrStessaPersona},
		scenario{Name: "is authorised by another", Given: events{proposta, chiesta}, When: autorizza(altra), Then: events{data}},
		scenario{Name: "is taken up once", Given: events{proposta, chiesta}, When: prende},
		scenario{Name: "is not taken up by two", Given: events{proposta, chiesta}, When: cancellazione.Prende{Da: altra, Riferimento: "2/2036", Il: oggi, Fatti: vecchio}, Err: cancellazione.ErrGiaPresa},
		scenario{Name: "is not taken up once it was refused", Given: events{proposta, chiesta, rifiutata}, When: prende, Err: cancellazione.ErrGiaPresa},
		scenario{Name: "is not taken up while a hold stands", Given: events{proposta}, When: vincolato, Err: cancellazione.ErrVincolo},
		scenario{Name: "is not taken up without an act", Given: events{proposta}, When: ignoto, Err: cancellazione.ErrRiferimento, Field: "riferimento"},
		scenario{Name: "is nothing that nobody proposed", When: prende, Err: cancellazione.ErrInesistente},
		scenario{Name: "is set aside", Given: events{proposta}, When: cancellazione.Accantona(accantonata), Then: events{accantonata}},
		scenario{Name: "is set aside once", Given: events{proposta, accantonata}, When: cancellazione.Accantona(accantonata)},
		scenario{Name: "is not authorised by who set it aside", Given: events{proposta, accantonata}, When: autorizza(altra), Err: cancellazione.ErrNonPresa},
		scenario{Name: "is taken up after it was set aside", Given: events{proposta, accantonata}, When: prende, Then: events{chiesta}},
		scenario{Name: "is not set aside once it is taken up", Given: events{proposta, chiesta}, When: cancellazione.Accantona(accantonata), Err: cancellazione.ErrGiaPresa},
		scenario{Name: "is not set aside without a reason of the list", Given: events{proposta}, When: cancellazione.Accantona{Da: altra, Motivo: "BOH"}, Err: cancellazione.ErrPerProposta, Field: "motivo"},
	)
}

func TestWhatWasAskedForIsNotProposed(t *testing.T) {
	nucleo := cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: caso}
	altrove := cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: id.CasoDi("INPS-RDC-2026-2")}
	for nome, c := range map[string]struct {
		fu    cancellazione.Chiesta
		di    cancellazione.Soggetto
		basta bool
	}{
		"it is proposed":                      {cancellazione.Chiesta{Soggetto: nucleo, Stato: cancellazione.Proposta, Posizione: 1}, nucleo, true},
		"a person goes with the household":    {cancellazione.Chiesta{Soggetto: nucleo, Stato: cancellazione.InAttesa, Posizione: 1}, chiesta.Soggetto, true},
		"the household goes with no person":   {cancellazione.Chiesta{Soggetto: chiesta.Soggetto, Stato: cancellazione.Provata, Posizione: 9}, nucleo, false},
		"another case":                        {cancellazione.Chiesta{Soggetto: altrove, Stato: cancellazione.Provata, Posizione: 9}, nucleo, false},
		"it is erased":                        {cancellazione.Chiesta{Soggetto: nucleo, Stato: cancellazione.Provata, Posizione: 9}, nucleo, true},
		"it was erased, and the case went on": {cancellazione.Chiesta{Soggetto: nucleo, Stato: cancellazione.Provata, Posizione: 4}, nucleo, false},
		"it was set aside":                    {cancellazione.Chiesta{Soggetto: nucleo, Base: cancellazione.TermineDecorso, Stato: cancellazione.Accantonata, Posizione: 9}, nucleo, true},
		"it was refused on another basis":     {cancellazione.Chiesta{Soggetto: nucleo, Base: cancellazione.PersonaErrata, Stato: cancellazione.Rifiutata, Posizione: 9}, nucleo, false},
	} {
		if c.fu.Basta(c.di, 5) != c.basta {
			t.Errorf("%s: %t", nome, !c.basta)
		}
	}
}
