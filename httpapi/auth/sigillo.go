package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// sigillo closes attempts, so that the browser that carries them neither reads
// nor changes them. Nothing is kept here for those who never come back.
type sigillo struct{ aead cipher.AEAD }

func nuovoSigillo(segreto []byte) (sigillo, error) {
	key, err := hkdf.Key(sha256.New, segreto, nil, "nucleo accesso", 32)
	if err != nil {
		return sigillo{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sigillo{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sigillo{aead}, err
}

func (s sigillo) chiudi(t Tentativo) (string, error) {
	plain, err := json.Marshal(t)
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, nil)), err
}

func (s sigillo) apri(sealed string) (t Tentativo, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil || base64.RawURLEncoding.EncodeToString(raw) != sealed { // decoders pass over the ends of lines
		return Tentativo{}, false
	}
	plain, err := s.aead.Open(nil, nil, raw, nil)
	return t, err == nil && json.Unmarshal(plain, &t) == nil
}
