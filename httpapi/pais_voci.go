package httpapi

import (
	"net/http"

	"github.com/google/uuid"

	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// What a PaIS says is read as it is stored: the contract leaves the ids to the
// path and to the command.

func (a *API) aggiungiObiettivo(w http.ResponseWriter, q *request) error {
	var in caso.Obiettivo
	return crea(a, w, q, &in, a.Comandi.AggiungiObiettivo, func(nuovo uuid.UUID) caso.AggiungiObiettivo {
		in.ID = id.Obiettivo{UUID: nuovo}
		return caso.AggiungiObiettivo{Obiettivo: in}
	})
}

func (a *API) modificaObiettivo(w http.ResponseWriter, q *request) error {
	var in caso.Obiettivo
	return su(a, w, q, "obiettivo", &in, a.Comandi.ModificaObiettivo, func(o id.Obiettivo) caso.ModificaObiettivo {
		in.ID = o
		return caso.ModificaObiettivo{Obiettivo: in}
	})
}

func (a *API) rimuoviObiettivo(w http.ResponseWriter, q *request) error {
	return su(a, w, q, "obiettivo", new(struct{}), a.Comandi.RimuoviObiettivo, func(o id.Obiettivo) caso.RimuoviObiettivo {
		return caso.RimuoviObiettivo{Obiettivo: o}
	})
}

func (a *API) aggiungiImpegno(w http.ResponseWriter, q *request) error {
	var in caso.Impegno
	return crea(a, w, q, &in, a.Comandi.AggiungiImpegno, func(nuovo uuid.UUID) caso.AggiungiImpegno {
		in.ID = id.Impegno{UUID: nuovo}
		return caso.AggiungiImpegno{Impegno: in}
	})
}

func (a *API) modificaImpegno(w http.ResponseWriter, q *request) error {
	var in caso.Impegno
	return su(a, w, q, "impegno", &in, a.Comandi.ModificaImpegno, func(m id.Impegno) caso.ModificaImpegno {
		in.ID = m
		return caso.ModificaImpegno{Impegno: in}
	})
}

func (a *API) rimuoviImpegno(w http.ResponseWriter, q *request) error {
	return su(a, w, q, "impegno", new(struct{}), a.Comandi.RimuoviImpegno, func(m id.Impegno) caso.RimuoviImpegno {
		return caso.RimuoviImpegno{Impegno: m}
	})
}

func (a *API) aggiungiSostegno(w http.ResponseWriter, q *request) error {
	var in caso.Sostegno
	return crea(a, w, q, &in, a.Comandi.AggiungiSostegno, func(nuovo uuid.UUID) caso.AggiungiSostegno {
		in.ID = id.Sostegno{UUID: nuovo}
		return caso.AggiungiSostegno{Sostegno: in}
	})
}

func (a *API) modificaSostegno(w http.ResponseWriter, q *request) error {
	var in caso.Sostegno
	return su(a, w, q, "sostegno", &in, a.Comandi.ModificaSostegno, func(s id.Sostegno) caso.ModificaSostegno {
		in.ID = s
		return caso.ModificaSostegno{Sostegno: in}
	})
}

func (a *API) rimuoviSostegno(w http.ResponseWriter, q *request) error {
	return su(a, w, q, "sostegno", new(struct{}), a.Comandi.RimuoviSostegno, func(s id.Sostegno) caso.RimuoviSostegno {
		return caso.RimuoviSostegno{Sostegno: s}
	})
}
