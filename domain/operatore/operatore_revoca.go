package operatore

import (
	"strings"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Revoca ends one accreditation. The open cases of a case manager then return
// to the queue, by a policy (ambiguity 9.17).
type Revoca struct {
	Accreditamento id.Accreditamento
	Motivo         string `personale:"testo"`
	Chi            Accreditante
}

// Refusals.
var (
	ErrAccreditamento = domain.Refuse(domain.NotFound, "accreditamento.inesistente", "the operator has no such accreditation: read the operator again")
	ErrMotivo         = domain.Refuse(domain.Unprocessable, "accreditamento.motivo_mancante", "say why the accreditation ends")

	ErrMotivoTroppoLungo = domain.Refuse(domain.Unprocessable, "accreditamento.motivo_troppo_lungo", "a reason has at most 500 characters: shorten it")
)

const massimoMotivo = 500 // characters

// Decide answers Revoca.
func (c Revoca) Decide(s State) ([]Event, error) {
	acc, found := s.Trova(c.Accreditamento)
	switch {
	case !s.Registrato:
		return nil, ErrInesistente
	case !found:
		return nil, ErrAccreditamento
	}
	if err := c.Chi.puo(acc.Ruolo, acc.Territorio.Ambito); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(c.Motivo) == "":
		return nil, ErrMotivo.At("motivo")
	case utf8.RuneCountInString(c.Motivo) > massimoMotivo:
		return nil, ErrMotivoTroppoLungo.At("motivo")
	case acc.Revocato:
		return nil, nil
	}
	return []Event{Revocato{Accreditamento: c.Accreditamento, Motivo: c.Motivo}}, nil
}
