package httpapi

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/projections/correlazioni"
	"nucleo/projections/elenco"
)

// causato is an event of an action: where it lies, what led to it, and nothing
// of what it says. The tree is drawn by Causa: the id of another of these, or of
// the command, import or run with which the action began.
type causato struct {
	ID        uuid.UUID    `json:"id"`
	Categoria string       `json:"categoria"` // of its stream
	Oggetto   string       `json:"oggetto"`   // whose stream it is
	Numero    uint64       `json:"numero"`    // in the stream, from 1
	Tipo      string       `json:"tipo"`
	Istante   time.Time    `json:"istante"`
	Attore    *nominato    `json:"attore"` // as they were called then
	Ruolo     domain.Ruolo `json:"ruolo"`  // as it was then
	Comando   uuid.UUID    `json:"comando"`
	Causa     uuid.UUID    `json:"causation_id"`
	Posizione uint64       `json:"posizione"`
}

// cause answers a page of the events of one business action, of whatever
// streams, in the order of the log: a cause stands before what it led to.
func (a *API) cause(w http.ResponseWriter, q *request) error {
	correlazione, err := uuid.Parse(mux.Vars(q.Request)["correlazione"])
	if err != nil {
		return domain.ErrNonTrovato
	}
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := correlazioni.Elenco(q.Context(), a.Lettura, correlazione, chiesta)
	if err != nil {
		return err
	}
	if pagina.Totale == 0 {
		return domain.ErrNonTrovato
	}
	luoghi := make([]commands.Luogo, len(pagina.Voci))
	for i, v := range pagina.Voci {
		luoghi[i] = commands.Luogo{Flusso: v.Flusso, Versione: v.Versione}
	}
	eventi, err := a.Comandi.EventiIn(q.Context(), luoghi...)
	if err != nil {
		return err
	}
	nomi, err := a.Comandi.NomiDi(q.Context(), attoriDi(eventi)...)
	if err != nil {
		return err
	}
	letta := elenco.Pagina[domain.Recorded]{Voci: eventi, Cursore: pagina.Cursore, Totale: pagina.Totale, Almeno: pagina.Almeno, Posizione: pagina.Posizione}
	return elencati(w, q, chiesta, letta, func(r domain.Recorded) causato { return mostraCausato(r, nomi) })
}

func mostraCausato(r domain.Recorded, nomi commands.Nomi) causato {
	m := r.Meta
	categoria, _, _ := strings.Cut(r.Stream, "-")
	return causato{
		ID: r.ID, Categoria: categoria, Oggetto: domain.Key(r.Stream), Numero: r.Version, Tipo: r.Type, Istante: m.Istante.UTC(),
		Attore: allora{nomi, m.Istante}.di(m.Attore), Ruolo: m.Ruolo, Comando: m.Comando, Causa: m.Causa, Posizione: r.Position,
	}
}

// attoriDi are the people who acted.
func attoriDi(eventi []domain.Recorded) (ids []uuid.UUID) {
	for _, r := range eventi {
		if _, programma := programmi[r.Meta.Attore]; !programma {
			ids = append(ids, r.Meta.Attore)
		}
	}
	return ids
}
