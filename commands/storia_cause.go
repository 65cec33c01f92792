package commands

import (
	"context"
	"fmt"

	"nucleo/domain"
)

// Luogo says where an event lies.
type Luogo struct {
	Flusso   string
	Versione uint64
}

// EventiIn reads events where an index says that they lie, in its order. The
// index is a hint: an event that is not there is left out.
func (s *Service) EventiIn(ctx context.Context, luoghi ...Luogo) ([]domain.Recorded, error) {
	ultima := map[string]uint64{}
	for _, l := range luoghi {
		ultima[l.Flusso] = max(ultima[l.Flusso], l.Versione)
	}
	cercati, trovati := map[Luogo]bool{}, map[Luogo]domain.Recorded{}
	for _, l := range luoghi {
		cercati[l] = true
	}
	for flusso, fino := range ultima {
		for r, err := range s.Store.Read(ctx, flusso) {
			if err != nil {
				return nil, fmt.Errorf("events of an action: %w", err)
			}
			if l := (Luogo{flusso, r.Version}); cercati[l] {
				trovati[l] = r
			}
			if r.Version >= fino {
				break
			}
		}
	}
	var eventi []domain.Recorded
	for _, l := range luoghi {
		if r, found := trovati[l]; found {
			eventi = append(eventi, r)
		}
	}
	return eventi, nil
}
