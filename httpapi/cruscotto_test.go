package httpapi

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/giorno"
)

// cruscotto reads a section of the dashboard.
func (c chi) cruscotto(t *testing.T, i *impianto, sezione string) risposta {
	t.Helper()
	return c.chiede(t, i, "GET", Base+"/cruscotto/"+sezione, "").vuole(t, 200, "")
}

func TestTheDashboardShowsWhatTheCallerMayCount(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "CONTA", "ANALISTA", ovunque, "")
	i.accredita(t, "INTERA", "COORDINATORE_PAIS", intero, "")
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	carla.assegna(t, i, 1, anna).vuole(t, 201, "")
	i.aggiornato(t)
	for chi, vuole := range map[string]string{
		"CARLA":      "3 2 1", // Palermo
		"DARIA":      "1 1 0", // Trabia
		"ELENA":      "0 0 0", // another ambito
		"INTERA":     "4 3 1",
		"AMMINISTRA": "<nil> <nil> <nil>", // too few to be told
		"SUPER":      "<nil> <nil> <nil>",
		"CONTA":      "<nil> <nil> <nil>",
	} {
		g := i.chi(chi).cruscotto(t, i, "generale")
		if got := fmt.Sprint(g.campo("nuclei"), " ", g.campo("da_assegnare"), " ", g.campo("assegnati")); got != vuole {
			t.Errorf("%s counts %s, want %s", chi, got, vuole)
		}
	}
	if r := i.chi("REVISORA").chiede(t, i, "GET", Base+"/cruscotto/generale", ""); r.status != 403 {
		t.Errorf("an auditor counts: %s", r.body)
	}
	g := carla.cruscotto(t, i, "generale?misura=RDC&comune=G273&dal=2026-01-01&al=2026-05-31")
	if g.campo("stati", "0", "etichetta") != "da avviare" || g.campo("segnalazioni", "4", "etichetta") != "In uscita" {
		t.Errorf("the states: %s", g.body)
	}
	if fmt.Sprint(g.campo("tempo_assegnazione", "giorni_medi")) != "70" {
		t.Errorf("the first case waited 70 days: %s", g.body)
	}
	if n := carla.cruscotto(t, i, "generale?misura=ADI").campo("nuclei"); fmt.Sprint(n) != "0" {
		t.Errorf("of ADI there are %v", n)
	}
	anna.chiede(t, i, "GET", Base+"/cruscotto/generale", "").vuole(t, 403, "vietato")
	carla.chiede(t, i, "GET", Base+"/cruscotto/generale?dal=2026-02-30", "").vuole(t, 400, "ricerca.periodo_non_valido")
	carla.chiede(t, i, "GET", Base+"/cruscotto/generale?dal=2026-02-02&al=2026-02-01", "").vuole(t, 400, "ricerca.periodo_non_valido")
}

// Carla knows which cases there are; the figures of so few would tell her how
// far each has come (ACC-12).
func TestACoordinatorCannotFollowOneCaseOnTheDashboard(t *testing.T) {
	i := nuovo(t)
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	carla.assegna(t, i, 1, anna).vuole(t, 201, "")
	i.aggiornato(t)
	g := carla.cruscotto(t, i, "generale?misura=RDC&comune=G273&dal=2026-01-01&al=2026-05-04")
	if got := fmt.Sprintf("%v %v %v", g.campo("nuclei"), g.campo("assegnati"), g.campo("tempo_assegnazione", "casi")); got != "3 1 1" {
		t.Errorf("what the lists tell too: %s", g.body)
	}
	for _, nascosto := range [][]string{{"presi_in_carico"}, {"pais_firmati"}, {"stati", "0", "casi"}, {"stati", "9", "casi"}, {"tempo_avvio", "casi"}} {
		if v := g.campo(nascosto...); v != nil {
			t.Errorf("%v is %v", nascosto, v)
		}
	}
	a := carla.cruscotto(t, i, "ambito?comune=G273")
	if a.campo("comuni", "0", "presi_in_carico") != nil || fmt.Sprint(a.campo("comuni", "0", "nuclei")) != "3" || a.campo("scadenze", "0") != nil {
		t.Errorf("one comune: %s", a.body)
	}
	if v := carla.cruscotto(t, i, "andamento?comune=G273"); v.campo("items", "12", "avviate") != nil || fmt.Sprint(v.campo("items", "12", "assegnate")) != "1" {
		t.Errorf("what happened in it: %s", v.body)
	}
	for _, giorni := range []string{"dal=2026-02-02", "al=2026-02-27"} {
		carla.chiede(t, i, "GET", Base+"/cruscotto/generale?"+giorni, "").vuole(t, 400, "cruscotto.mesi_interi")
		carla.chiede(t, i, "GET", Base+"/cruscotto/ambito?"+giorni, "").vuole(t, 400, "cruscotto.mesi_interi")
	}
	carla.cruscotto(t, i, "generale?dal=2026-02-01&al=2026-02-28")
}

