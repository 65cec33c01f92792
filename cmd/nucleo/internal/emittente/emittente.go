// Package emittente is the OpenID Connect issuer of demos. Whoever runs it can
// be anybody: it lives in `nucleo demo` only, and refuses to be made in
// production.
package emittente

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Config is what tokens say, and where the key that signs them is kept.
type Config struct {
	KeyFile  string // made with mode 0600 when missing; tokens outlive a restart with it
	Issuer   string // URL that tokens name, and under whose path Handler answers
	Audience string
	Ambiente string // NUCLEO_ENV: "production" is refused
	Now      func() time.Time
}

// Validity is how long a token of a demo is good by default: long enough that
// a printed token still works when the demo is shown.
const Validity = 30 * 24 * time.Hour

// Error is a refusal with a stable code.
type Error struct{ code, message string }

func (e *Error) Error() string { return e.message }

// Code is what callers can rely on.
func (e *Error) Code() string { return e.code }

// ErrProduzione says that this is no place for a demo's issuer.
var ErrProduzione = &Error{"emittente.produzione", "the issuer of demos signs tokens for anybody and does not run with NUCLEO_ENV=production: configure NUCLEO_OIDC_ISSUER"}

// Emittente signs tokens.
type Emittente struct {
	config Config
	key    *ecdsa.PrivateKey
	public jose.JSONWebKey
	signer jose.Signer
}

// New reads the key, or makes it.
func New(config Config) (*Emittente, error) {
	if strings.EqualFold(strings.TrimSpace(config.Ambiente), "production") {
		return nil, ErrProduzione
	}
	if config.Issuer == "" || config.Audience == "" {
		return nil, errors.New("the issuer of demos needs an issuer and an audience")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	key, err := loadKey(config.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("key of the issuer of demos, %s: %w", config.KeyFile, err)
	}
	public, err := describe(key)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: public.KeyID}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	return &Emittente{config: config, key: key, public: public, signer: signer}, nil
}

// Keys are the public keys, for a verifier in the same process.
func (e *Emittente) Keys() *jose.JSONWebKeySet {
	return &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{e.public}}
}

// persona is what a token says about a person, as SPID and CIE do.
type persona struct {
	AuthTime     *jwt.NumericDate `json:"auth_time"`
	Acr          string           `json:"acr"`
	Name         string           `json:"name,omitempty"`
	FiscalNumber string           `json:"https://attributes.eid.gov.it/fiscal_number"`
}

// Token is a token of a person who signed in with SPID level 2. It is good for
// ttl, or for Validity when that is zero.
func (e *Emittente) Token(codiceFiscale, nome string, ttl time.Duration) (string, error) {
	standard, err := e.standard(e.subject(codiceFiscale), ttl)
	if err != nil {
		return "", err
	}
	return jwt.Signed(e.signer).Claims(standard).Claims(persona{
		AuthTime:     standard.IssuedAt,
		Acr:          "https://www.spid.gov.it/SpidL2",
		Name:         nome,
		FiscalNumber: "TINIT-" + codiceFiscale,
	}).Serialize()
}

// TokenProgramma is a token of a program, which is its subject by name.
func (e *Emittente) TokenProgramma(nome string) (string, error) {
	standard, err := e.standard(nome, Validity)
	if err != nil {
		return "", err
	}
	return jwt.Signed(e.signer).Claims(standard).Serialize()
}

func (e *Emittente) standard(subject string, ttl time.Duration) (jwt.Claims, error) {
	switch {
	case ttl < 0:
		return jwt.Claims{}, fmt.Errorf("a token cannot be good for %v", ttl)
	case ttl == 0:
		ttl = Validity
	}
	now := e.config.Now()
	return jwt.Claims{
		Issuer:    e.config.Issuer,
		Subject:   subject,
		Audience:  jwt.Audience{e.config.Audience},
		IssuedAt:  jwt.NewNumericDate(now),
		NotBefore: jwt.NewNumericDate(now),
		Expiry:    jwt.NewNumericDate(now.Add(ttl)),
		ID:        rand.Text(),
	}, nil
}

// subject is the same for a person every time and tells nothing about them.
func (e *Emittente) subject(codiceFiscale string) string {
	secret, err := e.key.Bytes()
	if err != nil {
		panic("the key of the issuer has no private part: " + err.Error())
	}
	of := hmac.New(sha256.New, secret)
	of.Write([]byte("sub " + codiceFiscale))
	return base64.RawURLEncoding.EncodeToString(of.Sum(nil))
}
