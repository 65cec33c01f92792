package caso

import (
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Incarico is one active accreditation of an operator as case manager.
type Incarico struct {
	Territorio domain.Territorio
	Fondo      Fondo
}

// Idoneo picks the accreditation by which an operator may carry the case: one
// whose territory covers its comune (rule 3.1-8).
func (c Ciclo) Idoneo(incarichi []Incarico) (Incarico, error) {
	i := slices.IndexFunc(incarichi, func(i Incarico) bool { return i.Territorio.Copre(c.Ambito, c.Comune) })
	if i < 0 {
		return Incarico{}, ErrNonIdoneo
	}
	return incarichi[i], nil
}

// InCoda reports whether the case has a place in the queue: nuclei on pensione
// di cittadinanza have no duties, and those on assegno di inclusione enter with
// their signed patto di attivazione digitale (ambiguities 9.33, 9.37).
func (c Ciclo) InCoda() bool {
	return c.Domanda.Misura == RDC || c.Domanda.Misura == ADI && !c.PAD.IsZero()
}

// InCoda reports whether the domanda has a place in the queue as it came.
func (d DomandaRicevuta) InCoda() bool {
	return Ciclo{Domanda: d, PAD: d.DataSottoscrizionePAD}.InCoda()
}

// Assegna gives an open, waiting case to a case manager.
type Assegna struct {
	CaseManager id.Operatore
	Incarichi   []Incarico // of the case manager, as they are now
	Modalita    Modalita
	Processo    uuid.UUID
	Motivo      string `personale:"testo"`
}

// Decide answers Assegna.
func (c Assegna) Decide(s State) ([]Event, error) {
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case utf8.RuneCountInString(c.Motivo) > massimoMotivo:
		return nil, ErrMotivoTroppoLungo.At("motivo")
	case !s.Stato.Aperto():
		return nil, ErrNonAperto
	case !s.InCoda():
		return nil, ErrFuoriCoda
	case c.CaseManager.IsZero():
		return nil, ErrNonIdoneo.At("case_manager_id")
	case s.Assegnazione.CaseManager == c.CaseManager:
		return nil, nil
	case !s.Assegnazione.CaseManager.IsZero():
		return nil, ErrGiaAssegnato
	}
	incarico, err := s.Idoneo(c.Incarichi)
	if err != nil {
		return nil, ErrNonIdoneo.At("case_manager_id")
	}
	return []Event{Assegnato{CaseManager: c.CaseManager, Modalita: c.Modalita, Processo: c.Processo, Fondo: incarico.Fondo, Motivo: c.Motivo}}, nil
}
