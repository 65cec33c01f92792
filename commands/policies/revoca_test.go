package policies_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/eventstore/memory"
)

var (
	mattina = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	chi     = domain.Attore{ID: uuid.New(), Ruolo: domain.SuperUtente}
	anna    = id.New[id.Operatore]()
	accA    = id.New[id.Accreditamento]()
	primo   = id.CasoDi("INPS-RDC-2019-1")
	secondo = id.CasoDi("INPS-RDC-2019-2")
)

// carico answers from a list, as a read model would.
type carico []id.Caso

func (carico) AttendiPosizione(context.Context, uint64) error              { return nil }
func (c carico) ApertiDi(context.Context, id.Operatore) ([]id.Caso, error) { return c, nil }

// segnalibro is a bookmark in memory.
type segnalibro struct{ at uint64 }

func (s *segnalibro) Leggi(context.Context, string) (uint64, bool, error) { return s.at, s.at > 0, nil }
func (s *segnalibro) Sposta(_ context.Context, _ string, at uint64) error { s.at = at; return nil }

// storia writes what happened to a stream, and returns it as the log has it.
func storia(t *testing.T, s *memory.Store, stream string, events ...domain.Event) (all []domain.Recorded) {
	t.Helper()
	head := domain.Head{}
	for r, err := range s.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		head = r.Head()
	}
	meta := domain.Meta{Comando: uuid.New(), Attore: chi.ID, Ruolo: chi.Ruolo, Istante: mattina}
	if _, err := s.Append(t.Context(), stream, head, meta, events...); err != nil {
		t.Fatal(err)
	}
	for r, err := range s.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Version > head.Version {
			all = append(all, r)
		}
	}
	return all
}

func ricevuta(domanda string) caso.DomandaRicevuta {
	return caso.DomandaRicevuta{IDDomanda: domanda, Misura: caso.RDC, Ambito: "PA42", Comune: "G273", DataPresentazione: giorno.Data(2019, 3, 6)}
}

func accreditata(acc id.Accreditamento) operatore.Accreditato {
	return operatore.Accreditato{Accreditamento: acc, Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: "PA42"}, Livello: "A", Dal: giorno.Data(2026, 1, 1)}
}

// scena is an operator with one case, and another that waits.
func scena(t *testing.T) (*memory.Store, func(carico) (policies.Politica, *segnalibro)) {
	t.Helper()
	store := memory.New(domain.NewCatalog(caso.Aggregate, operatore.Aggregate, ambito.Aggregate))
	storia(t, store, "operatore-"+anna.String(), operatore.Registrato{CodiceFiscale: "RSSMRA80A01G273Z", Cognome: "Rossi", Nome: "Anna"}, accreditata(accA))
	storia(t, store, "caso-"+primo.String(), ricevuta("INPS-RDC-2019-1"), caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale})
	storia(t, store, "caso-"+secondo.String(), ricevuta("INPS-RDC-2019-2"))
	comandi := &commands.Service{Store: store, Segreto: []byte("s"), Zona: time.UTC}
	return store, func(casi carico) (policies.Politica, *segnalibro) {
		s := &segnalibro{}
		return policies.Revoca{Comandi: comandi, Casi: casi, Adesso: func() time.Time { return mattina }}.Politica(s), s
	}
}

func assegnazione(t *testing.T, s *memory.Store, c id.Caso) (a caso.Assegnazione) {
	t.Helper()
	var stato caso.State
	for r, err := range s.Read(t.Context(), "caso-"+c.String()) {
		if err != nil {
			t.Fatal(err)
		}
		stato = caso.Decider.Evolve(stato, r.Event.(caso.Event))
	}
	return stato.Assegnazione
}

func TestARevokedCaseManagerLosesTheCasesToTheQueue(t *testing.T) {
	store, politica := scena(t)
	p, segno := politica(carico{primo})
	revoca := storia(t, store, "operatore-"+anna.String(), operatore.Revocato{Accreditamento: accA, Motivo: "pensione"})
	for range 2 { // shown twice, done once
		if err := p.Handle(t.Context(), revoca); err != nil {
			t.Fatal(err)
		}
	}
	if a := assegnazione(t, store, primo); !a.CaseManager.IsZero() || !a.Riassegnato() || a.Versione != 2 {
		t.Errorf("%+v", a)
	}
	if segno.at != revoca[0].Position {
		t.Errorf("the bookmark is at %d", segno.at)
	}
}

func TestASuspendedCaseManagerLosesTheCasesToTheQueue(t *testing.T) {
	for nome, e := range map[string]domain.Event{
		"suspended": operatore.Sospeso{Motivo: "indagine"},
		"the role":  operatore.AccreditamentoSospeso{Accreditamento: accA, Motivo: "indagine"},
		"elsewhere": operatore.Modificato{Accreditamento: accA, Comuni: []string{"A089"}, Livello: "C"},
	} {
		store, politica := scena(t)
		p, _ := politica(carico{primo})
		if err := p.Handle(t.Context(), storia(t, store, "operatore-"+anna.String(), e)); err != nil {
			t.Fatal(err)
		}
		if a := assegnazione(t, store, primo); !a.CaseManager.IsZero() {
			t.Errorf("%s: %+v", nome, a)
		}
	}
}

func TestACaseManagerWhoMayStillCarryThemKeepsTheCases(t *testing.T) {
	store, politica := scena(t)
	p, _ := politica(carico{primo})
	storia(t, store, "operatore-"+anna.String(), accreditata(id.New[id.Accreditamento]()))
	if err := p.Handle(t.Context(), storia(t, store, "operatore-"+anna.String(), operatore.Revocato{Accreditamento: accA, Motivo: "doppio"})); err != nil {
		t.Fatal(err)
	}
	if a := assegnazione(t, store, primo); a.CaseManager != anna {
		t.Errorf("%+v", a)
	}
}

// The coordinator read that Anna may carry the case, then Anna was revoked,
// then the case was assigned: no list of Anna's cases had it (F-61).
func TestAnAssignmentThatCrossedARevocationIsUndone(t *testing.T) {
	store, politica := scena(t)
	p, _ := politica(carico{})
	revoca := storia(t, store, "operatore-"+anna.String(), operatore.Revocato{Accreditamento: accA, Motivo: "pensione"})
	tardi := storia(t, store, "caso-"+secondo.String(), caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale})
	if err := p.Handle(t.Context(), append(revoca, tardi...)); err != nil {
		t.Fatal(err)
	}
	if a := assegnazione(t, store, secondo); !a.CaseManager.IsZero() {
		t.Errorf("%+v", a)
	}
}
