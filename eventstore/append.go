package eventstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"nucleo/domain"
)

// Append adds events to a stream that stands at the head that was read, all or
// none. It returns where the stream stands as stored, which for a command that
// was stored before may differ from what was handed in. It fails with
//   - domain.ErrStale when the stream moved on,
//   - domain.ErrTroppoGrande when the events are too many bytes,
//   - domain.ErrNonDisponibile when surely nothing was written,
//   - domain.ErrEsitoIncerto when they may or may not have been written.
//
// Nothing to append is no error and no write.
func (s *Store) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	return s.AppendSteps(ctx, stream, at, Step{meta, events})
}

// Step is what one command adds to a stream.
type Step struct {
	Meta   domain.Meta
	Events []domain.Event
}

// AppendSteps is Append for what several commands add one after the other: all
// of it, stored as if each had been appended by itself, or nothing.
func (s *Store) AppendSteps(ctx context.Context, stream string, at domain.Head, steps ...Step) (domain.Appended, error) {
	ctx, cancel := s.scope(ctx)
	defer cancel()
	batch, err := s.config.Keys.steps(ctx, stream, at, steps)
	if err != nil {
		return domain.Appended{}, fmt.Errorf("append to %s: %w", stream, err)
	}
	if len(batch) == 0 {
		return domain.Appended{Head: at}, nil
	}
	flight, newest := s.fresh.begin(batch[0].ID)
	appended, err := s.settle(ctx, stream, at, batch, func(position uint64) bool {
		return s.fresh.wrote(flight, newest, position) && s.config.Alone
	})
	s.fresh.end(flight, errors.Is(err, domain.ErrEsitoIncerto))
	if err != nil {
		return domain.Appended{}, fmt.Errorf("append to %s at %d: %w", stream, at.Version, err)
	}
	return appended, nil
}

const tries = 5

// settle sends the same bytes at the same version until the outcome is known,
// and otherwise looks for them in the stream (D-5). wrote says of a first
// answer that it need not be read again.
func (s *Store) settle(ctx context.Context, stream string, at domain.Head, batch []Stored, wrote func(uint64) bool) (domain.Appended, error) {
	uncertain := false
	var last error
	for try := range tries {
		if try > 0 {
			pause(ctx, time.Duration(10<<try)*time.Millisecond)
		}
		if ctx.Err() != nil {
			break
		}
		position, err := s.send(ctx, stream, at.Version, batch)
		if err == nil && wrote(position) && try == 0 {
			return s.appended(batch[len(batch)-1], position), nil
		}
		if err == nil {
			return s.stored(ctx, stream, at, batch)
		}
		last = err
		switch outcomeOf(err) {
		case unknown:
			uncertain = true
			continue
		case later:
			continue
		}
		if !uncertain {
			return domain.Appended{}, refusal(err)
		}
		break
	}
	if !uncertain {
		return domain.Appended{}, unavailable(errors.Join(last, context.Cause(ctx)))
	}
	return s.lookFor(ctx, stream, at, batch, last)
}

// send appends once, and returns the position of the last event. It leaves
// half of the time there is for another try.
func (s *Store) send(ctx context.Context, stream string, version uint64, batch []Stored) (uint64, error) {
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	options := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}
	if version > 0 {
		options.ExpectedRevision = esdb.Revision(version - 1)
	}
	proposed := make([]esdb.EventData, len(batch))
	for i, e := range batch {
		proposed[i] = esdb.EventData{EventID: e.ID, EventType: e.Type, ContentType: esdb.ContentTypeJson, Data: e.Data, Metadata: e.Meta}
	}
	answer := make(chan uint64, 1)
	err := s.do(ctx, func(ctx context.Context, c *session) error {
		position, err := c.append(ctx, stream, options, proposed)
		if err == nil {
			answer <- position
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return <-answer, nil
}

// outcome is what an append that failed left behind.
type outcome int

const (
	unknown outcome = iota // maybe all of it
	later                  // nothing, and the next try may succeed
	nothing                // nothing
)

func outcomeOf(err error) outcome {
	if errors.As(err, new(notSent)) || hasCode(err, esdb.ErrorCodeWrongExpectedVersion) {
		return nothing
	}
	if hasCode(err, esdb.ErrorCodeNotLeader) {
		return later // the client has turned to the leader
	}
	switch status.Code(err) {
	case codes.InvalidArgument, codes.PermissionDenied, codes.Unauthenticated, codes.FailedPrecondition, codes.Unimplemented:
		return nothing
	}
	for _, code := range []esdb.ErrorCode{esdb.ErrorCodeAccessDenied, esdb.ErrorCodeUnauthenticated, esdb.ErrorCodeStreamDeleted} {
		if hasCode(err, code) {
			return nothing
		}
	}
	return unknown
}

// refusal names what the server, or the lack of one, said.
func refusal(err error) error {
	switch {
	case hasCode(err, esdb.ErrorCodeWrongExpectedVersion):
		return domain.ErrStale
	case errors.As(err, new(notSent)), hasCode(err, esdb.ErrorCodeAccessDenied), hasCode(err, esdb.ErrorCodeUnauthenticated):
		return unavailable(err)
	}
	return err
}

// stored reads the last event of a batch that the server has. When the command
// had been stored before, its bytes are not those that were sent.
func (s *Store) stored(ctx context.Context, stream string, at domain.Head, batch []Stored) (domain.Appended, error) {
	last := len(batch) - 1
	found, err := s.slice(ctx, stream, at.Version+uint64(last), 1)
	if err != nil {
		return domain.Appended{}, fmt.Errorf("%w: it was written, but could not be read again: %w", domain.ErrEsitoIncerto, err)
	}
	if len(found) != 1 || found[0].ID != batch[last].ID {
		return domain.Appended{}, fmt.Errorf("the server says that it wrote event %s, and does not have it", batch[last].ID)
	}
	return s.appended(found[0], found[0].Position), nil
}

// appended is the answer to an append whose last event is given.
func (s *Store) appended(last Stored, position uint64) domain.Appended {
	meta, _ := readMeta(last.Meta) // was written by us
	return domain.Appended{Head: domain.Head{Version: last.Version, Self: meta.Self, Istante: meta.Istante}, Position: position}
}

// lookFor reads the place in the stream where a batch would be.
func (s *Store) lookFor(ctx context.Context, stream string, at domain.Head, batch []Stored, cause error) (domain.Appended, error) {
	found, err := s.slice(ctx, stream, at.Version, uint64(len(batch)))
	same := slices.EqualFunc(batch, found, func(a, b Stored) bool { return a.ID == b.ID })
	switch {
	case err == nil && same:
		last := found[len(found)-1]
		return s.appended(last, last.Position), nil
	case err == nil && len(found) > 0 && !slices.Equal(ids(found), ids(batch[:min(len(batch), len(found))])):
		return domain.Appended{}, domain.ErrStale // somebody else's event is there: ours can no longer come
	}
	return domain.Appended{}, fmt.Errorf("%w: %w", domain.ErrEsitoIncerto, errors.Join(cause, err))
}

func ids(batch []Stored) []uuid.UUID {
	all := make([]uuid.UUID, len(batch))
	for i, e := range batch {
		all[i] = e.ID
	}
	return all
}
