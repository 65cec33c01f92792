package commands

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/domain/operatore"
)

// Nomi are the names that operators had, one after the other, from their own
// streams: a history shows who acted under the name of then.
type Nomi map[uuid.UUID][]nome

type nome struct {
	dal     time.Time
	cognome string `personale:"nome"`
	nome    string `personale:"nome"`
}

// NomiDi reads the names of operators. Who has no stream, as programs, has none.
func (s *Service) NomiDi(ctx context.Context, operatori ...uuid.UUID) (Nomi, error) {
	nomi := Nomi{}
	for _, o := range operatori {
		if _, letti := nomi[o]; letti || o == uuid.Nil {
			continue
		}
		var err error
		if nomi[o], err = s.nomiDi(ctx, o); err != nil {
			return nil, err
		}
	}
	return nomi, nil
}

func (s *Service) nomiDi(ctx context.Context, o uuid.UUID) (nomi []nome, err error) {
	stream := operatore.Decider.Stream(o.String())
	var stato operatore.State
	for r, err := range s.Store.Read(ctx, stream) {
		if err != nil {
			return nil, fmt.Errorf("names of an operator: %w", err)
		}
		e, ok := r.Event.(operatore.Event)
		if !ok {
			return nil, fmt.Errorf("%s in %s: %w", r.Type, stream, errFuoriAggregato)
		}
		prima := stato
		stato = operatore.Decider.Evolve(stato, e)
		if stato.Cognome != "" && (stato.Cognome != prima.Cognome || stato.Nome != prima.Nome) {
			nomi = append(nomi, nome{r.Meta.Istante, stato.Cognome, stato.Nome})
		}
	}
	return nomi, nil
}

// Allora is the name that an operator had at an instant: the last they had been
// given. Whoever acted before they were known has their first.
func (n Nomi) Allora(o uuid.UUID, quando time.Time) (nome, cognome string) {
	for i, x := range n[o] {
		if i > 0 && x.dal.After(quando) {
			break
		}
		nome, cognome = x.nome, x.cognome
	}
	return nome, cognome
}

// Operatori are those who acted on a case, and who is responsible for it.
func (s Storia) Operatori() []uuid.UUID {
	ids := []uuid.UUID{s.Stato.Assegnazione.CaseManager.UUID}
	for _, r := range s.Eventi {
		ids = append(ids, r.Meta.Attore)
	}
	return ids
}
