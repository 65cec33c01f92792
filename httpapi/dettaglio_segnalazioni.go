package httpapi

import (
	"time"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vistaSegnala is a segnalazione, and what became of it.
type vistaSegnala struct {
	ID           id.Segnalazione        `json:"segnalazione_id"`
	Stato        caso.StatoSegnalazione `json:"stato"`
	Etichetta    string                 `json:"etichetta"`
	Categoria    caso.Categoria         `json:"categoria"`
	Componente   id.Componente          `json:"componente_id,omitzero"` // none: the nucleo
	DataFatto    giorno.Giorno          `json:"data_fatto"`
	Accertamento giorno.Giorno          `json:"data_accertamento"`
	Dettaglio    string                 `json:"dettaglio"`
	Allegati     []caso.Allegato        `json:"allegati"`
	Occorrenza   int                    `json:"numero_occorrenza"`
	Precedente   id.Segnalazione        `json:"precedente_id,omitzero"`
	Scadenza     giorno.Giorno          `json:"scadenza_comunicazione"`
	InRitardo    bool                   `json:"in_ritardo"`
	PropostaDa   *nominato              `json:"proposta_da"`
	PropostaIl   time.Time              `json:"proposta_il"`
	DecisaDa     *nominato              `json:"decisa_da,omitempty"`
	DecisaIl     time.Time              `json:"decisa_il,omitzero"`
	Nota         string                 `json:"nota,omitempty"`        // of who approved
	Motivazione  string                 `json:"motivazione,omitempty"` // of who withdrew, refused, annulled or rectified
	Annullabile  bool                   `json:"annullabile"`
	Flusso       string                 `json:"flusso_id,omitempty"`
	EsitoIncerto bool                   `json:"esito_incerto"`
	Errore       string                 `json:"errore,omitempty"` // of the last sending, while it is not sent
	Protocollo   string                 `json:"protocollo_invio,omitempty"`
	InviataIl    time.Time              `json:"inviata_il,omitzero"`
	Ricevuta     string                 `json:"ricevuta_inps,omitempty"`
}

func (v sguardo) segnalazioni() []vistaSegnala {
	ritardo := map[id.Segnalazione]bool{}
	for _, x := range caso.Scadenze(v.vero, v.oggi) {
		ritardo[x.Segnalazione] = x.Superata(v.oggi)
	}
	return ogni(v.stato.Segnalazioni, func(x caso.Segnalazione) vistaSegnala {
		p, dopo := x.Proposta, v.ricordi.segnalazioni[x.Proposta.Segnalazione]
		return vistaSegnala{
			ID: p.Segnalazione, Stato: x.Stato, Etichetta: x.Stato.Etichetta(), Categoria: p.Categoria, Componente: p.Componente, DataFatto: p.DataFatto, Accertamento: p.Accertamento,
			Dettaglio: p.Dettaglio, Allegati: nonNil(p.Allegati), Occorrenza: p.Occorrenza, Precedente: p.Precedente,
			Scadenza: p.Scadenza, InRitardo: ritardo[p.Segnalazione] || !dopo.inviata.IsZero() && giorno.Di(dopo.inviata.In(v.zona)) > p.Scadenza,
			PropostaDa: v.nomi.di(p.PropostaDa.UUID), PropostaIl: quando(dopo.proposta), DecisaDa: v.nomi.di(x.DecisaDa.UUID), DecisaIl: quando(dopo.decisa),
			Nota: dopo.nota, Motivazione: dopo.motivazione, Annullabile: x.Annullabile(), Flusso: x.Flusso, EsitoIncerto: x.EsitoIncerto(),
			Errore: dopo.errore, Protocollo: x.Protocollo, InviataIl: quando(dopo.inviata), Ricevuta: x.Ricevuta,
		}
	})
}
