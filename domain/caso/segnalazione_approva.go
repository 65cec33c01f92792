package caso

import "nucleo/domain/id"

// ApprovaSegnalazione decides that INPS is told. Who proposed it may approve
// it, which is noted, unless the ambito has another decide.
type ApprovaSegnalazione struct {
	Segnalazione   id.Segnalazione
	Operatore      id.Operatore // who decides
	Nota           string       `personale:"testo"`
	PropriaVietata bool         // as the ambito has it
}

// Decide answers ApprovaSegnalazione.
func (c ApprovaSegnalazione) Decide(s State) ([]Event, error) {
	questa, nota := s.Segnalazioni.Trova(c.Segnalazione)
	propria := questa.Proposta.PropostaDa == c.Operatore
	switch {
	case !nota:
		return nil, ErrSegnalazioneInesistente
	case c.Operatore.IsZero():
		return nil, ErrSegnalazioneID.At("approvata_da")
	case !testoEntro(c.Nota, 0, massimoMotivo):
		return nil, ErrSegnalazioneMotivo.At("nota")
	case questa.approvata() && questa.DecisaDa == c.Operatore:
		return nil, nil
	case questa.Stato == Ritirata:
		return nil, ErrRitirata
	case questa.Stato != DaValidare:
		return nil, ErrGiaDecisa
	case propria && c.PropriaVietata:
		return nil, ErrPropria
	}
	return []Event{SegnalazioneApprovata{Segnalazione: c.Segnalazione, ApprovataDa: c.Operatore, Nota: c.Nota, StessoSoggetto: propria}}, nil
}

// approvata reports whether an approval holds: it was given, and the sending
// was not stopped.
func (s Segnalazione) approvata() bool {
	return s.Stato == Approvata || s.Stato == InUscita || s.Stato == Inviata || s.Stato == Acquisita
}
