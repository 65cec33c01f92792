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
	ID        uuid.UUID `json:"id,omitzero"`         // of what the command made
	Revisione int       `json:"revisione,omitempty"` // of the section that it saved
	Avvisi    []avviso  `json:"avvisi,omitempty"`    // of what was done all the same
	Posizione uint64    `json:"posizione,omitempty"`
}

// avviso says what whoever asked should know of what was done.
type avviso struct {
	Codice string `json:"codice"` // stable
	Testo  string `json:"testo"`
}

// facciaDi is the facet of a case that a role sees change.
func facciaDi(r domain.Ruolo) string {
	if r == domain.CoordinatorePaIS {
		return facciaAssegnazione
	}
	return facciaDettaglio
}

// lavora reads a command of those who work on a case into in, has it carried
// out, and answers. esegui also says the id of what was made, if anything was.
// Only a case manager learns the version of the whole, a coordinator that of
// the assignment (D-6).
func (a *API) lavora(w http.ResponseWriter, q *request, in any, esegui func(context.Context, commands.Request, id.Caso) (commands.Caso, uuid.UUID, error)) error {
	return a.lavoraE(w, q, in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, lavorato, error) {
		esito, fatto, err := esegui(ctx, req, c)
		return esito, lavorato{ID: fatto}, err
	})
}

// lavoraE is lavora for commands that have more to say of what they made.
func (a *API) lavoraE(w http.ResponseWriter, q *request, in any, esegui func(context.Context, commands.Request, id.Caso) (commands.Caso, lavorato, error)) error {
	faccia := facciaDi(q.attore.Ruolo)
	c, req, err := a.suCaso(q, in, faccia)
	if err != nil {
		return err
	}
	esito, fatto, err := esegui(q.Context(), req, c)
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	switch q.attore.Ruolo {
	case domain.CaseManager:
		w.Header().Set("ETag", a.etag(faccia, c.UUID, esito.Stato.VersioneLavoro(esito.Head.Version)))
	case domain.CoordinatorePaIS:
		w.Header().Set("ETag", a.etag(faccia, c.UUID, esito.Stato.Assegnazione.Versione))
	}
	w.Header().Set("Location", Base+"/casi/"+c.String())
	fatto.Caso, fatto.Posizione = c, esito.Posizione
	return answer(w, http.StatusCreated, fatto)
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
