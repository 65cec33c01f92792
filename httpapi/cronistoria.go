package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/httpapi/racconto"
	"nucleo/projections/elenco"
)

// fatto is one thing that happened to a case, told in a sentence.
type fatto struct {
	Numero  uint64       `json:"numero"` // in the case, from 1
	Istante time.Time    `json:"istante"`
	Attore  *nominato    `json:"attore"`
	Ruolo   domain.Ruolo `json:"ruolo"` // as it was then
	Tipo    string       `json:"tipo"`
	Testo   string       `json:"testo"`
}

// cronistoria answers what happened to a case, the newest first, to its case
// manager. The sentences quote nothing of a private note.
func (a *API) cronistoria(w http.ResponseWriter, q *request) error {
	_, storia, err := a.casoVisibile(q)
	if err != nil {
		return err
	}
	chiesta, tutti := q.pagina(), len(storia.Eventi)
	fine, err := daCursore(chiesta.cursore, tutti)
	if err != nil {
		return err
	}
	inizio := max(0, fine-chiesta.limite)
	narra, nomi := a.narratore(q.Context(), storia)
	out := lista[fatto]{Items: []fatto{}, Limit: chiesta.limite, Posizione: storia.Eventi[tutti-1].Position}
	for i, r := range storia.Eventi[:fine] {
		testo := narra.Racconta(r.Event) // from the first event on: later ones name what earlier ones said
		if i >= inizio {
			out.Items = append(out.Items, fatto{r.Version, r.Meta.Istante.UTC(), nomi.di(r.Meta.Attore), r.Meta.Ruolo, r.Type, testo})
		}
	}
	slices.Reverse(out.Items)
	if inizio > 0 {
		out.NextCursor = strconv.Itoa(inizio)
	}
	out.Links = q.next(out.NextCursor)
	out.conta(tutti, true)
	return answer(w, http.StatusOK, out)
}

// daCursore is how many events a page may show: all, or those before the page
// that gave the cursor. Events are only added, so a number is a place for good.
func daCursore(cursore string, tutti int) (int, error) {
	if cursore == "" {
		return tutti, nil
	}
	n, err := strconv.Atoi(cursore)
	if err != nil || n < 1 || n > tutti {
		return 0, elenco.ErrCursore.At("cursor")
	}
	return n, nil
}

// narratore tells the events of a case with the names of who acted, and of
// those whom the events name. A list has the names, and may be missing.
func (a *API) narratore(ctx context.Context, storia commands.Storia) (*racconto.Narratore, nomi) {
	nomi, err := a.nomi(ctx, nominati(storia)...)
	if err != nil {
		a.Log.WarnContext(ctx, "history without names", "richiesta", requestID(ctx), "err", err)
	}
	return racconto.Nuovo(func(u uuid.UUID) string {
		if chi := nomi.di(u); chi != nil {
			return chi.Nome
		}
		return ""
	}, a.Zona), nomi
}
