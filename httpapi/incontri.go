package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// lavoraIncontro is lavora on the meeting in the path.
func (a *API) lavoraIncontro(w http.ResponseWriter, q *request, in any, esegui func(context.Context, commands.Request, id.Caso, id.Incontro) (commands.Caso, error)) error {
	var i id.Incontro
	if err := q.pathValue("incontro", &i); err != nil {
		return err
	}
	return a.lavora(w, q, in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := esegui(ctx, req, c, i)
		return esito, uuid.Nil, err
	})
}

// pianificaIncontro puts a meeting on the agenda (GEPI-08, ADI-06).
func (a *API) pianificaIncontro(w http.ResponseWriter, q *request) error {
	var in struct {
		Inizio       time.Time       `json:"inizio"`
		Durata       int             `json:"durata_minuti"`
		Luogo        string          `json:"luogo"`
		Operatore    id.Operatore    `json:"operatore_id"`
		Partecipanti []id.Componente `json:"partecipanti"`
		Obiettivi    []id.Obiettivo  `json:"obiettivi"`
		Impegni      []id.Impegno    `json:"impegni"`
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := a.Comandi.PianificaIncontro(ctx, req, c, caso.PianificaIncontro{
			Inizio: in.Inizio, Durata: in.Durata, Luogo: in.Luogo, Operatore: in.Operatore,
			Partecipanti: in.Partecipanti, Obiettivi: in.Obiettivi, Impegni: in.Impegni,
		})
		return esito, commands.Nuovo(req), err
	})
}

// rinviaIncontro moves a meeting to another time.
func (a *API) rinviaIncontro(w http.ResponseWriter, q *request) error {
	var in struct {
		NuovoInizio time.Time `json:"nuovo_inizio"`
		Motivo      string    `json:"motivo"`
	}
	return a.lavoraIncontro(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, i id.Incontro) (commands.Caso, error) {
		return a.Comandi.RinviaIncontro(ctx, req, c, caso.RinviaIncontro{Incontro: i, NuovoInizio: in.NuovoInizio, Motivo: in.Motivo})
	})
}

// annullaIncontro takes a meeting off the agenda.
func (a *API) annullaIncontro(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo string `json:"motivo"`
	}
	return a.lavoraIncontro(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, i id.Incontro) (commands.Caso, error) {
		return a.Comandi.AnnullaIncontro(ctx, req, c, caso.AnnullaIncontro{Incontro: i, Motivo: in.Motivo})
	})
}

// registrazione says that the nucleo was met, came unasked, or had a reason
// not to come.
type registrazione struct {
	Tipo        caso.TipoIncontro `json:"tipo"`
	Data        giorno.Giorno     `json:"data_incontro"`
	Presenti    []id.Componente   `json:"presenti"`
	Motivazione string            `json:"motivazione"`
	Documento   domain.Digest     `json:"documento"`
}

func (r registrazione) comando(i id.Incontro) caso.RegistraIncontro {
	return caso.RegistraIncontro{Incontro: i, Tipo: r.Tipo, Data: r.Data, Presenti: r.Presenti, Motivazione: r.Motivazione, Documento: r.Documento}
}

// registraIncontro says how a meeting of the agenda went.
func (a *API) registraIncontro(w http.ResponseWriter, q *request) error {
	var in registrazione
	return a.lavoraIncontro(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, i id.Incontro) (commands.Caso, error) {
		return a.Comandi.RegistraIncontro(ctx, req, c, in.comando(i))
	})
}

// registraVisita registers a meeting that nobody had planned.
func (a *API) registraVisita(w http.ResponseWriter, q *request) error {
	var in registrazione
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := a.Comandi.RegistraIncontro(ctx, req, c, in.comando(id.Incontro{}))
		return esito, commands.Nuovo(req), err
	})
}

// registraMancata says who did not come to a meeting.
func (a *API) registraMancata(w http.ResponseWriter, q *request) error {
	var in struct {
		Componenti []id.Componente `json:"componenti"`
		Data       giorno.Giorno   `json:"data"`
	}
	return a.lavoraIncontro(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, i id.Incontro) (commands.Caso, error) {
		return a.Comandi.RegistraMancataPresentazione(ctx, req, c, caso.RegistraMancataPresentazione{Incontro: i, Componenti: in.Componenti, Data: in.Data})
	})
}

// valutaIncontro says how far results and impegni have come, after a meeting.
func (a *API) valutaIncontro(w http.ResponseWriter, q *request) error {
	var in struct {
		Risultati []caso.RisultatoValutato `json:"risultati"`
		Impegni   []caso.ImpegnoInIncontro `json:"impegni"`
		Note      string                   `json:"note"`
	}
	return a.lavoraIncontro(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso, i id.Incontro) (commands.Caso, error) {
		return a.Comandi.ValutaIncontro(ctx, req, c, caso.ValutaIncontro{Incontro: i, Risultati: in.Risultati, Impegni: in.Impegni, Note: in.Note})
	})
}

// valutaImpegno says how far one impegno has come, outside of any meeting.
func (a *API) valutaImpegno(w http.ResponseWriter, q *request) error {
	var in struct {
		Valutazione caso.Valutazione `json:"valutazione"`
		Data        giorno.Giorno    `json:"data"`
		Nota        string           `json:"nota"`
	}
	var i id.Impegno
	if err := q.pathValue("impegno", &i); err != nil {
		return err
	}
	return a.lavora(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := a.Comandi.ValutaImpegno(ctx, req, c, caso.ValutaImpegno{Impegno: i, Valutazione: in.Valutazione, Data: in.Data, Nota: in.Nota})
		return esito, uuid.Nil, err
	})
}
