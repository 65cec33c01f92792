package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// conSegnalazione proposes one that INPS is to be told of by a day.
func (l *lavoro) conSegnalazione(t *testing.T, entro giorno.Giorno) {
	t.Helper()
	l.accade(t, caso.SegnalazioneProposta{Categoria: caso.RDCAltro, DataFatto: entro - 20, Accertamento: entro - 14, Dettaglio: "motivo-canarino", Scadenza: entro, Occorrenza: 1, PropostaDa: l.cm.id})
	l.aggiornato(t)
}

func TestTheAgendaIsThatOfWhoAsks(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	i.accredita(t, "ALTROVE", domain.ResponsabileIncontri, trabia, "")
	l, incontra := i.alLavoro(t, 1), i.chi("INCONTRA")
	primo := l.fa(t, "/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	altro := incontra.chiede(t, i, "POST", Base+"/casi/"+casoN(2).String()+"/incontri", `{"inizio":"2026-05-10T22:30:00Z","durata_minuti":30}`).vuole(t, 201, "")
	l.fa(t, "/incontri/"+fmt.Sprint(primo.campo("id"))+"/rinvii", `{"nuovo_inizio":"2026-05-12T08:30:00Z","motivo":"x"}`).vuole(t, 201, "")
	i.aggiornato(t)
	quanti := func(c chi, query string) string {
		return fmt.Sprint(c.chiede(t, i, "GET", Base+"/agenda"+query, "").vuole(t, 200, "").campo("totale"))
	}
	sua := l.cm.chiede(t, i, "GET", Base+"/agenda", "").vuole(t, 200, "")
	if sua.campo("items", "0", "id") != primo.campo("id") || sua.campo("items", "0", "operatore", "id") != l.cm.id.String() || sua.campo("items", "0", "stato") != "RINVIATO" || sua.campo("items", "1") != nil {
		t.Error(sua.body)
	}
	for query, want := range map[string]string{"": "2", "?dal=2026-05-12": "1", "?al=2026-05-10": "1", "?dal=2026-05-11&al=2026-05-11": "0", "?operatore=" + incontra.id.String(): "1", "?comune=F377": "0"} {
		if got := quanti(incontra, query); got != want {
			t.Errorf("%q: %s meetings, want %s", query, got, want)
		}
	}
	if quanti(i.chi("ALTROVE"), "") != "0" || quanti(i.chi("BRUNA"), "") != "0" {
		t.Error("others see the meetings")
	}
	i.chi("CARLA").chiede(t, i, "GET", Base+"/agenda", "").vuole(t, 403, "vietato")
	mio := l.cm.chiede(t, i, "GET", Base+"/agenda/icalendar", "").vuole(t, 200, "")
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "SUMMARY:Incontro " + idDomanda(1), "DTSTART:20260512T083000Z", "STATUS:CONFIRMED", "UID:" + casoN(1).String() + "." + fmt.Sprint(primo.campo("id"))} {
		if !strings.Contains(strings.ReplaceAll(mio.body, "\r\n ", ""), want) {
			t.Errorf("no %q in\n%s", want, mio.body)
		}
	}
	if strings.Contains(mio.body, "CANARINA") || strings.Contains(mio.body, fmt.Sprint(altro.campo("id"))) || mio.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Error(mio.body, mio.header)
	}
	l.fa(t, "/incontri/"+fmt.Sprint(primo.campo("id"))+"/annullamenti", `{"motivo":"x"}`).vuole(t, 201, "")
	i.aggiornato(t)
	if r := l.cm.chiede(t, i, "GET", Base+"/agenda/icalendar", "").vuole(t, 200, ""); !strings.Contains(r.body, "STATUS:CANCELLED") {
		t.Error(r.body)
	}
	if r := incontra.chiede(t, i, "GET", Base+"/agenda/icalendar", "").vuole(t, 200, ""); strings.Count(r.body, "BEGIN:VEVENT") != 1 {
		t.Error(r.body)
	}
}

