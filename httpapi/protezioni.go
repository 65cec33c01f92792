package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// vistaProtezione says to those who open a case that it is protected, and why.
type vistaProtezione struct {
	Motivo caso.MotivoProtezione `json:"motivo"`
}

// protezioneDi is none of a case that is not protected.
func protezioneDi(s caso.State) *vistaProtezione {
	if s.Protezione.Motivo == "" {
		return nil
	}
	return &vistaProtezione{s.Protezione.Motivo}
}

func (a *API) proteggiCaso(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo caso.MotivoProtezione `json:"motivo"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := a.Comandi.ProteggiCaso(ctx, req, c, caso.Proteggi{Motivo: in.Motivo})
		return esito, uuid.Nil, err
	})
}

func (a *API) revocaProtezione(w http.ResponseWriter, q *request) error {
	return a.lavora(w, q, &struct{}{}, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := a.Comandi.RevocaProtezione(ctx, req, c, caso.RevocaProtezione{})
		return esito, uuid.Nil, err
	})
}
