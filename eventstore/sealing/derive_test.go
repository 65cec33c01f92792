package sealing

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"testing"
)

// What keys are derived by is the HKDF-Expand of the standard library.
func TestKeysAreDerivedByHKDF(t *testing.T) {
	for n := range 300 {
		var secret Secret
		info := make([]byte, n)
		_, _ = rand.Read(secret[:])
		_, _ = rand.Read(info)
		want, err := hkdf.Expand(sha256.New, secret[:], string(info), 32+commitmentSize)
		if got := expand(secret, info); err != nil || !bytes.Equal(got[:], want) {
			t.Fatalf("%x of %d bytes, not %x (%v)", got, n, want, err)
		}
	}
}
