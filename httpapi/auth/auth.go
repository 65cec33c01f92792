// Package auth tells who a bearer token speaks for. It believes a JSON web token
// only when a key of the configured OpenID Connect issuer has signed it, and
// takes from it who the person or program is: never a role (ACC-17).
package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config says whose tokens are believed. Issuer and Audience are required.
type Config struct {
	Issuer   string // URL; https, except on the loopback
	Audience string

	// CodiceFiscaleClaim is the claim with a person's codice fiscale. By default
	// ClaimEID, and fiscal_number where that is missing.
	CodiceFiscaleClaim string
	// AcrMinimo is the lowest level of authentication of a person: SpidL2 by default.
	AcrMinimo string
	// Livelli adds values of acr to those of SPID and eIDAS, with their level, 1 to 3.
	Livelli map[string]int
	// Algorithms are RS256, RS512, PS256 and ES256 by default; no others exist here.
	Algorithms []string
	// Programmi are the subjects that are programs, with a name and without acr.
	Programmi []string
	// Parti are the parties, beside Audience and Programmi, that may hold a token
	// made for them (azp), such as the client of a front end.
	Parti []string

	// Keys fixes the issuer's keys. Without them they are fetched, and fetched
	// again when they change: the issuer need not run when Nucleo starts.
	Keys *jose.JSONWebKeySet
	// Client fetches the keys; by default one with a timeout of 3 s.
	Client *http.Client

	CacheSize int // verified tokens remembered, 10,000 by default
	Now       func() time.Time
	Log       *slog.Logger
}

// Identita is who a token speaks for: a person or a program, never both.
type Identita struct {
	CodiceFiscale string    `personale:"codice_fiscale"` // of a person, in capitals
	Programma     string    // the subject of a program
	AuthTime      time.Time // when the person signed in; zero when the token does not say
	Scade         time.Time
	ID            string // jti, or a hash of the token
}

// LogValue keeps the person out of logs.
func (i Identita) LogValue() slog.Value {
	return slog.GroupValue(slog.String("token", i.ID), slog.String("programma", i.Programma))
}

// Verifier believes tokens or refuses them. It is safe for concurrent use.
type Verifier struct {
	config     Config
	algorithms []jose.SignatureAlgorithm
	claims     []string // where the codice fiscale is looked for
	minimum    int
	keys       *keys
	cache      *cache
}

// Names of claims and levels.
const (
	ClaimEID  = "https://attributes.eid.gov.it/fiscal_number"
	ClaimOIDC = "fiscal_number"
	SpidL2    = "https://www.spid.gov.it/SpidL2"
)

var supported = [...]string{string(jose.RS256), string(jose.RS512), string(jose.PS256), string(jose.ES256)}

// New checks the configuration. It does not reach for the issuer.
func New(_ context.Context, config Config) (*Verifier, error) {
	config.AcrMinimo = cmp.Or(config.AcrMinimo, SpidL2)
	config.CodiceFiscaleClaim = cmp.Or(config.CodiceFiscaleClaim, ClaimEID)
	config.CacheSize = cmp.Or(config.CacheSize, 10_000)
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Issuer == "" || config.Audience == "" {
		return nil, errors.New("tokens need an issuer and an audience to be checked against")
	}
	v := &Verifier{config: config, claims: []string{config.CodiceFiscaleClaim}, cache: newCache(config.CacheSize)}
	if config.CodiceFiscaleClaim == ClaimEID {
		v.claims = append(v.claims, ClaimOIDC)
	}
	var known bool
	if v.minimum, known = v.level(config.AcrMinimo); !known {
		return nil, fmt.Errorf("no level is known for the least acr %q", config.AcrMinimo)
	}
	if err := v.allow(config.Algorithms); err != nil {
		return nil, err
	}
	var err error
	v.keys, err = newKeys(config)
	return v, err
}

func (v *Verifier) allow(algorithms []string) error {
	if len(algorithms) == 0 {
		algorithms = supported[:]
	}
	for _, name := range algorithms {
		if !slices.Contains(supported[:], name) {
			return fmt.Errorf("tokens signed with %q are not supported: choose among %q", name, supported)
		}
		v.algorithms = append(v.algorithms, jose.SignatureAlgorithm(name))
	}
	return nil
}

// Verify tells who a bearer token speaks for. Errors are *Error, and quote
// nothing of the token.
func (v *Verifier) Verify(ctx context.Context, bearer string) (Identita, error) {
	now := v.config.Now()
	mark := sum(bearer)
	if chi, found := v.cache.get(mark, now); found {
		return chi, nil
	}
	signed, err := v.read(bearer)
	if err != nil {
		return Identita{}, err
	}
	payload, err := v.keys.verify(ctx, signed, now)
	if err != nil {
		return Identita{}, err
	}
	if !declared(signed) && isID(payload) {
		return Identita{}, ErrDiIdentita
	}
	chi, err := v.believe(payload, now)
	if err != nil {
		return Identita{}, err
	}
	if chi.ID == "" {
		chi.ID = mark.String()
	}
	v.cache.put(mark, chi, now)
	return chi, nil
}
