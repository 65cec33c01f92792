package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/httpapi"
)

// TestMain makes the test binary the program itself, when a test starts it so.
func TestMain(m *testing.M) {
	if os.Getenv(comeProgramma) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

const comeProgramma = "PROVA_COME_PROGRAMMA"

// lungo reports whether the long variants are wanted: make long.
func lungo() bool { return os.Getenv("NUCLEO_LONG") != "" }

// programma is nucleo as a process of its own.
type programma struct {
	t         *testing.T
	cmd       *exec.Cmd
	stderr    *scritto
	dir       string
	Indirizzo string `json:"indirizzo"`
	Pagina    string
	Persone   []personaDemo `json:"persone"`
	finito    chan error
	detto     chan string
	morto     bool
}

// scritto keeps what a process writes, for when a test fails.
type scritto struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *scritto) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *scritto) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// cartellaDemo is a directory for a demo, whose database is stopped at the end.
func cartellaDemo(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "nucleo-prova-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if pid := postmaster(dir); pid > 0 { // a killed program leaves it running
			_ = syscall.Kill(pid, syscall.SIGQUIT)
			finche(t, 20*time.Second, "the database stops", func() bool { return syscall.Kill(pid, 0) != nil })
		}
		_, _ = os.RemoveAll(dir), os.RemoveAll(dir+"-sigilli")
	})
	return dir
}

// postmaster is the process of the embedded database of a directory, or 0.
func postmaster(dir string) (pid int) {
	kept, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err == nil {
		_, _ = fmt.Sscan(string(kept), &pid)
	}
	return pid
}

// nucleo is the command of a verb.
func nucleo(ctx context.Context, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), comeProgramma+"=1", "NUCLEO_RITMO_OPERATORE=0", "NUCLEO_RITMO_AMBITO=0", "NUCLEO_RITMO_ESATTE=0", "NUCLEO_RITMO_ANONIMI=0"), env...)
	return cmd
}

// verbo runs a verb to its end, and returns what it printed.
func verbo(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	return verboCon(t, dir, nil, args...)
}

// verboCon runs a verb with settings.
func verboCon(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := nucleo(t.Context(), append([]string{"NUCLEO_DATA=" + dir}, env...), args...)
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("nucleo %s: %w: %s", strings.Join(args, " "), err, msg.String())
	}
	return out.String(), nil
}

// chiaviDi is where the keys of the installation in a directory are kept, when
// that is not in the directory.
var chiaviDi sync.Map

// demoIn starts a demo in a directory, and waits until it is ready.
func demoIn(t *testing.T, dir string, env []string, args ...string) *programma {
	t.Helper()
	p := lancia(t, dir, env, args...)
	if err := p.pronto(time.Minute); err != nil {
		p.uccidi()
		t.Fatalf("%v\n%s", err, p.stderr)
	}
	return p
}

// lancia starts a demo, and does not wait.
func lancia(t *testing.T, dir string, env []string, args ...string) *programma {
	t.Helper()
	return avvia(t, dir, env, append([]string{"demo", "--data", dir, "--addr", "127.0.0.1:0", "--json"}, args...)...)
}

// avvia starts a verb that runs until it is stopped, and does not wait.
func avvia(t *testing.T, dir string, env []string, args ...string) *programma {
	t.Helper()
	for _, v := range env {
		if url, has := strings.CutPrefix(v, "NUCLEO_CHIAVI="); has {
			chiaviDi.Store(dir, url)
		}
	}
	p := &programma{t: t, dir: dir, stderr: &scritto{}, finito: make(chan error, 1)}
	p.cmd = nucleo(context.Background(), env, args...)
	p.cmd.Stderr = p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	detto := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		detto <- line
		_, _ = io.Copy(io.Discard, out)
		p.finito <- p.cmd.Wait()
		close(p.finito) // who asks again is not left waiting
	}()
	p.detto = detto
	t.Cleanup(p.uccidi)
	return p
}

// pronto waits for the line that a demo prints when it is ready.
func (p *programma) pronto(entro time.Duration) error {
	select {
	case line := <-p.detto:
		if line == "" {
			return errors.New("the demo ended before it was ready")
		}
		return json.Unmarshal([]byte(line), p)
	case <-time.After(entro):
		return errors.New("the demo is not ready in time")
	}
}

// uccidi kills the program as kill -9 does.
func (p *programma) uccidi() {
	if p.morto {
		return
	}
	p.morto = true
	_ = p.cmd.Process.Kill()
	<-p.finito
}

