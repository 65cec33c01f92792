package httpapi

import (
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/id"
	"nucleo/projections/casi"
)

// ricerca is a search in the queue or in the assigned list (GEPI-27, GEPI-28,
// GEPI-41..43). All criteria must hold; one that is absent asks for nothing.
type ricerca struct {
	Lista         string          `json:"lista"`
	IDDomanda     string          `json:"id_domanda"`
	CodiceFiscale string          `json:"codice_fiscale"`
	Nome          string          `json:"nome"`
	CAP           string          `json:"cap"`
	Indirizzo     string          `json:"indirizzo"`
	Riassegnato   string          `json:"riassegnato"`
	Comune        string          `json:"comune"`
	Misura        caso.Misura     `json:"misura"`
	Priorita      []casi.Priorita `json:"priorita"`
	CaseManager   id.Operatore    `json:"case_manager_id"`
	Limit         int             `json:"limit"`
	Ordina        casi.Colonna    `json:"ordina"`
	Verso         casi.Verso      `json:"verso"`
	Cursor        string          `json:"cursor"`
}

var liste = map[string]casi.Lista{"da_assegnare": casi.DaAssegnare, "assegnati": casi.Assegnati}

// limitePredefinito is how many rows a page has when nobody says.
const limitePredefinito = 10

func (r ricerca) filtro(pepe codicefiscale.Pepe) casi.Filtro {
	f := casi.Filtro{
		Lista: liste[r.Lista], IDDomanda: r.IDDomanda, Persona: pepe.Cieco(r.CodiceFiscale), Nominativo: r.Nome, CAP: r.CAP, Indirizzo: r.Indirizzo,
		Comune: r.Comune, Misura: r.Misura, Priorita: r.Priorita, CaseManager: r.CaseManager,
		Ordina: r.Ordina, Verso: r.Verso, Limite: r.Limit, Cursore: r.Cursor,
	}
	if f.Limite == 0 {
		f.Limite = limitePredefinito
	}
	if r.Riassegnato == "si" || r.Riassegnato == "no" {
		si := r.Riassegnato == "si"
		f.Riassegnato = &si
	}
	return f
}

// cercaCasi answers a page of one of the lists, of the caller's territory.
func (a *API) cercaCasi(w http.ResponseWriter, q *request) error {
	var in ricerca
	if err := q.decode(&in); err != nil {
		return err
	}
	filtro := in.filtro(a.Pepe)
	filtro.Territorio, filtro.Oggi, filtro.Soglie = q.attore.Territorio, a.oggi(), a.Soglie
	a.atLeast(w, q)
	pagina, err := casi.Cerca(q.Context(), a.Lettura, filtro)
	if err != nil {
		return campoNostro(err)
	}
	righe, err := a.righe(q.Context(), pagina.Voci)
	if err != nil {
		return err
	}
	out := lista[rigaCaso]{Items: righe, Limit: filtro.Limite, NextCursor: pagina.Cursore, Posizione: pagina.Posizione}
	out.conta(pagina.Totale, !pagina.Almeno)
	return answer(w, http.StatusOK, out)
}

// campoNostro names the field of a refused search as the API does.
func campoNostro(err error) error {
	var rifiuto *domain.Error
	if errors.As(err, &rifiuto) && rifiuto.Field == "nominativo" {
		return rifiuto.At("nome")
	}
	return err
}

// caso answers one case, read from its stream: reduced for who coordinates
// (ACC-12), whole for the case manager to whom it is assigned now (ACC-13).
func (a *API) caso(w http.ResponseWriter, q *request) error {
	c, storia, err := a.casoVisibile(q)
	if err != nil {
		return err
	}
	if q.attore.Ruolo == domain.CaseManager {
		w.Header().Set("ETag", a.etag(facciaDettaglio, c.UUID, storia.Stato.VersioneLavoro(storia.Head.Version)))
		return answer(w, http.StatusOK, a.dettaglio(q.Context(), c, storia, q.attore.ID))
	}
	riga, err := a.rigaDi(q.Context(), c, storia.Eventi)
	if err != nil {
		return err
	}
	riga.Protezione = protezioneDi(storia.Stato) // whoever protects cases sees which are so; lists do not show it
	w.Header().Set("ETag", riga.ETag)
	return answer(w, http.StatusOK, riga)
}

// casoVisibile reads the case in the path, if it is there for the caller: what
// lies outside of their territory, or is another case manager's, is not.
func (a *API) casoVisibile(q *request) (c id.Caso, storia commands.Storia, err error) {
	if c, err = q.caso(); err != nil {
		return c, storia, err
	}
	if storia, err = a.Comandi.StoriaCaso(q.Context(), c, commands.Alla{}); err != nil {
		return c, storia, err
	}
	if err := commands.Vede(q.attore, storia.Stato); err != nil {
		return c, commands.Storia{}, err
	}
	a.guarda(q, c, storia.Stato.Ambito)
	return c, storia, nil
}

// daNominare are the operators that rows speak of, each once.
func daNominare(ids ...uuid.UUID) (operatori []id.Operatore) {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for _, u := range slices.Compact(ids) {
		if u != uuid.Nil {
			operatori = append(operatori, id.Operatore{UUID: u})
		}
	}
	return operatori
}
