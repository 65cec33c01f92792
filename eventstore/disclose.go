package eventstore

import (
	"bytes"
	"context"
	"fmt"

	"nucleo/domain"
	"nucleo/eventstore/sealing"
)

// Disclosed is what it takes to read one stored event, and no other: what can
// be given to somebody who may read it, with the bytes that are stored.
type Disclosed struct {
	Openings []sealing.Opening // of those of its sealed values whose keys are there
	Data     []byte            // its JSON with what they open
}

// Disclose makes what it takes to read some stored events, for others to read
// them without the keys. What was destroyed stays unread.
func (k *Keys) Disclose(ctx context.Context, stored []Stored) ([]Disclosed, error) {
	o, err := k.unlock(ctx, stored)
	if err != nil {
		return nil, err
	}
	all := make([]Disclosed, len(stored))
	for i := range stored {
		if o == nil {
			all[i].Data, err = inClear(&stored[i])
		} else {
			all[i], err = o.disclose(i, &stored[i])
		}
		if err != nil {
			return nil, fmt.Errorf("event %d of %s: %w", stored[i].Version, stored[i].Stream, err)
		}
	}
	return all, nil
}

func (o *opened) disclose(i int, s *Stored) (d Disclosed, err error) {
	if err := o.errs[i]; err != nil {
		return d, err
	}
	if len(o.parsed[i].Refs()) == 0 {
		return Disclosed{Data: s.Data}, nil
	}
	if d.Openings, err = o.parsed[i].Openings(s.place(), o.find); err == nil {
		d.Data, err = o.parsed[i].OpenBy(s.place(), d.Openings...)
	}
	return d, err
}

// OpenBy is the JSON of a stored event with what some openings open. It takes
// no keys.
func (s Stored) OpenBy(openings ...sealing.Opening) ([]byte, error) {
	parsed, sealed, err := sealing.Parse(s.Data)
	switch {
	case err != nil:
		return nil, err
	case !sealed && len(openings) > 0:
		return nil, sealing.ErrDamaged
	case !sealed:
		return s.Data, nil
	}
	return parsed.OpenBy(s.place(), openings...)
}

// Bare reports whether a stored event holds personal data that are not sealed,
// as those of before sealing do.
func (s Stored) Bare(catalog domain.Catalog) (bool, error) {
	if _, sealed, _ := sealing.Parse(s.Data); sealed {
		return false, nil
	}
	data, err := sealing.Seal(s.Data, catalog.Shape(s.Type), s.place(), func(string) (sealing.Key, error) { return sealing.Key{}, nil })
	return err == nil && !bytes.Equal(data, s.Data), err
}
