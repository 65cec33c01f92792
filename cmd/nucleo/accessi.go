package main

import (
	"crypto/rand"
	"encoding/hex"
)

// replica names a writer of the access log: another at each start, so that no
// two processes ever write to one stream, even on a copy of the directory.
func replica() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
