package chiavi

import (
	"bytes"
	"testing"

	"github.com/google/uuid"

	"nucleo/eventstore/sealing"
)

// FuzzBusta opens wrapped keys of any form, as a key database may hold them: what
// opens is what was wrapped, for the key it was wrapped for.
func FuzzBusta(f *testing.F) {
	b, err := nuovaBusta(bytes.Repeat([]byte{7}, 32), 3)
	if err != nil {
		f.Fatal(err)
	}
	kid, vera := uuid.UUID{1}, sealing.Secret{9}
	chiusa := b.chiudi(kid, vera)
	f.Add(chiusa, kid[:])
	f.Add(chiusa, make([]byte, 16))
	f.Add(chiusa[:20], kid[:])
	f.Add([]byte{}, kid[:])
	f.Fuzz(func(t *testing.T, dek, di []byte) {
		k, err := uuid.FromBytes(di)
		if err != nil {
			return
		}
		if s, err := b.apri(k, dek); err == nil && (s != vera || k != kid) {
			t.Errorf("%x opens for %s", dek, k)
		}
	})
}
