// Package caso decides what may happen to a case: the path of one nucleo
// through the social services.
//
// A case has parts: the domanda, the nucleo it is about and the benefit
// (ciclo), who is responsible for it (assegnazione), the instruments (ap, qa,
// pais with its sostegni), the exemptions (esonero), and more. Each part is a
// file with its events, its piece of the state and how the one grows the
// other; each command is a file named after its part. Which state an event
// leads to stands in one table, Stato.Dopo.
package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Event is a fact of one case. Every event belongs to one part.
//
//sumtype:decl
type Event interface {
	domain.Event
	isCaso()
}

// State is what the rules of a case, and those who open it, need to know.
type State struct {
	Ciclo
	Assegnazione  Assegnazione
	AP            AP
	QA            QA
	PaIS          PaIS
	Sostegni      Sostegni
	Esoneri       Esoneri
	Incontri      Incontri
	Segnalazioni  Segnalazioni
	Comunicazioni Comunicazioni
	Diario        Diario
	Superate      Superate
	Protezione    Protezione
}

// Decider is the write side of a case.
var Decider = domain.Decider[State, Event]{Category: "caso", Evolve: evolve}

// Aggregate is every event that the stream of a case may hold.
var Aggregate = domain.Aggregate{Category: Decider.Category, Entries: domain.Join(
	eventiCiclo,
	eventiAssegnazione,
	eventiAP,
	eventiQA,
	eventiPaIS,
	eventiSostegni,
	eventiEsonero,
	eventiIncontri,
	eventiSegnalazioni,
	eventiComunicazioni,
	eventiDiario,
	eventiScadenze,
	eventiProtezione,
)}

// Di reports whether the case is in the hands of an operator: only the case
// manager who is responsible works on it (ACC-13).
func (s State) Di(o id.Operatore) bool { return !o.IsZero() && s.Assegnazione.CaseManager == o }

func evolve(s State, e Event) State {
	s.Stato = s.Stato.Dopo(e)
	if s.Stato.Aperto() {
		s.Lavoro = s.Stato
	}
	switch e := e.(type) {
	case ciclo:
		s.Ciclo = s.Ciclo.evolve(e)
	case assegnazione:
		s.Assegnazione = s.Assegnazione.evolve(e)
	case ap:
		s.AP = s.AP.evolve(e)
	case qa:
		s.QA = s.QA.evolve(e)
	case pais:
		s.PaIS = s.PaIS.evolve(e, s.Nucleo)
	case sostegni:
		s.PaIS, s.Sostegni = s.PaIS.anticipa(e, s.Sostegni), s.Sostegni.evolve(e)
	case esonero:
		s.Esoneri = s.Esoneri.evolve(e)
	case incontro:
		s.Incontri = s.Incontri.evolve(e)
	case segnalazione:
		s.Segnalazioni = s.Segnalazioni.evolve(e, s.Ambito, s.Comune)
	case comunicazione:
		s.Comunicazioni, s.Incontri.Convocazioni = s.Comunicazioni.evolve(e), s.Incontri.dopo(e)
	case diario:
		s.Diario = s.Diario.evolve(e)
	case scadenza:
		s.Superate = s.Superate.evolve(e)
	case protezione:
		s.Protezione = s.Protezione.evolve(e)
	}
	switch e.(type) { // what one part means to others
	case AnalisiPreliminareRiaperta:
		s.QA, s.PaIS = s.QA.supera(), s.PaIS.supera()
	case CasoRiaperto:
		s.PaIS.Conclusione = PaISConcluso{}
	}
	return s
}

// cambiato is a list in which a changed copy took the place of the k-th: the
// lists of earlier states share their elements with it and stay as they were.
// Copying pointers alone keeps the fold of a long case from growing with the
// square of its events.
func cambiato[V any](voci []*V, k int, come func(*V)) []*V {
	voci = slices.Clone(voci)
	v := *voci[k]
	come(&v)
	voci[k] = &v
	return voci
}
