package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"
)

var errTroppoLenta = problem(408, "richiesta.troppo_lenta", "the body comes too slowly, or stopped: send it again over a better line")

// Lentezza is how slow a body may be: so many bytes in every span of time, but
// for the last. The zero value waits as long as the server does.
type Lentezza struct {
	Byte int
	Ogni time.Duration
}

// ritmato is a body that has to keep its pace, so that nobody holds on to a
// connection by sending a byte now and then.
type ritmato struct {
	io.ReadCloser
	conn   *http.ResponseController
	lento  Lentezza
	ultimo time.Time // when all has to be here
	fine   time.Time // of the span
	presi  int       // in the span
}

// tieneIlPasso holds a body to its pace. The clock is that of the network.
func (a *API) tieneIlPasso(w http.ResponseWriter, corpo io.ReadCloser, entro time.Duration) io.ReadCloser {
	if a.Bordo.Lentezza.Ogni == 0 {
		return corpo
	}
	return &ritmato{ReadCloser: corpo, conn: http.NewResponseController(w), lento: a.Bordo.Lentezza, ultimo: time.Now().Add(entro)}
}

// Read implements io.Reader.
func (r *ritmato) Read(p []byte) (int, error) {
	adesso := time.Now()
	if adesso.After(r.fine) {
		if !r.fine.IsZero() && r.presi < r.lento.Byte {
			return 0, errTroppoLenta
		}
		r.presi, r.fine = 0, adesso.Add(r.lento.Ogni)
	}
	attesa := adesso.Add(r.lento.Ogni)
	if r.ultimo.Before(attesa) {
		attesa = r.ultimo
	}
	_ = r.conn.SetReadDeadline(attesa) // what has no connection needs none
	n, err := r.ReadCloser.Read(p)
	r.presi += n
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return n, errTroppoLenta
	case err != nil: // the server goes on reading, to see whether the client hangs up
		_ = r.conn.SetReadDeadline(r.ultimo.Add(margine))
	}
	return n, err
}
