package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

// A real installation: init, serve, a managed Postgres, an identity provider
// elsewhere. The first person makes all the others. Told to stop under load,
// it ends what is under way, refuses the rest, and nothing told is lost.
func TestARealInstallationGrowsFromItsFirstPersonAndStopsInOrder(t *testing.T) {
	s := installazioneNuova(t, portaLibera(t))
	p := s.serve(t, s.dir)
	p.arreda(t, s)

	altra := s.persone[6]
	if out, err := verboCon(t, s.dir, s.env, iniziale(altra)...); err == nil || !strings.Contains(err.Error(), "first Super Utente already") {
		t.Errorf("a second person made themselves Super Utente: %s %v", out, err)
	}
	s.init(t, s.dir) // of the same person: it changes nothing

	co := s.token(t, s.persone[2])
	lavoro := p.lavorano(8, co, p.pratiche(co, 64, ""))
	finche(t, 20*time.Second, "the load runs", func() bool { return lavoro.confermati() > 30 })
	p = p.fermataSottoCarico(t, s)
	prima := lavoro.confermati()
	finche(t, 20*time.Second, "the coordinators go on", func() bool { return lavoro.confermati() > prima+8 })
	lavoro.basta()
	log := leggiStorico(t, s.dir, "")
	log.unaVolta(t)
	confermati, perduti, doppi := log.hanno(t, lavoro.pratiche)
	metrica(t, "stop", "acked=", confermati, " lost=", perduti, " duplicated=", doppi)
	if err := p.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, p.coda())
	}
}

// fermataSottoCarico stops a program while a file is on its way in, and starts
// it again.
func (p *programma) fermataSottoCarico(t *testing.T, s *installata) *programma {
	t.Helper()
	lettura, scrittura := io.Pipe()
	defer func() { _ = scrittura.Close() }()
	type arrivata struct {
		i importata
		r risposta
	}
	arrivo := make(chan arrivata, 1)
	go func() {
		var a arrivata
		c := chiamata{token: s.inps(t), method: "POST", path: "/importazioni?tipo=domande", formato: "application/x-ndjson", chiave: uuid.NewString(), flusso: lettura}
		e := p.misura(clienti(1), c)
		a.r = e.risposta
		_ = json.Unmarshal(e.corpo, &a.i)
		arrivo <- a
	}()
	riga := unaDomanda(t, importazione.NDJSON, 555)
	if _, err := io.WriteString(scrittura, strings.Repeat("\n", 64<<10)+riga[:len(riga)/2]); err != nil {
		t.Fatal(err)
	}
	finche(t, 10*time.Second, "the file is on its way in", func() bool {
		parziali, _ := filepath.Glob(filepath.Join(s.dir, "importazioni", "*.part"))
		return len(parziali) == 1
	})

	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	nuovo := clienti(0) // connections of its own
	finche(t, 5*time.Second, "it says that it is not ready", func() bool {
		e := p.misura(nuovo, chiamata{method: "GET", path: "/readyz"})
		return e.status == 503 && e.header.Get("Retry-After") != ""
	})
	e := p.misura(nuovo, chiamata{token: s.token(t, s.persone[2]), method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare"}`})
	if e.status != 503 || e.header.Get("Retry-After") == "" || e.header.Get("Content-Type") != "application/problem+json" || e.codice() != "non_pronto" {
		t.Errorf("a new request while it stops: %d %s %v", e.status, e.corpo, e.err)
	}
	_, _ = io.WriteString(scrittura, riga[len(riga)/2:])
	_ = scrittura.Close()
	a := <-arrivo
	if a.r.status != 202 {
		t.Errorf("the request under way: %d %s", a.r.status, a.r.corpo)
	}
	p.morto = true
	select {
	case err := <-p.finito:
		if err != nil {
			t.Errorf("it ended with %v\n%s", err, p.coda())
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("it does not end\n%s", p.coda())
	}
	p = s.serve(t, s.dir)
	var i importata
	finche(t, 20*time.Second, "the import that came last goes on", func() bool {
		p.vuole(200, chiamata{token: s.inps(t), method: "GET", path: "/importazioni/" + a.i.ID}).in(t, &i)
		return i.Stato == importazione.Completata
	})
	return p
}

// Two programs on the same event store and database: both answer, one keeps
// the lists, and when it dies the other does (F-45, F-46).
func TestOfTwoReplicasTheOtherKeepsTheListsWhenOneDies(t *testing.T) {
	nodo, s, guida, altra := dueRepliche(t)
	if g, a := guida.guide(), altra.guide(); g != len(modelli) || a != 0 {
		t.Errorf("the first keeps %d lists, the second %d", g, a)
	}
	co := s.token(t, s.persone[2])
	pratiche := guida.pratiche(co, 3, "")
	assegnaEVede := func(scrive, legge *programma, q *pratica) {
		t.Helper()
		scrive.vuole(201, assegna(co, q.casoInLista, q.idonei[0]))
		if l := legge.lista(co, fmt.Sprintf(`{"lista":"assegnati","id_domanda":%q}`, q.IDDomanda)); l.Totale != 1 {
			t.Errorf("what was assigned through one replica is not in the list of the other: %+v", l)
		}
	}
	assegnaEVede(altra, guida, pratiche[0])
	assegnaEVede(guida, altra, pratiche[1])

	inizio := time.Now()
	guida.uccidi()
	finche(t, 20*time.Second, "the other keeps all lists", func() bool { return altra.guide() == len(modelli) })
	passaggio := time.Since(inizio)
	entro(t, "the takeover", passaggio, 5*time.Second)
	assegnaEVede(altra, altra, pratiche[2])
	metrica(t, "replicas", "takeover=", passaggio.Milliseconds(), "ms")
	if err := altra.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, altra.coda())
	}
	if err := nodo.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, nodo.stderr)
	}
}

