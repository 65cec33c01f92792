package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/domain/id"
	"nucleo/domain/vincolo"
	"nucleo/projections/cancellazioni"
)

// vistaVincolo is a legal hold, as the privacy desk sees it.
type vistaVincolo struct {
	Caso        id.Caso        `json:"caso_id"`
	Motivo      vincolo.Motivo `json:"motivo"`
	Riferimento string         `json:"riferimento"`
	PostoDa     *nominato      `json:"posto_da"`
	PostoIl     time.Time      `json:"posto_il"`
}

// poniVincolo holds a case, and togliVincolo lets it go.
func (a *API) poniVincolo(w http.ResponseWriter, q *request) error {
	var in struct {
		Caso        id.Caso        `json:"caso_id"`
		Motivo      vincolo.Motivo `json:"motivo"`
		Riferimento string         `json:"riferimento"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	_, err = a.Comandi.PoniVincolo(q.Context(), req, vincolo.Poni{Posto: vincolo.Posto{Caso: in.Caso, Motivo: in.Motivo, Riferimento: in.Riferimento}})
	if err != nil {
		return err
	}
	return answer(w, http.StatusCreated, in)
}

func (a *API) togliVincolo(w http.ResponseWriter, q *request) error {
	var in struct {
		Caso        id.Caso `json:"caso_id"`
		Riferimento string  `json:"riferimento"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	if _, err = a.Comandi.TogliVincolo(q.Context(), req, in.Caso, vincolo.Togli{Tolto: vincolo.Tolto{Riferimento: in.Riferimento}}); err != nil {
		return err
	}
	return answer(w, http.StatusCreated, in)
}

// elencaVincoli answers a page of the holds that stand in the ambito.
func (a *API) elencaVincoli(w http.ResponseWriter, q *request) error {
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := cancellazioni.Vincoli(q.Context(), a.Lettura, q.attore.Territorio.Ambito, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.PostoDa.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v cancellazioni.VoceVincolo) vistaVincolo {
		return vistaVincolo{Caso: v.Caso, Motivo: v.Motivo, Riferimento: v.Riferimento, PostoDa: nomi.di(v.PostoDa.UUID), PostoIl: quando(v.PostoIl)}
	})
}
