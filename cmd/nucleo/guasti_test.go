package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

// interruzione is how long an outage lasts.
func interruzione() time.Duration {
	if lungo() {
		return 10 * time.Second
	}
	return 3 * time.Second
}

// gelo is how long Postgres is frozen: the long way, beyond what a list may take.
func gelo() time.Duration {
	if lungo() {
		return scadenza + 2*time.Second
	}
	return interruzione()
}

// F-41, F-42: Postgres killed, and Postgres frozen. Assignments go on, for
// they need none; lists wait or say when to come back; all recovers by itself.
func TestWithoutPostgresAssignmentsGoOnAndListsComeBackByThemselves(t *testing.T) {
	dir := cartellaDemo(t)
	p := demoIn(t, dir, nil, "--solo-domande", "--casi", "500", "--seed", "7")
	co := p.chi("COORDINATORE_PAIS").Token
	lavoro := p.lavorano(8, co, p.pratiche(co, 200, ""))
	lettura := p.leggono(12, co)
	finche(t, 20*time.Second, "the load runs", func() bool { return lavoro.confermati() > 50 && lettura.ultimo(200, time.Time{}) })
	prima := p.goroutine()

	inizio := time.Now()
	segnala(t, syscall.SIGKILL, postgresDi(dir)...)
	finche(t, 20*time.Second, "a list says that it cannot be read", func() bool { return lettura.ultimo(503, inizio) })
	finche(t, 30*time.Second, "lists come back after Postgres was killed", func() bool { return lettura.ultimo(200, inizio.Add(200*time.Millisecond)) })
	uccisa := time.Since(inizio)
	entro(t, "recovery from a killed Postgres", uccisa, 5*time.Second)

	gelati, fatti := postgresDi(dir), lavoro.confermati()
	segnala(t, syscall.SIGSTOP, gelati...)
	<-time.After(gelo())
	durante := lavoro.confermati() - fatti
	segnala(t, syscall.SIGCONT, gelati...)
	ripresa := time.Now()
	if durante < 20 {
		t.Errorf("%d assignments were acknowledged while Postgres was frozen", durante)
	}
	finche(t, 30*time.Second, "lists come back after Postgres was frozen", func() bool { return lettura.ultimo(200, ripresa) })
	entro(t, "recovery from a frozen Postgres", time.Since(ripresa), 5*time.Second)
	p.tornano(t, prima)
	lavoro.basta()
	lettura.basta()

	massimo := entroScadenza(t, lavoro.dal(inizio), lettura.dal(inizio))
	log := leggiStorico(t, dir, "")
	log.unaVolta(t)
	confermati, _, _ := log.hanno(t, lavoro.pratiche)
	metrica(t, "postgres", "acked=", confermati, " while_frozen=", durante, " recovery_killed=", uccisa.Milliseconds(), "ms slowest=", massimo.Milliseconds(), "ms")
	for _, m := range []string{"casi", "cronologia", "carico"} {
		if out, err := verbo(t, dir, "projections", "verify", m); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// F-30, R-15: the event store, a process of its own, killed and frozen under
// load. Callers are refused in time and told when to come back; nothing hangs,
// nothing leaks, and everything that follows the log goes on.
func TestWithoutTheEventStoreCallersAreRefusedInTimeAndAllGoesOnAfterwards(t *testing.T) {
	dirNodo, dir := t.TempDir(), cartellaDemo(t)
	nodo, addr := avviaNodo(t, dirNodo, "127.0.0.1:0")
	url := "esdb://" + addr + "?tls=false"
	p := demoIn(t, dir, []string{"NUCLEO_EVENTSTORE=" + url}, "--solo-domande", "--casi", "700", "--seed", "8")
	co := p.chi("COORDINATORE_PAIS").Token
	tutte := p.pratiche(co, 330, "")
	ultime, lavoro := tutte[320:], p.lavorano(32, co, tutte[:320])
	finche(t, 20*time.Second, "the load runs", func() bool { return lavoro.confermati() > 100 })
	prima := p.goroutine()

	inizio := time.Now()
	nodo.uccidi()
	<-time.After(interruzione())
	if n := len(lavoro.dal(inizio.Add(time.Second))); n == 0 {
		t.Error("no request was answered during the outage")
	}
	nodo, _ = avviaNodo(t, dirNodo, addr)
	ucciso := lavoro.riprende(t, "the event store was killed")

	segnala(t, syscall.SIGSTOP, nodo.cmd.Process.Pid)
	<-time.After(interruzione())
	segnala(t, syscall.SIGCONT, nodo.cmd.Process.Pid)
	gelato := lavoro.riprende(t, "the event store was frozen")
	p.tornano(t, prima)
	lavoro.basta()

	rifiutati := 0
	massimo := entroScadenza(t, lavoro.dal(inizio))
	for _, e := range lavoro.dal(inizio) {
		if e.status == 503 {
			rifiutati++
		}
	}
	if rifiutati == 0 {
		t.Error("nobody was refused while there was no event store")
	}
	log := leggiStorico(t, dir, url)
	log.unaVolta(t)
	confermati, perduti, doppi := log.hanno(t, lavoro.pratiche)
	p.seguono(t, co, ultime[0])
	metrica(t, "eventstore", "acked=", confermati, " lost=", perduti, " duplicated=", doppi, " refused=", rifiutati,
		" recovery_killed=", ucciso.Milliseconds(), "ms recovery_frozen=", gelato.Milliseconds(), "ms slowest=", massimo.Milliseconds(), "ms")
	if err := p.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, p.coda())
	}
}

