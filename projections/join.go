package projections

import (
	"context"
	"slices"
	"strings"
	"time"

	"nucleo/domain"
)

// join moves the models to an older group, if the batch brings them to where
// that one stands. Groups lock one another from the younger to the older.
func (g *group) join(ctx context.Context, batch []domain.Recorded) (bool, error) {
	h := g.older()
	if h == nil || g.failures > 0 && !g.handled || !g.within(ctx, h, batch) {
		return false, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	there := h.position.Load()
	if !h.following.Load() || h.err != nil || len(h.models) == 0 || there > int64(batch[len(batch)-1].Position) || there < g.position.Load() {
		return false, nil
	}
	part := batch
	for len(part) > 0 && int64(part[len(part)-1].Position) > there {
		part = part[:len(part)-1]
	}
	if err := g.handle(ctx, part); err != nil || g.position.Load() != there {
		return false, err
	}
	return true, g.moveTo(ctx, h)
}

// older is a group that follows the log and was there before this one.
func (g *group) older() *group {
	g.engine.mu.Lock()
	defer g.engine.mu.Unlock()
	for _, h := range g.engine.groups {
		if h.number < g.number && h.following.Load() {
			return h
		}
	}
	return nil
}

// within reports whether the older group stands where the batch leads to. One
// that is a little behind is given a moment.
func (g *group) within(ctx context.Context, h *group, batch []domain.Recorded) bool {
	ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	for h.position.Load() < g.position.Load() {
		moved := g.engine.movement()
		if h.position.Load() >= g.position.Load() {
			break
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return false
		}
	}
	return h.position.Load() <= int64(batch[len(batch)-1].Position)
}

// moveTo hands the models and what they have in memory to h. A lock is free
// for a moment: who waits for it looks once a second, and if one does take it,
// it leads.
func (g *group) moveTo(ctx context.Context, h *group) error {
	for _, m := range g.models {
		if err := g.link.unlock(ctx, m.id); err != nil {
			return err
		}
	}
	held, err := h.link.tryLock(ctx, schemas(g.models))
	if err != nil {
		return err
	}
	var lost []Model
	for _, m := range g.models {
		if !held[m.id] {
			lost = append(lost, m.of)
			continue
		}
		h.models, h.wanted = append(h.models, m), append(h.wanted, m.of)
	}
	slices.SortFunc(h.models, func(a, b *model) int { return strings.Compare(a.id, b.id) })
	g.models, g.wanted = nil, lost
	h.publish(0)
	g.engine.log.InfoContext(ctx, "projections joined", "models", names(h.wanted))
	return nil
}