func TestTermsAreListedToWhoWorksAndCountedForWhoCoordinates(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	l := i.alLavoro(t, 1)
	l.conSegnalazione(t, giorno.Data(2026, 5, 2))
	r := l.cm.chiede(t, i, "GET", Base+"/scadenze?stato=SUPERATA", "").vuole(t, 200, "")
	if r.campo("items", "0", "tipo") != "SEGNALAZIONE_10" || fmt.Sprint(r.campo("items", "0", "giorni_residui")) != "-2" || r.campo("items", "0", "stato") != "SUPERATA" {
		t.Error(r.body)
	}
	for query, want := range map[string]string{"": "1", "?entro_giorni=7": "1", "?stato=IN_CORSO": "0", "?tipo=MONITORAGGIO_90": "0", "?comune=F377": "0"} {
		if got := fmt.Sprint(l.cm.chiede(t, i, "GET", Base+"/scadenze"+query, "").vuole(t, 200, "").campo("totale")); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"", "?tipo=SEGNALAZIONE_10"} { // none of their business
		if got := i.chi("INCONTRA").chiede(t, i, "GET", Base+"/scadenze"+query, "").vuole(t, 200, ""); fmt.Sprint(got.campo("totale")) != "0" {
			t.Error(got.body)
		}
	}
	conti := i.chi("CARLA").chiede(t, i, "GET", Base+"/scadenze/conteggi", "").vuole(t, 200, "")
	if conti.campo("items", "0", "tipo") != "SEGNALAZIONE_10" || fmt.Sprint(conti.campo("items", "0", "superate")) != "1" || strings.Contains(conti.body, "INPS") {
		t.Error(conti.body)
	}
	i.chi("CARLA").chiede(t, i, "GET", Base+"/scadenze", "").vuole(t, 403, "vietato")
	l.cm.chiede(t, i, "GET", Base+"/scadenze/conteggi", "").vuole(t, 403, "vietato")
}

// riceviADI receives a domanda of ADI of Palermo, whose PAD was signed on 3 March.
func (i *impianto) riceviADI(t *testing.T) []caso.Componente {
	t.Helper()
	d := caso.DomandaRicevuta{
		IDDomanda: "INPS-ADI-2026-77", Misura: caso.ADI, Ambito: "PA42", Comune: "G273", DataPresentazione: giorno.Data(2026, 3, 1), DataTrasmissioneComune: giorno.Data(2026, 3, 2), DataSottoscrizionePAD: giorno.Data(2026, 3, 3),
		Indirizzo:  caso.Indirizzo{Via: "VIA DEL CANARINO", Civico: "14", CAP: "90121", Comune: "G273"},
		Componenti: []caso.Componente{{CodiceFiscale: codice(t, "CANARINA", "BIAGIA", 1981), Cognome: "CANARINA", Nome: "BIAGIA", Sesso: "F", DataNascita: giorno.Data(1981, 1, 1), ComuneNascita: "G273", Relazione: caso.Richiedente}},
		Recapiti:   caso.Recapiti{Cellulare: "3335550101"},
	}
	e, err := i.Comandi.RiceviDomanda(t.Context(), i.richiesta(domain.INPS), caso.RiceviDomanda{Domanda: d})
	i.nota(t, e.Posizione, err)
	i.aggiornato(t)
	return e.Stato.Nucleo.Componenti
}

func TestWhoLooksAfterMeetingsFindsTheNucleiThatHaveToCome(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	componenti := i.riceviADI(t)
	r := i.chi("INCONTRA").chiede(t, i, "GET", Base+"/incontri-da-registrare", "").vuole(t, 200, "")
	if fmt.Sprint(r.campo("totale")) != "1" || r.campo("items", "0", "scadenza") != "2026-07-01" || r.campo("items", "0", "recapiti", "cellulare") != "3335550101" ||
		r.campo("items", "0", "componenti", "0", "id") != componenti[0].ID.String() || strings.Contains(r.body, "CANARINA") {
		t.Error(r.body)
	}
	i.chi("ANNA").chiede(t, i, "GET", Base+"/incontri-da-registrare", "").vuole(t, 403, "vietato")
}

