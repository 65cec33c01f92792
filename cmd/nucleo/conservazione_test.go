package main

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/apertura"
	"nucleo/domain/cancellazione"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
	"nucleo/eventstore/sigilli"
	"nucleo/internal/chiavi"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
	"nucleo/projections/accessi"
	"nucleo/projections/allarmi"
	"nucleo/projections/elenco"

	"nucleo/cmd/nucleo/internal/segnalibri"
)

// secoli is an installation whose clock is set by hand: the embedded node, a
// database, the read models, and the loops of the access log.
type secoli struct {
	*impianto
	sguardi sguardi
	segni   segnalibri.Segnalibri
	comandi *commands.Service

	mu     sync.Mutex
	adesso time.Time
}

func (s *secoli) Adesso() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.adesso
}

func (s *secoli) alle(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adesso = t
}

func nuoviSecoli(t *testing.T) *secoli {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	i, err := apri(config{Data: cartellaDemo(t), Postgres: pgtest.Database(t), Chiavi: pgtest.Database(t)}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.apriArchivio(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := i.apriChiavi(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := i.apriLettura(t.Context()); err != nil {
		t.Fatal(err)
	}
	motore := projections.NewEngine(i.lettura, i.origine(), quiet, modelli...)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- motore.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done
		if err := i.chiudi(); err != nil {
			t.Error(err)
		}
	})
	segni, err := segnalibri.Apri(t.Context(), i.lettura)
	if err != nil {
		t.Fatal(err)
	}
	return &secoli{impianto: i, sguardi: sguardi{i, motore, i.pepe()}, segni: segni, comandi: i.comandi()}
}

// guarda has an operator open cases of an ambito at an instant, by a process of
// its own.
func (s *secoli) guarda(t *testing.T, chi id.Operatore, ambito string, quando time.Time, volte int) {
	t.Helper()
	s.alle(quando)
	registro := &commands.Registro{Store: s.archivio, Adesso: s.Adesso, Zona: roma, Replica: replica}
	for range volte {
		durevole := registro.Annota(ambito, accesso.Registrato{
			Operatore: chi, Ruolo: domain.CaseManager, Territorio: domain.Territorio{Ambito: ambito}, Richiesta: uuid.New(), Rotta: "GET /rest/nucleo/v1/casi/{caso}",
			Decisione: accesso.Consentito, Caso: id.CasoDi("INPS-RDC-2019-1"), Classi: []accesso.Classe{accesso.Dettaglio}, Righe: 1,
		})
		if err := durevole(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	registro.Chiudi()
}

// mesi are how many records each month has in the list, once it follows the log.
func (s *secoli) mesi(t *testing.T) map[string]int {
	t.Helper()
	if err := s.sguardi.AttendiTutto(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := accessi.Elenco(t.Context(), s.lettura, accessi.Filtro{}, elenco.Richiesta{Limite: 100})
	if err != nil {
		t.Fatal(err)
	}
	mesi := map[string]int{}
	for _, v := range p.Voci {
		mesi[v.Mese]++
	}
	return mesi
}

// The access log is kept for 24 months, and no longer: the clock goes on by two
// years and by ten. What is left of the log holds, and the list made anew is the
// one that was kept.
func TestMonthsOfTheAccessLogExpire(t *testing.T) {
	s := nuoviSecoli(t)
	anna, bruno := id.New[id.Operatore](), id.New[id.Operatore]()
	maggio := time.Date(2026, 5, 31, 23, 30, 0, 0, roma)
	s.guarda(t, anna, "PA42", maggio, 3)
	s.guarda(t, bruno, "AG01", maggio, 2)
	s.guarda(t, anna, "PA42", maggio.Add(time.Hour), 1) // June
	s.guarda(t, bruno, "PA42", maggio.AddDate(1, 11, 0), 2)
	conserva := policies.Conservazione{Comandi: s.comandi, Registri: s.sguardi, Archivio: s.archivio, Segnalibri: s.segni, Adesso: s.Adesso, Zona: roma}
	for _, c := range []struct {
		adesso time.Time
		want   map[string]int
	}{
		{maggio.Add(time.Hour), map[string]int{"202605": 5, "202606": 1, "202804": 0, "202805": 2}},
		{time.Date(2028, 5, 31, 23, 59, 0, 0, roma), map[string]int{"202605": 5, "202606": 1, "202805": 2}},
		{time.Date(2028, 6, 1, 0, 0, 0, 0, roma), map[string]int{"202606": 1, "202805": 2}},
		{time.Date(2028, 6, 1, 0, 0, 0, 0, roma), map[string]int{"202606": 1, "202805": 2}},
		{time.Date(2036, 5, 4, 10, 0, 0, 0, roma), map[string]int{}},
	} {
		s.alle(c.adesso)
		if err := conserva.Scade(t.Context()); err != nil {
			t.Fatal(c.adesso, err)
		}
		delete(c.want, "202804")
		if diff := cmp.Diff(c.want, s.mesi(t)); diff != "" {
			t.Errorf("on %s: %s", c.adesso, diff)
		}
		if _, err := (sigilli.Verifica{Registro: s.archivio, Chiavi: note.VerifierList()}).Esegui(t.Context()); err != nil {
			t.Errorf("on %s: %v", c.adesso, err)
		}
		s.controlla(t, c.want)
	}
}

// controlla reads each stream of the access log, and makes the list anew.
func (s *secoli) controlla(t *testing.T, want map[string]int) {
	t.Helper()
	var log []domain.Recorded
	flussi := map[string]string{}
	for e, err := range s.archivio.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		log = append(log, e.Recorded(eventi))
		if _, mese, ok := accesso.Luogo(e.Stream); ok {
			flussi[e.Stream] = mese
		}
	}
	for flusso, mese := range flussi {
		restano := 0
		for _, err := range s.archivio.Stored(t.Context(), flusso) {
			if err != nil {
				t.Fatal(err)
			}
			restano++
		}
		if (restano > 0) != (want[mese] > 0) {
			t.Errorf("%s holds %d records", flusso, restano)
		}
	}
	tenuta, err := accessi.Projection.Load(t.Context(), s.lettura)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(accessi.Projection.Contents(accessi.Projection.Fold(log...)), accessi.Projection.Contents(tenuta)); diff != "" {
		t.Errorf("the list made anew (-) is not the one that was kept (+):\n%s", diff)
	}
}

// The rules ask the read models in earnest: who opened more cases than usual is
// found, once, and the others are not.
func TestTheAccessLogIsLookedThrough(t *testing.T) {
	s := nuoviSecoli(t)
	anna, bruno := id.New[id.Operatore](), id.New[id.Operatore]()
	lunedi := time.Date(2026, 5, 4, 10, 0, 0, 0, roma)
	s.guarda(t, anna, "PA42", lunedi.Add(-24*3*time.Hour), 2)
	s.guarda(t, anna, "PA42", lunedi, 8)
	s.guarda(t, bruno, "PA42", lunedi, 4)
	soglie := allarme.Soglie{allarme.Letture: 5, allarme.SenzaLavoro: 1, allarme.Riassegnazione: 1, allarme.Ricerche: 1, allarme.Parentela: 1, allarme.FuoriOrario: 9}
	v := policies.Vigilanza{Comandi: s.comandi, Sguardi: s.sguardi, Segnalibri: s.segni, Adesso: s.Adesso, Zona: roma, Soglie: soglie, Apre: 7, Chiude: 20}
	for _, dopo := range []time.Duration{2 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, 10 * 365 * 24 * time.Hour} {
		s.alle(lunedi.Add(dopo))
		if err := v.Guarda(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	fine, err := s.archivio.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.sguardi.motore.Wait(t.Context(), fine, allarmi.Projection); err != nil {
		t.Fatal(err)
	}
	p, err := allarmi.Elenco(t.Context(), s.lettura, allarmi.Filtro{}, elenco.Richiesta{Limite: 25, Ordina: "regola"})
	if err != nil {
		t.Fatal(err)
	}
	visti := map[allarme.Regola]int{}
	for _, a := range p.Voci {
		visti[a.Regola]++
		if a.Regola == allarme.Letture && (a.Operatore != anna || a.Misura != 8 || a.Soglia != 7 || !a.Dal.Equal(lunedi)) {
			t.Errorf("%+v", a)
		}
	}
	if diff := cmp.Diff(map[allarme.Regola]int{allarme.Letture: 1, allarme.SenzaLavoro: 3}, visti); diff != "" {
		t.Error(diff)
	}
}

// The parts that may not know the classes keep to them all the same.
func TestKeysAndOpeningsAreKeptAsTheirClassesSay(t *testing.T) {
	for _, c := range []struct {
		classe conservazione.Classe
		kept   time.Duration
	}{{conservazione.KEK, chiavi.Custodia}, {conservazione.Aperture, apertura.Durata}} {
		if da := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC); !c.classe.Per.Dopo(da).Equal(da.Add(c.kept)) {
			t.Errorf("%s is kept for %s", c.classe.Nome, c.kept)
		}
	}
	if want := (conservazione.Termine{Anni: cancellazione.Anni}); conservazione.Casi.Per != want {
		t.Errorf("cases are kept for %+v, and may be erased after %+v", conservazione.Casi.Per, want)
	}
}
