package caso_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// TestStoriesOfTheWholeCase lets cases go on from anywhere on their road
// through random commands of all parts, by everybody who may send one, on a
// clock that mostly goes on: what holds of each part holds of them together.
func TestStoriesOfTheWholeCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := nuovaIntera(t)
		t.Repeat(map[string]func(*rapid.T){
			"":          i.regge,
			"avanza":    i.avanza,
			"strumento": func(t *rapid.T) { i.passo(t, strumento(t)) },
			"patto":     func(t *rapid.T) { i.passo(t, delPatto(t, i.State)) },
			"sostegno":  func(t *rapid.T) { i.passo(t, delSostegno(t)) },
			"ciclo":     func(t *rapid.T) { i.passo(t, delCiclo(t)) },
			"esonero":   func(t *rapid.T) { i.passo(t, dellEsonero(t)) },
			"nucleo":    func(t *rapid.T) { i.passo(t, disegnaAggiorna(t)) },
			"coordina":  func(t *rapid.T) { i.passo(t, delCoordinatore(t)) },
			"passa":     func(t *rapid.T) { i.servizi.oggi += giorno.Giorno(uno(t, 1, 7, 31, 100, -3)) },
			"segnala":   func(t *rapid.T) { i.passo(t, i.segnala(t)) },
			"decide":    func(t *rapid.T) { i.passo(t, i.servizi.decide(t)) },
			"spedisce":  func(t *rapid.T) { i.passo(t, i.servizi.spedisce(t)) },
			"avanti":    func(t *rapid.T) { i.servizi.avanti(t) },
			"comunica":  func(t *rapid.T) { i.passo(t, i.servizi.comunica(t)) },
			"incontra":  func(t *rapid.T) { i.passo(t, i.servizi.incontra(t)) },
			"valuta":    func(t *rapid.T) { i.passo(t, i.servizi.valuta(t)) },
			"annota": func(t *rapid.T) {
				i.passo(t, caso.Annota{Annotazione: delle[id.Annotazione](t), Testo: uno(t, "a", "b", ""), Riservata: rapid.Bool().Draw(t, "riservata")})
			},
			"guarda": func(t *rapid.T) { i.passo(t, caso.RegistraScadenze{Oggi: i.servizi.oggi}) },
		})
	})
}

// intera is a case with all its parts: what is held of the instruments and of
// the services is held of one story.
type intera struct {
	percorso
	servizi servizio
}

func nuovaIntera(t *rapid.T) *intera {
	i := &intera{percorso: percorso{storia: storia{Story: domaintest.Story[caso.State, caso.Event]{Decider: caso.Decider, Catalog: domain.NewCatalog(caso.Aggregate)}}}}
	i.servizi = servizio{Story: &i.Story, oggi: oggi}
	i.comincia(t, uno(t, waiting, avviare, pronta, inQA, bozza, monitoraggio, monitoraggio, ridefinizione))
	i.passo(t, caso.AggiornaRecapiti{Recapiti: caso.Recapiti{Cellulare: "3335550109"}, Fonte: caso.FonteComune})
	return i
}

// segnala proposes to tell INPS something of a measure that is over, as that
// of the story is.
func (i *intera) segnala(t *rapid.T) comando {
	return caso.ProponiSegnalazione{
		Segnalazione: delle[id.Segnalazione](t), Categoria: uno(t, caso.RDCAltro, caso.RDCMancataPresentazione, caso.RDCMancataSottoscrizione, caso.ADIAltro),
		Componente: uno(t, idDi(0), idDi(1), id.Componente{}), DataFatto: giorno.Data(2023, 12, 20), Accertamento: i.servizi.giorno(t), Dettaglio: uno(t, "x", "x", ""),
		Precedente: uno(t, id.Segnalazione{}, s1), Operatore: anna, Calendario: palermo, Oggi: i.servizi.oggi,
	}
}

