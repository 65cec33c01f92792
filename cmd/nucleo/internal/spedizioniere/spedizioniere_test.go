package spedizioniere_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/cmd/nucleo/internal/inpsfinto"
	"nucleo/cmd/nucleo/internal/spedizioniere"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
	"nucleo/projections/segnalazioni"
)

var (
	mattina  = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	pa42     = domain.Territorio{Ambito: "PA42"}
	anna     = domain.Attore{ID: uuid.New(), Ruolo: domain.CaseManager, Territorio: pa42}
	carla    = domain.Attore{ID: uuid.New(), Ruolo: domain.CoordinatorePaIS, Territorio: pa42}
	silenzio = slog.New(slog.DiscardHandler)
)

// scena is an installation in memory, INPS beside it.
type scena struct {
	*memory.Store
	comandi *commands.Service
	inps    *inpsfinto.INPS
	url     string
	quali   []flussoinps.Voce
	ore     atomic.Int64 // that went by
}

func nuova(t *testing.T, casi int, c inpsfinto.Config) *scena {
	t.Helper()
	s := &scena{Store: memory.New(domain.NewCatalog(caso.Aggregate, ambito.Aggregate, flussoinps.Aggregate)), inps: inpsfinto.Nuova(c)}
	s.comandi = &commands.Service{Store: s.Store, Zona: time.UTC, Segreto: []byte("s")}
	server := httptest.NewServer(s.inps)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(server.Close)
	s.url = server.URL
	for n := range casi {
		s.propone(t, n)
	}
	return s
}

func (s *scena) adesso() time.Time { return mattina.Add(time.Duration(s.ore.Load()) * time.Hour) }

func (s *scena) req(a domain.Attore) commands.Request {
	return commands.Request{Comando: uuid.New(), Attore: a, Canale: domain.HTTP, Adesso: s.adesso()}
}

// propone makes a case of which Anna has proposed a segnalazione.
func (s *scena) propone(t *testing.T, n int) {
	t.Helper()
	domanda := fmt.Sprintf("INPS-ADI-2026-%d", n+1)
	c, primo := id.CasoDi(domanda), id.New[id.Componente]()
	v := flussoinps.Voce{Caso: c, Segnalazione: id.New[id.Segnalazione](), Tipo: flussoinps.Segnalazione}
	_, err := s.Append(t.Context(), "caso-"+c.String(), domain.Head{}, domain.Meta{Comando: uuid.New(), Istante: mattina},
		caso.DomandaRicevuta{IDDomanda: domanda, Misura: caso.ADI, Ambito: "PA42", Comune: "G273", Componenti: []caso.Componente{{ID: primo, CodiceFiscale: "RSSPNI80A01G273X", Cognome: "ROSSI"}}},
		caso.Assegnato{CaseManager: id.Operatore{UUID: anna.ID}},
		caso.SegnalazioneProposta{
			Segnalazione: v.Segnalazione, Categoria: caso.ADIMancataPresentazione, Componente: primo, DataFatto: giorno.Data(2026, 4, 20), Accertamento: giorno.Data(2026, 4, 21),
			Dettaglio: "segreto-canarino", Scadenza: giorno.Data(2026, 5, 6), Occorrenza: 1, PropostaDa: id.Operatore{UUID: anna.ID},
		})
	if err != nil {
		t.Fatal(err)
	}
	s.quali = append(s.quali, v)
}

