package operatore

import (
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Richiesta is the formal request that an accreditation answers (ACC-06), and
// the acts that come with it (ACC-22): references to them, not the acts.
type Richiesta struct {
	Protocollo string        `json:"protocollo,omitempty"`
	Data       giorno.Giorno `json:"data,omitzero"`
	NotaPEC    string        `json:"nota_pec,omitempty"`                   // of the authorisation
	Documento  string        `json:"documento,omitempty" personale:"dato"` // of identity
	Delega     string        `json:"delega,omitempty"`                     // of whoever signed in the place of another
}

// ErrRichiestaFutura refuses a formal request that nobody can have made yet.
var ErrRichiestaFutura = domain.Refuse(domain.Unprocessable, "accreditamento.richiesta_futura", "the formal request bears a day to come: give the day on which it was made")

// formale checks the formal request, where there is one.
func (c Accredita) formale() error {
	if c.Richiesta.Data > c.Oggi {
		return ErrRichiestaFutura.At("richiesta.data")
	}
	return nil
}

// accreditatoV1 is RuoloAccreditato as it was stored when of the request only
// the protocol was known.
type accreditatoV1 struct {
	Accreditamento id.Accreditamento `json:"accreditamento_id"`
	Ruolo          domain.Ruolo      `json:"ruolo"`
	Territorio     domain.Territorio `json:"territorio"`
	Livello        string            `json:"livello"`
	Fondo          string            `json:"fondo,omitempty"`
	Dal            giorno.Giorno     `json:"dal"`
	Protocollo     string            `json:"richiesta_protocollo,omitempty"`
}

func (v accreditatoV1) lift() Accreditato {
	return Accreditato{v.Accreditamento, v.Ruolo, v.Territorio, v.Livello, v.Fondo, v.Dal, Richiesta{Protocollo: v.Protocollo}}
}
