package caso

import "nucleo/domain/id"

// MettiInUscita puts an approved segnalazione into a data feed, from where the
// dispatcher sends it.
type MettiInUscita struct {
	Segnalazione id.Segnalazione
	Flusso       string
}

// PrendiPerInvio claims a segnalazione for one sending, before the first byte
// goes out. Sendings are numbered from 1; the number says which one the caller
// means, so that after a crash the same sending is not counted twice and
// another is never begun unawares.
type PrendiPerInvio struct {
	Segnalazione id.Segnalazione
	Flusso       string
	Tentativo    int
}

const massimoCodice = 100 // characters of an id that others gave

// Decide answers MettiInUscita.
func (c MettiInUscita) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Flusso, 1, massimoCodice):
		return nil, ErrSegnalazioneDati.At("flusso_id")
	case questa.Stato == Approvata:
		return []Event{SegnalazioneMessaInUscita(c)}, nil
	case questa.Stato == InUscita && questa.Flusso == c.Flusso:
		return nil, nil
	case questa.Stato == InUscita:
		return nil, ErrAltroFlusso
	}
	return nil, questa.nonParte()
}

// Decide answers PrendiPerInvio.
func (c PrendiPerInvio) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case questa.Stato == Approvata:
		return nil, ErrAltroFlusso
	case questa.Stato != InUscita:
		return nil, questa.nonParte()
	case questa.Flusso != c.Flusso:
		return nil, ErrAltroFlusso
	case c.Tentativo == questa.Tentativo && questa.aperto(c.Tentativo):
		return nil, nil
	case c.Tentativo != questa.Tentativo+1:
		return nil, ErrTentativo.At("tentativo")
	}
	return []Event{SegnalazionePresaPerInvio(c)}, nil
}

// nonParte says why a segnalazione is not sent.
func (s Segnalazione) nonParte() error {
	switch s.Stato {
	case InvioFermato:
		return ErrInvioAnnullato
	case Inviata, Acquisita:
		return ErrGiaInviata
	case Rettificata:
		return ErrRettificata
	}
	return ErrNonApprovata
}
