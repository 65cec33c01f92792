package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
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

// chained computes Self of an event whose metadata up to the chain are given.
func chained(s Stored, start []byte, prev domain.Digest) domain.Digest {
	return digestAt(s, s.Version-1, start, prev)
}

func digestAt(s Stored, number uint64, start []byte, prev domain.Digest) domain.Digest {
	data := sha256.Sum256(s.Data)
	var room [1024]byte // on the stack: every event that is read is checked
	b := append(room[:0], chainTag...)
	b = field(b, s.Stream)
	b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), number)
	b = field(b, s.ID[:])
	b = field(b, s.Type)
	b = field(b, s.ContentType)
	b = field(b, data[:])
	b = binary.BigEndian.AppendUint32(b, uint32(len(start)+len(chainEnd)))
	b = append(append(b, start...), chainEnd...)
	b = field(b, prev[:])
	return sha256.Sum256(b)
}

func field[T string | []byte](b []byte, value T) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}

const chainEnd = `"prev":"","self":""}`

// canonical is the JSON of metadata up to the chain.
func canonical(meta domain.Meta) ([]byte, error) {
	meta.Prev, meta.Self = domain.Digest{}, domain.Digest{}
	b, err := json.Marshal(meta)
	start, ends := bytes.CutSuffix(b, []byte(chainEnd))
	if err == nil && !ends {
		err = errors.New("metadata do not end with the chain")
	}
	return start, err
}

// withChain is metadata up to the chain with the chain.
func withChain(start []byte, prev, self domain.Digest) []byte {
	b := make([]byte, 0, len(start)+len(chainEnd)+2*hexDigest)
	return appendChain(append(b, start...), prev, self)
}

// appendChain writes how metadata end.
func appendChain(b []byte, prev, self domain.Digest) []byte {
	b = append(b, `"prev":"`...)
	b = appendHex(b, prev)
	b = append(b, `","self":"`...)
	b = appendHex(b, self)
	return append(b, `"}`...)
}

// hexDigest is how many letters a digest has.
const hexDigest = 64

// appendHex writes what Digest.String says, without a string.
func appendHex(b []byte, d domain.Digest) []byte {
	if d == (domain.Digest{}) {
		return b
	}
	return hex.AppendEncode(b, d[:])
}
