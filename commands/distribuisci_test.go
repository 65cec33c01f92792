package commands_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
)

// coda is an installation whose cases wait. It answers what read models would,
// from the store itself.
type coda struct {
	*ufficio
	casi []id.Caso
}

func apriCoda(t *testing.T, casi int) *coda {
	t.Helper()
	c := &coda{ufficio: apriUfficio(t)}
	c.coordinatore.ID = id.CasoDi("coordinatore").UUID // the same in each installation
	c.Fotografo = c
	for n := range casi {
		c.casi = append(c.casi, c.ricevi(t, n))
	}
	return c
}

// Fotografa implements commands.Fotografo.
func (c *coda) Fotografa(ctx context.Context, _ uint64, dove domain.Territorio, _ distribuzione.Filtro, oggi giorno.Giorno) (f processo.Fotografia, err error) {
	carico := map[id.Operatore]int{}
	for _, k := range c.casi {
		e, err := c.Caso(ctx, domain.INPS, k)
		if err != nil {
			return f, err
		}
		st := e.Stato
		if cm := st.Assegnazione.CaseManager; !cm.IsZero() {
			carico[cm]++
		} else if dove.Copre(st.Ambito, st.Comune) {
			f.Casi = append(f.Casi, processo.InAttesa{Caso: k, IDDomanda: st.Domanda.IDDomanda, Ambito: st.Ambito, Comune: st.Comune})
		}
	}
	for _, o := range []id.Operatore{c.anna, c.bruno} {
		st, err := c.Operatore(ctx, o)
		if err != nil {
			return f, err
		}
		cand := processo.Candidato{Operatore: o, Carico: carico[o], Assente: !operatore.AssenteFino(st.Periodi(), oggi).IsZero()}
		for _, a := range st.Attivi(oggi) {
			cand.Territori = append(cand.Territori, a.Territorio)
		}
		f.Candidati = append(f.Candidati, cand)
	}
	return f, nil
}

// corsa is the run of these tests, the same in each of them.
var corsa = id.Processo{UUID: id.CasoDi("corsa").UUID}

func (c *coda) avvia(t *testing.T) {
	t.Helper()
	deve(t)(c.AvviaAssegnazioneAutomatica(t.Context(), da(c.coordinatore), corsa, distribuzione.Filtro{}))
}

func (c *coda) distribuisci(ctx context.Context) error {
	return c.Distribuisci(ctx, "PA42", corsa, func() time.Time { return mattina }, slog.New(slog.DiscardHandler))
}

func (c *coda) leggi(t *testing.T, stream string) (events []domain.Event) {
	t.Helper()
	for r, err := range c.store.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, r.Event)
	}
	return events
}

// esito is all that a run leaves behind.
func (c *coda) esito(t *testing.T) (tutto [][]domain.Event) {
	t.Helper()
	tutto = append(tutto, c.leggi(t, "distribuzione-PA42"), c.leggi(t, "processo-"+corsa.String()))
	for _, k := range c.casi {
		tutto = append(tutto, c.leggi(t, "caso-"+k.String())[1:])
	}
	return tutto
}

// conti count the cases by what the run says of them, and by whose they are.
func (c *coda) conti(t *testing.T) (saltati map[processo.MotivoSalto]int, dati map[id.Operatore]int) {
	t.Helper()
	saltati, dati = map[processo.MotivoSalto]int{}, map[id.Operatore]int{}
	visti := map[id.Caso]bool{}
	visto := func(k id.Caso) {
		if visti[k] {
			t.Errorf("%s is told of twice", k)
		}
		visti[k] = true
	}
	for _, e := range c.leggi(t, "processo-"+corsa.String()) {
		switch e := e.(type) {
		case processo.Distribuito:
			visto(e.Caso)
			dati[e.CaseManager]++
		case processo.Saltato:
			visto(e.Caso)
			saltati[e.Motivo]++
		}
	}
	return saltati, dati
}

func (c *coda) fine(t *testing.T) domain.Event {
	t.Helper()
	events := c.leggi(t, "distribuzione-PA42")
	return events[len(events)-1]
}

// interrotto is a store that fails from its n-th call on, as for a program
// that is killed there.
type interrotto struct {
	commands.Store
	resto atomic.Int64
	basta context.CancelFunc
}

func (s *interrotto) conta() error {
	if s.resto.Add(-1) < 0 {
		s.basta()
		return context.Canceled
	}
	return nil
}

