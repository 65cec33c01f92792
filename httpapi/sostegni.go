package httpapi

import (
	"net/http"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// anticipaSostegno gives a sostegno on a case that waits for a case manager
// (ADI-05).
func (a *API) anticipaSostegno(w http.ResponseWriter, q *request) error {
	var in struct {
		Sostegno caso.Sostegno `json:"sostegno"`
		Data     giorno.Giorno `json:"data"`
		Nota     string        `json:"nota"`
	}
	return crea(a, w, q, &in, a.Comandi.AnticipaSostegno, func(nuovo uuid.UUID) caso.AnticipaSostegno {
		in.Sostegno.ID = id.Sostegno{UUID: nuovo}
		return caso.AnticipaSostegno{Sostegno: in.Sostegno, Data: in.Data, Nota: in.Nota}
	})
}

func (a *API) attivaSostegno(w http.ResponseWriter, q *request) error {
	return passa(a, w, q, a.Comandi.AttivaSostegno, func(p caso.PassoSostegno) caso.AttivaSostegno { return caso.AttivaSostegno{PassoSostegno: p} })
}

func (a *API) sospendiSostegno(w http.ResponseWriter, q *request) error {
	return passa(a, w, q, a.Comandi.SospendiSostegno, func(p caso.PassoSostegno) caso.SospendiSostegno { return caso.SospendiSostegno{PassoSostegno: p} })
}

func (a *API) concludiSostegno(w http.ResponseWriter, q *request) error {
	return passa(a, w, q, a.Comandi.ConcludiSostegno, func(p caso.PassoSostegno) caso.ConcludiSostegno { return caso.ConcludiSostegno{PassoSostegno: p} })
}

func (a *API) revocaSostegno(w http.ResponseWriter, q *request) error {
	return passa(a, w, q, a.Comandi.RevocaSostegno, func(p caso.PassoSostegno) caso.RevocaSostegno { return caso.RevocaSostegno{PassoSostegno: p} })
}

// passa reads a step of a sostegno, and has it taken.
func passa[C any](a *API, w http.ResponseWriter, q *request, con usa[C], fa func(caso.PassoSostegno) C) error {
	var in struct {
		Data giorno.Giorno `json:"data"`
		Nota string        `json:"nota"`
	}
	return su(a, w, q, "sostegno", &in, con, func(s id.Sostegno) C {
		return fa(caso.PassoSostegno{Sostegno: s, Data: in.Data, Nota: in.Nota})
	})
}
