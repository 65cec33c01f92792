package caso_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

var esempiScadenze = []domain.Event{caso.ScadenzaSuperata{Tipo: caso.Monitoraggio90, Scadenza: marzo}}

var (
	entro60  = caso.Scadenza{Tipo: caso.Convocazione60, Giorno: pad + 60}
	entro120 = caso.Scadenza{Tipo: caso.PrimoIncontro120, Giorno: pad + 120}
	convoca  = caso.ComunicazioneAccodata{Comunicazione: c1, Tipo: caso.Convocazione, Canale: caso.SMS, Destinatari: aRosa, Testo: "venga"}
	nonFirma = caso.PaISNonSottoscritto{Versione: 1, Componente: numerata(pino, 1).ID, Motivazione: "non vuole", Data: marzo + 20}
	firma    = caso.PaISSottoscritto{Versione: 1, Data: marzo + 25, Firmatari: aRosa, Modalita: "CARTACEA"}
)

// TestTheClocksOfACase is the table of domain rule 2.9.
func TestTheClocksOfACase(t *testing.T) {
	anziani := ricevutaCome(caso.ADI, func(d *caso.DomandaRicevuta) {
		d.DataPresentazione, d.DataTrasmissioneComune, d.DataSottoscrizionePAD = marzo, marzo+5, pad
		d.Componenti = append([]caso.Componente(nil), d.Componenti[0])
		d.Componenti[0].DataNascita = giorno.Data(1964, 6, 30) // 60 on the last day of June 2024
	})
	primaDiMarzo := ricevutaCome(caso.ADI, func(d *caso.DomandaRicevuta) {
		d.DataPresentazione, d.DataTrasmissioneComune, d.DataSottoscrizionePAD = giorno.Data(2024, 2, 29), marzo+5, pad
	})
	conRiconoscimento := ricevutaCome(caso.RDC, func(d *caso.DomandaRicevuta) { d.DataRiconoscimento = febbraio })
	segnalata := propostaCome(func(e *caso.SegnalazioneProposta) {
		e.Categoria, e.Accertamento, e.DataFatto, e.Scadenza = caso.ADIMancataSottoscrizione, marzo+21, marzo+20, marzo+26
	})
	entro90 := caso.Scadenza{Tipo: caso.Monitoraggio90, Giorno: il2apr + 90}
	firmaEntro5 := caso.Scadenza{Tipo: caso.Sottoscrizione5, Giorno: marzo + 25, Componente: numerata(pino, 1).ID}
	for _, c := range []struct {
		name  string
		given events
		oggi  giorno.Giorno
		want  []caso.Scadenza
	}{
		{"an ADI is convened within 60 days of the PAD and comes within 120", events{adi}, oggi, []caso.Scadenza{entro60, entro120}},
		{"until the end of February 2024 the 120 days run from the transmission", events{primaDiMarzo}, oggi, []caso.Scadenza{entro60, {Tipo: caso.PrimoIncontro120, Giorno: marzo + 125}}},
		{"an ADI without PAD has no clock", events{senzaPAD}, oggi, nil},
		{"an RDC is convened within 30 days of the recognition", events{conRiconoscimento}, oggi, []caso.Scadenza{{Tipo: caso.Convocazione30, Giorno: febbraio + 30}}},
		{"an RDC without recognition has no clock", events{ricevuta}, oggi, nil},
		{"a pension has no clock", events{pensione}, oggi, nil},
		{"a message convenes", events{adi, convoca}, oggi, []caso.Scadenza{entro120}},
		{"another message does not", events{adi, accodata}, oggi, []caso.Scadenza{entro60, entro120}},
		{"a letter convenes", events{adi, caso.ComunicazioneFormaleRegistrata{Comunicazione: c1, Tipo: caso.Convocazione}}, oggi, []caso.Scadenza{entro120}},
		{"a planned meeting convenes", events{adi, inAgenda}, oggi, []caso.Scadenza{entro120}},
		{"who came is to come again within 90 days", events{adi, svolto}, oggi, []caso.Scadenza{entro90}},
		{"who was excused is convened again within 30", events{adi, scusato}, oggi, []caso.Scadenza{{Tipo: caso.Riconvocazione, Giorno: il2apr + 30}, entro90}},
		{"a message convenes again", events{adi, scusato, convoca}, oggi, []caso.Scadenza{entro90}},
		{"a postponed meeting convenes again", events{adi, inAgenda, scusatoCome(i2), rinviato}, oggi, []caso.Scadenza{entro90}},
		{"a visit needs no convening", events{adi, scusato, registratoCome(i2, il2apr+1)}, oggi, []caso.Scadenza{{Tipo: caso.Monitoraggio90, Giorno: il2apr + 91}}},
		{"an older excuse changes nothing", events{adi, registratoCome(i2, il2apr+1), scusato}, oggi, []caso.Scadenza{{Tipo: caso.Monitoraggio90, Giorno: il2apr + 91}}},
		{"at 59 one comes again", events{anziani, svolto}, oggi - 1, []caso.Scadenza{entro90}},
		{"at 60 one does not", events{anziani, svolto}, oggi, nil},
		{"at 60 one comes the first time", events{anziani, convoca}, oggi, []caso.Scadenza{entro120}},
		{"a missed signature is told within five days", events{adi, svolto, nonFirma}, oggi, []caso.Scadenza{firmaEntro5, entro90}},
		{"unless it is signed after all", events{adi, svolto, nonFirma, firma}, oggi, []caso.Scadenza{entro90}},
		{"a proposal carries its own term", events{adi, svolto, nonFirma, segnalata}, oggi, []caso.Scadenza{{Tipo: caso.Sottoscrizione5, Giorno: marzo + 26, Segnalazione: s1}, entro90}},
		{"one that was withdrawn carries none", events{adi, svolto, nonFirma, segnalata, ritirata}, oggi, []caso.Scadenza{firmaEntro5, entro90}},
		{"one that was refused is decided", events{adi, svolto, nonFirma, segnalata, rifiutata}, oggi, []caso.Scadenza{entro90}},
		{"a segnalazione waits", inUscite, oggi, []caso.Scadenza{{Tipo: caso.Convocazione30, Giorno: ottobre - 160}, {Tipo: caso.Segnalazione10, Giorno: giorno.Data(2023, 10, 16), Segnalazione: s1}}},
		{"also of a closed case, whose other clocks stand still", append(append(events{}, inUscite...), caso.CasoChiuso{}), oggi, []caso.Scadenza{{Tipo: caso.Segnalazione10, Giorno: giorno.Data(2023, 10, 16), Segnalazione: s1}}},
		{"until it is sent", append(append(events{}, inviate...), caso.CasoChiuso{}), oggi, nil},
		{"a case that is not there has no clock", nil, oggi, nil},
	} {
		var seguiti caso.Orologi
		for _, e := range c.given {
			seguiti = seguiti.Dopo(e)
		}
		if diff := cmp.Diff(c.want, seguiti.Scadenze(c.oggi)); diff != "" {
			t.Errorf("%s, followed (-want +got)\n%s", c.name, diff)
		}
		got := caso.Scadenze(caso.Decider.Fold(caso.State{}, c.given...), c.oggi)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func scusatoCome(i id.Incontro) caso.IncontroRegistrato {
	e := scusato
	e.Incontro = i
	return e
}

func registratoCome(i id.Incontro, il giorno.Giorno) caso.IncontroRegistrato {
	e := svolto
	e.Incontro, e.Tipo, e.Data = i, caso.PresentazioneSpontanea, il
	return e
}

func TestAClockIsKeptOnItsLastDay(t *testing.T) {
	if entro60.Superata(entro60.Giorno) || !entro60.Superata(entro60.Giorno+1) {
		t.Error("a clock runs out after its last day")
	}
}

func TestRegistraScadenze(t *testing.T) {
	passata60 := caso.ScadenzaSuperata{Tipo: caso.Convocazione60, Scadenza: pad + 60}
	passata120 := caso.ScadenzaSuperata{Tipo: caso.PrimoIncontro120, Scadenza: pad + 120}
	due := propostaCome(func(e *caso.SegnalazioneProposta) { e.Segnalazione = s2 })
	domaintest.Run(t, caso.Decider,
		scenario{Name: "notes nothing on the last day", Given: events{adi}, When: caso.RegistraScadenze{Oggi: pad + 60}},
		scenario{Name: "notes what ran out, the day after", Given: events{adi}, When: caso.RegistraScadenze{Oggi: pad + 61}, Then: events{passata60}},
		scenario{Name: "notes all that ran out while nobody looked", Given: events{adi}, When: caso.RegistraScadenze{Oggi: pad + 1000}, Then: events{passata60, passata120}},
		scenario{Name: "notes each once", Given: events{adi, passata60}, When: caso.RegistraScadenze{Oggi: pad + 121}, Then: events{passata120}},
		scenario{Name: "notes nothing twice", Given: events{adi, passata60, passata120}, When: caso.RegistraScadenze{Oggi: pad + 1000}},
		scenario{Name: "notes nothing when the clock of the machine goes back", Given: events{adi, passata60}, When: caso.RegistraScadenze{Oggi: pad}},
		scenario{Name: "notes the term of two segnalazioni of one day once", Given: events{rdc, nonConvoc, proposta, due}, When: caso.RegistraScadenze{Oggi: dicembre}, Then: events{scaduta}},
		scenario{Name: "is refused for a case that is not there", When: caso.RegistraScadenze{Oggi: oggi}, Err: caso.ErrInesistente},
	)
}

// TestWhatStopsAClockTooLateNotesItFirst: nothing is lost when the scheduler
// was asleep.
func TestWhatStopsAClockTooLateNotesItFirst(t *testing.T) {
	passata60 := caso.ScadenzaSuperata{Tipo: caso.Convocazione60, Scadenza: pad + 60}
	raggiunta := caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Cellulare: "3335550109"}, Fonte: caso.FonteComune}
	messaggio := caso.InviaComunicazione{Comunicazione: c1, Tipo: caso.Convocazione, Canale: caso.SMS, Destinatari: aRosa, Testo: "venga", Oggi: oggi}
	lettera := caso.RegistraComunicazioneFormale{Comunicazione: c1, Tipo: caso.Convocazione, Mezzo: caso.PEC, Numero: "1", DataInvio: pad + 60, Oggi: oggi}
	domaintest.Run(t, caso.Decider,
		scenario{Name: "a message", Given: events{adi, raggiunta}, When: messaggio, Then: events{passata60, convoca}},
		scenario{Name: "a message after it was noted", Given: events{adi, raggiunta, passata60}, When: messaggio, Then: events{convoca}},
		scenario{Name: "a planned meeting", Given: events{adi}, When: pianif, Then: events{passata60, inAgenda}},
		scenario{
			Name:  "but not a letter that was sent in time and recorded late",
			Given: events{adi},
			When:  lettera,
			Then:  events{caso.ComunicazioneFormaleRegistrata{Comunicazione: c1, Tipo: caso.Convocazione, Mezzo: caso.PEC, Numero: "1", DataInvio: pad + 60}},
		},
	)
}
