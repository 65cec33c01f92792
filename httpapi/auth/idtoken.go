package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// oldest is how long ago an ID token may have been made: it is read as soon as
// it is there.
const oldest = 5 * time.Minute

// entra believes what the provider gave for a code, or refuses it (A-10..A-12).
func (a *Accesso) entra(ctx context.Context, op fornitore, t Tentativo, g granted, now time.Time) (Entrata, error) {
	c, all, algorithm, err := a.read(ctx, g.ID, now)
	if err != nil {
		return Entrata{}, err
	}
	if err := a.answers(c, t, now); err != nil {
		return Entrata{}, err
	}
	if c.AtHash != "" && !sameHash(algorithm, g.Access, c.AtHash) {
		return Entrata{}, ErrAtHash
	}
	if level, known := a.tokens.level(c.Acr); !known || level < a.tokens.minimum {
		return Entrata{}, basso(a.tokens.codice(all))
	}
	if err := a.una(ctx, "jti", cmp.Or(c.ID, sum(g.ID[:strings.LastIndexByte(g.ID, '.')]).String()), c.IssuedAt.Time().Add(oldest+leeway)); err != nil {
		return Entrata{}, err
	}
	code, named := a.tokens.codice(all)
	if !named {
		if all, err = a.attributi(ctx, op, g, c.Subject); err != nil {
			return Entrata{}, err
		}
		if code, named = a.tokens.codice(all); !named {
			return Entrata{}, ErrCodiceFiscale
		}
	}
	who, valid := parse(code)
	if !valid {
		return Entrata{}, ErrCodiceFiscale
	}
	in := Entrata{Identita: Identita{CodiceFiscale: who, Scade: c.Expiry.Time()}, Acr: c.Acr, Ritorno: t.Ritorno, Forte: t.Forte}
	if c.AuthTime != nil {
		in.AuthTime = c.AuthTime.Time()
	}
	return in, nil
}

// read checks signature, issuer, audience and times of an ID token. It is no
// access token, whatever else it says.
func (a *Accesso) read(ctx context.Context, token string, now time.Time) (c claims, all map[string]json.RawMessage, algorithm string, err error) {
	signed, err := a.tokens.read(token)
	if err != nil {
		return c, nil, "", err
	}
	head := signed.Signatures[0].Protected
	if typ, is := head.ExtraHeaders[jose.HeaderType].(string); is && typ != "JWT" {
		return c, nil, "", ErrIntestazione
	}
	payload, err := a.tokens.keys.verify(ctx, signed, now)
	if err != nil {
		return c, nil, "", err
	}
	c, all, err = said(payload)
	if err == nil {
		err = a.tokens.fits(c, now)
	}
	return c, all, head.Algorithm, err
}

// answers checks that an ID token is the answer to this sign-in and no other.
func (a *Accesso) answers(c claims, t Tentativo, now time.Time) error {
	switch {
	case subtle.ConstantTimeCompare([]byte(c.Nonce), []byte(t.Nonce)) != 1:
		return ErrNonce
	case len(c.Audience) > 1 && c.Party == "":
		return ErrDestinatario
	case now.Sub(c.IssuedAt.Time()) > oldest || c.IssuedAt.Time().Before(t.Iniziato.Add(-leeway)):
		return ErrVecchio
	case t.Forte && (c.AuthTime == nil || c.AuthTime.Time().Before(t.Iniziato.Add(-leeway))):
		return ErrAuthTime
	}
	return nil
}

// sameHash compares at_hash with the access token that came along: the left half
// of its hash, in the hash of the signature.
func sameHash(algorithm, access, said string) bool {
	half := sha256.Sum256([]byte(access))
	want := half[:len(half)/2]
	if algorithm == string(jose.RS512) {
		whole := sha512.Sum512([]byte(access))
		want = whole[:len(whole)/2]
	}
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(want)), []byte(said)) == 1
}
