package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/projections/carico"
	"nucleo/projections/casi"
	"nucleo/projections/operatori"
)

// fotografo looks at the read models one after the other: nobody else writes
// while a test looks.
type fotografo struct{ *impianto }

func (f fotografo) Fotografa(ctx context.Context, dopo uint64, dove domain.Territorio, filtro distribuzione.Filtro, oggi giorno.Giorno) (foto processo.Fotografia, err error) {
	if err := f.Attesa.Attendi(ctx, dopo); err != nil {
		return foto, err
	}
	coda, err := casi.InCoda(ctx, f.Lettura, dove, filtro.Comune, filtro.Misura, filtro.Riassegnato, oggi, f.Soglie)
	if err != nil {
		return foto, err
	}
	for _, c := range coda {
		foto.Casi = append(foto.Casi, processo.InAttesa{Caso: c.Caso, IDDomanda: c.IDDomanda, Ambito: c.Ambito, Comune: c.Comune, Urgenza: c.Urgenza(), Presentata: c.DataPresentazione})
	}
	chi, err := operatori.CaseManagerDi(ctx, f.Lettura, dove.Ambito, oggi)
	for _, o := range chi {
		carichi, err := carico.Di(ctx, f.Lettura, o.Operatore)
		if err != nil {
			return foto, err
		}
		foto.Candidati = append(foto.Candidati, processo.Candidato{
			Operatore: o.Operatore, Territori: o.Territori, Carico: carichi[o.Operatore].DaMonitorare, Assente: !operatore.AssenteFino(o.Assenze, oggi).IsZero(),
		})
	}
	return foto, err
}

// distributore carries runs on when a test says so.
type distributore struct {
	i         *impianto
	cominciat []id.Processo
}

func (d *distributore) Comincia(_ string, p id.Processo) { d.cominciat = append(d.cominciat, p) }

