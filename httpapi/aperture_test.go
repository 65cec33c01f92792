package httpapi

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"nucleo/domain"
)

// conPrivacy is an installation with a privacy desk here and one elsewhere, and
// a case of which all is known.
func conPrivacy(t *testing.T) (i *impianto, l *lavoro) {
	t.Helper()
	i = nuovo(t)
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	i.accredita(t, "ALTRA", domain.ResponsabileDati, altrove, "")
	l = i.alLavoro(t, 1)
	l.vive(t)
	l.fa(t, "/annotazioni", `{"testo":"motivo-canarino segreto","riservata":true}`).vuole(t, 201, "")
	i.aggiornato(t)
	return i, l
}

const alMaggio = `,"motivo":"ISPEZIONE","riferimento":"PROT-2026/114","dal":"2026-05-01","al":"2026-05-04"}`

func (i *impianto) chiedeApertura(t *testing.T, chi chi) string {
	t.Helper()
	r := chi.chiede(t, i, "POST", Base+"/aperture", `{"caso_id":"`+casoN(1).String()+`"`+alMaggio).vuole(t, 201, "")
	return Base + "/aperture/" + fmt.Sprint(r.campo("id"))
}

func TestPersonalDataIsOpenedByTwoPersonsForAnHour(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora, tutela := i.chi("REVISORA"), i.chi("TUTELA")
	ap := i.chiedeApertura(t, revisora)
	revisora.chiede(t, i, "GET", ap+"/caso", "").vuole(t, 409, "apertura.non_concessa")
	tutela.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 201, "")
	r := revisora.chiede(t, i, "GET", ap+"/caso", "").vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("caso", "nucleo", "componenti", "0", "cognome"), r.campo("caso", "nucleo", "componenti", "0", "eta"), r.campo("caso", "diario", "0", "testo")); got != "CANARINA46motivo-canarino" {
		t.Errorf("under an opening the case shows %s", got)
	}
	e := revisora.chiede(t, i, "GET", ap+"/eventi", "").vuole(t, 200, "")
	if e.campo("items", "0") == nil || !strings.Contains(e.body, "motivo-canarino") {
		t.Errorf("the events of the stretch are not opened\n%s", e.body)
	}
	if strings.Contains(r.body+e.body, "segreto") {
		t.Error("a private note is read under an opening")
	}
	revisora.chiede(t, i, "GET", ap+"/caso?alla=2026-04-30", "").vuole(t, 404, "caso.non_ancora")
	tutela.chiede(t, i, "GET", ap+"/caso", "").vuole(t, 403, "vietato")
	i.chi("ANNA").chiede(t, i, "GET", ap+"/caso", "").vuole(t, 403, "vietato")
	i.con(revisora, map[string]any{"auth_time": i.adesso().Add(-time.Hour).Unix()}).chiede(t, i, "GET", ap+"/caso", "").vuole(t, 401, "accesso.non_recente")
	i.dopo.Store(int64(time.Hour))
	i.chi("REVISORA").chiede(t, i, "GET", ap+"/caso", "").vuole(t, 409, "apertura.scaduta")
	if r := i.chi("REVISORA").chiede(t, i, "GET", ap, "").vuole(t, 200, ""); r.campo("stato") != "SCADUTA" {
		t.Errorf("after its hour the opening is %v", r.campo("stato"))
	}
}

// Every look under an opening stands in the access log, with its case.
func TestLooksUnderAnOpeningAreRecorded(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora, tutela := i.chi("REVISORA"), i.chi("TUTELA")
	ap := i.chiedeApertura(t, revisora)
	tutela.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 201, "")
	revisora.chiede(t, i, "GET", ap+"/caso", "").vuole(t, 200, "")
	revisora.chiede(t, i, "GET", ap+"/eventi", "").vuole(t, 200, "")
	i.aggiornato(t)
	for _, cosa := range []string{"caso", "eventi"} {
		r := tutela.chiede(t, i, "GET", Base+"/accessi?rotta="+url.QueryEscape("GET "+Base+"/aperture/{apertura}/"+cosa), "").vuole(t, 200, "")
		if r.campo("items", "0", "caso_id") != casoN(1).String() || r.campo("items", "1") != nil || r.campo("items", "0", "operatore", "id") != revisora.id.String() {
			t.Errorf("of a look at the %s the access log says %v", cosa, r.campo("items"))
		}
	}
}

func TestWhoMayDecideAboutAnOpening(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora, tutela, altra := i.chi("REVISORA"), i.chi("TUTELA"), i.chi("ALTRA")
	ap := i.chiedeApertura(t, revisora)
	altra.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 404, "apertura.inesistente")
	altra.chiede(t, i, "GET", ap, "").vuole(t, 404, "apertura.inesistente")
	revisora.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 403, "vietato")
	i.con(tutela, map[string]any{"auth_time": i.adesso().Add(-time.Hour).Unix()}).chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 401, "accesso.non_recente")
	i.aggiornato(t)
	if r := altra.chiede(t, i, "GET", Base+"/aperture", "").vuole(t, 200, ""); r.campo("items", "0") != nil {
		t.Errorf("another desk is shown %v", r.campo("items"))
	}
	if r := revisora.chiede(t, i, "GET", Base+"/aperture?stato=IN_ATTESA", "").vuole(t, 200, ""); r.campo("items", "0", "riferimento") != "PROT-2026/114" {
		t.Errorf("who asked is shown %v", r.campo("items"))
	}
	revisora.chiede(t, i, "POST", Base+"/aperture", strings.Replace(`{"caso_id":"`+casoN(1).String()+`"`+alMaggio, "PROT-2026/114", "ROSSI", 1)).vuole(t, 400, "apertura.riferimento")
	revisora.chiede(t, i, "POST", Base+"/aperture", strings.Replace(`{"caso_id":"`+casoN(1).String()+`"`+alMaggio, "2026-05-04", "2026-05-05", 1)).vuole(t, 422, "apertura.periodo")
	revisora.chiede(t, i, "POST", Base+"/aperture", `{"caso_id":"`+casoN(9999).String()+`"`+alMaggio).vuole(t, 404, "caso.inesistente")
}

func TestADeskMayRefuseAnOpening(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora, tutela := i.chi("REVISORA"), i.chi("TUTELA")
	ap := i.chiedeApertura(t, revisora)
	tutela.chiede(t, i, "POST", ap+"/dinieghi", `{"motivo":"NON_MOTIVATA"}`).vuole(t, 201, "")
	revisora.chiede(t, i, "GET", ap+"/caso", "").vuole(t, 409, "apertura.non_concessa")
	tutela.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 409, "apertura.gia_decisa")
	i.aggiornato(t)
	if r := tutela.chiede(t, i, "GET", Base+"/aperture?stato=RIFIUTATA", "").vuole(t, 200, ""); r.campo("items", "0", "decisa_da", "nome") != "TUTELA Zafferani" {
		t.Errorf("the desk is shown %v", r.campo("items"))
	}
}
