package httpapi

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/httpapi/sessione"
)

// persona is who signed in, and what they are accredited to today.
type persona struct {
	id     id.Operatore
	attivi []operatore.Accreditamento
	nome   string
}

// identify finds out who asks, and under which profile: by a session or by a
// token, never by both.
func (a *API) identify(q *request) error {
	if inviati := q.Header.Values("Authorization"); len(q.CookiesNamed(biscottoSessione)) > 0 {
		if len(inviati) > 0 {
			return errDueIdentita
		}
		return a.daSessione(q)
	}
	schema, token, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	if !strings.EqualFold(schema, "Bearer") || token == "" {
		return errNonAutenticato
	}
	chi, err := a.Verifica.Verify(q.Context(), token)
	if err != nil {
		a.nonEntraPer(q, err)
		return tokenError(err)
	}
	if chi.Programma != "" {
		return a.programma(q, chi.Programma)
	}
	q.quando = chi.AuthTime
	if q.chi, err = a.persona(q.Context(), a.Comandi.OperatoreDi(chi.CodiceFiscale)); err != nil {
		return err
	}
	return a.agisce(q)
}

// agisce makes the person who asks the actor, under their active profile.
func (a *API) agisce(q *request) error {
	t := traceOf(q.Context())
	t.attore = q.chi.id.String()
	if q.route.right == chiSono {
		q.attore = domain.Attore{ID: q.chi.id.UUID}
		return nil
	}
	profilo, err := q.scelto()
	if err != nil {
		if len(q.chi.attivi) == 0 {
			a.nonEntra(q, q.chi.id, false)
		}
		return err
	}
	t.profilo = profilo.ID.String()
	q.attore = domain.Attore{ID: q.chi.id.UUID, Profilo: profilo.ID.UUID, Ruolo: profilo.Ruolo, Territorio: profilo.Territorio}
	return nil
}

// scelto is the active profile: of the session, or the one that the header names.
func (q *request) scelto() (operatore.Accreditamento, error) {
	chiesto := q.Header.Get("Profilo")
	if q.sessione != (sessione.Sessione{}) {
		return profiloDi(q.sessione, q.chi.attivi, chiesto)
	}
	return choose(q.chi.attivi, chiesto)
}

// programma is the actor of a program that has a token of its own.
func (a *API) programma(q *request, nome string) error {
	if nome != "sistema-inps" {
		return errNonAccreditato
	}
	q.attore = domain.INPS
	traceOf(q.Context()).attore = nome
	return nil
}

// choose picks the active profile: the one that the header names, or the only
// one. Rights are never joined (ADR 0007).
func choose(attivi []operatore.Accreditamento, nome string) (operatore.Accreditamento, error) {
	switch {
	case len(attivi) == 0:
		return operatore.Accreditamento{}, errNonAccreditato
	case nome != "":
		u, err := uuid.Parse(nome)
		for _, p := range attivi {
			if err == nil && p.ID.UUID == u {
				return p, nil
			}
		}
		return operatore.Accreditamento{}, errProfiloIgnoto
	case len(attivi) == 1:
		return attivi[0], nil
	}
	return operatore.Accreditamento{}, daScegliere(attivi)
}

// daScegliere lists the profiles to choose from.
func daScegliere(attivi []operatore.Accreditamento) error {
	p := *errScegliProfilo
	p.Profili = profiliDi(attivi)
	return &p
}

// tokenError says why a token is no good. Its message quotes nothing of it.
func tokenError(err error) error {
	type conCodice interface {
		error
		Code() string
		Status() int
	}
	var e conCodice
	if errors.As(err, &e) {
		return problem(e.Status(), e.Code(), e.Error())
	}
	return err
}

// profili remembers for a moment what operators are accredited to, so that a
// request does not read a stream for it. A revocation holds after that moment.
type profili struct {
	mu    sync.Mutex
	detti map[id.Operatore]detto
}

type detto struct {
	chi persona
	al  time.Time
}

const (
	valeProfilo    = time.Second
	massimiProfili = 10_000
)

func (a *API) persona(ctx context.Context, o id.Operatore) (persona, error) {
	adesso := a.Adesso()
	a.profili.mu.Lock()
	d, found := a.profili.detti[o]
	a.profili.mu.Unlock()
	if found && adesso.Before(d.al) {
		return d.chi, nil
	}
	stato, err := a.Comandi.Operatore(ctx, o)
	if err != nil {
		return persona{}, err
	}
	chi := persona{id: o, attivi: stato.Attivi(a.oggi()), nome: nomeCompleto(stato.Nome, stato.Cognome)}
	a.profili.mu.Lock()
	defer a.profili.mu.Unlock()
	if a.profili.detti == nil || len(a.profili.detti) >= massimiProfili {
		a.profili.detti = map[id.Operatore]detto{}
	}
	a.profili.detti[o] = detto{chi, adesso.Add(valeProfilo)}
	return chi, nil
}
