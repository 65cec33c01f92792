package sigilli

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"nucleo/domain"
	"nucleo/eventstore"
)

// Hash is a hash of the tree; its text is Base64.
type Hash = tlog.Hash

const fogliaTag = "nucleo-leaf-v1"

// Foglia is the leaf of an event: SHA-256 of a zero byte (RFC 6962), the tag,
// the length of the name of the stream in four bytes and the name, the number
// of the event in its stream, from 0, in eight bytes, and its digest in the
// chain, computed from the bytes that are stored. The place in the log is not
// in it, so that a log that is moved to another store keeps its proofs; the
// tree commits to the order.
func Foglia(e eventstore.Stored) Hash {
	self, _ := eventstore.Fingerprint(e)
	return foglia(e.Stream, e.Version, self)
}

func foglia(flusso string, versione uint64, self domain.Digest) Hash {
	var room [192]byte // on the stack
	b := append(room[:0], 0)
	b = append(b, fogliaTag...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(flusso)))
	b = append(b, flusso...)
	b = binary.BigEndian.AppendUint64(b, versione-1)
	return sha256.Sum256(append(b, self[:]...))
}

// Albero is a Merkle tree that grows by leaves. It remembers only what the next
// roots need: a hash for each bit of its size. The zero Albero is empty.
type Albero struct {
	n    int64
	cime []Hash // of the full subtrees, the largest first
}

// Aggiungi adds a leaf.
func (a *Albero) Aggiungi(h Hash) {
	a.cime = append(a.cime, h)
	for i := a.n; i&1 == 1; i >>= 1 {
		last := len(a.cime) - 1
		a.cime[last-1] = tlog.NodeHash(a.cime[last-1], a.cime[last])
		a.cime = a.cime[:last]
	}
	a.n++
}

// Dimensione is how many leaves the tree has.
func (a *Albero) Dimensione() int64 { return a.n }

// Radice is the root over all leaves.
func (a *Albero) Radice() Hash {
	if a.n == 0 {
		return sha256.Sum256(nil)
	}
	r := a.cime[len(a.cime)-1]
	for _, c := range slices.Backward(a.cime[:len(a.cime)-1]) {
		r = tlog.NodeHash(c, r)
	}
	return r
}

// Copia is a tree of its own with the same leaves.
func (a *Albero) Copia() Albero { return Albero{a.n, slices.Clone(a.cime)} }

// AlberoDi is the tree of n leaves whose hashes a reader has.
func AlberoDi(n int64, r tlog.HashReader) (Albero, error) {
	var indici []int64
	for fatte := int64(0); fatte < n; {
		livello := 0
		for fatte+1<<(livello+1) <= n {
			livello++
		}
		indici = append(indici, tlog.StoredHashIndex(livello, fatte>>livello))
		fatte += 1 << livello
	}
	if n == 0 {
		return Albero{}, nil
	}
	cime, err := r.ReadHashes(indici)
	return Albero{n, cime}, err
}
