package operatore_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/operatore"
)

func TestSospendiAccreditamento(t *testing.T) {
	fermato := operatore.AccreditamentoSospeso{Accreditamento: acc("a1"), Motivo: "indagine"}
	ripreso := operatore.AccreditamentoRiattivato{Accreditamento: acc("a1"), Motivo: "chiusa"}
	due := events{mario, accreditato("a1", domain.CaseManager, aPalermo), accreditato("a2", domain.CoordinatorePaIS, aPalermo)}
	dopo := func(altri ...operatore.Event) events { return append(append(events{}, due...), altri...) }
	sospendi := func(chi operatore.Accreditante) operatore.SospendiAccreditamento {
		return operatore.SospendiAccreditamento{Accreditamento: acc("a1"), Motivo: fermato.Motivo, Chi: chi}
	}
	riattiva := operatore.RiattivaAccreditamento{Accreditamento: acc("a1"), Motivo: ripreso.Motivo, Chi: amministratore}
	proprio := superUtente
	proprio.SeStesso = true
	capo := events{mario, accreditato("a1", domain.AmministratoreAmbito, tuttoPA42)}
	revocato := operatore.Revocato{Accreditamento: acc("a1"), Motivo: "x"}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "by the amministratore", Given: due, When: sospendi(amministratore), Then: events{fermato}},
		scenario{Name: "of an amministratore by a Super Utente", Given: capo, When: sospendi(superUtente), Then: events{fermato}},
		scenario{Name: "changes nothing twice", Given: dopo(fermato), When: sospendi(amministratore)},
		scenario{Name: "ends", Given: dopo(fermato), When: riattiva, Then: events{ripreso}},
		scenario{Name: "that is none does not end", Given: due, When: riattiva},
		scenario{Name: "comes again", Given: dopo(fermato, ripreso), When: sospendi(amministratore), Then: events{fermato}},
		scenario{Name: "of an amministratore is refused to another", Given: capo, When: sospendi(amministratore), Err: operatore.ErrNonTuo},
		scenario{Name: "is refused to an amministratore of another ambito", Given: due, When: sospendi(vicino), Err: operatore.ErrNonTuo},
		scenario{Name: "is refused to a coordinator", Given: due, When: sospendi(coordinatrice), Err: operatore.ErrNonTuo},
		scenario{Name: "of oneself is refused", Given: due, When: sospendi(proprio), Err: operatore.ErrSeStesso},
		scenario{Name: "of what has ended is refused", Given: dopo(revocato), When: sospendi(superUtente), Err: operatore.ErrRevocato},
		scenario{Name: "does not end what was revoked meanwhile", Given: dopo(fermato, revocato), When: riattiva, Err: operatore.ErrRevocato},
		scenario{Name: "of nobody is refused", When: sospendi(superUtente), Err: operatore.ErrInesistente},
		scenario{
			Name: "of no role is refused", Given: due, When: operatore.SospendiAccreditamento{Accreditamento: acc("a9"), Motivo: "x", Chi: superUtente}, Err: operatore.ErrAccreditamento,
		},
		scenario{
			Name: "without a reason is refused", Given: due, When: operatore.SospendiAccreditamento{Accreditamento: acc("a1"), Chi: amministratore}, Err: operatore.ErrMotivo, Field: "motivo",
		},
		scenario{
			Name: "keeps from the same role elsewhere", Given: dopo(fermato), When: accredita("a3", domain.CaseManager, aMonreale, amministratore), Err: operatore.ErrRuoloSospeso, Field: "ruolo",
		},
		scenario{
			Name: "keeps from the same role again", Given: dopo(fermato), When: accredita("a3", domain.CaseManager, aPalermo, amministratore), Err: operatore.ErrRuoloSospeso, Field: "ruolo",
		},
		scenario{
			Name: "keeps from no other role", Given: dopo(fermato), When: accredita("a3", domain.CoordinatorePaIS, aMonreale, amministratore),
			Then: events{accreditato("a3", domain.CoordinatorePaIS, aMonreale)},
		},
		scenario{
			Name: "still keeps out what the role excludes", Given: append(events{mario}, accreditato("a1", domain.CaseManager, aPalermo), fermato),
			When: accredita("a3", domain.Auditor, domain.Territorio{}, superUtente), Err: operatore.ErrIncompatibile, Field: "ruolo",
		},
	)
	storia := dopo(fermato, ripreso)
	for n, want := range map[int]int{3: 2, 4: 1, 5: 2} {
		if got := len(operatore.Decider.Fold(operatore.State{}, storia[:n]...).Attivi(gennaio + 100)); got != want {
			t.Errorf("after %d events: %d profiles, not %d", n, got, want)
		}
	}
}
