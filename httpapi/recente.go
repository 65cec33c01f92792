package httpapi

import (
	"cmp"
	"strconv"
	"time"
)

// recentePredefinito is how long a sign-in is recent, by default.
const recentePredefinito = 5 * time.Minute

var errNonRecente = problem(401, "accesso.non_recente", "this takes somebody who has signed in just now: sign in again (GET /accesso?forte=true, or a token with a new auth_time) and repeat the request")

// recente refuses, on routes that ask for it, who signed in longer ago, or
// nobody knows when: what cannot be undone is not left to a session that was
// left open, nor to a token that was found (RFC 9470).
func (a *API) recente(q *request) error {
	entro := cmp.Or(a.Recente, recentePredefinito)
	if !q.route.forte || !q.quando.IsZero() && a.Adesso().Sub(q.quando) < entro {
		return nil
	}
	p := *errNonRecente
	p.recente = entro
	return &p
}

// sfida says how to authenticate, in the words of RFC 6750 and RFC 9470.
func (p Problem) sfida() string {
	sfida := `Bearer realm="nucleo"`
	if p.recente > 0 {
		sfida += `, error="insufficient_user_authentication", max_age=` + strconv.Itoa(int(p.recente.Seconds()))
	}
	return sfida
}
