package policies_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
)

// sguardo is an access of the tests.
type sguardo struct {
	quando time.Time
	chi    id.Operatore
	caso   id.Caso // zero for a list
	righe  int
	negato bool
	cerca  bool
	altrui bool // not as its case manager
}

// torre is what the policy of the alerts stands on, with a failure in it.
type torre struct {
	*caduta
	store    *memory.Store
	segni    map[string]uint64
	sguardi  []sguardo
	usuale   int
	perdite  map[id.Operatore]time.Time
	assegna  map[id.Operatore]bool
	chi      map[id.Operatore]allarme.Persona
	famiglie map[id.Caso][]allarme.Persona
	protetti []id.Caso
}

func (f torre) Read(ctx context.Context, stream string) iter.Seq2[domain.Recorded, error] {
	return fragile{caduta: f.caduta, store: f.store}.Read(ctx, stream)
}

func (f torre) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	return fragile{caduta: f.caduta, store: f.store}.Append(ctx, stream, at, meta, events...)
}

func (f torre) Leggi(_ context.Context, nome string) (at uint64, found bool, err error) {
	err = f.passa(func() error { at, found = f.segni[nome]; return nil })
	return at, found, err
}

func (f torre) Sposta(_ context.Context, nome string, at uint64) error {
	return f.passa(func() error { f.segni[nome] = max(at, f.segni[nome]); return nil })
}

func (f torre) AttendiTutto(context.Context) error { return f.passa(func() error { return nil }) }

func (f torre) Prossimo(_ context.Context, dal time.Time) (primo time.Time, altri bool, err error) {
	for _, s := range f.sguardi {
		if !s.quando.Before(dal) && (!altri || s.quando.Before(primo)) {
			primo, altri = s.quando, true
		}
	}
	return primo, altri, f.passa(func() error { return nil })
}

func (f torre) Misure(_ context.Context, dal, prima time.Time, o id.Operatore) ([]allarme.Misura, error) {
	tutte := map[id.Operatore]allarme.Misura{}
	for _, s := range f.sguardi {
		if s.quando.Before(dal) || !s.quando.Before(prima) || !o.IsZero() && s.chi != o {
			continue
		}
		m := allarme.Misura{Ambito: "PA42", Operatore: s.chi}
		switch {
		case s.negato:
			m.Dinieghi, m.Negati = 1, []id.Caso{s.caso}
		case s.caso.IsZero():
			m.Righe, m.Sguardi = s.righe, 1
			if s.cerca {
				m.Ricerche = 1
			}
		default:
			m.Aperture, m.Sguardi, m.Aperti = 1, 1, []id.Caso{s.caso}
			if !s.altrui {
				m.Propri = m.Aperti
			}
		}
		tutte[s.chi] = tutte[s.chi].Piu(m)
	}
	return slices.SortedFunc(maps.Values(tutte), func(a, b allarme.Misura) int { return cmp.Compare(a.Operatore.String(), b.Operatore.String()) }), f.passa(func() error { return nil })
}

func (f torre) Usuale(context.Context, allarme.Regola, string, id.Operatore, time.Time, int) (int, error) {
	return f.usuale, f.passa(func() error { return nil })
}

func (f torre) Perdite(_ context.Context, dal, prima time.Time) (map[id.Operatore]time.Time, error) {
	tutte := maps.Clone(f.perdite)
	maps.DeleteFunc(tutte, func(_ id.Operatore, t time.Time) bool { return t.Before(dal) || !t.Before(prima) })
	return tutte, f.passa(func() error { return nil })
}

func (f torre) HaAssegnato(_ context.Context, o id.Operatore, _, _ time.Time) (bool, error) {
	return f.assegna[o], f.passa(func() error { return nil })
}

func (f torre) Protetti(_ context.Context, casi []id.Caso, _, _ time.Time) (protetti []id.Caso, err error) {
	for _, c := range casi {
		if slices.Contains(f.protetti, c) {
			protetti = append(protetti, c)
		}
	}
	return protetti, f.passa(func() error { return nil })
}

func (f torre) Persone(context.Context, []id.Operatore, []id.Caso) (map[id.Operatore]allarme.Persona, map[id.Caso][]allarme.Persona, error) {
	return f.chi, f.famiglie, f.passa(func() error { return nil })
}

var soglie = allarme.Soglie{
	allarme.Letture: 5, allarme.Elenchi: 100, allarme.Dinieghi: 3, allarme.SenzaLavoro: 2, allarme.Parentela: 1, allarme.FuoriOrario: 2, allarme.Ricerche: 3, allarme.Riassegnazione: 4, allarme.Protetti: 1,
}

