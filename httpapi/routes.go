package httpapi

import (
	"net/http"
	"strings"
	"time"

	"nucleo/domain"
	"nucleo/domain/accesso"
)

// route is one row of the table of contents of the API.
type route struct {
	method, path string
	right        azione // what right it takes; aperta for anybody
	serve        func(*API, http.ResponseWriter, *request) error
	options
}

// options are what a route asks of a request beyond its body.
type options struct {
	keyed        bool          // an Idempotency-Key: it appends
	precondition bool          // an If-Match: it changes what exists
	timeout      time.Duration // to answer; the default when zero
	forte        bool          // a person who has signed in anew (step-up)

	traccia []accesso.Classe // of the data of cases that the answer shows: who looks is recorded first
}

var (
	appende  = options{keyed: true}
	modifica = options{keyed: true, precondition: true}
	legge    = options{}
	approva  = options{keyed: true, forte: true}
	esporta  = options{forte: true, timeout: time.Minute, traccia: []accesso.Classe{accesso.Dettaglio}} // a file about a case, which leaves the machine
)

func (r route) name() string { return r.method + " " + r.path }

// pattern is the path as the router reads it: ids look like ids, so that
// /casi/ricerche is not a case.
func (r route) pattern() string { return ids.Replace(r.path) }

// identificati are the things in paths that go by a UUID.
var identificati = []string{
	"caso", "importazione", "operatore", "accreditamento",
	"comunicazione",
	"segnalazione",
	"obiettivo", "impegno", "sostegno",
	"indisponibilita",
	"processo",
	"incontro",
	"correlazione", "apertura",

	"allarme",

	"cancellazione",
}

var ids = perID(func(nome string) string { return "{" + nome + ":[0-9a-f-]{36}}" })

// perID replaces the ids in a path.
func perID(con func(nome string) string) *strings.Replacer {
	var all []string
	for _, nome := range identificati {
		all = append(all, "{"+nome+"}", con(nome))
	}
	return strings.NewReplacer(all...)
}

