package caso

import "nucleo/domain/id"

// AnnullaInvio stops the sending of an approved segnalazione that was not yet
// taken for sending. The approval itself stands.
type AnnullaInvio struct {
	Segnalazione id.Segnalazione
	Motivazione  string `personale:"testo"`
}

// Decide answers AnnullaInvio.
func (c AnnullaInvio) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case !testoEntro(c.Motivazione, 1, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("motivazione")
	case questa.Stato == InvioFermato:
		return nil, nil
	case questa.Stato == Rettificata:
		return nil, ErrRettificata
	case questa.Stato == Inviata || questa.Stato == Acquisita:
		return nil, ErrGiaInviata
	case questa.Stato == InUscita && !questa.Annullabile():
		return nil, ErrInTrasmissione
	case !questa.Annullabile():
		return nil, ErrNonApprovata
	}
	return []Event{InvioSegnalazioneAnnullato(c)}, nil
}