func (d *distributore) porta(t *testing.T) {
	t.Helper()
	for _, p := range d.cominciat {
		if err := d.i.Comandi.Distribuisci(t.Context(), "PA42", p, d.i.adesso, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	d.i.aggiornato(t)
}

const automatiche = Base + "/assegnazioni-automatiche"

// GEPI-38, GEPI-39, GEPI-40: after the procedure the cases are no longer in the
// queue but in the assigned list.
func TestCasesAreGivenOutAutomatically(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	anna := Base + "/operatori/" + i.chi("ANNA").id.String()
	carla.chiede(t, i, "POST", anna+"/indisponibilita", `{"dal":"2026-05-01","al":"2026-05-10","motivo":"FERIE"}`, "Prefer", "wait=5").vuole(t, 201, "")

	prova := carla.chiede(t, i, "POST", automatiche, `{"anteprima":true}`).vuole(t, 200, "")
	if fmt.Sprint(prova.campo("totale")) != "3" || prova.campo("casi", "0", "id_domanda") != idDomanda(1) || strings.Contains(prova.body, "CANARINA") {
		t.Errorf("proposal\n%s", prova.body)
	}
	if prova.campo("case_manager", "0", "assente") != true || fmt.Sprint(prova.campo("case_manager", "1", "carico_dopo")) != "1" || fmt.Sprint(prova.campo("case_manager", "2", "carico_dopo")) != "2" {
		t.Errorf("loads\n%s", prova.body)
	}

	avvio := carla.chiede(t, i, "POST", automatiche, `{}`, "Idempotency-Key", "via").vuole(t, 202, "")
	if ancora := carla.chiede(t, i, "POST", automatiche, `{}`, "Idempotency-Key", "via"); ancora.body != avvio.body || ancora.header.Get("Location") != avvio.header.Get("Location") {
		t.Errorf("asked twice: %s %s", avvio.body, ancora.body)
	}
	carla.chiede(t, i, "POST", automatiche, `{}`).vuole(t, 409, "distribuzione.in_corso")
	i.chi("DARIA").chiede(t, i, "POST", automatiche, `{}`).vuole(t, 409, "distribuzione.in_corso")
	dove := avvio.header.Get("Location")
	if r := carla.chiede(t, i, "GET", dove, "").vuole(t, 200, ""); r.campo("stato") != "IN_CORSO" {
		t.Errorf("a run that has just begun\n%s", r.body)
	}
	i.Distributore.(*distributore).porta(t)

	r := carla.chiede(t, i, "GET", dove, "").vuole(t, 200, "")
	if r.campo("stato") != "COMPLETATA" || fmt.Sprintln(r.campo("assegnati"), r.campo("saltati"), r.campo("elaborati"), r.campo("totale")) != "3 0 3 3\n" || r.campo("coordinatore", "nome") != "CARLA Zafferani" {
		t.Errorf("a run that ended\n%s", r.body)
	}
	casi := carla.chiede(t, i, "GET", dove+"/casi?esito=ASSEGNATO&limit=10", "").vuole(t, 200, "")
	for n := range 3 {
		s := fmt.Sprint(n)
		if fmt.Sprint(casi.campo("items", s, "case_manager")) != fmt.Sprint(prova.campo("casi", s, "case_manager")) || fmt.Sprint(casi.campo("items", s, "spiegazione")) != fmt.Sprint(prova.campo("casi", s, "spiegazione")) {
			t.Errorf("case %d was not given as proposed\n%s\n%s", n, casi.body, prova.body)
		}
	}
	if c := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"da_assegnare"}`).vuole(t, 200, ""); fmt.Sprint(c.campo("totale")) != "0" {
		t.Errorf("the queue\n%s", c.body)
	}
	c := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "")
	if fmt.Sprint(c.campo("totale")) != "3" || c.campo("items", "0", "assegnato_da", "nome") != "sistema-assegnazione" || strings.Contains(c.body, "ANNA") {
		t.Errorf("the assigned list\n%s", c.body)
	}
	carla.chiede(t, i, "POST", dove+"/interruzioni", `{}`).vuole(t, 409, "distribuzione.non_in_corso")
}

// A run is seen by those whose territory holds all of it.
func TestARunIsSeenOnItsTerritory(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "GIADA", domain.CoordinatorePaIS, intero, "")
	carla, daria, elena, giada := i.chi("CARLA"), i.chi("DARIA"), i.chi("ELENA"), i.chi("GIADA")
	diCarla := carla.chiede(t, i, "POST", automatiche, `{"filtro":{"misura":"RDC","priorita":["ALTA"],"riassegnato":false}}`).vuole(t, 202, "").header.Get("Location")
	daria.chiede(t, i, "GET", diCarla, "").vuole(t, 404, "distribuzione.inesistente")
	daria.chiede(t, i, "POST", diCarla+"/interruzioni", `{}`).vuole(t, 404, "distribuzione.inesistente")
	elena.chiede(t, i, "POST", diCarla+"/interruzioni", `{}`).vuole(t, 409, "distribuzione.non_in_corso")
	giada.chiede(t, i, "POST", diCarla+"/interruzioni", `{}`).vuole(t, 202, "")
	i.Distributore.(*distributore).porta(t)
	if r := giada.chiede(t, i, "GET", diCarla, "").vuole(t, 200, ""); r.campo("stato") != "INTERROTTA" || fmt.Sprintln(r.campo("filtro", "riassegnato"), r.campo("filtro", "priorita")) != "false [ALTA]\n" {
		t.Errorf("an interrupted run\n%s", r.body)
	}
	i.Distributore.(*distributore).cominciat = nil
	diGiada := giada.chiede(t, i, "POST", automatiche, `{"filtro":{"comune":"F377"}}`).vuole(t, 202, "").header.Get("Location")
	i.Distributore.(*distributore).porta(t)
	carla.chiede(t, i, "GET", diGiada, "").vuole(t, 404, "distribuzione.inesistente")
	carla.chiede(t, i, "GET", diGiada+"/casi", "").vuole(t, 404, "distribuzione.inesistente")
	for chi, want := range map[*chi]string{&carla: "1", &daria: "0", &elena: "0", &giada: "2"} {
		if r := chi.chiede(t, i, "GET", automatiche+"?ordina=totale", "").vuole(t, 200, ""); fmt.Sprint(r.campo("totale")) != want {
			t.Errorf("%s sees %s", chi.nome, r.body)
		}
	}
	if r := giada.chiede(t, i, "GET", automatiche+"?stato=COMPLETATA", "").vuole(t, 200, ""); fmt.Sprintln(r.campo("totale"), r.campo("items", "0", "assegnati")) != "1 1\n" {
		t.Errorf("%s", r.body)
	}
	carla.chiede(t, i, "POST", automatiche, `{"filtro":{"comune":"F377"}}`).vuole(t, 422, "distribuzione.comune_fuori_territorio")
	carla.chiede(t, i, "POST", automatiche, `{"filtro":{"misura":"PDC"},"anteprima":true}`).vuole(t, 422, "distribuzione.misura_non_valida")
}
