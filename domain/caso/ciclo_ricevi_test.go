package caso_test

import (
	"slices"
	"testing"

	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
)

func TestRiceviDomanda(t *testing.T) {
	domaintest.Run(t, caso.Decider,
		scenario{
			Name: "opens the case, numbers the people and finds the minor",
			When: caso.RiceviDomanda{Domanda: domanda, Oggi: oggi},
			Then: events{ricevuta},
		},
		scenario{
			Name: "puts the richiedente first and writes the id as it is kept",
			When: con(func(d *caso.DomandaRicevuta) {
				d.IDDomanda, d.Componenti = " inps-rdc-2024- 1001", []caso.Componente{pino, rosa, lia}
			}),
			Then: events{ricevuta},
		},
		scenario{
			Name: "sees a disabled person, and no minor among adults",
			When: con(func(d *caso.DomandaRicevuta) {
				d.Componenti = []caso.Componente{rosa, pino}
				d.Componenti[1].Disabilita = true
			}),
			Then: events{func() caso.DomandaRicevuta {
				d := domanda
				d.Componenti = []caso.Componente{numerata(rosa, 0), numerata(pino, 1)}
				d.Componenti[1].Disabilita, d.PresenzaDisabili = true, true
				return d
			}()},
		},
		scenario{
			Name:  "changes nothing when it comes again",
			Given: events{ricevuta},
			When:  caso.RiceviDomanda{Domanda: domanda, Oggi: oggi},
		},
		scenario{
			Name:  "changes nothing when it comes again with its people in another order",
			Given: events{ricevuta},
			When:  con(func(d *caso.DomandaRicevuta) { d.Componenti = []caso.Componente{lia, pino, rosa} }),
		},
		scenario{
			Name:  "changes nothing when it comes again after the nucleo changed and moved",
			Given: events{ricevuta, uscitoPino, trasferito, adAnna},
			When:  caso.RiceviDomanda{Domanda: domanda, Oggi: oggi},
		},
		scenario{
			Name:  "is refused when it comes again with other content",
			Given: events{ricevuta},
			When:  con(func(d *caso.DomandaRicevuta) { d.ISEE++ }),
			Err:   caso.ErrDomandaDifforme,
		},
		scenario{
			Name:  "is refused when it comes again with one person less",
			Given: events{ricevuta},
			When:  con(func(d *caso.DomandaRicevuta) { d.Componenti = d.Componenti[:2] }),
			Err:   caso.ErrDomandaDifforme,
		},
	)
}

