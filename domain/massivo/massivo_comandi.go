package massivo

import (
	"time"

	"nucleo/domain"
)

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "massivo.inesistente", "there is no such file of operators")
	ErrVuoto       = domain.Refuse(domain.Unprocessable, "massivo.vuoto", "the file holds no operator: fill in the template, one row for each role of a person")
	ErrErrato      = domain.Refuse(domain.Refused, "massivo.errato", "some rows of the file are bad, so nothing of it is applied: correct them, and send the file again")
	ErrRespinto    = domain.Refuse(domain.Refused, "massivo.respinto", "a row was refused when the file was applied, and nothing of it holds: send the file again")
	ErrScaduto     = domain.Refuse(domain.Refused, "massivo.scaduto", "the file was sent more than a day ago and is not kept any longer: send it again")
	ErrNonAvviato  = domain.Refuse(domain.Refused, "massivo.non_avviato", "the application has not begun, or has ended")
)

// Controlla notes what the check of a file found.
type Controlla struct{ Esito Controllato }

// Decide answers Controlla.
func (c Controlla) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato != "":
		return nil, nil
	case c.Esito.Righe == 0:
		return nil, ErrVuoto
	}
	c.Esito.Errori = c.Esito.Errori[:min(len(c.Esito.Errori), MaxErrori)]
	return []Event{c.Esito}, nil
}

// Avvia begins the application. Where things have changed since the check, so
// that rows are bad now, it ends where it begins.
type Avvia struct {
	Voci   []Voce
	Esiti  Esiti
	Errori []Errore
	Adesso time.Time
}

// Decide answers Avvia.
func (c Avvia) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case s.Stato == Errato:
		return nil, ErrErrato
	case s.Stato == Respinto || s.Stato == InRitiro:
		return nil, ErrRespinto
	case s.Stato != Verificato:
		return nil, nil // it was begun
	case c.Adesso.After(s.Scade):
		return nil, ErrScaduto
	}
	if len(c.Errori) > 0 {
		return []Event{Avviato{Voci: c.Voci, Esiti: c.Esiti}, Ritirato{Errori: c.Errori}, Concluso{Stato: Respinto}}, nil
	}
	return []Event{Avviato{Voci: c.Voci, Esiti: c.Esiti}}, nil
}

// Ritira has what was done taken back, because rows were refused.
type Ritira struct{ Errori []Errore }

// Decide answers Ritira.
func (c Ritira) Decide(s State) ([]Event, error) {
	switch s.Stato {
	case InApplicazione:
		return []Event{Ritirato(c)}, nil
	case InRitiro, Respinto:
		return nil, nil
	}
	return nil, ErrNonAvviato
}

// Concludi ends the application: as applied, or as taken back.
type Concludi struct{}

// Decide answers Concludi.
func (Concludi) Decide(s State) ([]Event, error) {
	switch s.Stato {
	case InApplicazione:
		return []Event{Concluso{Stato: Applicato}}, nil
	case InRitiro:
		return []Event{Concluso{Stato: Respinto}}, nil
	case Applicato, Respinto:
		return nil, nil
	}
	return nil, ErrNonAvviato
}