func (s *scena) approva(t *testing.T, quali ...flussoinps.Voce) {
	t.Helper()
	for _, v := range quali {
		if _, err := s.comandi.DecidiSegnalazione(t.Context(), s.req(carla), v.Caso, v.Segnalazione, commands.Decisione{Approva: true}); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *scena) annulla(ctx context.Context, v flussoinps.Voce) error {
	_, err := s.comandi.AnnullaInvio(ctx, s.req(carla), v.Caso, caso.AnnullaInvio{Segnalazione: v.Segnalazione, Motivazione: "si presenta"})
	return err
}

func (s *scena) stato(t *testing.T, v flussoinps.Voce) caso.Segnalazione {
	t.Helper()
	storia, err := s.comandi.StoriaCaso(context.Background(), v.Caso, commands.Alla{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := storia.Stato.Segnalazioni.Trova(v.Segnalazione)
	return n
}

// tabelle are the read model, folded anew.
func (s *scena) tabelle() *segnalazioni.Tabelle {
	var log []domain.Recorded
	for r, err := range s.All(context.Background(), 0, false) {
		if err == nil {
			log = append(log, r.Recorded(domain.NewCatalog(caso.Aggregate, ambito.Aggregate, flussoinps.Aggregate)))
		}
	}
	return segnalazioni.Projection.Fold(log...)
}

func (s *scena) Attendi(context.Context, uint64) error { return nil }

func (s *scena) DaSpedire(context.Context, int) (voci []flussoinps.Voce, _ error) {
	for n, r := range s.tabelle().Segnalazioni.All() {
		switch {
		case r.Stato == caso.Approvata:
			voci = append(voci, flussoinps.Voce{Caso: r.Caso, Segnalazione: n, Tipo: flussoinps.Segnalazione})
		case r.Stato == caso.Rettificata && r.FlussoRettif == "":
			voci = append(voci, flussoinps.Voce{Caso: r.Caso, Segnalazione: n, Tipo: flussoinps.Rettifica})
		}
	}
	return voci, nil
}

func (s *scena) FlussiAperti(context.Context) (aperti []string, _ error) {
	for f, r := range s.tabelle().Flussi.All() {
		if !r.Chiuso {
			aperti = append(aperti, f)
		}
	}
	return aperti, nil
}

func (s *scena) UltimoFlusso(_ context.Context, g giorno.Giorno) (n int, _ error) {
	for _, r := range s.tabelle().Flussi.All() {
		if r.Giorno == g {
			n = max(n, r.Numero)
		}
	}
	return n, nil
}

// rete is the way to INPS by HTTP.
func (s *scena) rete() inps.Rete {
	return inps.Rete{URL: s.url, Client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}, Log: silenzio}
}

// spedizioniere is a dispatcher that was just started.
func (s *scena) spedizioniere(store commands.Store, via spedizioniere.Via) *spedizioniere.Spedizioniere {
	comandi := *s.comandi
	comandi.Store = store
	return spedizioniere.Nuovo(spedizioniere.Config{Comandi: &comandi, Elenco: s, Via: via, Ogni: time.Minute, Adesso: s.adesso, Log: silenzio})
}

// finisce lets a dispatcher work until every flusso has come to its end.
func (s *scena) finisce(t *testing.T, via spedizioniere.Via) {
	t.Helper()
	d := s.spedizioniere(s.Store, via)
	var err error
	for range 40 {
		err = d.Giro(t.Context())
		s.ore.Add(24) // no flusso rests any more
		aperti, _ := s.FlussiAperti(t.Context())
		if voci, _ := s.DaSpedire(t.Context(), 1); len(aperti)+len(voci) == 0 {
			return
		}
	}
	t.Fatalf("a flusso does not come to its end: %v\n%+v %+v", err, s.stato(t, s.quali[0]), s.tabelle().Flussi)
}

// regge holds what INPS got to what the cases say: each that was approved and
// not annulled had one effect and is acknowledged, no other ever arrived.
func (s *scena) regge(t *testing.T) {
	t.Helper()
	avute := map[id.Segnalazione]inpsfinto.Conteggio{}
	for _, c := range s.inps.Conteggi() {
		if c.Effetti != 1 {
			t.Errorf("%s %s had %d effects", c.Tipo, c.ID, c.Effetti)
		}
		if c.Tipo == flussoinps.Segnalazione {
			avute[c.ID] = c
		}
	}
	for _, v := range s.quali {
		stato := s.stato(t, v).Stato
		_, avuta := avute[v.Segnalazione]
		if avuta != (stato == caso.Acquisita || stato == caso.Rettificata) {
			t.Errorf("%s is %s, and INPS has it: %v", v.Segnalazione, stato, avuta)
		}
		if stato == caso.Approvata || stato == caso.InUscita || stato == caso.Inviata {
			t.Errorf("%s stays %s", v.Segnalazione, stato)
		}
	}
}

func TestAnApprovedSegnalazioneIsSentAndAcknowledged(t *testing.T) {
	s := nuova(t, 3, inpsfinto.Config{Ripeti: 2})
	s.approva(t, s.quali[:2]...)
	d := s.spedizioniere(s.Store, s.rete())
	for _, vuole := range []caso.StatoSegnalazione{caso.InUscita, caso.Inviata, caso.Acquisita, caso.Acquisita} {
		if err := d.Giro(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.stato(t, s.quali[0]).Stato; got != vuole {
			t.Fatalf("%s, want %s", got, vuole)
		}
	}
	if got := s.stato(t, s.quali[2]).Stato; got != caso.DaValidare {
		t.Errorf("one that nobody approved is %s", got)
	}
	conteggi := s.inps.Conteggi()
	want := inps.Voce{
		Tipo: flussoinps.Segnalazione, ID: conteggi[0].ID, IDDomanda: conteggi[0].Ultima.IDDomanda, Ambito: "PA42", Categoria: caso.ADIMancataPresentazione,
		DataFatto: giorno.Data(2026, 4, 20), Accertamento: giorno.Data(2026, 4, 21), Occorrenza: 1, CodiceFiscale: "RSSPNI80A01G273X",
	}
	if len(conteggi) != 2 || conteggi[0].Volte != 1 || conteggi[0].Ultima != want {
		t.Errorf("INPS got %+v", conteggi)
	}
	if _, err := s.comandi.RettificaSegnalazione(t.Context(), s.req(carla), s.quali[0].Caso, caso.RettificaSegnalazione{Segnalazione: s.quali[0].Segnalazione, Motivazione: "x"}); err != nil {
		t.Fatal(err)
	}
	s.finisce(t, s.rete())
	if conteggi := s.inps.Conteggi(); len(conteggi) != 3 {
		t.Errorf("the correction did not arrive: %+v", conteggi)
	}
}

func TestWhatIsAnnulledWhileInUscitaIsNotSent(t *testing.T) {
	s := nuova(t, 2, inpsfinto.Config{})
	s.approva(t, s.quali...)
	d := s.spedizioniere(s.Store, s.rete())
	if err := d.Giro(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.annulla(t.Context(), s.quali[0]); err != nil {
		t.Fatal(err)
	}
	s.finisce(t, s.rete())
	s.regge(t)
	if len(s.inps.Conteggi()) != 1 {
		t.Errorf("INPS got %+v", s.inps.Conteggi())
	}
}

// contraria is a way to an INPS that takes what comes and accepts none of it.
type contraria struct{ spedizioniere.Via }

func (contraria) Consegna(_ context.Context, d inps.Documento) (esiti []inps.Esito, _ error) {
	for _, v := range d.Voci {
		esiti = append(esiti, inps.Esito{Tipo: v.Tipo, ID: v.ID, Motivo: "categoria sconosciuta"})
	}
	return esiti, nil
}

func TestWhatINPSRefusesIsCounted(t *testing.T) {
	s := nuova(t, 2, inpsfinto.Config{})
	s.approva(t, s.quali...)
	d := s.spedizioniere(s.Store, contraria{s.rete()})
	if err := d.Giro(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := d.Misura(); m.Fallito || !m.Riuscito.Equal(s.adesso()) {
		t.Errorf("after gathering: %+v", m)
	}
	if err := d.Giro(t.Context()); err == nil {
		t.Error("a round in which INPS took nothing did all")
	}
	if m := d.Misura(); m.Respinte != 2 || m.Inviate != 0 || !m.Fallito || m.Riuscito.IsZero() {
		t.Errorf("after a refusal: %+v", m)
	}
	d = s.spedizioniere(s.Store, s.rete())
	if err := d.Giro(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := d.Misura(); m.Respinte != 0 || m.Inviate != 2 || m.Fallito {
		t.Errorf("once INPS took them: %+v", m)
	}
}

// While INPS refuses, drops answers and repeats receipts, what is sent has one effect.
func TestADifficultCounterpartChangesNothing(t *testing.T) {
	s := nuova(t, 12, inpsfinto.Config{RifiutaOgni: 2, PerdiOgni: 3, Ripeti: 1})
	d := s.spedizioniere(s.Store, s.rete())
	for n, v := range s.quali {
		s.approva(t, v)
		_ = d.Giro(t.Context())
		if n%5 == 0 {
			_ = s.annulla(t.Context(), v)
		}
		s.ore.Add(7)
	}
	s.finisce(t, s.rete())
	s.regge(t)
}

func TestAFlussoGoesThroughDirectories(t *testing.T) {
	dir := t.TempDir()
	uscita, ricevute := filepath.Join(dir, "uscita"), filepath.Join(dir, "ricevute")
	s := nuova(t, 3, inpsfinto.Config{Entrata: uscita, Ricevute: ricevute, Ripeti: 1})
	s.approva(t, s.quali...)
	ctx, stop := context.WithCancel(t.Context())
	fine := make(chan error)
	go func() { fine <- s.inps.Run(ctx) }()
	via := inps.Cartella{Uscita: uscita, Inbox: inps.Inbox{Dir: ricevute, Log: silenzio}}
	d := s.spedizioniere(s.Store, via)
	for limite := time.Now().Add(20 * time.Second); s.stato(t, s.quali[2]).Stato != caso.Acquisita && time.Now().Before(limite); <-time.After(20 * time.Millisecond) {
		if err := d.Giro(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-fine; err != nil {
		t.Error(err)
	}
	s.regge(t)
}

var errUcciso = errors.New("killed")

// ucciso is a store and a way to INPS of a dispatcher that is killed at its
// n-th step: before it, or after it was done and before that was known.
type ucciso struct {
	*memory.Store
	spedizioniere.Via
	passi, a int
	dopo     bool
	intanto  func() // what happens right before the kill
}

func (u *ucciso) passo(f func() error) error {
	if u.passi > u.a {
		return errUcciso
	}
	u.passi++
	if u.passi <= u.a {
		return f()
	}
	if u.intanto != nil {
		u.intanto()
	}
	if u.dopo {
		_ = f()
	}
	return errUcciso
}

func (u *ucciso) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (a domain.Appended, err error) {
	err = u.passo(func() (err error) { a, err = u.Store.Append(ctx, stream, at, meta, events...); return err })
	return a, err
}

func (u *ucciso) Consegna(ctx context.Context, d inps.Documento) (e []inps.Esito, err error) {
	err = u.passo(func() (err error) { e, err = u.Via.Consegna(ctx, d); return err })
	return e, err
}

// The dispatcher is killed at each of its steps, before and after; meanwhile a
// coordinator annuls. Started again it brings all to its end: what was
// annulled never arrives, all else does, with one effect.
func TestKilledAtAnyStepItGoesOnWithoutLosingOrRepeating(t *testing.T) {
	for a := 0; ; a++ {
		finito := false
		for _, dopo := range []bool{false, true} {
			for _, annulla := range []bool{false, true} {
				s := nuova(t, 2, inpsfinto.Config{})
				s.approva(t, s.quali...)
				u := &ucciso{Store: s.Store, Via: s.rete(), a: a, dopo: dopo}
				var annullata error
				u.intanto = func() {
					if annulla {
						annullata = s.annulla(t.Context(), s.quali[0])
					}
				}
				d := s.spedizioniere(u, u)
				for range 4 {
					_ = d.Giro(t.Context())
				}
				finito = u.passi <= a
				s.finisce(t, s.rete())
				s.regge(t)
				fermata := s.stato(t, s.quali[0]).Stato == caso.InvioFermato
				if !finito && annulla && fermata != (annullata == nil) {
					t.Errorf("killed at step %d: annulling answered %v, and it is %s", a, annullata, s.stato(t, s.quali[0]).Stato)
				}
				if t.Failed() {
					t.Fatalf("killed at step %d, after it: %v", a, dopo)
				}
			}
		}
		if finito {
			if a < 8 {
				t.Errorf("only %d steps were tried", a)
			}
			return
		}
	}
}

// Two dispatchers, case managers and coordinators at once, on the same cases,
// with a counterpart that drops answers: whoever is told that it was annulled
// or withdrawn can rely on it.
func TestRacesBetweenPeopleAndDispatchersEndWell(t *testing.T) {
	s := nuova(t, 24, inpsfinto.Config{PerdiOgni: 4})
	ctx, stop := context.WithCancel(t.Context())
	var dispatcher, persone sync.WaitGroup
	for range 2 {
		d := s.spedizioniere(s.Store, s.rete())
		dispatcher.Go(func() {
			for ctx.Err() == nil {
				_ = d.Giro(ctx)
				s.ore.Add(1)
			}
		})
	}
	var fermate sync.Map
	for k := range 4 {
		caso4 := rand.New(rand.NewPCG(uint64(k), 7))
		persone.Go(func() {
			for range 60 {
				v := s.quali[caso4.IntN(len(s.quali))]
				switch caso4.IntN(4) {
				case 0:
					_, err := s.comandi.RitiraSegnalazione(t.Context(), s.req(anna), v.Caso, caso.RitiraSegnalazione{Segnalazione: v.Segnalazione, Motivazione: "x"})
					if err == nil {
						fermate.Store(v.Segnalazione, true)
					}
				case 1:
					if s.annulla(t.Context(), v) == nil {
						fermate.Store(v.Segnalazione, true)
					}
				case 2:
					_, err := s.comandi.DecidiSegnalazione(t.Context(), s.req(carla), v.Caso, v.Segnalazione, commands.Decisione{Motivazione: "mancano le prove"})
					if err == nil {
						fermate.Store(v.Segnalazione, true)
					}
				default:
					_, _ = s.comandi.DecidiSegnalazione(t.Context(), s.req(carla), v.Caso, v.Segnalazione, commands.Decisione{Approva: true})
				}
			}
		})
	}
	persone.Wait()
	stop()
	dispatcher.Wait()
	s.finisce(t, s.rete())
	for _, c := range s.inps.Conteggi() {
		if _, no := fermate.Load(c.ID); no {
			t.Errorf("%s was annulled, withdrawn or refused, and sent", c.ID)
		}
	}
	s.quali = soloDecise(t, s)
	s.regge(t)
}

// soloDecise leaves out what nobody ever decided on.
func soloDecise(t *testing.T, s *scena) (decise []flussoinps.Voce) {
	for _, v := range s.quali {
		if s.stato(t, v).Stato != caso.DaValidare {
			decise = append(decise, v)
		}
	}
	return decise
}
