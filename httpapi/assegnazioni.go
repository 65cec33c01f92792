package httpapi

import (
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// faccia is the facet of a case that coordinators see change (D-6).
const facciaAssegnazione = "assegnazione"

// assegnata answers a command on the assignment of a case.
type assegnata struct {
	Caso        id.Caso       `json:"caso_id"`
	CaseManager *id.Operatore `json:"case_manager_id"` // null: the case waits in the queue
	Posizione   uint64        `json:"posizione,omitempty"`
}

func (a *API) assegnaCaso(w http.ResponseWriter, q *request) error {
	var in struct {
		CaseManager id.Operatore `json:"case_manager_id"`
		Motivo      string       `json:"motivo"`
	}
	c, req, err := a.suCaso(q, &in, facciaAssegnazione)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.AssegnaCaso(q.Context(), req, c, caso.Assegna{CaseManager: in.CaseManager, Motivo: in.Motivo, Modalita: caso.Manuale})
	return a.assegnato(w, q, c, esito, err)
}

func (a *API) riassegnaCaso(w http.ResponseWriter, q *request) error {
	var in struct {
		Da     id.Operatore `json:"da"`
		A      id.Operatore `json:"a"`
		Motivo string       `json:"motivo"`
	}
	c, req, err := a.suCaso(q, &in, facciaAssegnazione)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.RiassegnaCaso(q.Context(), req, c, caso.Riassegna{Da: in.Da, A: in.A, Motivo: in.Motivo})
	return a.assegnato(w, q, c, esito, err)
}

func (a *API) annullaAssegnazione(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo caso.MotivoAnnullamento `json:"motivo"`
		Nota   string                  `json:"nota"`
	}
	c, req, err := a.suCaso(q, &in, facciaAssegnazione)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.AnnullaAssegnazione(q.Context(), req, c, caso.AnnullaAssegnazione{Motivo: in.Motivo, Nota: in.Nota})
	return a.assegnato(w, q, c, esito, err)
}

// suCaso reads what a command on a case is made of: the id in the path, the
// body, the headers. If-Match, where it is given, speaks of a facet.
func (a *API) suCaso(q *request, in any, faccia string) (id.Caso, commands.Request, error) {
	c, err := q.caso()
	if err != nil {
		return c, commands.Request{}, err
	}
	if err := q.decode(in); err != nil {
		return c, commands.Request{}, err
	}
	req, err := a.command(q, in)
	if q.Header.Get("If-Match") != "" {
		req.Atteso = a.matches(q, faccia, c.UUID)
	}
	return c, req, err
}

func (a *API) assegnato(w http.ResponseWriter, q *request, c id.Caso, esito commands.Caso, err error) error {
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	w.Header().Set("ETag", a.etag(facciaAssegnazione, c.UUID, esito.Stato.Assegnazione.Versione))
	w.Header().Set("Location", Base+"/casi/"+c.String()+"/cronologia-assegnazioni")
	return answer(w, http.StatusCreated, assegnata{c, forse(esito.Stato.Assegnazione.CaseManager), esito.Posizione})
}

// forse is an id, or null when it is none.
func forse[T any](i id.ID[T]) *id.ID[T] {
	if i.UUID == uuid.Nil {
		return nil
	}
	return &i
}
