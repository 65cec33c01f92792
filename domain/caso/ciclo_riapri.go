package caso

import "nucleo/domain"

// RiapriCaso takes up the work on a case where it had stopped: in the last
// state in which it was open. A coordinator does it while nobody can be asked:
// the case has no case manager, or one who may no longer carry it; such a case
// manager loses it in the same moment.
type RiapriCaso struct {
	Motivazione string       `personale:"testo"`
	Ruolo       domain.Ruolo // of who asks
	Incarichi   []Incarico   // of the case manager responsible, as they are now
}

// Refusals of a reopening.
var (
	ErrRiapreIlCM = domain.Refuse(domain.Refused, "caso.riapre_il_case_manager", "the case has a case manager, who alone reopens it")
	ErrDecaduto   = domain.Refuse(domain.Refused, "caso.decaduto", "the nucleo lost the benefit: the case is reopened after INPS restores it")
)

// Decide answers RiapriCaso.
func (c RiapriCaso) Decide(s State) ([]Event, error) {
	if s.Stato == "" {
		return nil, ErrInesistente
	}
	if err := motiva(c.Motivazione); err != nil {
		return nil, err
	}
	_, nonIdoneo := s.Idoneo(c.Incarichi)
	libera := !s.Assegnazione.CaseManager.IsZero() && nonIdoneo != nil
	switch {
	case s.Stato.Aperto():
		return nil, nil
	case s.Beneficio.Stato == BeneficioPerso:
		return nil, ErrDecaduto
	case c.Ruolo == domain.CoordinatorePaIS && !s.Assegnazione.CaseManager.IsZero() && !libera:
		return nil, ErrRiapreIlCM
	}
	events := []Event{CasoRiaperto{StatoRipristinato: s.Lavoro, Motivazione: c.Motivazione}}
	if libera {
		events = append(events, Annullata{CaseManager: s.Assegnazione.CaseManager, Motivo: RevocaAccreditamento})
	}
	return events, nil
}
