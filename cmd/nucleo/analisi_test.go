package main

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
	"nucleo/internal/analisi"
	"nucleo/internal/postgres/pgtest"
	"nucleo/internal/sessioni"
	"nucleo/projections"
	"nucleo/projections/cruscotto"
)

// annata is a year of made-up cases, in a log and step by step.
type annata struct {
	genera.Anno
	store   *memory.Store
	passi   map[id.Caso][]genera.Passo
	domande []caso.DomandaRicevuta
}

func nuovaAnnata(t *testing.T, seme int64, casi int) *annata {
	t.Helper()
	a := &annata{Anno: genera.Anno{Seme: seme, Al: giorno.Data(2026, 4, 15), Ambito: genera.Palermo(), Zona: roma}, store: memory.New(eventi), passi: map[id.Caso][]genera.Passo{}}
	for _, p := range genera.Persone(seme, a.Ambito) {
		a.Operatori = append(a.Operatori, genera.Operatore{ID: id.Operatore{UUID: uuid.NewSHA1(uuid.Nil, []byte(p.CodiceFiscale))}, Persona: p})
	}
	for storia := range a.Storie(casi) {
		c, head := id.CasoDi(storia.Domanda.IDDomanda), domain.Head{}
		for _, p := range storia.Passi() {
			eventi := make([]domain.Event, len(p.Eventi))
			for i, e := range p.Eventi {
				eventi[i] = e
				if d, si := e.(caso.DomandaRicevuta); si {
					a.domande = append(a.domande, d)
				}
			}
			dove, err := a.store.Append(t.Context(), caso.Decider.Stream(c.String()), head, domain.Meta{Comando: uuid.New(), Attore: p.Attore.ID, Istante: p.Istante}, eventi...)
			if err != nil {
				t.Fatal(err)
			}
			head = dove.Head
			a.passi[c] = append(a.passi[c], p)
		}
	}
	return a
}

// soloCruscotto builds the read model that figures are made from.
func soloCruscotto(t *testing.T, store *memory.Store) *pgxpool.Pool {
	t.Helper()
	pool, err := projections.Open(t.Context(), pgtest.Database(t), []projections.Model{cruscotto.Projection})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := projections.Ricostruisci(t.Context(), pool, projections.Origin{Source: store, Catalog: eventi}, slog.New(slog.DiscardHandler), cruscotto.Projection); err != nil {
		t.Fatal(err)
	}
	return pool
}

// al is every case as it stood at the end of a day.
func (a *annata) al(g giorno.Giorno) map[id.Caso]*seguito {
	stati := map[id.Caso]*seguito{}
	for c, passi := range a.passi {
		s := &seguito{decise: map[id.Segnalazione]string{}}
		for _, p := range passi {
			if giorno.Di(p.Istante.In(roma)) <= g {
				s.segui(p)
				stati[c] = s
			}
		}
	}
	return stati
}

// celle are the cells of a period by what they are about.
func celle(all []analisi.Cella, vista string, periodo giorno.Giorno) map[string]int {
	di := map[string]int{}
	for _, c := range all {
		if c.Vista == vista && c.Periodo == periodo {
			di[strings.Join([]string{c.Comune, c.Misura, c.Voce}, " ")] = c.Numero
		}
	}
	return di
}

