package operatore_test

import (
	"testing"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/operatore"
)

// TestOperatorsAreNamedByWhoSigned goes through who may have signed the agreement
// (ACC-05), for each kind of role.
func TestOperatorsAreNamedByWhoSigned(t *testing.T) {
	var (
		nessuno  = operatore.Adesioni{Delegati: palermitano}
		palermo  = operatore.Adesioni{Convenzionati: []string{"G273"}, Delegati: palermitano}
		ente     = operatore.Adesioni{Ente: true, Delegati: []string{"F377"}}
		ciascuno = operatore.Adesioni{Convenzionati: palermitano, Delegati: []string{"F377"}}
		entrambi = domain.Territorio{Ambito: "PA42", Comuni: palermitano}
	)
	for _, c := range []struct {
		nome  string
		ruolo domain.Ruolo
		dove  domain.Territorio
		chi   operatore.Adesioni
		si    bool
	}{
		{"a comune that signed", domain.CaseManager, aPalermo, palermo, true},
		{"a comune that did not", domain.CaseManager, aMonreale, palermo, false},
		{"two comuni of which one did", domain.CaseManager, entrambi, palermo, false},
		{"two comuni that did", domain.ResponsabilePUC, entrambi, ciascuno, true},
		{"the ambito of whose comuni one did", domain.CoordinatorePaIS, tuttoPA42, palermo, false},
		{"the ambito of whose comuni all did", domain.CoordinatorePaIS, tuttoPA42, ciascuno, true},
		{"the ambito whose body did", domain.CoordinatorePaIS, tuttoPA42, ente, true},
		{"a comune that delegated to a body that did", domain.CaseManager, aMonreale, ente, true},
		{"a comune that did not delegate to it", domain.CaseManager, aPalermo, ente, false},
		{"a comune that delegates no controlli", domain.CoordinatoreControlli, aMonreale, ente, false},
		{"the controlli of a comune that signed", domain.ResponsabileControlli, aPalermo, palermo, true},
		{"an ambito where nobody did", domain.ReferenteSostegni, tuttoPA42, nessuno, false},
		{"an amministratore, who comes before", domain.AmministratoreAmbito, tuttoPA42, operatore.Adesioni{}, true},
		{"a privacy desk, whom no comune names", domain.ResponsabileDati, tuttoPA42, operatore.Adesioni{}, true},
	} {
		s := scenario{Name: c.nome, Given: events{mario}, When: con(accredita("a1", c.ruolo, c.dove, superUtente), func(a *operatore.Accredita) { a.Adesioni = c.chi })}
		if s.Err, s.Field = operatore.ErrConvenzione, "comuni"; c.si {
			s.Err, s.Field, s.Then = nil, "", events{accreditato("a1", c.ruolo, c.dove)}
		}
		domaintest.Run(t, operatore.Decider, s)
	}
	senza := func(comuni []string) operatore.Accredita {
		return con(accredita("a1", domain.ReferenteSostegni, tuttoPA42, superUtente), func(a *operatore.Accredita) { a.ComuniAmbito, a.Adesioni = comuni, operatore.Adesioni{} })
	}
	domaintest.Run(t, operatore.Decider, scenario{Name: "an ambito without comuni", Given: events{mario}, When: senza([]string{}), Err: operatore.ErrConvenzione, Field: "comuni"})
}

// TestEveryRoleThatComuniNameForComesWithTheirRequest leaves the request out of
// each role (ACC-06).
func TestEveryRoleThatComuniNameForComesWithTheirRequest(t *testing.T) {
	nominati := map[domain.Ruolo]bool{
		domain.CoordinatorePaIS: true, domain.CaseManager: true, domain.CoordinatoreControlli: true, domain.ResponsabileControlli: true,
		domain.ResponsabilePUC: true, domain.ReferenteSostegni: true, domain.ResponsabileIncontri: true, domain.ResponsabileSvantag: true,
	}
	for _, r := range domain.Ruoli {
		dove := aPalermo
		switch r {
		case domain.SuperUtente, domain.Auditor, domain.Analista:
			dove = domain.Territorio{}
		case domain.ResponsabileDati, domain.AmministratoreAmbito:
			dove = tuttoPA42
		}
		for campo, toglie := range map[string]func(*operatore.Accredita){
			"richiesta.protocollo": func(c *operatore.Accredita) { c.Richiesta.Protocollo = " " }, "richiesta.data": func(c *operatore.Accredita) { c.Richiesta.Data = 0 },
		} {
			cmd := con(accredita("a1", r, dove, superUtente), toglie)
			s := scenario{Name: string(r) + " without " + campo, Given: events{mario}, When: cmd}
			switch {
			case nominati[r]:
				s.Err, s.Field = operatore.ErrRichiesta, campo
			case r == domain.AmministratoreAmbito:
				s.Err, s.Field = operatore.ErrNomina, campo
			default:
				e := accreditato("a1", r, dove)
				e.Richiesta = cmd.Richiesta
				s.Then = events{e}
			}
			domaintest.Run(t, operatore.Decider, s)
		}
	}
}
