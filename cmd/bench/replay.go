package main

import (
	"context"
	"errors"
	"fmt"
	"time"
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
	var now, then, ratio sample
	times := b.pick(500, 150)
	for round := range b.rounds() + 1 {
		var took [2]sample
		for range times {
			for n, path := range []string{"", fmt.Sprintf("/stato?alla=%d", manyEvents)} {
				begun := time.Now()
				if err := s.read(ctx, 0, path, []string{s.tokensCM[0], s.tokenAU}[n]); err != nil {
					return err
				}
				took[n] = append(took[n], float64(time.Since(begun).Microseconds())/1000)
			}
		}
		if a, c := took[0].quantile(.99), took[1].quantile(.99); round > 0 { // the first warms up
			now, then, ratio = append(now, a), append(then, c), append(ratio, c/a)
		}
	}
	b.table.add(row{
		id: "AL", what: fmt.Sprintf("a case of %d events as of a version, over HTTP as an auditor, p99 of %d", manyEvents, times), measured: then.show(millis),
		reference: fmt.Sprintf("the same as it is, as its case manager: %s", now.show(millis)), ratio: ratio.show(twoDigits) + "×", bound: "< 2×", met: verdict(ratio.median() < 2),
	})
	return nil
}