func (f torre) politica(adesso time.Time) policies.Vigilanza {
	return policies.Vigilanza{
		Comandi: &commands.Service{Store: f, Segreto: []byte("s"), Zona: roma}, Sguardi: f, Segnalibri: f,
		Adesso: func() time.Time { return adesso }, Zona: roma, Soglie: soglie, Apre: 7, Chiude: 20,
	}
}

// sollevati are the alerts in the log, each once: a rule and its operator, its
// window, its count and from how many on.
func (f torre) sollevati(t *testing.T) (tutti []string) {
	t.Helper()
	nomi := map[id.Operatore]string{vera: "vera", zita: "zita"}
	for e, err := range f.store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := e.Recorded(domain.NewCatalog(allarme.Aggregate, caso.Aggregate)).Event.(allarme.Sollevato); ok {
			tutti = append(tutti, fmt.Sprint(a.Regola, " ", nomi[a.Operatore], " ", a.Dal.In(roma).Format("02T15:04"), " ", a.Misura, "/", a.Soglia, " ", len(a.Casi)))
		}
	}
	slices.Sort(tutti)
	return tutti
}

var (
	vera, zita = id.Operatore{UUID: uuid.UUID{15: 1}}, id.Operatore{UUID: uuid.UUID{15: 2}}
	unaVolta   = time.Date(2026, 5, 4, 10, 0, 0, 0, roma) // a Monday
)

func nellaTorre() torre {
	return torre{caduta: &caduta{}, store: memory.New(domain.NewCatalog(caso.Aggregate, allarme.Aggregate, accesso.Aggregate)), segni: map[string]uint64{}}
}

func casoV(n int) id.Caso { return id.CasoDi(fmt.Sprint("V-", n)) }

func (f *torre) guarda(chi id.Operatore, quando time.Time, volte int, come sguardo) {
	for n := range volte {
		come.quando, come.chi = quando.Add(time.Duration(n)*time.Second), chi
		if !come.caso.IsZero() {
			come.caso = casoV(n)
		}
		f.sguardi = append(f.sguardi, come)
	}
}

func (f *torre) lavora(t *testing.T, chi id.Operatore, n int, quando time.Time) {
	t.Helper()
	meta := domain.Meta{Comando: uuid.New(), Attore: chi.UUID, Istante: quando}
	if _, err := f.store.Append(t.Context(), caso.Decider.Stream(casoV(n).String()), domain.Head{}, meta, caso.DomandaRicevuta{IDDomanda: "x"}); err != nil {
		t.Fatal(err)
	}
}

var (
	apre   = sguardo{caso: casoV(0)}
	nega   = sguardo{caso: casoV(0), negato: true}
	elenca = sguardo{righe: 50}
	cerca  = sguardo{righe: 1, cerca: true}
	spia   = sguardo{caso: casoV(0), altrui: true}
)

