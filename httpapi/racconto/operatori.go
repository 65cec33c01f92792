package racconto

import (
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
)

// Operatori are those whom the sentence of an event names.
func Operatori(e domain.Event) []uuid.UUID {
	switch e := e.(type) {
	case caso.Assegnato:
		return []uuid.UUID{e.CaseManager.UUID}
	case caso.Riassegnato:
		return []uuid.UUID{e.Da.UUID, e.A.UUID}
	case caso.Annullata:
		return []uuid.UUID{e.CaseManager.UUID}
	case caso.SegnalazioneApprovata:
		return []uuid.UUID{e.ApprovataDa.UUID}
	case caso.SegnalazioneRifiutata:
		return []uuid.UUID{e.RifiutataDa.UUID}
	}
	return nil
}
