package spedizioniere

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
)

// presa is a voce that goes out.
type presa struct {
	flussoinps.Voce
	documento inps.Voce
	tentativo int // of a segnalazione
}

// spedisci sends what lies in a flusso and INPS is not known to have.
func (s *Spedizioniere) spedisci(ctx context.Context, f string) error {
	stato, err := s.Comandi.Flusso(ctx, f)
	if err != nil || stato.Chiuso {
		return err
	}
	var avute []flussoinps.Voce
	var vanno []presa
	for _, v := range stato.Voci {
		if v.Stato != flussoinps.Inclusa {
			continue
		}
		va, avuta, err := s.esamina(ctx, f, v.Voce)
		if err != nil {
			return err
		}
		if avuta {
			avute = append(avute, v.Voce)
		}
		if va != nil {
			vanno = append(vanno, *va)
		}
	}
	e := flussoinps.Trasmetti{Voci: avute}
	if len(vanno) > 0 {
		err = s.consegna(ctx, f, vanno, &e)
	}
	if len(e.Voci) > 0 {
		_, altro := s.sulFlusso(ctx, f, e)
		err = errors.Join(err, altro)
	}
	return err
}

// esamina asks the case about a voce: whether it goes out, or INPS has it
// already, which an earlier run did not come to note. What the case does not
// have sent any more leaves the flusso.
func (s *Spedizioniere) esamina(ctx context.Context, f string, v flussoinps.Voce) (va *presa, avuta bool, err error) {
	questa, stato, err := s.segnalazione(ctx, v)
	switch {
	case err != nil:
		return nil, false, err
	case v.Tipo == flussoinps.Rettifica:
		return &presa{Voce: v, documento: inps.Voce{Tipo: v.Tipo, ID: v.Segnalazione, IDDomanda: stato.Domanda.IDDomanda, Protocollo: questa.Protocollo}}, false, nil
	case questa.Stato == caso.Approvata: // stopped before it was noted; the round after this sends it
		return nil, false, s.metti(ctx, f, v)
	case questa.Flusso == f && questa.Protocollo != "":
		return nil, true, nil
	case questa.Flusso != f || questa.Stato != caso.InUscita:
		_, err := s.sulFlusso(ctx, f, flussoinps.Escludi{Voce: v, Motivo: "segnalazione." + strings.ToLower(string(questa.Stato))})
		return nil, false, err
	}
	return &presa{Voce: v, documento: documento(stato, questa), tentativo: questa.Tentativo + 1}, false, nil
}

// documento is what INPS must know of a segnalazione, and nothing else: who it
// is about by the codice fiscale, which INPS has, and no text.
func documento(s caso.State, n caso.Segnalazione) inps.Voce {
	p := n.Proposta
	v := inps.Voce{
		Tipo: flussoinps.Segnalazione, ID: p.Segnalazione, IDDomanda: s.Domanda.IDDomanda, Ambito: n.Ambito,
		Categoria: p.Categoria, DataFatto: p.DataFatto, Accertamento: p.Accertamento, Occorrenza: p.Occorrenza,
	}
	for _, c := range slices.Concat(s.Nucleo.Componenti, s.Nucleo.Usciti) {
		if c.ID == p.Componente && !p.Componente.IsZero() {
			v.CodiceFiscale = c.CodiceFiscale
		}
	}
	return v
}

