package caso_test

import (
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/id"
)

// In this case Rosa has a mobile telephone, the nucleo an e-mail address.
var (
	raggiungibile = ricevutaCome(caso.RDC, func(d *caso.DomandaRicevuta) {
		d.Componenti = append([]caso.Componente(nil), d.Componenti...)
		d.Componenti[0].Cellulare = "3335550102"
		d.Recapiti.Email = "nucleo@example.org"
	})
	c1, c2 = chiave[id.Comunicazione]("c1"), chiave[id.Comunicazione]("c2")
	aRosa  = []id.Componente{numerata(rosa, 0).ID}

	avvisa   = caso.InviaComunicazione{Comunicazione: c1, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: aRosa, Testo: "domani alle 9", Oggi: oggi}
	accodata = caso.ComunicazioneAccodata{Comunicazione: c1, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: aRosa, Testo: "domani alle 9"}
	spedita  = caso.ComunicazioneInviata{Comunicazione: c1}
	arrivata = caso.ComunicazioneConsegnata{Comunicazione: c1, Esito: "OK", Data: marzo}
	persa    = caso.ComunicazioneFallita{Comunicazione: c1, Esito: "numero inesistente", Data: marzo}

	scrive  = caso.RegistraComunicazioneFormale{Comunicazione: c1, Tipo: caso.RichiamoFormale, Mezzo: caso.RaccomandataAR, Numero: "R 1", DataInvio: marzo, Destinatari: aRosa, Oggi: oggi}
	scritta = caso.ComunicazioneFormaleRegistrata{Comunicazione: c1, Tipo: caso.RichiamoFormale, Mezzo: caso.RaccomandataAR, Numero: "R 1", DataInvio: marzo, Destinatari: aRosa}
	letta   = caso.EsitoComunicazioneFormaleRegistrato{Comunicazione: c1, Esito: caso.EsitoConsegnata, DataRicezione: marzo + 3}

	spedisci = caso.RegistraInvioComunicazione{Comunicazione: c1}
	consegna = caso.RegistraConsegna{Comunicazione: c1, Esito: "OK", Data: marzo, Oggi: oggi}
	perdi    = caso.RegistraMancataConsegna{Comunicazione: c1, Esito: "numero inesistente", Data: marzo, Oggi: oggi}
	esito    = caso.RegistraEsitoComunicazione{Comunicazione: c1, Esito: caso.EsitoConsegnata, DataRicezione: marzo + 3, Oggi: oggi}

	esempiComunicazioni = []domain.Event{
		caso.ComunicazioneAccodata{Comunicazione: c1, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: aRosa, Testo: "domani alle 9", Ripete: c2},
		spedita, arrivata, persa, scritta, letta,
	}
)