func TestRiceviDomandaRefusesWhatCannotBe(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.DomandaRicevuta)) scenario {
		return scenario{Name: name, When: con(cambia), Err: err, Field: field}
	}
	rosaSenza := func(cambia func(*caso.Componente)) func(*caso.DomandaRicevuta) {
		return func(d *caso.DomandaRicevuta) { cambia(&d.Componenti[0]) }
	}
	domani := oggi + 1
	domaintest.Run(t, caso.Decider,
		refused("an id of another form", caso.ErrIDDomanda, "id_domanda", func(d *caso.DomandaRicevuta) { d.IDDomanda = "RDC-2024-1001" }),
		refused("an id with something after it", caso.ErrIDDomanda, "id_domanda", func(d *caso.DomandaRicevuta) { d.IDDomanda += "-A" }),
		refused("a measure that is none", caso.ErrMisura, "misura", func(d *caso.DomandaRicevuta) { d.Misura = "SIA" }),
		refused("a measure of another id", caso.ErrMisura, "misura", func(d *caso.DomandaRicevuta) { d.Misura = caso.ADI }),
		refused("an id of another measure", caso.ErrMisura, "misura", func(d *caso.DomandaRicevuta) { d.IDDomanda = "INPS-ADI-2024-1001" }),
		refused("an ISEE below zero", caso.ErrImporto, "isee", func(d *caso.DomandaRicevuta) { d.ISEE = -1 }),
		refused("an amount below zero", caso.ErrImporto, "importo_mensile", func(d *caso.DomandaRicevuta) { d.ImportoMensile = -1 }),
		refused("no comune", caso.ErrComune, "comune", func(d *caso.DomandaRicevuta) { d.Comune = "" }),
		refused("a comune of no ambito", caso.ErrComune, "comune", func(d *caso.DomandaRicevuta) { d.Ambito = "" }),
		refused("no day of the domanda", caso.ErrData, "data_presentazione", func(d *caso.DomandaRicevuta) { d.DataPresentazione = 0 }),
		refused("a domanda of tomorrow", caso.ErrData, "data_presentazione", func(d *caso.DomandaRicevuta) { d.DataPresentazione = domani }),
		refused("no day of transmission", caso.ErrData, "data_trasmissione_comune", func(d *caso.DomandaRicevuta) { d.DataTrasmissioneComune = 0 }),
		refused("a transmission before the domanda", caso.ErrData, "data_trasmissione_comune", func(d *caso.DomandaRicevuta) { d.DataTrasmissioneComune = gennaio - 1 }),
		refused("a transmission of tomorrow", caso.ErrData, "data_trasmissione_comune", func(d *caso.DomandaRicevuta) { d.DataTrasmissioneComune = domani }),
		refused("a recognition before the domanda", caso.ErrData, "data_riconoscimento", func(d *caso.DomandaRicevuta) { d.DataRiconoscimento = gennaio - 1 }),
		refused("a recognition of tomorrow", caso.ErrData, "data_riconoscimento", func(d *caso.DomandaRicevuta) { d.DataRiconoscimento = domani }),
		refused("a PAD of tomorrow", caso.ErrData, "data_sottoscrizione_pad", func(d *caso.DomandaRicevuta) { d.DataSottoscrizionePAD = domani }),
		refused("nobody", caso.ErrSenzaRichiedente, "relazione_parentale", func(d *caso.DomandaRicevuta) { d.Componenti = nil }),
		refused("no richiedente", caso.ErrSenzaRichiedente, "relazione_parentale", func(d *caso.DomandaRicevuta) { d.Componenti = d.Componenti[1:] }),
		refused("two richiedenti", caso.ErrSenzaRichiedente, "relazione_parentale", func(d *caso.DomandaRicevuta) { d.Componenti[1].Relazione = caso.Richiedente }),
		refused("41 people", caso.ErrTroppiComponenti, "componenti", func(d *caso.DomandaRicevuta) { d.Componenti = append(figli(40), rosa) }),
		refused("a person twice", caso.ErrComponenteDoppio, "codice_fiscale", func(d *caso.DomandaRicevuta) { d.Componenti = slices.Concat(d.Componenti, []caso.Componente{lia}) }),
		refused("a person without codice fiscale", caso.ErrDatiComponente, "codice_fiscale", rosaSenza(func(c *caso.Componente) { c.CodiceFiscale = "" })),
		refused("a person without surname", caso.ErrDatiComponente, "cognome", rosaSenza(func(c *caso.Componente) { c.Cognome = " " })),
		refused("a person without name", caso.ErrDatiComponente, "nome", rosaSenza(func(c *caso.Componente) { c.Nome = "" })),
		refused("a person of another sex", caso.ErrDatiComponente, "sesso", rosaSenza(func(c *caso.Componente) { c.Sesso = "f" })),
		refused("a person never born", caso.ErrData, "data_nascita", rosaSenza(func(c *caso.Componente) { c.DataNascita = 0 })),
		refused("a person born after the domanda", caso.ErrData, "data_nascita", rosaSenza(func(c *caso.Componente) { c.DataNascita = gennaio + 1 })),
		refused("a relation that is none", caso.ErrRelazione, "relazione_parentale", rosaSenza(func(c *caso.Componente) { c.Relazione = "AMICO" })),
	)
}

func TestAPersonIsOfAgeFromTheEighteenthBirthday(t *testing.T) {
	nato := caso.Componente{DataNascita: giorno.Data(2006, 2, 1)}
	if !nato.Minore(giorno.Data(2024, 1, 31)) || nato.Minore(giorno.Data(2024, 2, 1)) {
		t.Error("a person is of age on the eighteenth birthday, not before")
	}
}

func TestAnIDOfADomandaIsReadAsPeopleCopyIt(t *testing.T) {
	for in, want := range map[string]string{
		"INPS-RDC-2019-1":             "INPS-RDC-2019-1",
		" inps-adi-2024-123456789\n":  "INPS-ADI-2024-123456789",
		"INPS -RDC- 2020 -\u00a07":    "INPS-RDC-2020-7",
		"INPS-RDC-2019-1234567890":    "",
		"INPS-RDC-1999-1":             "",
		"INPS-PDC-2019-1":             "",
		"INPS-RDC-2019-":              "",
		"INPS-RDC-2019-1/../operator": "",
		"":                            "",
	} {
		got, ok := caso.NormalizzaIDDomanda(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q was read as %q, %v; want %q", in, got, ok, want)
		}
	}
}
