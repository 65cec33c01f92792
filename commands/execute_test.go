package commands_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/caso"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/domain/massivo"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/eventstore/memory"
)

// mattina is when the tests happen.
var mattina = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

// ufficio is an installation with one ambito, a coordinator and two case
// managers, in memory.
type ufficio struct {
	*commands.Service
	store        *memory.Store
	coordinatore domain.Attore
	anna, bruno  id.Operatore
}

type territori map[string]string

func (t territori) AmbitoDi(_ context.Context, comune string) (string, bool, error) {
	a, found := t[comune]
	return a, found, nil
}

func apriUfficio(t *testing.T) *ufficio {
	t.Helper()
	store := memory.New(domain.NewCatalog(caso.Aggregate, operatore.Aggregate, ambito.Aggregate, importazione.Aggregate, distribuzione.Aggregate, processo.Aggregate, massivo.Aggregate))
	i := &ufficio{store: store, Service: &commands.Service{
		Store: store, Territori: territori{"G273": "PA42", "F377": "PA42"}, Segreto: []byte("un segreto di prova, lungo abbastanza"), Zona: time.UTC,
	}}
	deve(t)(i.CreaAmbito(t.Context(), da(domain.Installatore), ambito.Crea{Codice: "PA42", Denominazione: "Palermo", Regione: "Sicilia"}))
	deve(t)(i.AssociaComuni(t.Context(), da(domain.Installatore), "PA42", []string{"G273", "F377"}))
	deve(t)(i.RegistraDelega(t.Context(), da(domain.Installatore), "PA42", ambito.RegistraDelega{Comuni: []string{"F377"}, Data: giorno.Data(2026, 1, 1), Atto: "1", PEC: "a@example.org"}))
	for _, comune := range []string{"G273", "F377"} {
		deve(t)(i.SottoscriviConvenzione(t.Context(), da(domain.Installatore), "PA42", ambito.SottoscriviConvenzione{Comune: comune, Data: giorno.Data(2026, 1, 1), Firmatario: "x", Qualifica: ambito.Sindaco}))
	}
	i.anna = i.accredita(t, "RSSMRA80A01G273Z", domain.CaseManager, "G273")
	i.bruno = i.accredita(t, "FOXLIA99T71H501X", domain.CaseManager)
	i.coordinatore = domain.Attore{ID: uuid.New(), Profilo: uuid.New(), Ruolo: domain.CoordinatorePaIS, Territorio: domain.Territorio{Ambito: "PA42"}}
	return i
}

