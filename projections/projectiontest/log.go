// Package projectiontest makes logs and pools for the tests of read
// models, and holds their rows against the fold of the same events.
package projectiontest

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
)

// Log makes records, an hour apart. What it is given is read from left to
// right: an id or the name of a stream says whose the events after it are, a
// domain.Meta what is known of them (its Istante, unless zero, is kept for
// the next event alone), an event becomes a record. For other aggregates than
// the caso, name the stream: "ambito-7".
func Log(from time.Time, items ...any) (log []domain.Recorded) {
	var stream string
	var meta domain.Meta
	versions := map[string]uint64{}
	for _, item := range items {
		switch item := item.(type) {
		case id.Caso:
			stream = "caso-" + item.String()
		case id.Operatore:
			stream = "operatore-" + item.String()
		case id.Importazione:
			stream = "importazione-" + item.String()
		case string:
			stream = item
		case domain.Meta:
			meta = item
		case domain.Event:
			n := uint64(len(log))
			m := meta
			if m.Istante.IsZero() {
				m.Istante = from.Add(time.Duration(n) * time.Hour)
			}
			meta.Istante = time.Time{}
			versions[stream]++
			log = append(log, domain.Recorded{
				ID: number(n), Type: item.EventType(), Stream: stream, Subject: domain.Subject(stream),
				Version: versions[stream], Position: 10 + 10*n, Meta: m, Event: item,
			})
		default:
			panic(fmt.Sprintf("projectiontest: a log cannot hold a %T", item))
		}
	}
	return log
}

// number is an id that counts.
func number(n uint64) (u uuid.UUID) {
	u[6], u[8] = 0x40, 0x80
	binary.BigEndian.PutUint32(u[12:], uint32(n))
	return u
}
