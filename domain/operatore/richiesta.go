package operatore

import (
	"slices"

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

// Refusals.
var (
	ErrRichiestaFutura = domain.Refuse(domain.Unprocessable, "accreditamento.richiesta_futura", "the formal request bears a day to come: give the day on which it was made")
	ErrRichiesta       = domain.Refuse(domain.Unprocessable, "accreditamento.richiesta_incompleta", "the names of operators come with a formal request of the offices of the comune, or of the ambito: give its protocol and its day")
	ErrDatiIncompleti  = domain.Refuse(domain.Unprocessable, "accreditamento.dati_incompleti", "the person was registered before birth and gender were asked for: say them by POST /operatori first")
)

// indicato reports whether a role is given to people whom the comuni, or the
// ambito, name: all that an Amministratore grants (ACC-10). Their names come with
// a formal request (ACC-06) from somebody who has signed the agreement (ACC-05).
// The Ministry's own roles are named by nobody else; an Amministratore is named
// before there is an agreement, by acts of their own (ACC-22); and who watches
// over the data of an ambito is called by its law, not by its comuni.
func indicato(r domain.Ruolo) bool { return !slices.Contains(soli, r) }

// formale checks the formal request, and that it is there where it is needed.
// Domain.md asks for protocol and day "if any" (6.6) and for the request always
// (ACC-06): the narrower holds, whoever accredits.
func formale(ruolo domain.Ruolo, r Richiesta, oggi giorno.Giorno) error {
	switch {
	case r.Data > oggi:
		return ErrRichiestaFutura.At("richiesta.data")
	case !indicato(ruolo):
		return nil
	case vuoto(r.Protocollo):
		return ErrRichiesta.At("richiesta.protocollo")
	case r.Data.IsZero():
		return ErrRichiesta.At("richiesta.data")
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
