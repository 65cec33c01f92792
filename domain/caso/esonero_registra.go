package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// RegistraEsonero exempts an adult of the nucleo from the duties of the
// measure. Two people are not exempt to care for the children, nor two for one
// disabled person, at one time.
type RegistraEsonero struct{ Esonero }

// Refusals of an exemption.
var (
	ErrEsoneroFuoriFase = domain.Refuse(domain.Refused, "esonero.fuori_fase", "exemptions are recorded from the AP to the monitoring")
	ErrMotivoEsonero    = domain.Refuse(domain.Unprocessable, "esonero.motivo_non_valido", "the ground is CURA_MINORE_3, CURA_DISABILE, LAVORO_OLTRE_20_ORE, TIROCINIO or MALATTIA_GRAVIDANZA")
	ErrCertificato      = domain.Refuse(domain.Unprocessable, "esonero.documento_mancante", "MALATTIA_GRAVIDANZA needs its certificate: name it in documento, in at most 500 characters")
	ErrAssistito        = domain.Refuse(domain.Unprocessable, "esonero.assistito_non_valido", "CURA_DISABILE, and no other ground, names in assistito_id another, disabled person of the nucleo")
	ErrSenzaMinori      = domain.Refuse(domain.Refused, "esonero.nessun_minore", "nobody in the nucleo is under three on the first day")
	ErrEscluso          = domain.Refuse(domain.Refused, "esonero.escluso_per_legge", "the person has no duties by law: minors, the old, the disabled, who works or studies")
	ErrEsoneroPresente  = domain.Refuse(domain.Refused, "esonero.gia_presente", "the person is exempt in that time: revoke the other exemption first")
	ErrEsoneroUnico     = domain.Refuse(domain.Refused, "esonero.uno_solo", "somebody else is exempt in that time to care for the same: one person of the nucleo for its children, one for each disabled person")
)

// Decide answers RegistraEsonero.
func (c RegistraEsonero) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	if err := c.controlla(); err != nil {
		return nil, err
	}
	p, dentro := s.Nucleo.componente(c.Componente)
	switch {
	case !dentro:
		return nil, ErrFuoriNucleo.At("componente_id")
	case slices.Contains(s.Esoneri.Attivi, c.Esonero):
		return nil, nil
	case !s.Stato.esonera():
		return nil, ErrEsoneroFuoriFase
	case p.EsclusoPerLegge(s.Domanda.Misura, c.Dal):
		return nil, ErrEscluso.At("componente_id")
	case c.Motivo == CuraMinore && !s.Nucleo.haSottoITre(c.Dal):
		return nil, ErrSenzaMinori.At("motivo")
	case c.Motivo == CuraDisabile && !c.assiste(s.Nucleo):
		return nil, ErrAssistito.At("assistito_id")
	}
	if err := c.sola(s.Esoneri.Attivi); err != nil {
		return nil, err
	}
	return []Event{EsoneroRegistrato(c)}, nil
}

func (e Esonero) controlla() error {
	switch {
	case !slices.Contains(MotiviEsonero, e.Motivo):
		return ErrMotivoEsonero.At("motivo")
	case e.Assistito.IsZero() == (e.Motivo == CuraDisabile):
		return ErrAssistito.At("assistito_id")
	case e.Motivo == Malattia && vuoto(e.Documento):
		return ErrCertificato.At("documento")
	}
	if e.Documento != "" {
		if err := descrive(e.Documento, "documento"); err != nil {
			return err
		}
	}
	return periodo(e.Dal, e.Al)
}

// esonera reports whether exemptions are recorded in a state.
func (s Stato) esonera() bool {
	return s == InValutazioneAP || s == InValutazioneQA || s == InDefinizione || s == InMonitoraggio
}

func (e Esonero) assiste(n Nucleo) bool {
	p, dentro := n.componente(e.Assistito)
	return dentro && p.Disabilita && e.Assistito != e.Componente
}

func (n Nucleo) haSottoITre(il giorno.Giorno) bool {
	return slices.ContainsFunc(n.Componenti, func(c Componente) bool { return c.DataNascita <= il && c.DataNascita.Anni(il) < 3 })
}

// sola refuses an exemption beside which another cannot hold.
func (e Esonero) sola(altri []Esonero) error {
	for _, a := range altri {
		switch {
		case !e.siSovrappone(a):
		case a.Componente == e.Componente:
			return ErrEsoneroPresente.At("dal")
		case a.Motivo == e.Motivo && (e.Motivo == CuraMinore || e.Motivo == CuraDisabile && a.Assistito == e.Assistito):
			return ErrEsoneroUnico.At("motivo")
		}
	}
	return nil
}
