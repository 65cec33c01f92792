package operatore_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// TestStories lets operators live through random accreditations and
// revocations, and holds each to the invariants of domain rule 3.1.
func TestStories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := storia{domaintest.Story[operatore.State, operatore.Event]{Decider: operatore.Decider, Catalog: domain.NewCatalog(operatore.Aggregate)}}
		t.Repeat(map[string]func(*rapid.T){
			"": s.holds,
			"registra": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.Registra{Dati: uno(t, mario, mario, sconosciuto, operatore.Registrato{}), Completa: uno(t, true, false), Oggi: gennaio})
			},
			"accredita": func(t *rapid.T) {
				c := accredita(uno(t, numeri...), uno(t, domain.Ruoli...), uno(t, luoghi...), uno(t, accreditanti...))
				c.Richiesta, c.Adesioni = uno(t, atti, chiesto, operatore.Richiesta{}), uno(t, firmata, operatore.Adesioni{}, operatore.Adesioni{Convenzionati: []string{"G273"}})
				c.Fondo, c.Dal = uno(t, "", "", "PON", "PNRR"), uno(t, gennaio, gennaio, gennaio+30, 0)
				_, _ = s.Ask(t, c)
			},
			"accredita, come si deve": func(t *rapid.T) {
				_, _ = s.Ask(t, accredita(uno(t, numeri...), uno(t, domain.Ruoli...), uno(t, luoghi...), superUtente))
			},
			"revoca": func(t *rapid.T) {
				c := operatore.Revoca{Accreditamento: acc(uno(t, numeri...)), Motivo: uno(t, "ferie", "ferie", ""), Chi: uno(t, accreditanti...)}
				_, _ = s.Ask(t, c)
			},
			"modifica": func(t *rapid.T) {
				c := operatore.Modifica{Accreditamento: acc(uno(t, numeri...)), Comuni: uno(t, luoghi...).Comuni, Fondo: uno(t, "", "PON"), ComuniAmbito: palermitano, Adesioni: uno(t, firmata, operatore.Adesioni{}), Richiesta: uno(t, chiesto, operatore.Richiesta{}), Oggi: gennaio, Chi: uno(t, accreditanti...)}
				_, _ = s.Ask(t, c)
			},
			"sospendi": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.Sospendi{Motivo: uno(t, "x", ""), Chi: uno(t, accreditanti...)})
			},
			"riattiva": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.Riattiva{Motivo: "x", Chi: uno(t, accreditanti...)})
			},
			"sospendi un ruolo": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.SospendiAccreditamento{Accreditamento: acc(uno(t, numeri...)), Motivo: uno(t, "x", ""), Chi: uno(t, accreditanti...)})
			},
			"riattiva un ruolo": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.RiattivaAccreditamento{Accreditamento: acc(uno(t, numeri...)), Motivo: "x", Chi: uno(t, accreditanti...)})
			},
			"annulla": func(t *rapid.T) { _, _ = s.Ask(t, operatore.AnnullaRegistrazione{Motivo: "x"}) },
			"bussa": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.RifiutaAccesso{Livello: uno(t, true, false), Oggi: uno(t, gennaio, gennaio+40)})
			},
			"recapiti": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.AggiornaRecapiti{Email: uno(t, "", "a@b.example"), Chi: uno(t, accreditanti...)})
			},
			"assenza": func(t *rapid.T) {
				e := assente(uno(t, byte(1), 2, 3, 4, 5), rapid.IntRange(1, 20).Draw(t, "dal"), rapid.IntRange(-1, 8).Draw(t, "giorni"))
				_, _ = s.Ask(t, registra(e, uno(t, accreditanti...)))
			},
			"rientro": func(t *rapid.T) {
				_, _ = s.Ask(t, operatore.RevocaIndisponibilita{ID: ind(uno(t, byte(1), 2, 3, 4, 5)), Chi: uno(t, accreditanti...)})
			},
		})
	})
}

