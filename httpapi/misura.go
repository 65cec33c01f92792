package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"nucleo/domain"
)

// passoRisposte is the step of the answers that are held back. It is longer
// than it takes to read a case of some hundreds of events.
const passoRisposte = 25 * time.Millisecond

// misurata holds an answer back until whole steps have passed since its request
// came: how long it took to read a case would tell how much has happened in
// it, or that it is there at all (D-6, ADR 0018).
type misurata struct {
	http.ResponseWriter
	resta func() // waits for the end of the step
	piena bool   // a success is held back as well
	detta bool
}

// misura is the writer for the answer to a request about one case. Refusals
// are held back whoever asks, for an id follows from a domanda and can be tried.
// So is what a coordinator reads. What a command has done is not: it stands in
// the chronology with its author.
func (a *API) misura(w http.ResponseWriter, q *request, arrivata time.Time) http.ResponseWriter {
	if !strings.Contains(q.route.path, "{caso}") {
		return w
	}
	return &misurata{
		ResponseWriter: w,
		piena:          q.Method != http.MethodPost && q.attore.Ruolo == domain.CoordinatorePaIS,
		resta:          func() { a.pausa(q.Context(), alPasso(a.Adesso().Sub(arrivata), passoRisposte)) },
	}
}

// alPasso is what is missing to the end of a step.
func alPasso(passato, passo time.Duration) time.Duration {
	return (passo - max(passato, 0)%passo) % passo
}

// WriteHeader implements http.ResponseWriter.
func (m *misurata) WriteHeader(status int) {
	if !m.detta && (m.piena || status >= http.StatusBadRequest) {
		m.resta()
	}
	m.detta = true
	m.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (m *misurata) Write(b []byte) (int, error) {
	if !m.detta {
		m.WriteHeader(http.StatusOK)
	}
	return m.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (m *misurata) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// pausa waits, unless the caller goes away.
func (a *API) pausa(ctx context.Context, d time.Duration) {
	if a.Pausa != nil {
		a.Pausa(d)
		return
	}
	sveglia := time.NewTimer(d)
	defer sveglia.Stop()
	select {
	case <-sveglia.C:
	case <-ctx.Done():
	}
}
