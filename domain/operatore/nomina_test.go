package operatore_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/operatore"
)

// TestAnAmministratoreIsNamedByAFormalAct leaves out each particular by itself,
// then all of them (ACC-06, ACC-22).
func TestAnAmministratoreIsNamedByAFormalAct(t *testing.T) {
	nomina := accredita("a1", domain.AmministratoreAmbito, tuttoPA42, superUtente)
	senza := map[string]func(*operatore.Registrato, *operatore.Richiesta){
		"richiesta.protocollo": func(_ *operatore.Registrato, r *operatore.Richiesta) { r.Protocollo = " " },
		"richiesta.data":       func(_ *operatore.Registrato, r *operatore.Richiesta) { r.Data = 0 },
		"richiesta.nota_pec":   func(_ *operatore.Registrato, r *operatore.Richiesta) { r.NotaPEC = "" },
		"richiesta.documento":  func(_ *operatore.Registrato, r *operatore.Richiesta) { r.Documento = "" },
		"data_nascita":         func(d *operatore.Registrato, _ *operatore.Richiesta) { d.DataNascita = 0 },
		"comune_nascita":       func(d *operatore.Registrato, _ *operatore.Richiesta) { d.ComuneNascita = "" },
		"genere":               func(d *operatore.Registrato, _ *operatore.Richiesta) { d.Genere = "" },
		"email":                func(d *operatore.Registrato, _ *operatore.Richiesta) { d.Email = "" },
		"telefono":             func(d *operatore.Registrato, _ *operatore.Richiesta) { d.Telefono = " " },
	}
	var scenarios []scenario
	for campo, toglie := range senza {
		chi, c := mario, nomina
		toglie(&chi, &c.Richiesta)
		scenarios = append(scenarios, scenario{Name: "not without " + campo, Given: events{chi}, When: c, Err: operatore.ErrNomina, Field: campo})
	}
	conDelega, accreditata := nomina, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)
	conDelega.Richiesta.Delega, accreditata.Richiesta.Delega = "2024/3", "2024/3"
	nascita := operatore.NascitaCompletata{DataNascita: mario.DataNascita, ComuneNascita: mario.ComuneNascita, Genere: mario.Genere}
	recapiti := operatore.RecapitiAggiornati{Email: mario.Email, Telefono: mario.Telefono}
	domaintest.Run(t, operatore.Decider, append(scenarios,
		scenario{Name: "whoever signed for another is kept", Given: events{mario}, When: conDelega, Then: events{accreditata}},
		scenario{Name: "what was not known may be said later", Given: events{sconosciuto, nascita, recapiti}, When: nomina, Then: events{accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)}},
		scenario{Name: "who was named before stays", Given: events{sconosciuto, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)}, When: con(nomina, func(c *operatore.Accredita) { c.Richiesta = operatore.Richiesta{} })},
		scenario{Name: "another role needs no note and no document", Given: events{mario}, When: accredita("a1", domain.CaseManager, tuttoPA42, superUtente), Then: events{accreditato("a1", domain.CaseManager, tuttoPA42)}},
		scenario{Name: "nor is it for who is known by name alone", Given: events{sconosciuto}, When: accredita("a1", domain.CaseManager, tuttoPA42, superUtente), Err: operatore.ErrDatiIncompleti, Field: "data_nascita"},
		scenario{Name: "nor is that of the Ministry", Given: events{sconosciuto}, When: accredita("a1", domain.Auditor, domain.Territorio{}, superUtente), Err: operatore.ErrDatiIncompleti, Field: "data_nascita"},
		scenario{Name: "the birth is added once", Given: events{sconosciuto}, When: operatore.Registra{Dati: mario, Completa: true, Oggi: gennaio}, Then: events{nascita}},
		scenario{Name: "the birth that is known stays", Given: events{mario}, When: operatore.Registra{Dati: mario, Completa: true, Oggi: gennaio}},
		scenario{Name: "the birth is added in parts", Given: events{sconosciuto, operatore.NascitaCompletata{Genere: "M"}}, When: operatore.Registra{Dati: mario, Completa: true, Oggi: gennaio},
			Then: events{operatore.NascitaCompletata{DataNascita: mario.DataNascita, ComuneNascita: mario.ComuneNascita}}},
		scenario{Name: "a file of operators adds nothing", Given: events{sconosciuto}, When: operatore.Registra{Dati: mario, Oggi: gennaio}},
	)...)

	nomina.Richiesta = operatore.Richiesta{}
	_, err := nomina.Decide(operatore.Decider.Fold(operatore.State{}, sconosciuto))
	var rifiuto *domain.Error
	if !errors.As(err, &rifiuto) {
		t.Fatal(err)
	}
	campi := slices.Sorted(slices.Values(append(rifiuto.Others, rifiuto.Field)))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(senza)), campi); diff != "" {
		t.Error(diff)
	}
}
