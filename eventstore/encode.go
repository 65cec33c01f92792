package eventstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore/sealing"
)

// MaxAppend is how many bytes one append may hold, as an EventStoreDB server
// counts them by default: data, metadata, and the type at two bytes a letter.
const MaxAppend = 1 << 20

const contentType = "application/json"

// Encode makes the stored form of events that follow head at of a stream. It
// fills what the store owns of the metadata: Istante, which never goes back,
// and the chain. It fails with domain.ErrTroppoGrande when they do not fit in
// one append.
//
// Their personal data are left in the clear: Keys.Encode seals them.
func Encode(stream string, at domain.Head, meta domain.Meta, events ...domain.Event) ([]Stored, error) {
	return (*Keys)(nil).Encode(context.Background(), stream, at, meta, events...)
}

// Encode is the function Encode for events whose personal data are sealed by
// these keys. It fails with domain.ErrNonDisponibile when none can be had.
func (k *Keys) Encode(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) ([]Stored, error) {
	return k.steps(ctx, stream, at, []Step{{meta, events}})
}

// steps is Encode for what several commands add one after the other.
func (k *Keys) steps(ctx context.Context, stream string, at domain.Head, steps []Step) (batch []Stored, err error) {
	size := 0
	for _, step := range steps {
		if len(step.Events) == 0 {
			continue
		}
		if batch, at, err = k.step(ctx, batch, stream, at, step); err != nil {
			return nil, err
		}
	}
	for _, e := range batch {
		size += len(e.Data) + len(e.Meta) + 2*len(e.Type)
	}
	if size > MaxAppend {
		return nil, domain.ErrTroppoGrande
	}
	return batch, nil
}

// step adds what one command does to what those before it did, and tells where
// the stream stands then.
func (k *Keys) step(ctx context.Context, batch []Stored, stream string, at domain.Head, step Step) ([]Stored, domain.Head, error) {
	meta := step.Meta
	switch {
	case stream == "":
		return nil, at, errors.New("the stream has no name")
	case meta.Comando == uuid.Nil:
		return nil, at, errors.New("the metadata name no command")
	case at.Version > 0 && at.Self == (domain.Digest{}):
		return nil, at, fmt.Errorf("version %d comes without the digest of its event", at.Version)
	}
	meta.Istante = instant(meta.Istante, at.Istante)
	start, err := canonical(meta)
	if err != nil {
		return nil, at, err
	}
	for i, e := range step.Events {
		s, err := k.encode(ctx, stream, at, meta.Comando, i, start, e)
		if err != nil {
			return nil, at, fmt.Errorf("event %s: %w", e.EventType(), err)
		}
		self := chained(s, start, at.Self)
		s.Meta = withChain(start, at.Self, self)
		batch, at = append(batch, s), domain.Head{Version: s.Version, Self: self, Istante: meta.Istante}
	}
	return batch, at, nil
}

func (k *Keys) encode(ctx context.Context, stream string, at domain.Head, comando uuid.UUID, index int, start []byte, e domain.Event) (Stored, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return Stored{}, err
	}
	s := Stored{
		ID: EventID(comando, stream, index), Type: e.EventType(), Stream: stream, ContentType: contentType,
		Version: at.Version + 1, Data: data, Meta: start,
	}
	if k != nil {
		s.Data, err = sealing.Seal(data, reflect.TypeOf(e), s.place(), func(subject string) (sealing.Key, error) { return k.of(ctx, subject) })
	}
	return s, err
}

// EventID is the id of the index-th event that a command adds to a stream.
func EventID(comando uuid.UUID, stream string, index int) uuid.UUID {
	return uuid.NewSHA1(comando, []byte(stream+"#"+strconv.Itoa(index)))
}

// instant is when events happened: in UTC, to the microsecond, and not before
// the stream's previous one.
func instant(now, previous time.Time) time.Time {
	now, previous = now.UTC().Truncate(time.Microsecond), previous.UTC()
	if now.Before(previous) {
		return previous
	}
	return now
}
