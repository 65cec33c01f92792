package httpapi

import (
	"net/http"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/comunicazioni"
)

// rigaComunicazione is what a nucleo was told, as those see it who check: not
// the words, and of the people a masked name.
type rigaComunicazione struct {
	ID            id.Comunicazione       `json:"id"`
	Caso          id.Caso                `json:"caso_id"`
	IDDomanda     string                 `json:"id_domanda"`
	CaseManager   *nominato              `json:"case_manager"` // who wrote or recorded it
	Formale       bool                   `json:"formale"`
	Tipo          caso.TipoComunicazione `json:"tipo"`
	Via           string                 `json:"via"`
	Destinatario  string                 `json:"destinatario,omitempty"` // the first
	Destinatari   int                    `json:"destinatari"`            // how many; none for the nucleo
	Data          giorno.Giorno          `json:"data"`
	Stato         string                 `json:"stato"`
	Numero        string                 `json:"numero,omitempty"`
	DataRicezione giorno.Giorno          `json:"data_ricezione,omitzero"`
}

// elencaComunicazioni answers a page of what the nuclei were told: those of the
// territory to a coordinator, those of their cases to a case manager, what they
// wrote to who is responsible for the meetings.
func (a *API) elencaComunicazioni(w http.ResponseWriter, q *request) error {
	filtro, err := a.filtroComunicazioni(q)
	if err != nil {
		return err
	}
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := comunicazioni.Elenco(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var autori []uuid.UUID
	for _, v := range pagina.Voci {
		autori = append(autori, v.Autore)
	}
	nomi, err := a.nomi(q.Context(), autori...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v comunicazioni.Voce) rigaComunicazione {
		return rigaComunicazione{
			ID: v.Comunicazione, Caso: v.Caso, IDDomanda: v.IDDomanda, CaseManager: nomi.di(v.Autore), Formale: v.Formale, Tipo: v.Tipo, Via: v.Via,
			Destinatario: v.Destinatario, Destinatari: v.Destinatari, Data: giorno.Di(v.Istante.In(a.Zona)), Stato: v.Stato, Numero: v.Riga.Numero, DataRicezione: v.Ricevuta,
		}
	})
}

// filtroComunicazioni is what is asked for, within what the caller may see.
func (a *API) filtroComunicazioni(q *request) (f comunicazioni.Filtro, err error) {
	chiesto := q.URL.Query()
	f = comunicazioni.Filtro{Territorio: q.attore.Territorio, Tipo: caso.TipoComunicazione(chiesto.Get("tipo")), Stato: chiesto.Get("stato")}
	if chiesto.Has("formale") {
		si := chiesto.Get("formale") == "true"
		f.Formale = &si
	}
	if s := chiesto.Get("case_manager"); s != "" {
		if f.Autore, err = uuid.Parse(s); err != nil {
			return f, domain.ErrNonTrovato
		}
	}
	dal, al, err := q.periodo()
	if err != nil {
		return f, err
	}
	f.Dal, f.Prima = a.istanti(dal, al)
	if q.attore.Ruolo == domain.CaseManager {
		f.Responsabile = id.Operatore{UUID: q.attore.ID}
	}
	return f, nil
}
