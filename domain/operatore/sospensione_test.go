package operatore_test

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/operatore"
)

var (
	sospeso    = operatore.Sospeso{Motivo: "indagine"}
	riattivato = operatore.Riattivato{Motivo: "chiusa"}
)

func TestSospendi(t *testing.T) {
	cm := events{mario, accreditato("a1", domain.CaseManager, aPalermo)}
	sospendi := func(chi operatore.Accreditante) operatore.Sospendi {
		return operatore.Sospendi{Motivo: sospeso.Motivo, Chi: chi}
	}
	riattiva := operatore.Riattiva{Motivo: riattivato.Motivo, Chi: amministratore}
	proprio := superUtente
	proprio.SeStesso = true
	capo := events{mario, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "by the amministratore", Given: cm, When: sospendi(amministratore), Then: events{sospeso}},
		scenario{Name: "by a Super Utente", Given: cm, When: sospendi(superUtente), Then: events{sospeso}},
		scenario{Name: "of an amministratore by a Super Utente", Given: capo, When: sospendi(superUtente), Then: events{sospeso}},
		scenario{Name: "changes nothing twice", Given: append(cm, sospeso), When: sospendi(amministratore)},
		scenario{Name: "ends", Given: append(cm, sospeso), When: riattiva, Then: events{riattivato}},
		scenario{Name: "that is none does not end", Given: cm, When: riattiva},
		scenario{Name: "of an amministratore is refused to another", Given: capo, When: sospendi(amministratore), Err: operatore.ErrNonTuo},
		scenario{Name: "is refused to an amministratore of another ambito", Given: cm, When: sospendi(vicino), Err: operatore.ErrInesistente},
		scenario{Name: "is refused to a coordinator", Given: cm, When: sospendi(coordinatrice), Err: operatore.ErrNonTuo},
		scenario{Name: "of oneself is refused", Given: cm, When: sospendi(proprio), Err: operatore.ErrSeStesso},
		scenario{Name: "of nobody is refused", When: sospendi(superUtente), Err: operatore.ErrInesistente},
		scenario{Name: "without a reason is refused", Given: cm, When: operatore.Sospendi{Motivo: " ", Chi: amministratore}, Err: operatore.ErrMotivo, Field: "motivo"},
		scenario{Name: "for a long reason is refused", Given: cm, When: operatore.Sospendi{Motivo: strings.Repeat("x", 501), Chi: amministratore}, Err: operatore.ErrMotivoTroppoLungo, Field: "motivo"},
		scenario{Name: "keeps from new roles", Given: append(cm, sospeso), When: accredita("a2", domain.CoordinatorePaIS, aPalermo, amministratore), Err: operatore.ErrSospeso},
	)
	oggi := gennaio + 100
	for n, want := range map[int]int{2: 1, 3: 0, 4: 1} {
		if got := len(operatore.Decider.Fold(operatore.State{}, append(cm, sospeso, riattivato)[:n]...).Attivi(oggi)); got != want {
			t.Errorf("after %d events: %d profiles, not %d", n, got, want)
		}
	}
}

