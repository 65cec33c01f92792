package main

import (
	"slices"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func TestPercheNamesTheRuleThatDecides(t *testing.T) {
	oggi := giorno.Data(2026, 5, 4)
	io, altra := id.New[id.Operatore](), id.New[id.Operatore]()
	palermo := domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	di := func(cm id.Operatore) caso.State {
		return caso.Decider.Fold(caso.State{}, caso.DomandaRicevuta{IDDomanda: "INPS-RDC-2026-1", Misura: caso.RDC, Ambito: "PA42", Comune: "G273"}, caso.Assegnato{CaseManager: cm})
	}
	for about, x := range map[string]struct {
		chi    operatore.State
		a      operatore.Accreditamento
		s      caso.State
		vede   bool
		regola string
	}{
		"their own case":            {a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo}, s: di(io), vede: true, regola: "assigned to this case manager, and"},
		"a colleague's":             {a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo}, s: di(altra), regola: "not assigned to this case manager"},
		"one of the territory":      {a: operatore.Accreditamento{Ruolo: domain.CoordinatorePaIS, Territorio: palermo}, s: di(altra), vede: true, regola: "lies in the territory"},
		"one of another comune":     {a: operatore.Accreditamento{Ruolo: domain.CoordinatorePaIS, Territorio: domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}}, s: di(altra), regola: "outside of the territory"},
		"a role that sees no case":  {a: operatore.Accreditamento{Ruolo: domain.AmministratoreAmbito, Territorio: palermo}, s: di(altra), regola: "docs/authz.csv"},
		"a role that opens none":    {a: operatore.Accreditamento{Ruolo: domain.ResponsabileIncontri, Territorio: palermo}, s: di(altra), regola: "does not open cases"},
		"after a revocation":        {a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo, Revocato: true}, s: di(io), regola: "revoked"},
		"before the accreditation":  {a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo, Dal: oggi + 1}, s: di(io), regola: "holds only from"},
		"while it is suspended":     {a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo, Sospeso: true}, s: di(io), regola: "accreditation is suspended"},
		"while they are suspended":  {chi: operatore.State{Sospeso: true}, a: operatore.Accreditamento{Ruolo: domain.CaseManager, Territorio: palermo}, s: di(io), regola: "suspended"},
		"an auditor, in every case": {a: operatore.Accreditamento{Ruolo: domain.Auditor}, s: di(altra), vede: true, regola: "may look at it"},
	} {
		got := profilo(x.chi, x.a, io, x.s, oggi)
		if got.Vede != x.vede || !strings.Contains(got.Regola, x.regola) || x.vede != slices.ContainsFunc(got.Diritti, func(d string) bool { return d == "casi.aprire" || d == "casi.replicare" }) {
			t.Errorf("%s: %+v", about, got)
		}
	}
}
