package caso_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
)

// gara is one stream that several people and programs write, each on what
// they read some time before: an append at an older version is lost.
type gara struct {
	events events
	letto  map[string]int // the version that each read
}

// mossa is what one of them asks of the state they read, if anything.
type mossa func(*rapid.T, caso.State) domain.Command[caso.State, caso.Event]

// concorrenti are those who race: the case manager, two coordinators, two
// dispatchers of which one comes from before a crash, and the inbox.
func concorrenti() map[string]mossa {
	spedisce := func(t *rapid.T, s caso.State) domain.Command[caso.State, caso.Event] {
		questa, _ := s.Segnalazioni.Trova(s1)
		switch {
		case questa.Stato == caso.Approvata:
			return metti
		case questa.Stato != caso.InUscita:
			return nil
		case questa.Tentativo > 0 && rapid.Bool().Draw(t, "arrivata"):
			return invia
		case questa.EsitoIncerto() && rapid.Bool().Draw(t, "fallita"):
			return caso.RegistraInvioFallito{Segnalazione: s1, Errore: "x", Tentativo: questa.Aperti[0]}
		}
		return caso.PrendiPerInvio{Segnalazione: s1, Flusso: questa.Flusso, Tentativo: questa.Tentativo + 1}
	}
	sempre := func(cmds ...domain.Command[caso.State, caso.Event]) mossa {
		return func(t *rapid.T, _ caso.State) domain.Command[caso.State, caso.Event] { return uno(t, cmds...) }
	}
	return map[string]mossa{
		"case manager":    sempre(ritira, rettifica),
		"coordinatrice":   sempre(approva, approva, rifiuta, annulla),
		"coordinatore":    sempre(caso.ApprovaSegnalazione{Segnalazione: s1, Operatore: bruno}, annulla),
		"dispatcher":      spedisce,
		"redivivo":        spedisce,
		"posta in arrivo": sempre(acquisisci),
	}
}

// TestEveryRaceEndsInOneState lets them read and write in any order, and holds
// the stream to a model of what may follow what; then the dispatcher, alone,
// brings to its end what is not there yet.
func TestEveryRaceEndsInOneState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gara{events: slices.Clone(daValidare), letto: map[string]int{}}
		chi := concorrenti()
		nomi := []string{"case manager", "coordinatrice", "coordinatore", "dispatcher", "redivivo", "posta in arrivo"}
		for range rapid.IntRange(0, 40).Draw(t, "passi") {
			nome := uno(t, nomi...)
			if rapid.Bool().Draw(t, "legge") {
				g.letto[nome] = len(g.events)
				continue
			}
			g.scrive(t, nome, chi[nome])
		}
		for range 8 {
			g.letto["fine"] = len(g.events)
			g.scrive(t, "fine", g.conclude)
		}
		g.regge(t)
	})
}

func (g *gara) scrive(t *rapid.T, nome string, m mossa) {
	versione := g.letto[nome]
	if versione == 0 {
		return // read nothing yet
	}
	cmd := m(t, caso.Decider.Fold(caso.State{}, g.events[:versione]...))
	if cmd == nil {
		return
	}
	nuovi, err := cmd.Decide(caso.Decider.Fold(caso.State{}, g.events[:versione]...))
	if err != nil && len(nuovi) > 0 {
		t.Fatalf("%T refuses and yields events", cmd)
	}
	if versione == len(g.events) {
		g.events = append(g.events, nuovi...)
	}
}

// conclude asks what leads to the end, as people and programs do in time.
func (g *gara) conclude(_ *rapid.T, s caso.State) domain.Command[caso.State, caso.Event] {
	questa, _ := s.Segnalazioni.Trova(s1)
	switch {
	case questa.Stato == caso.DaValidare:
		return approva
	case questa.Stato == caso.Approvata:
		return metti
	case questa.Stato == caso.InUscita && questa.Tentativo == 0:
		return caso.PrendiPerInvio{Segnalazione: s1, Flusso: questa.Flusso, Tentativo: 1}
	case questa.Stato == caso.InUscita:
		return invia
	case questa.Stato == caso.Inviata:
		return acquisisci
	}
	return nil
}

// segue is the model: what may come after what, by the names of the events.
var segue = map[string][]string{
	"SegnalazioneProposta":       {"SegnalazioneRitirata", "SegnalazioneApprovata", "SegnalazioneRifiutata"},
	"SegnalazioneApprovata":      {"SegnalazioneMessaInUscita", "InvioSegnalazioneAnnullato"},
	"SegnalazioneMessaInUscita":  {"SegnalazionePresaPerInvio", "InvioSegnalazioneAnnullato"},
	"SegnalazionePresaPerInvio":  {"SegnalazionePresaPerInvio", "InvioSegnalazioneFallito", "SegnalazioneInviata"},
	"InvioSegnalazioneFallito":   {"SegnalazionePresaPerInvio", "InvioSegnalazioneFallito", "SegnalazioneInviata"},
	"SegnalazioneInviata":        {"SegnalazioneAcquisita", "SegnalazioneRettificata"},
	"SegnalazioneAcquisita":      {"SegnalazioneRettificata"},
	"SegnalazioneRitirata":       nil,
	"SegnalazioneRifiutata":      nil,
	"InvioSegnalazioneAnnullato": nil,
	"SegnalazioneRettificata":    nil,
}

func (g *gara) regge(t *rapid.T) {
	prima, tentativi := "SegnalazioneProposta", 0
	for _, e := range g.events[len(daValidare):] {
		nome := e.EventType()
		if nome == "ScadenzaSuperata" {
			continue
		}
		if !slices.Contains(segue[prima], nome) {
			t.Fatalf("%s follows %s in %v", nome, prima, g.events)
		}
		if p, presa := e.(caso.SegnalazionePresaPerInvio); presa {
			if tentativi++; p.Tentativo != tentativi {
				t.Fatalf("sending %d is counted as %d", tentativi, p.Tentativo)
			}
		}
		prima = nome
	}
	if len(segue[prima]) > 0 && prima != "SegnalazioneAcquisita" {
		t.Fatalf("the race ends after %s", prima)
	}
}
