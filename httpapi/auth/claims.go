package auth

import (
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"

	"nucleo/domain/codicefiscale"
)

const (
	leeway    = time.Minute // by which the clocks of issuer and service may differ
	longestID = 256         // bytes of a jti
	personal  = 16          // letters of a codice fiscale that is not provisional
)

// claims are what a token says about itself.
type claims struct {
	Issuer    string           `json:"iss"`
	Subject   string           `json:"sub"`
	Audience  jwt.Audience     `json:"aud"`
	Party     string           `json:"azp"`
	Expiry    *jwt.NumericDate `json:"exp"`
	NotBefore *jwt.NumericDate `json:"nbf"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	AuthTime  *jwt.NumericDate `json:"auth_time"`
	ID        string           `json:"jti"`
	Acr       string           `json:"acr"`
	Nonce     string           `json:"nonce"`
	AtHash    string           `json:"at_hash"`
}

// said reads what a signed token says. The JSON is read with the case of names
// kept and names at most once.
func said(payload []byte) (c claims, all map[string]json.RawMessage, err error) {
	if json.Unmarshal(payload, &c) != nil || json.Unmarshal(payload, &all) != nil || len(c.ID) > longestID {
		return claims{}, nil, ErrNonValido
	}
	return c, all, nil
}

// believe checks what a signed token says and takes from it who it speaks for.
func (v *Verifier) believe(payload []byte, now time.Time) (Identita, error) {
	c, all, err := said(payload)
	if err != nil {
		return Identita{}, err
	}
	if err := v.fits(c, now); err != nil {
		return Identita{}, err
	}
	chi := Identita{Scade: c.Expiry.Time(), ID: c.ID}
	if c.AuthTime != nil {
		chi.AuthTime = c.AuthTime.Time()
	}
	code, named := v.codice(all)
	program := slices.Contains(v.config.Programmi, c.Subject)
	switch {
	case named == program: // neither, or both at once
		return Identita{}, ErrCodiceFiscale
	case program:
		chi.Programma = c.Subject
		return chi, nil
	}
	if level, known := v.level(c.Acr); !known || level < v.minimum {
		return Identita{}, basso(code, named)
	}
	var valid bool
	if chi.CodiceFiscale, valid = parse(code); !valid {
		return Identita{}, ErrCodiceFiscale
	}
	return chi, nil
}

// fits checks issuer, audience and times.
func (v *Verifier) fits(c claims, now time.Time) error {
	switch {
	case c.Issuer != v.config.Issuer:
		return ErrEmittente
	case !slices.Contains(c.Audience, v.config.Audience):
		return ErrDestinatario
	case c.Party != "" && !v.party(c.Party):
		return ErrDestinatario
	case c.Subject == "" || c.Expiry == nil || c.IssuedAt == nil:
		return ErrNonValido
	case !now.Before(c.Expiry.Time()):
		return ErrScaduto
	case c.NotBefore != nil && now.Add(leeway).Before(c.NotBefore.Time()):
		return ErrPrematuro
	case now.Add(leeway).Before(c.IssuedAt.Time()):
		return ErrPrematuro
	case c.AuthTime != nil && now.Add(leeway).Before(c.AuthTime.Time()):
		return ErrPrematuro
	}
	return nil
}

// party says whether a token may have been made for this party (azp).
func (v *Verifier) party(name string) bool {
	return name == v.config.Audience || slices.Contains(v.config.Parti, name) || slices.Contains(v.config.Programmi, name)
}

// codice is the first claim that holds a codice fiscale, and whether there is one.
func (v *Verifier) codice(all map[string]json.RawMessage) (raw json.RawMessage, found bool) {
	for _, name := range v.claims {
		if raw, found = all[name]; found {
			return raw, true
		}
	}
	return nil, false
}

// parse reads a codice fiscale, with or without the prefix of SPID for an
// identity from Italy. Provisional codes sign nobody in.
func parse(raw json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	text = strings.TrimPrefix(text, "TINIT-")
	if len(text) != personal {
		return "", false
	}
	code, err := codicefiscale.Parse(text)
	return string(code), err == nil && len(code) == personal
}
