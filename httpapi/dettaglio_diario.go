package httpapi

import (
	"time"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
)

// vistaComunica is what the nucleo was told.
type vistaComunica struct {
	Informali []vistaMessaggio `json:"informali"`
	Formali   []vistaFormale   `json:"formali"`
}

type vistaMessaggio struct {
	ID          id.Comunicazione         `json:"comunicazione_id"`
	Stato       caso.StatoComunicazione  `json:"stato"`
	Tipo        caso.TipoComunicazione   `json:"tipo"`
	Canale      caso.CanaleComunicazione `json:"canale"`
	Destinatari []id.Componente          `json:"destinatari"`
	Testo       string                   `json:"testo"`
	Ripete      id.Comunicazione         `json:"ripete,omitzero"`
	AccodataIl  time.Time                `json:"accodata_il"`
	Esito       string                   `json:"esito,omitempty"`
	DataEsito   giorno.Giorno            `json:"data_esito,omitzero"`
}

type vistaFormale struct {
	ID            id.Comunicazione       `json:"comunicazione_id"`
	Tipo          caso.TipoComunicazione `json:"tipo"`
	Mezzo         caso.Mezzo             `json:"mezzo"`
	Numero        string                 `json:"numero,omitempty"`
	DataInvio     giorno.Giorno          `json:"data_invio"`
	Destinatari   []id.Componente        `json:"destinatari"` // none: the nucleo
	RegistrataIl  time.Time              `json:"registrata_il"`
	Esito         caso.EsitoFormale      `json:"esito,omitempty"`
	DataRicezione giorno.Giorno          `json:"data_ricezione,omitzero"`
}

// vistaNota is a note of the diary.
type vistaNota struct {
	ID        id.Annotazione `json:"annotazione_id"`
	Testo     string         `json:"testo"`
	Riservata bool           `json:"riservata"`
	Autore    *nominato      `json:"autore"`
	Istante   time.Time      `json:"istante"`
}

// vistaScadenza is a clock that runs.
type vistaScadenza struct {
	Tipo         caso.TipoScadenza `json:"tipo"`
	Scadenza     giorno.Giorno     `json:"scadenza"`
	Residui      int               `json:"giorni_residui"` // below zero when it ran out
	Superata     bool              `json:"superata"`
	Segnalazione id.Segnalazione   `json:"segnalazione_id,omitzero"`
	Componente   id.Componente     `json:"componente_id,omitzero"`
}

// vistaSuperata is a clock that was noted when it had run out.
type vistaSuperata struct {
	Tipo     caso.TipoScadenza `json:"tipo"`
	Scadenza giorno.Giorno     `json:"scadenza"`
}

func (v sguardo) comunicazioni() vistaComunica {
	return vistaComunica{
		Informali: ogni(v.stato.Comunicazioni.Informali, func(x *caso.Comunicazione) vistaMessaggio {
			e, dopo := x.Accodata, v.ricordi.messaggi[x.Accodata.Comunicazione]
			return vistaMessaggio{e.Comunicazione, x.Stato, e.Tipo, e.Canale, nonNil(e.Destinatari), e.Testo, e.Ripete, quando(dopo.scritta), dopo.esito, dopo.data}
		}),
		Formali: ogni(v.stato.Comunicazioni.Formali, func(x caso.ComunicazioneFormale) vistaFormale {
			e, scritta := x.Registrata, v.ricordi.messaggi[x.Registrata.Comunicazione].scritta
			return vistaFormale{e.Comunicazione, e.Tipo, e.Mezzo, e.Numero, e.DataInvio, nonNil(e.Destinatari), quando(scritta), x.Esito.Esito, x.Esito.DataRicezione}
		}),
	}
}

// diario shows the notes, but not the private ones of others: a case manager
// who takes over reads what was meant for them. An auditor sees that they are
// there, and never what they say.
func (v sguardo) diario() []vistaNota {
	note := []vistaNota{}
	for _, n := range v.stato.Diario {
		meta := v.ricordi.note[n.Annotazione]
		if n.Riservata && meta.Attore != v.chi {
			if !v.tutte {
				continue
			}
			n.Testo = personale.MascheraTesto(n.Testo, personale.Testo)
		}
		note = append(note, vistaNota{n.Annotazione, n.Testo, n.Riservata, v.nomi.di(meta.Attore), quando(meta.Istante)})
	}
	return note
}

func (v sguardo) scadenze() []vistaScadenza {
	return ogni(caso.Scadenze(v.vero, v.oggi), func(x caso.Scadenza) vistaScadenza {
		return vistaScadenza{x.Tipo, x.Giorno, int(x.Giorno - v.oggi), x.Superata(v.oggi), x.Segnalazione, x.Componente}
	})
}

func superate(s caso.Superate) []vistaSuperata {
	return ogni(s, func(e caso.ScadenzaSuperata) vistaSuperata { return vistaSuperata(e) })
}
