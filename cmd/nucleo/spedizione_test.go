package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/caselle"
	"nucleo/domain/caso"
)

// scrivente is a case manager with a case, who writes to the nucleo.
type scrivente struct {
	token       string
	caso        casoInLista
	richiedente string
}

// scrive gives a case to a case manager of the demo: one whose nucleo has an
// e-mail address and a mobile telephone.
func (p *programma) scrive(t *testing.T) scrivente {
	t.Helper()
	co, cm := p.chi("COORDINATORE_PAIS").Token, p.chi("CASE_MANAGER").Token
	var io struct {
		ID string `json:"operatore_id"`
	}
	p.vuole(200, chiamata{token: cm, method: "GET", path: "/profili"}).in(t, &io)
	for _, q := range p.pratiche(co, 60, "") {
		e, is := p.eventi(t, q.ID)[0].Event.(caso.DomandaRicevuta)
		if !is || e.Recapiti.Email == "" || e.Recapiti.Cellulare == "" || !slices.Contains(q.idonei, io.ID) {
			continue
		}
		k := slices.IndexFunc(e.Componenti, func(c caso.Componente) bool { return c.Relazione == caso.Richiedente })
		p.vuole(201, assegna(co, q.casoInLista, io.ID))
		return scrivente{token: cm, caso: q.casoInLista, richiedente: e.Componenti[k].ID.String()}
	}
	t.Fatal("no nucleo can be reached")
	return scrivente{}
}

// messaggio is the request that sends one.
func (s scrivente) messaggio(canale string) chiamata {
	return chiamata{
		token: s.token, method: "POST", path: "/casi/" + s.caso.ID + "/comunicazioni", chiave: uuid.NewString(),
		corpo: fmt.Sprintf(`{"tipo":"PROMEMORIA","canale":%q,"destinatari":[%q],"testo":"Le ricordiamo il colloquio di domani alle 9."}`, canale, s.richiedente),
	}
}

// cassetta is a mailbox of the test, which tells when something arrives.
type cassetta struct {
	mu     sync.Mutex
	arrivi []string
	quando func() // an e-mail is here, and the server has not said yes yet
}

func (c *cassetta) ricevi(l caselle.Lettera) error {
	c.mu.Lock()
	c.arrivi = append(c.arrivi, l.ID)
	quando := c.quando
	c.mu.Unlock()
	if quando != nil {
		quando()
	}
	return nil
}

// The sender is killed before it takes a message, while the server holds it,
// and after the server's yes: no message is lost, one that comes twice has the
// same Message-ID, and the log tells of each once.
func TestASenderThatIsKilledLosesNoMessage(t *testing.T) {
	cicli := 9
	if lungo() {
		cicli = 90
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cassetta{}
	server := caselle.Server(c.ricevi)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	dir, porta := cartellaDemo(t), portaLibera(t)
	env := append(conPostgres(t), "NUCLEO_SMTP=smtp://"+l.Addr().String()+"?tls=no", "NUCLEO_MITTENTE=avvisi@comune.example")
	p := demoIn(t, dir, env, "--casi", "120", "--seed", "4", "--solo-domande", "--addr", porta)
	s := p.scrive(t)
	var inviati []string
	for n := range cicli {
		preso := make(chan struct{})
		c.mu.Lock()
		c.quando = sync.OnceFunc(func() {
			if n%3 == 1 {
				p.uccidi() // it never hears the yes
			}
			close(preso)
		})
		c.mu.Unlock()
		var fatta struct {
			ID string `json:"id"`
		}
		p.vuole(201, s.messaggio("EMAIL")).in(t, &fatta)
		inviati = append(inviati, fatta.ID)
		if n%3 > 0 {
			select {
			case <-preso:
			case <-time.After(time.Minute):
				t.Fatalf("nothing arrives\n%s", p.coda())
			}
		}
		if n%3 == 2 { // between the yes and the append, or a little later
			<-time.After(time.Duration(rand.IntN(15000)) * time.Microsecond)
		}
		p.uccidi()
		p = demoIn(t, dir, env, "--addr", porta)
	}
	finche(t, time.Minute, "all that was queued went out", func() bool { return len(p.spedite(t, s.caso.ID)) == cicli })
	spedite := p.spedite(t, s.caso.ID)
	c.mu.Lock()
	defer c.mu.Unlock()
	doppi := len(c.arrivi) - cicli
	for _, id := range inviati {
		if spedite[id] != 1 || !slices.Contains(c.arrivi, id+".0@comune.example") {
			t.Errorf("%s: noted %d times, arrivals %v", id, spedite[id], c.arrivi)
		}
	}
	for _, id := range c.arrivi {
		if nome, _, _ := strings.Cut(id, "."); !slices.Contains(inviati, nome) {
			t.Errorf("nobody wrote %s", id)
		}
	}
	if doppi < cicli/3 || doppi > cicli {
		t.Errorf("%d arrived twice, of %d whose yes was not heard", doppi, cicli/3)
	}
	metrica(t, "messages", "cycles=", cicli, " lost=", cicli-len(spedite), " twice=", doppi)
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}

// spedite is how often the log says of a message of a case that it was sent.
func (p *programma) spedite(t *testing.T, id string) map[string]int {
	n := map[string]int{}
	for _, r := range p.eventi(t, id) {
		if e, is := r.Event.(caso.ComunicazioneInviata); is {
			n[e.Comunicazione.String()]++
		}
	}
	return n
}

// A demo sends to nobody: what is written ends in its folder, and arrives.
func TestWhatADemoSendsEndsInItsFolder(t *testing.T) {
	dir := cartellaDemo(t)
	p := demoIn(t, dir, conPostgres(t), "--casi", "120", "--seed", "4", "--solo-domande")
	s := p.scrive(t)
	var email struct {
		ID string `json:"id"`
	}
	p.vuole(201, s.messaggio("EMAIL")).in(t, &email)
	p.vuole(201, s.messaggio("SMS"))
	finche(t, time.Minute, "both are there", func() bool {
		lettere, _ := filepath.Glob(filepath.Join(dir, "spediti", "posta", email.ID+".0@*.eml"))
		sms, err := os.ReadFile(filepath.Join(dir, "spediti", "sms.jsonl"))
		return len(lettere) == 1 && err == nil && strings.Count(string(sms), "\n") == 1 && strings.Contains(string(sms), `"testo":"Le ricordiamo`)
	})
	var stato struct {
		Parti []struct {
			Nome string `json:"nome"`
			Bene bool   `json:"bene"`
		} `json:"parti"`
	}
	if err := json.Unmarshal(p.vuole(200, chiamata{method: "GET", path: "/status"}).corpo, &stato); err != nil || len(stato.Parti) != 8 {
		t.Errorf("%+v %v", stato, err)
	}
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}
