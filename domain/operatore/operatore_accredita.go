package operatore

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Accredita gives an operator a role on a territory: the ambito whole, or some
// of its comuni.
type Accredita struct {
	ID           id.Accreditamento
	Ruolo        domain.Ruolo
	Territorio   domain.Territorio
	Fondo        string
	Dal          giorno.Giorno
	Richiesta    Richiesta
	ComuniAmbito []string // of the ambito named by the territory, as they are now; nil when there is no such ambito, empty when it has none yet
	Adesioni     Adesioni // likewise
	Oggi         giorno.Giorno
	Chi          Accreditante
}

// Accreditante is who accredits, or revokes.
type Accreditante struct {
	Ruolo      domain.Ruolo
	Territorio domain.Territorio
	SeStesso   bool // the operator is the same person
}

// Refusals of an accreditation (rules 3.1, I1–I6).
var (
	ErrRuolo           = domain.Refuse(domain.Unprocessable, "accreditamento.ruolo_sconosciuto", "there is no such role: give one of the list")
	ErrFondo           = domain.Refuse(domain.Unprocessable, "accreditamento.fondo_sconosciuto", "the fund is PON, FONDO_POVERTA or ALTRO, for a case manager only")
	ErrSeStesso        = domain.Refuse(domain.Forbidden, "accreditamento.proprio", "nobody changes their own accreditation: ask another person who may grant the role")
	ErrNonTuo          = domain.Refuse(domain.Forbidden, "accreditamento.non_consentito", "you may not grant or revoke this role on this ambito: ask its amministratore or, for the roles that exclude others, a Super Utente")
	ErrAmbitoMancante  = domain.Refuse(domain.Unprocessable, "accreditamento.ambito_sconosciuto", "the role needs an ambito that exists: give the code of one")
	ErrAmbitoSuperfluo = domain.Refuse(domain.Unprocessable, "accreditamento.ambito_superfluo", "the role holds everywhere: give it no ambito and no comuni")
	ErrComuneFuori     = domain.Refuse(domain.Unprocessable, "accreditamento.comune_fuori_ambito", "every comune must lie in the ambito: give Belfiore codes of its comuni")
	ErrComuneMancante  = domain.Refuse(domain.Unprocessable, "accreditamento.comune_mancante", "the role is bound to comuni: name at least one")
	ErrAmbitoIntero    = domain.Refuse(domain.Unprocessable, "accreditamento.ambito_intero", "the role holds on the ambito whole: name no comuni")
	ErrAltroAmbito     = domain.Refuse(domain.Refused, "accreditamento.altro_ambito", "the operator is accredited in another ambito: revoke that first")
	ErrIncompatibile   = domain.Refuse(domain.Refused, "accreditamento.incompatibile", "the role cannot be combined with another that the operator has: revoke that first")
	ErrAltroFondo      = domain.Refuse(domain.Refused, "accreditamento.altro_fondo", "the operator has this role on this territory under another fund: revoke that first")
	ErrIDUsato         = domain.Refuse(domain.Refused, "accreditamento.id_usato", "the id belongs to another accreditation of the operator: send the request with a new key")
	ErrDelega          = domain.Refuse(domain.Refused, "accreditamento.delega_mancante", "no comune has left the presa in carico to the ambito: name the comuni of the role, or register the delegation first (POST /ambiti/{ambito}/deleghe)")
	ErrDal             = domain.Refuse(domain.Unprocessable, "accreditamento.data_mancante", "say from which day the accreditation holds")
)

// ovunque are the roles that hold everywhere; soli those that exclude every
// other role (ACC-17, ambiguity 9.19; who watches over the data of an ambito
// has no other task there, GDPR art. 38); diComune those bound to comuni
// (3.1-7); deiComuni those of the comuni, or of the ambito where these delegated
// (I6, ACC-03); diAmbito those that hold on the ambito whole.
var (
	ovunque   = []domain.Ruolo{domain.SuperUtente, domain.Auditor, domain.Analista}
	soli      = []domain.Ruolo{domain.SuperUtente, domain.AmministratoreAmbito, domain.Auditor, domain.Analista, domain.ResponsabileDati}
	diComune  = []domain.Ruolo{domain.CoordinatoreControlli, domain.ResponsabileControlli}
	deiComuni = []domain.Ruolo{domain.CoordinatorePaIS, domain.CaseManager}
	diAmbito  = []domain.Ruolo{domain.AmministratoreAmbito, domain.ResponsabileDati}
	fondi     = []string{"", "PON", "FONDO_POVERTA", "ALTRO"}
)

