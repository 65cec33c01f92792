package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// crea is svolge for commands that make something with an id of its own.
func crea[C any](a *API, w http.ResponseWriter, q *request, in any, con usa[C], fa func(nuovo uuid.UUID) C) error {
	return a.lavora(w, q, in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		nuovo := commands.Nuovo(req)
		esito, err := con(ctx, req, c, fa(nuovo))
		return esito, nuovo, err
	})
}

// su is svolge for commands on something in the case that the path names.
func su[C any, I any](a *API, w http.ResponseWriter, q *request, nome string, in any, con usa[C], fa func(id.ID[I]) C) error {
	var cosa id.ID[I]
	if err := q.pathValue(nome, &cosa); err != nil {
		return err
	}
	return svolge(a, w, q, in, con, func() C { return fa(cosa) })
}

func (a *API) sottoscriviPaIS(w http.ResponseWriter, q *request) error {
	var in struct {
		Versione      int                `json:"versione"`
		Data          giorno.Giorno      `json:"data"`
		Firmatari     []id.Componente    `json:"firmatari"`
		Modalita      caso.ModalitaFirma `json:"modalita"`
		HashDocumento string             `json:"hash_documento"`
	}
	return svolge(a, w, q, &in, a.Comandi.SottoscriviPaIS, func() caso.SottoscriviPaIS {
		return caso.SottoscriviPaIS{Versione: in.Versione, Data: in.Data, Firmatari: in.Firmatari, Modalita: in.Modalita, HashDocumento: in.HashDocumento}
	})
}

func (a *API) mancaFirma(w http.ResponseWriter, q *request) error {
	var in struct {
		Componente  id.Componente `json:"componente_id"`
		Motivazione string        `json:"motivazione"`
		Data        giorno.Giorno `json:"data"`
	}
	return svolge(a, w, q, &in, a.Comandi.RegistraMancataSottoscrizione, func() caso.RegistraMancataSottoscrizione {
		return caso.RegistraMancataSottoscrizione{Componente: in.Componente, Motivazione: in.Motivazione, Data: in.Data}
	})
}

func (a *API) ridefinisciPaIS(w http.ResponseWriter, q *request) error {
	var in motivata
	return svolge(a, w, q, &in, a.Comandi.RidefinisciPaIS, func() caso.RidefinisciPaIS { return caso.RidefinisciPaIS(in) })
}

func (a *API) concludiPaIS(w http.ResponseWriter, q *request) error {
	var in struct {
		Esito       caso.EsitoPaIS `json:"esito"`
		Motivazione string         `json:"motivazione"`
		Data        giorno.Giorno  `json:"data"`
	}
	return svolge(a, w, q, &in, a.Comandi.ConcludiPaIS, func() caso.ConcludiPaIS {
		return caso.ConcludiPaIS{Esito: in.Esito, Motivazione: in.Motivazione, Data: in.Data}
	})
}
