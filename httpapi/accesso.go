package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"nucleo/httpapi/auth"
	"nucleo/httpapi/sessione"
)

// Accesso signs people in by the browser, at the identity provider.
type Accesso interface {
	Inizia(ctx context.Context, ritorno string, forte bool) (to, sealed string, err error)
	Ritorna(ctx context.Context, sealed string, said url.Values) (auth.Entrata, error)
	Uscita(ctx context.Context) string
}

// ritorni are the places to which a sign-in may lead: an address that others
// choose would lead anywhere.
var ritorni = []string{Base + "/sessione", Base + "/profili"}

var (
	errSenzaAccesso = problem(404, "accesso.non_configurato", "nobody signs in by the browser here: NUCLEO_OIDC_CLIENT_ID is not set; send a bearer token")
	errRitorno      = problem(400, "accesso.ritorno_non_ammesso", "a sign-in does not lead there: leave ritorno out, or name one of the paths of the contract")
)

// accedi sends the browser to the identity provider, with forte for a person
// who is signed in and shall sign in anew.
func (a *API) accedi(w http.ResponseWriter, q *request) error {
	if a.Accesso == nil {
		return errSenzaAccesso
	}
	chiesto := q.URL.Query()
	ritorno := ritorni[0]
	if chiesto.Has("ritorno") {
		ritorno = chiesto.Get("ritorno")
	}
	if !slices.Contains(ritorni, ritorno) && !slices.Contains(a.Ritorni, ritorno) {
		return errRitorno
	}
	to, sealed, err := a.Accesso.Inizia(q.Context(), ritorno, chiesto.Get("forte") == "true")
	if err != nil {
		return tokenError(err)
	}
	http.SetCookie(w, biscotto(biscottoTentativo, sealed, auth.DurataTentativo))
	return vai(w, to)
}

// ritorna ends a sign-in and begins a session. One of the same person that was
// under way goes on under the new token, with its profile; any other ends.
func (a *API) ritorna(w http.ResponseWriter, q *request) error {
	if a.Accesso == nil {
		return errSenzaAccesso
	}
	http.SetCookie(w, biscotto(biscottoTentativo, "", -time.Second)) // works once
	sealed, err := unico(q, biscottoTentativo)
	if err != nil {
		return err
	}
	in, err := a.Accesso.Ritorna(q.Context(), sealed, q.URL.Query())
	if err != nil {
		a.rifiutato(q, err)
		a.nonEntraPer(q, err)
		return tokenError(err)
	}
	adesso := a.Adesso()
	token, nuova := sessione.Sessione{
		Operatore: a.Comandi.OperatoreDi(in.CodiceFiscale), Acr: in.Acr, Autenticata: in.AuthTime, Creata: adesso, Vista: adesso, Scade: adesso.Add(a.intera()),
	}.Rinnovata()
	vecchia, presente, err := a.inCorso(q)
	if err != nil {
		return err
	}
	if presente && vecchia.Operatore == nuova.Operatore {
		nuova.Profilo = vecchia.Profilo
	}
	if err := a.comincia(q.Context(), nuova, vecchia.Impronta); err != nil {
		return err
	}
	traceOf(q.Context()).attore = nuova.Operatore.String()
	a.Log.InfoContext(q.Context(), "signed in", "richiesta", requestID(q.Context()), "attore", nuova.Operatore, "acr", in.Acr, "forte", in.Forte)
	http.SetCookie(w, biscotto(biscottoSessione, token, 0))
	if chi, err := a.persona(q.Context(), nuova.Operatore); err == nil && len(chi.attivi) == 0 { // who may see so, and do nothing
		a.nonEntra(q, nuova.Operatore, false)
	}
	return vai(w, in.Ritorno)
}

// comincia keeps a new session in the place of another, if there is one.
func (a *API) comincia(ctx context.Context, nuova sessione.Sessione, invece sessione.Impronta) error {
	ok, err := a.Sessioni.Comincia(ctx, nuova, invece)
	if err == nil && !ok {
		return errSessioneFinita
	}
	return err
}

// rifiutato notes a sign-in that failed: why, and nothing of who it was.
func (a *API) rifiutato(q *request, err error) {
	p, _ := di(tokenError(err))
	a.Log.WarnContext(q.Context(), "sign-in refused", "richiesta", requestID(q.Context()), "codice", p.Codice)
}

// vai sends the browser elsewhere.
func vai(w http.ResponseWriter, to string) error {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// The cookies. Their prefix keeps everybody but this host, over TLS, from
// setting them.
const (
	biscottoSessione  = "__Host-nucleo"
	biscottoTentativo = "__Host-nucleo-accesso"
)

// biscotto is a cookie that scripts do not read and other sites do not send
// along; of the browser's session without a duration, and gone with a negative one.
func biscotto(nome, valore string, durata time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: nome, Value: valore, Path: "/", MaxAge: int(durata.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// unico is the value of a cookie, unless it came twice: then nobody knows which
// one is meant.
func unico(q *request, nome string) (string, error) {
	switch tutti := q.CookiesNamed(nome); len(tutti) {
	case 0:
		return "", nil
	case 1:
		return tutti[0].Value, nil
	}
	return "", errDueIdentita
}