func TestTheDashboardShowsTheAmbito(t *testing.T) {
	i := nuovo(t)
	i.accredita(t, "CONTA", "ANALISTA", ovunque, "")
	i.accredita(t, "INTERA", "COORDINATORE_PAIS", intero, "")
	carla, bruna := i.chi("CARLA"), i.chi("BRUNA")
	carla.assegna(t, i, 1, bruna).vuole(t, 201, "")
	i.aggiornato(t)
	v := i.chi("INTERA").cruscotto(t, i, "ambito")
	var comuni []string
	for n := range 2 {
		c := fmt.Sprint(n)
		comuni = append(comuni, fmt.Sprint(v.campo("comuni", c, "comune", "codice"), " ", v.campo("comuni", c, "nuclei"), " ", v.campo("comuni", c, "da_assegnare"), " ",
			v.campo("comuni", c, "coordinatori"), " ", v.campo("comuni", c, "case_manager"), " ", v.campo("comuni", c, "coperto")))
	}
	// CARLA, DOPPIA and INTERA coordinate Palermo, where ANNA, BRUNA and DOPPIA carry cases; DARIA, INTERA and BRUNA do in Trabia.
	if diff := cmp.Diff([]string{"G273 3 2 3 3 true", "F377 1 1 2 1 true"}, comuni); diff != "" {
		t.Error(diff)
	}
	if v.campo("case_manager", "0", "id") != bruna.id.String() || fmt.Sprint(v.campo("case_manager", "0", "carico", "non_in_monitoraggio")) != "1" || v.campo("case_manager", "0", "nome") != "BRUNA Zafferani" {
		t.Errorf("the desk of Bruna: %s", v.body)
	}
	if v.campo("operatori", "0", "ruolo") != "AMMINISTRATORE_AMBITO" || fmt.Sprint(v.campo("operatori", "1", "numero")) != "3" {
		t.Errorf("the people: %s", v.body)
	}
	// The RDC domande were recognised by nobody yet: no clock runs until one waits for INPS to be told.
	if v.campo("scadenze", "0") != nil {
		t.Errorf("the clocks: %s", v.body)
	}
	if c := i.chi("DARIA").cruscotto(t, i, "ambito"); c.campo("comuni", "0", "comune", "codice") != "F377" || c.campo("comuni", "1") != nil || c.campo("case_manager", "0") != nil {
		t.Errorf("Daria sees beyond Trabia: %s", c.body)
	}
	if c := carla.cruscotto(t, i, "ambito?ambito=AG01"); c.campo("comuni", "0") != nil || c.campo("operatori", "0") != nil {
		t.Errorf("Carla sees another ambito: %s", c.body)
	}
	analista := i.chi("CONTA")
	analista.chiede(t, i, "GET", Base+"/cruscotto/ambito", "").vuole(t, 400, "cruscotto.ambito_mancante")
	for _, c := range []risposta{analista.cruscotto(t, i, "ambito?ambito=PA42"), i.chi("AMMINISTRA").cruscotto(t, i, "ambito")} {
		if c.campo("comuni", "0", "comune", "codice") != "G273" || c.campo("comuni", "0", "nuclei") != nil || c.campo("case_manager", "0") != nil {
			t.Errorf("who may only count is told of few: %s", c.body)
		}
	}
	if c := i.chi("SUPER").cruscotto(t, i, "ambito?ambito=AG01"); c.campo("comuni", "0", "comune", "codice") != "A089" || fmt.Sprint(c.campo("comuni", "0", "nuclei")) != "0" {
		t.Errorf("a comune without cases: %s", c.body)
	}
}

