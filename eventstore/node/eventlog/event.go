package eventlog

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/google/uuid"
)

// Expected revisions that are not numbers of events.
const (
	NoStream     int64 = -1
	Any          int64 = -2
	StreamExists int64 = -4
)

// Tombstone is the revision of the last event of a stream deleted for ever.
const Tombstone int64 = math.MaxInt64

// System event types that the log itself writes.
const (
	TypeMetadata = "$metadata"
	TypeDeleted  = "$streamDeleted"
)

// Event is an event as stored. Callers must not change its slices.
type Event struct {
	Position int64 // sparse, strictly increasing, > 0
	Stream   string
	Revision int64
	ID       uuid.UUID
	Type     string
	JSON     bool
	Data     []byte
	Metadata []byte
	Created  int64 // 100 ns ticks since the Unix epoch, never decreasing
}

// Proposed is an event that someone wants to append.
type Proposed struct {
	ID       uuid.UUID
	Type     string
	JSON     bool
	Data     []byte
	Metadata []byte
}

// Result says where an append ended.
type Result struct {
	Revision int64 // of the last event, or NoStream
	Position int64 // of the last event; 0 when the log is empty
}

// recordOverhead is what a record takes besides its texts; it keeps positions
// sparse, like byte offsets.
const recordOverhead = 64

func (e *Event) size() int64 {
	return int64(recordOverhead + len(e.Stream) + len(e.Type) + len(e.Data) + len(e.Metadata))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers every column, the position too, so that a row in the wrong
// place is noticed.
func (e *Event) checksum() int64 { return e.sum([]byte(e.Stream), []byte(e.Type)) }

// sum is checksum, with the names as bytes that somebody has already.
func (e *Event) sum(stream, kind []byte) int64 {
	head := e.head()
	sum := crc32.Update(0, castagnoli, head[:])
	for _, text := range [...][]byte{stream, kind, e.Data, e.Metadata} {
		sum = crc32.Update(sum, castagnoli, text)
	}
	return int64(sum)
}

// head is what the checksum covers before the texts.
func (e *Event) head() (head [8*7 + 16 + 1]byte) {
	for i, n := range [...]int64{
		e.Position, e.Revision, e.Created,
		int64(len(e.Stream)), int64(len(e.Type)), int64(len(e.Data)), int64(len(e.Metadata)),
	} {
		binary.LittleEndian.PutUint64(head[8*i:], uint64(n))
	}
	copy(head[56:], e.ID[:])
	if e.JSON {
		head[72] = 1
	}
	return head
}

// hashOf is FNV-1a: the index stores it instead of the name, and every row that
// it leads to is checked against the name.
func hashOf(stream string) int64 {
	h := uint64(14695981039346656037)
	for i := range len(stream) {
		h = (h ^ uint64(stream[i])) * 1099511628211
	}
	return int64(h)
}
