package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/eventstore"
)

// scadenza is how long a request may take: the deadline of its route, and what
// F-30 allows beyond it.
const scadenza = 15*time.Second + 250*time.Millisecond

// pratica is a case that one coordinator has for itself: it is assigned,
// reassigned, annulled and assigned again, and its history must tell just that.
type pratica struct {
	casoInLista
	idonei []string
	tiene  string   // the case manager now
	fatti  []string // what was acknowledged, in order
}

// prossima is the next request on the case, and what the log will tell of it.
func (q *pratica) prossima(token string) (c chiamata, fatto, tiene string) {
	c = chiamata{token: token, method: "POST", etag: q.ETag, chiave: uuid.NewString()}
	n := len(q.fatti)
	switch dopo := q.idonei[n%len(q.idonei)]; {
	case q.tiene == "":
		c.path, c.corpo = "/assegnazioni", fmt.Sprintf(`{"case_manager_id":%q}`, dopo)
		fatto, tiene = "assegnato a "+dopo, dopo
	case n%5 == 4 || dopo == q.tiene:
		c.path, c.corpo = "/annullamenti-assegnazione", `{"motivo":"RICHIESTA"}`
		fatto = "tolto a " + q.tiene
	default:
		c.path, c.corpo = "/riassegnazioni", fmt.Sprintf(`{"da":%q,"a":%q,"motivo":"ferie"}`, q.tiene, dopo)
		fatto, tiene = "passato da "+q.tiene+" a "+dopo, dopo
	}
	c.path = "/casi/" + q.ID + c.path
	return c, fatto, tiene
}

// racconto is what the events of a case tell of its assignment, in the words of prossima.
func racconto(eventi []domain.Recorded) (fatti []string) {
	for _, r := range eventi {
		switch e := r.Event.(type) {
		case caso.Assegnato:
			fatti = append(fatti, "assegnato a "+e.CaseManager.String())
		case caso.Riassegnato:
			fatti = append(fatti, "passato da "+e.Da.String()+" a "+e.A.String())
		case caso.Annullata:
			fatti = append(fatti, "tolto a "+e.CaseManager.String())
		}
	}
	return fatti
}

// senzaCalendario leaves out the terms that ran out: the calendar notes them
// whenever it first looks.
func senzaCalendario(eventi []domain.Recorded) (altri []domain.Recorded) {
	for _, r := range eventi {
		if _, nota := r.Event.(caso.ScadenzaSuperata); !nota {
			altri = append(altri, r)
		}
	}
	return altri
}

// pratiche takes cases from the queue: n of any comune, or of one.
func (p *programma) pratiche(token string, n int, comune string) (prese []*pratica) {
	p.t.Helper()
	idonei := map[string][]string{}
	cursore := ""
	for len(prese) < n {
		corpo := fmt.Sprintf(`{"lista":"da_assegnare","limit":100,"comune":%q,"cursor":%q}`, comune, cursore)
		corpo = strings.ReplaceAll(strings.ReplaceAll(corpo, `,"comune":""`, ""), `,"cursor":""`, "")
		pagina := p.lista(token, corpo)
		for _, c := range pagina.Items {
			if idonei[c.Comune.Codice] == nil {
				idonei[c.Comune.Codice] = p.idonei(token, c.Comune.Codice)
			}
			if len(prese) < n {
				prese = append(prese, &pratica{casoInLista: c, idonei: idonei[c.Comune.Codice]})
			}
		}
		if cursore = pagina.NextCursor; cursore == "" && len(prese) < n {
			p.t.Fatalf("the queue holds %d cases of %q, %d are needed", len(prese), comune, n)
		}
	}
	return prese
}

// esito is how one request ended.
type esito struct {
	quando time.Time
	durata time.Duration
	rotta  string // its last part
	risposta
	err error
}

// codice is that of the problem document.
func (e esito) codice() string {
	_, resto, _ := strings.Cut(string(e.corpo), `"codice":"`)
	codice, _, _ := strings.Cut(resto, `"`)
	return codice
}

// misura sends a request and says how it ended.
func (p *programma) misura(client *http.Client, c chiamata) esito {
	ctx, cancel := context.WithTimeout(context.Background(), 2*scadenza)
	defer cancel()
	inizio := time.Now()
	r, err := p.chiama(ctx, client, c)
	return esito{inizio, time.Since(inizio), c.path[strings.LastIndexByte(c.path, '/')+1:], r, err}
}

// squadra is coordinators at work, each on cases of its own. Each request is
// repeated under its key until it is acknowledged.
type squadra struct {
	*programma
	token    string
	pratiche []*pratica
	client   *http.Client
	fine     chan struct{}
	lascia   atomic.Bool // the test is over
	al       sync.WaitGroup

	mu    sync.Mutex
	esiti []esito
	fatti int // requests acknowledged
}

// lavorano starts them. What is no acknowledgement, no 503 that says when to
// come back and no lost connection is an error of the test.
func (p *programma) lavorano(quanti int, token string, tutte []*pratica) *squadra {
	s := &squadra{programma: p, token: token, pratiche: tutte, fine: make(chan struct{}), client: clienti(quanti)}
	per := len(tutte) / quanti
	for i := range quanti {
		mie := tutte[i*per : (i+1)*per]
		s.al.Go(func() {
			for k := 0; s.continua() && s.lavora(mie[k%len(mie)]); k++ {
			}
		})
	}
	p.t.Cleanup(func() { s.lascia.Store(true); s.basta() })
	return s
}