func TestTheDashboardTellsWhatHappened(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	carla.assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	i.aggiornato(t)
	v := carla.cruscotto(t, i, "andamento")
	if v.campo("passo") != "MESE" || v.campo("dal") != "2025-05-05" || v.campo("items", "12", "dal") != "2026-05-01" || v.campo("items", "13") != nil {
		t.Errorf("the last year: %s", v.body)
	}
	if fmt.Sprintf("%v %v %v", v.campo("items", "12", "ricevute"), v.campo("items", "12", "assegnate"), v.campo("items", "11", "ricevute")) != "3 1 0" {
		t.Errorf("this month: %s", v.body)
	}
	v = carla.cruscotto(t, i, "andamento?passo=SETTIMANA&dal=2026-04-29&al=2026-05-05")
	if v.campo("items", "0", "dal") != "2026-04-27" || fmt.Sprintf("%v %v", v.campo("items", "1", "dal"), v.campo("items", "1", "ricevute")) != "2026-05-04 3" || v.campo("items", "2") != nil {
		t.Errorf("two weeks: %s", v.body)
	}
	if v = carla.cruscotto(t, i, "andamento?passo=GIORNO&dal=2026-05-03&al=2026-05-04&comune=F377"); fmt.Sprint(v.campo("items", "1", "ricevute")) != "0" {
		t.Errorf("Carla counts in Trabia: %s", v.body)
	}
	carla.chiede(t, i, "GET", Base+"/cruscotto/andamento?passo=GIORNO&dal=2024-01-01&al=2026-01-01", "").vuole(t, 400, "cruscotto.periodo_troppo_lungo")
}

func TestACaseManagerSeesHowTheirOwnCasesStand(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.conSegnalazione(t, giorno.Data(2026, 5, 2))
	v := l.cm.cruscotto(t, i, "miei")
	if got := fmt.Sprintln(v.campo("nuclei"), v.campo("assegnati"), v.campo("carico", "non_in_monitoraggio"), v.campo("stati", "0", "casi"), v.campo("segnalazioni", "0", "numero")); got != "1 1 1 1 1\n" {
		t.Errorf("%s in %s", got, v.body)
	}
	if v.campo("scadenze", "0", "tipo") != "SEGNALAZIONE_10" || fmt.Sprint(v.campo("scadenze", "0", "superate")) != "1" {
		t.Errorf("the terms: %s", v.body)
	}
	if v := l.cm.cruscotto(t, i, "miei?misura=ADI&comune=F377"); fmt.Sprintln(v.campo("nuclei"), v.campo("scadenze")) != "0 []\n" {
		t.Errorf("of another kind, elsewhere: %s", v.body)
	}
	if v := i.chi("BRUNA").cruscotto(t, i, "miei"); fmt.Sprintln(v.campo("nuclei"), v.campo("segnalazioni", "0", "numero"), v.campo("scadenze")) != "0 0 []\n" {
		t.Errorf("a colleague counts them: %s", v.body)
	}
	for _, altri := range []string{"CARLA", "AMMINISTRA", "REVISORA"} {
		i.chi(altri).chiede(t, i, "GET", Base+"/cruscotto/miei", "").vuole(t, 403, "vietato")
	}
}