func TestInviaComunicazione(t *testing.T) {
	con := func(cambia func(*caso.InviaComunicazione)) caso.InviaComunicazione {
		c := avvisa
		cambia(&c)
		return c
	}
	refused := func(name string, err error, field string, cambia func(*caso.InviaComunicazione)) scenario {
		return scenario{Name: name, Given: events{raggiungibile}, When: con(cambia), Err: err, Field: field}
	}
	ripeti := con(func(c *caso.InviaComunicazione) { c.Comunicazione, c.Ripete = c2, c1 })
	domaintest.Run(t, caso.Decider,
		scenario{Name: "queues an SMS", Given: events{raggiungibile}, When: avvisa, Then: events{accodata}},
		scenario{
			Name:  "queues an e-mail of 2,000 letters to the address of the nucleo",
			Given: events{raggiungibile},
			When: con(func(c *caso.InviaComunicazione) {
				c.Canale, c.Testo, c.Destinatari = caso.EMAIL, strings.Repeat("à", 2000), []id.Componente{numerata(pino, 1).ID}
			}),
			Then: events{caso.ComunicazioneAccodata{Comunicazione: c1, Tipo: caso.Promemoria, Canale: caso.EMAIL, Destinatari: []id.Componente{numerata(pino, 1).ID}, Testo: strings.Repeat("à", 2000)}},
		},
		scenario{
			Name:  "uses a number that was told later",
			Given: events{ricevuta, caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Cellulare: "3335550109"}, Fonte: caso.FonteComune}},
			When:  avvisa,
			Then:  events{accodata},
		},
		scenario{
			Name:  "repeats one that failed",
			Given: events{raggiungibile, accodata, persa},
			When:  ripeti,
			Then:  events{caso.ComunicazioneAccodata{Comunicazione: c2, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: aRosa, Testo: "domani alle 9", Ripete: c1}},
		},
		scenario{Name: "changes nothing when it was queued before", Given: events{raggiungibile, accodata, spedita}, When: avvisa},
		scenario{Name: "is refused for a case that is not there", When: avvisa, Err: caso.ErrInesistente},
		scenario{Name: "is refused on a closed case", Given: events{raggiungibile, caso.CasoChiuso{}}, When: avvisa, Err: caso.ErrNonAperto},
		scenario{Name: "is refused when the id is another's", Given: events{raggiungibile, accodata}, When: con(func(c *caso.InviaComunicazione) { c.Testo = "x" }), Err: caso.ErrComunicazioneDoppia, Field: "comunicazione_id"},
		scenario{Name: "is refused when the id is a letter's", Given: events{raggiungibile, scritta}, When: avvisa, Err: caso.ErrComunicazioneDoppia, Field: "comunicazione_id"},
		scenario{Name: "is refused when it repeats one that did not fail", Given: events{raggiungibile, accodata, spedita}, When: ripeti, Err: caso.ErrRipete, Field: "ripete"},
		refused("is refused when it repeats what is not there", caso.ErrRipete, "ripete", func(c *caso.InviaComunicazione) { c.Ripete = c2 }),
		refused("is refused without an id", caso.ErrComunicazioneID, "comunicazione_id", func(c *caso.InviaComunicazione) { c.Comunicazione = id.Comunicazione{} }),
		refused("is refused of no kind", caso.ErrComunicazioneTipo, "tipo", func(c *caso.InviaComunicazione) { c.Tipo = "AUGURI" }),
		refused("is refused as a formal warning", caso.ErrComunicazioneTipo, "tipo", func(c *caso.InviaComunicazione) { c.Tipo = caso.RichiamoFormale }),
		refused("is refused by pigeon", caso.ErrCanale, "canale", func(c *caso.InviaComunicazione) { c.Canale = "PICCIONE" }),
		refused("is refused empty", caso.ErrComunicazioneTesto, "testo", func(c *caso.InviaComunicazione) { c.Testo = " " }),
		refused("is refused as an SMS of 161 letters", caso.ErrComunicazioneTesto, "testo", func(c *caso.InviaComunicazione) { c.Testo = strings.Repeat("à", 161) }),
		refused("is refused as an e-mail of 2,001 letters", caso.ErrComunicazioneTesto, "testo", func(c *caso.InviaComunicazione) { c.Canale, c.Testo = caso.EMAIL, strings.Repeat("à", 2001) }),
		refused("is refused as an SMS about an illness", caso.ErrDatiSalute, "testo", func(c *caso.InviaComunicazione) { c.Testo = "porti il certificato di MALATTIA" }),
		refused("is refused as an SMS about a psychologist", caso.ErrDatiSalute, "testo", func(c *caso.InviaComunicazione) { c.Testo = "domani,psicologa alle 9" }),
		refused("is refused when the installation sends no SMS", caso.ErrCanaleSpento, "canale", func(c *caso.InviaComunicazione) { c.Spento = true }),
		refused("is refused to nobody", caso.ErrDestinatari, "destinatari", func(c *caso.InviaComunicazione) { c.Destinatari = nil }),
		refused("is refused to one person twice", caso.ErrDestinatari, "destinatari", func(c *caso.InviaComunicazione) { c.Destinatari = append(aRosa, aRosa...) }),
		refused("is refused to a stranger", caso.ErrDestinatari, "destinatari", func(c *caso.InviaComunicazione) { c.Destinatari = []id.Componente{chiave[id.Componente]("77")} }),
		refused("is refused to one without a mobile telephone", caso.ErrSenzaRecapito, "destinatari", func(c *caso.InviaComunicazione) { c.Destinatari = []id.Componente{numerata(pino, 1).ID} }),
	)
}

