package auth

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// largest is the longest token that is read, in bytes.
const largest = 8 << 10

// types are the values of typ that a bearer token may have. Tokens of other
// kinds by the same issuer, such as logout tokens, are refused.
var types = [...]string{"", "JWT", "AT+JWT"}

// header is what the header of a token may say. A field that names a key, or
// that must be understood to be safe, is there to be refused.
type header struct {
	Alg  string `json:"alg"`
	Kid  string `json:"kid"`
	Typ  string `json:"typ"`
	JWK  any    `json:"jwk"`
	JKU  any    `json:"jku"`
	X5U  any    `json:"x5u"`
	X5C  any    `json:"x5c"`
	Crit any    `json:"crit"`
	B64  any    `json:"b64"`
	Zip  any    `json:"zip"`
}

// read parses a token in its compact form and refuses, before any key is
// looked at, what no key could make good.
func (v *Verifier) read(bearer string) (*jose.JSONWebSignature, error) {
	switch {
	case bearer == "":
		return nil, ErrMancante
	case len(bearer) > largest:
		return nil, ErrTroppoGrande
	case strings.Count(bearer, ".") != 2 || !canonical(bearer):
		return nil, ErrNonValido
	}
	if err := v.readHeader(bearer[:strings.IndexByte(bearer, '.')]); err != nil {
		return nil, err
	}
	signed, err := jose.ParseSignedCompact(bearer, v.algorithms)
	var unexpected *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &unexpected):
		return nil, ErrAlgoritmo
	case err != nil || len(signed.Signatures) != 1:
		return nil, ErrNonValido
	}
	return signed, nil
}

// canonical reports whether the parts of a token are base64 in its one
// spelling: the last letter of a signature has bits that decoders leave out,
// and the same token would have several names.
func canonical(bearer string) bool {
	for part := range strings.SplitSeq(bearer, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil || strings.ContainsAny(part, "\r\n") {
			return false
		}
	}
	return true
}

func (v *Verifier) readHeader(encoded string) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return ErrNonValido
	}
	var h header
	if err := json.Unmarshal(raw, &h); err != nil {
		return ErrNonValido
	}
	switch {
	case !slices.Contains(v.algorithms, jose.SignatureAlgorithm(h.Alg)):
		return ErrAlgoritmo
	case h.JWK != nil || h.JKU != nil || h.X5U != nil || h.X5C != nil || h.Crit != nil || h.B64 != nil || h.Zip != nil:
		return ErrIntestazione
	case !slices.Contains(types[:], strings.ToUpper(strings.TrimPrefix(h.Typ, "application/"))):
		return ErrIntestazione
	}
	return nil
}

// declared reports whether the header says that this is an access token (RFC
// 9068).
func declared(signed *jose.JSONWebSignature) bool {
	typ, _ := signed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType].(string)
	return strings.EqualFold(strings.TrimPrefix(typ, "application/"), "at+jwt")
}

// isID reports whether a token says what ID tokens alone say. Where the client
// of the browser is also the audience of the API, nothing else tells them
// apart: and what was shown to a browser would open the API.
func isID(payload []byte) bool {
	var said map[string]json.RawMessage
	if json.Unmarshal(payload, &said) != nil {
		return false // believe refuses it
	}
	for _, name := range []string{"nonce", "at_hash", "c_hash", "s_hash"} {
		if _, is := said[name]; is {
			return true
		}
	}
	return string(said["typ"]) == `"ID"`
}
