package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/domain"
	"nucleo/httpapi/auth"
	"nucleo/internal/postgres/pgtest"
)

func TestJSONThatTwoReadersCouldReadDifferentlyIsRefused(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	for corpo, codice := range map[string]string{
		`{"lista":"assegnati","lista":"da_assegnare"}`:                          "richiesta.campo_ripetuto",
		`{"lista":"assegnati","\u006cista":"da_assegnare"}`:                     "richiesta.campo_ripetuto",
		`{"lista":"assegnati","comune":{"a":1,"a":2}}`:                          "richiesta.campo_ripetuto",
		`{"lista":"assegnati","LISTA":"da_assegnare"}`:                          "richiesta.non_conforme",
		`{"Lista":"assegnati"}`:                                                 "richiesta.non_conforme",
		`{"lista":"assegnati","altro":1}`:                                       "richiesta.non_conforme",
		`{"lista":"assegnati"} {}`:                                              "richiesta.json_non_valido",
		`{"lista":"assegnati"}x`:                                                "richiesta.json_non_valido",
		`{"lista":"assegnati","nome":"a` + "\x00" + `"}`:                        "richiesta.json_non_valido",
		`{"lista":"assegnati","nome":"a\u0000"}`:                                "richiesta.json_non_valido",
		`{"lista":"assegnati","nome":"a` + "\xff" + `"}`:                        "richiesta.json_non_valido",
		`{"lista":"assegnati","nome":"\ud800"}`:                                 "richiesta.json_non_valido",
		`{"lista":"assegnati","limit":1e400}`:                                   "",
		`{"lista":"assegnati","limit":10.5}`:                                    "",
		`{"lista":"assegnati","limit":"10"}`:                                    "richiesta.non_conforme",
		`{"lista":"assegnati","limit":11}`:                                      "richiesta.non_conforme",
		`{"lista":"assegnati","limit":99999999999999999999999999}`:              "",
		`{"lista":"assegnati","nome":null}`:                                     "richiesta.non_conforme",
		`{"lista":"assegnati","case_manager_id":"x"}`:                           "richiesta.non_conforme",
		`{"lista":["assegnati"]}`:                                               "richiesta.non_conforme",
		`{"lista":"assegnati","nome":"` + strings.Repeat("a", 201) + `"}`:       "richiesta.non_conforme",
		`{"lista":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`: "richiesta.troppo_annidata",
		strings.Repeat("[", 100_000):                                            "richiesta.troppo_annidata",
		`[]`:                                                                    "richiesta.non_conforme",
		`null`:                                                                  "richiesta.non_conforme",
		`"x"`:                                                                   "richiesta.non_conforme",
		`{`:                                                                     "richiesta.json_non_valido",
		`{"lista":"assegnati",}`:                                                "richiesta.json_non_valido",
		`{'lista':'assegnati'}`:                                                 "richiesta.json_non_valido",
		"\ufeff" + `{"lista":"assegnati"}`:                                      "richiesta.json_non_valido",
		"":                                                                      "",
		" ":                                                                     "richiesta.json_non_valido",
	} {
		r := carla.chiede(t, i, "POST", Base+"/casi/ricerche", corpo)
		if r.status != 400 || codice != "" && r.codice() != codice {
			t.Errorf("%.60q: %d %s, want 400 %s", corpo, r.status, r.codice(), codice)
		}
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati","nome":"D\u0027Angelo \ud83d\ude00"}`).vuole(t, 200, "")
	grande := `{"lista":"assegnati","nome":"` + strings.Repeat("a", maxBody) + `"}`
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", grande).vuole(t, 413, "richiesta.troppo_grande")
	for _, tipo := range []string{"", "text/plain", "application/xml", "application/json; charset", "application/jsonx"} {
		carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Content-Type", tipo).vuole(t, 415, "richiesta.tipo_contenuto")
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Content-Type", "Application/JSON; charset=UTF-8").vuole(t, 200, "")
}

func TestPathsHaveOneSpellingAndNoOther(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	uno := casoN(1).String()
	for _, path := range []string{
		"/", "/rest", Base, Base + "/", Base + "/casi", Base + "/casi/", Base + "/nulla", "/rest/nucleo/v2/profili", "/status/",
		"/" + Base + "/profili", Base + "//profili", Base + "/./profili", Base + "/casi/../profili", Base + "/%2e/profili", Base + "/casi/%2e%2e/profili",
		Base + "/%70rofili", Base + "/profili%2f", Base + "/profili;x=1", Base + "/PROFILI", Base + "/casi%2f" + uno, Base + "/profili%00",
	} {
		if r := carla.chiede(t, i, "GET", path, ""); r.status != 404 && r.status != 405 && r.status != 400 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	for _, male := range []string{"x", "%2e%2e", strings.ToUpper(uno), "{" + uno + "}", "urn:uuid:" + uno, uno + "%00", strings.ReplaceAll(uno, "-", "")} {
		if r := carla.chiede(t, i, "GET", Base+"/casi/"+male, ""); r.status != 404 && r.status != 400 {
			t.Errorf("case %s: %d", male, r.status)
		}
	}
	for _, query := range []string{"?x=1", "?comune=G273&comune=F377", "?comune=g273", "?comune=", "", "?comune=G273%00", "?comune=%zz", "?comune=G273;x=1"} {
		carla.chiede(t, i, "GET", Base+"/case-manager"+query, "").vuole(t, 400, "richiesta.non_conforme")
	}
}

func TestMethodsThatAPathDoesNotTakeAreNamed(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	for path, allow := range map[string]string{
		Base + "/profili": "GET, HEAD", Base + "/casi/ricerche": "POST", Base + "/operatori": "GET, HEAD, POST", "/status": "GET, HEAD",
		Base + "/casi/" + casoN(1).String() + "/assegnazioni": "POST",
	} {
		for _, m := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			r := carla.chiede(t, i, m, path, "").vuole(t, 405, "richiesta.metodo_non_consentito")
			if r.header.Get("Allow") != allow {
				t.Errorf("%s %s: Allow: %s", m, path, r.header.Get("Allow"))
			}
		}
	}
	carla.chiede(t, i, "GET", Base+"/profili", "", "X-HTTP-Method-Override", "DELETE").vuole(t, 200, "")
	get := carla.chiede(t, i, "GET", Base+"/profili", "")
	head := carla.chiede(t, i, "HEAD", Base+"/profili", "")
	if head.status != 200 || head.body != "" || head.header.Get("Content-Length") != get.header.Get("Content-Length") {
		t.Errorf("HEAD: %d %q %v", head.status, head.body, head.header)
	}
}

func TestWhoAsksIsKnownBeforeAnythingElse(t *testing.T) {
	i := nuovo(t)
	nessuno := chi{}
	for _, r := range routes {
		if r.right == aperta {
			continue
		}
		path := strings.ReplaceAll(perID(func(string) string { return casoN(1).String() }).Replace(r.path), "{ambito}", "PA42")
		risposta := nessuno.chiede(t, i, r.method, path, "").vuole(t, 401, "accesso.token_mancante")
		if risposta.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", r.name())
		}
	}
	profili := Base + "/profili"
	nessuno.chiede(t, i, "GET", profili, "", "Authorization", "Basic eDp5").vuole(t, 401, "accesso.token_mancante")
	nessuno.chiede(t, i, "GET", profili, "", "Authorization", "Bearer a.b.c").vuole(t, 401, "")
	nessuno.chiede(t, i, "GET", profili, "", "Authorization", "bearer "+i.chi("CARLA").token).vuole(t, 200, "")
	debole := chi{token: i.token(map[string]any{"sub": "x", auth.ClaimEID: codiceDi("CARLA"), "acr": "https://www.spid.gov.it/SpidL1"})}
	debole.chiede(t, i, "GET", profili, "").vuole(t, 403, "token.livello")
	ignota := i.chi("IGNOTA")
	if r := ignota.chiede(t, i, "GET", profili, "").vuole(t, 200, ""); r.campo("profili", "0") != nil || r.campo("nome") != "" {
		t.Errorf("somebody unknown: %s", r.body)
	}
	ignota.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 403, "accesso.non_accreditato")
}

