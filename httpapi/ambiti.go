package httpapi

import (
	"net/http"

	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain/ambito"
	"nucleo/projections/ambiti"
)

// ambitoVisto is an ambito as the API shows it.
type ambitoVisto struct {
	Codice        string   `json:"codice"`
	Denominazione string   `json:"denominazione"`
	Regione       string   `json:"regione"`
	Comuni        []comune `json:"comuni"`
	Posizione     uint64   `json:"posizione,omitempty"` // of the command that changed it
}

func mostraAmbito(codice, denominazione, regione string, comuni []string) ambitoVisto {
	v := ambitoVisto{Codice: codice, Denominazione: denominazione, Regione: regione, Comuni: []comune{}}
	for _, c := range comuni {
		v.Comuni = append(v.Comuni, comuneDi(c))
	}
	return v
}

// ambiti answers which ambiti there are: all of them, or the caller's own.
func (a *API) ambiti(w http.ResponseWriter, q *request) error {
	p := q.pagina()
	a.atLeast(w, q)
	pagina, err := ambiti.Elenco(q.Context(), a.Lettura, ambiti.Filtro{
		Ambito: q.attore.Territorio.Ambito, Testo: q.URL.Query().Get("q"), Limite: p.limite, Cursore: p.cursore,
	})
	if err != nil {
		return err
	}
	out := lista[ambitoVisto]{Items: []ambitoVisto{}, Limit: p.limite, NextCursor: pagina.Cursore, Links: q.next(pagina.Cursore), Posizione: pagina.Posizione}
	out.conta(pagina.Totale, true)
	for _, v := range pagina.Voci {
		out.Items = append(out.Items, mostraAmbito(v.Codice, v.Denominazione, v.Regione, v.Comuni))
	}
	return answer(w, http.StatusOK, out)
}

func (a *API) creaAmbito(w http.ResponseWriter, q *request) error {
	var in struct {
		Codice        string `json:"codice"`
		Denominazione string `json:"denominazione"`
		Regione       string `json:"regione"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.CreaAmbito(q.Context(), req, ambito.Crea(in))
	return a.ambitoCambiato(w, q, esito, err)
}

func (a *API) associaComuni(w http.ResponseWriter, q *request) error {
	var in struct {
		Comuni []string `json:"comuni"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.AssociaComuni(q.Context(), req, mux.Vars(q.Request)["ambito"], in.Comuni)
	return a.ambitoCambiato(w, q, esito, err)
}

func (a *API) ambitoCambiato(w http.ResponseWriter, q *request, esito commands.Ambito, err error) error {
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	s := esito.Stato
	v := mostraAmbito(s.Codice, s.Denominazione, s.Regione, s.Comuni)
	v.Posizione = esito.Posizione
	w.Header().Set("Location", Base+"/ambiti")
	return answer(w, http.StatusCreated, v)
}
