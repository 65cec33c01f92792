package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/accesso"
)

// case managers open their cases while the program is killed, and killed
// again. Each answer that showed a case has a record in the log.
func TestNoOpenCaseWithoutAnEarlierRecordThroughCrashes(t *testing.T) {
	letture, morti := int64(2_000), 3
	if lungo() {
		letture, morti = 20_000, 25
	}
	dir, porta := cartellaDemo(t), portaLibera(t)
	p := demoIn(t, dir, nil, "--solo-domande", "--casi", "200", "--seed", "9", "--addr", porta)
	lettori := p.spettatori(t, dir, 8)
	var viste atomic.Int64
	for k := range morti {
		soglia := letture * int64(k+1) / int64(morti+1)
		finche(t, 2*time.Minute, "cases are opened\n"+p.coda(), func() bool { viste.Store(lettori.viste.Load()); return viste.Load() >= soglia })
		p.uccidi()
		p = demoIn(t, dir, nil, "--addr", porta)
	}
	finche(t, 2*time.Minute, "cases are opened\n"+p.coda(), func() bool { return lettori.viste.Load() >= letture })
	lettori.basta()

	registrati, perCaso := map[uuid.UUID]bool{}, map[string]int{}
	for stream, eventi := range leggiStorico(t, dir, "") {
		if _, _, accessi := accesso.Luogo(stream); !accessi {
			continue
		}
		for _, e := range eventi {
			a := e.Event.(accesso.Registrato)
			registrati[a.Richiesta] = true
			perCaso[a.Caso.String()]++
		}
	}
	risposte, senza := 0, 0
	for _, r := range risposteCon200(t, dir) {
		risposte++
		if !registrati[r] {
			senza++
		}
	}
	for caso, n := range lettori.perCaso {
		if perCaso[caso] < n {
			senza += n - perCaso[caso]
		}
	}
	if senza > 0 || risposte < int(letture)/2 {
		t.Errorf("%d answers without a record; %d of %d seen in the log of the program", senza, risposte, lettori.viste.Load())
	}
	if out, err := verbo(t, dir, "verifica", "--tutto"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	metrica(t, "access-log", "reads=", lettori.viste.Load(), " kills=", morti, " records=", len(registrati), " without=", senza)
}

// spettatori open cases, over and over.
type spettatori struct {
	viste   atomic.Int64
	fine    chan struct{}
	al      sync.WaitGroup
	mu      sync.Mutex
	perCaso map[string]int
}

func (l *spettatori) basta() {
	close(l.fine)
	l.al.Wait()
}

// spettatori gives a case manager some cases, which they open from now on.
func (p *programma) spettatori(t *testing.T, dir string, quanti int) *spettatori {
	t.Helper()
	i, err := apri(config{Data: dir}, registro(os.Stderr, "error"))
	if err != nil {
		t.Fatal(err)
	}
	cm, co := p.chi("CASE_MANAGER"), p.chi("COORDINATORE_PAIS").Token
	chi := (&commands.Service{Segreto: i.segreto}).OperatoreDi(cm.CodiceFiscale).String()
	l := &spettatori{fine: make(chan struct{}), perCaso: map[string]int{}}
	for _, c := range p.lista(co, `{"lista":"da_assegnare","limit":100}`).Items {
		if e := p.misura(clienti(1), assegna(co, c, chi)); e.status == 201 {
			l.perCaso[c.ID] = 0
		}
	}
	if len(l.perCaso) == 0 {
		t.Fatal("no case could be given to the case manager")
	}
	var casi []string
	for c := range l.perCaso {
		casi = append(casi, c)
	}
	client := clienti(quanti)
	for k := range quanti {
		l.al.Go(func() {
			for n := k; ; n++ {
				select {
				case <-l.fine:
					return
				default:
				}
				c := casi[n%len(casi)]
				e := p.misura(client, chiamata{token: cm.Token, method: "GET", path: "/casi/" + c})
				switch {
				case e.err == nil && e.status == 200:
					l.viste.Add(1)
					l.mu.Lock()
					l.perCaso[c]++
					l.mu.Unlock()
				case e.err != nil || e.status == 503:
					<-time.After(20 * time.Millisecond) // a caller's patience, not a wait for anything
				default:
					t.Errorf("%s = %d %s", c, e.status, e.corpo)
					return
				}
			}
		})
	}
	return l
}

// risposteCon200 are the requests that opened a case, as the log of the
// program tells them. What was cut off by a kill is missing.
func risposteCon200(t *testing.T, dir string) (richieste []uuid.UUID) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "demo.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	righe := bufio.NewScanner(f)
	righe.Buffer(nil, 1<<20)
	for righe.Scan() {
		var r struct {
			Richiesta uuid.UUID `json:"richiesta"`
			Route     string    `json:"route"`
			Status    int       `json:"status"`
		}
		if json.Unmarshal(righe.Bytes(), &r) == nil && r.Status == 200 && strings.HasSuffix(r.Route, "/casi/{caso}") {
			richieste = append(richieste, r.Richiesta)
		}
	}
	return richieste
}
