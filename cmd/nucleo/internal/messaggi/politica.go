package messaggi

import (
	"context"

	"github.com/jackc/pgx/v5"

	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// Politica puts into the queue what the log says is queued, and takes out what
// it says has ended. Shown an event again it changes nothing that matters: a
// message that is put back is dropped when its stream is read.
func (s *Spedizione) Politica(segni policies.Segnalibri) policies.Politica {
	return policies.Politica{Nome: "spedizioni", Segnalibri: segni, Reagisci: s.reagisci, Eventi: []domain.Event{
		caso.ComunicazioneAccodata{}, caso.ComunicazioneConsegnata{}, caso.ComunicazioneFallita{},
	}}
}

func (s *Spedizione) reagisci(ctx context.Context, batch []domain.Recorded) error {
	var b pgx.Batch
	nuove := map[caso.CanaleComunicazione]bool{}
	for _, r := range batch {
		switch e := r.Event.(type) {
		case caso.ComunicazioneAccodata:
			nuove[e.Canale] = true
			b.Queue(`INSERT INTO public.spedizioni (comunicazione, caso, canale, accodata, prossima) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING`,
				e.Comunicazione, r.Subject, e.Canale, r.Meta.Istante)
		case caso.ComunicazioneConsegnata:
			finita(&b, e.Comunicazione)
		case caso.ComunicazioneFallita:
			finita(&b, e.Comunicazione)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	if err := s.Lettura.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	for canale := range nuove {
		s.sveglia(canale)
	}
	return nil
}

func finita(b *pgx.Batch, c id.Comunicazione) {
	b.Queue(`DELETE FROM public.spedizioni WHERE comunicazione = $1`, c)
}