// seguono makes sure that lists and policies follow the log: an assignment is
// seen, and a revocation returns the case to the queue.
func (p *programma) seguono(t *testing.T, co string, q *pratica) {
	t.Helper()
	am, cm := p.chi("AMMINISTRATORE_AMBITO").Token, q.idonei[0]
	p.vuole(201, assegna(co, q.casoInLista, cm))
	cerca := fmt.Sprintf(`{"lista":"assegnati","id_domanda":%q}`, q.IDDomanda)
	if l := p.lista(co, cerca); len(l.Items) != 1 || l.Items[0].CaseManager.ID != cm {
		t.Fatalf("the assigned list: %+v", l)
	}
	var o struct {
		Accreditamenti []struct {
			ID       string `json:"id"`
			Ruolo    string `json:"ruolo"`
			Revocato bool   `json:"revocato"`
		} `json:"accreditamenti"`
	}
	p.vuole(200, chiamata{token: am, method: "GET", path: "/operatori/" + cm}).in(t, &o)
	for _, a := range o.Accreditamenti {
		if a.Ruolo == "CASE_MANAGER" && !a.Revocato {
			p.vuole(201, chiamata{
				token: am, method: "POST", path: "/operatori/" + cm + "/accreditamenti/" + a.ID + "/revoche",
				chiave: uuid.NewString(), corpo: `{"motivo":"fine incarico"}`,
			})
		}
	}
	coda := fmt.Sprintf(`{"lista":"da_assegnare","id_domanda":%q,"riassegnato":"si"}`, q.IDDomanda)
	finche(t, 10*time.Second, "the case of a revoked case manager returns to the queue", func() bool { return p.lista(co, coda).Totale == 1 })
}

// avviaNodo starts the event store as a process of its own, and says where it listens.
func avviaNodo(t *testing.T, dir, listen string) (*programma, string) {
	t.Helper()
	n := avvia(t, dir, nil, "node", "--data", dir, "--listen", listen, "--insecure")
	select {
	case line := <-n.detto:
		if addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on "); ok {
			return n, addr
		}
	case <-time.After(20 * time.Second):
	}
	n.uccidi()
	t.Fatalf("the node does not start: %s", n.stderr)
	return nil, ""
}

// leggono reads the queue, over and over. An answer that is neither a list nor
// a 503 that says when to come back is an error of the test.
func (p *programma) leggono(quanti int, token string) *squadra {
	s := &squadra{programma: p, token: token, fine: make(chan struct{}), client: clienti(quanti)}
	c := chiamata{token: token, method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare","limit":10}`}
	for range quanti {
		s.al.Go(func() {
			for s.continua() {
				e := s.misura(s.client, c)
				s.nota(e)
				if e.err != nil || e.status != 200 && (e.status != 503 || e.header.Get("Retry-After") == "") {
					s.t.Errorf("a list = %d %s %v\n%s", e.status, e.corpo, e.err, s.falliti())
				}
				<-time.After(5 * time.Millisecond) // a caller's pace, not a wait for anything
			}
		})
	}
	p.t.Cleanup(s.basta)
	return s
}

// falliti are the lines of the log that say why requests failed.
func (p *programma) falliti() string {
	log, _ := os.ReadFile(filepath.Join(p.dir, "demo.log"))
	var righe []string
	for riga := range strings.Lines(string(log)) {
		if strings.Contains(riga, `"request failed"`) {
			righe = append(righe, riga)
		}
	}
	return strings.Join(righe[:min(len(righe), 5)], "")
}

// ultimo reports whether the last request that began after a moment was
// answered with a status.
func (s *squadra) ultimo(status int, dopo time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.esiti) == 0 {
		return false
	}
	e := s.esiti[len(s.esiti)-1]
	return e.quando.After(dopo) && e.status == status
}

