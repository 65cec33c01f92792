package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fascicoli write what a bundle is asked to hold. What it is made of is tested
// where it is made, and against a whole installation in cmd/nucleo.
type fascicoli struct{}

func (fascicoli) Componi(_ context.Context, w io.Writer, f Fascicolo) error {
	var aperti []uint64
	for _, r := range f.Aperti {
		aperti = append(aperti, r.Version)
	}
	if f.Caso == casoN(2) {
		return ErrNonSigillato
	}
	_, err := fmt.Fprintf(w, "caso %s versione %d sigillo %d apertura %v aperti %v\n%s", f.Caso, f.Head.Version, f.Sigillo, f.Apertura != nil, aperti, f.Pagina)
	return err
}

func (c chi) fascicolo(t *testing.T, i *impianto, path string) risposta {
	t.Helper()
	return c.chiede(t, i, "POST", path+"/fascicoli", "{}")
}

func TestABundleIsMaskedUnlessItWasOpened(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora, tutela := i.chi("REVISORA"), i.chi("TUTELA")
	r := revisora.fascicolo(t, i, Base+"/casi/"+casoN(1).String()).vuole(t, 200, "")
	if r.header.Get("Content-Type") != "application/zip" || r.header.Get("Content-Disposition") != "attachment; filename=fascicolo-"+casoN(1).String()+".zip" {
		t.Errorf("%v", r.header)
	}
	if !strings.Contains(r.body, "sigillo 3000 apertura false aperti []") || !strings.Contains(r.body, "sono coperti") {
		t.Errorf("%.300s", r.body)
	}
	for _, c := range canarini {
		if c != "Zafferani" && strings.Contains(r.body, c) { // operators are named
			t.Errorf("a masked bundle holds %s", c)
		}
	}
	ap := i.chiedeApertura(t, revisora)
	revisora.fascicolo(t, i, ap).vuole(t, 409, "apertura.non_concessa")
	tutela.chiede(t, i, "POST", ap+"/concessioni", `{}`).vuole(t, 201, "")
	r = revisora.fascicolo(t, i, ap).vuole(t, 200, "")
	for _, c := range []string{"apertura true aperti [1 2", "CANARINA", "VIA DEL CANARINO", "dati personali in chiaro", "PROT-2026/114", "dal 01/05/2026 al 04/05/2026"} {
		if !strings.Contains(r.body, c) {
			t.Errorf("an opened bundle does not hold %q", c)
		}
	}
	if strings.Contains(r.body, "segreto") {
		t.Error("an opened bundle holds a private note")
	}
	revisora.chiede(t, i, "POST", ap+"/fascicoli?alla=2026-04-30", "{}").vuole(t, 404, "caso.non_ancora")
	i.dopo.Store(int64(time.Hour))
	i.chi("REVISORA").fascicolo(t, i, ap).vuole(t, 409, "apertura.scaduta")
}

func TestWhoExportsBundles(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora := i.chi("REVISORA")
	caso := Base + "/casi/" + casoN(1).String()
	for _, chi := range []string{"ANNA", "CARLA", "SUPER", "TUTELA", "AMMINISTRA"} {
		i.chi(chi).fascicolo(t, i, caso).vuole(t, 403, "vietato")
	}
	i.con(revisora, map[string]any{"auth_time": i.adesso().Add(-time.Hour).Unix()}).fascicolo(t, i, caso).vuole(t, 401, "accesso.non_recente")
	revisora.fascicolo(t, i, Base+"/casi/"+casoN(9999).String()).vuole(t, 404, "caso.inesistente")
	revisora.fascicolo(t, i, Base+"/casi/"+casoN(2).String()).vuole(t, 409, "sigilli.non_ancora")
	revisora.chiede(t, i, "POST", caso+"/fascicoli?alla=1", "{}").vuole(t, 200, "")
	i.aggiornato(t)
	r := i.chi("TUTELA").chiede(t, i, "GET", Base+"/accessi?decisione=CONSENTITO&rotta="+url.QueryEscape("POST "+Base+"/casi/{caso}/fascicoli"), "").vuole(t, 200, "")
	if r.campo("items", "0", "caso_id") != casoN(1).String() || r.campo("items", "0", "operatore", "id") != revisora.id.String() {
		t.Errorf("of the export the access log says %v", r.campo("items"))
	}
}

// The page stands alone, and says what happened as the replay does.
func TestThePageOfABundle(t *testing.T) {
	i, _ := conPrivacy(t)
	revisora := i.chi("REVISORA")
	pagina := revisora.fascicolo(t, i, Base+"/casi/"+casoN(1).String()).vuole(t, 200, "").body
	for _, vietato := range []string{"<script", "<img", "<link", "<iframe", "@import", "url(", "src=", "http://", "https://", "javascript:"} {
		if strings.Contains(pagina, vietato) {
			t.Errorf("the page holds %q", vietato)
		}
	}
	for _, c := range []string{`<html lang="it">`, "<title>Fascicolo del caso " + casoN(1).String(), "<main>", "<caption>", `scope="col"`, `scope="row"`, "@media print", idDomanda(1), "ANNA Zafferani", "Case manager", hashDiProva[:25]} {
		if !strings.Contains(pagina, c) {
			t.Errorf("the page does not hold %q", c)
		}
	}
	eventi := revisora.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"/eventi", "").vuole(t, 200, "")
	for n := 0; eventi.campo("eventi", fmt.Sprint(n)) != nil; n++ {
		frase := strings.NewReplacer("'", "&#39;", `"`, "&#34;", "+", "&#43;").Replace(fmt.Sprint(eventi.campo("eventi", fmt.Sprint(n), "descrizione")))
		self := fmt.Sprint(eventi.campo("eventi", fmt.Sprint(n), "self"))
		if !regexp.MustCompile(regexp.QuoteMeta(frase) + `[^\n]*` + self).MatchString(pagina) {
			t.Errorf("the page does not tell event %d: %s", n+1, frase)
		}
	}
}
