package eventlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// A frame holds the events of one group:
//
//	salt      8  of this opening of the log, so that no event can pass for a frame
//	checksum  4  of all that follows
//	length    4  of the whole frame
//	count     4  of its events
//	events
const (
	saltSize    = 8
	frameHeader = saltSize + 12
	eventHeader = 3*8 + 16 + 1 + 4*4
)

type salt [saltSize]byte

// encode writes a group as a frame, and lets its events point into the frame: what
// the callers handed over is theirs again.
func encode(s salt, rows []Event) []byte {
	n := frameHeader
	for i := range rows {
		e := &rows[i]
		n += eventHeader + len(e.Stream) + len(e.Type) + len(e.Data) + len(e.Metadata)
	}
	b := append(make([]byte, 0, n), s[:]...)
	le := binary.LittleEndian
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, uint32(n))
	b = le.AppendUint32(b, uint32(len(rows)))
	for i := range rows {
		b = rows[i].encode(b)
	}
	le.PutUint32(b[saltSize:], crc32.Checksum(b[saltSize+4:], castagnoli))
	return b
}

// encode needs room in b.
func (e *Event) encode(b []byte) []byte {
	le := binary.LittleEndian
	b = le.AppendUint64(b, uint64(e.Position))
	b = le.AppendUint64(b, uint64(e.Revision))
	b = le.AppendUint64(b, uint64(e.Created))
	b = append(b, e.ID[:]...)
	isJSON := byte(0)
	if e.JSON {
		isJSON = 1
	}
	b = append(b, isJSON)
	for _, n := range [...]int{len(e.Stream), len(e.Type), len(e.Data), len(e.Metadata)} {
		b = le.AppendUint32(b, uint32(n))
	}
	b = append(append(b, e.Stream...), e.Type...)
	data := len(b)
	b = append(b, e.Data...)
	metadata := len(b)
	b = append(b, e.Metadata...)
	e.Data, e.Metadata = b[data:metadata:metadata], b[metadata:len(b):len(b)]
	return b
}

var errFrame = errors.New("not a whole frame")

// decode reads the frame at the start of b.
func decode(s salt, b []byte) (rows []Event, size int, err error) {
	if !bytes.HasPrefix(b, s[:]) {
		return nil, 0, errFrame
	}
	return decodeAny(b)
}

// decodeAny reads a frame of any salt.
func decodeAny(b []byte) (rows []Event, size int, err error) {
	le := binary.LittleEndian
	if len(b) < frameHeader {
		return nil, 0, errFrame
	}
	sum, n, count := le.Uint32(b[saltSize:]), int(le.Uint32(b[saltSize+4:])), int(le.Uint32(b[saltSize+8:]))
	if n < frameHeader || n > len(b) || count == 0 || crc32.Checksum(b[saltSize+4:n], castagnoli) != sum {
		return nil, 0, errFrame
	}
	for rest := b[frameHeader:n]; count > 0; count-- {
		var e Event
		if rest, err = e.decode(rest); err != nil {
			return nil, 0, err
		}
		rows = append(rows, e)
	}
	return rows, n, nil
}

func (e *Event) decode(b []byte) (rest []byte, err error) {
	if len(b) < eventHeader {
		return nil, errFrame
	}
	le := binary.LittleEndian
	e.Position, e.Revision, e.Created = int64(le.Uint64(b)), int64(le.Uint64(b[8:])), int64(le.Uint64(b[16:]))
	copy(e.ID[:], b[24:])
	e.JSON = b[40] != 0
	var parts [4][]byte
	rest = b[eventHeader:]
	for i := range parts {
		n := uint64(le.Uint32(b[41+4*i:]))
		if n > uint64(len(rest)) {
			return nil, errFrame
		}
		parts[i], rest = rest[:n:n], rest[n:]
	}
	e.Stream, e.Type, e.Data, e.Metadata = string(parts[0]), string(parts[1]), parts[2], parts[3]
	return rest, nil
}

// frames finds every whole frame in what a segment holds: those written last, and
// older ones that these have not overwritten yet. Torn is how many others begin:
// one whose salt alone has changed is known by its place and by its checksum.
func frames(s salt, b []byte) (found [][]Event, torn int) {
	next := true // a frame may begin here
	for {
		if next && !bytes.HasPrefix(b, s[:]) {
			if _, _, err := decodeAny(b); err == nil {
				torn++
			}
		}
		at := bytes.Index(b, s[:])
		if at < 0 {
			return found, torn
		}
		b = b[at:]
		rows, n, err := decode(s, b)
		if err != nil {
			torn, n = torn+1, 1
		} else {
			found = append(found, rows)
		}
		b, next = b[n:], err == nil
	}
}
