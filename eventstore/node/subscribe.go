package node

import (
	"errors"
	"math"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// liveBuffer is how many events a live subscriber may be behind before it counts
// as catching up again and is told so, as with EventStoreDB.
const liveBuffer = 32

const pageSize = 256

var errStopping = status.Error(codes.Unavailable, "Server Is Not Ready")

func (r *reading) confirm() error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Confirmation{
		Confirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()}}})
}

func (r *reading) caughtUp() error {
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}})
}

func (r *reading) checkpoint(position int64) error {
	p := uint64(position)
	return r.call.Send(&api.ReadResp{Content: &api.ReadResp_Checkpoint_{
		Checkpoint: &api.ReadResp_Checkpoint{CommitPosition: p, PreparePosition: p}}})
}

// wait returns when the log has changed since the channel was taken.
func (r *reading) wait(changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-r.call.Context().Done():
		return r.call.Context().Err()
	case <-r.stopping:
		return errStopping
	}
}

func (r *reading) stopped() error {
	select {
	case <-r.stopping:
		return errStopping
	default:
		return r.call.Context().Err()
	}
}

// follower reads $all page by page from the log: a slow subscriber holds one page
// and nothing grows.
type follower struct {
	*reading
	filter
	at         int64 // last event that was considered
	considered int   // since the last checkpoint
	marked     int64 // position of the last checkpoint
}

func (r *reading) subscribeAll(q *api.ReadReq_Options_AllOptions, f filter) error {
	last, _ := r.log.Last()
	follow := &follower{reading: r, filter: f}
	switch o := q.GetAllOption().(type) {
	case *api.ReadReq_Options_AllOptions_Position:
		follow.at = int64(min(o.Position.GetCommitPosition(), math.MaxInt64))
	case *api.ReadReq_Options_AllOptions_End:
		follow.at = last
	}
	follow.marked = follow.at
	if err := r.confirm(); err != nil {
		return err
	}
	return follow.run()
}

func (f *follower) run() error {
	live := false
	for {
		last, changed := f.log.Last()
		n, err := f.advance(last)
		if err != nil {
			return err
		}
		if !live || n > liveBuffer {
			live = true
			if err := f.announce(); err != nil {
				return err
			}
		}
		if err := f.wait(changed); err != nil {
			return err
		}
	}
}

// advance sends everything up to last and counts it.
func (f *follower) advance(last int64) (n int, err error) {
	for f.at < last {
		if err := f.stopped(); err != nil {
			return n, err
		}
		page, err := f.log.Page(f.call.Context(), f.at+1, last, eventlog.Forwards, pageSize)
		if err != nil {
			return n, err
		}
		for i := range page {
			if err := f.consider(&page[i]); err != nil {
				return n, err
			}
		}
		n += len(page)
	}
	return n, nil
}

func (f *follower) consider(e *eventlog.Event) error {
	if !persistent.Hidden(e.Stream) && f.takes(e) {
		if err := f.send(e); err != nil {
			return err
		}
	}
	f.at = e.Position
	f.considered++
	if f.interval > 0 && f.considered >= f.interval {
		return f.mark()
	}
	return nil
}

// mark sends a checkpoint unless this position already had one.
func (f *follower) mark() error {
	f.considered = 0
	if f.at == f.marked {
		return nil
	}
	f.marked = f.at
	return f.checkpoint(f.at)
}

func (f *follower) announce() error {
	if f.interval > 0 {
		if err := f.mark(); err != nil {
			return err
		}
	}
	return f.caughtUp()
}

func (r *reading) subscribeStream(q *api.ReadReq_Options_StreamOptions, name string) error {
	state, err := r.log.Stream(r.call.Context(), name)
	if err != nil && !errors.Is(err, eventlog.ErrStreamNotFound) {
		return err
	}
	next := int64(0)
	switch o := q.GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		next = int64(min(o.Revision, math.MaxInt64-1)) + 1
	case *api.ReadReq_Options_StreamOptions_End:
		next = state.Last + 1
	}
	if err := r.confirm(); err != nil {
		return err
	}
	live := false
	for {
		_, changed := r.log.Last()
		n, err := r.follow(name, &next)
		if err != nil {
			return err
		}
		if !live || n > liveBuffer {
			live = true
			if err := r.caughtUp(); err != nil {
				return err
			}
		}
		if err := r.wait(changed); err != nil {
			return err
		}
	}
}

// follow sends what a stream holds from revision next on. A tombstone that comes
// while it is followed is sent before the subscription drops.
func (r *reading) follow(name string, next *int64) (n int, err error) {
	for e, err := range r.log.ReadStream(r.call.Context(), name, *next, eventlog.Forwards, math.MaxUint64) {
		switch {
		case errors.Is(err, eventlog.ErrStreamNotFound):
			return n, nil
		case errors.Is(err, eventlog.ErrStreamDeleted):
			return n, r.followToEnd(name, *next, err)
		case err != nil:
			return n, err
		}
		if err := r.stopped(); err != nil {
			return n, err
		}
		if err := r.send(&e); err != nil {
			return n, err
		}
		*next = e.Revision + 1
		n++
	}
	return n, nil
}

func (r *reading) followToEnd(name string, next int64, deleted error) error {
	for e, err := range r.log.ReadDeleted(r.call.Context(), name, next) {
		if err != nil {
			return err
		}
		if err := r.send(&e); err != nil {
			return err
		}
	}
	return deleted
}
