package genera

import (
	"strings"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// Persona is an operator of the demo, and the roles to accredit them to.
type Persona struct {
	Cognome, Nome string
	Sesso         string
	DataNascita   giorno.Giorno
	ComuneNascita string // Belfiore
	CodiceFiscale string
	Ruoli         []Incarico
}

// Centralino is the telephone at which all people of the demo are reached: one
// that nobody has.
const Centralino = "091 5550100"

// Email is an address that reaches nobody.
func (p Persona) Email() string { return strings.ToLower(p.CodiceFiscale) + "@ambito.example" }

// Incarico is a role on a territory.
type Incarico struct {
	Ruolo      domain.Ruolo
	Territorio domain.Territorio
	Fondo      string // of a case manager
}

// caseManager is how many of them the demo has.
const caseManager = 25

// Persone makes up the operators of an ambito: a super utente, an
// amministratore, three coordinatori of whom one is a case manager as well, 25
// case managers, an auditor, two of the privacy desk, and one each who registers meetings, leads
// sostegni, looks at figures, and has one of the other roles. Seven case managers in ten work in some of
// the comuni, the others in the whole ambito.
func Persone(seed int64, a Ambito) []Persona {
	g := &generatore{Rand: fonte(seed, 0, 2), ambito: a, pesi: pesi(a.Comuni), codici: map[codicefiscale.Codice]int{}}
	intero, capoluogo := domain.Territorio{Ambito: a.Codice}, domain.Territorio{Ambito: a.Codice, Comuni: a.Comuni[:1:1]}
	persone := []Persona{
		g.operatore(Incarico{Ruolo: domain.SuperUtente}),
		g.operatore(Incarico{Ruolo: domain.AmministratoreAmbito, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.CoordinatorePaIS, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.CoordinatorePaIS, Territorio: capoluogo}),
		g.operatore(Incarico{Ruolo: domain.CoordinatorePaIS, Territorio: intero}, Incarico{Ruolo: domain.CaseManager, Territorio: intero, Fondo: "PON"}),
	}
	for i := range caseManager - 1 {
		fondo := []string{"PON", "FONDO_POVERTA", ""}[quota(g.Rand, .6, .25, .15)]
		persone = append(persone, g.operatore(Incarico{Ruolo: domain.CaseManager, Territorio: g.territorio(i), Fondo: fondo}))
	}
	return append(persone,
		g.operatore(Incarico{Ruolo: domain.Auditor}),
		g.operatore(Incarico{Ruolo: domain.ResponsabileIncontri, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.ReferenteSostegni, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.Analista}),
		g.operatore(Incarico{Ruolo: domain.ResponsabileDati, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.ResponsabilePUC, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.ResponsabileSvantag, Territorio: intero}),
		g.operatore(Incarico{Ruolo: domain.CoordinatoreControlli, Territorio: capoluogo}),
		g.operatore(Incarico{Ruolo: domain.ResponsabileControlli, Territorio: capoluogo}),
		g.operatore(Incarico{Ruolo: domain.ResponsabileDati, Territorio: intero}), // who is erased takes two of them
	)
}

// territorio is where the i-th case manager works. Each comune has somebody.
func (g *generatore) territorio(i int) domain.Territorio {
	t := domain.Territorio{Ambito: g.ambito.Codice}
	if i%10 < 7 {
		t.Comuni = []string{g.comune().Codice}
		if altro := g.ambito.Comuni[i%len(g.ambito.Comuni)]; altro != t.Comuni[0] {
			t.Comuni = append(t.Comuni, altro)
		}
	}
	return t
}

func (g *generatore) operatore(ruoli ...Incarico) Persona {
	sesso := g.sesso()
	p := persona{sesso: sesso}
	c := tracciato.Componente{
		Cognome: scegli(g.Rand, cognomi), Nome: g.nome(p), Sesso: sesso, ComuneNascita: g.comune().Codice,
		DataNascita: giorno.Data(1962+g.IntN(36), 1+g.IntN(12), 1+g.IntN(28)),
	}
	return Persona{c.Cognome, c.Nome, c.Sesso, c.DataNascita, c.ComuneNascita, string(g.codice(c)), ruoli}
}
