package processo

import (
	"github.com/google/uuid"

	"nucleo/domain"
)

// Refusals, which a run meets when another program carries it on as well.
var (
	ErrAltroPiano     = domain.Refuse(domain.Refused, "processo.altro_piano", "the run follows another plan: read it again")
	ErrNonPianificato = domain.Refuse(domain.Refused, "processo.non_pianificato", "the plan of the run is not whole yet: write the rest first")
	ErrSalto          = domain.Refuse(domain.Refused, "processo.fuori_ordine", "the cases of a run are gone through in the order of its plan")
)

// Estendi writes down a piece of a plan. Two programs that plan one run at
// once cannot mix their plans: the one that began last goes on, the other is
// refused, and follows it.
type Estendi struct {
	Piano  uuid.UUID
	Totale int
	Da     int
	Scelte []Scelta
}

// Decide answers Estendi.
func (c Estendi) Decide(s State) ([]Event, error) {
	suo := s.Piano == c.Piano
	switch {
	case s.Pianificato() && !suo:
		return nil, ErrAltroPiano
	case suo && c.Da < len(s.Scelte), suo && s.Pianificato():
		return nil, nil // written before
	case c.Da > 0 && (!suo || c.Da > len(s.Scelte)):
		return nil, ErrAltroPiano
	}
	return []Event{PianoEsteso(c)}, nil
}

// Esito is what became of a case of the plan, by its number from 0; without a
// reason it was assigned.
type Esito struct {
	Numero int
	Motivo MotivoSalto
}

// Registra writes down what became of the next cases. Those written before
// are passed over.
type Registra struct{ Esiti []Esito }

// Decide answers Registra.
func (c Registra) Decide(s State) (events []Event, err error) {
	if !s.Pianificato() {
		return nil, ErrNonPianificato
	}
	for _, e := range c.Esiti {
		switch n := s.Fatti + len(events); {
		case e.Numero < n:
			continue
		case e.Numero > n || n >= s.Totale:
			return nil, ErrSalto
		}
		scelta := s.Scelte[e.Numero]
		if e.Motivo == "" {
			events = append(events, Distribuito{e.Numero, scelta.Caso, scelta.CaseManager})
		} else {
			events = append(events, Saltato{e.Numero, scelta.Caso, e.Motivo})
		}
	}
	return events, nil
}
