package httpapi

import (
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vistaIncontro is a meeting, planned or not, and what became of it.
type vistaIncontro struct {
	ID            id.Incontro         `json:"incontro_id"`
	Stato         caso.StatoIncontro  `json:"stato"`
	Inizio        time.Time           `json:"inizio,omitzero"` // none when it was never planned
	Durata        int                 `json:"durata_minuti,omitempty"`
	Luogo         string              `json:"luogo,omitempty"`
	Operatore     *nominato           `json:"operatore,omitempty"`
	Partecipanti  []id.Componente     `json:"partecipanti"`
	Obiettivi     []id.Obiettivo      `json:"obiettivi"`
	Impegni       []id.Impegno        `json:"impegni"`
	Registrazione *vistaRegistrazione `json:"registrazione,omitempty"`
	Mancata       *vistaMancata       `json:"mancata_presentazione,omitempty"`
	Valutazione   *vistaValutazione   `json:"valutazione,omitempty"`
}

type vistaRegistrazione struct {
	Tipo          caso.TipoIncontro `json:"tipo"`
	Data          giorno.Giorno     `json:"data_incontro"`
	RegistratoIl  giorno.Giorno     `json:"registrato_il"`
	Presenti      []id.Componente   `json:"presenti"`
	Motivazione   string            `json:"motivazione,omitempty"`
	Documento     domain.Digest     `json:"documento,omitzero"`
	NuovaScadenza giorno.Giorno     `json:"nuova_scadenza,omitzero"`
	MesePagamento string            `json:"mese_pagamento,omitempty"` // of an ADI
}

type vistaMancata struct {
	Componenti []id.Componente `json:"componenti"`
	Data       giorno.Giorno   `json:"data"`
}

type vistaValutazione struct {
	Risultati []caso.RisultatoValutato `json:"risultati"`
	Impegni   []caso.ImpegnoInIncontro `json:"impegni"`
	Note      string                   `json:"note,omitempty"`
}

// vistaImpegno is the evaluation of an impegno outside a meeting.
type vistaImpegno struct {
	Impegno     id.Impegno       `json:"impegno_id"`
	Valutazione caso.Valutazione `json:"valutazione"`
	Data        giorno.Giorno    `json:"data"`
	Nota        string           `json:"nota,omitempty"`
}

func (v sguardo) incontri() []vistaIncontro { return ogni(v.stato.Incontri.Elenco, v.incontro) }

func (v sguardo) incontro(x *caso.Incontro) vistaIncontro {
	p := x.Pianificato
	out := vistaIncontro{
		ID: p.Incontro, Stato: x.Stato, Inizio: quando(p.Inizio), Durata: p.Durata, Luogo: p.Luogo, Operatore: v.nomi.di(p.Operatore.UUID),
		Partecipanti: nonNil(p.Partecipanti), Obiettivi: nonNil(p.Obiettivi), Impegni: nonNil(p.Impegni),
	}
	if r := x.Registrato; r.Tipo != "" {
		out.Registrazione = &vistaRegistrazione{r.Tipo, r.Data, r.RegistratoIl, nonNil(r.Presenti), r.Motivazione, r.Documento, r.NuovaScadenza, v.mesePagamento(r)}
	}
	if m := x.Mancata; !m.Data.IsZero() {
		out.Mancata = &vistaMancata{nonNil(m.Componenti), m.Data}
	}
	if e := x.Valutato; !e.Incontro.IsZero() {
		out.Valutazione = &vistaValutazione{nonNil(e.Risultati), nonNil(e.Impegni), e.Note}
	}
	return out
}

// mesePagamento is the month whose payment reckons with a registration.
func (v sguardo) mesePagamento(r caso.IncontroRegistrato) string {
	if v.stato.Domanda.Misura != caso.ADI {
		return ""
	}
	return r.MesePagamento().Time().Format("2006-01")
}

func valutazioni(valutati []caso.ImpegnoValutato) []vistaImpegno {
	return ogni(valutati, func(e caso.ImpegnoValutato) vistaImpegno { return vistaImpegno(e) })
}
