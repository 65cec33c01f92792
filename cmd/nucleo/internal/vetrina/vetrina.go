// Package vetrina is the page of a demo, for a browser: it begins a sign-in,
// shows who is in, has them choose a profile, and sends requests to the API in
// their name, by the cookie of their session. It knows nothing that the API does
// not answer. It lives in `nucleo demo` only.
package vetrina

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"nucleo/domain"
	"nucleo/httpapi"
)

// Percorso is where the page is.
const Percorso = "/demo"

// Handler serves the page before an API, which is asked in the same process.
func Handler(api http.Handler) http.Handler {
	v := vetrina{api}
	routes := http.NewServeMux()
	routes.HandleFunc("GET "+Percorso, v.mostra)
	routes.HandleFunc("POST "+Percorso, v.prova)
	routes.HandleFunc("POST "+Percorso+"/profilo", v.scegli)
	routes.HandleFunc("POST "+Percorso+"/uscita", v.esci)
	return http.NewCrossOriginProtection().Handler(routes)
}

type vetrina struct{ api http.Handler }

// sessione is what GET /sessione answers.
type sessione struct {
	Nome    string    `json:"nome"`
	Profili []profilo `json:"profili"`
}

type profilo struct {
	ID     string       `json:"id"`
	Ruolo  domain.Ruolo `json:"ruolo"`
	Ambito string       `json:"ambito"`
	Comuni []string     `json:"comuni"`
	Attivo bool         `json:"attivo"`
}

// mostra shows who is in, and a request to try: the one that the address names.
func (v vetrina) mostra(w http.ResponseWriter, r *http.Request) {
	chiesto := r.URL.Query()
	v.pagina(w, r, prova{Metodo: chiesto.Get("metodo"), Percorso: chiesto.Get("percorso"), Corpo: chiesto.Get("corpo")})
}

// prova sends a request to the API, and shows the answer.
func (v vetrina) prova(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, massimo)
	p := prova{Metodo: r.PostFormValue("metodo"), Percorso: r.PostFormValue("percorso"), Corpo: r.PostFormValue("corpo"), SeUguale: r.PostFormValue("se_uguale")}
	a := v.chiedi(r, p)
	p.Esito, p.ETag, p.Risposta = a.stato, a.testa.Get("ETag"), leggibile(a.corpo.Bytes())
	v.pagina(w, r, p)
}

// scegli has the session go on under another profile.
func (v vetrina) scegli(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, massimo)
	corpo, err := json.Marshal(map[string]string{"profilo_id": r.PostFormValue("profilo")})
	if err != nil {
		panic(err) // a map of texts has its JSON
	}
	a := v.chiedi(r, prova{Metodo: http.MethodPost, Percorso: "/sessione/profilo", Corpo: string(corpo)})
	vai(w, a, Percorso)
}

// esci ends the session, and goes where the provider ends its own.
func (v vetrina) esci(w http.ResponseWriter, r *http.Request) {
	a := v.chiedi(r, prova{Metodo: http.MethodPost, Percorso: "/uscita", Corpo: "{}"})
	var fuori struct {
		Uscita string `json:"uscita_dal_fornitore"`
	}
	_ = json.Unmarshal(a.corpo.Bytes(), &fuori) // else the page says that nobody is in
	if fuori.Uscita == "" {
		fuori.Uscita = Percorso
	}
	vai(w, a, fuori.Uscita)
}

const massimo = 1 << 20 // bytes of a form

// vai sends the browser on with the cookies that the API set.
func vai(w http.ResponseWriter, a *risposta, dove string) {
	for _, c := range a.testa.Values("Set-Cookie") {
		w.Header().Add("Set-Cookie", c)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", dove)
	w.WriteHeader(http.StatusSeeOther)
}

// risposta is an answer of the API.
type risposta struct {
	stato int
	testa http.Header
	corpo bytes.Buffer
}

func (a *risposta) Header() http.Header { return a.testa }

func (a *risposta) WriteHeader(stato int) {
	if a.stato == 0 {
		a.stato = stato
	}
}

func (a *risposta) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.corpo.Write(b)
}

// chiedi asks the API in the name of whoever asks for the page: with their
// cookies, and as their browser says where the request comes from.
func (v vetrina) chiedi(da *http.Request, p prova) *risposta {
	a := &risposta{testa: http.Header{}}
	dove, err := url.ParseRequestURI(httpapi.Base + p.Percorso)
	if err != nil || !strings.HasPrefix(p.Percorso, "/") || p.Metodo != http.MethodGet && p.Metodo != http.MethodPost {
		a.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(a, "Il metodo è GET o POST, e il percorso comincia con /")
		return a
	}
	corpo := ""
	if p.Metodo == http.MethodPost {
		corpo = p.Corpo
	}
	req, err := http.NewRequestWithContext(da.Context(), p.Metodo, dove.String(), strings.NewReader(corpo))
	if err != nil {
		a.WriteHeader(http.StatusBadRequest)
		return a
	}
	req.Host, req.RemoteAddr, req.RequestURI = da.Host, da.RemoteAddr, dove.RequestURI()
	for _, nome := range []string{"Cookie", "Origin", "Sec-Fetch-Site"} {
		if valori := da.Header.Values(nome); len(valori) > 0 {
			req.Header[nome] = valori
		}
	}
	req.Header.Set("Prefer", "wait=5")
	if p.Metodo == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", rand.Text())
	}
	if p.SeUguale != "" {
		req.Header.Set("If-Match", p.SeUguale)
	}
	v.api.ServeHTTP(a, req)
	return a
}

// leggibile is JSON over several lines, and any other text as it is.
func leggibile(b []byte) string {
	var righe bytes.Buffer
	if json.Indent(&righe, b, "", "  ") != nil {
		return string(b)
	}
	return righe.String()
}
