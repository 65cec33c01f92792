package eventstore

import (
	"context"
	"sync"
)

// buffer holds what has come from the log and was not taken yet: no more than
// so many events, and no more than so many bytes beside one event.
type buffer struct {
	events, bytes int // the bounds

	mu     sync.Mutex
	held   []Stored
	size   int
	err    error // why nothing comes any more
	filled chan struct{}
	space  chan struct{}
}

func newBuffer(events, bytes int) *buffer {
	return &buffer{events: events, bytes: bytes, filled: make(chan struct{}, 1), space: make(chan struct{}, 1)}
}

// put waits for space. It reports whether there was any before ctx ended.
func (b *buffer) put(ctx context.Context, e Stored) bool {
	for {
		b.mu.Lock()
		if len(b.held) < b.events && b.size < b.bytes {
			b.held = append(b.held, e)
			b.size += len(e.Data) + len(e.Meta)
			b.mu.Unlock()
			signal(b.filled)
			return true
		}
		b.mu.Unlock()
		select {
		case <-b.space:
		case <-ctx.Done():
			return false
		}
	}
}

// end says that nothing comes any more.
func (b *buffer) end(err error) {
	b.mu.Lock()
	b.err = err
	b.mu.Unlock()
	signal(b.filled)
}

// take waits for events and returns all that are there, or why none come.
func (b *buffer) take(ctx context.Context) ([]Stored, error) {
	for {
		b.mu.Lock()
		all, err := b.held, b.err
		b.held, b.size = nil, 0
		b.mu.Unlock()
		if len(all) > 0 {
			signal(b.space)
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		select {
		case <-b.filled:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
