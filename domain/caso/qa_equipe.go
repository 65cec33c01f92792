package caso

import (
	"slices"

	"nucleo/domain"
)

// ComponiEquipe names the team of the QA: two people at least, one of them the
// case manager. If the others cannot be mobilised at once, Differita lets the
// case manager go ahead alone and name them later, up to the monitoring.
type ComponiEquipe struct {
	Membri    []Membro
	Differita bool
}

const massimoMembri = 30

// Refusals of a team.
var (
	ErrEquipe      = domain.Refuse(domain.Unprocessable, "qa.equipe_non_valida", "a team has 2 to 30 members, one of them the case manager by operatore_id; the case manager may be alone while it is differita")
	ErrMembro      = domain.Refuse(domain.Unprocessable, "qa.membro_non_valido", "each member has nome, ente and a professione: ASSISTENTE_SOCIALE, EDUCATORE, PSICOLOGO, OPERATORE_CPI, SANITARIO, SCUOLA or ALTRO; nobody stands twice")
	ErrSenzaEquipe = domain.Refuse(domain.Refused, "qa.senza_equipe", "compose the equipe before")
)

// Decide answers ComponiEquipe.
func (c ComponiEquipe) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	for i, m := range c.Membri {
		if err := m.controlla(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(c.Membri[:i], m.stesso) {
			return nil, ErrMembro.At("membri")
		}
	}
	e := EquipeComposta{Membri: elenco(c.Membri), Differita: c.Differita}
	minimo := 2
	if c.Differita {
		minimo = 1
	}
	cm := slices.IndexFunc(c.Membri, func(m Membro) bool { return s.Di(m.Operatore) })
	switch completa := s.QA.Equipe.Differita && (s.Stato == InDefinizione || s.Stato == InMonitoraggio); {
	case len(c.Membri) < minimo || len(c.Membri) > massimoMembri || cm < 0:
		return nil, ErrEquipe.At("membri")
	case s.QA.Equipe.stessa(e):
		return nil, nil
	case s.Stato != InValutazioneQA && !completa:
		return nil, ErrQANonAperto
	}
	return []Event{e}, nil
}

func (m Membro) controlla() error {
	if !slices.Contains(Professioni, m.Professione) {
		return ErrMembro.At("professione")
	}
	if err := descrive(m.Nome, "nome"); err != nil {
		return err
	}
	return descrive(m.Ente, "ente")
}

func (m Membro) stesso(n Membro) bool {
	return m == n || !m.Operatore.IsZero() && m.Operatore == n.Operatore
}
