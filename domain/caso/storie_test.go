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

// TestStories lets cases live through random commands, of which a good half
// fits, and holds each to what must always be so.
func TestStories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := storia{Story: domaintest.Story[caso.State, caso.Event]{Decider: caso.Decider, Catalog: domain.NewCatalog(caso.Aggregate)}}
		if rapid.IntRange(0, 3).Draw(t, "ricevuta prima") > 0 {
			s.ask(t, caso.RiceviDomanda{Domanda: domanda, Oggi: oggi})
		}
		t.Repeat(map[string]func(*rapid.T){
			"": s.holds,
			"entra": func(t *rapid.T) {
				s.ask(t, aggiorna(func(c *caso.AggiornaNucleo) { c.Aggiunti = []caso.Componente{uno(t, pino, lia, ugo)} }))
			},
			"esce": func(t *rapid.T) {
				s.ask(t, aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(uno(t, pino, lia, ugo)) }))
			},
			"ricevi":      func(t *rapid.T) { s.ask(t, disegnaRicevi(t)) },
			"aggiorna":    func(t *rapid.T) { s.ask(t, disegnaAggiorna(t)) },
			"trasferisci": func(t *rapid.T) { s.ask(t, disegnaTrasferisci(t)) },
			"assegna": func(t *rapid.T) {
				s.ask(t, caso.Assegna{CaseManager: chi(t), Incarichi: incarichi(t), Modalita: caso.Manuale, Motivo: motivo(t)})
			},
			"riassegna": func(t *rapid.T) {
				s.ask(t, caso.Riassegna{Da: chi(t), A: chi(t), Incarichi: incarichi(t), Motivo: motivo(t)})
			},
			"annulla": func(t *rapid.T) {
				s.ask(t, caso.AnnullaAssegnazione{Motivo: uno(t, caso.Richiesta, caso.AltroMotivo, caso.Trasferimento), Nota: motivo(t)})
			},
			"libera": func(t *rapid.T) { s.ask(t, caso.Libera{CaseManager: chi(t), Incarichi: incarichi(t)}) },
		})
	})
}

// storia is a case, and what was seen of it.
type storia struct {
	domaintest.Story[caso.State, caso.Event]
	numeri []id.Componente // of the people, in the order they entered
}

func (s *storia) ask(t *rapid.T, cmd domain.Command[caso.State, caso.Event]) {
	events, _ := s.Ask(t, cmd)
	for _, e := range events {
		switch e := e.(type) {
		case caso.DomandaRicevuta:
			s.entrano(t, e.Componenti)
		case caso.ComposizioneNucleoAggiornata:
			s.entrano(t, e.Aggiunti)
		case caso.Assegnato:
			qualcuno(t, e.CaseManager)
		case caso.Riassegnato:
			qualcuno(t, e.A)
		}
	}
}

func qualcuno(t *rapid.T, cm id.Operatore) {
	if cm.IsZero() {
		t.Fatalf("the case went to nobody")
	}
}

func (s *storia) entrano(t *rapid.T, persone []caso.Componente) {
	for _, p := range persone {
		if p.ID.IsZero() || slices.Contains(s.numeri, p.ID) {
			t.Fatalf("the number %s is given twice, or is none", p.ID)
		}
		s.numeri = append(s.numeri, p.ID)
	}
}

// holds checks what is true of every case at every moment.
func (s *storia) holds(t *rapid.T) {
	st := s.State
	var assegnazioni uint64
	ricevute := 0
	for i, e := range s.Events {
		switch e.(type) {
		case caso.Assegnato, caso.Riassegnato, caso.Annullata:
			assegnazioni++
		case caso.DomandaRicevuta:
			if ricevute++; i > 0 {
				t.Fatalf("the domanda is event %d", i)
			}
		}
	}
	switch {
	case st.Assegnazione.Versione != assegnazioni:
		t.Fatalf("Versione is %d after %d events of the assignment", st.Assegnazione.Versione, assegnazioni)
	case !st.Assegnazione.CaseManager.IsZero() && !st.Stato.Aperto():
		t.Fatalf("assigned while %q", st.Stato)
	case (st.Stato == "") != (len(s.Events) == 0) || len(s.Events) > 0 && ricevute != 1:
		t.Fatalf("%d domande in %d events, state %q", ricevute, len(s.Events), st.Stato)
	}
	s.holdsOfNucleo(t)
	orologi(t, s.Events, st, oggi)
}

