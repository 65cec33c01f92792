package auth

import (
	"net/http"

	"github.com/go-jose/go-jose/v4/json"
)

// Error is why a token is refused. It has a stable code and says nothing that
// stands in the token.
type Error struct {
	status        int
	code, message string
}

func (e *Error) Error() string { return e.message }

// Code is what clients and tests can rely on.
func (e *Error) Code() string { return e.code }

// Status is the HTTP status of the answer.
func (e *Error) Status() int { return e.status }

func refuse(status int, code, message string) *Error { return &Error{status, code, message} }

// LivelloBasso is ErrLivello about somebody whom the issuer names: they are not
// signed in, and it can be noted that they tried.
type LivelloBasso struct {
	CodiceFiscale string `personale:"codice_fiscale"`
}

func (LivelloBasso) Error() string { return ErrLivello.message }

// Unwrap makes it ErrLivello.
func (LivelloBasso) Unwrap() error { return ErrLivello }

// basso is the refusal of a level, about whom a claim names, if it does.
func basso(code json.RawMessage, named bool) error {
	if who, valid := parse(code); named && valid {
		return LivelloBasso{CodiceFiscale: who}
	}
	return ErrLivello
}

// The reasons.
var (
	ErrMancante      = refuse(http.StatusUnauthorized, "token.mancante", "the request carries no token: send Authorization: Bearer and a token of the issuer")
	ErrTroppoGrande  = refuse(http.StatusUnauthorized, "token.troppo_grande", "the token is longer than 8 KiB")
	ErrNonValido     = refuse(http.StatusUnauthorized, "token.non_valido", "the token is not a signed JSON web token that this service accepts")
	ErrAlgoritmo     = refuse(http.StatusUnauthorized, "token.algoritmo", "the token is signed with an algorithm that is not accepted")
	ErrIntestazione  = refuse(http.StatusUnauthorized, "token.intestazione", "the header of the token names a key of its own, or something that is not understood")
	ErrDiIdentita    = refuse(http.StatusUnauthorized, "token.di_identita", "the token is an ID token, which says to a client who signed in, and opens nothing: send an access token")
	ErrFirma         = refuse(http.StatusUnauthorized, "token.firma", "the token is not signed with a key of the issuer")
	ErrEmittente     = refuse(http.StatusUnauthorized, "token.emittente", "the token comes from another issuer")
	ErrDestinatario  = refuse(http.StatusUnauthorized, "token.destinatario", "the token is made for somebody else")
	ErrScaduto       = refuse(http.StatusUnauthorized, "token.scaduto", "the token has expired: ask the issuer for a new one")
	ErrPrematuro     = refuse(http.StatusUnauthorized, "token.prematuro", "the token is not valid yet: the clocks of issuer and service differ by more than a minute, or it is too early")
	ErrCodiceFiscale = refuse(http.StatusUnauthorized, "token.codice_fiscale", "the token names neither a person by a valid codice fiscale nor a known program")
	ErrLivello       = refuse(http.StatusForbidden, "token.livello", "the person signed in at too low a level: SPID level 2, CIE, or better is needed")
	ErrChiavi        = refuse(http.StatusServiceUnavailable, "token.chiavi_non_disponibili", "the keys of the issuer cannot be fetched now: repeat the request later")
)
