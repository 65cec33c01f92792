package httpapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/differenza"
	"nucleo/domain/operatore"
)

// dati are the texts of personal data that a case holds, by the tags of its
// events.
func datiPersonali(t *testing.T, storia commands.Storia) map[string]bool {
	t.Helper()
	testi := map[string]bool{}
	for _, r := range storia.Eventi {
		for _, v := range differenza.Di(r.Event) {
			if v.Tipo != "" && v.Testo != v.Mascherato() {
				testi[v.Testo] = true
			}
		}
	}
	if len(testi) < 20 {
		t.Fatalf("the case holds %d texts of personal data: it shows nothing", len(testi))
	}
	return testi
}

// foglie are the texts and numbers of a document.
func foglie(v any, fa func(string)) {
	switch di := v.(type) {
	case map[string]any:
		for _, v := range di {
			foglie(v, fa)
		}
	case []any:
		for _, v := range di {
			foglie(v, fa)
		}
	default:
		fa(fmt.Sprint(di))
	}
}

func TestAnAuditorSeesTheWholeCaseAndNothingPersonal(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	l.vive(t)
	storia, err := i.Comandi.StoriaCaso(t.Context(), casoN(1), commands.Alla{})
	if err != nil {
		t.Fatal(err)
	}
	personali := datiPersonali(t, storia)
	caso := Base + "/casi/" + casoN(1).String()
	revisora := i.chi("REVISORA")
	intero := l.cm.chiede(t, i, "GET", caso, "").vuole(t, 200, "")
	for _, path := range []string{"/stato", "/differenze?da=1", "/eventi"} {
		r := revisora.chiede(t, i, "GET", caso+path, "").vuole(t, 200, "")
		foglie(r.campo(), func(testo string) {
			if personali[testo] && !pubbliche[testo] {
				t.Errorf("%s shows %q", path, testo)
			}
		})
		for _, c := range canarini[:6] {
			if strings.Contains(r.body, c) {
				t.Errorf("%s shows %q", path, c)
			}
		}
	}
	// What is not personal is what the case manager sees, to the last value.
	r := revisora.chiede(t, i, "GET", caso+"/stato", "").vuole(t, 200, "")
	visto, suo := map[string]bool{}, map[string]bool{}
	chiavi("", r.campo("caso"), visto)
	chiavi("", intero.campo(), suo)
	for k := range suo {
		if !visto[k] && !slices.ContainsFunc(taciuti, func(t string) bool { return strings.Contains(k, t) }) {
			t.Errorf("the auditor does not see %s", k)
		}
	}
	for _, campo := range []string{"stato", "scadenze", "beneficio.stato", "pais.versione", "nucleo.componenti.1.escluso_per_legge", "nucleo.componenti.0.esonerato", "incontri.1.inizio", "segnalazioni.0.in_ritardo"} {
		passi := strings.Split(campo, ".")
		if got, want := fmt.Sprint(r.campo(append([]string{"caso"}, passi...)...)), fmt.Sprint(intero.campo(passi...)); got != want {
			t.Errorf("%s is %s for the auditor, %s for the case manager", campo, got, want)
		}
	}
}

// taciuti are numbers and facts about people, which are not there when masked.
var taciuti = []string{"componenti[]", "recapiti", "isee", "importo_mensile", "punteggio", "quantita"}

// pubbliche are values that are personal where they say what somebody needs,
// and plain words elsewhere.
var pubbliche = map[string]bool{"true": true, "false": true, "1": true, "2": true, "3": true, "20": true, "G273": true, "RETI": true}

// The same case, asked as of a moment that has passed, is answered as it was
// answered then: whatever happened since.
func TestACaseAsOfAMomentIsWhatWasSeenThen(t *testing.T) {
	i := nuovo(t)
	l := i.alLavoro(t, 1)
	path := Base + "/casi/" + casoN(1).String() + "/stato"
	revisora := i.chi("REVISORA")
	allora := revisora.chiede(t, i, "GET", path, "").vuole(t, 200, "")
	versione, istante := fmt.Sprint(allora.campo("versione")), i.adesso()
	i.dopo.Store(int64(40 * 24 * time.Hour))
	i.rinomina(t, l.cm, "Zafferani Maritata")
	l.cm, l.etag = i.chi("ANNA"), ""
	l.etag = i.etagDi(t, l.cm, 1)
	l.vive(t)
	revisora = i.chi("REVISORA")
	for _, alla := range []string{istante.Format(time.RFC3339Nano), versione, istante.Format(time.DateOnly)} {
		r := revisora.chiede(t, i, "GET", path+"?alla="+alla, "").vuole(t, 200, "")
		if diff := cmp.Diff(allora.body, r.body); diff != "" {
			t.Errorf("as of %s (-then +now)\n%s", alla, diff)
		}
	}
}

