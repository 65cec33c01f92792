package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

const segnalata = `{"categoria":"RDC_MANCATA_PRESENTAZIONE","data_fatto":"2023-10-02","data_accertamento":"2023-10-03","dettaglio":"motivo-canarino"}`

// segnala assigns the n-th case to somebody who proposes a segnalazione, and
// returns where it stands in the API and its id.
func (i *impianto) segnala(t *testing.T, n int, coordina, propone chi, headers ...string) (dove, segnalazione string) {
	t.Helper()
	coordina.assegna(t, i, n, propone, headers[:len(headers)/2]...)
	dove = Base + "/casi/" + casoN(n).String() + "/segnalazioni"
	r := propone.chiede(t, i, "POST", dove, segnalata, headers[len(headers)/2:]...).vuole(t, 201, "")
	return dove, fmt.Sprint(r.campo("id"))
}

func TestASegnalazioneIsProposedWithdrawnAndDecidedOnForGood(t *testing.T) {
	i := nuovo(t)
	carla, anna, bruna, daria := i.chi("CARLA"), i.chi("ANNA"), i.chi("BRUNA"), i.chi("DARIA")
	dove, prima := i.segnala(t, 1, carla, anna)
	bruna.chiede(t, i, "POST", dove, segnalata).vuole(t, 404, "caso.inesistente")
	carla.chiede(t, i, "POST", dove, segnalata).vuole(t, 403, "vietato")
	anna.chiede(t, i, "POST", dove, strings.Replace(segnalata, "2023-10-02", "2023-10-04", 1)).vuole(t, 422, "segnalazione.data_non_valida")
	anna.chiede(t, i, "POST", dove, strings.Replace(segnalata, "RDC_MANCATA_PRESENTAZIONE", "ADI_ALTRO", 1)).vuole(t, 422, "segnalazione.categoria_non_applicabile")
	ancora := anna.chiede(t, i, "POST", dove, segnalata, "Idempotency-Key", "a").vuole(t, 201, "")
	if r := anna.chiede(t, i, "POST", dove, segnalata, "Idempotency-Key", "a").vuole(t, 201, ""); r.body != ancora.body {
		t.Errorf("asked twice: %s %s", ancora.body, r.body)
	}
	seconda := fmt.Sprint(ancora.campo("id"))

	anna.chiede(t, i, "POST", dove+"/"+seconda+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 403, "vietato")
	anna.chiede(t, i, "POST", dove+"/"+seconda+"/ritiri", `{"motivazione":"doppia"}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", dove+"/"+seconda+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 409, "segnalazione.ritirata")

	daria.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 404, "caso.inesistente")
	carla.chiede(t, i, "POST", dove+"/"+casoN(1).String()+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 404, "segnalazione.inesistente")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"rifiutata","motivazione":"no"}`).vuole(t, 422, "segnalazione.motivazione_non_valida")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"forse"}`).vuole(t, 400, "richiesta.non_conforme")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"rifiutata","motivazione":"manca la prova"}`).vuole(t, 409, "segnalazione.gia_decisa")
	anna.chiede(t, i, "POST", dove+"/"+prima+"/ritiri", `{"motivazione":"doppia"}`).vuole(t, 409, "segnalazione.gia_decisa")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/annullamenti", `{"motivazione":"si presenta"}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/rettifiche", `{"motivazione":"si presenta"}`).vuole(t, 409, "segnalazione.rettifica_vietata")
}

func TestOneDecisionIsPutToAListWithAnOutcomeForEach(t *testing.T) {
	i := nuovo(t)
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	voce := func(c id.Caso, n string) string { return fmt.Sprintf(`{"caso_id":%q,"segnalazione_id":%q}`, c, n) }
	var voci []string
	for n := range 3 {
		_, s := i.segnala(t, n+1, carla, anna)
		voci = append(voci, voce(casoN(n+1), s))
	}
	decisa := `{"decisione":"approvata","segnalazioni":[` + strings.Join(append(voci[:2:2], voce(casoN(9999), casoN(1).String())), ",") + `]}`
	prima := carla.chiede(t, i, "POST", Base+"/segnalazioni/decisioni", decisa, "Idempotency-Key", "k").vuole(t, 200, "")
	for n, vuole := range []string{"200 APPROVATA <nil>", "200 APPROVATA <nil>", "404 <nil> caso.inesistente"} {
		k := fmt.Sprint(n)
		if got := fmt.Sprint(prima.campo("items", k, "esito"), " ", prima.campo("items", k, "stato"), " ", prima.campo("items", k, "codice")); got != vuole {
			t.Errorf("%s, want %s", got, vuole)
		}
	}
	if ancora := carla.chiede(t, i, "POST", Base+"/segnalazioni/decisioni", decisa, "Idempotency-Key", "k"); ancora.body != prima.body {
		t.Errorf("asked twice: %s %s", prima.body, ancora.body)
	}
	altra := `{"decisione":"rifiutata","motivazione":"manca la prova","segnalazioni":[` + strings.Join(voci[1:], ",") + `]}`
	r := carla.chiede(t, i, "POST", Base+"/segnalazioni/decisioni", altra).vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("items", "0", "esito"), r.campo("items", "0", "codice"), r.campo("items", "1", "stato")); got != "409segnalazione.gia_decisaRIFIUTATA" {
		t.Errorf("the second decision: %s", r.body)
	}
	carla.chiede(t, i, "POST", Base+"/segnalazioni/decisioni", `{"decisione":"approvata","segnalazioni":[]}`).vuole(t, 400, "richiesta.non_conforme")
	anna.chiede(t, i, "POST", Base+"/segnalazioni/decisioni", decisa).vuole(t, 403, "vietato")
}