func TestWhoHasSeveralProfilesChooses(t *testing.T) {
	i := nuovo(t)
	doppia := i.chi("DOPPIA")
	cerca := func(headers ...string) risposta {
		return doppia.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, headers...)
	}
	scelta := cerca().vuole(t, 409, "accesso.profilo_da_scegliere")
	if scelta.campo("profili", "0", "ruolo") != "COORDINATORE_PAIS" || scelta.campo("profili", "1", "ruolo") != "CASE_MANAGER" {
		t.Errorf("the list to choose from: %s", scelta.body)
	}
	coordina, segue := fmt.Sprint(scelta.campo("profili", "0", "id")), fmt.Sprint(scelta.campo("profili", "1", "id"))
	cerca("Profilo", coordina).vuole(t, 200, "")
	cerca("Profilo", segue).vuole(t, 403, "vietato")
	for _, altro := range []string{"x", "00000000-0000-4000-8000-000000000000"} {
		cerca("Profilo", altro).vuole(t, 403, "accesso.profilo_sconosciuto")
	}
	r := doppia.chiede(t, i, "GET", Base+"/profili", "", "Profilo", segue).vuole(t, 200, "")
	if r.campo("profili", "0", "attivo") != false || r.campo("profili", "1", "attivo") != true {
		t.Errorf("active profile: %s", r.body)
	}
}

func TestAPanicIsAnsweredWithoutDetail(t *testing.T) {
	i := nuovo(t, func(i *impianto) {
		i.Metriche = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("CANARINA BIAGIA") })
	})
	var viste []string
	i.Osserva = func(rotta string, status int, _ time.Duration) { viste = append(viste, fmt.Sprint(rotta, " ", status)) }
	r := chi{}.chiede(t, i, "GET", "/metrics", "").vuole(t, 500, "interno")
	if strings.Contains(r.body, "CANARINA") || strings.Contains(r.body, ".go") {
		t.Error(r.body)
	}
	if !strings.Contains(i.log.String(), fmt.Sprint(strings.TrimPrefix(fmt.Sprint(r.campo("instance")), "urn:uuid:"))) {
		t.Error("the log does not know the instance")
	}
	chi{}.chiede(t, i, "GET", "/livez", "")
	chi{}.chiede(t, i, "GET", "/nulla", "")
	if want := []string{"GET /metrics 500", "GET /livez 200", " 404"}; !slices.Equal(want, viste) {
		t.Errorf("observed %q", viste)
	}
}

