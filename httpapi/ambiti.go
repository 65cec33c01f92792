package httpapi

import (
	"net/http"

	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain/ambito"
)

// ambitoVisto is an ambito as the API shows it.
type ambitoVisto struct {
	Codice                  string   `json:"codice"`
	Denominazione           string   `json:"denominazione"`
	Regione                 string   `json:"regione"`
	Comuni                  []comune `json:"comuni"`
	AutoapprovazioneVietata bool     `json:"autoapprovazione_vietata"` // another decides on what a coordinator proposed
	Posizione               uint64   `json:"posizione,omitempty"`      // of the command that changed it
}

func mostraAmbito(codice, denominazione, regione string, comuni []string, vietata bool) ambitoVisto {
	v := ambitoVisto{Codice: codice, Denominazione: denominazione, Regione: regione, Comuni: []comune{}, AutoapprovazioneVietata: vietata}
	for _, c := range comuni {
		v.Comuni = append(v.Comuni, comuneDi(c))
	}
	return v
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

func (a *API) regolaAutoapprovazione(w http.ResponseWriter, q *request) error {
	var in struct {
		Vietata bool   `json:"vietata"`
		Nota    string `json:"nota"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.RegolaAutoapprovazione(q.Context(), req, mux.Vars(q.Request)["ambito"], ambito.RegolaAutoapprovazione(in))
	return a.ambitoCambiato(w, q, esito, err)
}

func (a *API) ambitoCambiato(w http.ResponseWriter, q *request, esito commands.Ambito, err error) error {
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	s := esito.Stato
	v := mostraAmbito(s.Codice, s.Denominazione, s.Regione, s.Comuni, s.AutoapprovazioneVietata)
	v.Posizione = esito.Posizione
	w.Header().Set("Location", Base+"/ambiti")
	return answer(w, http.StatusCreated, v)
}
