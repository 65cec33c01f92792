package httpapi

import (
	_ "embed"
	"encoding/json"
	pagine "html/template"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"nucleo/domain"
)

// problemiJSON lists every code of a problem that the program answers, with
// its status and what it says. A test writes it from the source, and looks that
// nothing is missing.
//
//go:embed problemi.json
var problemiJSON []byte

// tipoProblema is what a code means.
type tipoProblema struct {
	Stato int      `json:"stato"`
	Dice  []string `json:"dice"` // in each place where it is answered
}

// paginaProblema is the page of the type of a problem.
type paginaProblema struct {
	Codice      string `json:"codice"`
	Stato       int    `json:"stato"`
	Titolo      string `json:"titolo"`
	Descrizione string `json:"descrizione"`
	Perche      string `json:"perche"`
	CheFare     string `json:"che_fare"`
}

// rimedi are, by status, why a request is answered so, and what to do.
var rimedi = map[int][2]string{
	400: {"the request can never succeed as it is", "correct what the answer names, after /openapi.json, and send it again"},
	401: {"the service does not know who asks, or not well enough for this", "sign in again, and send the request with the new token or session"},
	403: {"the service knows who asks, and they may not do this", "act under another of your profiles (GET /profili), or ask the Amministratore of your ambito; repeating the request changes nothing"},
	404: {"there is no such thing, or none that you may see: the two are not told apart", "look at the address, and at the profile under which you act"},
	405: {"the path exists, and takes other methods", "use a method of the Allow header"},
	408: {"a request that comes too slowly holds up others", "send it again over a better line, or in smaller parts"},
	409: {"a rule says no as things stand now", "read the thing again, and ask for what its state allows"},
	412: {"somebody else changed it since you read it", "read it again, look at what changed, and repeat the request with the new ETag"},
	413: {"the body is larger than the path takes", "send less, or split it"},
	415: {"the body is of another kind than the path takes", "send the Content-Type that /openapi.json names"},
	422: {"the request is well formed, and a value in it cannot be accepted", "correct the value, and send it again under a new Idempotency-Key"},
	428: {"two people may change a thing at once: the service asks which version you saw", "read the thing, and send its ETag in If-Match"},
	429: {"one caller asked more than its share", "wait as long as Retry-After says, and ask less often"},
	500: {"a mistake of the service, not of yours", "repeat the request with the same Idempotency-Key; if it stays, tell who runs the service the instance of the answer"},
	502: {"the service leans on another, which answered what it does not accept", "begin again; if it stays, tell who runs the service the instance of the answer"},
	503: {"a part of the service does not answer now", "repeat the request after Retry-After, commands with the same Idempotency-Key: nothing is done twice"},
}

var paginaHTML = pagine.Must(pagine.New("problema").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{{.Codice}}</title>
<h1>{{.Codice}}</h1>
<p>{{.Stato}} {{.Titolo}}</p>
<h2>What it is</h2>
<p>{{.Descrizione}}</p>
<h2>Why</h2>
<p>{{.Perche}}</p>
<h2>What to do</h2>
<p>{{.CheFare}}</p>
</html>
`))

func leggiProblemi() (tipi map[string]tipoProblema, err error) {
	return tipi, json.Unmarshal(problemiJSON, &tipi)
}

// problemType explains the type of a problem, to programs and to people.
func (a *API) problemType(w http.ResponseWriter, q *request) error {
	codice := mux.Vars(q.Request)["codice"]
	tipo, noto := a.problemi[codice]
	if !noto {
		return domain.ErrNonTrovato
	}
	rimedio := rimedi[tipo.Stato]
	pagina := paginaProblema{
		Codice: codice, Stato: tipo.Stato, Titolo: http.StatusText(tipo.Stato), Descrizione: strings.Join(tipo.Dice, "; or: "),
		Perche: rimedio[0], CheFare: rimedio[1],
	}
	w.Header().Add("Vary", "Accept")
	if !vuoleHTML(q.Header.Get("Accept")) {
		return answer(w, http.StatusOK, pagina)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return paginaHTML.Execute(w, pagina)
}

// vuoleHTML reports whether a page is asked for before JSON.
func vuoleHTML(accept string) bool {
	for tipo := range strings.SplitSeq(accept, ",") {
		tipo, _, _ = strings.Cut(tipo, ";")
		switch strings.ToLower(strings.TrimSpace(tipo)) {
		case "text/html":
			return true
		case "application/json", "application/*", "*/*":
			return false
		}
	}
	return false
}
