package sealing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

const (
	tag            = "nucleo-sig-v1"
	keySize        = 32
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
	okm := derived(secret, at, subject)
	return gcm([keySize]byte(okm[:keySize])), [commitmentSize]byte(okm[keySize:])
}

func derived(secret Secret, at Place, subject string) [keySize + commitmentSize]byte {
	var room [128]byte
	return expand(secret, field(field(append(room[:0], tag...), at.ID[:]), subject))
}

func gcm(key [keySize]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // of 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return aead
}

// expand is HKDF-Expand of RFC 5869 for 48 bytes. That of crypto/hkdf, to which
// a test holds it, takes twice as long: it is most of what sealing costs.
func expand(secret Secret, info []byte) [keySize + commitmentSize]byte {
	var room [2 * sha256.Size]byte
	mac := hmac.New(sha256.New, secret[:])
	_, _ = mac.Write(info)
	_, _ = mac.Write([]byte{1})
	first := mac.Sum(room[:0])
	mac.Reset()
	_, _ = mac.Write(first)
	_, _ = mac.Write(info)
	_, _ = mac.Write([]byte{2})
	return [keySize + commitmentSize]byte(mac.Sum(first))
}

// bound is what a sealed value is bound to:
//
//	"nucleo-sig-v1" ‖ f(stream) ‖ f(type) ‖ f(id of the event) ‖ f(subject) ‖ f(place) for each place
func bound(at Place, subject string, places []string) []byte {
	var room [256]byte
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
