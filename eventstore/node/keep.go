package node

import (
	"context"
	"time"
)

// keep looks through the log, and scavenges it where that is wanted, as long as the
// node runs.
func (n *Node) keep(cfg Config) {
	ctx, stop := context.WithCancel(context.Background())
	n.kept.Go(func() {
		<-n.stopping
		stop()
	})
	n.kept.Go(func() { n.scrub(ctx, cfg) })
	if cfg.Scavenge > 0 {
		n.kept.Go(func() { n.scavenges.often(ctx, cfg.Scavenge) })
	}
}

// scrub looks through the log. That it cannot is no reason to end.
func (n *Node) scrub(ctx context.Context, cfg Config) {
	for {
		err := n.log.Scrub(ctx, cfg.Scrub)
		if err == nil {
			return
		}
		cfg.Log.Warn("the event log is not being looked through; trying again", "error", err)
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			return
		}
	}
}
