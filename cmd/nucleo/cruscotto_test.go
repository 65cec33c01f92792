package main

import (
	cmp0 "cmp"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/eventstore/memory"
	"nucleo/internal/postgres/pgtest"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/cruscotto"
	"nucleo/projections/elenco"
	"nucleo/projections/segnalazioni"
)

// Counters and lists agree at one position, and both with what the streams
// say: on a year of made-up cases, seen from territories of every size.
func TestTheDashboardAgreesWithTheListsAndWithTheStreams(t *testing.T) {
	for seme := range int64(3) {
		al := giorno.Data(2026, 3, 2) + giorno.Giorno(40*seme)
		anno := genera.Anno{Seme: 100 + seme, Al: al, Ambito: genera.Palermo(), Zona: roma}
		for _, p := range genera.Persone(anno.Seme, anno.Ambito) {
			anno.Operatori = append(anno.Operatori, genera.Operatore{ID: id.Operatore{UUID: uuid.NewSHA1(uuid.Nil, []byte(p.CodiceFiscale))}, Persona: p})
		}
		store := memory.New(eventi)
		stati := map[id.Caso]*seguito{}
		for storia := range anno.Storie(250) {
			c, head, s := id.CasoDi(storia.Domanda.IDDomanda), domain.Head{}, &seguito{decise: map[id.Segnalazione]string{}}
			for _, p := range storia.Passi() {
				eventi := make([]domain.Event, len(p.Eventi))
				for i, e := range p.Eventi {
					eventi[i] = e
				}
				dove, err := store.Append(t.Context(), caso.Decider.Stream(c.String()), head, domain.Meta{Comando: uuid.New(), Attore: p.Attore.ID, Istante: p.Istante}, eventi...)
				if err != nil {
					t.Fatal(err)
				}
				head = dove.Head
				s.segui(p)
			}
			if head.Version > 0 {
				stati[c] = s
			}
		}
		pool := costruisci(t, store)
		for _, dove := range []domain.Territorio{{}, {Ambito: "PA42"}, {Ambito: "PA42", Comuni: []string{"G273"}}, {Ambito: "PA42", Comuni: []string{"F377", "L916"}}, {Ambito: "AG01"}} {
			confronta(t, fmt.Sprintf("seed %d, %v", anno.Seme, dove), pool, dove, stati, al)
		}
	}
}

// seguito is a case whose steps were followed.
type seguito struct {
	caso.State
	assegnato giorno.Giorno              // for the first time
	decise    map[id.Segnalazione]string // the comune where each was decided
}

func (s *seguito) segui(p genera.Passo) {
	s.State = caso.Decider.Fold(s.State, p.Eventi...)
	if s.assegnato.IsZero() && s.Assegnazione.Versione > 0 {
		s.assegnato = giorno.Di(p.Istante.In(roma))
	}
	for _, x := range s.Segnalazioni {
		if i := x.Proposta.Segnalazione; x.Stato != caso.DaValidare && s.decise[i] == "" {
			s.decise[i] = s.Comune
		}
	}
}

// costruisci builds all read models of a log.
func costruisci(t *testing.T, store *memory.Store) *pgxpool.Pool {
	t.Helper()
	pool, err := projections.Open(t.Context(), pgtest.Database(t), modelli)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := projections.Ricostruisci(t.Context(), pool, projections.Origin{Source: store, Catalog: eventi}, slog.New(slog.DiscardHandler), modelli...); err != nil {
		t.Fatal(err)
	}
	return pool
}

