package operatore_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/operatore"
)

func TestRifiutaAccesso(t *testing.T) {
	oggi := gennaio + 10
	rifiutato := func(m operatore.MotivoRifiuto) operatore.AccessoRifiutato {
		return operatore.AccessoRifiutato{Motivo: m, Giorno: oggi}
	}
	rifiuta := operatore.RifiutaAccesso{Oggi: oggi}
	basso, domani := rifiuta, rifiuta
	basso.Livello, domani.Oggi = true, oggi+1
	cm, tardi := accreditato("a1", domain.CaseManager, aPalermo), accreditato("a2", domain.CoordinatorePaIS, aPalermo)
	tardi.Dal = oggi + 1
	sospeso := operatore.Sospeso{Motivo: "x"}
	ruoloSospeso := operatore.AccreditamentoSospeso{Accreditamento: acc("a1"), Motivo: "x"}
	ieri := operatore.AccessoRifiutato{Motivo: operatore.PersonaSospesa, Giorno: oggi - 1}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "notes who has no role", Given: events{mario}, When: rifiuta, Then: events{rifiutato(operatore.NonAccreditato)}},
		scenario{Name: "notes whose role has not begun", Given: events{mario, cm, revocato("a1"), tardi}, When: rifiuta, Then: events{rifiutato(operatore.NonAccreditato)}},
		scenario{Name: "notes whose roles were revoked", Given: events{mario, cm, revocato("a1")}, When: rifiuta, Then: events{rifiutato(operatore.RuoliRevocati)}},
		scenario{Name: "notes who is suspended", Given: events{mario, cm, sospeso}, When: rifiuta, Then: events{rifiutato(operatore.PersonaSospesa)}},
		scenario{Name: "notes whose role is suspended", Given: events{mario, cm, ruoloSospeso}, When: rifiuta, Then: events{rifiutato(operatore.PersonaSospesa)}},
		scenario{Name: "notes a level too low of who has a role", Given: events{mario, cm}, When: basso, Then: events{rifiutato(operatore.LivelloInsufficiente)}},
		scenario{Name: "notes another reason of the same day", Given: events{mario, cm, rifiutato(operatore.LivelloInsufficiente), sospeso}, When: rifiuta, Then: events{rifiutato(operatore.PersonaSospesa)}},
		scenario{Name: "notes it once a day", Given: events{mario, cm, sospeso, rifiutato(operatore.PersonaSospesa), rifiutato(operatore.LivelloInsufficiente)}, When: rifiuta},
		scenario{Name: "notes it again the next day", Given: events{mario, cm, sospeso, ieri}, When: rifiuta, Then: events{rifiutato(operatore.PersonaSospesa)}},
		scenario{Name: "notes nothing twice where clocks differ", Given: events{mario, cm, sospeso, operatore.AccessoRifiutato{Motivo: operatore.PersonaSospesa, Giorno: oggi + 1}}, When: rifiuta},
		scenario{Name: "notes nothing of who may act", Given: events{mario, cm}, When: rifiuta},
		scenario{Name: "notes nothing of who is not known", When: rifiuta},
		scenario{Name: "notes nothing of who is not known, at any level", When: basso},
	)
	s := operatore.Decider.Fold(operatore.State{}, mario, ieri, rifiutato(operatore.PersonaSospesa), rifiutato(operatore.LivelloInsufficiente))
	if len(s.Rifiuti) != 2 {
		t.Errorf("the last of each reason is kept: %+v", s.Rifiuti)
	}
}
