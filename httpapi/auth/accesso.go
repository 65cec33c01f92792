package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// AccessoConfig says how people sign in by a browser: Nucleo is then a client of
// the provider, by the authorization code flow with PKCE.
type AccessoConfig struct {
	Config          // Issuer; Audience is the client's id, and what ID tokens must name
	Segreto  string // of the client; empty for a public one
	Redirect string // where the provider sends people back to
	Scopes   []string
	Chiave   []byte // keys the sealed attempts; replicas share it
	Usati    Usati
}

// Usati remembers what works once, for all replicas.
type Usati interface {
	// Usa reports whether something is used for the first time.
	Usa(ctx context.Context, cosa [32]byte, scade time.Time) (bool, error)
}

// Accesso signs people in. It is safe for concurrent use.
type Accesso struct {
	config   AccessoConfig
	tokens   *Verifier
	sigillo  sigillo
	provider metadati
}

// Tentativo is a sign-in under way. Between going and coming back it lies,
// sealed, with the browser that began it.
type Tentativo struct {
	Stato    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifica string    `json:"v"` // of PKCE
	Ritorno  string    `json:"r"` // path to go to in the end
	Forte    bool      `json:"f"` // the person must sign in anew
	Iniziato time.Time `json:"i"`
}

// Entrata is who came back.
type Entrata struct {
	Identita
	Acr     string
	Ritorno string
	Forte   bool
}

// DurataTentativo is how long a person may take to sign in.
const DurataTentativo = 10 * time.Minute

// NuovoAccesso checks the configuration. It does not reach for the provider.
func NuovoAccesso(ctx context.Context, config AccessoConfig) (*Accesso, error) {
	back, err := url.Parse(config.Redirect)
	switch {
	case err != nil || secure(config.Redirect) != nil || back.Fragment != "" || back.RawQuery != "":
		return nil, errors.New("the address to come back to is an https URL, without query, that reaches GET /accesso/ritorno")
	case config.Usati == nil || len(config.Chiave) < 32:
		return nil, errors.New("signing in needs a key of 32 bytes, and a place to remember what works once")
	case !slices.Contains(config.Scopes, "openid"):
		config.Scopes = append([]string{"openid"}, config.Scopes...)
	}
	config.Programmi, config.Parti = nil, nil // an ID token is made for us, and speaks of a person
	tokens, err := New(ctx, config.Config)
	if err != nil {
		return nil, err
	}
	seal, err := nuovoSigillo(config.Chiave)
	if err != nil {
		return nil, err
	}
	config.Config = tokens.config
	return &Accesso{config: config, tokens: tokens, sigillo: seal, provider: metadati{issuer: config.Issuer, client: tokens.keys.client}}, nil
}

