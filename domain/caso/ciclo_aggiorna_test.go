package caso_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
)

// entratoUgo and uscitoPino change the nucleo by one person; rientratoPino
// brings him back, under a number of his own.
var (
	entratoUgo = caso.ComposizioneNucleoAggiornata{
		Aggiunti: []caso.Componente{numerata(ugo, 3)}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
	}
	uscitoPino = caso.ComposizioneNucleoAggiornata{
		Rimossi: []caso.Rimosso{{Componente: numerata(pino, 1).ID, Motivo: "USCITA_NUCLEO"}}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
	}
	rientratoPino = caso.ComposizioneNucleoAggiornata{
		Aggiunti: []caso.Componente{numerata(pino, 3)}, DataDecorrenza: marzo, Fonte: caso.FonteComune,
	}
)

func TestAggiornaNucleo(t *testing.T) {
	studia := cambiata(lia, func(c *caso.Componente) { c.Studente = true })
	domaintest.Run(t, caso.Decider,
		scenario{
			Name:  "adds a person",
			Given: events{ricevuta},
			When:  caso.AggiornaNucleo{Aggiunti: []caso.Componente{ugo}, DataDecorrenza: marzo, Fonte: caso.FonteINPS, Oggi: oggi},
			Then:  events{entratoUgo},
		},
		scenario{
			Name:  "removes a person",
			Given: events{ricevuta},
			When:  aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(pino) }),
			Then:  events{uscitoPino},
		},
		scenario{
			Name:  "changes a person, who keeps the number",
			Given: events{ricevuta},
			When:  aggiorna(func(c *caso.AggiornaNucleo) { c.Modificati = []caso.Componente{studia} }),
			Then: events{caso.ComposizioneNucleoAggiornata{
				Modificati: []caso.Componente{numerata(studia, 2)}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
			}},
		},
		scenario{
			Name:  "gives who comes back a new number, for the old one tells of the first stay",
			Given: events{ricevuta, uscitoPino},
			When: aggiorna(func(c *caso.AggiornaNucleo) {
				c.Aggiunti, c.Fonte = []caso.Componente{pino}, caso.FonteComune
			}),
			Then: events{rientratoPino},
		},
		scenario{
			Name:  "lets another person take the place of a richiedente who leaves",
			Given: events{ricevuta},
			When: aggiorna(func(c *caso.AggiornaNucleo) {
				c.Rimossi, c.Modificati = esce(rosa), []caso.Componente{cambiata(pino, func(c *caso.Componente) { c.Relazione = caso.Richiedente })}
			}),
			Then: events{caso.ComposizioneNucleoAggiornata{
				Rimossi:    []caso.Rimosso{{Componente: numerata(rosa, 0).ID, Motivo: "USCITA_NUCLEO"}},
				Modificati: []caso.Componente{numerata(cambiata(pino, func(c *caso.Componente) { c.Relazione = caso.Richiedente }), 1)}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
			}},
		},
		scenario{
			Name:  "lets the richiedente leave without a successor",
			Given: events{ricevuta},
			When:  aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(rosa) }),
			Then: events{caso.ComposizioneNucleoAggiornata{
				Rimossi: []caso.Rimosso{{Componente: numerata(rosa, 0).ID, Motivo: "USCITA_NUCLEO"}}, DataDecorrenza: marzo, Fonte: caso.FonteINPS,
			}},
		},
		scenario{
			Name:  "changes nothing when nothing is other than it was",
			Given: events{ricevuta, uscitoPino},
			When: aggiorna(func(c *caso.AggiornaNucleo) {
				c.Aggiunti, c.Rimossi, c.Modificati = []caso.Componente{rosa}, esce(pino), []caso.Componente{lia}
			}),
		},
		scenario{
			Name:  "changes nothing when it says nothing",
			Given: events{ricevuta},
			When:  aggiorna(func(*caso.AggiornaNucleo) {}),
		},
	)
}