// What is told of a day that is long over is what the streams say, folded up to
// that day by other code, to the digit.
func TestFiguresOfAPastDayAreThoseOfTheLog(t *testing.T) {
	a := nuovaAnnata(t, 500, 200)
	pool := soloCruscotto(t, a.store)
	oggi := a.Al
	storia, err := cruscotto.LeggiStoria(t.Context(), pool, a.Ambito.Codice, oggi)
	if err != nil {
		t.Fatal(err)
	}
	tutte := analisi.Fotografa(storia, 0, oggi)
	for _, g := range []giorno.Giorno{oggi - 300, oggi - 200, oggi - 100, giorno.Data(2026, 2, 28), oggi - 1, oggi} {
		allora := a.al(g)
		conti := aMano(allora, domain.Territorio{Ambito: a.Ambito.Codice})
		want := map[string]int{
			"TOTALE TOTALE NUCLEI": conti.Nuclei, "TOTALE TOTALE DA_ASSEGNARE": conti.DaAssegnare, "TOTALE TOTALE ASSEGNATI": conti.Assegnati,
			"TOTALE TOTALE PRESI_IN_CARICO": conti.InCarico, "TOTALE TOTALE PAIS_FIRMATI": conti.Firmati,
		}
		if diff := cmp.Diff(want, celle(tutte, analisi.Indicatori, g)); diff != "" {
			t.Errorf("%s (-log +figures)\n%s", g, diff)
		}
		stati := celle(tutte, analisi.CasiPerStato, g)
		for _, s := range cruscotto.Stati {
			if n := conti.DiStato(s); n != stati["TOTALE TOTALE "+string(s)] {
				t.Errorf("%s: %d cases in %s, told are %d", g, n, s, stati["TOTALE TOTALE "+string(s)])
			}
		}
		for _, s := range cruscotto.StatiSegnalazione {
			if n, c := conti.DiSegnalazione(s), celle(tutte, analisi.SegnalazioniPerStato, g)["TOTALE TOTALE "+string(s)]; n != c {
				t.Errorf("%s: %d segnalazioni %s, told are %d", g, n, s, c)
			}
		}
		perStato, scrivanie := map[string]int{}, map[id.Operatore]int{}
		for _, s := range allora {
			perStato[fmt.Sprintf("TOTALE %s %s", s.Domanda.Misura, s.Stato)]++
			if cm := s.Assegnazione.CaseManager; s.Stato.Aperto() && s.InCoda() && !cm.IsZero() {
				scrivanie[cm]++
			}
		}
		for voce, n := range perStato {
			if stati[voce] != n {
				t.Errorf("%s: %d %s, told are %d", g, n, voce, stati[voce])
			}
		}
		if n := celle(tutte, analisi.Carichi, g)["TOTALE TOTALE TOTALE"]; n != len(scrivanie) {
			t.Errorf("%s: %d desks, told are %d", g, len(scrivanie), n)
		}
	}
	a.mesi(t, tutte)
	// the past of a shorter log is the past of a longer one
	breve, err := cruscotto.LeggiStoria(t.Context(), pool, a.Ambito.Codice, oggi-60)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range []giorno.Giorno{oggi - 200, oggi - 60} {
		prima, ora := solo(analisi.Fotografa(breve, 0, oggi-60), g), solo(tutte, g)
		if diff := cmp.Diff(prima, ora); diff != "" || len(prima) == 0 {
			t.Errorf("%s changed since (-then +now)\n%s", g, diff)
		}
	}
}

func solo(all []analisi.Cella, g giorno.Giorno) (quelle []analisi.Cella) {
	for _, c := range all {
		if c.Periodo == g {
			quelle = append(quelle, c)
		}
	}
	return quelle
}

// mesi holds what is told of months to the steps.
func (a *annata) mesi(t *testing.T, tutte []analisi.Cella) {
	t.Helper()
	attese, esiti, categorie := map[string]int{}, map[string]int{}, map[string]int{}
	for _, passi := range a.passi {
		var s caso.State
		for _, p := range passi {
			mese := cruscotto.Mese(giorno.Di(p.Istante.In(roma)))
			for _, e := range p.Eventi {
				prima := s
				s = caso.Decider.Fold(s, e)
				switch e := e.(type) {
				case caso.Assegnato:
					if prima.Assegnazione.Versione == 0 {
						attese[mese.String()+" "+s.Comune]++
					}
				case caso.AnalisiPreliminareFinalizzata:
					esiti[mese.String()+" "+string(e.Esito)]++
				case caso.SegnalazioneProposta:
					categorie[mese.String()+" "+string(e.Categoria)]++
				}
			}
		}
	}
	if len(attese) < 10 || len(esiti) < 10 || len(categorie) < 2 {
		t.Fatalf("a year in which too little happens: %d %d %d", len(attese), len(esiti), len(categorie))
	}
	confronta := func(nome string, vista string, want map[string]int, voce func(analisi.Cella) string) {
		got := map[string]int{}
		for _, c := range tutte {
			if v := voce(c); c.Vista == vista && v != "" && c.Numero > 0 {
				got[c.Periodo.String()+" "+v] = c.Numero
			}
		}
		for k := range want {
			if strings.HasPrefix(k, cruscotto.Mese(a.Al).String()) { // it is not over
				delete(want, k)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-log +figures)\n%s", nome, diff)
		}
	}
	senza := func(s string) string { return strings.Replace(s, analisi.Totale, "", 1) }
	confronta("waits", analisi.AttesaPerComune, attese, func(c analisi.Cella) string { return senza(c.Comune) })
	confronta("outcomes", analisi.EsitiAP, esiti, func(c analisi.Cella) string {
		if c.Misura != analisi.Totale {
			return ""
		}
		return senza(c.Voce)
	})
	confronta("categories", analisi.SegnalazioniPerCategoria, categorie, func(c analisi.Cella) string { return senza(c.Voce) })
}

