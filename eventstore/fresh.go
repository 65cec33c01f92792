package eventstore

import (
	"sync"

	"github.com/google/uuid"
)

// fresh tells a write from an idempotent success, which a server answers
// alike, where nobody else appends (Config.Alone): a write lands beyond all
// that was written before it was sent. Where the same command is under way
// twice, or an outcome was ever uncertain, it cannot tell.
type fresh struct {
	mu      sync.Mutex
	newest  uint64 // position
	doubt   bool
	flights map[uuid.UUID]*flight
}

// flight is what the calls that append the same event at once share.
type flight struct {
	id     uuid.UUID
	calls  int
	shared bool
}

// begin notes that an event is about to be sent, and where the log stands.
func (f *fresh) begin(id uuid.UUID) (_ *flight, newest uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.flights == nil {
		f.flights = map[uuid.UUID]*flight{}
	}
	fl := f.flights[id]
	if fl == nil {
		fl = &flight{id: id}
		f.flights[id] = fl
	}
	fl.calls++
	fl.shared = fl.shared || fl.calls > 1
	return fl, f.newest
}

// wrote reports whether an event that the server says to have at a position
// was surely written by this call, which began when newest was the last.
func (f *fresh) wrote(fl *flight, newest, position uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.newest = max(f.newest, position)
	return position > newest && !fl.shared && !f.doubt
}

// end notes that a call is over.
func (f *fresh) end(fl *flight, uncertain bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.doubt = f.doubt || uncertain
	if fl.calls--; fl.calls == 0 {
		delete(f.flights, fl.id)
	}
}