// passo asks, and holds the answer to who asked.
func (i *intera) passo(t *rapid.T, cmd comando) {
	prima, n := i.State, len(i.Events)
	i.percorso.passo(t, cmd)
	if len(i.Events) == n {
		return
	}
	assegnato := !prima.Assegnazione.CaseManager.IsZero()
	switch c := cmd.(type) {
	case caso.ChiudiCaso:
		if c.Ruolo == domain.CoordinatorePaIS && (assegnato || c.Motivo != caso.ChiusoPerDecesso && c.Motivo != caso.ChiusoPerDoppione) {
			t.Fatalf("a coordinator closed for %s, assigned: %v", c.Motivo, assegnato)
		}
	case caso.RiapriCaso:
		if _, nonIdoneo := prima.Idoneo(c.Incarichi); c.Ruolo == domain.CoordinatorePaIS && assegnato && nonIdoneo == nil {
			t.Fatal("a coordinator reopened the case of somebody who may carry it")
		}
	case caso.AttivaSostegno:
		if c.Ruolo == domain.ReferenteSostegni && assegnato {
			t.Fatal("a referente leads the sostegni of an assigned case")
		}
	}
}

// regge checks what is true of every case at every moment.
func (i *intera) regge(t *rapid.T) {
	i.percorso.regge(t)
	i.servizi.holds(t)
	i.reggonoIndicatori(t)
	i.reggonoEsiti(t)
}

// reggonoIndicatori: a case counts in the workload by its state alone, in one
// number at most, and only while it is open; a closed one has no clocks but
// those of its segnalazioni.
func (i *intera) reggonoIndicatori(t *rapid.T) {
	s := i.State
	indicatore := map[caso.Stato]int{caso.DaAvviare: 1, caso.InValutazioneAP: 1, caso.InValutazioneQA: 1, caso.InDefinizione: 1, caso.InMonitoraggio: 2}[s.Stato]
	if got := s.Stato.Indicatore(); got != indicatore || got > 0 && !s.Stato.Aperto() || (got == 2) != (s.Stato == caso.InMonitoraggio && s.PaIS.Versione > 0) {
		t.Fatalf("%s counts in %d, with PaIS %d", s.Stato, got, s.PaIS.Versione)
	}
	if s.Stato.Aperto() && s.Lavoro != s.Stato || !s.Lavoro.Aperto() {
		t.Fatalf("%s, and the work goes on in %s", s.Stato, s.Lavoro)
	}
	for _, x := range caso.Scadenze(s, i.servizi.oggi) {
		if !s.Stato.Aperto() && x.Segnalazione.IsZero() {
			t.Fatalf("%s, and %s runs", s.Stato, x.Tipo)
		}
	}
}

// reggonoEsiti: nothing ends in two ways.
func (i *intera) reggonoEsiti(t *rapid.T) {
	annullate, inviate := map[id.Segnalazione]bool{}, map[id.Segnalazione]bool{}
	consegnate, fallite := map[id.Comunicazione]bool{}, map[id.Comunicazione]bool{}
	note, versione := 0, 0
	for _, e := range i.Events {
		switch e := e.(type) {
		case caso.InvioSegnalazioneAnnullato:
			annullate[e.Segnalazione] = true
		case caso.SegnalazioneInviata:
			inviate[e.Segnalazione] = true
		case caso.ComunicazioneConsegnata:
			consegnate[e.Comunicazione] = true
		case caso.ComunicazioneFallita:
			fallite[e.Comunicazione] = true
		case caso.AnnotazioneInserita:
			note++
		case caso.PaISSottoscritto:
			if e.Versione != versione+1 {
				t.Fatalf("version %d follows %d", e.Versione, versione)
			}
			versione = e.Versione
		}
	}
	for s := range annullate {
		if inviate[s] {
			t.Fatalf("segnalazione %s was annulled and sent", s)
		}
	}
	for c := range consegnate {
		if fallite[c] {
			t.Fatalf("message %s arrived and failed", c)
		}
	}
	if len(i.State.Diario) != note || slices.ContainsFunc(i.State.Diario, func(a caso.AnnotazioneInserita) bool { return a.Annotazione.IsZero() }) {
		t.Fatalf("%d notes after %d were written", len(i.State.Diario), note)
	}
}
