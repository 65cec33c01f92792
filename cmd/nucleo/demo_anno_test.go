package main

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// The year of a demo is there whole and once, whenever its first start was
// killed; started again it changes nothing, and the lines that it prints work.
func TestTheYearOfADemoIsThereWholeAndOnce(t *testing.T) {
	dir := cartellaDemo(t)
	p := lancia(t, dir, nil, "--casi", "150", "--seed", "9")
	finche(t, time.Minute, "the year is being written", func() bool { return strings.Contains(p.stderr.String(), "a year of cases") })
	<-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond) // the moment of the kill
	p.uccidi()
	p = demoIn(t, dir, nil)
	prima := leggiStorico(t, dir, "")
	prima.unaVolta(t)
	prima.comeAnno(t, p)
	assenti := 0
	for _, eventi := range prima {
		for _, e := range eventi {
			if e.Type == "IndisponibilitaRegistrata" {
				assenti++
			}
		}
	}
	if assenti < 3 {
		t.Errorf("%d absences of case managers", assenti)
	}
	co := p.chi("COORDINATORE_PAIS").Token
	coda := p.lista(co, `{"lista":"da_assegnare","limit":10}`)
	if coda.Totale < 10 || p.lista(co, `{"lista":"assegnati","limit":10}`).Totale < 80 {
		t.Errorf("the lists of the demo: %d cases wait", coda.Totale)
	}
	if err := p.ferma(); err != nil {
		t.Fatalf("%v\n%s", err, p.coda())
	}
	p = demoIn(t, dir, nil)
	leggiStorico(t, dir, "").comeAnno(t, p)
	p.vuole(201, assegna(co, coda.Items[0], p.idonei(co, coda.Items[0].Comune.Codice)[0]))
}

// comeAnno holds the streams of the cases to the year that the demo makes up:
// byte for byte what was decided, and when.
func (r storico) comeAnno(t *testing.T, p *programma) {
	t.Helper()
	d := demo{}
	i, err := apri(config{Data: p.dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ricorda(i.cartella); err != nil {
		t.Fatal(err)
	}
	anno := genera.Anno{Seme: d.seme, Al: d.giorno, Ambito: genera.Palermo(), Zona: roma}
	for _, persona := range genera.Persone(d.seme, anno.Ambito)[1:] {
		anno.Operatori = append(anno.Operatori, genera.Operatore{ID: i.comandi().OperatoreDi(persona.CodiceFiscale), Persona: persona})
	}
	for storia := range anno.Storie(d.casi) {
		stream := caso.Decider.Stream(id.CasoDi(storia.Domanda.IDDomanda).String())
		var eventi []domain.Recorded
		for _, e := range r[stream] {
			if e.Meta.Impronta == "demo" {
				eventi = append(eventi, e)
			}
		}
		n := 0
		for _, passo := range storia.Passi() {
			for _, e := range passo.Eventi {
				if n >= len(eventi) {
					t.Fatalf("%s ends after %d events", stream, len(eventi))
				}
				vuole, _ := json.Marshal(e)
				trovato, _ := json.Marshal(eventi[n].Event)
				if string(vuole) != string(trovato) || !eventi[n].Meta.Istante.Equal(passo.Istante) || eventi[n].Meta.Attore != passo.Attore.ID {
					t.Fatalf("%s, event %d: %s at %s, want %s at %s", stream, n+1, trovato, eventi[n].Meta.Istante, vuole, passo.Istante)
				}
				n++
			}
		}
		if n != len(eventi) || len(r[stream]) == 0 {
			t.Fatalf("%s has %d events of the demo, want %d", stream, len(eventi), n)
		}
	}
}
