package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// facciaDettaglio is a case as a whole, as only its case manager sees it.
const facciaDettaglio = "dettaglio"

// lavorato answers a command of those who work on a case.
type lavorato struct {
	Caso      id.Caso   `json:"caso_id"`
	ID        uuid.UUID `json:"id,omitzero"` // of what the command made
	Posizione uint64    `json:"posizione,omitempty"`
}

// lavora reads a command of those who work on a case into in, has it carried
// out, and answers. esegui also says the id of what was made, if anything was.
// Only a case manager learns the version of the whole (D-6).
func (a *API) lavora(w http.ResponseWriter, q *request, in any, esegui func(context.Context, commands.Request, id.Caso) (commands.Caso, uuid.UUID, error)) error {
	c, req, err := a.suCaso(q, in, facciaDettaglio)
	if err != nil {
		return err
	}
	esito, fatto, err := esegui(q.Context(), req, c)
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	if q.attore.Ruolo == domain.CaseManager {
		w.Header().Set("ETag", a.etag(facciaDettaglio, c.UUID, esito.Head.Version))
	}
	w.Header().Set("Location", Base+"/casi/"+c.String())
	return answer(w, http.StatusCreated, lavorato{c, fatto, esito.Posizione})
}

// annotaCaso writes into the diary.
func (a *API) annotaCaso(w http.ResponseWriter, q *request) error {
	var in struct {
		Testo     string `json:"testo"`
		Riservata bool   `json:"riservata"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		cmd := caso.Annota{Annotazione: id.Annotazione{UUID: commands.Nuovo(req)}, Testo: in.Testo, Riservata: in.Riservata}
		esito, err := a.Comandi.AnnotaCaso(ctx, req, c, cmd)
		return esito, cmd.Annotazione.UUID, err
	})
}
