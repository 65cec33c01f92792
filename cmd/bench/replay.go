package main

import (
	"context"
	"errors"
	"fmt"
)

// replayed measures how long an auditor waits for a case as it was, masked and
// with the names of then, against its case manager for the same case as it is:
// both fold 300 events.
func replayed(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "replay")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, 1, func(int) int { return 1 }); err != nil {
		return err
	}
	if err := i.live(ctx, 0, manyEvents); err != nil {
		return err
	}
	s, err := i.serve()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	times := b.pick(500, 150)
	then, now, ratio, err := b.inTurns(times, func(int) error { return s.read(ctx, 0, fmt.Sprintf("/stato?alla=%d", manyEvents), s.tokenAU) },
		func(int) error { return s.read(ctx, 0, "", s.tokensCM[0]) })
	if err != nil {
		return err
	}
	b.table.add(row{
		id: "AL", what: fmt.Sprintf("a case of %d events as of a version, over HTTP as an auditor, p99 of %d", manyEvents, times), measured: then.show(millis),
		reference: fmt.Sprintf("the same as it is, as its case manager: %s", now.show(millis)), ratio: ratio.show(twoDigits) + "×", bound: "< 2×", met: verdict(ratio.median() < 2),
	})
	return nil
}
