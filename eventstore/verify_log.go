package eventstore

import (
	"context"
	"fmt"

	"nucleo/domain"
)

// VerifyLog follows the chains of all streams in one pass of the log, and
// returns how many streams it saw. The first event that is not as it was
// written is a BrokenChain. It remembers the head of every stream.
func VerifyLog(ctx context.Context, log Log) (streams int, err error) {
	heads := map[string]verifier{}
	for e, err := range log.All(ctx, 0, false) {
		if err != nil {
			return len(heads), fmt.Errorf("verify: %w", err)
		}
		l, damaged := read(e)
		v := heads[e.Stream]
		if damaged != nil || !l.follows(v.at) {
			return len(heads), diagnose(ctx, log, e.Stream, v.at)
		}
		heads[e.Stream] = verifier{domain.Head{Version: e.Version, Self: l.meta.Self, Istante: l.meta.Istante}}
	}
	return len(heads), nil
}

// diagnose reads a stream alone, where what comes next tells what happened.
func diagnose(ctx context.Context, log Log, stream string, at domain.Head) error {
	if err := VerifyChain(log.Stored(ctx, stream)); err != nil {
		return err
	}
	return &BrokenChain{Stream: stream, Version: at.Version + 1, Damage: Swapped} // right in the stream, not in the log
}
