package caso_test

import (
	"strings"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// The case of an ADI whose PAD was signed on 11 March 2024.
var (
	pad = marzo + 10
	adi = ricevutaCome(caso.ADI, func(d *caso.DomandaRicevuta) {
		d.DataPresentazione, d.DataTrasmissioneComune, d.DataSottoscrizionePAD = marzo, marzo+5, pad
	})
	i1   = chiave[id.Incontro]("e1")
	i2   = chiave[id.Incontro]("e2")
	roma = time.FixedZone("CEST", 2*60*60)

	luglio   = time.Date(2024, 7, 1, 9, 30, 15, 0, roma)
	pianif   = caso.PianificaIncontro{Incontro: i1, Inizio: luglio, Durata: 45, Luogo: "sportello 2", Operatore: anna, Partecipanti: aRosa, Territori: []domain.Territorio{ovunquePA}, Oggi: oggi}
	inAgenda = caso.IncontroPianificato{Incontro: i1, Inizio: time.Date(2024, 7, 1, 7, 30, 0, 0, time.UTC), Durata: 45, Luogo: "sportello 2", Operatore: anna, Partecipanti: aRosa}
	vecchio  = caso.IncontroPianificato{Incontro: i1, Inizio: time.Date(2024, 4, 2, 8, 0, 0, 0, time.UTC), Durata: 45}
	rinviato = caso.IncontroRinviato{Incontro: i1, NuovoInizio: time.Date(2024, 7, 8, 7, 30, 0, 0, time.UTC), Motivo: "sciopero"}
	disdetto = caso.IncontroAnnullato{Incontro: i1, Motivo: "trasloco"}
	il2apr   = giorno.Data(2024, 4, 2)

	registra = caso.RegistraIncontro{Incontro: i1, Tipo: caso.AvvenutoIncontro, Data: il2apr, Presenti: aRosa, Oggi: oggi}
	svolto   = caso.IncontroRegistrato{Incontro: i1, Tipo: caso.AvvenutoIncontro, Data: il2apr, RegistratoIl: oggi, Presenti: aRosa, NuovaScadenza: il2apr + 90}
	scusa    = caso.RegistraIncontro{Incontro: i1, Tipo: caso.GiustificatoMotivo, Data: il2apr, Motivazione: "ricovero", Oggi: oggi}
	scusato  = caso.IncontroRegistrato{Incontro: i1, Tipo: caso.GiustificatoMotivo, Data: il2apr, RegistratoIl: oggi, Motivazione: "ricovero", NuovaScadenza: il2apr + 90}
	manca    = caso.RegistraMancataPresentazione{Incontro: i1, Componenti: aRosa, Data: il2apr, Oggi: oggi}
	mancato  = caso.MancataPresentazioneRegistrata{Incontro: i1, Componenti: aRosa, Data: il2apr}

	valuta = caso.ValutaIncontro{
		Incontro: i1, Risultati: []caso.RisultatoValutato{{Risultato: casaSicura.Risultati[0].ID, Valutazione: caso.RisultatoParziale}},
		Impegni: []caso.ImpegnoInIncontro{{Impegno: corso.ID, Valutazione: caso.ImpegnoNonRealizzato}}, Note: "da rivedere",
	}
	valutato      = caso.IncontroValutato(valuta)
	valutaImpegno = caso.ValutaImpegno{Impegno: corso.ID, Valutazione: caso.ImpegnoRealizzato, Data: oggi, Nota: "attestato", Oggi: oggi}
	realizzato    = caso.ImpegnoValutato{Impegno: corso.ID, Valutazione: caso.ImpegnoRealizzato, Data: oggi, Nota: "attestato"}

	// monitorata is a case whose PaIS is in force, with a meeting that took place.
	monitorata = events{
		adi, caso.ObiettivoDefinito{Obiettivo: casaSicura}, caso.ImpegnoDefinito{Impegno: corso},
		caso.PaISSottoscritto{Versione: 1, Data: marzo + 20, Firmatari: aRosa, Modalita: "CARTACEA"}, svolto,
	}

	esempiIncontri = []domain.Event{
		caso.IncontroPianificato{
			Incontro: i1, Inizio: inAgenda.Inizio, Durata: 45, Luogo: "sportello 2", Operatore: anna, Partecipanti: aRosa,
			Obiettivi: []id.Obiettivo{casaSicura.ID}, Impegni: []id.Impegno{corso.ID},
		},
		rinviato, disdetto, mancato, valutato, realizzato,
		caso.IncontroRegistrato{
			Incontro: i1, Tipo: caso.AvvenutoIncontro, Data: il2apr, RegistratoIl: oggi, Presenti: aRosa, Motivazione: "colloquio",
			Documento: domain.Digest{4, 5, 6}, NuovaScadenza: il2apr + 90,
		},
	}
)

func TestPianificaIncontro(t *testing.T) {
	con := func(cambia func(*caso.PianificaIncontro)) caso.PianificaIncontro {
		c := pianif
		cambia(&c)
		return c
	}
	refused := func(name string, err error, field string, cambia func(*caso.PianificaIncontro)) scenario {
		return scenario{Name: name, Given: events{ricevuta}, When: con(cambia), Err: err, Field: field}
	}
	rinvia := caso.RinviaIncontro{Incontro: i1, NuovoInizio: luglio.AddDate(0, 0, 7), Motivo: "sciopero", Oggi: oggi}
	disdici := caso.AnnullaIncontro{Incontro: i1, Motivo: "trasloco"}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "puts a meeting on the agenda, in UTC and whole minutes", Given: events{ricevuta}, When: pianif, Then: events{inAgenda}},
		scenario{
			Name:  "takes the day where the service is: half past midnight is today there, yesterday in UTC",
			Given: events{ricevuta},
			When:  con(func(c *caso.PianificaIncontro) { c.Inizio = time.Date(2024, 6, 30, 0, 30, 0, 0, roma) }),
			Then: events{caso.IncontroPianificato{
				Incontro: i1, Inizio: time.Date(2024, 6, 29, 22, 30, 0, 0, time.UTC), Durata: 45, Luogo: "sportello 2", Operatore: anna, Partecipanti: aRosa,
			}},
		},
		scenario{Name: "is held by the case manager, whatever else they are accredited for", Given: events{ricevuta, adAnna}, When: con(func(c *caso.PianificaIncontro) { c.Territori = nil }), Then: events{inAgenda}},
		refused("is refused when who shall hold it does not work there", caso.ErrIncontroOperatore, "operatore_id", func(c *caso.PianificaIncontro) { c.Territori = []domain.Territorio{{Ambito: "AG01"}} }),
		scenario{Name: "changes nothing when it is on the agenda", Given: events{ricevuta, inAgenda}, When: pianif},
		scenario{Name: "is refused for a case that is not there", When: pianif, Err: caso.ErrInesistente},
		scenario{Name: "is refused on a closed case", Given: events{ricevuta, caso.CasoChiuso{}}, When: pianif, Err: caso.ErrNonAperto},
		scenario{Name: "is refused when the id is another's", Given: events{ricevuta, inAgenda}, When: con(func(c *caso.PianificaIncontro) { c.Durata = 30 }), Err: caso.ErrIncontroDoppio, Field: "incontro_id"},
		refused("is refused without an id", caso.ErrIncontroID, "incontro_id", func(c *caso.PianificaIncontro) { c.Incontro = id.Incontro{} }),
		refused("is refused without a start", caso.ErrIncontroInizio, "inizio", func(c *caso.PianificaIncontro) { c.Inizio = time.Time{} }),
		refused("is refused yesterday", caso.ErrIncontroInizio, "inizio", func(c *caso.PianificaIncontro) { c.Inizio = time.Date(2024, 6, 29, 23, 59, 0, 0, roma) }),
		refused("is refused three years ahead", caso.ErrIncontroInizio, "inizio", func(c *caso.PianificaIncontro) { c.Inizio = c.Inizio.AddDate(3, 0, 0) }),
		refused("is refused without a length", caso.ErrIncontroDurata, "durata_minuti", func(c *caso.PianificaIncontro) { c.Durata = 0 }),
		refused("is refused for more than a day", caso.ErrIncontroDurata, "durata_minuti", func(c *caso.PianificaIncontro) { c.Durata = 1441 }),
		refused("is refused in an endless place", caso.ErrIncontroTesto, "luogo", func(c *caso.PianificaIncontro) { c.Luogo = lungo }),
		refused("is refused with a stranger", caso.ErrIncontroPresenti, "partecipanti", func(c *caso.PianificaIncontro) { c.Partecipanti = []id.Componente{chiave[id.Componente]("77")} }),
		refused("is refused with one obiettivo twice", caso.ErrValutazione, "obiettivi", func(c *caso.PianificaIncontro) { c.Obiettivi = []id.Obiettivo{casaSicura.ID, casaSicura.ID} }),
		refused("is refused with no impegno in particular", caso.ErrValutazione, "impegni", func(c *caso.PianificaIncontro) { c.Impegni = []id.Impegno{{}} }),

		scenario{Name: "is postponed", Given: events{ricevuta, inAgenda}, When: rinvia, Then: events{rinviato}},
		scenario{Name: "is postponed once", Given: events{ricevuta, inAgenda, rinviato}, When: rinvia},
		scenario{Name: "is not postponed when it is not there", Given: events{ricevuta}, When: rinvia, Err: caso.ErrIncontroInesistente},
		scenario{Name: "is not postponed when it is annulled", Given: events{ricevuta, inAgenda, disdetto}, When: rinvia, Err: caso.ErrIncontroConcluso},
		scenario{Name: "is not postponed on a closed case", Given: events{ricevuta, inAgenda, caso.CasoChiuso{}}, When: rinvia, Err: caso.ErrNonAperto},
		scenario{Name: "is not postponed without a reason", Given: events{ricevuta, inAgenda}, When: caso.RinviaIncontro{Incontro: i1, NuovoInizio: luglio, Oggi: oggi}, Err: caso.ErrIncontroMotivo, Field: "motivo"},
		scenario{Name: "is not postponed to no time", Given: events{ricevuta, inAgenda}, When: caso.RinviaIncontro{Incontro: i1, Motivo: "x", Oggi: oggi}, Err: caso.ErrIncontroInizio, Field: "nuovo_inizio"},
		scenario{Name: "is not postponed to the past", Given: events{ricevuta, inAgenda}, When: caso.RinviaIncontro{Incontro: i1, NuovoInizio: luglio.AddDate(0, -1, 0), Motivo: "x", Oggi: oggi}, Err: caso.ErrIncontroInizio, Field: "nuovo_inizio"},
		scenario{Name: "is annulled, even on a closed case", Given: events{ricevuta, inAgenda, rinviato, caso.CasoChiuso{}}, When: disdici, Then: events{disdetto}},
		scenario{Name: "is annulled once", Given: events{ricevuta, inAgenda, disdetto}, When: disdici},
		scenario{Name: "is not annulled when it is not there", Given: events{ricevuta}, When: disdici, Err: caso.ErrIncontroInesistente},
		scenario{Name: "is not annulled when it was held", Given: events{adi, svolto}, When: disdici, Err: caso.ErrIncontroConcluso},
		scenario{Name: "is not annulled without a reason", Given: events{ricevuta, inAgenda}, When: caso.AnnullaIncontro{Incontro: i1}, Err: caso.ErrIncontroMotivo, Field: "motivo"},
	)
}

