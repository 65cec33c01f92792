package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"

	"nucleo/domain"
)

// The chain (D-3; docs/formato-eventi.md has a test vector). Self of an event is
//
//	SHA-256( "nucleo-evt-v1" ‖ f(stream) ‖ f(number) ‖ f(id) ‖ f(type) ‖ f(content type)
//	         ‖ f(SHA-256(data)) ‖ f(metadata) ‖ f(prev) )
//
// where f(x) is the length of x in bytes as four bytes, then x; numbers are
// big-endian. stream, type and content type are UTF-8; number is the event's
// number in its stream, counted from 0, in eight bytes; id is the 16 bytes of
// the event's UUID; data are the bytes as stored; metadata are the bytes as
// stored with the values of their last two keys, prev and self, emptied; prev
// is the 32 bytes of the previous event's Self, all zero for the first.
const chainTag = "nucleo-evt-v1"

// chained computes Self of an event whose metadata without prev and self are given.
func chained(s Stored, metadata []byte, prev domain.Digest) domain.Digest {
	return digestAt(s, s.Version-1, metadata, prev)
}

func digestAt(s Stored, number uint64, metadata []byte, prev domain.Digest) domain.Digest {
	data := sha256.Sum256(s.Data)
	b := make([]byte, 0, 256+len(metadata))
	b = append(b, chainTag...)
	b = field(b, []byte(s.Stream))
	b = field(b, binary.BigEndian.AppendUint64(nil, number))
	b = field(b, s.ID[:])
	b = field(b, []byte(s.Type))
	b = field(b, []byte(s.ContentType))
	b = field(b, data[:])
	b = field(b, metadata)
	b = field(b, prev[:])
	return sha256.Sum256(b)
}

func field(b, value []byte) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}

const chainEnd = `"prev":"","self":""}`

// canonical is the JSON of metadata with prev and self emptied.
func canonical(meta domain.Meta) ([]byte, error) {
	meta.Prev, meta.Self = domain.Digest{}, domain.Digest{}
	b, err := json.Marshal(meta)
	if err == nil && !bytes.HasSuffix(b, []byte(chainEnd)) {
		err = errors.New("metadata do not end with the chain")
	}
	return b, err
}

// withChain fills prev and self into canonical metadata.
func withChain(canonical []byte, prev, self domain.Digest) []byte {
	b := make([]byte, 0, len(canonical)+4*len(prev))
	b = append(b, canonical[:len(canonical)-len(chainEnd)]...)
	b = append(b, `"prev":"`...)
	b = append(b, prev.String()...)
	b = append(b, `","self":"`...)
	b = append(b, self.String()...)
	return append(b, `"}`...)
}
