package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

type (
	// Modificato changes where an accreditation holds, inside its ambito.
	Modificato struct {
		Accreditamento id.Accreditamento `json:"accreditamento_id"`
		Da             []string          `json:"comuni_da,omitempty"` // none for the ambito whole
		Comuni         []string          `json:"comuni,omitempty"`    // likewise
		Livello        string            `json:"livello"`
		Richiesta      Richiesta         `json:"richiesta,omitzero"` // by which comuni were added
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
// another ambito an operator is revoked there first. What is added is asked of
// as a new role is: the comuni that name the person have signed (ACC-05), and
// wrote (ACC-06).
type Modifica struct {
	Accreditamento id.Accreditamento
	Comuni         []string // none for the ambito whole
	Fondo          string
	Richiesta      Richiesta
	ComuniAmbito   []string // of its ambito, as they are now
	Adesioni       Adesioni // likewise
	Oggi           giorno.Giorno
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
	var events []Event
	if !acc.stesso(acc.Ruolo, dove) {
		richiesta, err := c.aggiunge(acc, dove)
		if err != nil {
			return nil, err
		}
		events = append(events, Modificato{
			Accreditamento: acc.ID, Da: acc.Territorio.Comuni, Comuni: dove.Comuni, Livello: Accreditamento{Territorio: dove}.Livello(), Richiesta: richiesta,
		})
	}
	if acc.Fondo != c.Fondo {
		events = append(events, FondoAggiornato{Accreditamento: acc.ID, Fondo: c.Fondo})
	}
	return events, nil
}

// aggiunge is by which request an accreditation gains comuni: by none where it
// gains nothing.
func (c Modifica) aggiunge(acc Accreditamento, dove domain.Territorio) (Richiesta, error) {
	nuovo := dove
	nuovo.Comuni = slices.DeleteFunc(slices.Clone(dove.Comuni), func(comune string) bool { return acc.Territorio.Copre(dove.Ambito, comune) })
	if len(dove.Comuni) > 0 && len(nuovo.Comuni) == 0 {
		return Richiesta{}, nil
	}
	err := formale(acc.Ruolo, c.Richiesta, c.Oggi)
	switch {
	case err != nil:
		return Richiesta{}, err
	case serveDelega(acc.Ruolo, dove) && len(c.Adesioni.Delegati) == 0:
		return Richiesta{}, ErrDelega.At("comuni")
	case !c.Adesioni.nominano(acc.Ruolo, nuovo, c.ComuniAmbito):
		return Richiesta{}, ErrConvenzione.At("comuni")
	}
	return c.Richiesta, nil
}

// modificatoV1 is RuoloModificato as it was stored when comuni were added
// without a request.
type modificatoV1 struct {
	Accreditamento id.Accreditamento `json:"accreditamento_id"`
	Da             []string          `json:"comuni_da,omitempty"`
	Comuni         []string          `json:"comuni,omitempty"`
	Livello        string            `json:"livello"`
}

func (v modificatoV1) lift() Modificato {
	return Modificato{v.Accreditamento, v.Da, v.Comuni, v.Livello, Richiesta{}}
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

func (Modificato) EventType() string         { return "RuoloModificato.v2" }
func (FondoAggiornato) EventType() string    { return "FondoAggiornato" }
func (RecapitiAggiornati) EventType() string { return "RecapitiOperatoreAggiornati" }

func (Modificato) isOperatore()         {}
func (FondoAggiornato) isOperatore()    {}
func (RecapitiAggiornati) isOperatore() {}
