package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/httpapi/racconto"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/casi"
)

// statoCaso is the state of a case as an auditor sees it.
type statoCaso struct {
	Stato        caso.Stato           `json:"stato"`
	Ambito       string               `json:"ambito"`
	Comune       comune               `json:"comune"`
	Domanda      caso.DomandaRicevuta `json:"domanda"`
	Nucleo       nucleo               `json:"nucleo"`
	Assegnazione responsabilita       `json:"assegnazione"`
}

// nucleo is the household as it is now; the domanda says how it was.
type nucleo struct {
	Indirizzo  caso.Indirizzo    `json:"indirizzo"`
	Componenti []caso.Componente `json:"componenti"`
	Usciti     []caso.Componente `json:"usciti"`
}

type responsabilita struct {
	CaseManager *id.Operatore `json:"case_manager_id"` // null: the case waits in the queue
	Versione    uint64        `json:"versione"`
	Riassegnato bool          `json:"riassegnato"`
}

func mostraStato(s caso.State) statoCaso {
	s.Domanda.Componenti = nonNil(s.Domanda.Componenti)
	return statoCaso{
		Stato: s.Stato, Ambito: s.Ambito, Comune: comuneDi(s.Comune), Domanda: s.Domanda,
		Nucleo:       nucleo{s.Nucleo.Indirizzo, nonNil(s.Nucleo.Componenti), nonNil(s.Nucleo.Usciti)},
		Assegnazione: responsabilita{forse(s.Assegnazione.CaseManager), s.Assegnazione.Versione, s.Assegnazione.Riassegnato()},
	}
}

// evento is one event of a case as an auditor sees it.
type evento struct {
	ID           uuid.UUID         `json:"id"`
	Numero       uint64            `json:"numero"` // in the case, from 1
	Tipo         string            `json:"tipo"`
	Descrizione  string            `json:"descrizione"` // of the masked event
	Istante      time.Time         `json:"istante"`
	Attore       uuid.UUID         `json:"attore"`
	AttoreNome   string            `json:"attore_nome,omitempty"`
	Ruolo        domain.Ruolo      `json:"ruolo"`      // as it was then
	Territorio   domain.Territorio `json:"territorio"` // as it was then
	Canale       domain.Canale     `json:"canale"`
	Comando      uuid.UUID         `json:"comando"`
	Correlazione uuid.UUID         `json:"correlation_id"`
	Causa        uuid.UUID         `json:"causation_id"`
	Posizione    uint64            `json:"posizione"`
	Dati         domain.Event      `json:"dati"`
	Prev         domain.Digest     `json:"prev"`
	Self         domain.Digest     `json:"self"`
}

// replica is a case as it was at a moment, and the events that made it so.
type replica struct {
	Stato         statoCaso     `json:"stato"`
	Eventi        []evento      `json:"eventi"`
	Cancellazioni []cancellante `json:"cancellazioni,omitzero"` // up to that moment: why some of it reads as erased; nil when that cannot be told now
}

// cancellante is an event of an erasure of what the case holds, which says of nobody whom.
type cancellante struct {
	Cancellazione uuid.UUID `json:"cancellazione_id"`
	Tipo          string    `json:"tipo"`
	Istante       time.Time `json:"istante"`
	Descrizione   string    `json:"descrizione"`
	AttoreNome    string    `json:"attore_nome,omitempty"` // as it was then
	Posizione     uint64    `json:"posizione"`
}

// eventiCaso replays a case from its stream, up to a moment, with personal
// data masked and the names that who acted had then.
func (a *API) eventiCaso(w http.ResponseWriter, q *request) error {
	c, alla, storia, err := a.finoA(q)
	if err != nil {
		return err
	}
	narra, err := a.cronista(q.Context(), storia)
	if err != nil {
		return err
	}
	out := replica{Stato: mostraStato(personale.Maschera(storia.Stato)), Eventi: []evento{}}
	if out.Cancellazioni, err = a.cancellanti(q.Context(), c, a.istante(alla, storia)); err != nil {
		return err
	}
	for _, r := range storia.Eventi {
		out.Eventi = append(out.Eventi, narra.evento(r, personale.Maschera(r.Event)))
	}
	return answer(w, http.StatusOK, out)
}

// cancellanti tells the erasures of what a case holds, from their streams, up to
// an instant. A list says which there are: without it, nil.
func (a *API) cancellanti(ctx context.Context, c id.Caso, fino time.Time) ([]cancellante, error) {
	quali, err := cancellazioni.DelCaso(ctx, a.Lettura, c)
	if err != nil { // a replay needs no list
		a.Log.WarnContext(ctx, "replay without erasures", "richiesta", requestID(ctx), "err", err)
		return nil, ctx.Err()
	}
	eventi, err := a.Comandi.StorieCancellazioni(ctx, fino, quali...)
	if err != nil {
		return nil, err
	}
	nomi, err := a.Comandi.NomiDi(ctx, attoriDi(eventi)...)
	if err != nil {
		return nil, err
	}
	narra, out := racconto.Nuovo(func(uuid.UUID) string { return "" }, a.Zona), []cancellante{}
	for _, r := range eventi {
		e := cancellante{Cancellazione: r.Subject, Tipo: r.Type, Istante: r.Meta.Istante.UTC(), Descrizione: narra.Racconta(r.Event), Posizione: r.Position}
		if chi := (allora{nomi, r.Meta.Istante}).di(r.Meta.Attore); chi != nil {
			e.AttoreNome = chi.Nome
		}
		out = append(out, e)
	}
	return out, nil
}

// evento shows an event, and of its data what may be seen.
func (c *cronista) evento(r domain.Recorded, dati domain.Event) evento {
	m := r.Meta
	e := evento{
		ID: r.ID, Numero: r.Version, Tipo: r.Type, Istante: m.Istante.UTC(), Attore: m.Attore, Ruolo: m.Ruolo, Territorio: m.Territorio, Canale: m.Canale,
		Comando: m.Comando, Correlazione: m.Correlazione, Causa: m.Causa, Posizione: r.Position, Dati: dati, Descrizione: c.racconta(m.Istante, dati), Prev: m.Prev, Self: m.Self,
	}
	if chi := c.allora(m.Istante).di(m.Attore); chi != nil {
		e.AttoreNome = chi.Nome
	}
	return e
}

// trovato is a case as an auditor finds it.
type trovato struct {
	ID                id.Caso       `json:"id"`
	IDDomanda         string        `json:"id_domanda"`
	Misura            caso.Misura   `json:"misura"`
	Ambito            string        `json:"ambito"`
	Comune            comune        `json:"comune"`
	DataPresentazione giorno.Giorno `json:"data_presentazione"`
}

// cercaDomanda answers which case a domanda is, wherever it lies.
func (a *API) cercaDomanda(w http.ResponseWriter, q *request) error {
	var in struct {
		IDDomanda string `json:"id_domanda"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	a.atLeast(w, q)
	v, found, err := casi.PerDomanda(q.Context(), a.Lettura, in.IDDomanda)
	if err != nil {
		return err
	}
	out := intera[trovato]{Items: []trovato{}, Limit: limitePredefinito}
	if found {
		out.Items = append(out.Items, trovato{v.Caso, v.IDDomanda, v.Misura, v.Ambito, comuneDi(v.Comune), v.DataPresentazione})
	}
	return answer(w, http.StatusOK, out)
}