// deve fails the test of a command that fails.
func deve(t *testing.T) func(any, error) {
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// da is a request that nobody made before.
func da(a domain.Attore) commands.Request {
	return commands.Request{Comando: uuid.New(), Impronta: "x", Attore: a, Canale: domain.HTTP, Adesso: mattina}
}

// persone are those of whom the codici fiscali of the tests speak.
var persone = map[string]operatore.Registrato{
	"RSSMRA80A01G273Z": {CodiceFiscale: "RSSMRA80A01G273Z", Cognome: "Rossi", Nome: "Mario", DataNascita: giorno.Data(1980, 1, 1), ComuneNascita: "G273", Genere: "M"},
	"FOXLIA99T71H501X": {CodiceFiscale: "FOXLIA99T71H501X", Cognome: "Fo", Nome: "Lia", DataNascita: giorno.Data(1999, 12, 31), ComuneNascita: "H501", Genere: "F"},
	"BNCFNC65E60E472C": {CodiceFiscale: "BNCFNC65E60E472C", Cognome: "Bianchi", Nome: "Franca", DataNascita: giorno.Data(1965, 5, 20), ComuneNascita: "E472", Genere: "F"},
}

func (i *ufficio) accredita(t *testing.T, codice string, ruolo domain.Ruolo, comuni ...string) id.Operatore {
	t.Helper()
	o, _, err := i.RegistraOperatore(t.Context(), da(domain.Installatore), operatore.Registra{Dati: persone[codice]})
	deve(t)(o, err)
	deve(t)(i.AccreditaRuolo(t.Context(), da(domain.Installatore), o, operatore.Accredita{
		Ruolo: ruolo, Territorio: domain.Territorio{Ambito: "PA42", Comuni: comuni}, Dal: giorno.Data(2026, 1, 1), Richiesta: operatore.Richiesta{Protocollo: "1", Data: giorno.Data(2026, 1, 1)},
	}))
	return o
}

// ricevi opens the case of the n-th domanda, in Palermo.
func (i *ufficio) ricevi(t *testing.T, n int) id.Caso {
	t.Helper()
	domanda := "INPS-RDC-2019-" + strconv.Itoa(n)
	deve(t)(i.RiceviDomanda(t.Context(), da(domain.INPS), caso.RiceviDomanda{Domanda: caso.DomandaRicevuta{
		IDDomanda: domanda, Misura: caso.RDC, DataPresentazione: giorno.Data(2019, 3, 6), DataTrasmissioneComune: giorno.Data(2019, 3, 7),
		Ambito: "PA42", Comune: "G273", Indirizzo: caso.Indirizzo{Via: "Via Vittorio", Civico: "14", CAP: "90121", Comune: "G273"},
		Componenti: []caso.Componente{{
			CodiceFiscale: "RSSMRA80A01G273Z", Cognome: "ROSSI", Nome: "MARIO", Sesso: "M", DataNascita: giorno.Data(1980, 1, 1),
			ComuneNascita: "G273", Relazione: caso.Richiedente,
		}},
	}}))
	return id.CasoDi(domanda)
}

func (i *ufficio) eventi(t *testing.T, c id.Caso) (n int) {
	t.Helper()
	for _, err := range i.store.Read(t.Context(), "caso-"+c.String()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestTheSameCommandIsCarriedOutOnce(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	req := da(i.coordinatore)
	first, err := i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.anna, Modalita: caso.Manuale})
	if err != nil || first.Ripetuto {
		t.Fatal(first, err)
	}
	// Somebody else moves the case on: the first answer is still the answer.
	deve(t)(i.RiassegnaCaso(t.Context(), da(i.coordinatore), c, caso.Riassegna{Da: i.anna, A: i.bruno, Motivo: "ferie"}))
	again, err := i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.anna, Modalita: caso.Manuale})
	if err != nil || !again.Ripetuto || again.Posizione != first.Posizione || again.Stato.Assegnazione != first.Stato.Assegnazione {
		t.Fatalf("%+v %v, want %+v", again.Stato.Assegnazione, err, first.Stato.Assegnazione)
	}
	if n := i.eventi(t, c); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

func TestAKeyIsNotUsedForTwoRequests(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	req := da(i.coordinatore)
	deve(t)(i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.anna}))
	req.Impronta = "y"
	if _, err := i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.bruno}); !errors.Is(err, commands.ErrChiaveRiusata) {
		t.Fatal(err)
	}
}

func TestAnOldETagIsRefusedUnlessTheCommandWasDone(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	at := func(v uint64) func(uint64) bool { return func(now uint64) bool { return now == v } }
	req := da(i.coordinatore)
	req.Atteso = at(0)
	deve(t)(i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.anna}))
	other := da(i.coordinatore)
	other.Atteso = at(0)
	if _, err := i.AnnullaAssegnazione(t.Context(), other, c, caso.AnnullaAssegnazione{Motivo: caso.Richiesta}); !errors.Is(err, commands.ErrPrecondizione) {
		t.Fatal(err)
	}
	if again, err := i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: i.anna}); err != nil || !again.Ripetuto {
		t.Fatal(again, err)
	}
}