// routes is the whole API.
var routes = []route{
	{"POST", Base + "/casi/ricerche", cercaCasi, (*API).cercaCasi, svela(accesso.Instradamento)},
	{"POST", Base + "/casi/ricerche-auditor", replicaCaso, (*API).cercaDomanda, svela(accesso.Instradamento)},
	{"GET", Base + "/casi/{caso}", leggeCaso, (*API).caso, svela(accesso.Dettaglio)},
	{"GET", Base + "/casi/{caso}/eventi", replicaCaso, (*API).eventiCaso, svela(accesso.Dettaglio)},
	{"GET", Base + "/casi/{caso}/stato", replicaCaso, (*API).statoCasoAlla, svela(accesso.Dettaglio)},
	{"GET", Base + "/casi/{caso}/differenze", replicaCaso, (*API).differenzeCaso, svela(accesso.Dettaglio)},
	{"GET", Base + "/cause/{correlazione}", leggeCause, (*API).cause, svela(accesso.Instradamento)},
	{"GET", Base + "/casi/{caso}/cronologia-assegnazioni", leggeCronologia, (*API).cronologia, svela(accesso.Assegnazioni)},
	{"POST", Base + "/casi/{caso}/assegnazioni", assegnaCaso, (*API).assegnaCaso, modifica},
	{"POST", Base + "/casi/{caso}/riassegnazioni", assegnaCaso, (*API).riassegnaCaso, modifica},
	{"POST", Base + "/casi/{caso}/annullamenti-assegnazione", assegnaCaso, (*API).annullaAssegnazione, modifica},
	{"GET", Base + "/casi/{caso}/cronistoria", leggeCronistoria, (*API).cronistoria, svela(accesso.Dettaglio)},
	{"POST", Base + "/casi/{caso}/annotazioni", annotaCaso, (*API).annotaCaso, appende},
	{"POST", Base + "/casi/{caso}/chiusure", chiudeCaso, (*API).chiudiCaso, modifica},
	{"POST", Base + "/casi/{caso}/riaperture", riapreCaso, (*API).riapriCaso, modifica},
	{"POST", Base + "/casi/{caso}/esclusioni", escludeNucleo, (*API).escludiNucleo, modifica},
	{"POST", Base + "/casi/{caso}/esoneri", registraEsoneri, (*API).registraEsonero, appende},
	{"POST", Base + "/casi/{caso}/esoneri/revoche", registraEsoneri, (*API).revocaEsonero, appende},
	{"POST", Base + "/casi/{caso}/protezioni", proteggeCaso, (*API).proteggiCaso, appende},
	{"POST", Base + "/casi/{caso}/protezioni/revoche", proteggeCaso, (*API).revocaProtezione, appende},
	{"POST", Base + "/casi/{caso}/recapiti", aggiornaRecapiti, (*API).aggiornaRecapiti, appende},

	{"POST", Base + "/casi/{caso}/analisi-preliminare", compilaAP, (*API).avviaAP, modifica},
	{"POST", Base + "/casi/{caso}/analisi-preliminare/sezioni", compilaAP, (*API).salvaSezioneAP, appende},
	{"POST", Base + "/casi/{caso}/analisi-preliminare/esiti", compilaAP, (*API).finalizzaAP, modifica},
	{"POST", Base + "/casi/{caso}/analisi-preliminare/riaperture", compilaAP, (*API).riapriAP, modifica},
	{"POST", Base + "/casi/{caso}/rientri", compilaAP, (*API).registraRientro, modifica},
	{"POST", Base + "/casi/{caso}/quadro-analisi/equipe", compilaQA, (*API).componiEquipe, modifica},
	{"POST", Base + "/casi/{caso}/quadro-analisi/sezioni", compilaQA, (*API).salvaSezioneQA, appende},
	{"POST", Base + "/casi/{caso}/quadro-analisi/finalizzazioni", compilaQA, (*API).finalizzaQA, modifica},
	{"POST", Base + "/casi/{caso}/quadro-analisi/riaperture", compilaQA, (*API).riapriQA, modifica},
	{"POST", Base + "/casi/{caso}/pais/obiettivi", definiscePaIS, (*API).aggiungiObiettivo, appende},
	{"POST", Base + "/casi/{caso}/pais/obiettivi/{obiettivo}/modifiche", definiscePaIS, (*API).modificaObiettivo, modifica},
	{"POST", Base + "/casi/{caso}/pais/obiettivi/{obiettivo}/rimozioni", definiscePaIS, (*API).rimuoviObiettivo, modifica},
	{"POST", Base + "/casi/{caso}/pais/impegni", definiscePaIS, (*API).aggiungiImpegno, appende},
	{"POST", Base + "/casi/{caso}/pais/impegni/{impegno}/modifiche", definiscePaIS, (*API).modificaImpegno, modifica},
	{"POST", Base + "/casi/{caso}/pais/impegni/{impegno}/rimozioni", definiscePaIS, (*API).rimuoviImpegno, modifica},
	{"POST", Base + "/casi/{caso}/pais/sostegni", definiscePaIS, (*API).aggiungiSostegno, appende},
	{"POST", Base + "/casi/{caso}/pais/sostegni/{sostegno}/modifiche", definiscePaIS, (*API).modificaSostegno, modifica},
	{"POST", Base + "/casi/{caso}/pais/sostegni/{sostegno}/rimozioni", definiscePaIS, (*API).rimuoviSostegno, modifica},
	{"POST", Base + "/casi/{caso}/pais/sottoscrizioni", definiscePaIS, (*API).sottoscriviPaIS, modifica},
	{"POST", Base + "/casi/{caso}/pais/mancate-sottoscrizioni", definiscePaIS, (*API).mancaFirma, appende},
	{"POST", Base + "/casi/{caso}/pais/ridefinizioni", definiscePaIS, (*API).ridefinisciPaIS, modifica},
	{"POST", Base + "/casi/{caso}/pais/conclusioni", definiscePaIS, (*API).concludiPaIS, modifica},
	{"GET", Base + "/sostegni", elencaSostegni, (*API).elencaSostegni, svela(accesso.Sostegni)},
	{"POST", Base + "/sostegni/ricerche-casi", anticipaSostegno, (*API).casiPerSostegni, svela(accesso.Instradamento)},
	{"POST", Base + "/casi/{caso}/sostegni", anticipaSostegno, (*API).anticipaSostegno, appende},
	{"POST", Base + "/casi/{caso}/sostegni/{sostegno}/attivazioni", conduceSostegno, (*API).attivaSostegno, appende},
	{"POST", Base + "/casi/{caso}/sostegni/{sostegno}/sospensioni", conduceSostegno, (*API).sospendiSostegno, appende},
	{"POST", Base + "/casi/{caso}/sostegni/{sostegno}/conclusioni", conduceSostegno, (*API).concludiSostegno, appende},
	{"POST", Base + "/casi/{caso}/sostegni/{sostegno}/revoche", conduceSostegno, (*API).revocaSostegno, appende},
	{"POST", Base + "/casi/{caso}/incontri", pianificaIncontri, (*API).pianificaIncontro, appende},
	{"POST", Base + "/casi/{caso}/incontri/{incontro}/rinvii", pianificaIncontri, (*API).rinviaIncontro, appende},
	{"POST", Base + "/casi/{caso}/incontri/{incontro}/annullamenti", pianificaIncontri, (*API).annullaIncontro, appende},
	{"POST", Base + "/casi/{caso}/incontri/{incontro}/registrazioni", registraIncontri, (*API).registraIncontro, appende},
	{"POST", Base + "/casi/{caso}/incontri-registrati", registraIncontri, (*API).registraVisita, appende},
	{"POST", Base + "/casi/{caso}/incontri/{incontro}/mancate-presentazioni", registraIncontri, (*API).registraMancata, appende},
	{"POST", Base + "/casi/{caso}/incontri/{incontro}/valutazioni", valutaIncontri, (*API).valutaIncontro, appende},
	{"POST", Base + "/casi/{caso}/impegni/{impegno}/valutazioni", valutaIncontri, (*API).valutaImpegno, appende},

	{"GET", Base + "/comunicazioni", elencaComunicazioni, (*API).elencaComunicazioni, svela(accesso.Segnalazioni)},
	{"POST", Base + "/casi/{caso}/comunicazioni", inviaComunicazioni, (*API).inviaComunicazione, appende},
	{"POST", Base + "/casi/{caso}/comunicazioni-formali", inviaComunicazioni, (*API).registraFormale, appende},
	{"POST", Base + "/casi/{caso}/comunicazioni-formali/{comunicazione}/esiti", inviaComunicazioni, (*API).registraEsitoFormale, appende},

	{"POST", Base + "/casi/{caso}/segnalazioni", proponeSegnalazione, (*API).proponiSegnalazione, appende},
	{"POST", Base + "/casi/{caso}/segnalazioni/{segnalazione}/ritiri", proponeSegnalazione, (*API).ritiraSegnalazione, appende},
	{"POST", Base + "/casi/{caso}/segnalazioni/{segnalazione}/decisioni", decideSegnalazioni, (*API).decidiSegnalazione, approva},
	{"POST", Base + "/casi/{caso}/segnalazioni/{segnalazione}/annullamenti", decideSegnalazioni, (*API).annullaInvio, appende},
	{"POST", Base + "/casi/{caso}/segnalazioni/{segnalazione}/rettifiche", decideSegnalazioni, (*API).rettificaSegnalazione, appende},
	{"POST", Base + "/segnalazioni/ricerche", cercaSegnalazioni, (*API).cercaSegnalazioni, svela(accesso.Segnalazioni)},
	{"GET", Base + "/autoapprovazioni", leggeAutoapprovazioni, (*API).autoapprovazioni, svela(accesso.Segnalazioni)},
	{"POST", Base + "/segnalazioni/decisioni", decideSegnalazioni, (*API).decidiSegnalazioni, approva},

	{"POST", Base + "/casi/miei/ricerche", elencaMiei, (*API).cercaMiei, svela(accesso.Instradamento)},
	{"GET", Base + "/agenda", leggeAgenda, (*API).agenda, svela(accesso.Incontri)},
	{"GET", Base + "/agenda/icalendar", leggeAgenda, (*API).agendaICS, svela(accesso.Incontri)},
	{"GET", Base + "/scadenze", elencaScadenze, (*API).elencaScadenze, svela(accesso.Dettaglio)},
	{"GET", Base + "/scadenze/conteggi", contaScadenze, (*API).contaScadenze, legge},
	{"GET", Base + "/incontri-da-registrare", elencaDaRegistrare, (*API).incontriDaRegistrare, svela(accesso.Incontri)},

	{"GET", Base + "/case-manager", elencaCaseManager, (*API).caseManager, legge},

	{"GET", Base + "/assegnazioni-automatiche", distribuisceCasi, (*API).assegnazioniAutomatiche, legge},
	{"POST", Base + "/assegnazioni-automatiche", distribuisceCasi, (*API).avviaAssegnazioneAutomatica, options{keyed: true, timeout: time.Minute, traccia: []accesso.Classe{accesso.Assegnazioni}}},
	{"GET", Base + "/assegnazioni-automatiche/{processo}", distribuisceCasi, (*API).assegnazioneAutomatica, legge},
	{"GET", Base + "/assegnazioni-automatiche/{processo}/casi", distribuisceCasi, (*API).casiDistribuiti, svela(accesso.Assegnazioni)},
	{"POST", Base + "/assegnazioni-automatiche/{processo}/interruzioni", distribuisceCasi, (*API).interrompiAssegnazioneAutomatica, appende},

	{"POST", Base + "/importazioni", importa, (*API).importa, options{keyed: true, timeout: 15 * time.Minute}},
	{"GET", Base + "/importazioni/{importazione}", importa, (*API).importazione, legge},

	{"GET", Base + "/operatori", elencaOperatori, (*API).operatori, legge},
	{"POST", Base + "/operatori/ricerche", elencaOperatori, (*API).cercaOperatori, legge},
	{"POST", Base + "/operatori", accreditaOperatore, (*API).registraOperatore, appende},
	{"GET", Base + "/operatori/{operatore}", elencaOperatori, (*API).operatore, legge},
	{"POST", Base + "/operatori/{operatore}/accreditamenti", accreditaOperatore, (*API).accredita, appende},
	{"POST", Base + "/operatori/{operatore}/accreditamenti/{accreditamento}/revoche", accreditaOperatore, (*API).revoca, appende},
	{"POST", Base + "/operatori/{operatore}/accreditamenti/{accreditamento}/modifiche", accreditaOperatore, (*API).modificaRuolo, appende},
	{"POST", Base + "/operatori/{operatore}/accreditamenti/{accreditamento}/sospensioni", accreditaOperatore, (*API).sospendiAccreditamento, appende},
	{"POST", Base + "/operatori/{operatore}/accreditamenti/{accreditamento}/riattivazioni", accreditaOperatore, (*API).riattivaAccreditamento, appende},
	{"POST", Base + "/operatori/{operatore}/recapiti", accreditaOperatore, (*API).recapitiOperatore, appende},
	{"POST", Base + "/operatori/{operatore}/sospensioni", accreditaOperatore, (*API).sospendiOperatore, appende},
	{"POST", Base + "/operatori/{operatore}/riattivazioni", accreditaOperatore, (*API).riattivaOperatore, appende},
	{"GET", Base + "/accreditamenti/modello", accreditaInMassa, (*API).modelloOperatori, legge},
	{"POST", Base + "/accreditamenti", accreditaInMassa, (*API).controllaOperatori, options{keyed: true, timeout: time.Minute}},
	{"GET", Base + "/accreditamenti/{processo}", accreditaInMassa, (*API).massivo, legge},
	{"GET", Base + "/accreditamenti/{processo}/errori", accreditaInMassa, (*API).erroriOperatori, legge},
	{"POST", Base + "/accreditamenti/{processo}/applicazioni", accreditaInMassa, (*API).applicaOperatori, options{keyed: true, timeout: time.Minute}},
	{"POST", Base + "/operatori/{operatore}/indisponibilita", registraAssenza, (*API).registraIndisponibilita, appende},
	{"POST", Base + "/operatori/{operatore}/indisponibilita/{indisponibilita}/revoche", registraAssenza, (*API).revocaIndisponibilita, appende},

	{"GET", Base + "/cruscotto/generale", leggeCruscotto, (*API).cruscottoGenerale, legge},
	{"GET", Base + "/cruscotto/ambito", leggeCruscotto, (*API).cruscottoAmbito, legge},
	{"GET", Base + "/cruscotto/andamento", leggeCruscotto, (*API).cruscottoAndamento, legge},
	{"GET", Base + "/cruscotto/miei", contaMiei, (*API).cruscottoMiei, legge},

	{"GET", Base + "/analisi/{vista}.csv", esportaAnalisi, (*API).analisiCSV, legge},
	{"GET", Base + "/analisi/{vista}.csv-metadata.json", esportaAnalisi, (*API).analisiMetadati, legge},
	{"GET", Base + "/analisi/{vista}.xlsx", esportaAnalisi, (*API).analisiXLSX, legge},
	{"GET", Base + "/analisi/{vista}.svg", leggeAnalisi, (*API).analisiSVG, legge},
	{"GET", Base + "/analisi/{vista}", leggeAnalisi, (*API).analisiVista, legge},

	{"GET", Base + "/ambiti", elencaAmbiti, (*API).ambiti, legge},
	{"POST", Base + "/ambiti", creaAmbito, (*API).creaAmbito, appende},
	{"POST", Base + "/ambiti/{ambito}/comuni", creaAmbito, (*API).associaComuni, appende},
	{"POST", Base + "/ambiti/{ambito}/dissociazioni", creaAmbito, (*API).dissociaComune, appende},
	{"POST", Base + "/ambiti/{ambito}/convenzioni", creaAmbito, (*API).sottoscriviConvenzione, appende},
	{"POST", Base + "/ambiti/{ambito}/deleghe", creaAmbito, (*API).registraDelega, appende},
	{"GET", Base + "/ambiti/{ambito}/dotazione", leggeDotazione, (*API).dotazione, legge},
	{"POST", Base + "/ambiti/{ambito}/autoapprovazione", regolaAutoapprovazione, (*API).regolaAutoapprovazione, appende},

	{"GET", Base + "/accesso", aperta, (*API).accedi, legge},
	{"GET", Base + "/accesso/ritorno", aperta, (*API).ritorna, legge},
	{"GET", Base + "/sessione", chiSono, (*API).miaSessione, legge},
	{"POST", Base + "/sessione/profilo", chiSono, (*API).scegliProfilo, legge},
	{"POST", Base + "/uscita", chiSono, (*API).esci, legge},
	{"POST", Base + "/operatori/{operatore}/sessioni/revoche", revocaSessioni, (*API).revocaSessioni, legge},

	{"GET", Base + "/accessi", leggeAccessi, (*API).accessi, svela(accesso.Accessi)},
	{"GET", Base + "/accessi/miei", leggeMieiAccessi, (*API).mieiAccessi, svela(accesso.Accessi)},
	{"POST", Base + "/accessi/ricerche-interessato", cercaAccessi, (*API).accessiInteressato, options{forte: true, traccia: []accesso.Classe{accesso.Accessi}}},

	{"POST", Base + "/aperture", chiedeAperture, (*API).chiediApertura, approva},
	{"GET", Base + "/aperture", elencaAperture, (*API).elencaAperture, svela(accesso.Accessi)},
	{"GET", Base + "/aperture/{apertura}", elencaAperture, (*API).unaApertura, svela(accesso.Accessi)},
	{"POST", Base + "/aperture/{apertura}/concessioni", decideAperture, (*API).concediApertura, approva},
	{"POST", Base + "/aperture/{apertura}/dinieghi", decideAperture, (*API).negaApertura, approva},
	{"GET", Base + "/aperture/{apertura}/caso", usaAperture, (*API).casoAperto, options{forte: true, traccia: []accesso.Classe{accesso.Dettaglio}}},
	{"GET", Base + "/aperture/{apertura}/eventi", usaAperture, (*API).eventiAperti, options{forte: true, traccia: []accesso.Classe{accesso.Dettaglio}}},
	{"GET", Base + "/sigilli", verificaProve, (*API).sigilli, legge},
	{"GET", Base + "/sigilli/{dimensione}", verificaProve, (*API).sigillo, legge},
	{"GET", Base + "/prove/inclusione", verificaProve, (*API).provaInclusione, legge},
	{"GET", Base + "/prove/consistenza", verificaProve, (*API).provaConsistenza, legge},

	{"POST", Base + "/casi/{caso}/fascicoli", esportaFascicolo, (*API).fascicolo, esporta},
	{"POST", Base + "/aperture/{apertura}/fascicoli", usaAperture, (*API).fascicoloAperto, esporta},
	{"POST", Base + "/elenchi-passati/{giorno}", replicaElenchi, (*API).preparaElenchi, legge},
	{"GET", Base + "/elenchi-passati/{giorno}", replicaElenchi, (*API).statoElenchi, legge},
	{"POST", Base + "/elenchi-passati/{giorno}/casi/ricerche", replicaElenchi, (*API).casiPassati, svela(accesso.Instradamento)},
	{"POST", Base + "/elenchi-passati/{giorno}/segnalazioni/ricerche", replicaElenchi, (*API).segnalazioniPassate, svela(accesso.Segnalazioni)},
	{"POST", Base + "/elenchi-passati/{giorno}/casi/miei/ricerche", replicaElenchi, comeAllora((*API).cercaMiei, domain.CaseManager), svela(accesso.Instradamento)},
	{"GET", Base + "/elenchi-passati/{giorno}/agenda", replicaElenchi, comeAllora((*API).agenda, domain.ResponsabileIncontri), svela(accesso.Incontri)},
	{"GET", Base + "/elenchi-passati/{giorno}/scadenze", replicaElenchi, comeAllora((*API).elencaScadenze, domain.Auditor), svela(accesso.Dettaglio)},
	{"GET", Base + "/elenchi-passati/{giorno}/scadenze/conteggi", replicaElenchi, comeAllora((*API).contaScadenze, domain.CoordinatorePaIS), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/incontri-da-registrare", replicaElenchi, comeAllora((*API).incontriDaRegistrare, domain.ResponsabileIncontri), svela(accesso.Incontri)},
	{"GET", Base + "/elenchi-passati/{giorno}/case-manager", replicaElenchi, comeAllora((*API).caseManager, domain.CoordinatorePaIS), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/comunicazioni", replicaElenchi, comeAllora((*API).elencaComunicazioni, domain.CoordinatorePaIS), svela(accesso.Segnalazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/sostegni", replicaElenchi, comeAllora((*API).elencaSostegni, domain.ReferenteSostegni), svela(accesso.Sostegni)},
	{"GET", Base + "/elenchi-passati/{giorno}/operatori", replicaElenchi, comeAllora((*API).operatori, domain.AmministratoreAmbito), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/ambiti", replicaElenchi, comeAllora((*API).ambiti, domain.AmministratoreAmbito), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/cruscotto/generale", replicaElenchi, comeAllora((*API).cruscottoGenerale, domain.CoordinatorePaIS), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/cruscotto/ambito", replicaElenchi, comeAllora((*API).cruscottoAmbito, domain.CoordinatorePaIS), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/cruscotto/andamento", replicaElenchi, comeAllora((*API).cruscottoAndamento, domain.CoordinatorePaIS), svela(accesso.Assegnazioni)},
	{"GET", Base + "/elenchi-passati/{giorno}/cruscotto/miei", replicaElenchi, comeAllora((*API).cruscottoMiei, domain.CaseManager), svela(accesso.Assegnazioni)},

	{"GET", Base + "/allarmi", leggeAllarmi, (*API).allarmi, svela(accesso.Accessi)},
	{"POST", Base + "/allarmi/{allarme}/spiegazioni", spiegaAllarmi, (*API).spiegaAllarme, appende},
	{"POST", Base + "/allarmi/{allarme}/segnalazioni", segnalaAllarmi, (*API).segnalaAllarme, options{keyed: true, forte: true, traccia: []accesso.Classe{accesso.Accessi}}},

	{"POST", Base + "/cancellazioni", chiedeCancellazioni, (*API).chiediCancellazione, approva},
	{"GET", Base + "/cancellazioni", leggeCancellazioni, (*API).elencaCancellazioni, svela(accesso.Accessi)},
	{"GET", Base + "/cancellazioni/{cancellazione}", leggeCancellazioni, (*API).unaCancellazione, svela(accesso.Accessi)},
	{"POST", Base + "/cancellazioni/{cancellazione}/prese-in-carico", chiedeCancellazioni, (*API).prendeCancellazione, approva},
	{"POST", Base + "/cancellazioni/{cancellazione}/accantonamenti", chiedeCancellazioni, (*API).accantonaCancellazione, approva},
	{"POST", Base + "/cancellazioni/{cancellazione}/autorizzazioni", decideCancellazioni, (*API).autorizzaCancellazione, approva},
	{"POST", Base + "/cancellazioni/{cancellazione}/rifiuti", decideCancellazioni, (*API).rifiutaCancellazione, approva},
	{"GET", Base + "/cancellazioni/{cancellazione}/ricevuta", leggeCancellazioni, (*API).ricevutaCancellazione, svela(accesso.Accessi)},
	{"POST", Base + "/vincoli", poneVincoli, (*API).poniVincolo, approva},
	{"GET", Base + "/vincoli", poneVincoli, (*API).elencaVincoli, svela(accesso.Accessi)},
	{"POST", Base + "/vincoli/rimozioni", poneVincoli, (*API).togliVincolo, approva},

	{"GET", Base + "/profili", chiSono, (*API).mieiProfili, legge},
	{"GET", Base + "/problemi/{codice}", aperta, (*API).problemType, legge},

	{"GET", "/status", aperta, (*API).status, legge},
	{"GET", "/livez", aperta, (*API).livez, legge},
	{"GET", "/readyz", aperta, (*API).readyz, legge},
	{"GET", "/metrics", aperta, (*API).metriche, legge},
	{"GET", "/openapi.json", aperta, (*API).openapi, legge},
}