func TestEsitoComunicazione(t *testing.T) {
	domaintest.Run(t, caso.Decider,
		scenario{Name: "notes that the gateway took it", Given: events{raggiungibile, accodata}, When: spedisci, Then: events{spedita}},
		scenario{Name: "knows that already", Given: events{raggiungibile, accodata, spedita}, When: spedisci},
		scenario{Name: "knows that when it arrived", Given: events{raggiungibile, accodata, spedita, arrivata}, When: spedisci},
		scenario{Name: "refuses that when it failed", Given: events{raggiungibile, accodata, persa}, When: spedisci, Err: caso.ErrComunicazioneConclusa},
		scenario{Name: "refuses that of what is not there", Given: events{raggiungibile}, When: spedisci, Err: caso.ErrComunicazioneInesistente},
		scenario{Name: "notes that it arrived", Given: events{raggiungibile, accodata, spedita}, When: consegna, Then: events{arrivata}},
		scenario{Name: "notes that it arrived before it was known to be sent", Given: events{raggiungibile, accodata}, When: consegna, Then: events{spedita, arrivata}},
		scenario{Name: "notes the arrival once", Given: events{raggiungibile, accodata, spedita, arrivata}, When: consegna},
		scenario{Name: "refuses the arrival of what failed", Given: events{raggiungibile, accodata, persa}, When: consegna, Err: caso.ErrComunicazioneConclusa},
		scenario{Name: "refuses the arrival of what is not there", Given: events{raggiungibile}, When: consegna, Err: caso.ErrComunicazioneInesistente},
		scenario{Name: "refuses an arrival tomorrow", Given: events{raggiungibile, accodata}, When: caso.RegistraConsegna{Comunicazione: c1, Data: oggi + 1, Oggi: oggi}, Err: caso.ErrComunicazioneData, Field: "data"},
		scenario{Name: "refuses an arrival with a novel", Given: events{raggiungibile, accodata}, When: caso.RegistraConsegna{Comunicazione: c1, Esito: lungo, Data: marzo, Oggi: oggi}, Err: caso.ErrComunicazioneEsito, Field: "esito"},
		scenario{Name: "notes that it failed", Given: events{raggiungibile, accodata, spedita}, When: perdi, Then: events{persa}},
		scenario{Name: "notes that the gateway did not take it", Given: events{raggiungibile, accodata}, When: perdi, Then: events{persa}},
		scenario{Name: "notes the failure once", Given: events{raggiungibile, accodata, persa}, When: perdi},
		scenario{Name: "refuses the failure of what arrived", Given: events{raggiungibile, accodata, spedita, arrivata}, When: perdi, Err: caso.ErrComunicazioneConclusa},
		scenario{Name: "refuses the failure of what is not there", Given: events{raggiungibile}, When: perdi, Err: caso.ErrComunicazioneInesistente},
		scenario{Name: "refuses a failure without a reason", Given: events{raggiungibile, accodata}, When: caso.RegistraMancataConsegna{Comunicazione: c1, Data: marzo, Oggi: oggi}, Err: caso.ErrComunicazioneEsito, Field: "esito"},
		scenario{Name: "refuses a failure without a day", Given: events{raggiungibile, accodata}, When: caso.RegistraMancataConsegna{Comunicazione: c1, Esito: "x", Oggi: oggi}, Err: caso.ErrComunicazioneData, Field: "data"},
	)
}