func TestRegistraIncontro(t *testing.T) {
	con := func(cambia func(*caso.RegistraIncontro)) caso.RegistraIncontro {
		c := registra
		cambia(&c)
		return c
	}
	refused := func(name string, err error, field string, cambia func(*caso.RegistraIncontro)) scenario {
		return scenario{Name: name, Given: events{adi}, When: con(cambia), Err: err, Field: field}
	}
	senzaObblighi := ricevutaCome(caso.ADI, func(d *caso.DomandaRicevuta) {
		d.DataSottoscrizionePAD = pad
		d.Componenti = append([]caso.Componente(nil), d.Componenti[:2]...)
		d.Componenti[0].DataNascita, d.Componenti[1].Disabilita = giorno.Data(1964, 6, 30), true
	})
	primoRicevuta := caso.IncontroRegistrato{Incontro: i1, Tipo: caso.AvvenutoIncontro, Data: il2apr, RegistratoIl: oggi, Presenti: aRosa}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "registers a planned meeting; the nucleo comes again within 90 days", Given: events{adi, vecchio}, When: registra, Then: events{svolto}},
		scenario{Name: "registers one that nobody planned", Given: events{adi}, When: registra, Then: events{svolto}},
		scenario{
			Name:  "registers a visit on the day of the PAD",
			Given: events{adi},
			When:  con(func(c *caso.RegistraIncontro) { c.Tipo, c.Data = caso.PresentazioneSpontanea, pad }),
			Then:  events{caso.IncontroRegistrato{Incontro: i1, Tipo: caso.PresentazioneSpontanea, Data: pad, RegistratoIl: oggi, Presenti: aRosa, NuovaScadenza: pad + 90}},
		},
		scenario{Name: "registers an absence with a reason", Given: events{adi, vecchio}, When: scusa, Then: events{scusato}},
		scenario{Name: "registers the reason of an absence that was noted before", Given: events{adi, vecchio, mancato}, When: scusa, Then: events{scusato}},
		scenario{
			Name:  "an older meeting, registered late, does not turn the counter back",
			Given: events{adi, svolto},
			When:  con(func(c *caso.RegistraIncontro) { c.Incontro, c.Data = i2, pad+1 }),
			Then:  events{caso.IncontroRegistrato{Incontro: i2, Tipo: caso.AvvenutoIncontro, Data: pad + 1, RegistratoIl: oggi, Presenti: aRosa, NuovaScadenza: il2apr + 90}},
		},
		scenario{
			Name:  "sets no new term when everybody is 60 or disabled",
			Given: events{senzaObblighi},
			When:  registra,
			Then:  events{primoRicevuta},
		},
		scenario{Name: "sets no new term for an RDC", Given: events{ricevuta}, When: registra, Then: events{primoRicevuta}},
		scenario{
			Name:  "notes first that the 90 days had run out",
			Given: events{adi, svolto},
			When:  con(func(c *caso.RegistraIncontro) { c.Incontro, c.Data, c.Oggi = i2, il2apr+91, oggi+10 }),
			Then: events{
				caso.ScadenzaSuperata{Tipo: caso.Monitoraggio90, Scadenza: il2apr + 90},
				caso.IncontroRegistrato{Incontro: i2, Tipo: caso.AvvenutoIncontro, Data: il2apr + 91, RegistratoIl: oggi + 10, Presenti: aRosa, NuovaScadenza: il2apr + 181},
			},
		},
		scenario{
			Name:  "does not note them when the meeting was in time and only the registration is late",
			Given: events{adi, svolto},
			When:  con(func(c *caso.RegistraIncontro) { c.Incontro, c.Data, c.Oggi = i2, il2apr+90, oggi+10 }),
			Then: events{
				caso.IncontroRegistrato{Incontro: i2, Tipo: caso.AvvenutoIncontro, Data: il2apr + 90, RegistratoIl: oggi + 10, Presenti: aRosa, NuovaScadenza: il2apr + 180},
			},
		},
		scenario{Name: "changes nothing when it was registered, though on another day", Given: events{adi, svolto}, When: con(func(c *caso.RegistraIncontro) { c.Oggi = oggi + 1 })},
		scenario{Name: "is refused for a case that is not there", When: registra, Err: caso.ErrInesistente},
		scenario{Name: "is refused on a closed case", Given: events{adi, caso.CasoChiuso{}}, When: registra, Err: caso.ErrNonAperto},
		scenario{Name: "is refused when it was registered otherwise", Given: events{adi, svolto}, When: con(func(c *caso.RegistraIncontro) { c.Data++ }), Err: caso.ErrIncontroConcluso},
		scenario{Name: "is refused when the meeting was annulled", Given: events{adi, vecchio, disdetto}, When: registra, Err: caso.ErrIncontroConcluso},
		scenario{Name: "is refused when nobody came", Given: events{adi, vecchio, mancato}, When: registra, Err: caso.ErrIncontroConcluso},
		scenario{Name: "is refused when an absence has its reason", Given: events{adi, vecchio, scusato}, When: caso.RegistraIncontro{Incontro: i1, Tipo: caso.GiustificatoMotivo, Data: il2apr, Motivazione: "lutto", Oggi: oggi}, Err: caso.ErrIncontroConcluso},
		refused("is refused without an id", caso.ErrIncontroID, "incontro_id", func(c *caso.RegistraIncontro) { c.Incontro = id.Incontro{} }),
		refused("is refused of no kind", caso.ErrIncontroTipo, "tipo", func(c *caso.RegistraIncontro) { c.Tipo = "CENA" }),
		refused("is refused tomorrow", caso.ErrIncontroData, "data_incontro", func(c *caso.RegistraIncontro) { c.Data = oggi + 1 }),
		refused("is refused before the PAD", caso.ErrIncontroData, "data_incontro", func(c *caso.RegistraIncontro) { c.Data = pad - 1 }),
		refused("is refused when nobody was there", caso.ErrIncontroPresenti, "presenti", func(c *caso.RegistraIncontro) { c.Presenti = nil }),
		refused("is refused with a stranger", caso.ErrIncontroPresenti, "presenti", func(c *caso.RegistraIncontro) { c.Presenti = []id.Componente{chiave[id.Componente]("77")} }),
		refused("is refused as an absence of one who was there", caso.ErrIncontroPresenti, "presenti", func(c *caso.RegistraIncontro) { c.Tipo, c.Motivazione = caso.GiustificatoMotivo, "x" }),
		refused("is refused as an absence without a reason", caso.ErrIncontroMotivo, "motivazione", func(c *caso.RegistraIncontro) { c.Tipo, c.Presenti = caso.GiustificatoMotivo, nil }),
		refused("is refused with an endless reason", caso.ErrIncontroMotivo, "motivazione", func(c *caso.RegistraIncontro) { c.Motivazione = lungo }),
	)
}

