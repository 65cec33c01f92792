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

// usa is a method of the commands that carries out C on a case.
type usa[C any] func(context.Context, commands.Request, id.Caso, C) (commands.Caso, error)

// svolge reads a command into in, makes C of it, and has it carried out. It is
// for commands that make nothing with an id of its own.
func svolge[C any](a *API, w http.ResponseWriter, q *request, in any, con usa[C], fa func() C) error {
	return a.lavora(w, q, in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, uuid.UUID, error) {
		esito, err := con(ctx, req, c, fa())
		return esito, uuid.Nil, err
	})
}

// motivata is the body of a command that only says why.
type motivata struct {
	Motivazione string `json:"motivazione"`
}

func (a *API) avviaAP(w http.ResponseWriter, q *request) error {
	var in struct {
		Data     giorno.Giorno   `json:"data"`
		Luogo    caso.Luogo      `json:"luogo"`
		Presenti []id.Componente `json:"presenti"`
	}
	return svolge(a, w, q, &in, a.Comandi.AvviaAnalisiPreliminare, func() caso.AvviaAnalisiPreliminare {
		return caso.AvviaAnalisiPreliminare{Data: in.Data, Luogo: in.Luogo, Presenti: in.Presenti}
	})
}

func (a *API) finalizzaAP(w http.ResponseWriter, q *request) error {
	var in struct {
		Esito                caso.Esito        `json:"esito"`
		Motivazione          string            `json:"motivazione"`
		Data                 giorno.Giorno     `json:"data"`
		ComponentiAttivabili []id.Componente   `json:"componenti_attivabili"`
		InviatoA             caso.Destinazione `json:"inviato_a"`
		LineeGuida           string            `json:"linee_guida"`
	}
	return svolge(a, w, q, &in, a.Comandi.FinalizzaAP, func() caso.FinalizzaAP {
		return caso.FinalizzaAP{
			Esito: in.Esito, Motivazione: in.Motivazione, Data: in.Data, ComponentiAttivabili: in.ComponentiAttivabili,
			InviatoA: in.InviatoA, LineeGuida: in.LineeGuida,
		}
	})
}

func (a *API) riapriAP(w http.ResponseWriter, q *request) error {
	var in motivata
	return svolge(a, w, q, &in, a.Comandi.RiapriAP, func() caso.RiapriAP { return caso.RiapriAP(in) })
}

func (a *API) registraRientro(w http.ResponseWriter, q *request) error {
	var in struct {
		Da          caso.Servizio `json:"da"`
		Motivazione string        `json:"motivazione"`
		Data        giorno.Giorno `json:"data"`
	}
	return svolge(a, w, q, &in, a.Comandi.RegistraRientro, func() caso.RegistraRientro {
		return caso.RegistraRientro{Da: in.Da, Motivazione: in.Motivazione, Data: in.Data}
	})
}

func (a *API) componiEquipe(w http.ResponseWriter, q *request) error {
	var in struct {
		Membri    []caso.Membro `json:"membri"`
		Differita bool          `json:"differita"`
	}
	return svolge(a, w, q, &in, a.Comandi.ComponiEquipe, func() caso.ComponiEquipe { return caso.ComponiEquipe(in) })
}

func (a *API) finalizzaQA(w http.ResponseWriter, q *request) error {
	var in struct {
		Sintesi string        `json:"sintesi"`
		Data    giorno.Giorno `json:"data"`
	}
	return svolge(a, w, q, &in, a.Comandi.FinalizzaQA, func() caso.FinalizzaQA {
		return caso.FinalizzaQA{Sintesi: in.Sintesi, Data: in.Data}
	})
}

func (a *API) riapriQA(w http.ResponseWriter, q *request) error {
	var in motivata
	return svolge(a, w, q, &in, a.Comandi.RiapriQA, func() caso.RiapriQA { return caso.RiapriQA(in) })
}
