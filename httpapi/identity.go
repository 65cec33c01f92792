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
)

// persona is who signed in, and what they are accredited to today.
type persona struct {
	id     id.Operatore
	attivi []operatore.Accreditamento
	nome   string
}

// identify finds out who asks, and under which profile.
func (a *API) identify(q *request) error {
	schema, token, _ := strings.Cut(q.Header.Get("Authorization"), " ")
	if !strings.EqualFold(schema, "Bearer") || token == "" {
		return errNonAutenticato
	}
	chi, err := a.Verifica.Verify(q.Context(), token)
	if err != nil {
		return tokenError(err)
	}
	if chi.Programma != "" {
		return a.programma(q, chi.Programma)
	}
	if q.chi, err = a.persona(q.Context(), chi.CodiceFiscale); err != nil {
		return err
	}
	q.quando = chi.AuthTime
	t := traceOf(q.Context())
	t.attore = q.chi.id.String()
	if q.route.right == chiSono {
		q.attore = domain.Attore{ID: q.chi.id.UUID}
		return nil
	}
	profilo, err := choose(q.chi.attivi, q.Header.Get("Profilo"))
	if err != nil {
		return err
	}
	t.profilo = profilo.ID.String()
	q.attore = domain.Attore{ID: q.chi.id.UUID, Profilo: profilo.ID.UUID, Ruolo: profilo.Ruolo, Territorio: profilo.Territorio}
	return nil
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
	p := *errScegliProfilo
	p.Profili = profiliDi(attivi)
	return operatore.Accreditamento{}, &p
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

func (a *API) persona(ctx context.Context, codiceFiscale string) (persona, error) {
	o, adesso := a.Comandi.OperatoreDi(codiceFiscale), a.Adesso()
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
