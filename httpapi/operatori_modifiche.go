package httpapi

import (
	"errors"
	"net/http"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func (a *API) revoca(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.cambiaRuolo(w, q, &in, func(req commands.Request, o id.Operatore, acc id.Accreditamento) (commands.Operatore, error) {
		return a.Comandi.RevocaRuolo(q.Context(), req, o, operatore.Revoca{Accreditamento: acc, Motivo: in.Motivo})
	})
}

func (a *API) modificaRuolo(w http.ResponseWriter, q *request) error {
	var in struct {
		Comuni    []string            `json:"comuni"`
		Fondo     string              `json:"fondo"`
		Richiesta operatore.Richiesta `json:"richiesta,omitzero"`
	}
	return a.cambiaRuolo(w, q, &in, func(req commands.Request, o id.Operatore, acc id.Accreditamento) (commands.Operatore, error) {
		return a.Comandi.ModificaRuolo(q.Context(), req, o, operatore.Modifica{Accreditamento: acc, Comuni: in.Comuni, Fondo: in.Fondo, Richiesta: in.Richiesta})
	})
}

func (a *API) sospendiAccreditamento(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.cambiaRuolo(w, q, &in, func(req commands.Request, o id.Operatore, acc id.Accreditamento) (commands.Operatore, error) {
		return a.Comandi.SospendiAccreditamento(q.Context(), req, o, operatore.SospendiAccreditamento{Accreditamento: acc, Motivo: in.Motivo})
	})
}

func (a *API) riattivaAccreditamento(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.cambiaRuolo(w, q, &in, func(req commands.Request, o id.Operatore, acc id.Accreditamento) (commands.Operatore, error) {
		return a.Comandi.RiattivaAccreditamento(q.Context(), req, o, operatore.RiattivaAccreditamento{Accreditamento: acc, Motivo: in.Motivo})
	})
}

// cambiaRuolo carries out what is asked of one of a person's roles, and answers
// what it is then.
func (a *API) cambiaRuolo(w http.ResponseWriter, q *request, in any, fa func(commands.Request, id.Operatore, id.Accreditamento) (commands.Operatore, error)) error {
	var o id.Operatore
	var acc id.Accreditamento
	if err := errors.Join(q.pathValue("operatore", &o), q.pathValue("accreditamento", &acc)); err != nil {
		return domain.ErrNonTrovato
	}
	if err := q.decode(in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := fa(req, o, acc)
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	cambiato, _ := esito.Stato.Trova(acc)
	w.Header().Set("Location", Base+"/operatori/"+o.String())
	return answer(w, http.StatusCreated, struct {
		accreditamento
		Posizione uint64 `json:"posizione,omitempty"`
	}{mostra(cambiato), esito.Posizione})
}

func (a *API) recapitiOperatore(w http.ResponseWriter, q *request) error {
	var in struct {
		Email    string `json:"email"`
		Telefono string `json:"telefono"`
	}
	return a.cambiaOperatore(w, q, &in, func(req commands.Request, o id.Operatore) (commands.Operatore, error) {
		return a.Comandi.AggiornaRecapitiOperatore(q.Context(), req, o, operatore.AggiornaRecapiti{Email: in.Email, Telefono: in.Telefono})
	})
}

func (a *API) sospendiOperatore(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.cambiaOperatore(w, q, &in, func(req commands.Request, o id.Operatore) (commands.Operatore, error) {
		return a.Comandi.SospendiOperatore(q.Context(), req, o, operatore.Sospendi{Motivo: in.Motivo})
	})
}

func (a *API) riattivaOperatore(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.cambiaOperatore(w, q, &in, func(req commands.Request, o id.Operatore) (commands.Operatore, error) {
		return a.Comandi.RiattivaOperatore(q.Context(), req, o, operatore.Riattiva{Motivo: in.Motivo})
	})
}

// cambiaOperatore carries out what is asked of the person, not of one of their
// roles.
func (a *API) cambiaOperatore(w http.ResponseWriter, q *request, in any, fa func(commands.Request, id.Operatore) (commands.Operatore, error)) error {
	var o id.Operatore
	if err := q.pathValue("operatore", &o); err != nil {
		return err
	}
	if err := q.decode(in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := fa(req, o)
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	w.Header().Set("Location", Base+"/operatori/"+o.String())
	return answer(w, http.StatusCreated, struct {
		ID        id.Operatore `json:"id"`
		Sospeso   bool         `json:"sospeso"`
		Posizione uint64       `json:"posizione,omitempty"`
	}{o, esito.Stato.Sospeso, esito.Posizione})
}
