package commands

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// AggiungiObiettivo puts a new obiettivo in the PaIS that is being defined.
func (s *Service) AggiungiObiettivo(ctx context.Context, req Request, c id.Caso, cmd caso.AggiungiObiettivo) (Caso, error) {
	cmd.Risultati = numera(req, cmd.Risultati)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ModificaObiettivo changes an obiettivo of the PaIS, or confirms it.
func (s *Service) ModificaObiettivo(ctx context.Context, req Request, c id.Caso, cmd caso.ModificaObiettivo) (Caso, error) {
	cmd.Risultati = numera(req, cmd.Risultati)
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RimuoviObiettivo takes an obiettivo out of the PaIS.
func (s *Service) RimuoviObiettivo(ctx context.Context, req Request, c id.Caso, cmd caso.RimuoviObiettivo) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// AggiungiImpegno puts a new impegno in the PaIS that is being defined.
func (s *Service) AggiungiImpegno(ctx context.Context, req Request, c id.Caso, cmd caso.AggiungiImpegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ModificaImpegno changes an impegno of the PaIS, or confirms it.
func (s *Service) ModificaImpegno(ctx context.Context, req Request, c id.Caso, cmd caso.ModificaImpegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RimuoviImpegno takes an impegno out of the PaIS.
func (s *Service) RimuoviImpegno(ctx context.Context, req Request, c id.Caso, cmd caso.RimuoviImpegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// AggiungiSostegno puts a new sostegno in the PaIS that is being defined.
func (s *Service) AggiungiSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.AggiungiSostegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// ModificaSostegno changes a sostegno of the PaIS, or confirms it.
func (s *Service) ModificaSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.ModificaSostegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// RimuoviSostegno takes a sostegno out of the PaIS.
func (s *Service) RimuoviSostegno(ctx context.Context, req Request, c id.Caso, cmd caso.RimuoviSostegno) (Caso, error) {
	return execute(ctx, s, req, sulLavoro(req, c, is(cmd)))
}

// numera gives an id to the results that have none: the same each time the
// request is made.
func numera(req Request, risultati []caso.Risultato) []caso.Risultato {
	risultati = append([]caso.Risultato(nil), risultati...)
	for n := range risultati {
		if risultati[n].ID.IsZero() {
			risultati[n].ID = id.Risultato{UUID: uuid.NewSHA1(req.Comando, []byte("risultato/"+strconv.Itoa(n)))}
		}
	}
	return risultati
}
