package persistent

import (
	"encoding/json"
	"fmt"

	"nucleo/eventstore/node/eventlog"
)

// mark writes how far the group has come, when enough was done or it is time, or
// at once.
func (g *group) mark(atOnce bool) {
	at := g.progress.mark()
	due := g.unmarked >= g.settings.MaxCheckpoint ||
		g.unmarked > 0 && g.unmarked >= g.settings.MinCheckpoint && !g.now().Before(g.lastWritten.Add(g.settings.CheckpointAfter))
	if at == g.checkpoint || !due && !atOnce {
		return
	}
	g.lastWritten = g.now()
	if err := g.writeCheckpoint(at); err != nil {
		g.logger.Warn("a checkpoint could not be written", "group", g.key.Group, "stream", g.key.Stream, "error", err)
		return
	}
	g.checkpoint, g.marked, g.unmarked = at, true, 0
}

func (g *group) writeCheckpoint(at int64) error {
	stream := g.key.checkpointStream()
	if !g.marked {
		newest := struct {
			Count int `json:"$maxCount"`
		}{2}
		if err := g.write(g.ctx, "$$"+stream, eventlog.TypeMetadata, newest, nil); err != nil {
			return err
		}
	}
	return g.write(g.ctx, stream, typeCheckpoint, g.place(at), nil)
}

// place is a revision or a position as the protocol writes it.
func (g *group) place(at int64) any {
	if g.key.Stream == All {
		return fmt.Sprintf("C:%d/P:%d", at, at)
	}
	return at
}

// resume finds where the group goes on: after its checkpoint, else where it was
// told to begin.
func (g *group) resume() error {
	e, ok, err := last(g.ctx, g.log, g.key.checkpointStream())
	if err != nil {
		return err
	}
	at := g.start.From - 1
	if ok {
		if at, err = g.readPlace(e.Data); err != nil {
			return fmt.Errorf("checkpoint of the group %s of %s: %w", g.key.Group, g.key.Stream, err)
		}
	}
	g.progress.read, g.checkpoint, g.marked = at, at, ok
	g.countParked()
	return nil
}

func (g *group) readPlace(data []byte) (at int64, err error) {
	if g.key.Stream != All {
		return at, json.Unmarshal(data, &at)
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return 0, err
	}
	_, err = fmt.Sscanf(text, "C:%d/", &at)
	return at, err
}