// consegna claims each voce and hands them over. It adds to e those that INPS
// took. Nothing is claimed while INPS cannot be reached, and nothing that the
// schema refuses.
func (s *Spedizioniere) consegna(ctx context.Context, f string, vanno []presa, e *flussoinps.Trasmetti) error {
	if err := s.Via.Pronta(ctx); err != nil {
		return fmt.Errorf("INPS cannot be reached: %w", err)
	}
	var errs []error
	var prese []presa
	d := inps.Documento{Formato: inps.Formato, Flusso: f}
	for _, v := range vanno {
		if _, err := (inps.Documento{Formato: inps.Formato, Flusso: f, Voci: []inps.Voce{v.documento}}).Scrivi(); err != nil {
			errs = append(errs, fmt.Errorf("segnalazione %s: %w", v.Segnalazione, err))
			continue
		}
		preso, err := s.prendi(ctx, f, v)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if preso {
			prese, d.Voci = append(prese, v), append(d.Voci, v.documento)
		}
	}
	if len(prese) == 0 {
		return errors.Join(errs...)
	}
	esiti, err := s.Via.Consegna(ctx, d)
	avute, altro := s.registra(ctx, prese, esiti, err)
	if data, male := d.Scrivi(); male == nil {
		e.Impronta = sha256.Sum256(data)
	}
	e.Voci = append(e.Voci, avute...)
	return errors.Join(append(errs, err, altro)...)
}

// prendi claims a segnalazione. It reports whether that was done.
func (s *Spedizioniere) prendi(ctx context.Context, f string, v presa) (bool, error) {
	if v.Tipo == flussoinps.Rettifica {
		return true, nil
	}
	req := s.richiesta(domain.Dispatcher, "prendi", v.Segnalazione.String(), strconv.Itoa(v.tentativo))
	esito, err := s.Comandi.PrendiPerInvio(ctx, req, v.Caso, caso.PrendiPerInvio{Segnalazione: v.Segnalazione, Flusso: f, Tentativo: v.tentativo})
	return err == nil, s.oppureEscludi(ctx, f, v.Voce, esito, err)
}

// registra notes in the cases what became of each voce. Of one that is not
// told of nothing is noted: its outcome stays uncertain, and it is sent again.
func (s *Spedizioniere) registra(ctx context.Context, prese []presa, esiti []inps.Esito, consegna error) (avute []flussoinps.Voce, _ error) {
	var errs []error
	for _, v := range prese {
		i := slices.IndexFunc(esiti, func(e inps.Esito) bool { return e.ID == v.Segnalazione && e.Tipo == v.Tipo })
		var err error
		switch {
		case i >= 0 && esiti[i].Accettata:
			if err = s.inviata(ctx, v, esiti[i].Protocollo); err == nil {
				s.misure.segna(func(m *Misura) { m.Inviate++ })
				avute = append(avute, v.Voce)
			}
		case i >= 0:
			s.misure.segna(func(m *Misura) { m.Respinte++ })
			err = errors.Join(s.fallita(ctx, v, esiti[i].Motivo), fmt.Errorf("INPS refuses segnalazione %s", v.Segnalazione))
		case errors.Is(consegna, inps.ErrNonPresa):
			err = s.fallita(ctx, v, "INPS could not be reached, or took nothing")
		case consegna == nil:
			err = fmt.Errorf("INPS says nothing of segnalazione %s", v.Segnalazione)
		}
		errs = append(errs, err)
	}
	return avute, errors.Join(errs...)
}

func (s *Spedizioniere) inviata(ctx context.Context, v presa, protocollo string) error {
	if v.Tipo == flussoinps.Rettifica {
		return nil
	}
	req := s.richiesta(domain.Dispatcher, "inviata", v.Segnalazione.String(), protocollo)
	return s.nota(s.Comandi.RegistraInvio(ctx, req, v.Caso, caso.RegistraInvio{Segnalazione: v.Segnalazione, Protocollo: protocollo}))
}

func (s *Spedizioniere) fallita(ctx context.Context, v presa, errore string) error {
	if v.Tipo == flussoinps.Rettifica {
		return nil
	}
	if errore == "" || utf8.RuneCountInString(errore) > 500 {
		errore = "INPS refused it"
	}
	req := s.richiesta(domain.Dispatcher, "fallita", v.Segnalazione.String(), strconv.Itoa(v.tentativo))
	return s.nota(s.Comandi.RegistraInvioFallito(ctx, req, v.Caso, caso.RegistraInvioFallito{Segnalazione: v.Segnalazione, Errore: errore, Tentativo: v.tentativo}))
}

func (s *Spedizioniere) nota(esito commands.Caso, err error) error {
	s.ultima = max(s.ultima, esito.Posizione)
	return err
}
