package eventstore

import (
	"context"
	"fmt"
	"sync"

	"nucleo/domain"
)

// VerifyLog follows the chains of all streams in one pass of the log, and
// returns how many streams it saw. The first event that is not as it was
// written is a BrokenChain. It remembers the head of every stream. Where events
// say of a stream that it has ended and is no longer kept, what is missing of it
// is no break; ended is the stream of which an event says so, or nothing.
func VerifyLog(ctx context.Context, log Log, ended func(Stored) string) (streams int, err error) {
	heads := map[string]verifier{}
	gone := sync.OnceValues(func() (map[string]bool, error) { return endings(ctx, log, ended) })
	for e, err := range log.All(ctx, 0, false) {
		if err != nil {
			return len(heads), fmt.Errorf("verify: %w", err)
		}
		l, damaged := read(e)
		v := heads[e.Stream]
		if damaged != nil || !l.follows(v.at) {
			if damaged != nil || e.Version <= v.at.Version+1 || !l.was(e.Version) {
				return len(heads), diagnose(ctx, log, e.Stream, v.at)
			}
			over, err := gone()
			if err != nil {
				return len(heads), fmt.Errorf("verify: %w", err)
			}
			if !over[e.Stream] {
				return len(heads), diagnose(ctx, log, e.Stream, v.at)
			}
		}
		heads[e.Stream] = verifier{domain.Head{Version: e.Version, Self: l.meta.Self, Istante: l.meta.Istante}}
	}
	return len(heads), nil
}

// endings are the streams of which the log says that they have ended. It is
// read once more, where something is missing.
func endings(ctx context.Context, log Log, ended func(Stored) string) (map[string]bool, error) {
	all := map[string]bool{}
	for e, err := range log.All(ctx, 0, false) {
		if err != nil {
			return nil, err
		}
		if stream := ended(e); stream != "" {
			all[stream] = true
		}
	}
	return all, nil
}

// diagnose reads a stream alone, where what comes next tells what happened.
func diagnose(ctx context.Context, log Log, stream string, at domain.Head) error {
	if err := VerifyChain(log.Stored(ctx, stream)); err != nil {
		return err
	}
	return &BrokenChain{Stream: stream, Version: at.Version + 1, Damage: Swapped} // right in the stream, not in the log
}