// The dashboard and what is published of its day are one definition.
func TestTheDashboardAndTheFiguresAreOne(t *testing.T) {
	a := nuovaAnnata(t, 501, 100)
	pool := soloCruscotto(t, a.store)
	g, err := cruscotto.LeggiGenerale(t.Context(), pool, cruscotto.Filtro{Ambito: a.Ambito.Codice})
	if err != nil {
		t.Fatal(err)
	}
	storia, err := cruscotto.LeggiStoria(t.Context(), pool, a.Ambito.Codice, a.Al+31)
	if err != nil {
		t.Fatal(err)
	}
	var somma cruscotto.Conti
	for _, d := range storia.Giorni {
		somma.Somma(d.Conti)
	}
	if diff := cmp.Diff(g.Conti, somma); diff != "" {
		t.Errorf("the sum of the days (-dashboard +days)\n%s", diff)
	}
	comuni := map[string]*cruscotto.Conti{}
	for _, d := range storia.Comuni {
		if comuni[d.Comune] == nil {
			comuni[d.Comune] = &cruscotto.Conti{}
		}
		comuni[d.Comune].Somma(d.Conti)
	}
	v, err := cruscotto.LeggiAmbito(t.Context(), pool, cruscotto.Filtro{Ambito: a.Ambito.Codice})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Comuni {
		if diff := cmp.Diff(c.Conti, *comuni[c.Comune]); diff != "" {
			t.Errorf("%s (-dashboard +days)\n%s", c.Comune, diff)
		}
	}
	giorni, casi := map[cruscotto.Passaggio]int{}, map[cruscotto.Passaggio]int{}
	for _, d := range storia.Tempi {
		casi[d.Passaggio] += d.Casi
		giorni[d.Passaggio] += d.Casi * d.Giorni
	}
	if casi[cruscotto.DomandaAssegnazione] != g.Assegnazioni || giorni[cruscotto.DomandaAssegnazione] != g.GiorniAssegnazione {
		t.Errorf("waits: %v %v, the dashboard has %d %d", casi, giorni, g.Assegnazioni, g.GiorniAssegnazione)
	}
	if casi[cruscotto.DomandaAP] != g.Avvii || giorni[cruscotto.DomandaAP] != g.GiorniAvvio {
		t.Errorf("beginnings: %v %v, the dashboard has %d %d", casi, giorni, g.Avvii, g.GiorniAvvio)
	}
	andamento, err := cruscotto.LeggiAndamento(t.Context(), pool, cruscotto.Filtro{Ambito: a.Ambito.Codice}, cruscotto.AlMese)
	if err != nil {
		t.Fatal(err)
	}
	tutte := analisi.Fotografa(storia, 0, a.Al+31)
	for _, p := range andamento.Periodi {
		got := celle(tutte, analisi.Andamento, p.Dal)
		for voce, n := range map[string]int{"RICEVUTE": p.Ricevute, "ASSEGNATE": p.Assegnate, "AVVIATE": p.Avviate, "FIRMATI": p.Fatti.Firmati, "CHIUSE": p.Chiuse} {
			if got["TOTALE TOTALE "+voce] != n {
				t.Errorf("%s: %d %s on the dashboard, %v", p.Dal, n, voce, got)
			}
		}
		if n := celle(tutte, analisi.EsitiAP, p.Dal)["TOTALE TOTALE B"]; n != p.EsitiB {
			t.Errorf("%s: %d outcomes B on the dashboard, %d", p.Dal, p.EsitiB, n)
		}
	}
	for _, d := range v.CaseManager {
		n := 0
		for _, s := range storia.Scrivanie {
			if s.CaseManager == d.CaseManager {
				n += s.Assegnati
			}
		}
		if n != d.Assegnati {
			t.Errorf("a desk of %d on the dashboard, %d", d.Assegnati, n)
		}
	}
}

