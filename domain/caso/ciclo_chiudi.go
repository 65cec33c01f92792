package caso

import (
	"slices"
	"strings"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// MotivoChiusura is why the work on a case ends.
type MotivoChiusura string

// The reasons. ChiusoPerPaIS is given by ConcludiPaIS alone.
const (
	ChiusoPerPaIS     MotivoChiusura = "PAIS_CONCLUSO"
	ChiusoPerTermine  MotivoChiusura = "BENEFICIO_TERMINATO"
	ChiusoPerDecadere MotivoChiusura = "DECADENZA"
	ChiusoPerRinuncia MotivoChiusura = "RINUNCIA"
	ChiusoPerDecesso  MotivoChiusura = "DECESSO_MONOCOMPONENTE"
	ChiusoPerEscluso  MotivoChiusura = "ESCLUSIONE"
	ChiusoPerDoppione MotivoChiusura = "DOPPIONE"
	ChiusoPerAltro    MotivoChiusura = "ALTRO"
)

// MotiviChiusura are the reasons that ChiudiCaso takes.
var MotiviChiusura = []MotivoChiusura{ChiusoPerTermine, ChiusoPerDecadere, ChiusoPerRinuncia, ChiusoPerDecesso, ChiusoPerEscluso, ChiusoPerDoppione, ChiusoPerAltro}

// ChiudiCaso ends the work on a case. A case manager does it; a coordinator
// only for a waiting case, and only because its one person died or it is a
// double (domain rule 2.4).
type ChiudiCaso struct {
	Motivo      MotivoChiusura
	Motivazione string `personale:"testo"` // must for ALTRO
	Data        giorno.Giorno
	Ruolo       domain.Ruolo // of who asks
	Oggi        giorno.Giorno
}

// Refusals of a closing.
var (
	ErrMotivoChiusura    = domain.Refuse(domain.Unprocessable, "caso.motivo_chiusura", "the reason is BENEFICIO_TERMINATO, DECADENZA, RINUNCIA, DECESSO_MONOCOMPONENTE, ESCLUSIONE, DOPPIONE or ALTRO; a PaIS that ends is concluded instead")
	ErrNonMonocomponente = domain.Refuse(domain.Refused, "caso.non_monocomponente", "DECESSO_MONOCOMPONENTE closes the case of one person alone: send the death as a change of the nucleo")
	ErrChiudeIlCM        = domain.Refuse(domain.Refused, "caso.chiude_il_case_manager", "a coordinator closes only cases without case manager, for DECESSO_MONOCOMPONENTE or DOPPIONE")
)

// Decide answers ChiudiCaso.
func (c ChiudiCaso) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(MotiviChiusura, c.Motivo):
		return nil, ErrMotivoChiusura.At("motivo")
	case c.Motivo == ChiusoPerAltro && strings.TrimSpace(c.Motivazione) == "":
		return nil, ErrMotivazione.At("motivazione")
	case prolisso(c.Motivazione):
		return nil, ErrTestoTroppoLungo.At("motivazione")
	case c.Data.IsZero() || c.Data > c.Oggi || c.Data < s.Domanda.DataPresentazione:
		return nil, ErrData.At("data")
	case c.Motivo == ChiusoPerDecesso && len(s.Nucleo.Componenti) != 1:
		return nil, ErrNonMonocomponente.At("motivo")
	case c.Ruolo == domain.CoordinatorePaIS && !c.delCoordinatore(s):
		return nil, ErrChiudeIlCM
	case s.Stato == Chiuso:
		return nil, nil
	}
	return s.fermando(c.Data, CasoChiuso{Motivo: c.Motivo, Motivazione: c.Motivazione, Data: c.Data}), nil
}

func (c ChiudiCaso) delCoordinatore(s State) bool {
	return s.Assegnazione.CaseManager.IsZero() && (c.Motivo == ChiusoPerDecesso || c.Motivo == ChiusoPerDoppione)
}