func TestWhatLooksUnusualRaisesAnAlert(t *testing.T) {
	for about, c := range map[string]struct {
		fa   func(*testing.T, *torre)
		want []string // beside those of cases without work
	}{
		"reads under the cap":    {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 4, apre) }, nil},
		"reads at the cap":       {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 5, apre) }, []string{"LETTURE vera 04T10:00 5/5 5"}},
		"reads that are usual":   {func(_ *testing.T, f *torre) { f.usuale = 2; f.guarda(vera, unaVolta, 6, apre) }, nil},
		"over three times usual": {func(_ *testing.T, f *torre) { f.usuale = 2; f.guarda(vera, unaVolta, 7, apre) }, []string{"LETTURE vera 04T10:00 7/7 7"}},
		"reads of two hours":     {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta.Add(-3*time.Second), 6, apre) }, nil},
		"of two operators":       {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 4, apre); f.guarda(zita, unaVolta, 4, apre) }, nil},
		"long lists":             {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 2, elenca) }, []string{"ELENCHI vera 04T10:00 100/100 0"}},
		"refusals":               {func(_ *testing.T, f *torre) { f.guarda(zita, unaVolta, 3, nega) }, []string{"DINIEGHI zita 04T10:00 3/3 3"}},
		"a night":                {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta.Add(11*time.Hour), 2, elenca) }, []string{"ELENCHI vera 04T21:00 100/100 0", "FUORI_ORARIO vera 04T00:00 2/2 0"}},
		"an early and a late look": {func(_ *testing.T, f *torre) {
			f.guarda(vera, unaVolta.Add(-4*time.Hour), 1, elenca)
			f.guarda(vera, unaVolta.Add(10*time.Hour), 1, elenca)
		}, []string{"FUORI_ORARIO vera 04T00:00 2/2 0"}},
		"a Saturday":            {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta.AddDate(0, 0, -2), 2, elenca) }, []string{"ELENCHI vera 02T10:00 100/100 0", "FUORI_ORARIO vera 02T00:00 2/2 0"}},
		"searches alone":        {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 3, cerca) }, []string{"RICERCHE vera 04T00:00 3/3 0"}},
		"searches, then a case": {func(_ *testing.T, f *torre) { f.guarda(vera, unaVolta, 3, cerca); f.guarda(vera, unaVolta, 1, apre) }, nil},
		"searches to assign": {func(_ *testing.T, f *torre) {
			f.assegna = map[id.Operatore]bool{vera: true}
			f.guarda(vera, unaVolta, 3, cerca)
		}, nil},
		"kin": {func(_ *testing.T, f *torre) {
			f.chi = map[id.Operatore]allarme.Persona{vera: {Cognome: "Alfa"}}
			f.famiglie = map[id.Caso][]allarme.Persona{casoV(0): {{Cognome: "ALFA"}}}
			f.guarda(vera, unaVolta, 1, apre)
		}, []string{"PARENTELA vera 04T00:00 1/1 1"}},
		"a protected case, opened by its case manager": {func(_ *testing.T, f *torre) {
			f.protetti = []id.Caso{casoV(0)}
			f.guarda(vera, unaVolta, 1, apre)
		}, nil},
		"a protected case, opened by somebody else": {func(_ *testing.T, f *torre) {
			f.protetti = []id.Caso{casoV(0)}
			f.guarda(zita, unaVolta, 2, spia)
		}, []string{"PROTETTI zita 04T10:00 1/1 1"}},
		"protected cases that were refused": {func(_ *testing.T, f *torre) {
			f.protetti = []id.Caso{casoV(0), casoV(1)}
			f.guarda(vera, unaVolta, 1, apre)
			f.guarda(vera, unaVolta, 2, nega)
		}, []string{"PROTETTI vera 04T10:00 2/1 2"}},
		"cases that are not protected, opened by somebody else": {func(_ *testing.T, f *torre) { f.guarda(zita, unaVolta, 2, spia) }, nil},
		"a burst after a loss": {func(_ *testing.T, f *torre) {
			f.perdite = map[id.Operatore]time.Time{zita: unaVolta}
			f.guarda(zita, unaVolta.Add(-time.Hour), 4, apre)
			f.guarda(zita, unaVolta.Add(time.Hour), 2, nega)
			f.guarda(zita, unaVolta.Add(24*time.Hour), 2, nega)
		}, []string{"RIASSEGNAZIONE zita 04T10:00 4/4 2"}},
		"calm after a loss": {func(_ *testing.T, f *torre) {
			f.perdite = map[id.Operatore]time.Time{zita: unaVolta}
			f.guarda(zita, unaVolta.Add(-time.Hour), 4, apre)
			f.guarda(zita, unaVolta.Add(time.Hour), 2, nega)
			f.guarda(zita, unaVolta.Add(48*time.Hour), 2, nega)
		}, nil},
	} {
		t.Run(about, func(t *testing.T) {
			f := nellaTorre()
			for n := range 10 { // nothing is opened for nothing
				f.lavora(t, vera, n, unaVolta.AddDate(0, 0, 3))
			}
			c.fa(t, &f)
			if err := f.politica(unaVolta.AddDate(0, 0, 30)).Guarda(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(f.sollevati(t), func(s string) bool { return s[:7] == "SENZA_L" })
			if diff := gocmp.Diff(c.want, got); len(got)+len(c.want) > 0 && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACaseOpenedForNothingRaisesAnAlertAfterAWeek(t *testing.T) {
	for about, c := range map[string]struct {
		lavoro time.Duration
		dopo   time.Duration
		want   []string
	}{
		"no work":              {-1000 * time.Hour, 8 * 24 * time.Hour, []string{"SENZA_LAVORO vera 04T00:00 3/2 3"}},
		"a week is not over":   {-1000 * time.Hour, 7 * 24 * time.Hour, nil},
		"work within the week": {7 * 24 * time.Hour, 20 * 24 * time.Hour, nil},
		"work the week before": {-7 * 24 * time.Hour, 20 * 24 * time.Hour, nil},
		"work after the week":  {8 * 24 * time.Hour, 20 * 24 * time.Hour, []string{"SENZA_LAVORO vera 04T00:00 3/2 3"}},
		"work before that":     {-8 * 24 * time.Hour, 20 * 24 * time.Hour, []string{"SENZA_LAVORO vera 04T00:00 3/2 3"}},
	} {
		f := nellaTorre()
		f.guarda(vera, unaVolta, 3, apre)
		for n := range 2 {
			f.lavora(t, vera, n, unaVolta.Add(c.lavoro))
		}
		f.lavora(t, zita, 2, unaVolta) // that of others does not count
		if err := f.politica(unaVolta.Add(c.dopo)).Guarda(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.sollevati(t); len(got)+len(c.want) > 0 && gocmp.Diff(c.want, got) != "" {
			t.Errorf("%s: %v", about, got)
		}
	}
}

// inSubbuglio is a day on which all rules have something to say.
func inSubbuglio(t *testing.T) torre {
	f := nellaTorre()
	f.chi = map[id.Operatore]allarme.Persona{vera: {Cognome: "Alfa"}}
	f.famiglie = map[id.Caso][]allarme.Persona{casoV(0): {{Cognome: "ALFA"}}}
	f.perdite = map[id.Operatore]time.Time{zita: unaVolta}
	f.guarda(vera, unaVolta, 5, apre)
	f.guarda(vera, unaVolta.Add(11*time.Hour), 2, elenca)
	f.guarda(zita, unaVolta.Add(time.Hour), 4, nega)
	f.guarda(zita, unaVolta.Add(time.Hour), 3, cerca)
	f.protetti = []id.Caso{casoV(3)}
	return f
}

var tuttiGliAllarmi = []string{
	"DINIEGHI zita 04T11:00 4/3 4", "ELENCHI vera 04T21:00 100/100 0", "FUORI_ORARIO vera 04T00:00 2/2 0", "LETTURE vera 04T10:00 5/5 5",
	"PARENTELA vera 04T00:00 1/1 1", "PROTETTI zita 04T11:00 1/1 1", "RIASSEGNAZIONE zita 04T10:00 4/4 4", "RICERCHE zita 04T00:00 3/3 0", "SENZA_LAVORO vera 04T00:00 5/2 5",
}

// Wherever it is stopped, looking again loses no alert and doubles none.
func TestAlertsSurviveAStopAtAnyPoint(t *testing.T) {
	dopo := unaVolta.AddDate(0, 0, 20)
	for n, fermate := 1, true; fermate; n++ {
		for _, fatto := range []bool{false, true} {
			f := inSubbuglio(t)
			f.quando, f.dopo = n, fatto
			err := f.politica(dopo).Guarda(t.Context())
			if err != nil && !errors.Is(err, errCaduta) {
				t.Fatal(err)
			}
			fermate = err != nil
			f.quando = 0
			if err := f.politica(dopo).Guarda(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(tuttiGliAllarmi, f.sollevati(t)); diff != "" {
				t.Fatalf("stopped at call %d: %s", n, diff)
			}
		}
	}
}

// A window is looked at when it has closed, and a minute has passed.
func TestAWindowIsLookedAtOnceItHasClosed(t *testing.T) {
	f := nellaTorre()
	f.guarda(vera, unaVolta, 5, apre)
	for _, c := range []struct {
		dopo time.Duration
		want int
	}{{30 * time.Minute, 0}, {time.Hour, 0}, {time.Hour + time.Minute, 1}, {3 * time.Hour, 1}} {
		if err := f.politica(unaVolta.Add(c.dopo)).Guarda(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.sollevati(t); len(got) != c.want {
			t.Errorf("after %s: %v", c.dopo, got)
		}
	}
}

// Two replicas that look at one time raise each alert once; a bookmark that was
// lost, or a clock that was set back, none again.
func TestAlertsAreRaisedOnceWhoeverLooks(t *testing.T) {
	f, dopo := inSubbuglio(t), unaVolta.AddDate(0, 0, 20)
	altra := f
	altra.segni = map[string]uint64{}
	for _, f := range []torre{f, altra, f} {
		for _, adesso := range []time.Time{dopo, dopo.AddDate(0, 0, -18), dopo.AddDate(10, 0, 0), dopo} {
			if err := f.politica(adesso).Guarda(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := gocmp.Diff(tuttiGliAllarmi, f.sollevati(t)); diff != "" {
		t.Error(diff)
	}
}