// ferma asks the program to stop, and returns how it ended.
func (p *programma) ferma() error {
	p.morto = true
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.finito:
		return err
	case <-time.After(40 * time.Second):
		_ = p.cmd.Process.Kill()
		return errors.New("it did not stop in time")
	}
}

// chi is the first person of a role, and of no other.
func (p *programma) chi(ruolo string) personaDemo {
	p.t.Helper()
	for _, q := range p.Persone {
		if q.Ruolo == ruolo {
			return q
		}
	}
	p.t.Fatalf("the demo has no %s", ruolo)
	return personaDemo{}
}

// risposta is an answer, read whole.
type risposta struct {
	status int
	header http.Header
	corpo  []byte
}

func (r risposta) in(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.corpo, v); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.corpo, err)
	}
}

// chiamata is one request.
type chiamata struct {
	token, method, path, corpo string
	etag, chiave               string
	prefer                     string
	formato                    string    // media type of the body; JSON when empty
	flusso                     io.Reader // the body, instead of corpo
}

// chiama sends a request. It is an error when no answer came back whole.
func (p *programma) chiama(ctx context.Context, client *http.Client, c chiamata) (risposta, error) {
	path := httpapi.Base + c.path
	switch c.path {
	case "/status", "/livez", "/readyz", "/metrics", "/openapi.json":
		path = c.path
	}
	var corpo io.Reader = strings.NewReader(c.corpo)
	if c.flusso != nil {
		corpo = c.flusso
	}
	req, err := http.NewRequestWithContext(ctx, c.method, p.Indirizzo+path, corpo)
	if err != nil {
		return risposta{}, err
	}
	for name, value := range map[string]string{"If-Match": c.etag, "Idempotency-Key": c.chiave, "Prefer": c.prefer} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.corpo != "" || c.flusso != nil {
		req.Header.Set("Content-Type", cmp.Or(c.formato, "application/json"))
	}
	resp, err := client.Do(req)
	if err != nil {
		return risposta{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	letto, err := io.ReadAll(resp.Body)
	return risposta{resp.StatusCode, resp.Header, letto}, err
}

// vuole sends a request that must be answered with a status.
func (p *programma) vuole(status int, c chiamata) risposta {
	p.t.Helper()
	r, err := p.chiama(p.t.Context(), http.DefaultClient, c)
	if err != nil || r.status != status {
		p.t.Fatalf("%s %s = %d %s %v, want %d\n%s", c.method, c.path, r.status, r.corpo, err, status, p.coda())
	}
	return r
}

// coda is the end of the log.
func (p *programma) coda() string {
	log, err := os.ReadFile(filepath.Join(p.dir, "demo.log"))
	if err != nil { // no demo
		log = []byte(p.stderr.String())
	}
	return string(log[max(0, len(log)-3000):])
}

// casoInLista is a row of a list.
type casoInLista struct {
	ID     string `json:"id"`
	ETag   string `json:"etag"`
	Comune struct {
		Codice string `json:"codice"`
	} `json:"comune"`
	IDDomanda   string `json:"id_domanda"`
	CaseManager struct {
		ID string `json:"id"`
	} `json:"case_manager"`
}

type listaCasi struct {
	Items      []casoInLista `json:"items"`
	NextCursor string        `json:"next_cursor"`
	Totale     int           `json:"totale"`
}

// lista reads a page of a list of cases.
func (p *programma) lista(token, corpo string) (l listaCasi) {
	p.t.Helper()
	p.vuole(200, chiamata{token: token, method: "POST", path: "/casi/ricerche", corpo: corpo}).in(p.t, &l)
	return l
}

// idonei are the case managers who may carry cases of a comune.
func (p *programma) idonei(token, comune string) (ids []string) {
	p.t.Helper()
	var l struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	p.vuole(200, chiamata{token: token, method: "GET", path: "/case-manager?comune=" + comune}).in(p.t, &l)
	for _, i := range l.Items {
		ids = append(ids, i.ID)
	}
	return ids
}

// assegna is the request that gives a case to a case manager.
func assegna(token string, c casoInLista, cm string) chiamata {
	return chiamata{
		token: token, method: "POST", path: "/casi/" + c.ID + "/assegnazioni", etag: c.ETag, chiave: uuid.NewString(), prefer: "wait=5",
		corpo: fmt.Sprintf(`{"case_manager_id":%q}`, cm),
	}
}

// finche waits until something is so.
func finche(t *testing.T, entro time.Duration, cosa string, so func() bool) {
	t.Helper()
	limit := time.Now().Add(entro)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		if time.Now().After(limit) {
			t.Fatalf("not in %s: %s", entro, cosa)
		}
		<-tick.C
	}
}