// clienti is an HTTP client with a connection for each of so many callers.
func clienti(quanti int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: quanti}}
}

func (s *squadra) continua() bool {
	select {
	case <-s.fine:
		return false
	default:
		return true
	}
}

// basta lets everybody end the request they are at, and waits for them.
func (s *squadra) basta() {
	if s.continua() {
		close(s.fine)
	}
	s.al.Wait()
	s.client.CloseIdleConnections()
}

// lavora carries one request through, however often it takes.
func (s *squadra) lavora(q *pratica) bool {
	c, fatto, tiene := q.prossima(s.token)
	limite := time.Now().Add(time.Minute)
	for time.Now().Before(limite) && !s.lascia.Load() {
		e := s.misura(s.client, c)
		s.nota(e)
		switch {
		case e.err != nil:
		case e.status == http.StatusCreated:
			q.fatti, q.tiene, q.ETag = append(q.fatti, fatto), tiene, e.header.Get("ETag")
			return true
		case e.status != http.StatusServiceUnavailable || e.header.Get("Retry-After") == "":
			s.t.Errorf("%s %s = %d %s, Retry-After %q", c.path, c.corpo, e.status, e.corpo, e.header.Get("Retry-After"))
			return false
		}
		<-time.After(20 * time.Millisecond) // a caller's patience, not a wait for anything
	}
	if !s.lascia.Load() {
		s.t.Errorf("%s was not acknowledged in a minute", c.path)
	}
	return false
}

func (s *squadra) nota(e esito) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.corpo = e.corpo[:min(len(e.corpo), 400)]
	if e.err == nil && e.status == http.StatusCreated {
		s.fatti++
	}
	s.esiti = append(s.esiti, e)
}

// confermati is how many requests were acknowledged until now.
func (s *squadra) confermati() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fatti
}

// dal are the requests that began after a moment.
func (s *squadra) dal(quando time.Time) (dopo []esito) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.esiti {
		if e.quando.After(quando) {
			dopo = append(dopo, e)
		}
	}
	return dopo
}

// storico is the whole log, stream by stream, as a client of the store reads it.
type storico map[string][]domain.Recorded

// leggiStorico reads the log of a store: that of a URL, or the node of a
// directory.
func leggiStorico(t *testing.T, dir, url string) storico {
	t.Helper()
	i, chiudi := accanto(t, dir, url)
	defer chiudi()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tutto := storico{}
	for batch, err := range eventstore.Batches(ctx, eventi, i.anello, i.archivio.All(ctx, 0, false), 10_000) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range batch {
			tutto[e.Stream] = append(tutto[e.Stream], e)
		}
	}
	return tutto
}

// unaVolta holds the log to what must be true of any: no command left its
// events twice, no domanda was received twice, no transfer took a case from
// its case manager by half.
func (r storico) unaVolta(t *testing.T) {
	t.Helper()
	for stream, eventi := range r {
		chiusi := map[uuid.UUID]bool{}
		for k, e := range eventi {
			if k > 0 && eventi[k-1].Meta.Comando != e.Meta.Comando {
				chiusi[eventi[k-1].Meta.Comando] = true
			}
			if chiusi[e.Meta.Comando] {
				t.Errorf("%s: event %d repeats a command", stream, e.Version)
			}
			if _, apre := e.Event.(caso.DomandaRicevuta); apre && k > 0 {
				t.Errorf("%s: the domanda was received twice", stream)
			}
			if e.Version != uint64(k+1) {
				t.Errorf("%s: event %d stands at place %d", stream, e.Version, k+1)
			}
		}
	}
}

// hanno holds the history of each case to what its coordinator was told.
func (r storico) hanno(t *testing.T, pratiche []*pratica) (confermati, perduti, doppi int) {
	t.Helper()
	for _, q := range pratiche {
		letti := racconto(r["caso-"+q.ID])
		confermati += len(q.fatti)
		perduti += max(0, len(q.fatti)-len(letti))
		doppi += max(0, len(letti)-len(q.fatti))
		if got, want := strings.Join(letti, "\n"), strings.Join(q.fatti, "\n"); got != want {
			t.Errorf("case %s has\n%s\nand was told\n%s", q.ID, got, want)
		}
	}
	return confermati, perduti, doppi
}

// metrica prints a figure for whoever collects them.
func metrica(t *testing.T, nome string, valori ...any) {
	t.Helper()
	fmt.Println("METRIC", nome, fmt.Sprint(valori...))
}

// tipi counts the events of the log by type.
func (r storico) tipi() map[string]int {
	quanti := map[string]int{}
	for _, eventi := range r {
		for _, e := range eventi {
			quanti[e.Type]++
		}
	}
	return quanti
}

// accanto is an installation as a verb sees it that runs beside the program.
func accanto(t *testing.T, dir, url string) (i *impianto, chiudi func()) {
	t.Helper()
	c := config{Data: dir, EventStore: url}
	if kept, ok := chiaviDi.Load(dir); ok {
		c.Chiavi, _ = kept.(string)
	}
	i, err := apri(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := i.apriArchivio(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	return i, func() { _ = i.chiudi() }
}

// eventi are those of one case.
func (p *programma) eventi(t *testing.T, id string) (letti []domain.Recorded) {
	t.Helper()
	i, chiudi := accanto(t, p.dir, "")
	defer chiudi()
	for r, err := range i.archivio.Read(t.Context(), "caso-"+id) {
		if err != nil {
			t.Fatal(err)
		}
		letti = append(letti, r)
	}
	return letti
}