func (s *interrotto) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	if err := s.conta(); err != nil {
		return func(yield func(domain.Recorded, error) bool) { yield(domain.Recorded{}, err) }
	}
	return s.Store.Read(ctx, stream)
}

func (s *interrotto) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	if err := s.conta(); err != nil {
		return domain.Appended{}, err
	}
	dove, err := s.Store.Append(ctx, stream, at, meta, events...)
	if altro := s.conta(); altro != nil { // it was written, and nobody heard of it
		return domain.Appended{}, altro
	}
	return dove, err
}

// tentativo carries the run on until its n-th call of the store, and reports
// whether it came to its end.
func (c *coda) tentativo(t *testing.T, n int64) bool {
	t.Helper()
	ctx, basta := context.WithCancel(t.Context())
	defer basta()
	store := &interrotto{Store: c.store, basta: basta}
	store.resto.Store(n)
	morente := *c.Service
	morente.Store = store
	err := morente.Distribuisci(ctx, "PA42", corsa, func() time.Time { return mattina }, slog.New(slog.DiscardHandler))
	return err == nil
}

// F-63: a run that is killed at any step, and started again, leaves what one
// that was not interrupted leaves.
func TestARunKilledAtAnyStepComesToTheSameResult(t *testing.T) {
	const casi = 60
	intera := apriCoda(t, casi)
	intera.avvia(t)
	if err := intera.distribuisci(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := intera.esito(t)
	if diff := cmp.Diff(distribuzione.Event(distribuzione.Completata{Processo: corsa, Esiti: distribuzione.Esiti{Assegnati: casi}}), intera.fine(t)); diff != "" {
		t.Fatal(diff)
	}
	for passo, finita := int64(0), false; !finita; passo++ {
		c := apriCoda(t, casi)
		c.avvia(t)
		finita = c.tentativo(t, passo)
		if err := c.distribuisci(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, c.esito(t)); diff != "" {
			t.Fatalf("killed at call %d\n%s", passo, diff)
		}
	}
}

func TestARunKilledAgainAndAgainComesToItsEnd(t *testing.T) {
	const casi = 1200 // several pieces of plan, several groups
	c := apriCoda(t, casi)
	c.avvia(t)
	morti := 0
	for !c.tentativo(t, 300) {
		morti++
	}
	saltati, dati := c.conti(t)
	if morti < 5 || len(saltati) > 0 || dati[c.anna] != casi/2 || dati[c.bruno] != casi/2 {
		t.Errorf("after %d deaths: %v %v", morti, saltati, dati)
	}
	for _, k := range c.casi {
		if n := c.eventi(t, k); n != 2 {
			t.Errorf("%s holds %d events", k, n)
		}
	}
}

func TestTwoProgramsOnOneRunDoItOnce(t *testing.T) {
	const casi = 400
	c := apriCoda(t, casi)
	c.avvia(t)
	var tutti sync.WaitGroup
	for range 4 {
		tutti.Go(func() {
			for {
				err := c.distribuisci(t.Context())
				if err == nil {
					return
				}
				if !errors.Is(err, processo.ErrAltroPiano) {
					t.Error(err)
					return
				}
			}
		})
	}
	tutti.Wait()
	saltati, dati := c.conti(t)
	if len(saltati) > 0 || dati[c.anna] != casi/2 || dati[c.bruno] != casi/2 {
		t.Errorf("%v %v", saltati, dati)
	}
	for _, k := range c.casi {
		if n := c.eventi(t, k); n != 2 {
			t.Errorf("%s holds %d events", k, n)
		}
	}
}

// lento is a Fotografo that another program overtakes while it looks.
type lento struct {
	*coda
	intanto func()
}

// Fotografa implements commands.Fotografo.
func (l *lento) Fotografa(ctx context.Context, da uint64, dove domain.Territorio, filtro distribuzione.Filtro, oggi giorno.Giorno) (processo.Fotografia, error) {
	if f := l.intanto; f != nil {
		l.intanto = nil
		f()
	}
	return l.coda.Fotografa(ctx, da, dove, filtro, oggi)
}

func TestAProgramWhosePlanComesLateFollowsTheOther(t *testing.T) {
	const casi = 40
	c := apriCoda(t, casi)
	c.avvia(t)
	c.Fotografo = &lento{coda: c, intanto: func() {
		if err := c.distribuisci(t.Context()); err != nil {
			t.Error(err)
		}
	}}
	if err := c.distribuisci(t.Context()); !errors.Is(err, processo.ErrAltroPiano) {
		t.Errorf("its plan is taken for the one that is written: %v", err)
	}
	if saltati, dati := c.conti(t); len(saltati) > 0 || dati[c.anna] != casi/2 || dati[c.bruno] != casi/2 {
		t.Errorf("%v %v", saltati, dati)
	}
}

// F-64: while a run gives cases out, coordinators do too.
func TestACaseIsGivenByHandOrByTheRunNeverByBoth(t *testing.T) {
	casi := 600
	c := apriCoda(t, casi)
	c.avvia(t)
	var aMano atomic.Int64
	var tutti sync.WaitGroup
	for n := range 8 {
		tutti.Go(func() {
			for k := n; k < casi; k += 8 {
				_, err := c.AssegnaCaso(t.Context(), da(c.coordinatore), c.casi[casi-1-k], caso.Assegna{CaseManager: c.bruno, Modalita: caso.Manuale})
				switch {
				case err == nil:
					aMano.Add(1)
				case !errors.Is(err, caso.ErrGiaAssegnato):
					t.Error(err)
				}
			}
		})
	}
	if err := c.distribuisci(t.Context()); err != nil {
		t.Fatal(err)
	}
	tutti.Wait()
	perModo := map[caso.Modalita]int{}
	for _, k := range c.casi {
		events := c.leggi(t, "caso-"+k.String())
		if len(events) != 2 {
			t.Fatalf("%s: %v", k, events)
		}
		perModo[events[1].(caso.Assegnato).Modalita]++
	}
	saltati, dati := c.conti(t)
	fine := c.fine(t).(distribuzione.Completata)
	if n := dati[c.anna] + dati[c.bruno]; n != perModo[caso.Automatica] || fine.Assegnati != n || fine.Saltati != saltati[processo.GiaAssegnato] {
		t.Errorf("%v given, %v by mode, %v skipped, %+v", dati, perModo, saltati, fine)
	}
	if perModo[caso.Automatica]+perModo[caso.Manuale] != casi || perModo[caso.Manuale] > int(aMano.Load()) { // bruno twice is no second assignment
		t.Errorf("%v, %d by hand", perModo, aMano.Load())
	}
}

func TestARunSkipsWhatChangedSinceThePlan(t *testing.T) {
	c := apriCoda(t, 4)
	c.avvia(t)
	pianificata := false
	store := intoppo{c.store, func(_ string, events []domain.Event) error {
		if _, piano := events[0].(processo.PianoEsteso); !piano || pianificata {
			return nil
		}
		pianificata = true // what follows happens while the plan is written
		deve(t)(c.AssegnaCaso(t.Context(), da(c.coordinatore), c.casi[0], caso.Assegna{CaseManager: c.bruno, Modalita: caso.Manuale}))
		deve(t)(c.TrasferisciCaso(t.Context(), da(domain.INPS), c.casi[1], caso.Trasferisci{
			Ambito: "RM1", Comune: "H501", Indirizzo: caso.Indirizzo{Via: "Via Nuova", Civico: "1", CAP: "00100", Comune: "H501"}, DataDecorrenza: giorno.Data(2026, 5, 1),
		}))
		deve(t)(c.RegistraIndisponibilita(t.Context(), da(domain.Attore{Ruolo: domain.SuperUtente}), c.anna, operatore.RegistraIndisponibilita{
			ID: id.New[id.Indisponibilita](), Dal: giorno.Data(2026, 5, 4), Al: giorno.Data(2026, 5, 4), Motivo: operatore.Malattia,
		}))
		return nil
	}}
	s := *c.Service
	s.Store = store
	if err := s.Distribuisci(t.Context(), "PA42", corsa, func() time.Time { return mattina }, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	saltati, dati := c.conti(t)
	if saltati[processo.GiaAssegnato] != 1 || saltati[processo.FuoriTerritorio] != 1 || dati[c.anna] != 0 {
		t.Errorf("%v %v", saltati, dati)
	}
	if n := dati[c.bruno] + saltati[processo.NonDisponibile]; n != 2 || saltati[processo.NonDisponibile] == 0 {
		t.Errorf("an absent case manager was given cases: %v %v", saltati, dati)
	}
}

func TestNobodyWhoIsAwayIsGivenACase(t *testing.T) {
	c := apriCoda(t, 3)
	parte := func(o id.Operatore, dal, al giorno.Giorno) {
		deve(t)(c.RegistraIndisponibilita(t.Context(), da(domain.Attore{Ruolo: domain.SuperUtente}), o, operatore.RegistraIndisponibilita{
			ID: id.New[id.Indisponibilita](), Dal: dal, Al: al, Motivo: operatore.Ferie,
		}))
	}
	oggi := giorno.Di(mattina)
	parte(c.anna, oggi-3, oggi)
	parte(c.bruno, oggi+1, oggi+5)
	c.avvia(t)
	if err := c.distribuisci(t.Context()); err != nil {
		t.Fatal(err)
	}
	if saltati, dati := c.conti(t); dati[c.bruno] != 3 || len(saltati) > 0 {
		t.Errorf("%v %v", saltati, dati)
	}
}

func TestWhereNobodyIsACaseIsLeft(t *testing.T) {
	c := apriCoda(t, 3)
	for _, o := range []id.Operatore{c.anna, c.bruno} {
		deve(t)(c.RegistraIndisponibilita(t.Context(), da(domain.Attore{Ruolo: domain.SuperUtente}), o, operatore.RegistraIndisponibilita{
			ID: id.New[id.Indisponibilita](), Dal: giorno.Di(mattina), Al: giorno.Di(mattina), Motivo: operatore.Ferie,
		}))
	}
	c.avvia(t)
	if err := c.distribuisci(t.Context()); err != nil {
		t.Fatal(err)
	}
	if saltati, dati := c.conti(t); saltati[processo.NessunOperatore] != 3 || len(dati) > 0 {
		t.Errorf("%v %v", saltati, dati)
	}
}

func TestARunIsInterruptedBetweenTwoGroups(t *testing.T) {
	c := apriCoda(t, 600)
	c.avvia(t)
	var chiesta sync.Once
	s := *c.Service
	s.Store = intoppo{c.store, func(_ string, events []domain.Event) error {
		if _, dato := events[0].(caso.Assegnato); dato {
			chiesta.Do(func() {
				deve(t)(c.InterrompiAssegnazioneAutomatica(t.Context(), da(c.coordinatore), corsa))
			})
		}
		return nil
	}}
	if err := s.Distribuisci(t.Context(), "PA42", corsa, func() time.Time { return mattina }, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(distribuzione.Event(distribuzione.Interrotta{Processo: corsa, Esiti: distribuzione.Esiti{Assegnati: 250}}), c.fine(t)); diff != "" {
		t.Error(diff)
	}
	deve(t)(c.AvviaAssegnazioneAutomatica(t.Context(), da(c.coordinatore), id.New[id.Processo](), distribuzione.Filtro{}))
}

// F-62.
func TestOneRunAtATimeInAnAmbito(t *testing.T) {
	c := apriCoda(t, 1)
	var avviate atomic.Int64
	var tutti sync.WaitGroup
	for range 200 {
		tutti.Go(func() {
			_, err := c.AvviaAssegnazioneAutomatica(t.Context(), da(c.coordinatore), id.New[id.Processo](), distribuzione.Filtro{})
			switch {
			case err == nil:
				avviate.Add(1)
			case !errors.Is(err, distribuzione.ErrInCorso) && !errors.Is(err, domain.ErrStale):
				t.Error(err)
			}
		})
	}
	tutti.Wait()
	if avviate.Load() != 1 || len(c.leggi(t, "distribuzione-PA42")) != 1 {
		t.Errorf("%d runs were started", avviate.Load())
	}
}

func TestAProposalChangesNothing(t *testing.T) {
	c := apriCoda(t, 5)
	scelte, _, err := c.ProponiAssegnazioneAutomatica(t.Context(), da(c.coordinatore), distribuzione.Filtro{})
	if err != nil || len(scelte) != 5 || len(c.leggi(t, "distribuzione-PA42")) != 0 {
		t.Fatal(scelte, err)
	}
	c.avvia(t)
	if err := c.distribuisci(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range scelte {
		if e, err := c.Caso(t.Context(), domain.INPS, s.Caso); err != nil || e.Stato.Assegnazione.CaseManager != s.CaseManager {
			t.Errorf("%s was proposed for %s, and given to %s, %v", s.Caso, s.CaseManager, e.Stato.Assegnazione.CaseManager, err)
		}
	}
	if _, _, err := c.ProponiAssegnazioneAutomatica(t.Context(), da(c.coordinatore), distribuzione.Filtro{Misura: "PDC"}); !errors.Is(err, distribuzione.ErrMisura) {
		t.Error(err)
	}
}