// rinomina gives an operator another surname, as INPS or the desk would.
func (i *impianto) rinomina(t *testing.T, chi chi, cognome string) {
	t.Helper()
	stream := operatore.Decider.Stream(chi.id.String())
	var head domain.Head
	for r, err := range i.store.Read(t.Context(), stream) {
		if err != nil {
			t.Fatal(err)
		}
		head = r.Head()
	}
	nuova := operatrice(chi.nome)
	nuova.Cognome = cognome
	meta := domain.Meta{Comando: uuid.New(), Attore: uuid.New(), Ruolo: domain.SuperUtente, Canale: domain.HTTP, Istante: i.adesso()}
	if _, err := i.store.Append(t.Context(), stream, head, meta, nuova); err != nil {
		t.Fatal(err)
	}
	i.aggiornato(t)
}

func TestNamesInTheHistoryAreThoseOfThen(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	carla.assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	prima := i.adesso()
	i.dopo.Store(int64(time.Hour))
	i.rinomina(t, carla, "Maritata")
	caso := Base + "/casi/" + casoN(1).String()
	carla = i.chi("CARLA")
	carla.chiede(t, i, "POST", caso+"/annullamenti-assegnazione", `{"motivo":"RICHIESTA"}`, "If-Match", i.etagDi(t, carla, 1)).vuole(t, 201, "")
	r := i.chi("REVISORA").chiede(t, i, "GET", caso+"/eventi", "").vuole(t, 200, "")
	if got := fmt.Sprint(r.campo("eventi", "1", "attore_nome"), r.campo("eventi", "2", "attore_nome")); got != "CARLA ZafferaniCARLA Maritata" {
		t.Errorf("those who acted are called %s", got)
	}
	d := i.chi("REVISORA").chiede(t, i, "GET", caso+"/differenze?da="+prima.Format(time.RFC3339), "").vuole(t, 200, "")
	if got := fmt.Sprint(d.campo("items", "0", "percorso"), d.campo("items", "0", "dopo"), d.campo("items", "0", "evento", "attore", "nome")); got != "/assegnazione/case_manager<nil>CARLA Maritata" {
		t.Errorf("the difference says %s\n%s", got, d.body)
	}
}

func TestMomentsThatAreNoneAreRefused(t *testing.T) {
	i := nuovo(t)
	revisora, caso := i.chi("REVISORA"), Base+"/casi/"+casoN(1).String()
	for alla, codice := range map[string]string{
		"2020-01-01": "caso.non_ancora", "2020-01-01T00:00:00Z": "caso.non_ancora", "99": "caso.versione_assente",
		"2027-01-01": "eventi.momento_futuro", "2026-05-04T08:00:01Z": "eventi.momento_futuro", "2026-02-31": "eventi.momento_non_valido",
	} {
		stato := 400
		if strings.HasPrefix(codice, "caso.") {
			stato = 404
		}
		for _, path := range []string{"/stato?alla=", "/eventi?alla=", "/differenze?a="} {
			revisora.chiede(t, i, "GET", caso+path+alla, "").vuole(t, stato, codice)
		}
	}
	i.chi("CARLA").assegna(t, i, 1, i.chi("ANNA")).vuole(t, 201, "")
	revisora.chiede(t, i, "GET", caso+"/differenze?da=2&a=1", "").vuole(t, 400, "differenze.momenti_inversi")
	revisora.chiede(t, i, "GET", caso+"/differenze?da=2020-01-01", "").vuole(t, 404, "caso.non_ancora")
	var d differenze
	if err := json.Unmarshal([]byte(revisora.chiede(t, i, "GET", caso+"/differenze?da=1&a=2", "").vuole(t, 200, "").body), &d); err != nil || len(d.Items) == 0 || d.Items[0].Evento.Tipo != "CasoAssegnato" {
		t.Errorf("%v %+v", err, d)
	}
}
