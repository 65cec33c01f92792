// Package sessione is the session of a person who signed in by the browser:
// what stands in it, how it is named, how long it holds. Where sessions are
// kept is for others to say.
package sessione

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"nucleo/domain/id"
)

// Impronta names a session where it is kept: the hash of its token, so that
// whoever reads the table can sign in as nobody.
type Impronta [sha256.Size]byte

// quanti are the bytes of a token: 256 bits that nobody guesses.
const quanti = 32

// Nuova makes up a token.
func Nuova() (token string, i Impronta) {
	casuali := make([]byte, quanti)
	_, _ = rand.Read(casuali) // never fails
	token = base64.RawURLEncoding.EncodeToString(casuali)
	return token, sha256.Sum256([]byte(token))
}

// Di is the name of the session of a token, if it can be one: in the one
// spelling that Nuova gives, for decoders pass over the ends of lines.
func Di(token string) (Impronta, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != quanti || base64.RawURLEncoding.EncodeToString(b) != token {
		return Impronta{}, false
	}
	return sha256.Sum256([]byte(token)), true
}

// Sessione is one session. It holds no name and no codice fiscale.
type Sessione struct {
	Impronta    Impronta
	Operatore   id.Operatore
	Profilo     id.Accreditamento // the active one, once it was chosen; else zero
	Acr         string            // level of the sign-in
	Autenticata time.Time         // when the person signed in at the provider; zero when it does not say
	Creata      time.Time
	Vista       time.Time // when it was last used
	Scade       time.Time // whatever happens
}

// Ferma reports whether a session was left alone for too long, or is over.
func (s Sessione) Ferma(adesso time.Time, quanto time.Duration) bool {
	return !adesso.Before(s.Scade) || adesso.Sub(s.Vista) >= quanto
}

// Rinnovata is the same session under another token: the old one must not work
// any more.
func (s Sessione) Rinnovata() (token string, nuova Sessione) {
	nuova = s
	token, nuova.Impronta = Nuova()
	return token, nuova
}
