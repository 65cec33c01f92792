package httpapi

import (
	"strings"
	"testing"
	"time"

	"nucleo/httpapi/auth"
)

// con is a person with a token that says something else about the sign-in.
func (i *impianto) con(c chi, claims map[string]any) chi {
	tutti := map[string]any{"sub": "s-" + c.nome, auth.ClaimEID: "TINIT-" + c.codice, "acr": auth.SpidL2}
	for nome, valore := range claims {
		tutti[nome] = valore
	}
	c.token = i.token(tutti)
	return c
}

func TestADecisionTakesASignInOfTheLastMinutes(t *testing.T) {
	i := nuovo(t)
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	dove, prima := i.segnala(t, 1, carla, anna)
	decisa := dove + "/" + prima + "/decisioni"
	lista := `{"decisione":"approvata","segnalazioni":[{"caso_id":"` + casoN(1).String() + `","segnalazione_id":"` + prima + `"}]}`
	fa := func(d time.Duration) chi {
		return i.con(carla, map[string]any{"auth_time": i.adesso().Add(-d).Unix()})
	}
	for nome, chi := range map[string]chi{"no auth_time": i.con(carla, nil), "five minutes ago": fa(5 * time.Minute), "an hour ago": fa(time.Hour)} {
		for path, corpo := range map[string]string{decisa: `{"decisione":"approvata"}`, Base + "/segnalazioni/decisioni": lista} {
			r := chi.chiede(t, i, "POST", path, corpo).vuole(t, 401, "accesso.non_recente")
			if got := r.header.Get("WWW-Authenticate"); got != `Bearer realm="nucleo", error="insufficient_user_authentication", max_age=300` {
				t.Errorf("%s: %s", nome, got)
			}
		}
		chi.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "") // all else goes on
	}
	i.con(anna, nil).chiede(t, i, "POST", decisa, `{"decisione":"approvata"}`).vuole(t, 403, "vietato") // who may not is not asked to sign in
	fa(5*time.Minute-time.Second).chiede(t, i, "POST", decisa, `{"decisione":"approvata"}`).vuole(t, 201, "")

	i.dopo.Add(int64(5 * time.Minute))
	carla.chiede(t, i, "POST", decisa, `{"decisione":"approvata"}`).vuole(t, 401, "accesso.non_recente") // the token, which was good, has aged
	if r := i.con(carla, map[string]any{"auth_time": "now"}).chiede(t, i, "GET", Base+"/profili", ""); r.status != 401 || strings.Contains(r.header.Get("WWW-Authenticate"), "insufficient") {
		t.Errorf("an auth_time that is no time: %d %v", r.status, r.header)
	}
}
