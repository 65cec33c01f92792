package sealing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
)

const (
	tag            = "nucleo-sig-v1"
	nonceSize      = 12
	commitmentSize = 16
)

// derive makes of a subject's key the one that seals its data in one event, and
// the commitment to it: GCM alone would let two keys open one ciphertext.
//
//	okm = HKDF-Expand(SHA-256, key, "nucleo-sig-v1" ‖ f(id of the event) ‖ f(subject), 48)
//
// f(x) is the length of x in four bytes, big-endian, then x. The first 32 bytes
// are the key of AES-256-GCM, the other 16 the commitment.
func derive(secret Secret, at Place, subject string) (cipher.AEAD, [commitmentSize]byte) {
	var room [128]byte
	info := field(field(append(room[:0], tag...), at.ID[:]), subject)
	okm, err := hkdf.Expand(sha256.New, secret[:], string(info), 32+commitmentSize)
	if err != nil {
		panic(err) // it is neither too long nor of a refused hash
	}
	block, err := aes.NewCipher(okm[:32])
	if err != nil {
		panic(err) // of 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return aead, [commitmentSize]byte(okm[32:])
}

// bound is what a sealed value is bound to:
//
//	"nucleo-sig-v1" ‖ f(stream) ‖ f(type) ‖ f(id of the event) ‖ f(subject) ‖ f(place) for each place
func bound(at Place, subject string, places []string) []byte {
	var room [512]byte
	b := append(room[:0], tag...)
	b = field(field(field(field(b, at.Stream), at.Type), at.ID[:]), subject)
	for _, p := range places {
		b = field(b, p)
	}
	return b
}

func field[T string | []byte](b []byte, value T) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(value))), value...)
}