// sconosciuto is mario as little known as a person may be.
var sconosciuto = operatore.Registrato{CodiceFiscale: mario.CodiceFiscale, Cognome: mario.Cognome, Nome: mario.Nome}

type storia struct {
	domaintest.Story[operatore.State, operatore.Event]
}

var (
	numeri       = []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"}
	luoghi       = []domain.Territorio{tuttoPA42, aPalermo, aMonreale, tuttoPA39, {}, {Ambito: "PA42", Comuni: []string{"A546"}}, {Ambito: "PA42", Comuni: []string{"G273", "F377"}}}
	accreditanti = []operatore.Accreditante{superUtente, superUtente, amministratore, amministratore, vicino, coordinatrice, installatore, {Ruolo: domain.SuperUtente, SeStesso: true}}
)

func (s *storia) holds(t *rapid.T) {
	s.assenze(t)
	if s.State.Sospeso && len(s.State.Attivi(gennaio+1000)) > 0 {
		t.Fatal("a suspended person may act")
	}
	if slices.ContainsFunc(s.State.Attivi(gennaio+1000), func(a operatore.Accreditamento) bool { return a.Sospeso || a.Revocato }) {
		t.Fatal("a person may act under a role that was taken from them")
	}
	soli := []domain.Ruolo{domain.SuperUtente, domain.AmministratoreAmbito, domain.Auditor, domain.Analista, domain.ResponsabileDati}
	attivi := slices.DeleteFunc(slices.Clone(s.State.Accreditamenti), func(a operatore.Accreditamento) bool { return a.Revocato })
	var visti []id.Accreditamento
	for _, a := range s.State.Accreditamenti {
		if slices.Contains(visti, a.ID) {
			t.Fatalf("two accreditations have the id %s", a.ID)
		}
		visti = append(visti, a.ID)
	}
	for i, a := range attivi {
		if len(attivi) > 1 && slices.Contains(soli, a.Ruolo) {
			t.Fatalf("%s stands beside another role", a.Ruolo)
		}
		if n := s.State.Nascita; (n.Data.IsZero() || n.Comune == "" || n.Genere == "") && s.State.Registrato {
			t.Fatal("nobody knows when, where, or as what an operator was born")
		}
		if n := len(a.Territorio.Comuni); n > 0 && (a.Ruolo == domain.AmministratoreAmbito || a.Ruolo == domain.ResponsabileDati) {
			t.Fatalf("%s holds on some comuni only", a.Ruolo)
		}
		if n := len(a.Territorio.Comuni); (a.Ruolo == domain.CoordinatoreControlli || a.Ruolo == domain.ResponsabileControlli) && n == 0 {
			t.Fatalf("%s holds on the ambito whole", a.Ruolo)
		}
		for _, c := range a.Territorio.Comuni {
			if a.Territorio.Ambito == "PA42" && !slices.Contains(palermitano, c) {
				t.Fatalf("%s lies outside %s", c, a.Territorio.Ambito)
			}
		}
		for _, b := range attivi[:i] {
			switch {
			case a.Territorio.Ambito != b.Territorio.Ambito:
				t.Fatalf("accredited in %s and in %s", a.Territorio.Ambito, b.Territorio.Ambito)
			case a.Ruolo == b.Ruolo && slices.Equal(a.Territorio.Comuni, b.Territorio.Comuni):
				t.Fatalf("%s twice on one territory", a.Ruolo)
			}
		}
	}
}

// assenze holds absences to what they promise: days in order, and no day twice.
func (s *storia) assenze(t *rapid.T) {
	periodi := s.State.Periodi()
	for i, p := range periodi {
		if p.Dal.IsZero() || p.Al < p.Dal {
			t.Fatalf("away from %s to %s", p.Dal, p.Al)
		}
		for _, q := range periodi[:i] {
			if p.Dal <= q.Al && q.Dal <= p.Al {
				t.Fatalf("away twice on one day: %v %v", p, q)
			}
		}
	}
}

func uno[V any](t *rapid.T, valori ...V) V { return rapid.SampledFrom(valori).Draw(t, "scelta") }