func TestMancataPresentazione(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.RegistraMancataPresentazione)) scenario {
		c := manca
		cambia(&c)
		return scenario{Name: name, Given: events{adi, vecchio}, When: c, Err: err, Field: field}
	}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "says who did not come", Given: events{adi, vecchio}, When: manca, Then: events{mancato}},
		scenario{Name: "says it once", Given: events{adi, vecchio, mancato, scusato}, When: manca},
		scenario{Name: "is refused of no meeting", Given: events{adi}, When: manca, Err: caso.ErrIncontroInesistente},
		scenario{Name: "is refused when the meeting was held", Given: events{adi, vecchio, svolto}, When: manca, Err: caso.ErrIncontroConcluso},
		scenario{Name: "is refused on a closed case", Given: events{adi, vecchio, caso.CasoChiuso{}}, When: manca, Err: caso.ErrNonAperto},
		refused("is refused of nobody", caso.ErrIncontroPresenti, "componenti", func(c *caso.RegistraMancataPresentazione) { c.Componenti = nil }),
		refused("is refused before the meeting", caso.ErrIncontroData, "data", func(c *caso.RegistraMancataPresentazione) { c.Data = il2apr - 1 }),
		refused("is refused tomorrow", caso.ErrIncontroData, "data", func(c *caso.RegistraMancataPresentazione) { c.Data = oggi + 1 }),
	)
}