func TestABrokenStoreIsAnsweredInTime(t *testing.T) {
	store := &guasto{}
	i := nuovo(t, func(i *impianto) {
		store.Store = i.Comandi.Store
		i.Comandi.Store, i.Scadenza = store, 300*time.Millisecond
	})
	carla := i.chi("CARLA")
	caso := Base + "/casi/" + casoN(1).String()
	etag := i.etagDi(t, carla, 1)
	assegna := func() risposta {
		inizio := time.Now()
		r := carla.chiede(t, i, "POST", caso+"/assegnazioni", `{"case_manager_id":"`+i.chi("ANNA").id.String()+`"}`, "If-Match", etag, "Idempotency-Key", "k")
		if d := time.Since(inizio); d > 10*time.Second {
			t.Errorf("answered after %s", d)
		}
		return r
	}
	for codice, read := range map[string]func(context.Context, string) error{
		"archivio.non_disponibile": func(context.Context, string) error { return fmt.Errorf("read: %w", domain.ErrNonDisponibile) },
		"archivio.esito_incerto":   func(context.Context, string) error { return fmt.Errorf("append: %w", domain.ErrEsitoIncerto) },
		"interno":                  func(context.Context, string) error { return errors.New("10.0.0.1: disk on fire") },
	} {
		store.read = read
		status := 503
		if codice == "interno" {
			status = 500
		}
		if r := assegna().vuole(t, status, codice); strings.Contains(r.body, "10.0.0.1") {
			t.Error(r.body)
		}
	}
	store.read = func(ctx context.Context, _ string) error { <-ctx.Done(); return fmt.Errorf("read: %w", ctx.Err()) }
	assegna().vuole(t, 503, "archivio.non_disponibile")
	carla.chiede(t, i, "GET", caso, "").vuole(t, 503, "archivio.non_disponibile")
	store.read = nil
	assegna().vuole(t, 201, "")
}

func TestListsThatCannotBeReadAreUnavailable(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	vero := i.Lettura
	morto, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/nothing")
	if err != nil {
		t.Fatal(err)
	}
	i.Lettura = morto
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 503, "liste.non_disponibili")
	if r := i.chi("REVISORA").chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"/eventi", "").vuole(t, 200, ""); strings.Contains(r.body, `"cancellazioni"`) {
		t.Errorf("a replay without lists says that there are no erasures: %s", r.body)
	}
	carla.assegna(t, i, 1, i.chi("ANNA"), "Prefer", "").vuole(t, 201, "")
	morto.Close()
	if i.Lettura, err = pgxpool.New(t.Context(), pgtest.Database(t)); err != nil { // reached, but without tables yet
		t.Fatal(err)
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 503, "liste.non_disponibili")
	i.Lettura.Close()
	i.Lettura = vero
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`).vuole(t, 200, "")
}

func TestAListWaitsForWhatTheCallerHasSeen(t *testing.T) {
	i := nuovo(t)
	carla := i.chi("CARLA")
	cerca := func(headers ...string) risposta {
		return carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, headers...).vuole(t, 200, "")
	}
	fatto := carla.assegna(t, i, 1, i.chi("ANNA"), "Prefer", "").vuole(t, 201, "")
	if r := cerca("Posizione-Minima", fmt.Sprint(fatto.campo("posizione"))); r.campo("items", "0", "id") != casoN(1).String() {
		t.Errorf("not there yet: %s", r.body)
	}
	if r := cerca("Posizione-Minima", "999999999", "Prefer", "respond-async, wait=1"); r.header.Get("Preference-Applied") != "" {
		t.Error("claims to show what has not happened")
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", `{"lista":"assegnati"}`, "Posizione-Minima", "-1").vuole(t, 400, "richiesta.non_conforme")
}

func TestTheServiceSaysHowItDoes(t *testing.T) {
	salute := &benessere{[]Parte{{Nome: "archivio", Bene: true}}}
	i := nuovo(t, func(i *impianto) { i.Salute = salute })
	for _, path := range []string{"/status", "/livez", "/readyz", "/metrics", "/openapi.json", Base + "/problemi/caso.gia_assegnato"} {
		chi{}.chiede(t, i, "GET", path, "").vuole(t, 200, "")
	}
	salute.parti[0].Bene = false
	chi{}.chiede(t, i, "GET", "/status", "").vuole(t, 503, "")
	if r := (chi{}).chiede(t, i, "GET", "/readyz", "").vuole(t, 503, "non_pronto"); strings.Contains(r.body, "10.0.0.1") {
		t.Error(r.body)
	}
	chi{}.chiede(t, i, "GET", "/livez", "").vuole(t, 200, "")
}
