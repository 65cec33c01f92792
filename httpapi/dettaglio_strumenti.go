package httpapi

import (
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vistaAP is the analisi preliminare.
type vistaAP struct {
	Data          giorno.Giorno   `json:"data"` // of its beginning
	Luogo         caso.Luogo      `json:"luogo,omitempty"`
	Presenti      []id.Componente `json:"presenti"`
	Sezioni       []caso.Sezione  `json:"sezioni"` // as they are written: each with the revision that the next is written on
	Finalizzata   bool            `json:"finalizzata"`
	PresoInCarico bool            `json:"preso_in_carico"`
	Esito         *vistaEsitoAP   `json:"esito,omitempty"`
	Rientro       *vistaRientro   `json:"rientro,omitempty"` // the last
}

type vistaEsitoAP struct {
	Esito                caso.Esito         `json:"esito"`
	Motivazione          string             `json:"motivazione"`
	Data                 giorno.Giorno      `json:"data"`
	ComponentiAttivabili []id.Componente    `json:"componenti_attivabili"`
	InviatoA             *caso.Destinazione `json:"inviato_a,omitempty"`
	LineeGuida           string             `json:"linee_guida"`
	Stato                caso.Stato         `json:"stato"` // that followed
}

type vistaRientro struct {
	Da          caso.Servizio `json:"da"`
	Motivazione string        `json:"motivazione"`
	Data        giorno.Giorno `json:"data"`
}

// vistaQA is the quadro di analisi.
type vistaQA struct {
	Equipe      []caso.Membro  `json:"equipe"`
	Differita   bool           `json:"differita"` // the team is not whole yet
	Sezioni     []caso.Sezione `json:"sezioni"`
	Finalizzato bool           `json:"finalizzato"`
	Sintesi     string         `json:"sintesi,omitempty"`
	Data        giorno.Giorno  `json:"data,omitzero"` // of its end
	Superato    bool           `json:"superato"`      // the AP was opened again since
}

// ap shows the AP; none before it was begun.
func (v sguardo) ap() *vistaAP {
	ap := v.stato.AP
	if ap.Avvio.Data.IsZero() {
		return nil
	}
	out := &vistaAP{
		Data: ap.Avvio.Data, Luogo: ap.Avvio.Luogo, Presenti: nonNil(ap.Avvio.Presenti), Sezioni: nonNil(ap.Sezioni),
		Finalizzata: ap.Finalizzata(), PresoInCarico: ap.PresoInCarico(),
	}
	if e := ap.Esito; ap.Finalizzata() {
		out.Esito = &vistaEsitoAP{
			Esito: e.Esito, Motivazione: e.Motivazione, Data: e.Data, ComponentiAttivabili: nonNil(e.ComponentiAttivabili), LineeGuida: e.LineeGuida, Stato: e.Stato,
		}
		if e.InviatoA != (caso.Destinazione{}) {
			out.Esito.InviatoA = &e.InviatoA
		}
	}
	if r := ap.Rientro; r.Da != "" {
		out.Rientro = &vistaRientro{r.Da, r.Motivazione, r.Data}
	}
	return out
}

// qa shows the QA; none before anything was done for it.
func (v sguardo) qa() *vistaQA {
	qa := v.stato.QA
	if len(qa.Equipe.Membri)+len(qa.Sezioni) == 0 && !qa.Finalizzato() {
		return nil
	}
	return &vistaQA{
		Equipe: nonNil(qa.Equipe.Membri), Differita: qa.Equipe.Differita, Sezioni: nonNil(qa.Sezioni),
		Finalizzato: qa.Finalizzato(), Sintesi: qa.Esito.Sintesi, Data: qa.Esito.Data, Superato: qa.Superato,
	}
}