func TestValutaIncontro(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.ValutaIncontro)) scenario {
		c := valuta
		cambia(&c)
		return scenario{Name: name, Given: monitorata, When: c, Err: err, Field: field}
	}
	altri := func(v caso.Valutazione) []caso.RisultatoValutato {
		return []caso.RisultatoValutato{{Risultato: chiave[id.Risultato]("77"), Valutazione: v}}
	}
	dopo := func(e ...caso.Event) events { return append(append(events{}, monitorata...), e...) }
	domaintest.Run(t, caso.Decider,
		scenario{Name: "says how far results and impegni have come", Given: monitorata, When: valuta, Then: events{valutato}},
		scenario{Name: "says it once, whatever comes after", Given: dopo(valutato, caso.CasoChiuso{}), When: valuta},
		scenario{Name: "is refused of no meeting", Given: events{adi}, When: valuta, Err: caso.ErrIncontroInesistente},
		scenario{Name: "is refused of a meeting that is to be held", Given: dopo(), When: caso.ValutaIncontro{Incontro: i2, Note: "x"}, Err: caso.ErrIncontroInesistente},
		scenario{Name: "is refused of an absence", Given: events{adi, scusato}, When: valuta, Err: caso.ErrIncontroNonSvolto},
		scenario{Name: "is refused before the PaIS is in force", Given: events{adi, svolto}, When: valuta, Err: caso.ErrNonMonitorato},
		scenario{Name: "is refused when it was said otherwise", Given: dopo(valutato), When: caso.ValutaIncontro{Incontro: i1, Note: "bene"}, Err: caso.ErrIncontroValutato},
		refused("is refused of a result that is not in the PaIS", caso.ErrValutazione, "risultati", func(c *caso.ValutaIncontro) { c.Risultati = altri(caso.RisultatoRaggiunto) }),
		refused("is refused on the scale of the impegni", caso.ErrValutazione, "risultati", func(c *caso.ValutaIncontro) { c.Risultati = altri(caso.ImpegnoRealizzato) }),
		refused("is refused of one result twice", caso.ErrValutazione, "risultati", func(c *caso.ValutaIncontro) { c.Risultati = append(valuta.Risultati, valuta.Risultati...) }),
		refused("is refused of an impegno that is not in the PaIS", caso.ErrValutazione, "impegni", func(c *caso.ValutaIncontro) {
			c.Impegni = []caso.ImpegnoInIncontro{{Impegno: chiave[id.Impegno]("77"), Valutazione: caso.ImpegnoInCorso}}
		}),
		refused("is refused on the scale of the results", caso.ErrValutazione, "impegni", func(c *caso.ValutaIncontro) {
			c.Impegni = []caso.ImpegnoInIncontro{{Impegno: corso.ID, Valutazione: caso.RisultatoParziale}}
		}),
		refused("is refused of one impegno twice", caso.ErrValutazione, "impegni", func(c *caso.ValutaIncontro) { c.Impegni = append(valuta.Impegni, valuta.Impegni...) }),
		refused("is refused with endless notes", caso.ErrIncontroTesto, "note", func(c *caso.ValutaIncontro) { c.Note = strings.Repeat("à", 4001) }),
		refused("is refused when it says nothing", caso.ErrValutazioneVuota, "", func(c *caso.ValutaIncontro) { *c = caso.ValutaIncontro{Incontro: i1} }),
	)
}

