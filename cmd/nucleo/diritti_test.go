package main

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// Who was the case manager of a case reads nothing of it any more from the
// moment in which the coordinator has been told, whichever replica they ask
//
func TestNobodyReadsACaseAfterTheyHaveLostIt(t *testing.T) {
	nodo, s, una, altra := dueRepliche(t)
	casi, letture := 4, 32 // of each reader, after the case is lost
	if lungo() {
		casi = 40
	}
	co := s.token(t, s.persone[2])
	token := map[string]string{} // of a case manager, by id
	for _, chi := range s.persone[6:9] {
		var profilo struct {
			ID string `json:"operatore_id"`
		}
		una.vuole(200, chiamata{token: s.token(t, chi), method: "GET", path: "/profili"}).in(t, &profilo)
		token[profilo.ID] = s.token(t, chi)
	}
	totale, vietate := 0, 0
	for _, q := range una.pratiche(co, casi, "") {
		una.vuole(201, assegna(co, q.casoInLista, q.idonei[0]))
		etag := una.vuole(200, chiamata{token: co, method: "GET", path: "/casi/" + q.ID}).header.Get("ETag")
		g := &gara{caso: q.ID, token: token[q.idonei[0]]}
		g.corrono(t, letture, una, altra)
		una.vuole(201, chiamata{
			token: co, method: "POST", path: "/casi/" + q.ID + "/riassegnazioni", etag: etag, chiave: uuid.NewString(),
			corpo: fmt.Sprintf(`{"da":%q,"a":%q,"motivo":"ferie"}`, q.idonei[0], q.idonei[1]),
		})
		g.perso.Store(true)
		g.fermi.Wait()
		if g.lette.Load() == 0 {
			t.Error("the case manager never read their case")
		}
		totale, vietate = totale+int(g.lette.Load()+g.negate.Load()+g.dopo.Load()), vietate+int(g.dopo.Load())
		una.vuole(200, chiamata{token: token[q.idonei[1]], method: "GET", path: "/casi/" + q.ID})
	}
	metrica(t, "lost cases", "reads=", totale, " after_acknowledgement=", vietate)
	if vietate > 0 || totale < casi*lettori*letture {
		t.Errorf("%d of %d reads showed a case to somebody who had lost it", vietate, totale)
	}
	for _, p := range []interface{ ferma() error }{altra, una, nodo} {
		if err := p.ferma(); err != nil {
			t.Error(err)
		}
	}
}

// lettori are how many ask for one case at once.
const lettori = 16

// gara is a case manager who reads one case all the time, as it is taken away.
type gara struct {
	caso, token string
	perso       atomic.Bool // the coordinator knows that it was
	lette       atomic.Int64
	negate      atomic.Int64
	dopo        atomic.Int64 // shown to a request that began after that
	fermi       sync.WaitGroup
}

// corrono starts the readers, and returns when each has read some. They end
// when each has been refused as often as it has to read.
func (g *gara) corrono(t *testing.T, letture int, repliche ...*programma) {
	var pronti sync.WaitGroup
	for n := range lettori {
		p, client := repliche[n%len(repliche)], clienti(1)
		pronti.Add(1)
		pronto := sync.OnceFunc(pronti.Done)
		g.fermi.Go(func() {
			defer pronto()
			for lette, rifiutate := 0, 0; rifiutate < letture; lette++ {
				if lette == 5 {
					pronto()
				}
				perso := g.perso.Load()
				r, err := p.chiama(t.Context(), client, chiamata{token: g.token, method: "GET", path: "/casi/" + g.caso})
				switch {
				case err == nil && r.status == http.StatusServiceUnavailable && t.Context().Err() == nil: // too loaded to record who looks: nothing is shown
				case err != nil || r.status != http.StatusOK && r.status != http.StatusNotFound:
					t.Errorf("%d %s %v", r.status, r.corpo, err)
					return
				case r.status == http.StatusNotFound:
					g.negate.Add(1)
					rifiutate++
				case perso:
					g.dopo.Add(1)
					rifiutate++
				default:
					g.lette.Add(1)
				}
			}
		})
	}
	pronti.Wait()
}
