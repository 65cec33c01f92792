package httpapi

import (
	"errors"
	"net/http"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// assenza is an absence as whoever assigns cases sees it: why is not for them.
type assenza struct {
	ID  id.Indisponibilita `json:"id"`
	Dal giorno.Giorno      `json:"dal"`
	Al  giorno.Giorno      `json:"al"`
}

// assenzaConMotivo is an absence as whoever administers operators sees it.
type assenzaConMotivo struct {
	assenza
	Motivo   operatore.MotivoIndisponibilita `json:"motivo"`
	Revocata bool                            `json:"revocata"`
}

// operatoreConAssenze is one operator with all that is known.
type operatoreConAssenze struct {
	operatoreCompleto
	Indisponibilita  []assenzaConMotivo `json:"indisponibilita"`
	AccessiRifiutati []rifiutoVisto     `json:"accessi_rifiutati"`
}

func mostraAssenze(s operatore.State) []assenzaConMotivo {
	all := make([]assenzaConMotivo, len(s.Indisponibilita))
	for n, i := range s.Indisponibilita {
		all[n] = assenzaConMotivo{assenza{i.ID, i.Dal, i.Al}, i.Motivo, i.Revocata}
	}
	return all
}

func (a *API) registraIndisponibilita(w http.ResponseWriter, q *request) error {
	var in struct {
		Dal    giorno.Giorno                   `json:"dal"`
		Al     giorno.Giorno                   `json:"al"`
		Motivo operatore.MotivoIndisponibilita `json:"motivo"`
	}
	var o id.Operatore
	if err := q.pathValue("operatore", &o); err != nil {
		return err
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	quale := id.Indisponibilita{UUID: commands.Nuovo(req)}
	esito, err := a.Comandi.RegistraIndisponibilita(q.Context(), req, o, operatore.RegistraIndisponibilita{ID: quale, Dal: in.Dal, Al: in.Al, Motivo: in.Motivo})
	return a.assente(w, q, o, quale, esito, err)
}

func (a *API) revocaIndisponibilita(w http.ResponseWriter, q *request) error {
	var o id.Operatore
	var quale id.Indisponibilita
	if err := errors.Join(q.pathValue("operatore", &o), q.pathValue("indisponibilita", &quale)); err != nil {
		return domain.ErrNonTrovato
	}
	if err := q.decode(&struct{}{}); err != nil {
		return err
	}
	req, err := a.command(q, struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.RevocaIndisponibilita(q.Context(), req, o, operatore.RevocaIndisponibilita{ID: quale})
	return a.assente(w, q, o, quale, esito, err)
}

func (a *API) assente(w http.ResponseWriter, q *request, o id.Operatore, quale id.Indisponibilita, esito commands.Operatore, err error) error {
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	w.Header().Set("Location", Base+"/operatori/"+o.String())
	return answer(w, http.StatusCreated, struct {
		ID        id.Indisponibilita `json:"id"`
		Posizione uint64             `json:"posizione,omitempty"`
	}{quale, esito.Posizione})
}
