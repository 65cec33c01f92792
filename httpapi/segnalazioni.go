package httpapi

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func (a *API) proponiSegnalazione(w http.ResponseWriter, q *request) error {
	var in struct {
		Categoria    caso.Categoria  `json:"categoria"`
		Componente   id.Componente   `json:"componente_id"`
		DataFatto    giorno.Giorno   `json:"data_fatto"`
		Accertamento giorno.Giorno   `json:"data_accertamento"`
		Dettaglio    string          `json:"dettaglio"`
		Allegati     []caso.Allegato `json:"allegati"`
		Occorrenza   int             `json:"numero_occorrenza"`
		Precedente   id.Segnalazione `json:"precedente_id"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		cmd := caso.ProponiSegnalazione{
			Segnalazione: id.Segnalazione{UUID: commands.Nuovo(req)}, Categoria: in.Categoria, Componente: in.Componente, DataFatto: in.DataFatto,
			Accertamento: in.Accertamento, Dettaglio: in.Dettaglio, Allegati: in.Allegati, Occorrenza: in.Occorrenza, Precedente: in.Precedente,
		}
		esito, err := a.Comandi.ProponiSegnalazione(ctx, req, c, cmd)
		return esito, cmd.Segnalazione.UUID, err
	})
}

func (a *API) ritiraSegnalazione(w http.ResponseWriter, q *request) error {
	var in motivata
	return a.sullaSegnalazione(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, n id.Segnalazione) (commands.Caso, error) {
		return a.Comandi.RitiraSegnalazione(ctx, req, c, caso.RitiraSegnalazione{Segnalazione: n, Motivazione: in.Motivazione})
	})
}

// decisione is what a coordinator says: of one segnalazione, or of a list.
type decisione struct {
	Decisione   string `json:"decisione"`
	Motivazione string `json:"motivazione"`
}

func (d decisione) presa() commands.Decisione {
	return commands.Decisione{Approva: d.Decisione == "approvata", Motivazione: d.Motivazione}
}

func (a *API) decidiSegnalazione(w http.ResponseWriter, q *request) error {
	var in decisione
	return a.sullaSegnalazione(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, n id.Segnalazione) (commands.Caso, error) {
		return a.Comandi.DecidiSegnalazione(ctx, req, c, n, in.presa())
	})
}

func (a *API) annullaInvio(w http.ResponseWriter, q *request) error {
	var in motivata
	return a.sullaSegnalazione(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, n id.Segnalazione) (commands.Caso, error) {
		return a.Comandi.AnnullaInvio(ctx, req, c, caso.AnnullaInvio{Segnalazione: n, Motivazione: in.Motivazione})
	})
}

func (a *API) rettificaSegnalazione(w http.ResponseWriter, q *request) error {
	var in motivata
	return a.sullaSegnalazione(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, n id.Segnalazione) (commands.Caso, error) {
		return a.Comandi.RettificaSegnalazione(ctx, req, c, caso.RettificaSegnalazione{Segnalazione: n, Motivazione: in.Motivazione})
	})
}

// sullaSegnalazione carries out a command on a segnalazione of a case.
func (a *API) sullaSegnalazione(w http.ResponseWriter, q *request, in any, esegui func(context.Context, commands.Request, id.Caso, id.Segnalazione) (commands.Caso, error)) error {
	var n id.Segnalazione
	if err := q.pathValue("segnalazione", &n); err != nil {
		return err
	}
	return a.lavora(w, q, in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := esegui(ctx, req, c, n)
		return esito, n.UUID, err
	})
}

// decisa says what became of one segnalazione of a list.
type decisa struct {
	Caso         id.Caso                `json:"caso_id"`
	Segnalazione id.Segnalazione        `json:"segnalazione_id"`
	Esito        int                    `json:"esito"` // as the status of an answer of its own
	Stato        caso.StatoSegnalazione `json:"stato,omitempty"`
	Codice       string                 `json:"codice,omitempty"` // of the refusal, as is the next
	Messaggio    string                 `json:"messaggio,omitempty"`
}

// decidiSegnalazioni puts one decision to a list (GEPI-51). Each segnalazione
// has its own outcome.
func (a *API) decidiSegnalazioni(w http.ResponseWriter, q *request) error {
	var in struct {
		decisione
		Segnalazioni []struct {
			Caso         id.Caso         `json:"caso_id"`
			Segnalazione id.Segnalazione `json:"segnalazione_id"`
		} `json:"segnalazioni"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	quali := make([]commands.Decisa, len(in.Segnalazioni))
	for i, s := range in.Segnalazioni {
		quali[i] = commands.Decisa{Caso: s.Caso, Segnalazione: s.Segnalazione}
	}
	decise, err := a.Comandi.DecidiSegnalazioni(q.Context(), req, quali, in.presa())
	if err != nil {
		return err
	}
	out := struct {
		Items     []decisa `json:"items"`
		Posizione uint64   `json:"posizione"`
	}{Items: []decisa{}}
	for _, d := range decise {
		out.Items, out.Posizione = append(out.Items, mostraDecisa(d)), max(out.Posizione, d.Esito.Posizione)
	}
	a.negate(q, decise)
	a.await(w, q, out.Posizione)
	return answer(w, http.StatusOK, out)
}

func mostraDecisa(d commands.Decisa) decisa {
	fatta := decisa{Caso: d.Caso, Segnalazione: d.Segnalazione, Esito: http.StatusOK}
	if d.Rifiuto != nil {
		p, _ := di(d.Rifiuto)
		fatta.Esito, fatta.Codice, fatta.Messaggio = p.Status, p.Codice, p.Detail
		return fatta
	}
	questa, _ := d.Esito.Stato.Segnalazioni.Trova(d.Segnalazione)
	fatta.Stato = questa.Stato
	return fatta
}