func TestModifica(t *testing.T) {
	cm := events{mario, accreditato("a1", domain.CaseManager, aPalermo)}
	modifica := func(fondo string, chi operatore.Accreditante, comuni ...string) operatore.Modifica {
		return operatore.Modifica{Accreditamento: acc("a1"), Comuni: comuni, Fondo: fondo, ComuniAmbito: palermitano, Adesioni: firmata, Richiesta: chiesto, Oggi: gennaio, Chi: chi}
	}
	nonDelegato := modifica("", amministratore)
	nonDelegato.Adesioni.Delegati = nil
	intero := nonDelegato
	intero.Fondo = "PON"
	dove := func(livello string, comuni ...string) operatore.Modificato {
		return operatore.Modificato{Accreditamento: acc("a1"), Da: []string{"G273"}, Comuni: comuni, Livello: livello, Richiesta: chiesto}
	}
	come := func(cambia func(*operatore.Modifica), comuni ...string) operatore.Modifica {
		c := modifica("", amministratore, comuni...)
		cambia(&c)
		return c
	}
	due := accreditato("a1", domain.CaseManager, domain.Territorio{Ambito: "PA42", Comuni: palermitano})
	senzaRichiesta := func(c *operatore.Modifica) { c.Richiesta = operatore.Richiesta{} }
	pon := operatore.FondoAggiornato{Accreditamento: acc("a1"), Fondo: "PON"}
	refused := func(name string, err error, field string, cmd operatore.Modifica) scenario {
		return scenario{Name: name, Given: append(cm, accreditato("a2", domain.CaseManager, aMonreale)), When: cmd, Err: err, Field: field}
	}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "adds a comune", Given: cm, When: modifica("", amministratore, "G273", "F377"), Then: events{dove("C", "F377", "G273")}},
		scenario{Name: "makes it the ambito whole", Given: cm, When: modifica("", amministratore), Then: events{dove("A")}},
		scenario{
			Name: "needs no request to take a comune away, nor keeps one", Given: events{mario, due}, When: come(func(c *operatore.Modifica) { c.Adesioni = operatore.Adesioni{} }, "G273"),
			Then: events{operatore.Modificato{Accreditamento: acc("a1"), Da: palermitano, Comuni: []string{"G273"}, Livello: "C"}},
		},
		scenario{Name: "adds no comune that nobody asked for", Given: cm, When: come(senzaRichiesta, "G273", "F377"), Err: operatore.ErrRichiesta, Field: "richiesta.protocollo"},
		scenario{Name: "adds no comune that was asked for without a day", Given: cm, When: come(func(c *operatore.Modifica) { c.Richiesta.Data = 0 }, "F377"), Err: operatore.ErrRichiesta, Field: "richiesta.data"},
		scenario{Name: "makes it not the ambito whole unasked", Given: cm, When: come(senzaRichiesta), Err: operatore.ErrRichiesta, Field: "richiesta.protocollo"},
		scenario{
			Name: "adds no comune that has not signed", Given: cm, When: come(func(c *operatore.Modifica) { c.Adesioni = operatore.Adesioni{Convenzionati: []string{"G273"}} }, "G273", "F377"),
			Err: operatore.ErrConvenzione, Field: "comuni",
		},
		scenario{Name: "changes the fund", Given: cm, When: modifica("PON", amministratore, "G273"), Then: events{pon}},
		scenario{Name: "changes both", Given: cm, When: modifica("PON", amministratore, "F377"), Then: events{dove("C", "F377"), pon}},
		scenario{Name: "changes nothing when it is so", Given: cm, When: modifica("", amministratore, "G273")},
		scenario{Name: "of what was revoked is refused", Given: append(cm, revocato("a1")), When: modifica("PON", amministratore, "G273"), Err: operatore.ErrRevocato},
		refused("to the ambito whole is refused where no comune delegated", operatore.ErrDelega, "comuni", nonDelegato),
		scenario{
			Name: "of the fund needs no delegation, where the ambito is whole already", Given: events{mario, accreditato("a1", domain.CaseManager, tuttoPA42)},
			When: intero, Then: events{pon},
		},
		refused("to what another gives already is refused", operatore.ErrDoppio, "comuni", modifica("", amministratore, "F377")),
		refused("to a comune elsewhere is refused", operatore.ErrComuneFuori, "comuni", modifica("", amministratore, "A089")),
		refused("to a fund that is none is refused", operatore.ErrFondo, "fondo", modifica("PNRR", amministratore, "G273")),
		refused("by an amministratore of another ambito is refused", operatore.ErrNonTuo, "", modifica("PON", vicino, "G273")),
		scenario{Name: "of an accreditation that is none is refused", Given: events{mario}, When: modifica("PON", amministratore, "G273"), Err: operatore.ErrAccreditamento},
		scenario{Name: "of nobody is refused", When: modifica("PON", superUtente, "G273"), Err: operatore.ErrInesistente},
	)
}

func TestAggiornaRecapiti(t *testing.T) {
	nuovi := operatore.RecapitiAggiornati{Email: "nuova@example.org"}
	aggiorna := func(chi operatore.Accreditante) operatore.AggiornaRecapiti {
		return operatore.AggiornaRecapiti{Email: nuovi.Email, Chi: chi}
	}
	cm := events{mario, accreditato("a1", domain.CaseManager, aPalermo)}
	capo := events{mario, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)}
	interi := operatore.AggiornaRecapiti{Email: "nuova@example.org", Telefono: "091 1", Chi: superUtente}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "of an amministratore keeps both", Given: capo, When: interi, Then: events{operatore.RecapitiAggiornati{Email: "nuova@example.org", Telefono: "091 1"}}},
		scenario{Name: "of an amministratore is refused without a telephone", Given: capo, When: aggiorna(superUtente), Err: operatore.ErrRecapiti, Field: "telefono"},
		scenario{Name: "of an amministratore is refused without an e-mail", Given: capo, When: operatore.AggiornaRecapiti{Telefono: "1", Chi: superUtente}, Err: operatore.ErrRecapiti, Field: "email"},
		scenario{Name: "of who was amministratore may go", Given: append(capo, revocato("a1"), accreditato("a2", domain.CaseManager, aPalermo)), When: aggiorna(superUtente), Then: events{nuovi}},
		scenario{Name: "by the amministratore", Given: cm, When: aggiorna(amministratore), Then: events{nuovi}},
		scenario{Name: "changes nothing twice", Given: append(cm, nuovi), When: aggiorna(superUtente)},
		scenario{Name: "is refused to an amministratore of another ambito", Given: cm, When: aggiorna(vicino), Err: operatore.ErrInesistente},
		scenario{Name: "is refused to a coordinator", Given: cm, When: aggiorna(coordinatrice), Err: operatore.ErrInesistente},
	)
}