func TestValutaImpegno(t *testing.T) {
	refused := func(name string, err error, field string, cambia func(*caso.ValutaImpegno)) scenario {
		c := valutaImpegno
		cambia(&c)
		return scenario{Name: name, Given: monitorata, When: c, Err: err, Field: field}
	}
	dopo := func(e ...caso.Event) events { return append(append(events{}, monitorata...), e...) }
	prima := caso.ImpegnoValutato{Impegno: corso.ID, Valutazione: caso.ImpegnoInCorso, Data: marzo + 30}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "says how far an impegno has come", Given: monitorata, When: valutaImpegno, Then: events{realizzato}},
		scenario{Name: "says it again when it went back", Given: dopo(realizzato, prima), When: valutaImpegno, Then: events{realizzato}},
		scenario{Name: "changes nothing when it was said last", Given: dopo(prima, realizzato), When: valutaImpegno},
		scenario{Name: "is refused for a case that is not there", When: valutaImpegno, Err: caso.ErrInesistente},
		scenario{Name: "is refused before the PaIS is in force", Given: events{adi}, When: valutaImpegno, Err: caso.ErrNonMonitorato},
		refused("is refused of an impegno that is not in the PaIS", caso.ErrValutazione, "impegno_id", func(c *caso.ValutaImpegno) { c.Impegno = id.Impegno{} }),
		refused("is refused off the scale", caso.ErrValutazione, "valutazione", func(c *caso.ValutaImpegno) { c.Valutazione = "BENE" }),
		refused("is refused tomorrow", caso.ErrIncontroData, "data", func(c *caso.ValutaImpegno) { c.Data = oggi + 1 }),
		refused("is refused before the PAD", caso.ErrIncontroData, "data", func(c *caso.ValutaImpegno) { c.Data = pad - 1 }),
		refused("is refused with an endless note", caso.ErrIncontroTesto, "nota", func(c *caso.ValutaImpegno) { c.Nota = strings.Repeat("à", 4001) }),
	)
}

