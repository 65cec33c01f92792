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

// inviaComunicazione queues a message to people of the nucleo.
func (a *API) inviaComunicazione(w http.ResponseWriter, q *request) error {
	var in struct {
		Tipo        caso.TipoComunicazione   `json:"tipo"`
		Canale      caso.CanaleComunicazione `json:"canale"`
		Destinatari []id.Componente          `json:"destinatari"`
		Testo       string                   `json:"testo"`
		Ripete      id.Comunicazione         `json:"ripete,omitzero"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		cmd := caso.InviaComunicazione{
			Comunicazione: id.Comunicazione{UUID: commands.Nuovo(req)}, Tipo: in.Tipo, Canale: in.Canale, Destinatari: in.Destinatari, Testo: in.Testo, Ripete: in.Ripete,
		}
		esito, err := a.Comandi.InviaComunicazione(ctx, req, c, cmd)
		return esito, cmd.Comunicazione.UUID, err
	})
}

// registraFormale notes a letter, or the like, that was sent.
func (a *API) registraFormale(w http.ResponseWriter, q *request) error {
	var in struct {
		Tipo        caso.TipoComunicazione `json:"tipo"`
		Mezzo       caso.Mezzo             `json:"mezzo"`
		Numero      string                 `json:"numero"`
		DataInvio   giorno.Giorno          `json:"data_invio"`
		Destinatari []id.Componente        `json:"destinatari"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		cmd := caso.RegistraComunicazioneFormale{
			Comunicazione: id.Comunicazione{UUID: commands.Nuovo(req)}, Tipo: in.Tipo, Mezzo: in.Mezzo, Numero: in.Numero, DataInvio: in.DataInvio, Destinatari: in.Destinatari,
		}
		esito, err := a.Comandi.RegistraComunicazioneFormale(ctx, req, c, cmd)
		return esito, cmd.Comunicazione.UUID, err
	})
}

// registraEsitoFormale notes what became of it.
func (a *API) registraEsitoFormale(w http.ResponseWriter, q *request) error {
	var in struct {
		Esito         caso.EsitoFormale `json:"esito"`
		DataRicezione giorno.Giorno     `json:"data_ricezione,omitzero"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		cmd := caso.RegistraEsitoComunicazione{Esito: in.Esito, DataRicezione: in.DataRicezione}
		if err := q.pathValue("comunicazione", &cmd.Comunicazione); err != nil {
			return commands.Caso{}, uuid.Nil, err
		}
		esito, err := a.Comandi.RegistraEsitoComunicazione(ctx, req, c, cmd)
		return esito, uuid.Nil, err
	})
}
