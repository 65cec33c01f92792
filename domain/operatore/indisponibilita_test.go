package operatore_test

import (
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func ind(n byte) (i id.Indisponibilita) {
	i.UUID[15] = n
	return i
}

// assente is an absence of so many days from a day of January 2024.
func assente(n byte, dal, giorni int) operatore.IndisponibilitaRegistrata {
	da := giorno.Data(2024, 1, dal)
	return operatore.IndisponibilitaRegistrata{Indisponibilita: ind(n), Dal: da, Al: da + giorno.Giorno(giorni-1), Motivo: operatore.Ferie}
}

func registra(e operatore.IndisponibilitaRegistrata, chi operatore.Accreditante) operatore.RegistraIndisponibilita {
	return operatore.RegistraIndisponibilita{ID: e.Indisponibilita, Dal: e.Dal, Al: e.Al, Motivo: e.Motivo, Chi: chi}
}

func rientro(n byte) operatore.IndisponibilitaRevocata {
	return operatore.IndisponibilitaRevocata{Indisponibilita: ind(n)}
}

var (
	diPalermo  = operatore.Accreditante{Ruolo: domain.CoordinatorePaIS, Territorio: aPalermo}
	diMonreale = operatore.Accreditante{Ruolo: domain.CoordinatorePaIS, Territorio: aMonreale}
)

func TestRegistraIndisponibilita(t *testing.T) {
	cm := events{mario, accreditato("a1", domain.CaseManager, aPalermo)}
	via := assente(1, 10, 5)
	refused := func(name string, err error, field string, e operatore.IndisponibilitaRegistrata) scenario {
		return scenario{Name: name, Given: append(cm, via), When: registra(e, amministratore), Err: err, Field: field}
	}
	rovescia, lunga, pigra := assente(2, 20, 1), assente(2, 20, 2*366+2), assente(2, 20, 1)
	rovescia.Al, pigra.Motivo = rovescia.Dal-1, "PONTE"
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "by an amministratore of the ambito", Given: cm, When: registra(via, amministratore), Then: events{via}},
		scenario{Name: "by a Super Utente", Given: cm, When: registra(via, superUtente), Then: events{via}},
		scenario{Name: "by a coordinator of the comune", Given: cm, When: registra(via, diPalermo), Then: events{via}},
		scenario{Name: "by a coordinator of the ambito", Given: cm, When: registra(via, coordinatrice), Then: events{via}},
		scenario{Name: "of a single day", Given: append(cm, via), When: registra(assente(2, 15, 1), amministratore), Then: events{assente(2, 15, 1)}},
		scenario{Name: "before another", Given: append(cm, via), When: registra(assente(2, 8, 2), amministratore), Then: events{assente(2, 8, 2)}},
		scenario{Name: "on the days of one that was revoked", Given: append(cm, via, rientro(1)), When: registra(assente(2, 10, 5), amministratore), Then: events{assente(2, 10, 5)}},
		scenario{Name: "changes nothing when the request comes again", Given: append(cm, via, rientro(1)), When: registra(via, amministratore)},
		scenario{Name: "of nobody is refused", When: registra(via, superUtente), Err: operatore.ErrInesistente},
		scenario{Name: "is refused to an amministratore of another ambito", Given: cm, When: registra(via, vicino), Err: operatore.ErrInesistente},
		scenario{Name: "is refused to a coordinator of another comune", Given: cm, When: registra(via, diMonreale), Err: operatore.ErrInesistente},
		scenario{
			Name:  "of another coordinator is refused to a coordinator",
			Given: events{mario, accreditato("a1", domain.CoordinatorePaIS, aPalermo)}, When: registra(via, coordinatrice), Err: operatore.ErrInesistente,
		},
		scenario{Name: "of who is a case manager no more is refused", Given: append(cm, revocato("a1")), When: registra(via, coordinatrice), Err: operatore.ErrInesistente},
		scenario{
			Name:  "of an auditor is refused to an amministratore",
			Given: events{mario, accreditato("a1", domain.Auditor, domain.Territorio{})}, When: registra(via, amministratore), Err: operatore.ErrInesistente,
		},
		refused("that ends before it begins is refused", operatore.ErrPeriodo, "al", rovescia),
		refused("of more than two years is refused", operatore.ErrPeriodo, "al", lunga),
		refused("without days is refused", operatore.ErrPeriodo, "dal", operatore.IndisponibilitaRegistrata{Indisponibilita: ind(2), Motivo: operatore.Ferie}),
		refused("without a last day is refused", operatore.ErrPeriodo, "al", operatore.IndisponibilitaRegistrata{Indisponibilita: ind(2), Dal: via.Dal, Motivo: operatore.Ferie}),
		refused("for another reason is refused", operatore.ErrMotivoIndisponibilita, "motivo", pigra),
		refused("on the last day of another is refused", operatore.ErrSovrapposta, "dal", assente(2, 14, 3)),
		refused("on the first day of another is refused", operatore.ErrSovrapposta, "dal", assente(2, 8, 3)),
		refused("inside another is refused", operatore.ErrSovrapposta, "dal", assente(2, 12, 1)),
	)
}

func TestRevocaIndisponibilita(t *testing.T) {
	via := events{mario, accreditato("a1", domain.CaseManager, aPalermo), assente(1, 10, 5)}
	revoca := func(n byte, chi operatore.Accreditante) operatore.RevocaIndisponibilita {
		return operatore.RevocaIndisponibilita{ID: ind(n), Chi: chi}
	}
	domaintest.Run(t, operatore.Decider,
		scenario{Name: "takes it back", Given: via, When: revoca(1, diPalermo), Then: events{rientro(1)}},
		scenario{Name: "changes nothing when it is revoked", Given: append(via, rientro(1)), When: revoca(1, amministratore)},
		scenario{Name: "is refused for one that is none", Given: via, When: revoca(2, amministratore), Err: operatore.ErrIndisponibilita},
		scenario{Name: "is refused to whoever does not keep them", Given: via, When: revoca(1, diMonreale), Err: operatore.ErrInesistente},
	)
}

func TestAnAbsenceHoldsOnItsDaysUntilRevoked(t *testing.T) {
	s := operatore.Decider.Fold(operatore.State{}, mario, assente(1, 10, 5), assente(3, 20, 2), assente(2, 15, 2), assente(4, 25, 2), rientro(4))
	for oggi, fino := range map[int]int{9: 0, 10: 16, 14: 16, 15: 16, 16: 16, 17: 0, 20: 21, 22: 0, 25: 0} {
		var want giorno.Giorno
		if fino > 0 {
			want = giorno.Data(2024, 1, fino)
		}
		if got := operatore.AssenteFino(s.Periodi(), giorno.Data(2024, 1, oggi)); got != want {
			t.Errorf("on the %dth: away until %s, not %s", oggi, got, want)
		}
	}
	if len(s.Indisponibilita) != 4 || s.Indisponibilita[3].ID != ind(4) || !s.Indisponibilita[3].Revocata {
		t.Errorf("%+v", s.Indisponibilita)
	}
}

var indisponibilitaDiProva = id.Indisponibilita{UUID: uuid.MustParse("00000000-0000-7000-8000-0000000000d1")}