func confronta(t *testing.T, nome string, pool *pgxpool.Pool, dove domain.Territorio, stati map[id.Caso]*seguito, al giorno.Giorno) {
	t.Helper()
	g, err := cruscotto.LeggiGenerale(t.Context(), pool, cruscotto.Filtro{Territorio: dove})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(aMano(stati, dove), g.Conti); diff != "" {
		t.Errorf("%s: the dashboard and the streams (-streams +dashboard)\n%s", nome, diff)
	}
	for lista, n := range map[casi.Lista]int{casi.DaAssegnare: g.DaAssegnare, casi.Assegnati: g.Assegnati} {
		p, err := casi.Cerca(t.Context(), pool, casi.Filtro{Lista: lista, Territorio: dove, Limite: 10, Oggi: al})
		if err != nil {
			t.Fatal(err)
		}
		if p.Totale != n || p.Posizione != g.Posizione {
			t.Errorf("%s: list %d has %d cases at %d, the dashboard counts %d at %d", nome, lista, p.Totale, p.Posizione, n, g.Posizione)
		}
	}
	for _, stato := range cruscotto.StatiSegnalazione {
		p, err := segnalazioni.Cerca(t.Context(), pool, segnalazioni.Filtro{
			Territorio: dove, Vista: segnalazioni.Validazione, Stati: []caso.StatoSegnalazione{stato}, Oggi: al,
		}, elenco.Richiesta{Limite: 10})
		if n := g.DiSegnalazione(stato); err != nil || p.Totale != n || p.Posizione != g.Posizione {
			t.Errorf("%s: the list has %d %s, the dashboard counts %d (%v)", nome, p.Totale, stato, n, err)
		}
	}
	a, err := cruscotto.LeggiAmbito(t.Context(), pool, cruscotto.Filtro{Territorio: dove})
	if err != nil {
		t.Fatal(err)
	}
	comuni, desks := cruscotto.Conti{}, 0
	for _, c := range a.Comuni {
		comuni.Nuclei, comuni.DaAssegnare = comuni.Nuclei+c.Nuclei, comuni.DaAssegnare+c.DaAssegnare
	}
	for _, d := range a.CaseManager {
		desks += d.Assegnati
		pesi, err := carico.Di(t.Context(), pool, d.CaseManager)
		if got := (carico.Conti{DaMonitorare: d.DaMonitorare, Monitorati: d.Monitorati}); dove.Comuni == nil && (err != nil || got != pesi[d.CaseManager]) {
			t.Errorf("%s: the desk %v, in the selector %v (%v)", nome, got, pesi[d.CaseManager], err)
		}
	}
	scrivanie(t, nome, pool, dove, a.CaseManager, al)
	if comuni.Nuclei != g.Nuclei || comuni.DaAssegnare != g.DaAssegnare || desks != g.Assegnati {
		t.Errorf("%s: the sections do not add up: %d nuclei and %d desks of %+v", nome, comuni.Nuclei, desks, g.Conti)
	}
	accaduto(t, nome, pool, dove)
	orologi(t, nome, pool, dove, stati, al)
}

// scrivanie holds what case managers are told of their own cases to their lists,
// and to the desks that who coordinates sees.
func scrivanie(t *testing.T, nome string, pool *pgxpool.Pool, dove domain.Territorio, desks []cruscotto.DelCaseManager, al giorno.Giorno) {
	t.Helper()
	for _, d := range desks {
		m, err := cruscotto.LeggiMiei(t.Context(), pool, cruscotto.Filtro{Territorio: dove}, d.CaseManager)
		if err != nil || m.Carico != d.Carico || m.Conti.Assegnati != d.Assegnati {
			t.Errorf("%s: %v has %+v, on the desk are %+v (%v)", nome, d.CaseManager, m, d.Carico, err)
		}
		p, err := agenda.Miei(t.Context(), pool, agenda.FiltroMiei{CaseManager: d.CaseManager, Territorio: dove, Oggi: al}, elenco.Richiesta{Limite: 10})
		if err != nil || p.Totale != m.Nuclei {
			t.Errorf("%s: %v counts %d cases, the list has %d (%v)", nome, d.CaseManager, m.Nuclei, p.Totale, err)
		}
		for _, stato := range cruscotto.StatiSegnalazione {
			p, err := segnalazioni.Cerca(t.Context(), pool, segnalazioni.Filtro{
				Territorio: dove, Responsabile: d.CaseManager, Vista: segnalazioni.Validazione, Stati: []caso.StatoSegnalazione{stato}, Oggi: al,
			}, elenco.Richiesta{Limite: 10})
			if n := m.DiSegnalazione(stato); err != nil || p.Totale != n {
				t.Errorf("%s: %v counts %d %s, the list has %d (%v)", nome, d.CaseManager, n, stato, p.Totale, err)
			}
		}
	}
}

// orologi holds the clocks that are counted to those that the streams say run.
func orologi(t *testing.T, nome string, pool *pgxpool.Pool, dove domain.Territorio, stati map[id.Caso]*seguito, al giorno.Giorno) {
	t.Helper()
	conteggi, err := agenda.Conteggi(t.Context(), pool, dove, id.Operatore{}, al)
	if err != nil {
		t.Fatal(err)
	}
	contati, corrono := map[caso.TipoScadenza]int{}, map[caso.TipoScadenza]int{}
	for _, c := range conteggi {
		contati[c.Tipo] = c.Totale
	}
	for _, s := range stati {
		for _, x := range caso.Scadenze(s.State, al) {
			if dove.Copre(s.Ambito, s.Comune) {
				corrono[x.Tipo]++
			}
		}
	}
	if diff := cmp.Diff(corrono, contati); diff != "" {
		t.Errorf("%s: clocks (-streams +counted)\n%s", nome, diff)
	}
}

