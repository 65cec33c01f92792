package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"nucleo/domain"
)

// ferma is a past: it has reached whatever it will.
type ferma struct{}

// Attendi implements Attesa.
func (ferma) Attendi(context.Context, uint64) error { return nil }

// comeAllora serves a list of today as it was at the end of a day, to an auditor
// who sees it as a role of one ambito did: the same handler, on the tables and
// by the clock of then. Whoever names a case manager, where the list may be one
// person's, sees what they saw.
func comeAllora(serve func(*API, http.ResponseWriter, *request) error, ruolo domain.Ruolo) func(*API, http.ResponseWriter, *request) error {
	return func(a *API, w http.ResponseWriter, q *request) error {
		chiesto := q.URL.Query()
		come := domain.Attore{Ruolo: ruolo, Territorio: domain.Territorio{Ambito: chiesto.Get("ambito")}}
		if s := chiesto.Get("case_manager"); s != "" && (ruolo == domain.CaseManager || ruolo == domain.Auditor) {
			chi, err := uuid.Parse(s)
			if err != nil {
				return domain.ErrNonTrovato
			}
			come.ID, come.Ruolo = chi, domain.CaseManager
		}
		ora, passato, lascia, err := a.allOra(q)
		if err != nil {
			return err
		}
		defer lascia()
		q.vista.ambito = come.Territorio.Ambito
		visto := *q
		visto.attore, visto.alla = come, passato.Posizione
		return serve(ora, w, &visto)
	}
}

// posizione is up to where in the log an answer goes: for a list of a past day
// that is where the day ended, not where the lists of today stand.
func (q *request) posizione(oggi uint64) uint64 {
	if q.alla > 0 {
		return q.alla
	}
	return oggi
}
