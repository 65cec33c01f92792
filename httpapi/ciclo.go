package httpapi

import (
	"context"
	"net/http"

	"nucleo/commands"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

func (a *API) chiudiCaso(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo      caso.MotivoChiusura `json:"motivo"`
		Motivazione string              `json:"motivazione"`
		Data        giorno.Giorno       `json:"data"`
	}
	return svolge(a, w, q, &in, a.Comandi.ChiudiCaso, func() caso.ChiudiCaso {
		return caso.ChiudiCaso{Motivo: in.Motivo, Motivazione: in.Motivazione, Data: in.Data}
	})
}

func (a *API) riapriCaso(w http.ResponseWriter, q *request) error {
	var in motivata
	return svolge(a, w, q, &in, a.Comandi.RiapriCaso, func() caso.RiapriCaso {
		return caso.RiapriCaso{Motivazione: in.Motivazione}
	})
}

// nonPresoInCarico warns who excludes a nucleo before its AP had one of the
// outcomes by which it is taken into care: no figure will count it (X20).
var nonPresoInCarico = avviso{"nucleo.non_preso_in_carico", "the nucleo was excluded without an analisi preliminare of outcome B, C or D: it does not count as taken into care"}

func (a *API) escludiNucleo(w http.ResponseWriter, q *request) error {
	var in struct {
		Data giorno.Giorno `json:"data"`
	}
	return a.lavoraE(w, q, &in, func(ctx context.Context, req commands.Request, c id.Caso) (commands.Caso, lavorato, error) {
		esito, err := a.Comandi.EscludiNucleo(ctx, req, c, caso.EscludiNucleo{Data: in.Data})
		if err != nil || esito.Stato.AP.PresoInCarico() {
			return esito, lavorato{}, err
		}
		return esito, lavorato{Avvisi: []avviso{nonPresoInCarico}}, nil
	})
}

func (a *API) registraEsonero(w http.ResponseWriter, q *request) error {
	var in caso.Esonero
	return svolge(a, w, q, &in, a.Comandi.RegistraEsonero, func() caso.RegistraEsonero { return caso.RegistraEsonero{Esonero: in} })
}

// revocaEsonero ends an exemption, known by whom it exempts and since when.
func (a *API) revocaEsonero(w http.ResponseWriter, q *request) error {
	var in struct {
		Componente  id.Componente `json:"componente_id"`
		Dal         giorno.Giorno `json:"dal"`
		Motivazione string        `json:"motivazione"`
	}
	return svolge(a, w, q, &in, a.Comandi.RevocaEsonero, func() caso.RevocaEsonero { return caso.RevocaEsonero(in) })
}

func (a *API) aggiornaRecapiti(w http.ResponseWriter, q *request) error {
	var in caso.Recapiti
	return svolge(a, w, q, &in, a.Comandi.AggiornaRecapiti, func() caso.AggiornaRecapiti { return caso.AggiornaRecapiti{Recapiti: in} })
}