func TestAggiornaNucleoRefusesWhatCannotBe(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.AggiornaNucleo)) scenario {
		return scenario{Name: name, Given: events{ricevuta}, When: aggiorna(cambia), Err: err, Field: field}
	}
	altra := cambiata(lia, func(c *caso.Componente) { c.Nome = "LUCIA" })
	domaintest.Run(t, caso.Decider,
		scenario{Name: "a case that is not there", When: aggiorna(func(*caso.AggiornaNucleo) {}), Err: caso.ErrInesistente},
		refused("no day", caso.ErrData, "data_decorrenza", func(c *caso.AggiornaNucleo) { c.DataDecorrenza = 0 }),
		refused("a change of tomorrow", caso.ErrData, "data_decorrenza", func(c *caso.AggiornaNucleo) { c.DataDecorrenza = oggi + 1 }),
		refused("a source that is none", caso.ErrFonte, "fonte", func(c *caso.AggiornaNucleo) { c.Fonte = "" }),
		refused("a stranger who leaves", caso.ErrComponenteSconosciuto, "rimossi", func(c *caso.AggiornaNucleo) { c.Rimossi = esce(ugo) }),
		refused("a reason that is none", caso.ErrMotivoUscita, "motivo", func(c *caso.AggiornaNucleo) {
			c.Rimossi = []caso.Uscita{{CodiceFiscale: pino.CodiceFiscale, Motivo: "LITE"}}
		}),
		refused("a stranger who changes", caso.ErrComponenteSconosciuto, "modificati", func(c *caso.AggiornaNucleo) { c.Modificati = []caso.Componente{ugo} }),
		refused("a newcomer who is there already and was other", caso.ErrComponentePresente, "aggiunti", func(c *caso.AggiornaNucleo) { c.Aggiunti = []caso.Componente{altra} }),
		refused("a newcomer as richiedente", caso.ErrSenzaRichiedente, "aggiunti", func(c *caso.AggiornaNucleo) {
			c.Aggiunti = []caso.Componente{cambiata(ugo, func(c *caso.Componente) { c.Relazione = caso.Richiedente })}
		}),
		refused("a second richiedente", caso.ErrSenzaRichiedente, "modificati", func(c *caso.AggiornaNucleo) {
			c.Modificati = []caso.Componente{cambiata(pino, func(c *caso.Componente) { c.Relazione = caso.Richiedente })}
		}),
		refused("a richiedente who is none any more", caso.ErrSenzaRichiedente, "modificati", func(c *caso.AggiornaNucleo) {
			c.Modificati = []caso.Componente{cambiata(rosa, func(c *caso.Componente) { c.Relazione = "CONIUGE" })}
		}),
		refused("a newcomer without a name", caso.ErrDatiComponente, "nome", func(c *caso.AggiornaNucleo) {
			c.Aggiunti = []caso.Componente{cambiata(ugo, func(c *caso.Componente) { c.Nome = "" })}
		}),
		refused("a person who changes into one unborn", caso.ErrData, "data_nascita", func(c *caso.AggiornaNucleo) {
			c.Modificati = []caso.Componente{cambiata(lia, func(c *caso.Componente) { c.DataNascita = oggi + 1 })}
		}),
		refused("more than 40 people", caso.ErrTroppiComponenti, "aggiunti", func(c *caso.AggiornaNucleo) { c.Aggiunti = figli(38) }),
		refused("the last to leave", caso.ErrNucleoVuoto, "rimossi", func(c *caso.AggiornaNucleo) { c.Rimossi = slices.Concat(esce(rosa), esce(pino), esce(lia)) }),
		refused("a person who leaves twice", caso.ErrComponenteDoppio, "codice_fiscale", func(c *caso.AggiornaNucleo) { c.Rimossi = slices.Concat(esce(pino), esce(pino)) }),
		refused("a person added twice", caso.ErrComponenteDoppio, "codice_fiscale", func(c *caso.AggiornaNucleo) { c.Aggiunti = []caso.Componente{ugo, ugo} }),
		refused("a person changed twice", caso.ErrComponenteDoppio, "codice_fiscale", func(c *caso.AggiornaNucleo) { c.Modificati = []caso.Componente{lia, altra} }),
		refused("a person who leaves and changes", caso.ErrComponenteDoppio, "codice_fiscale", func(c *caso.AggiornaNucleo) {
			c.Rimossi, c.Modificati = esce(lia), []caso.Componente{altra}
		}),
		refused("a person who leaves and joins", caso.ErrComponenteDoppio, "codice_fiscale", func(c *caso.AggiornaNucleo) {
			c.Rimossi, c.Aggiunti = esce(pino), []caso.Componente{pino}
		}),
	)
}

func TestTheNucleoIsWhoStayedAndWhoCame(t *testing.T) {
	got := caso.Decider.Fold(caso.State{}, ricevuta, entratoUgo, uscitoPino).Nucleo
	want := caso.Nucleo{
		Indirizzo:  viaRoma,
		Componenti: []caso.Componente{numerata(rosa, 0), numerata(lia, 2), numerata(ugo, 3)},
		Usciti:     []caso.Componente{numerata(pino, 1)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// aggiorna is a change of the nucleo in March, as INPS tells it.
func aggiorna(cambia func(*caso.AggiornaNucleo)) caso.AggiornaNucleo {
	c := caso.AggiornaNucleo{DataDecorrenza: marzo, Fonte: caso.FonteINPS, Oggi: oggi}
	cambia(&c)
	return c
}

func esce(c caso.Componente) []caso.Uscita {
	return []caso.Uscita{{CodiceFiscale: c.CodiceFiscale, Motivo: "USCITA_NUCLEO"}}
}

func cambiata(c caso.Componente, cambia func(*caso.Componente)) caso.Componente {
	cambia(&c)
	return c
}