func TestWhatLiesOutsideTheTerritoryDoesNotExist(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	altrove := i.coordinatore
	altrove.Territorio.Comuni = []string{"F377"}
	_, outside := i.AssegnaCaso(t.Context(), da(altrove), c, caso.Assegna{CaseManager: i.bruno})
	_, nowhere := i.AssegnaCaso(t.Context(), da(altrove), id.CasoDi("INPS-RDC-2019-9"), caso.Assegna{CaseManager: i.bruno})
	if !errors.Is(outside, caso.ErrInesistente) || outside.Error() != nowhere.Error() {
		t.Fatal(outside, nowhere)
	}
}

func TestOnlyAnEligibleCaseManagerIsAssigned(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	carla := i.accredita(t, "BNCFNC65E60E472C", domain.CaseManager, "F377")
	for _, cm := range []id.Operatore{carla, {UUID: uuid.New()}} {
		if _, err := i.AssegnaCaso(t.Context(), da(i.coordinatore), c, caso.Assegna{CaseManager: cm}); !errors.Is(err, caso.ErrNonIdoneo) {
			t.Error(err)
		}
	}
}

// Sixteen coordinators, one case, one version seen: one wins (F-60).
func TestOfManyWhoSawTheSameVersionOneWins(t *testing.T) {
	i := apriUfficio(t)
	for n := range 50 {
		c := i.ricevi(t, n+1)
		var all sync.WaitGroup
		outcome := make(chan error, 16)
		for k := range 16 {
			all.Go(func() {
				req := da(i.coordinatore)
				req.Atteso = func(v uint64) bool { return v == 0 }
				cm := i.anna
				if k%2 == 1 {
					cm = i.bruno
				}
				_, err := i.AssegnaCaso(t.Context(), req, c, caso.Assegna{CaseManager: cm})
				outcome <- err
			})
		}
		all.Wait()
		won := 0
		for range 16 {
			switch err := <-outcome; {
			case err == nil:
				won++
			case !errors.Is(err, commands.ErrPrecondizione) && !errors.Is(err, caso.ErrGiaAssegnato):
				t.Error(err)
			}
		}
		if won != 1 || i.eventi(t, c) != 2 {
			t.Fatalf("%d won, %d events", won, i.eventi(t, c))
		}
	}
}

func TestADomandaIsReceivedOnce(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	i.ricevi(t, 1)
	if n := i.eventi(t, c); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestAReplayStopsAtItsMoment(t *testing.T) {
	i := apriUfficio(t)
	c := i.ricevi(t, 1)
	later := da(i.coordinatore)
	later.Adesso = mattina.Add(time.Hour)
	deve(t)(i.AssegnaCaso(t.Context(), later, c, caso.Assegna{CaseManager: i.anna}))
	for _, alla := range []commands.Alla{{Versione: 1}, {Istante: mattina.Add(time.Minute)}} {
		s, err := i.StoriaCaso(t.Context(), c, alla)
		if err != nil || len(s.Eventi) != 1 || !s.Stato.Assegnazione.CaseManager.IsZero() {
			t.Errorf("%+v: %d events, %v", alla, len(s.Eventi), err)
		}
	}
	if s, err := i.StoriaCaso(t.Context(), c, commands.Alla{}); err != nil || s.Stato.Assegnazione.CaseManager != i.anna {
		t.Error(s.Stato.Assegnazione, err)
	}
	if _, err := i.StoriaCaso(t.Context(), c, commands.Alla{Istante: mattina.Add(-time.Hour)}); !errors.Is(err, commands.ErrNonAncora) {
		t.Error(err)
	}
}

func TestOnlyTheSecretTellsWhoAnOperatorIs(t *testing.T) {
	i, other := apriUfficio(t), &commands.Service{Segreto: []byte("un altro segreto")}
	if i.OperatoreDi("RSSMRA80A01G273Z") != i.anna || other.OperatoreDi("RSSMRA80A01G273Z") == i.anna {
		t.Error("the id of an operator does not follow from the codice fiscale and the secret")
	}
}
