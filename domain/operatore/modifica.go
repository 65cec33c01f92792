package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/id"
)

type (
	// Modificato changes where an accreditation holds, inside its ambito.
	Modificato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Da             []string          `json:"comuni_da,omitempty"` // none for the ambito whole
		Comuni         []string          `json:"comuni,omitempty"`    // likewise
		Livello        string            `json:"livello"`
	}
	// FondoAggiornato changes what pays a case manager.
	FondoAggiornato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Fondo          string            `json:"fondo,omitempty"` // none: nothing special does
	}
	// RecapitiAggiornati changes how the person is reached.
	RecapitiAggiornati struct {
		Email    string `json:"email,omitempty" personale:"recapito"`
		Telefono string `json:"telefono,omitempty" personale:"recapito"`
	}
)

// Modifica changes the comuni and the fund of an accreditation. To move to
// another ambito an operator is revoked there first.
type Modifica struct {
	Accreditamento id.Accreditamento
	Comuni         []string // none for the ambito whole
	Fondo          string
	ComuniAmbito   []string // of its ambito, as they are now
	Delegato       bool     // some comune left the presa in carico to the ambito
	Chi            Accreditante
}

// ErrRevocato refuses to change what has ended.
var ErrRevocato = domain.Refuse(domain.Refused, "accreditamento.revocato", "the accreditation was revoked: give the role again")

// Decide answers Modifica.
func (c Modifica) Decide(s State) ([]Event, error) {
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
	dove := domain.Territorio{Ambito: acc.Territorio.Ambito, Comuni: slices.Compact(slices.Sorted(slices.Values(c.Comuni)))}
	come := Accredita{Ruolo: acc.Ruolo, Territorio: dove, Fondo: c.Fondo, Dal: acc.Dal, ComuniAmbito: c.ComuniAmbito}
	if err := come.valida(); err != nil {
		return nil, err
	}
	if acc.Revocato {
		return nil, ErrRevocato
	}
	for _, a := range s.inVigore() {
		if a.ID != acc.ID && a.stesso(acc.Ruolo, dove) {
			return nil, ErrDoppio.At("comuni")
		}
	}
	if !acc.stesso(acc.Ruolo, dove) && serveDelega(acc.Ruolo, dove) && !c.Delegato {
		return nil, ErrDelega.At("comuni")
	}
	var events []Event
	if !acc.stesso(acc.Ruolo, dove) {
		events = append(events, Modificato{Accreditamento: acc.ID, Da: acc.Territorio.Comuni, Comuni: dove.Comuni, Livello: Accreditamento{Territorio: dove}.Livello()})
	}
	if acc.Fondo != c.Fondo {
		events = append(events, FondoAggiornato{Accreditamento: acc.ID, Fondo: c.Fondo})
	}
	return events, nil
}

// ErrDoppio refuses two accreditations to one role on one territory.
var ErrDoppio = domain.Refuse(domain.Refused, "accreditamento.doppio", "the operator has this role on this territory by another accreditation: revoke one of the two")

// ErrRecapiti refuses to forget how an Amministratore is reached (ACC-22).
var ErrRecapiti = domain.Refuse(domain.Unprocessable, "operatore.recapiti_mancanti", "an Amministratore di Ambito has an e-mail and a telephone: give both")

// amministra reports whether the person is an Amministratore.
func (s State) amministra() bool {
	return slices.ContainsFunc(s.inVigore(), func(a Accreditamento) bool { return a.Ruolo == domain.AmministratoreAmbito })
}

// AggiornaRecapiti changes how a person is reached. Nobody's right depends on
// it: who keeps the operators of an ambito may.
type AggiornaRecapiti struct {
	Email    string `personale:"recapito"`
	Telefono string `personale:"recapito"`
	Chi      Accreditante
}

// Decide answers AggiornaRecapiti.
func (c AggiornaRecapiti) Decide(s State) ([]Event, error) {
	tocca := slices.ContainsFunc(s.inVigore(), func(a Accreditamento) bool { return a.Territorio.Ambito == c.Chi.Territorio.Ambito })
	switch {
	case !s.Registrato || c.Chi.Ruolo != domain.SuperUtente && (c.Chi.Ruolo != domain.AmministratoreAmbito || !tocca):
		return nil, ErrInesistente
	case s.Email == c.Email && s.Telefono == c.Telefono:
		return nil, nil
	case s.amministra() && vuoto(c.Email):
		return nil, ErrRecapiti.At("email")
	case s.amministra() && vuoto(c.Telefono):
		return nil, ErrRecapiti.At("telefono")
	}
	return []Event{RecapitiAggiornati{Email: c.Email, Telefono: c.Telefono}}, nil
}

// cambia is the state after one of its accreditations was changed.
func (s State) cambia(quale id.Accreditamento, come func(*Accreditamento)) State {
	s.Accreditamenti = slices.Clone(s.Accreditamenti)
	for i := range s.Accreditamenti {
		if s.Accreditamenti[i].ID == quale {
			come(&s.Accreditamenti[i])
		}
	}
	return s
}

func (Modificato) EventType() string         { return "RuoloModificato" }
func (FondoAggiornato) EventType() string    { return "FondoAggiornato" }
func (RecapitiAggiornati) EventType() string { return "RecapitiOperatoreAggiornati" }

func (Modificato) isOperatore()         {}
func (FondoAggiornato) isOperatore()    {}
func (RecapitiAggiornati) isOperatore() {}