// riprende waits for the first acknowledgement of a request made from now on.
func (s *squadra) riprende(t *testing.T, dopo string) time.Duration {
	t.Helper()
	da := time.Now()
	finche(t, 30*time.Second, "requests are acknowledged after "+dopo, func() bool {
		for _, e := range s.dal(da) {
			if e.status == 201 {
				return true
			}
		}
		return false
	})
	entro(t, "recovery after "+dopo, time.Since(da), 3*time.Second)
	return time.Since(da)
}

// entroScadenza holds every request to the deadline of its route, and returns
// how long the slowest took.
func entroScadenza(t *testing.T, esiti ...[]esito) (massimo time.Duration) {
	t.Helper()
	for _, e := range esiti {
		for _, e := range e {
			massimo = max(massimo, e.durata)
			if e.durata > scadenza || e.err != nil {
				t.Errorf("%s took %s, status %d, %v", e.rotta, e.durata, e.status, e.err)
			}
		}
	}
	return massimo
}

// entro holds a time to its limit: to twice that where the machine has more to do than it can.
func entro(t *testing.T, cosa string, d, limite time.Duration) {
	t.Helper()
	var carico float64
	if testo, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscan(string(testo), &carico)
	}
	if carico > 2*float64(runtime.NumCPU()) {
		limite *= 2
	}
	if d > limite {
		t.Errorf("%s took %s, not at most %s", cosa, d, limite)
	}
}

// valore is a metric of the program.
func (p *programma) valore(nome string) (v float64) {
	p.t.Helper()
	r := p.vuole(200, chiamata{method: "GET", path: "/metrics"})
	for s := bufio.NewScanner(bytes.NewReader(r.corpo)); s.Scan(); {
		if resto, ok := strings.CutPrefix(s.Text(), nome+" "); ok {
			v, _ = strconv.ParseFloat(resto, 64)
		}
	}
	return v
}

// goroutine is how many of them the program has, at the most of a few looks.
func (p *programma) goroutine() (n float64) {
	p.t.Helper()
	for range 5 {
		n = max(n, p.valore("go_goroutines"))
	}
	return n
}

// tornano waits until the program has no more goroutines than before, within a tenth.
func (p *programma) tornano(t *testing.T, prima float64) {
	t.Helper()
	var ora float64
	limite := time.Now().Add(15 * time.Second)
	for ora = p.valore("go_goroutines"); ora > prima*1.1 && time.Now().Before(limite); ora = p.valore("go_goroutines") {
	}
	if ora > prima*1.1 {
		t.Errorf("%.0f goroutines, there were %.0f", ora, prima)
	}
	metrica(t, "goroutines", "before=", prima, " after=", ora)
}

// postgresDi are the processes of the embedded database of a directory.
func postgresDi(dir string) []int {
	primo := postmaster(dir)
	tutti := []int{primo}
	stati, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, s := range stati {
		testo, _ := os.ReadFile(s)
		_, dopo, _ := strings.Cut(string(testo), ") ") // the name before may hold anything
		var stato string
		var padre int
		if _, err := fmt.Sscan(dopo, &stato, &padre); err == nil && padre == primo {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(s)))
			tutti = append(tutti, pid)
		}
	}
	return tutti
}

// segnala sends a signal to processes that are there. One that was stopped
// goes on when the test ends, however it ends.
func segnala(t *testing.T, sig syscall.Signal, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && len(pids) == 1 {
			t.Fatal(err)
		}
	}
	if sig == syscall.SIGSTOP {
		t.Cleanup(sync.OnceFunc(func() {
			for _, pid := range pids {
				_ = syscall.Kill(pid, syscall.SIGCONT)
			}
		}))
	}
}