// analista connects as an analyst does.
func analista(t *testing.T, pool *pgxpool.Pool) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.Analyst(t, pool.Config().ConnString()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

var formaPersona = regexp.MustCompile(`[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|INPS-|@`)

// An analyst with plain psql draws the figures, and nothing more.
func TestAnAnalystReadsFiguresAndNothingElse(t *testing.T) {
	a := nuovaAnnata(t, 502, 80)
	pool := costruisci(t, a.store)
	if _, err := sessioni.Apri(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	pubblica(t, pool, a.Al)
	conn := analista(t, pool)
	rows, err := pool.Query(t.Context(), `SELECT n.nspname, c.relname, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r','v','m','p','S','f','t') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	tutte, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Schema, Nome, Tipo string }])
	if err != nil {
		t.Fatal(err)
	}
	lette := 0
	for _, r := range tutte {
		righe, err := leggiTesto(t, conn, pgx.Identifier{r.Schema, r.Nome}.Sanitize())
		switch {
		case (err == nil) != (r.Schema == "analisi"):
			t.Errorf("%s.%s: %v", r.Schema, r.Nome, err)
		case err == nil:
			lette++
			for _, riga := range righe {
				if formaPersona.MatchString(riga) {
					t.Fatalf("%s tells of a person: %s", r.Nome, riga)
				}
				for _, d := range a.domande[:20] {
					for _, c := range d.Componenti {
						if strings.Contains(riga, c.Cognome) && len(c.Cognome) > 3 {
							t.Fatalf("%s names a person: %s", r.Nome, riga)
						}
					}
				}
			}
		}
	}
	if lette != len(analisi.Viste) || len(tutte) < 40 {
		t.Errorf("%d of %d relations answer; the schema analisi has %d views", lette, len(tutte), len(analisi.Viste))
	}
	for _, vietato := range []string{
		`SELECT schemaname FROM pg_stats WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'analisi') LIMIT 1`,
		`SELECT query FROM pg_stat_activity WHERE usename = 'nucleo' AND query <> '<insufficient privilege>' LIMIT 1`,
		`SELECT 1 FROM pg_largeobject_metadata LIMIT 1`,
	} {
		var v any
		if err := conn.QueryRow(t.Context(), vietato).Scan(&v); err == nil {
			t.Errorf("%s tells %v", vietato, v)
		}
	}
	for _, vietato := range []string{
		`SET default_transaction_read_only = off; CREATE TABLE analisi.mia (a int)`, `CREATE TABLE public.mia (a int)`, `DELETE FROM analisi.indicatori`, `SELECT pg_read_file('/etc/passwd')`,
		`SET ROLE nucleo`, `COPY analisi.indicatori TO PROGRAM 'cat'`, `CREATE SCHEMA mio`,
	} {
		if _, err := conn.Exec(t.Context(), vietato); err == nil {
			t.Errorf("an analyst may %s", vietato)
		}
	}
}

func leggiTesto(t *testing.T, conn *pgx.Conn, relazione string) ([]string, error) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT x::text FROM `+relazione+` x`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func pubblica(t *testing.T, pool *pgxpool.Pool, ieri giorno.Giorno) analisi.Esito {
	t.Helper()
	if err := analisi.Prepara(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	e, err := analisi.Pubblica(t.Context(), pool, ieri, time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Figures outlive the tables they were made from, and come out the same from
// tables that were built anew.
func TestFiguresOutliveARebuild(t *testing.T) {
	a := nuovaAnnata(t, 503, 60)
	pool := soloCruscotto(t, a.store)
	if e := pubblica(t, pool, a.Al-10); e.Celle == 0 || e.Rifatti > 0 {
		t.Fatalf("published: %+v", e)
	}
	conn := analista(t, pool)
	prima, err := leggiTesto(t, conn, "analisi.casi_per_stato")
	if err != nil || len(prima) == 0 {
		t.Fatal(err, len(prima))
	}
	if e := pubblica(t, pool, a.Al-10); e.Celle > 0 {
		t.Errorf("published twice: %+v", e)
	}
	origine := projections.Origin{Source: a.store, Catalog: eventi}
	if err := projections.Ricostruisci(t.Context(), pool, origine, slog.New(slog.DiscardHandler), cruscotto.Projection); err != nil {
		t.Fatal(err)
	}
	dopo, err := leggiTesto(t, conn, "analisi.casi_per_stato")
	if diff := cmp.Diff(prima, dopo); diff != "" || err != nil {
		t.Errorf("after a rebuild: %v\n%s", err, diff)
	}
	if e := pubblica(t, pool, a.Al-10); e.Celle > 0 || e.Rifatti > 0 {
		t.Errorf("the tables built anew tell something else: %+v", e)
	}
	// day by day is the same as all at once
	for g := a.Al - 9; g <= a.Al; g++ {
		if e := pubblica(t, pool, g); e.Rifatti > 0 || e.Celle == 0 {
			t.Fatalf("%s: %+v", g, e)
		}
	}
	via := righeDi(t, pool)
	if _, err := pool.Exec(t.Context(), `DELETE FROM analisi_dati.pubblicazioni`); err != nil {
		t.Fatal(err)
	}
	pubblica(t, pool, a.Al)
	if diff := cmp.Diff(via, righeDi(t, pool)); diff != "" {
		t.Errorf("day by day and all at once (-days +once)\n%s", diff)
	}
	// a past that changes is seen, and told
	if _, err := pool.Exec(t.Context(), `UPDATE conti_giorno SET nuclei = nuclei + 1 WHERE giorno = (SELECT min(giorno) FROM conti_giorno)`); err != nil {
		t.Fatal(err)
	}
	if e := pubblica(t, pool, a.Al); e.Rifatti != 1 {
		t.Errorf("another past: %+v", e)
	}
}

func righeDi(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT c::text FROM analisi_dati.celle c ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	righe, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return righe
}
