package caso

import (
	"slices"
	"time"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// RegistraInvio notes that INPS took the segnalazione.
type RegistraInvio struct {
	Segnalazione id.Segnalazione
	Protocollo   string
	InviataIl    time.Time
	Oggi         giorno.Giorno // the day of InviataIl
}

// RegistraInvioFallito notes that INPS did certainly not take it. Of a sending
// of which that is not known nothing is noted: its outcome stays uncertain.
type RegistraInvioFallito struct {
	Segnalazione id.Segnalazione
	Errore       string `personale:"testo"`
	Tentativo    int
}

// RegistraAcquisizione notes the receipt of INPS. It may come before the
// answer to the sending was known, and then says that too.
type RegistraAcquisizione struct {
	Segnalazione id.Segnalazione
	Protocollo   string // as in RegistraInvio; may be empty when that was registered
	Ricevuta     string
	Istante      time.Time // when it came
	Oggi         giorno.Giorno
}

// Decide answers RegistraInvio.
func (c RegistraInvio) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Protocollo, 1, massimoCodice):
		return nil, ErrSegnalazioneDati.At("protocollo_invio")
	case c.InviataIl.IsZero():
		return nil, ErrSegnalazioneDati.At("inviata_il")
	case questa.Protocollo == c.Protocollo:
		return nil, nil
	case questa.Protocollo != "":
		return nil, ErrProtocollo.At("protocollo_invio")
	case !questa.presa():
		return nil, questa.nonPresa()
	}
	return s.fermando(c.Oggi, questa.inviata(c.Protocollo, c.InviataIl)), nil
}

// Decide answers RegistraInvioFallito.
func (c RegistraInvioFallito) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Errore, 1, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("errore")
	case questa.Protocollo != "":
		return nil, nil // another sending, or this one after all, arrived
	case !questa.presa():
		return nil, questa.nonPresa()
	case c.Tentativo < 1 || c.Tentativo > questa.Tentativo:
		return nil, ErrTentativo.At("tentativo")
	case !questa.aperto(c.Tentativo):
		return nil, nil
	}
	return []Event{InvioSegnalazioneFallito(c)}, nil
}

// Decide answers RegistraAcquisizione.
func (c RegistraAcquisizione) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Ricevuta, 1, massimoCodice):
		return nil, ErrSegnalazioneDati.At("ricevuta_inps")
	case c.Protocollo != "" && questa.Protocollo != "" && c.Protocollo != questa.Protocollo:
		return nil, ErrProtocollo.At("protocollo_invio")
	case questa.Ricevuta == c.Ricevuta:
		return nil, nil
	case questa.Ricevuta != "":
		return nil, ErrProtocollo.At("ricevuta_inps")
	case questa.Stato == Rettificata:
		return nil, ErrRettificata
	}
	acquisita := SegnalazioneAcquisita{Segnalazione: c.Segnalazione, Ricevuta: c.Ricevuta}
	switch {
	case questa.Stato == Inviata:
		return []Event{acquisita}, nil
	case !questa.presa():
		return nil, questa.nonPresa()
	case !testoEntro(c.Protocollo, 1, massimoCodice):
		return nil, ErrSegnalazioneDati.At("protocollo_invio")
	case c.Istante.IsZero():
		return nil, ErrSegnalazioneDati.At("istante")
	}
	return s.fermando(c.Oggi, questa.inviata(c.Protocollo, c.Istante), acquisita), nil
}

// presa reports whether a sending has begun and none is known to have arrived.
func (s Segnalazione) presa() bool { return s.Stato == InUscita && s.Tentativo > 0 }

// aperto reports whether nothing is known of how a sending ended.
func (s Segnalazione) aperto(tentativo int) bool { return slices.Contains(s.Aperti, tentativo) }

// nonPresa says why nothing can have arrived.
func (s Segnalazione) nonPresa() error {
	if s.Stato == InvioFermato {
		return ErrInvioAnnullato
	}
	return ErrNonPresa
}

func (s Segnalazione) inviata(protocollo string, il time.Time) SegnalazioneInviata {
	return SegnalazioneInviata{
		Segnalazione: s.Proposta.Segnalazione, Flusso: s.Flusso, Protocollo: protocollo, InviataIl: il.UTC().Truncate(time.Second),
	}
}
