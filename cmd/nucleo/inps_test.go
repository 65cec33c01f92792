package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/inpsfinto"
)

// The program is killed again and again while its dispatcher sends to an INPS,
// a process of its own, that is slow and drops every third answer. In the end
// each approved segnalazione is acknowledged, and had one effect there.
func TestWhateverTheMomentOfAKillEachSegnalazioneReachesINPSOnce(t *testing.T) {
	cicli := 3
	if lungo() {
		cicli = 40
	}
	finto := avvia(t, t.TempDir(), nil, "inps-finto", "--lentezza", "150ms", "--perdi-ogni", "3", "--ripeti", "1")
	var url string
	select {
	case url = <-finto.detto:
		url = strings.TrimSpace(url)
	case <-time.After(20 * time.Second):
		t.Fatal("the counterpart does not start")
	}
	dir, env := cartellaDemo(t), []string{"NUCLEO_INPS=" + url, "NUCLEO_INPS_OGNI=100ms", "NUCLEO_RETTIFICA_RDC=true"}
	p := demoIn(t, dir, env, "--casi", "400", "--seed", "3")
	co := p.chi("COORDINATORE_PAIS").Token

	attendono := p.segnalazioni(co, "validazione", "DA_VALIDARE")
	if len(attendono.Items) == 0 {
		t.Fatal("nothing waits for a decision in the year of the demo")
	}
	lista, err := json.Marshal(map[string]any{"decisione": "approvata", "segnalazioni": attendono.voci()})
	if err != nil {
		t.Fatal(err)
	}
	p.vuole(200, chiamata{token: co, method: "POST", path: "/segnalazioni/decisioni", corpo: string(lista), chiave: uuid.NewString()})
	for range cicli {
		<-time.After(time.Duration(100+rand.IntN(700)) * time.Millisecond) // the moment of the kill
		p.uccidi()
		p = demoIn(t, dir, env, "--casi", "400", "--seed", "3")
		co = p.chi("COORDINATORE_PAIS").Token
	}
	finche(t, time.Minute, "all that was approved is acknowledged\n"+p.coda(), func() bool {
		return p.segnalazioni(co, "registro", "APPROVATA", "IN_USCITA").Totale == 0 && avute(t, url, attendono) == len(attendono.Items)
	})
	acquisite := p.segnalazioni(co, "registro", "ACQUISITA")
	for _, a := range attendono.Items {
		finche(t, time.Minute, "the receipt of "+a.Segnalazione, func() bool {
			for _, b := range acquisite.Items {
				if a.Segnalazione == b.Segnalazione {
					return true
				}
			}
			acquisite = p.segnalazioni(co, "registro", "ACQUISITA")
			return false
		})
	}
	metrica(t, "inps", "kills=", cicli, " sent=", len(attendono.Items))
	if err := p.ferma(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, p.coda())
	}
}

type voceSegnalata struct {
	Caso         string `json:"caso_id"`
	Segnalazione string `json:"segnalazione_id"`
}

type segnalate struct {
	Items []struct {
		voceSegnalata
		Stato string `json:"stato"`
	} `json:"items"`
	Totale int `json:"totale"`
}

func (s segnalate) voci() (voci []voceSegnalata) {
	for _, i := range s.Items {
		voci = append(voci, i.voceSegnalata)
	}
	return voci
}

// segnalazioni are the first hundred of a list in some states.
func (p *programma) segnalazioni(token, vista string, stati ...string) (s segnalate) {
	p.t.Helper()
	corpo := fmt.Sprintf(`{"vista":%q,"stati":["%s"],"limit":100}`, vista, strings.Join(stati, `","`))
	p.vuole(200, chiamata{token: token, method: "POST", path: "/segnalazioni/ricerche", corpo: corpo}).in(p.t, &s)
	return s
}

// avute is how many of some segnalazioni INPS has. None had two effects.
func avute(t *testing.T, url string, quali segnalate) (n int) {
	t.Helper()
	resp, err := http.Get(url + "/conteggi")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var c struct{ Items []inpsfinto.Conteggio }
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil {
		t.Fatal(err)
	}
	for _, i := range c.Items {
		if i.Effetti != 1 {
			t.Errorf("%s %s had %d effects", i.Tipo, i.ID, i.Effetti)
		}
		for _, q := range quali.Items {
			if q.Segnalazione == i.ID.String() {
				n++
			}
		}
	}
	return n
}
