package httpapi

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// D-6: what a coordinator can read, sort, count or time is the same whether a
// case has just been assigned or is in monitoring.
func TestACoordinatorCannotTellHowFarACaseHasCome(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	l := i.alLavoro(t, 1)
	carla.assegna(t, i, 2, l.cm).vuole(t, 201, "")
	i.aggiornato(t)
	prima := i.vistaDi(t, carla)
	l.vive(t)
	i.aggiornato(t)
	if diff := cmp.Diff(prima, i.vistaDi(t, carla)); diff != "" {
		t.Errorf("what a coordinator sees changed as the case went on\n%s", diff)
	}
}

// vistaDi is all that a coordinator is told of cases one by one, ETags included.
func (i *impianto) vistaDi(t *testing.T, carla chi) map[string]string {
	t.Helper()
	vista := map[string]string{}
	for _, path := range []string{"", "/cronologia-assegnazioni"} {
		vista["case"+path] = senzaPosizione(impronta(carla.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+path, "")))
	}
	for _, ordine := range []string{"data_assegnazione", "data_presentazione", "nominativo", "case_manager", "assegnato_da", "codice_fiscale", "comune", "indirizzo", "riassegnato", "misura"} {
		r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati","ordina":"`+ordine+`"}`).vuole(t, 200, "")
		vista["by "+ordine] = senzaPosizione(impronta(r))
	}
	return vista
}

// lunghezza is how long an answer is; what it holds is compared itself.
var lunghezza = regexp.MustCompile(`Content-Length: \d+`)

// senzaPosizione leaves out of a list how long the log was when it was read: of
// all cases together, and of who looked at them. A digit more makes it longer.
func senzaPosizione(s string) string {
	i := strings.Index(s, `"posizione":`)
	if i < 0 {
		return s
	}
	return lunghezza.ReplaceAllString(s[:i], "") + strings.TrimLeft(s[i+len(`"posizione":`):], "0123456789")
}

// A store that takes longer for one case than for another stands for long
// stories and short ones.
func TestHowLongACaseTakesToReadIsNotTold(t *testing.T) {
	legge := time.Duration(0)
	i := nuovo(t, func(i *impianto) {
		i.Comandi.Store = &guasto{Store: i.Comandi.Store, read: func(_ context.Context, stream string) error {
			if strings.HasPrefix(stream, "caso-") {
				i.dopo.Add(int64(legge))
			}
			return nil
		}}
	})
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	caso := Base + "/casi/" + casoN(1).String()
	for _, legge = range []time.Duration{time.Millisecond, 17 * time.Millisecond} {
		for nome, risposta := range map[string]func() risposta{
			"a coordinator reads":           func() risposta { return carla.chiede(t, i, "GET", caso, "") },
			"a coordinator comes late":      func() risposta { return carla.assegna(t, i, 1, anna, "If-Match", `"none"`) },
			"somebody else's case manager":  func() risposta { return anna.chiede(t, i, "GET", caso, "") },
			"a case manager writes into it": func() risposta { return anna.chiede(t, i, "POST", caso+"/annotazioni", `{"testo":"x"}`) },
		} {
			i.pause.Store(-1)
			if r := risposta(); r.status >= 500 {
				t.Fatal(r.body)
			}
			if got, want := time.Duration(i.pause.Load()), passoRisposte-legge; got != want {
				t.Errorf("%s: held back for %s after %s, want %s", nome, got, legge, want)
			}
		}
	}
}

func TestAnswersAreHeldBackToTheEndOfAStep(t *testing.T) {
	for passato, want := range map[time.Duration]time.Duration{0: 0, 1: 24, 24: 1, 25: 0, 26: 24, 60: 15, -3: 0} {
		if got := alPasso(passato, 25); got != want {
			t.Errorf("after %d, %d more, want %d", passato, got, want)
		}
	}
}