// dueRepliche are two programs on one event store and one database, with
// people and cases.
func dueRepliche(t *testing.T) (nodo *programma, s *installata, una, altra *programma) {
	t.Helper()
	nodo, addr := avviaNodo(t, t.TempDir(), "127.0.0.1:0")
	s = installazioneNuova(t, "127.0.0.1:0", "NUCLEO_EVENTSTORE=esdb://"+addr+"?tls=false")
	seconda := cartellaDemo(t)
	una = s.serve(t, s.dir)
	una.arreda(t, s)
	condividono(t, s.dir, seconda)
	return nodo, s, una, s.serve(t, seconda)
}

// condividono gives a second directory what replicas share: the secrets, the
// key of the seals, and the KEKs, which nobody else may read.
func condividono(t *testing.T, da, a string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(a, "kek"), 0o700); err != nil {
		t.Fatal(err)
	}
	kek, err := filepath.Glob(filepath.Join(da, "kek", "*"))
	if err != nil || len(kek) == 0 {
		t.Fatal(kek, err)
	}
	for _, f := range []string{"FORMATO", "segreto", "sigillo.chiave", "sigillo.verificatori"} {
		kek = append(kek, filepath.Join(da, f))
	}
	for _, f := range kek {
		b, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(a, strings.TrimPrefix(f, da)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// guide is how many read models a program keeps.
func (p *programma) guide() (n int) {
	p.t.Helper()
	r := p.vuole(200, chiamata{method: "GET", path: "/metrics"})
	for riga := range strings.Lines(string(r.corpo)) {
		if strings.HasPrefix(riga, "nucleo_projection_leader{") && strings.HasSuffix(riga, " 1\n") {
			n++
		}
	}
	return n
}

// installata is an installation, with an identity provider of its own.
type installata struct {
	dir       string
	env       []string
	persone   []genera.Persona
	emittente *emittente.Emittente
}

// installazioneNuova makes an installation and its first person.
func installazioneNuova(t *testing.T, addr string, env ...string) *installata {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	e, err := emittente.New(emittente.Config{KeyFile: filepath.Join(t.TempDir(), "chiave.pem"), Issuer: issuer, Audience: "nucleo", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = e.Handler()
	server.Start()
	t.Cleanup(server.Close)
	s := &installata{
		dir: cartellaDemo(t), emittente: e, persone: genera.Persone(41, genera.Palermo()),
		env: append(append(conPostgres(t), "NUCLEO_OIDC_ISSUER="+issuer, "NUCLEO_ADDR="+addr), env...),
	}
	s.init(t, s.dir)
	return s
}

func (s *installata) init(t *testing.T, dir string) {
	t.Helper()
	primo := s.persone[0]
	out, err := verboCon(t, dir, s.env, iniziale(primo)...)
	if err != nil || !strings.Contains(out, "is ready") {
		t.Fatal(out, err)
	}
}

// iniziale are the words that make somebody the first person.
func iniziale(p genera.Persona) []string {
	return []string{"init", "--super-utente", p.CodiceFiscale, "--cognome", p.Cognome, "--nome", p.Nome, "--nascita", p.DataNascita.String(), "--comune-nascita", p.ComuneNascita, "--genere", p.Sesso}
}

// convenzioneDiProva is that of the body that carries out an association.
var convenzioneDiProva = map[string]string{"ente": "Ente capofila", "data": "2026-01-10", "firmatario": "Il legale rappresentante", "qualifica": "LEGALE_RAPPRESENTANTE"}

// serve starts the program in a directory, and waits until it is ready.
func (s *installata) serve(t *testing.T, dir string) *programma {
	t.Helper()
	p := avvia(t, dir, s.env, "serve", "--data", dir)
	finche(t, 30*time.Second, "it serves", func() bool {
		select {
		case err := <-p.finito:
			t.Fatalf("it ended with %v\n%s", err, p.coda())
		default:
		}
		for riga := range strings.Lines(p.stderr.String()) {
			var detto struct{ Msg, Address string }
			if json.Unmarshal([]byte(riga), &detto) == nil && detto.Msg == "nucleo serves" {
				p.Indirizzo = "http://" + detto.Address
			}
		}
		return p.Indirizzo != "" && p.misura(clienti(1), chiamata{method: "GET", path: "/readyz"}).status == 200
	})
	return p
}

func (s *installata) token(t *testing.T, chi genera.Persona) string {
	t.Helper()
	token, err := s.emittente.Token(chi.CodiceFiscale, chi.Nome, time.Hour)
	if err != nil {
		t.Error(err)
	}
	return token
}

func (s *installata) inps(t *testing.T) string {
	t.Helper()
	token, err := s.emittente.TokenProgramma("sistema-inps")
	if err != nil {
		t.Error(err)
	}
	return token
}

// attiDiProva are those by which an amministratore is named.
var attiDiProva = map[string]string{"protocollo": "2026/117", "data": "2026-01-10", "nota_pec": "2026/98", "documento": "CI CA12345AB"}

// importaDomande imports 150 domande of the ambito.
func (p *programma) importaDomande(t *testing.T, s *installata) {
	t.Helper()
	var file strings.Builder
	if err := tracciato.Scrivi(&file, importazione.NDJSON, genera.Domande(150, 43, giorno.Di(time.Now().In(roma)), genera.Palermo())); err != nil {
		t.Fatal(err)
	}
	if i, r := p.importaTutto(t, s.inps(t), "application/x-ndjson", strings.NewReader(file.String())); i.Stato != importazione.Completata || i.Esiti.Nuove != 150 {
		t.Fatalf("the import: %d %s", r.status, r.corpo)
	}
}

// arreda makes an ambito and its people over HTTP, and imports domande: the
// first person accredits an amministratore, who accredits the others.
func (p *programma) arreda(t *testing.T, s *installata) {
	t.Helper()
	su, luogo := s.token(t, s.persone[0]), genera.Palermo()
	scrivi := func(token, path string, corpo any) (creato struct {
		ID string `json:"id"`
	}) {
		t.Helper()
		testo, _ := json.Marshal(corpo)
		p.vuole(201, chiamata{token: token, method: "POST", path: path, corpo: string(testo), chiave: uuid.NewString(), prefer: "wait=5"}).in(t, &creato)
		return creato
	}
	accredita := func(token string, chi genera.Persona, ruolo string) {
		t.Helper()
		o := scrivi(token, "/operatori", map[string]string{
			"codice_fiscale": chi.CodiceFiscale, "cognome": chi.Cognome, "nome": chi.Nome,
			"data_nascita": chi.DataNascita.String(), "comune_nascita": chi.ComuneNascita, "genere": chi.Sesso,
			"email": chi.Email(), "telefono": genera.Centralino,
		})
		scrivi(token, "/operatori/"+o.ID+"/accreditamenti", map[string]any{"ruolo": ruolo, "ambito": luogo.Codice, "richiesta": attiDiProva})
	}
	p.vuole(403, chiamata{token: s.token(t, s.persone[1]), method: "POST", path: "/casi/ricerche", corpo: `{"lista":"da_assegnare"}`})
	p.leggeAmbiti(t, "the lists are there", su)
	scrivi(su, "/ambiti", map[string]string{"codice": luogo.Codice, "denominazione": luogo.Denominazione, "regione": luogo.Regione})
	scrivi(su, "/ambiti/"+luogo.Codice+"/comuni", map[string]any{"comuni": luogo.Comuni})
	scrivi(su, "/ambiti/"+luogo.Codice+"/deleghe", map[string]any{"comuni": luogo.Comuni, "data": "2026-01-10", "atto": "12/2026", "pec": "ambito@example.org"})
	scrivi(su, "/ambiti/"+luogo.Codice+"/convenzioni", convenzioneDiProva)
	accredita(su, s.persone[1], "AMMINISTRATORE_AMBITO")
	am := s.token(t, s.persone[1])
	p.leggeAmbiti(t, "the amministratore may act", am) // what was known of a person is remembered for a second
	accredita(am, s.persone[2], "COORDINATORE_PAIS")
	for _, chi := range s.persone[6:9] {
		accredita(am, chi, "CASE_MANAGER")
	}
	p.importaDomande(t, s)
	co := s.token(t, s.persone[2])
	finche(t, 30*time.Second, "the queue shows what was imported", func() bool { return p.lista(co, `{"lista":"da_assegnare"}`).Totale > 70 })
}

// leggeAmbiti waits until somebody may read the ambiti, whose list is there.
func (p *programma) leggeAmbiti(t *testing.T, cosa, token string) {
	t.Helper()
	finche(t, 30*time.Second, cosa, func() bool {
		return p.misura(clienti(1), chiamata{token: token, method: "GET", path: "/ambiti"}).status == 200
	})
}
