package operatore

import (
	"slices"

	"nucleo/domain"
)

// Adesioni is what an ambito and its comuni have signed, as it is now.
type Adesioni struct {
	Convenzionati []string // comuni that have signed the agreement themselves
	Delegati      []string // comuni that left the presa in carico to the ambito
	Ente          bool     // the body that carries out the association has signed it
}

// ErrConvenzione refuses people whom nobody could name yet (ACC-05).
var ErrConvenzione = domain.Refuse(domain.Refused, "accreditamento.convenzione_mancante", "operators are named by who has signed the agreement, and for a comune of this role nobody has: register it first (POST /ambiti/{ambito}/convenzioni), of the comune, or of the body that acts for the comuni that delegated")

// nominano reports whether those who name people for a role on a territory have
// signed the agreement (ACC-05). The ambito whole speaks by the body that carries
// out the association, or by all of its comuni; a comune for itself, or by that
// body where it left the presa in carico to the ambito. Verifying registers is
// left to nobody (ACC-03), so for the controlli each comune has signed itself.
//
// That the agreement is there when the role is given is all that is asked: it may
// be newer than the request, since one that is signed anew takes the place of the
// old.
func (a Adesioni) nominano(ruolo domain.Ruolo, t domain.Territorio, ambito []string) bool {
	comuni := t.Comuni
	switch {
	case !indicato(ruolo):
		return true
	case len(comuni) == 0 && a.Ente:
		return true
	case len(comuni) == 0:
		comuni = ambito
	}
	associato := a.Ente && !slices.Contains(diComune, ruolo)
	return len(comuni) > 0 && !slices.ContainsFunc(comuni, func(c string) bool {
		return !slices.Contains(a.Convenzionati, c) && !(associato && slices.Contains(a.Delegati, c))
	})
}
