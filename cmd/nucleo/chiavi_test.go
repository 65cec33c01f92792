package main

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nucleo/eventstore"
	"nucleo/internal/chiavi"
)

// Wherever rotations of the KEK are killed, and the program with them, every
// event opens afterwards, and the rotation is carried through.
func TestWhateverTheMomentOfAKillNothingSealedIsLost(t *testing.T) {
	dir, env := cartellaDemo(t), conPostgres(t)
	args := []string{"--solo-domande", "--casi", "300", "--seed", "31"}
	p := demoIn(t, dir, env, args...)
	co := p.chi("COORDINATORE_PAIS").Token
	lavoro := p.lavorano(4, co, p.pratiche(co, 60, ""))
	caso := rand.New(rand.NewPCG(5, 25))
	uccise := 0
	for range 6 {
		r := avvia(t, dir, env, "chiavi", "ruota", "--data", dir)
		select {
		case <-r.finito:
		case <-time.After(time.Duration(30+caso.IntN(250)) * time.Millisecond):
			r.uccidi()
			uccise++
		}
	}
	finche(t, 20*time.Second, "the load runs", func() bool { return lavoro.confermati() > 20 })
	lavoro.basta()
	p.uccidi()
	if _, err := verboCon(t, dir, env, "chiavi", "ruota"); err != nil {
		t.Fatal(err)
	}
	eventi := 0
	for stream, letti := range leggiStorico(t, dir, "") {
		for _, e := range letti {
			if eventi++; eventstore.Unreadable(e) != nil {
				t.Errorf("%s: %v", stream, eventstore.Unreadable(e))
			}
			if b, _ := json.Marshal(e.Event); strings.Contains(string(b), "[cancellato]") {
				t.Errorf("%s, event %d reads as erased", stream, e.Version)
			}
		}
	}
	var stato struct {
		Epoche []chiavi.Epoca `json:"epoche"`
	}
	out, err := verboCon(t, dir, env, "chiavi", "stato", "--json")
	if err := json.Unmarshal([]byte(out), &stato); err != nil {
		t.Fatal(out, err)
	}
	for i, e := range stato.Epoche {
		if err != nil || (e.Ritirata == nil) != (i == len(stato.Epoche)-1) || (e.Chiavi > 0) != (i == len(stato.Epoche)-1) {
			t.Errorf("epoch %d: %+v %v", e.Numero, e, err)
		}
	}
	metrica(t, "rotations", "killed=", uccise, " epochs=", len(stato.Epoche), " events=", eventi)
	if len(stato.Epoche) < 2 || eventi < 300 {
		t.Errorf("%d epochs, %d events", len(stato.Epoche), eventi)
	}
}
