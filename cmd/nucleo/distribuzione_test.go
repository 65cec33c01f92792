package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/caso"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
	"nucleo/domain/processo"
)

// corsa is an automatic assignment as its coordinator follows it.
type corsa struct {
	ID        string `json:"id"`
	Stato     string `json:"stato"`
	Totale    int    `json:"totale"`
	Elaborati int    `json:"elaborati"`
	Assegnati int    `json:"assegnati"`
	Saltati   int    `json:"saltati"`
}

// F-63, F-64: the program is killed while an automatic assignment runs and
// coordinators assign by hand. The run comes to its end; each case of the queue
// has exactly one assignment, by hand or by the run; and the figures add up.
func TestAnAutomaticAssignmentSurvivesKillsWhileCoordinatorsAssignByHand(t *testing.T) {
	quante, morti := 700, 3
	if lungo() {
		quante, morti = 10_000, 12
	}
	dir, porta := cartellaDemo(t), portaLibera(t)
	p := demoIn(t, dir, nil, "--casi", "40", "--seed", "7", "--addr", porta)
	co, inps := p.chi("COORDINATORE_PAIS").Token, p.chi("SISTEMA_INPS").Token
	p.importa(inps, quante)
	una := p.lista(co, `{"lista":"da_assegnare"}`).Items[0]
	p.vuole(201, assegna(co, una, p.idonei(co, una.Comune.Codice)[0])) // answered when the lists show all that came before
	coda := p.pratiche(co, p.lista(co, `{"lista":"da_assegnare"}`).Totale, "")
	prima := leggiStorico(t, dir, "")

	var c corsa
	p.vuole(202, chiamata{token: co, method: "POST", path: "/assegnazioni-automatiche", chiave: "corsa", corpo: `{}`}).in(t, &c)
	mano := p.assegnanoAMano(co, coda[len(coda)/2:])
	for range morti {
		p.uccidiAMeta(co, &c)
		dopo := lancia(t, dir, nil, "--addr", porta)
		dopo.Indirizzo = p.Indirizzo
		p = dopo
	}
	finche(t, 2*time.Minute, "the run ends\n"+p.coda(), func() bool { return p.segue(co, &c) && c.Stato != "IN_CORSO" })
	confermati := mano.basta()

	log := leggiStorico(t, dir, "")
	log.unaVolta(t)
	dati := map[caso.Modalita]int{}
	for _, q := range coda {
		nuovi := senzaCalendario(log["caso-"+q.ID][len(prima["caso-"+q.ID]):])
		if len(nuovi) != 1 {
			t.Errorf("%s: %v", q.ID, racconto(nuovi))
			continue
		}
		dati[nuovi[0].Event.(caso.Assegnato).Modalita]++
	}
	distribuiti, saltati := 0, 0
	for _, e := range log["processo-"+c.ID] {
		switch e.Event.(type) {
		case processo.Distribuito:
			distribuiti++
		case processo.Saltato:
			saltati++
		}
	}
	if c.Stato != "COMPLETATA" || c.Assegnati != distribuiti || c.Saltati != saltati || c.Elaborati != c.Totale || c.Assegnati != dati[caso.Automatica] {
		t.Errorf("%+v; in the log %d given, %d skipped, %v", c, distribuiti, saltati, dati)
	}
	if dati[caso.Manuale] < confermati || dati[caso.Manuale]+dati[caso.Automatica] != len(coda) {
		t.Errorf("%v of %d, %d acknowledged by hand", dati, len(coda), confermati)
	}
	fine := log["distribuzione-"+ambitoDemo]
	if _, si := fine[len(fine)-1].Event.(distribuzione.Completata); !si || len(fine) != 2 {
		t.Errorf("the runs of the ambito: %v", fine)
	}
	metrica(t, "distribuzione", "kills=", morti, " cases=", len(coda), " automatic=", dati[caso.Automatica], " by hand=", dati[caso.Manuale], " skipped=", saltati)
	for _, m := range []string{"casi", "carico", "distribuzioni"} {
		if out, err := verbo(t, dir, "projections", "verify", m); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// ambitoDemo is the ambito of the demo.
var ambitoDemo = genera.Palermo().Codice

// importa takes so many domande in.
func (p *programma) importa(token string, quante int) {
	p.t.Helper()
	var b bytes.Buffer
	if err := tracciato.Scrivi(&b, importazione.NDJSON, genera.Domande(quante, 99, giorno.Di(time.Now().In(roma)), genera.Palermo())); err != nil {
		p.t.Fatal(err)
	}
	var i importata
	p.vuole(202, chiamata{token: token, method: "POST", path: "/importazioni?tipo=domande", formato: "application/x-ndjson", chiave: "coda", corpo: b.String()}).in(p.t, &i)
	finche(p.t, 2*time.Minute, "the domande are taken in", func() bool {
		p.vuole(200, chiamata{token: token, method: "GET", path: "/importazioni/" + i.ID}).in(p.t, &i)
		return i.Stato == importazione.Completata
	})
}

// segue reads how far a run is. It reports whether it got to know.
func (p *programma) segue(token string, c *corsa) bool {
	r, err := p.chiama(p.t.Context(), http.DefaultClient, chiamata{token: token, method: "GET", path: "/assegnazioni-automatiche/" + c.ID})
	return err == nil && r.status == http.StatusOK && json.Unmarshal(r.corpo, c) == nil
}

// uccidiAMeta kills the program when the run has gone further than it was, or
// has ended.
func (p *programma) uccidiAMeta(token string, c *corsa) {
	p.t.Helper()
	era := c.Elaborati
	finche(p.t, time.Minute, "the run goes on\n"+p.coda(), func() bool {
		return p.segue(token, c) && (c.Elaborati > era || c.Totale > 0 && era == 0 || c.Stato != "IN_CORSO")
	})
	p.uccidi()
}

// amano are coordinators who assign cases by hand, each case once.
type amano struct {
	fine       atomic.Bool
	al         sync.WaitGroup
	confermati atomic.Int64
}

func (p *programma) assegnanoAMano(token string, coda []*pratica) *amano {
	m := &amano{}
	client := clienti(4)
	inversa := slices.Clone(coda)
	slices.Reverse(inversa) // towards the run, which begins at the other end
	for n := range 4 {
		m.al.Go(func() {
			for k := n; k < len(inversa) && !m.fine.Load(); k += 4 {
				q := inversa[k]
				a := assegna(token, q.casoInLista, q.idonei[k%len(q.idonei)])
				a.prefer = ""
				for !m.fine.Load() {
					e := p.misura(client, a)
					if e.status == http.StatusCreated {
						m.confermati.Add(1)
					} else if e.err != nil || e.status == http.StatusServiceUnavailable {
						<-time.After(20 * time.Millisecond) // a caller's patience
						continue
					} else if !slices.Contains([]int{409, 412}, e.status) {
						p.t.Error(errors.New(fmt.Sprint(e.status, " ", string(e.corpo))))
					}
					break
				}
			}
		})
	}
	p.t.Cleanup(func() { m.basta() })
	return m
}

func (m *amano) basta() int {
	m.fine.Store(true)
	m.al.Wait()
	return int(m.confermati.Load())
}