// Decide answers Accredita.
func (c Accredita) Decide(s State) ([]Event, error) {
	c.Territorio.Comuni = slices.Compact(slices.Sorted(slices.Values(c.Territorio.Comuni)))
	if !s.Registrato {
		return nil, ErrInesistente
	}
	if err := c.Chi.puo(c.Ruolo, c.Territorio.Ambito); err != nil {
		return nil, err
	}
	if err := c.valida(); err != nil {
		return nil, err
	}
	if prima, usato := s.Trova(c.ID); usato {
		if !prima.stesso(c.Ruolo, c.Territorio) || prima.Fondo != c.Fondo {
			return nil, ErrIDUsato
		}
		return nil, nil // the same request again, even if it was revoked since
	}
	for _, a := range s.Accreditamenti {
		switch {
		case a.Revocato:
		case a.Sospeso && a.Ruolo == c.Ruolo:
			return nil, ErrRuoloSospeso.At("ruolo")
		case a.stesso(c.Ruolo, c.Territorio) && a.Fondo == c.Fondo:
			return nil, nil
		case a.stesso(c.Ruolo, c.Territorio):
			return nil, ErrAltroFondo.At("fondo")
		case slices.Contains(soli, c.Ruolo) || slices.Contains(soli, a.Ruolo):
			return nil, ErrIncompatibile.At("ruolo")
		case a.Territorio.Ambito != c.Territorio.Ambito:
			return nil, ErrAltroAmbito.At("ambito")
		}
	}
	if s.Sospeso {
		return nil, ErrSospeso
	}
	if err := c.nominato(s); err != nil {
		return nil, err
	}
	nuovo := Accreditamento{Territorio: c.Territorio}
	return []Event{Accreditato{
		Accreditamento: c.ID, Ruolo: c.Ruolo, Territorio: c.Territorio, Livello: nuovo.Livello(), Fondo: c.Fondo, Dal: c.Dal, Richiesta: c.Richiesta,
	}}, nil
}

// nominato checks that the person was named as it should be, by who may name
// them, and is known whole.
func (c Accredita) nominato(s State) error {
	if err := formale(c.Ruolo, c.Richiesta, c.Oggi); err != nil {
		return err
	}
	if serveDelega(c.Ruolo, c.Territorio) && len(c.Adesioni.Delegati) == 0 {
		return ErrDelega.At("comuni")
	}
	if !c.Adesioni.nominano(c.Ruolo, c.Territorio, c.ComuniAmbito) {
		return ErrConvenzione.At("comuni")
	}
	if err := c.nomina(s); err != nil {
		return err
	}
	if mancanti := s.Nascita.mancanti(); len(mancanti) > 0 {
		return ErrDatiIncompleti.AtAll(mancanti)
	}
	return nil
}

// valida checks the accreditation by itself.
func (c Accredita) valida() error {
	switch {
	case !slices.Contains(domain.Ruoli, c.Ruolo):
		return ErrRuolo.At("ruolo")
	case !slices.Contains(fondi, c.Fondo) || c.Fondo != "" && c.Ruolo != domain.CaseManager:
		return ErrFondo.At("fondo")
	case c.Dal.IsZero():
		return ErrDal.At("dal")
	case slices.Contains(ovunque, c.Ruolo):
		if c.Territorio.Ambito != "" || len(c.Territorio.Comuni) > 0 {
			return ErrAmbitoSuperfluo.At("ambito")
		}
		return nil
	case c.Territorio.Ambito == "" || c.ComuniAmbito == nil:
		return ErrAmbitoMancante.At("ambito")
	case slices.Contains(diComune, c.Ruolo) && len(c.Territorio.Comuni) == 0:
		return ErrComuneMancante.At("comuni")
	case slices.Contains(diAmbito, c.Ruolo) && len(c.Territorio.Comuni) > 0:
		return ErrAmbitoIntero.At("comuni")
	}
	for _, comune := range c.Territorio.Comuni {
		if !slices.Contains(c.ComuniAmbito, comune) {
			return ErrComuneFuori.At("comuni")
		}
	}
	return nil
}

// serveDelega reports whether a role on a territory is the ambito's only because
// comuni delegated: a person of the ambito coordinates, or follows cases, where
// these are done in association.
func serveDelega(ruolo domain.Ruolo, t domain.Territorio) bool {
	return slices.Contains(deiComuni, ruolo) && len(t.Comuni) == 0
}

// puo says whether this actor grants or revokes a role (ACC-09, ACC-10, I4, I5).
func (a Accreditante) puo(ruolo domain.Ruolo, ambito string) error {
	switch {
	case a.SeStesso:
		return ErrSeStesso
	case a.Ruolo == domain.SuperUtente || a.Ruolo == domain.SistemaInstallatore:
		return nil
	case a.Ruolo == domain.AmministratoreAmbito && !slices.Contains(soli, ruolo) && a.Territorio.Ambito == ambito:
		return nil
	}
	return ErrNonTuo
}