// aMano counts the cases of a territory by folding their streams.
func aMano(stati map[id.Caso]*seguito, dove domain.Territorio) (c cruscotto.Conti) {
	conta := func(vale bool, n *int) {
		if vale {
			*n++
		}
	}
	for _, s := range stati {
		for _, x := range s.Segnalazioni {
			if comune := cmp0.Or(s.decise[x.Proposta.Segnalazione], s.Comune); !dove.Copre(s.Ambito, comune) {
				continue
			}
			for stato, n := range map[caso.StatoSegnalazione]*int{
				caso.DaValidare: &c.SegnalazioniDaValidare, caso.Ritirata: &c.SegnalazioniRitirate, caso.Approvata: &c.SegnalazioniApprovate, caso.Rifiutata: &c.SegnalazioniRifiutate,
				caso.InUscita: &c.SegnalazioniInUscita, caso.Inviata: &c.SegnalazioniInviate, caso.Acquisita: &c.SegnalazioniAcquisite,
				caso.InvioFermato: &c.SegnalazioniAnnullate, caso.Rettificata: &c.SegnalazioniRettificate,
			} {
				conta(x.Stato == stato, n)
			}
		}
		if !dove.Copre(s.Ambito, s.Comune) {
			continue
		}
		coda := s.Stato.Aperto() && s.InCoda()
		c.Nuclei++
		conta(coda && s.Assegnazione.CaseManager.IsZero(), &c.DaAssegnare)
		conta(coda && !s.Assegnazione.CaseManager.IsZero(), &c.Assegnati)
		conta(s.AP.PresoInCarico(), &c.InCarico)
		conta(s.PaIS.Versione > 0, &c.Firmati)
		for stato, n := range map[caso.Stato]*int{
			caso.DaAvviare: &c.DaAvviare, caso.InValutazioneAP: &c.InAP, caso.InValutazioneQA: &c.InQA, caso.InDefinizione: &c.InDefinizione, caso.InMonitoraggio: &c.InMonitoraggio,
			caso.InviatoCPI: &c.AlCPI, caso.InviatoServizi: &c.AiServizi, caso.Escluso: &c.Esclusi, caso.Decaduto: &c.Decaduti, caso.Chiuso: &c.Chiusi,
		} {
			conta(s.Stato == stato, n)
		}
		if !s.assegnato.IsZero() {
			c.Assegnazioni++
			c.GiorniAssegnazione += int(s.assegnato - s.Domanda.DataPresentazione)
		}
		if s.AP.Avvio.Data != 0 {
			c.Avvii++
			c.GiorniAvvio += int(s.AP.Avvio.Data - s.Domanda.DataPresentazione)
		}
	}
	return c
}

// accaduto holds the third section to the streams: by day, week and month it
// tells the same.
func accaduto(t *testing.T, nome string, pool *pgxpool.Pool, dove domain.Territorio) {
	t.Helper()
	var prima cruscotto.Fatti
	for i, passo := range []cruscotto.Passo{cruscotto.AlGiorno, cruscotto.AllaSettimana, cruscotto.AlMese} {
		a, err := cruscotto.LeggiAndamento(t.Context(), pool, cruscotto.Filtro{Territorio: dove}, passo)
		if err != nil {
			t.Fatal(err)
		}
		var somma cruscotto.Fatti
		for _, p := range a.Periodi {
			somma.Ricevute, somma.Assegnate, somma.Avviate = somma.Ricevute+p.Ricevute, somma.Assegnate+p.Assegnate, somma.Avviate+p.Avviate
			somma.EsitiA, somma.EsitiB, somma.EsitiC, somma.EsitiD = somma.EsitiA+p.EsitiA, somma.EsitiB+p.EsitiB, somma.EsitiC+p.EsitiC, somma.EsitiD+p.EsitiD
			somma.Firmati, somma.Chiuse = somma.Firmati+p.Firmati, somma.Chiuse+p.Chiuse
		}
		if prima = map[bool]cruscotto.Fatti{true: somma, false: prima}[i == 0]; somma != prima {
			t.Errorf("%s: by %s %+v, by day %+v", nome, passo, somma, prima)
		}
	}
}