func TestOnlyMeetingsThatTookPlaceCount(t *testing.T) {
	for name, c := range map[string]struct {
		given events
		want  int
	}{
		"none": {events{adi}, 0}, "planned": {events{adi, vecchio}, 0}, "held": {events{adi, vecchio, svolto}, 1},
		"excused": {events{adi, scusato}, 0}, "missed": {events{adi, vecchio, mancato}, 0},
	} {
		if got := caso.Decider.Fold(caso.State{}, c.given...).Incontri.Registrati(); got != c.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestARegistrationCountsForThePaymentOfItsMonthUpToItsTwentiethDay(t *testing.T) {
	for registrato, mese := range map[giorno.Giorno]giorno.Giorno{
		giorno.Data(2026, 5, 1): giorno.Data(2026, 5, 1), giorno.Data(2026, 5, 20): giorno.Data(2026, 5, 1), giorno.Data(2026, 5, 21): giorno.Data(2026, 6, 1),
		giorno.Data(2026, 12, 31): giorno.Data(2027, 1, 1), giorno.Data(2026, 1, 31): giorno.Data(2026, 2, 1),
	} {
		if got := (caso.IncontroRegistrato{RegistratoIl: registrato}).MesePagamento(); got != mese {
			t.Errorf("registered on %s: %s, want %s", registrato, got, mese)
		}
	}
}