// Inizia begins a sign-in: where to send the browser, and the sealed attempt
// that it must bring back.
func (a *Accesso) Inizia(ctx context.Context, ritorno string, forte bool) (to, sealed string, err error) {
	op, err := a.provider.di(ctx, a.config.Now())
	if err != nil {
		a.config.Log.WarnContext(ctx, "the identity provider cannot be asked for its metadata", "issuer", a.config.Issuer, "error", err)
		return "", "", ErrFornitore
	}
	t := Tentativo{Stato: casuale(), Nonce: casuale(), Verifica: casuale(), Ritorno: ritorno, Forte: forte, Iniziato: a.config.Now().UTC().Truncate(time.Second)}
	if sealed, err = a.sigillo.chiudi(t); err != nil {
		return "", "", err
	}
	challenge := sha256.Sum256([]byte(t.Verifica))
	query := url.Values{
		"response_type": {"code"}, "client_id": {a.config.Audience}, "redirect_uri": {a.config.Redirect}, "scope": {strings.Join(a.config.Scopes, " ")},
		"state": {t.Stato}, "nonce": {t.Nonce}, "acr_values": {a.config.AcrMinimo},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	if forte {
		query.Set("prompt", "login")
		query.Set("max_age", "0")
	}
	return conQuery(op.Authorization, query), sealed, nil
}

// casuale are 256 bits in 43 letters: of state and nonce 32 are asked for.
func casuale() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// conQuery adds parameters to an address, which may have some of its own.
func conQuery(address string, more url.Values) string {
	joint := "?"
	if strings.Contains(address, "?") {
		joint = "&"
	}
	return address + joint + more.Encode()
}

// Ritorna ends a sign-in: the browser comes back with the sealed attempt and
// what the provider said. Errors are *Error, and quote nothing of either.
func (a *Accesso) Ritorna(ctx context.Context, sealed string, said url.Values) (Entrata, error) {
	now := a.config.Now()
	t, ok := a.sigillo.apri(sealed)
	if !ok || now.Sub(t.Iniziato) >= DurataTentativo || t.Iniziato.After(now.Add(leeway)) ||
		subtle.ConstantTimeCompare([]byte(said.Get("state")), []byte(t.Stato)) != 1 {
		return Entrata{}, ErrTentativo
	}
	if err := a.una(ctx, "state", t.Stato, t.Iniziato.Add(DurataTentativo)); err != nil {
		return Entrata{}, err
	}
	op, err := a.provider.di(ctx, now)
	if err != nil {
		return Entrata{}, ErrFornitore
	}
	iss := said.Get("iss") // RFC 9207: which of several providers answers
	switch {
	case iss != "" && iss != a.config.Issuer, iss == "" && op.Iss:
		return Entrata{}, ErrEmittente
	case said.Get("error") != "":
		return Entrata{}, ErrRifiutato
	case said.Get("code") == "":
		return Entrata{}, ErrRisposta
	}
	granted, err := a.scambia(ctx, op, said.Get("code"), t.Verifica)
	if err != nil {
		return Entrata{}, err
	}
	return a.entra(ctx, op, t, granted, now)
}

// una refuses what was used before.
func (a *Accesso) una(ctx context.Context, kind, what string, scade time.Time) error {
	first, err := a.config.Usati.Usa(ctx, sha256.Sum256([]byte(kind+"\x00"+a.config.Issuer+"\x00"+what)), scade)
	switch {
	case err != nil:
		return err
	case !first && kind == "state":
		return ErrTentativo
	case !first:
		return ErrRiusato
	}
	return nil
}

// Uscita is where the provider ends its own session, if it says so. The token
// that could name the person stays out of the address.
func (a *Accesso) Uscita(ctx context.Context) string {
	op, err := a.provider.di(ctx, a.config.Now())
	if err != nil || op.EndSession == "" {
		return ""
	}
	return conQuery(op.EndSession, url.Values{"client_id": {a.config.Audience}})
}

// Controlla asks the provider whether people could sign in by it.
func (a *Accesso) Controlla(ctx context.Context) error {
	_, err := a.provider.chiedi(ctx)
	return err
}

// unauthorized refuses a sign-in.
func unauthorized(code, message string) *Error {
	return refuse(http.StatusUnauthorized, code, message)
}

// The reasons why a sign-in fails, beside those of tokens.
var (
	ErrTentativo = refuse(http.StatusBadRequest, "accesso.tentativo_non_valido", "this browser began no such sign-in, or finished it, or took longer than ten minutes: begin again")
	ErrRifiutato = unauthorized("accesso.rifiutato", "the identity provider did not sign the person in: begin again")
	ErrRisposta  = refuse(http.StatusBadGateway, "accesso.risposta_non_valida", "the identity provider answers something that this service does not accept: begin again")
	ErrFornitore = refuse(http.StatusServiceUnavailable, "accesso.fornitore_non_disponibile", "the identity provider does not answer now: begin again later")
	ErrNonce     = unauthorized("token.nonce", "the ID token is not the answer to this sign-in")
	ErrAtHash    = unauthorized("token.at_hash", "the ID token and the access token do not belong together")
	ErrRiusato   = unauthorized("token.riusato", "the ID token was used before")
	ErrVecchio   = unauthorized("token.vecchio", "the ID token was made too long ago")
	ErrAuthTime  = unauthorized("token.auth_time", "the person was to sign in anew, and the ID token does not say that they did")
)
