package httpapi

import (
	"context"
	"net/http"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// salvaSezioneAP and salvaSezioneQA keep one section of an instrument, and
// answer its revision: the next change of the section is written on it.
func (a *API) salvaSezioneAP(w http.ResponseWriter, q *request) error {
	return a.salvaSezione(w, q, func(ctx context.Context, req commands.Request, c id.Caso, z caso.Sezione) (commands.Caso, []caso.Sezione, error) {
		esito, err := a.Comandi.SalvaSezioneAP(ctx, req, c, caso.SalvaSezioneAP{Sezione: z})
		return esito, esito.Stato.AP.Sezioni, err
	})
}

func (a *API) salvaSezioneQA(w http.ResponseWriter, q *request) error {
	return a.salvaSezione(w, q, func(ctx context.Context, req commands.Request, c id.Caso, z caso.Sezione) (commands.Caso, []caso.Sezione, error) {
		esito, err := a.Comandi.SalvaSezioneQA(ctx, req, c, caso.SalvaSezioneQA{Sezione: z})
		return esito, esito.Stato.QA.Sezioni, err
	})
}

func (a *API) salvaSezione(w http.ResponseWriter, q *request, salva func(context.Context, commands.Request, id.Caso, caso.Sezione) (commands.Caso, []caso.Sezione, error)) error {
	var z caso.Sezione
	return a.lavoraE(w, q, &z, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, lavorato, error) {
		esito, sezioni, err := salva(ctx, req, c, z)
		return esito, lavorato{Revisione: revisioneDi(sezioni, z)}, err
	})
}

// revisioneDi is the revision that a section has among those saved.
func revisioneDi(sezioni []caso.Sezione, z caso.Sezione) int {
	for _, s := range sezioni {
		if s.Sezione == z.Sezione && s.Componente == z.Componente {
			return s.Revisione
		}
	}
	return 0
}
