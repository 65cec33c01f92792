package httpapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// succede lets commands happen to the case behind the API, by somebody.
func (l *lavoro) succede(t *testing.T, a domain.Attore, comandi ...domain.Command[caso.State, caso.Event]) {
	t.Helper()
	for _, c := range comandi {
		storia, err := l.Comandi.StoriaCaso(t.Context(), casoN(l.n), commands.Alla{})
		if err != nil {
			t.Fatal(err)
		}
		decisi, err := c.Decide(storia.Stato)
		if err != nil {
			t.Fatalf("%T: %v", c, err)
		}
		meta := domain.Meta{Comando: uuid.New(), Attore: a.ID, Ruolo: a.Ruolo, Canale: domain.HTTP, Istante: l.adesso()}
		if _, err := l.Comandi.Store.Append(t.Context(), caso.Decider.Stream(casoN(l.n).String()), storia.Head, meta, eventi(decisi)...); err != nil {
			t.Fatal(err)
		}
	}
	l.etag = l.etagDi(t, l.cm, l.n)
}

// vive lets a case live through everything that its detail shows: it ends in
// monitoring with a second version of the PaIS in force and a third begun.
func (l *lavoro) vive(t *testing.T) {
	t.Helper()
	oggi := giorno.Di(mattina)
	cm := domain.Attore{ID: l.cm.id.UUID, Ruolo: domain.CaseManager}
	donna := l.stato(t).Nucleo.Componenti[0].ID
	chi := []id.Componente{donna}
	l.fa(t, "/recapiti", `{"cellulare":"333 5550102","email":"pinguini@example.org"}`).vuole(t, 201, "")
	l.finoA(t, caso.EsitoC)
	l.componi(t)
	l.compila(t, "/quadro-analisi")
	l.fa(t, "/quadro-analisi/finalizzazioni", `{"sintesi":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	_, _, sostegno := l.definisce(t)
	l.fa(t, "/pais/mancate-sottoscrizioni", `{"componente_id":"`+donna.String()+`","motivazione":"motivo-canarino","data":"2026-05-04"}`).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(1, donna.String())).vuole(t, 201, "")
	l.fa(t, "/sostegni/"+sostegno+"/attivazioni", `{"data":"2026-05-04","nota":"motivo-canarino"}`).vuole(t, 201, "")
	l.fa(t, "/pais/ridefinizioni", perche).vuole(t, 201, "")
	l.fa(t, "/pais/sostegni", strings.Replace(unSostegno, "TIROCINIO_INCLUSIONE", "MEDIAZIONE_CULTURALE", 1)).vuole(t, 201, "")
	l.fa(t, "/pais/sottoscrizioni", firma(2, donna.String())).vuole(t, 201, "")
	l.fa(t, "/pais/ridefinizioni", perche).vuole(t, 201, "")
	l.fa(t, "/esoneri", `{"componente_id":"`+donna.String()+`","motivo":"TIROCINIO","dal":"2026-05-01"}`).vuole(t, 201, "")
	l.fa(t, "/esoneri/revoche", `{"componente_id":"`+donna.String()+`","dal":"2026-05-01","motivazione":"motivo-canarino"}`).vuole(t, 201, "")
	l.fa(t, "/esoneri", `{"componente_id":"`+donna.String()+`","motivo":"LAVORO_OLTRE_20_ORE","dal":"2026-05-02"}`).vuole(t, 201, "")
	l.fa(t, "/annotazioni", `{"testo":"motivo-canarino"}`).vuole(t, 201, "")
	l.fa(t, "/annotazioni", `{"testo":"motivo-canarino riservato","riservata":true}`).vuole(t, 201, "")

	pais := l.stato(t).PaIS.Vigente
	impegno, risultato := pais.Impegni[0].ID, pais.Obiettivi[0].Risultati[0].ID
	uno, due, tre := nuovoID[id.Incontro](), nuovoID[id.Incontro](), nuovoID[id.Segnalazione]()
	messaggio, lettera := nuovoID[id.Comunicazione](), nuovoID[id.Comunicazione]()
	l.succede(t, domain.INPS,
		caso.SospendiBeneficio{Variazione: caso.Variazione{Dal: oggi, Causale: "motivo-canarino"}},
		caso.ComunicaDecurtazione{DecurtazioneComunicata: caso.DecurtazioneComunicata{Mensilita: 2, Dal: oggi}},
	)
	l.succede(t, cm,
		caso.PianificaIncontro{Incontro: uno, Inizio: mattina.Add(time.Hour), Durata: 30, Luogo: "motivo-canarino", Operatore: l.cm.id, Partecipanti: chi, Impegni: []id.Impegno{impegno}, Oggi: oggi},
		caso.RegistraIncontro{Incontro: uno, Tipo: caso.AvvenutoIncontro, Data: oggi, Presenti: chi, Oggi: oggi},
		caso.ValutaIncontro{Incontro: uno, Risultati: []caso.RisultatoValutato{{Risultato: risultato, Valutazione: caso.RisultatoParziale}}, Impegni: []caso.ImpegnoInIncontro{{Impegno: impegno, Valutazione: caso.ImpegnoNonRealizzato}}, Note: "motivo-canarino"},
		caso.PianificaIncontro{Incontro: due, Inizio: mattina.Add(2 * time.Hour), Durata: 30, Oggi: oggi},
		caso.RegistraMancataPresentazione{Incontro: due, Componenti: chi, Data: oggi, Oggi: oggi},
		caso.ValutaImpegno{Impegno: impegno, Valutazione: caso.ImpegnoInCorso, Data: oggi, Oggi: oggi},
		caso.InviaComunicazione{Comunicazione: messaggio, Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: chi, Testo: "motivo-canarino", Oggi: oggi},
		caso.RegistraMancataConsegna{Comunicazione: messaggio, Esito: "motivo-canarino", Data: oggi, Oggi: oggi},
		caso.RegistraComunicazioneFormale{Comunicazione: lettera, Tipo: caso.RichiamoFormale, Mezzo: caso.RaccomandataAR, Numero: "R 1", DataInvio: oggi, Destinatari: chi, Oggi: oggi},
		caso.RegistraEsitoComunicazione{Comunicazione: lettera, Esito: caso.EsitoConsegnata, DataRicezione: oggi, Oggi: oggi},
		caso.ProponiSegnalazione{Segnalazione: tre, Categoria: caso.RDCAltro, Componente: donna, DataFatto: giorno.Data(2023, 12, 1), Accertamento: oggi - 40, Dettaglio: "motivo-canarino", Operatore: l.cm.id, Calendario: calendario.Calendario{}, Oggi: oggi},
	)
}

func nuovoID[I ~struct{ uuid.UUID }]() I { return I{uuid.New()} }

func TestTheDetailShowsAllThatHappenedToTheCase(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	r := l.cm.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	for _, vuole := range []struct {
		campo string
		vale  string
	}{
		{"id_domanda", "INPS-RDC-2026-1"}, {"stato", "IN_MONITORAGGIO"}, {"etichetta", "in monitoraggio"}, {"riprende_da", "<nil>"},
		{"comune.nome", "Palermo"}, {"domanda.isee.amount", "5123.00"}, {"domanda.isee.currency", "EUR"}, {"domanda.numero_componenti", "2"},
		{"nucleo.componenti.0.cognome", "CANARINA"}, {"nucleo.componenti.0.eta", "46"}, {"nucleo.componenti.0.esonerato", "true"}, {"nucleo.componenti.0.comune_nascita.nome", "Palermo"},
		{"nucleo.componenti.1.escluso_per_legge", "true"}, {"nucleo.componenti.2", "<nil>"}, {"nucleo.recapiti.cellulare", "333 5550102"}, {"nucleo.indirizzo.via", "VIA DEL CANARINO"},
		{"beneficio.stato", "SOSPESO"}, {"beneficio.storia.0.causale", "motivo-canarino"}, {"beneficio.decurtazioni.0.mensilita", "2"},
		{"esoneri.attivi.0.motivo", "LAVORO_OLTRE_20_ORE"}, {"esoneri.attivi.0.vale_oggi", "true"}, {"esoneri.attivi.1", "<nil>"}, {"esoneri.revocati.0.motivazione", "motivo-canarino"},
		{"analisi_preliminare.esito.esito", "C"}, {"analisi_preliminare.preso_in_carico", "true"}, {"analisi_preliminare.sezioni.5.revisione", "1"}, {"analisi_preliminare.sezioni.0.contenuto.testo", "motivo-canarino"},
		{"quadro_analisi.equipe.1.professione", "PSICOLOGO"}, {"quadro_analisi.finalizzato", "true"}, {"quadro_analisi.sezioni.5.sezione", "RETI"},
		{"pais.versione", "2"}, {"pais.in_definizione", "3"}, {"pais.vigente.versione", "2"}, {"pais.vigente.sostegni.1.tipo", "MEDIAZIONE_CULTURALE"},
		{"pais.precedenti.0.versione", "1"}, {"pais.precedenti.0.sostegni.0.tipo", "TIROCINIO_INCLUSIONE"}, {"pais.precedenti.0.sostegni.1", "<nil>"}, {"pais.precedenti.1", "<nil>"},
		{"pais.bozza.obiettivi.0.risultati.0.entro", "2026-09-30"}, {"pais.mancate_sottoscrizioni.0.versione", "1"},
		{"sostegni.0.stato", "ATTIVATO"}, {"sostegni.0.stato_dal", "2026-05-04"}, {"sostegni.1.stato", "PREVISTO"}, {"sostegni.1.in_vigore", "true"}, {"sostegni.2", "<nil>"},
		{"incontri.0.inizio", "<nil>"}, {"incontri.1.stato", "SVOLTO"}, {"incontri.1.inizio", "2026-05-04T09:00:00Z"}, {"incontri.1.operatore.nome", "ANNA Zafferani"}, {"incontri.1.valutazione.impegni.0.valutazione", "NON_REALIZZATO"},
		{"incontri.2.mancata_presentazione.data", "2026-05-04"}, {"valutazioni_impegni.0.valutazione", "IN_CORSO"},
		{"segnalazioni.0.stato", "DA_VALIDARE"}, {"segnalazioni.0.etichetta", "Da validare"}, {"segnalazioni.0.in_ritardo", "true"}, {"segnalazioni.0.proposta_da.nome", "ANNA Zafferani"}, {"segnalazioni.0.proposta_il", "2026-05-04T08:00:00Z"},
		{"comunicazioni.informali.0.stato", "FALLITA"}, {"comunicazioni.informali.0.esito", "motivo-canarino"}, {"comunicazioni.formali.0.esito", "CONSEGNATA"}, {"comunicazioni.formali.0.data_ricezione", "2026-05-04"},
		{"diario.0.autore.nome", "ANNA Zafferani"}, {"diario.1.riservata", "true"}, {"scadenze.0.tipo", "SEGNALAZIONE_10"}, {"scadenze.0.superata", "true"},
	} {
		if got := fmt.Sprint(r.campo(strings.Split(vuole.campo, ".")...)); got != vuole.vale {
			t.Errorf("%s is %s, not %s", vuole.campo, got, vuole.vale)
		}
	}
	l.fa(t, "/chiusure", rinuncia).vuole(t, 201, "")
	chiuso := l.cm.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	if got := fmt.Sprint(chiuso.campo("etichetta"), chiuso.campo("riprende_da"), chiuso.campo("chiusura", "motivo")); got != "chiusoIN_MONITORAGGIORINUNCIA" {
		t.Errorf("a closed case shows %s", got)
	}
}

func TestTheDetailShowsAPADThatWasSignedLater(t *testing.T) {
	oggi := giorno.Di(mattina)
	var s caso.State
	for _, e := range []caso.Event{caso.DomandaRicevuta{Misura: caso.ADI, DataPresentazione: oggi - 9}, caso.PADSottoscritto{Data: oggi - 2}} {
		s = caso.Decider.Evolve(s, e)
	}
	if got := (sguardo{stato: s, vero: s, oggi: oggi}).domanda().DataSottoscrizionePAD; got != oggi-2 {
		t.Errorf("the PAD was signed on %q", got)
	}
}

func TestAPrivateNoteIsReadByItsAuthorAlone(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.fa(t, "/annotazioni", `{"testo":"motivo-canarino uno"}`).vuole(t, 201, "")
	l.fa(t, "/annotazioni", `{"testo":"motivo-canarino due","riservata":true}`).vuole(t, 201, "")
	carla, bruna := i.chi("CARLA"), i.chi("BRUNA")
	carla.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/riassegnazioni", `{"da":"`+l.cm.id.String()+`","a":"`+bruna.id.String()+`","motivo":"motivo-canarino"}`, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 201, "")
	r := bruna.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	if strings.Contains(r.body, "motivo-canarino due") || r.campo("diario", "0", "testo") != "motivo-canarino uno" || r.campo("diario", "1") != nil {
		t.Errorf("who takes over reads\n%v", r.campo("diario"))
	}
}

// TestACoordinatorSeesNoProgress holds the reduced view to its fields, however
// far the case has come (ACC-12).
func TestACoordinatorSeesNoProgress(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	r := i.chi("CARLA").chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	vista, _ := r.campo().(map[string]any)
	want := []string{
		"assegnato_da", "case_manager", "codice_fiscale", "cognome", "comune", "data_assegnazione", "data_presentazione", "etag", "id", "id_domanda",
		"indirizzo", "misura", "nome", "numero_componenti", "presenza_disabili", "presenza_minori", "riassegnato",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(vista))); diff != "" {
		t.Errorf("a coordinator sees (-want +got)\n%s", diff)
	}
	for _, nome := range []string{"RISPONDE", "REFERISCE"} {
		ruolo := map[string]domain.Ruolo{"RISPONDE": domain.ResponsabileIncontri, "REFERISCE": domain.ReferenteSostegni}[nome]
		i.accredita(t, nome, ruolo, palermo, "")
		i.chi(nome).chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 403, "vietato")
	}
}

// A segnalazione that INPS was told late stays late, as in the lists.
func TestWhatWasSentLateStaysLate(t *testing.T) {
	scadenza := giorno.Data(2026, 5, 4)
	roma := time.FixedZone("UTC+2", 2*60*60)
	for inviata, vuole := range map[time.Time]bool{
		{}: false,
		time.Date(2026, 5, 4, 21, 59, 0, 0, time.UTC): false,
		time.Date(2026, 5, 4, 22, 1, 0, 0, time.UTC):  true, // the day after, in Italy
	} {
		s := caso.Segnalazione{Stato: caso.Inviata, Proposta: caso.SegnalazioneProposta{Segnalazione: id.Segnalazione{UUID: uuid.New()}, Scadenza: scadenza}}
		v := sguardo{
			nomi: nomi{}, stato: caso.State{Segnalazioni: caso.Segnalazioni{s}}, oggi: scadenza + 9, zona: roma,
			ricordi: ricordi{segnalazioni: map[id.Segnalazione]seguito{s.Proposta.Segnalazione: {inviata: inviata}}},
		}
		if got := v.segnalazioni()[0].InRitardo; got != vuole {
			t.Errorf("sent at %s: late is %t", inviata, got)
		}
	}
}
