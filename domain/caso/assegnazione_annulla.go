package caso

import (
	"strings"
	"unicode/utf8"
)

// AnnullaAssegnazione returns an open case to the queue (GEPI-44). It is asked
// by a coordinator, for one case at a time.
type AnnullaAssegnazione struct {
	Motivo MotivoAnnullamento // RICHIESTA, or ALTRO with a nota
	Nota   string             `personale:"testo"`
}

// Decide answers AnnullaAssegnazione.
func (c AnnullaAssegnazione) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case c.Motivo != Richiesta && c.Motivo != AltroMotivo, c.Motivo == AltroMotivo && strings.TrimSpace(c.Nota) == "":
		return nil, ErrMotivoAnnullamento.At("motivo")
	case utf8.RuneCountInString(c.Nota) > massimoMotivo:
		return nil, ErrMotivoTroppoLungo.At("nota")
	case !s.Stato.Aperto():
		return nil, ErrNonAperto
	case s.Assegnazione.CaseManager.IsZero() && s.Assegnazione.Versione > 0:
		return nil, nil // already so
	case s.Assegnazione.CaseManager.IsZero():
		return nil, ErrNonAssegnato
	}
	return []Event{Annullata{CaseManager: s.Assegnazione.CaseManager, Motivo: c.Motivo, Nota: c.Nota}}, nil
}