func TestAnAmbitoMayHaveAnotherApproveWhatACoordinatorProposed(t *testing.T) {
	i := nuovo(t)
	carla, doppia, amministra := i.chi("CARLA"), i.chi("DOPPIA"), i.chi("AMMINISTRA")
	profili := doppia.chiede(t, i, "GET", Base+"/profili", "").vuole(t, 200, "")
	coordina, lavora := fmt.Sprint(profili.campo("profili", "0", "id")), fmt.Sprint(profili.campo("profili", "1", "id"))
	if profili.campo("profili", "0", "ruolo") != string(domain.CoordinatorePaIS) {
		coordina, lavora = lavora, coordina
	}
	carla.assegna(t, i, 1, doppia)
	dove := Base + "/casi/" + casoN(1).String() + "/segnalazioni"
	propone := func() string {
		return fmt.Sprint(doppia.chiede(t, i, "POST", dove, segnalata, "Profilo", lavora).vuole(t, 201, "").campo("id"))
	}
	prima, seconda := propone(), propone()
	vieta := func(si bool, chi chi, ambito string) risposta {
		return chi.chiede(t, i, "POST", Base+"/ambiti/"+ambito+"/autoapprovazione", fmt.Sprintf(`{"vietata":%t}`, si), "Prefer", "wait=5")
	}
	vieta(true, amministra, "AG01").vuole(t, 404, "ambito.inesistente")
	vieta(true, carla, "PA42").vuole(t, 403, "vietato")
	if r := vieta(true, amministra, "PA42").vuole(t, 201, ""); r.campo("autoapprovazione_vietata") != true {
		t.Error(r.body)
	}
	if r := amministra.chiede(t, i, "GET", Base+"/ambiti", "").vuole(t, 200, ""); r.campo("items", "0", "autoapprovazione_vietata") != true {
		t.Error(r.body)
	}
	doppia.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`, "Profilo", coordina).vuole(t, 409, "segnalazione.propria")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	vieta(false, i.chi("SUPER"), "PA42").vuole(t, 201, "")
	doppia.chiede(t, i, "POST", dove+"/"+seconda+"/decisioni", `{"decisione":"approvata"}`, "Profilo", coordina).vuole(t, 201, "")
	i.aggiornato(t)
	if r := i.chi("REVISORA").chiede(t, i, "GET", Base+"/autoapprovazioni?dal=2026-05-04&al=2026-05-04", "").vuole(t, 200, ""); r.campo("items", "0", "segnalazione_id") != seconda || fmt.Sprint(r.campo("totale")) != "1" {
		t.Errorf("approved by who proposed: %s", r.body)
	}
}

// Once decided, a segnalazione stays with the territory in which it was
// decided, though its case moves on (ambiguity 9.36).
func TestADecidedSegnalazioneStaysWithItsTerritory(t *testing.T) {
	i := nuovo(t)
	carla, daria, anna := i.chi("CARLA"), i.chi("DARIA"), i.chi("BRUNA")
	dove, prima := i.segnala(t, 1, carla, anna)
	seconda := fmt.Sprint(anna.chiede(t, i, "POST", dove, segnalata).vuole(t, 201, "").campo("id"))
	carla.chiede(t, i, "POST", dove+"/"+prima+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	_, err := i.Comandi.TrasferisciCaso(t.Context(), i.richiesta(domain.INPS), casoN(1), caso.Trasferisci{Ambito: "PA42", Comune: "F377", DataDecorrenza: 1, Indirizzo: caso.Indirizzo{Via: "VIA DEL CANARINO", CAP: "90018", Comune: "F377"}})
	if err != nil {
		t.Fatal(err)
	}
	daria.chiede(t, i, "POST", dove+"/"+prima+"/annullamenti", `{"motivazione":"x"}`).vuole(t, 404, "segnalazione.inesistente")
	carla.chiede(t, i, "POST", dove+"/"+seconda+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 404, "caso.inesistente")
	daria.chiede(t, i, "POST", dove+"/"+seconda+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", dove+"/"+prima+"/annullamenti", `{"motivazione":"x"}`).vuole(t, 201, "")
}

// What was taken for sending is not annulled any more; what was sent is
// rectified, where the measure has it so.
func TestWhatIsBeingSentIsNotAnnulledAndWhatWasSentIsRectified(t *testing.T) {
	i := nuovo(t, func(i *impianto) { i.Comandi.RettificaRDC = true })
	carla := i.chi("CARLA")
	dove, s := i.segnala(t, 1, carla, i.chi("ANNA"))
	carla.chiede(t, i, "POST", dove+"/"+s+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	carla.chiede(t, i, "POST", dove+"/"+s+"/rettifiche", `{"motivazione":"x"}`).vuole(t, 409, "segnalazione.non_inviata")
	n := chiaveDi(t, s)
	spedisce := func(_ commands.Caso, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	req := func() commands.Request { return i.richiesta(domain.Dispatcher) }
	spedisce(i.Comandi.MettiInUscita(t.Context(), req(), casoN(1), caso.MettiInUscita{Segnalazione: n, Flusso: "20260504-1"}))
	spedisce(i.Comandi.PrendiPerInvio(t.Context(), req(), casoN(1), caso.PrendiPerInvio{Segnalazione: n, Flusso: "20260504-1", Tentativo: 1}))
	carla.chiede(t, i, "POST", dove+"/"+s+"/annullamenti", `{"motivazione":"x"}`).vuole(t, 409, "segnalazione.in_trasmissione")
	spedisce(i.Comandi.RegistraInvio(t.Context(), req(), casoN(1), caso.RegistraInvio{Segnalazione: n, Protocollo: "INPS.1"}))
	carla.chiede(t, i, "POST", dove+"/"+s+"/annullamenti", `{"motivazione":"x"}`).vuole(t, 409, "segnalazione.gia_inviata")
	carla.chiede(t, i, "POST", dove+"/"+s+"/rettifiche", `{"motivazione":"la persona si era presentata"}`).vuole(t, 201, "")
}

func chiaveDi(t *testing.T, s string) (n id.Segnalazione) {
	t.Helper()
	if err := n.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCoordinatorsSeeWhatWaitsForThemAndWhatBecameOfIt(t *testing.T) {
	i := nuovo(t)
	carla, daria, anna := i.chi("CARLA"), i.chi("DARIA"), i.chi("ANNA")
	dove, s := i.segnala(t, 1, carla, anna)
	i.aggiornato(t)
	cerca := func(chi chi, corpo string) risposta {
		t.Helper()
		i.aggiornato(t)
		return chi.chiede(t, i, "POST", Base+"/segnalazioni/ricerche", corpo).vuole(t, 200, "")
	}
	r := cerca(carla, `{"vista":"validazione","in_ritardo":"si","codice_fiscale":"`+codice(t, "CANARINA", "BIAGIA", 1980)+`"}`)
	if r.campo("items", "0", "segnalazione_id") != s || r.campo("items", "0", "dettaglio") != "motivo-canarino" || r.campo("items", "0", "in_ritardo") != true || fmt.Sprint(r.campo("items", "0", "inviata_da", "nome")) != "ANNA Zafferani" {
		t.Error(r.body)
	}
	if r := cerca(daria, `{"vista":"validazione"}`); fmt.Sprint(r.campo("totale")) != "0" {
		t.Errorf("another territory: %s", r.body)
	}
	if r := cerca(anna, `{"vista":"validazione"}`); fmt.Sprint(r.campo("totale")) != "1" {
		t.Errorf("the case manager: %s", r.body)
	}
	carla.chiede(t, i, "POST", dove+"/"+s+"/decisioni", `{"decisione":"approvata"}`).vuole(t, 201, "")
	if r := cerca(carla, `{"vista":"validazione"}`); fmt.Sprint(r.campo("totale")) != "0" {
		t.Errorf("decided, and waits: %s", r.body)
	}
	if r := cerca(carla, `{"vista":"registro","ordina":"annullabile"}`); r.campo("items", "0", "annullabile") != true || r.campo("items", "0", "rettificabile") != false || r.campo("items", "0", "stato") != "APPROVATA" || r.campo("items", "0", "etichetta") != "Approvata" {
		t.Error(r.body)
	}
	cerca(carla, `{"vista":"registro","ordina":"rettificabile"}`)
	carla.chiede(t, i, "POST", Base+"/segnalazioni/ricerche", `{"vista":"validazione","ordina":"protocollo_invio"}`).vuole(t, 400, "ricerca.ordine_non_valido")
	if r := i.chi("REVISORA").chiede(t, i, "GET", Base+"/autoapprovazioni?ambito=PA42&dal=2026-01-01", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != "0" {
		t.Error(r.body)
	}
}