func TestComunicazioneFormale(t *testing.T) {
	con := func(cambia func(*caso.RegistraComunicazioneFormale)) caso.RegistraComunicazioneFormale {
		c := scrive
		cambia(&c)
		return c
	}
	refused := func(name string, err error, field string, cambia func(*caso.RegistraComunicazioneFormale)) scenario {
		return scenario{Name: name, Given: events{ricevuta}, When: con(cambia), Err: err, Field: field}
	}
	esitoCome := func(e caso.EsitoFormale, il int) caso.RegistraEsitoComunicazione {
		c := caso.RegistraEsitoComunicazione{Comunicazione: c1, Esito: e, Oggi: oggi}
		if il != 0 {
			c.DataRicezione = marzo
			for range il {
				c.DataRicezione++
			}
		}
		return c
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "records a letter", Given: events{ricevuta}, When: scrive, Then: events{scritta}},
		scenario{
			Name:  "records what was handed over, without a number",
			Given: events{ricevuta},
			When: con(func(c *caso.RegistraComunicazioneFormale) {
				c.Mezzo, c.Numero, c.Destinatari = caso.NotificaAMani, "", nil
			}),
			Then: events{caso.ComunicazioneFormaleRegistrata{Comunicazione: c1, Tipo: caso.RichiamoFormale, Mezzo: caso.NotificaAMani, DataInvio: marzo}},
		},
		scenario{Name: "changes nothing when it is recorded", Given: events{ricevuta, scritta, letta}, When: scrive},
		scenario{Name: "is refused for a case that is not there", When: scrive, Err: caso.ErrInesistente},
		scenario{Name: "is refused on a closed case", Given: events{ricevuta, caso.CasoChiuso{}}, When: scrive, Err: caso.ErrNonAperto},
		scenario{Name: "is refused when the id is another's", Given: events{ricevuta, scritta}, When: con(func(c *caso.RegistraComunicazioneFormale) { c.Numero = "R 2" }), Err: caso.ErrComunicazioneDoppia, Field: "comunicazione_id"},
		scenario{Name: "is refused when the id is a message's", Given: events{ricevuta, accodata}, When: scrive, Err: caso.ErrComunicazioneDoppia, Field: "comunicazione_id"},
		refused("is refused without an id", caso.ErrComunicazioneID, "comunicazione_id", func(c *caso.RegistraComunicazioneFormale) { c.Comunicazione = id.Comunicazione{} }),
		refused("is refused of no kind", caso.ErrComunicazioneTipo, "tipo", func(c *caso.RegistraComunicazioneFormale) { c.Tipo = "" }),
		refused("is refused by no way", caso.ErrMezzo, "mezzo", func(c *caso.RegistraComunicazioneFormale) { c.Mezzo = "SMS" }),
		refused("is refused as a letter without a number", caso.ErrNumero, "numero", func(c *caso.RegistraComunicazioneFormale) { c.Numero = "" }),
		refused("is refused with an endless number", caso.ErrNumero, "numero", func(c *caso.RegistraComunicazioneFormale) { c.Numero = lungo }),
		refused("is refused without a day", caso.ErrComunicazioneData, "data_invio", func(c *caso.RegistraComunicazioneFormale) { c.DataInvio = 0 }),
		refused("is refused as sent tomorrow", caso.ErrComunicazioneData, "data_invio", func(c *caso.RegistraComunicazioneFormale) { c.DataInvio = oggi + 1 }),
		refused("is refused to a stranger", caso.ErrDestinatari, "destinatari", func(c *caso.RegistraComunicazioneFormale) {
			c.Destinatari = []id.Componente{chiave[id.Componente]("77")}
		}),

		scenario{Name: "notes that it was delivered", Given: events{ricevuta, scritta}, When: esito, Then: events{letta}},
		scenario{Name: "notes that nobody fetched it", Given: events{ricevuta, scritta}, When: esitoCome(caso.CompiutaGiacenza, 0), Then: events{caso.EsitoComunicazioneFormaleRegistrato{Comunicazione: c1, Esito: caso.CompiutaGiacenza}}},
		scenario{Name: "notes the outcome once", Given: events{ricevuta, scritta, letta}, When: esito},
		scenario{Name: "refuses another outcome", Given: events{ricevuta, scritta, letta}, When: esitoCome(caso.EsitoRifiutata, 1), Err: caso.ErrComunicazioneConclusa},
		scenario{Name: "refuses an outcome of what is not there", Given: events{ricevuta}, When: esito, Err: caso.ErrComunicazioneInesistente},
		scenario{Name: "refuses no outcome", Given: events{ricevuta, scritta}, When: esitoCome("", 1), Err: caso.ErrComunicazioneEsito, Field: "esito"},
		scenario{Name: "refuses a delivery on no day", Given: events{ricevuta, scritta}, When: esitoCome(caso.EsitoConsegnata, 0), Err: caso.ErrComunicazioneData, Field: "data_ricezione"},
		scenario{Name: "refuses a delivery tomorrow", Given: events{ricevuta, scritta}, When: esitoCome(caso.EsitoConsegnata, int(oggi-marzo)+1), Err: caso.ErrComunicazioneData, Field: "data_ricezione"},
		scenario{
			Name:  "refuses a delivery before the sending",
			Given: events{ricevuta, scritta},
			When:  caso.RegistraEsitoComunicazione{Comunicazione: c1, Esito: caso.Sconosciuto, DataRicezione: marzo - 1, Oggi: oggi},
			Err:   caso.ErrComunicazioneData, Field: "data_ricezione",
		},
	)
}
