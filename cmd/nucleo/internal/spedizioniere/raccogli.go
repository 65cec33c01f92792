package spedizioniere

import (
	"context"
	"errors"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
)

// raccogli puts what was approved, and corrections, into a new flusso. It
// lists them in the flusso first: should it be stopped then, the flusso tells
// what to go on with.
func (s *Spedizioniere) raccogli(ctx context.Context) error {
	voci, err := s.pronte(ctx)
	if err != nil || len(voci) == 0 {
		return err
	}
	f, err := s.apri(ctx)
	if err != nil {
		return err
	}
	if _, err := s.sulFlusso(ctx, f, flussoinps.Includi{Voci: voci}); err != nil {
		return err
	}
	for _, v := range voci {
		if err := s.metti(ctx, f, v); err != nil {
			return err
		}
	}
	s.Log.InfoContext(ctx, "segnalazioni in uscita", "flusso", f, "voci", len(voci))
	return nil
}

// pronte are those that wait, as their cases have it now.
func (s *Spedizioniere) pronte(ctx context.Context) (pronte []flussoinps.Voce, _ error) {
	voci, err := s.Elenco.DaSpedire(ctx, flussoinps.Massimo)
	for _, v := range voci {
		questa, _, err := s.segnalazione(ctx, v)
		if err != nil {
			return nil, err
		}
		if v.Tipo == flussoinps.Segnalazione && questa.Stato == caso.Approvata || v.Tipo == flussoinps.Rettifica && questa.Stato == caso.Rettificata {
			pronte = append(pronte, v)
		}
	}
	return pronte, err
}

// apri opens the next flusso of the day, or takes the last one while nothing
// lies in it: it was opened right before a stop.
func (s *Spedizioniere) apri(ctx context.Context) (string, error) {
	oggi := giorno.Di(s.Adesso().In(s.Comandi.Zona))
	n, err := s.Elenco.UltimoFlusso(ctx, oggi)
	if err != nil {
		return "", err
	}
	for n = max(n, 1); ; n++ {
		f := flussoinps.Chiave(oggi, n)
		esito, err := s.sulFlusso(ctx, f, flussoinps.Apri{Giorno: oggi, Numero: n})
		if err != nil || len(esito.Stato.Voci) == 0 {
			return f, err
		}
	}
}

// metti notes in the case that a segnalazione lies in a flusso. What the case
// refuses leaves the flusso.
func (s *Spedizioniere) metti(ctx context.Context, f string, v flussoinps.Voce) error {
	if v.Tipo == flussoinps.Rettifica {
		return nil
	}
	req := s.richiesta(domain.Dispatcher, "metti", v.Segnalazione.String(), f)
	esito, err := s.Comandi.MettiInUscita(ctx, req, v.Caso, caso.MettiInUscita{Segnalazione: v.Segnalazione, Flusso: f})
	return s.oppureEscludi(ctx, f, v, esito, err)
}

// oppureEscludi takes out of the flusso what was annulled, or lies in another.
// Of any other refusal, as when somebody else was faster, the next round learns.
func (s *Spedizioniere) oppureEscludi(ctx context.Context, f string, v flussoinps.Voce, esito commands.Caso, err error) error {
	s.ultima = max(s.ultima, esito.Posizione)
	codice := rifiuto(err)
	switch {
	case errors.Is(err, caso.ErrInvioAnnullato) || errors.Is(err, caso.ErrAltroFlusso):
		_, err = s.sulFlusso(ctx, f, flussoinps.Escludi{Voce: v, Motivo: codice})
	case codice != "":
		return nil
	}
	return err
}

// segnalazione is one as its case has it now.
func (s *Spedizioniere) segnalazione(ctx context.Context, v flussoinps.Voce) (caso.Segnalazione, caso.State, error) {
	storia, err := s.Comandi.StoriaCaso(ctx, v.Caso, commands.Alla{})
	if err != nil {
		return caso.Segnalazione{}, caso.State{}, err
	}
	questa, nota := storia.Stato.Segnalazioni.Trova(v.Segnalazione)
	if !nota {
		return questa, storia.Stato, caso.ErrSegnalazioneInesistente
	}
	return questa, storia.Stato, nil
}