func TestACaseManagerFindsTheirOwnCases(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.conSegnalazione(t, giorno.Data(2026, 5, 8))
	l.fa(t, "/incontri", fmt.Sprintf(lunedi, "")).vuole(t, 201, "")
	i.aggiornato(t)
	cerca := func(c chi, corpo string) risposta {
		return c.chiede(t, i, "POST", Base+"/casi/miei/ricerche", corpo).vuole(t, 200, "")
	}
	r := cerca(l.cm, `{}`)
	if r.campo("items", "0", "cognome") != "CANARINA" || r.campo("items", "0", "prossima_scadenza") != "2026-05-08" || r.campo("items", "0", "prossimo_incontro") != "2026-05-11T08:30:00Z" || r.campo("items", "0", "presenza_minori") != true {
		t.Error(r.body)
	}
	for corpo, want := range map[string]string{
		`{"nome":"biag"}`: "1", `{"nome":"rossi"}`: "0", `{"stato":"CHIUSO"}`: "0",
		`{"cap":"90121","indirizzo":"canarino 14","misura":"RDC"}`: "1", `{"cap":"90122"}`: "0", `{"indirizzo":"orso"}`: "0", `{"misura":"ADI"}`: "0", `{"id_domanda":"` + strings.ToLower(idDomanda(1)) + `"}`: "1", `{"scadenza_entro_giorni":3}`: "0",
		`{"codice_fiscale":"` + codice(t, "ROVERESI", "CARINO", 2015) + `","ordina":"nominativo","verso":"desc"}`: "1",
	} {
		if got := fmt.Sprint(cerca(l.cm, corpo).campo("totale")); got != want {
			t.Errorf("%s: %s, want %s", corpo, got, want)
		}
	}
	if got := cerca(i.chi("BRUNA"), `{}`); fmt.Sprint(got.campo("totale")) != "0" {
		t.Error(got.body)
	}
	if r := cerca(l.cm, `{}`); r.campo("items", "0", "etichetta") != "da avviare" {
		t.Error(r.body)
	}
	i.chi("CARLA").chiede(t, i, "POST", Base+"/casi/miei/ricerche", `{}`).vuole(t, 403, "vietato")
}

func TestTheQueueTellsByWhenAnADINucleoHasToComeFirst(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "INCONTRA", domain.ResponsabileIncontri, palermo, "")
	componenti := i.riceviADI(t)
	carla, anna, adi := i.chi("CARLA"), i.chi("ANNA"), Base+"/casi/"+id.CasoDi("INPS-ADI-2026-77").String()
	coda := func() risposta {
		i.aggiornato(t)
		return carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare","ordina":"scadenza_120"}`).vuole(t, 200, "")
	}
	if r := coda(); r.campo("items", "0", "scadenza_120") != "2026-07-01" || r.campo("items", "1", "id") == nil || r.campo("items", "1", "scadenza_120") != nil {
		t.Error(r.body)
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati","ordina":"scadenza_120"}`).vuole(t, 400, "ricerca.ordine_non_valido")
	i.chi("INCONTRA").chiede(t, i, "POST", adi+"/incontri-registrati", `{"tipo":"PRESENTAZIONE_SPONTANEA","data_incontro":"2026-05-04","presenti":["`+componenti[0].ID.String()+`"]}`).vuole(t, 201, "")
	if r := coda(); strings.Contains(r.body, "scadenza_120") {
		t.Errorf("after it came: %s", r.body)
	}
	etag := carla.chiede(t, i, "GET", adi, "").vuole(t, 200, "").header.Get("ETag")
	carla.chiede(t, i, "POST", adi+"/assegnazioni", `{"case_manager_id":"`+anna.id.String()+`"}`, "If-Match", etag).vuole(t, 201, "")
	if r := anna.chiede(t, i, "GET", adi, "").vuole(t, 200, ""); r.campo("incontri", "0", "registrazione", "mese_pagamento") != "2026-05" {
		t.Errorf("the payment that reckons with it: %s", r.body)
	}
}
