package httpapi

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/httpapi/racconto"
)

// Refusals of moments.
var (
	errMomento       = domain.Refuse(domain.Invalid, "eventi.momento_non_valido", "a moment is the number of an event, from 1, a day like 2026-05-04 (its end), or an instant like 2026-05-04T10:00:00Z")
	errMomentoFuturo = domain.Refuse(domain.Invalid, "eventi.momento_futuro", "that moment has not come yet: ask for one that has passed, or for none")
)

// momento reads a moment from a parameter: the number of an event, a day or an
// instant; nothing is now. A day that goes on is now too.
func (a *API) momento(q *request, nome string) (commands.Alla, error) {
	s, adesso := q.URL.Query().Get(nome), a.Adesso()
	if s == "" {
		return commands.Alla{}, nil
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil && n > 0 {
		return commands.Alla{Versione: n}, nil
	}
	if g, err := giorno.Parse(s); err == nil && !g.IsZero() {
		if g > a.oggi() {
			return commands.Alla{}, errMomentoFuturo.At(nome)
		}
		return commands.Alla{Istante: a.fineDi(g)}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		return commands.Alla{}, errMomento.At(nome)
	case t.After(adesso):
		return commands.Alla{}, errMomentoFuturo.At(nome)
	}
	return commands.Alla{Istante: t}, nil
}

// fineDi is the last instant of a day, where the operators are.
func (a *API) fineDi(g giorno.Giorno) time.Time {
	anno, mese, d := g.Time().Date()
	return time.Date(anno, mese, d+1, 0, 0, 0, 0, a.Zona).Add(-time.Nanosecond)
}

// istante is when a history that was asked for ends.
func (a *API) istante(alla commands.Alla, s commands.Storia) time.Time {
	switch {
	case !alla.Istante.IsZero():
		return alla.Istante
	case alla.Versione > 0:
		return s.Head.Istante
	}
	return a.Adesso()
}

// allora names operators as they were called at an instant.
type allora struct {
	nomi   commands.Nomi
	quando time.Time
}

func (a allora) di(u uuid.UUID) *nominato {
	if programma, found := programmi[u]; found {
		return &nominato{u, programma}
	}
	if u == uuid.Nil {
		return nil
	}
	return &nominato{u, nomeCompleto(a.nomi.Allora(u, a.quando))}
}

// cronista tells the events of a case as an auditor reads them: who acted, and
// whom events name, are called as they were on that day. It reads the streams
// of the operators: a list of today is no source of an audit.
type cronista struct {
	nomi  commands.Nomi
	narra *racconto.Narratore
	ora   time.Time
}

func (a *API) cronista(ctx context.Context, storia commands.Storia) (*cronista, error) {
	nomi, err := a.Comandi.NomiDi(ctx, nominati(storia)...)
	if err != nil {
		return nil, err
	}
	c := &cronista{nomi: nomi}
	c.narra = racconto.Nuovo(func(u uuid.UUID) string {
		if chi := c.allora(c.ora).di(u); chi != nil {
			return chi.Nome
		}
		return ""
	}, a.Zona)
	return c, nil
}

func (c *cronista) allora(quando time.Time) allora { return allora{c.nomi, quando} }

// racconta tells an event in a sentence, with the names of its instant.
func (c *cronista) racconta(quando time.Time, e domain.Event) string {
	c.ora = quando
	return c.narra.Racconta(e)
}

// nominati are those who acted on a case, and those whom its events name; no
// programs, which have one name for good.
func nominati(storia commands.Storia) (ids []uuid.UUID) {
	for _, r := range storia.Eventi {
		if _, programma := programmi[r.Meta.Attore]; !programma {
			ids = append(ids, r.Meta.Attore)
		}
		ids = append(ids, racconto.Operatori(r.Event)...)
	}
	return ids
}