func (s *storia) holdsOfNucleo(t *rapid.T) {
	if s.State.Stato == "" {
		return
	}
	n := s.State.Nucleo
	codici, richiedenti := map[string]bool{}, 0
	var visti []id.Componente
	for _, p := range n.Componenti {
		if codici[p.CodiceFiscale] {
			t.Fatalf("one person is in the nucleo twice")
		}
		codici[p.CodiceFiscale] = true
		if p.Relazione == caso.Richiedente {
			richiedenti++
		}
		visti = append(visti, p.ID)
	}
	for _, p := range n.Usciti {
		visti = append(visti, p.ID)
	}
	switch {
	case len(n.Componenti) == 0 || len(n.Componenti) > 40 || richiedenti > 1:
		t.Fatalf("%d people, %d richiedenti", len(n.Componenti), richiedenti)
	case len(visti) != len(s.numeri):
		t.Fatalf("%d people entered, %d are in the nucleo or left it", len(s.numeri), len(visti))
	}
	for _, n := range s.numeri {
		if !slices.Contains(visti, n) {
			t.Fatalf("%s is neither in the nucleo nor did they leave", n)
		}
	}
}

func uno[V any](t *rapid.T, valori ...V) V { return rapid.SampledFrom(valori).Draw(t, "scelta") }

func chi(t *rapid.T) id.Operatore { return uno(t, anna, bruno, anna, bruno, carla, id.Operatore{}) }

func motivo(t *rapid.T) string { return uno(t, "ferie", "ferie", "maternità", "", lungo) }

func incarichi(t *rapid.T) []caso.Incarico {
	return uno(t, diPalermo, slices.Concat(diPalermo, diMonreale), []caso.Incarico{{Territorio: ovunquePA}}, diMonreale, diBagheria, nil)
}

func quando(t *rapid.T) giorno.Giorno { return uno(t, gennaio, febbraio, marzo, marzo, oggi+1, 0) }

func gente(t *rapid.T) []caso.Componente {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) caso.Componente {
		p := uno(t, rosa, pino, lia, ugo)
		p.Relazione = uno(t, p.Relazione, p.Relazione, p.Relazione, "ALTRO", caso.Richiedente)
		p.Studente = rapid.Bool().Draw(t, "studente")
		return p
	}), 0, 3).Draw(t, "gente")
}

func disegnaRicevi(t *rapid.T) caso.RiceviDomanda {
	d := domanda
	switch uno(t, 0, 0, 0, 1, 2) {
	case 1:
		d.Componenti = gente(t)
	case 2:
		d.Misura, d.ISEE = uno(t, caso.PDC, caso.ADI, caso.RDC), uno(t, -1, 0, 100)
	}
	return caso.RiceviDomanda{Domanda: d, Oggi: oggi}
}

func disegnaAggiorna(t *rapid.T) caso.AggiornaNucleo {
	c := caso.AggiornaNucleo{DataDecorrenza: quando(t), Fonte: uno(t, caso.FonteINPS, caso.FonteComune), Oggi: oggi}
	c.Aggiunti, c.Modificati = gente(t), gente(t)
	for _, p := range gente(t) {
		c.Rimossi = append(c.Rimossi, caso.Uscita{CodiceFiscale: p.CodiceFiscale, Motivo: uno(t, "DECESSO", "ALTRO", "ALTRO", "LITE")})
	}
	switch uno(t, 0, 1, 2, 3) { // mostly one kind of change, which fits more often
	case 1:
		c.Rimossi, c.Modificati = nil, nil
	case 2:
		c.Aggiunti, c.Modificati = nil, nil
	case 3:
		c.Aggiunti, c.Rimossi = nil, nil
	}
	return c
}

func disegnaTrasferisci(t *rapid.T) caso.Trasferisci {
	c := uno(t, aMonrealeInMarzo, aBagheriaInMarzo, caso.Trasferisci{Ambito: "PA42", Comune: "G273", Indirizzo: viaRoma, Oggi: oggi})
	c.DataDecorrenza = quando(t)
	for _, i := range incarichi(t) {
		c.Territori = append(c.Territori, i.Territorio)
	}
	return c
}
