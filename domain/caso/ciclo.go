package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Ciclo is where the case stands on its path, and whom it is about.
type Ciclo struct {
	Stato   Stato // empty before the domanda is received
	Domanda DomandaRicevuta
	Ambito  string // where the nucleo lives now
	Comune  string
	Nucleo  Nucleo
}

// Stato is a position on the social path (GEPI-32..34; the labels are those of
// the Ministry's platform).
type Stato string

// The states. Only the first is entered until the instruments exist.
const (
	DaAvviare       Stato = "DA_AVVIARE"
	InValutazioneAP Stato = "IN_VALUTAZIONE_AP"
	InValutazioneQA Stato = "IN_VALUTAZIONE_QA"
	InDefinizione   Stato = "IN_DEFINIZIONE_PAIS"
	InMonitoraggio  Stato = "IN_MONITORAGGIO"
	InviatoCPI      Stato = "INVIATO_CPI"
	InviatoServizi  Stato = "INVIATO_SERVIZI_SPECIALISTICI"
	Escluso         Stato = "ESCLUSO"
	Decaduto        Stato = "DECADUTO"
	Chiuso          Stato = "CHIUSO"
)

// Etichetta is the label that operators know a state by.
func (s Stato) Etichetta() string {
	switch s {
	case DaAvviare:
		return "da avviare"
	case InValutazioneAP:
		return "in valutazione AP"
	case InValutazioneQA:
		return "in valutazione QA"
	case InDefinizione:
		return "in definizione PaIS"
	case InMonitoraggio:
		return "in monitoraggio"
	case InviatoCPI:
		return "inviato al CpI"
	case InviatoServizi:
		return "inviato ai servizi specialistici"
	case Escluso:
		return "escluso dagli obblighi"
	case Decaduto:
		return "decaduto"
	case Chiuso:
		return "chiuso"
	}
	return ""
}

// Aperto reports whether work goes on: only open cases are assigned and wait
// in the queue.
func (s Stato) Aperto() bool {
	return s != "" && s != Chiuso && s != Decaduto && s != Escluso
}

// Indicatore is the workload number that an assigned case counts in: 1 before
// monitoring, 2 while monitored, 0 in neither (GEPI-32..34).
func (s Stato) Indicatore() int {
	switch s {
	case DaAvviare, InValutazioneAP, InValutazioneQA, InDefinizione:
		return 1
	case InMonitoraggio:
		return 2
	}
	return 0
}

// ciclo is the part that opens the case and says whom it is about.
//
//sumtype:decl
type ciclo interface {
	Event
	isCiclo()
}

type (
	// DomandaRicevuta opens the case of a domanda as INPS sent it.
	DomandaRicevuta struct {
		IDDomanda              string        `json:"id_domanda"`
		Misura                 Misura        `json:"misura"`
		DataPresentazione      giorno.Giorno `json:"data_presentazione"`
		DataRiconoscimento     giorno.Giorno `json:"data_riconoscimento,omitzero"`
		DataSottoscrizionePAD  giorno.Giorno `json:"data_sottoscrizione_pad,omitzero"`
		DataTrasmissioneComune giorno.Giorno `json:"data_trasmissione_comune"`
		Ambito                 string        `json:"ambito"`
		Comune                 string        `json:"comune"` // Belfiore
		Indirizzo              Indirizzo     `json:"indirizzo"`
		Componenti             []Componente  `json:"componenti"`                                 // the richiedente first
		ISEE                   int           `json:"isee,omitempty" personale:"dato"`            // euro cents
		ImportoMensile         int           `json:"importo_mensile,omitempty" personale:"dato"` // euro cents
		PresenzaMinori         bool          `json:"presenza_minori" personale:"dato"`           // on the day of the domanda
		PresenzaDisabili       bool          `json:"presenza_disabili" personale:"dato"`
		Recapiti               Recapiti      `json:"recapiti,omitzero"`
	}
	// ComposizioneNucleoAggiornata says who joined the nucleo, who left it, and
	// whose data changed.
	ComposizioneNucleoAggiornata struct {
		Aggiunti       []Componente  `json:"aggiunti,omitempty"`
		Rimossi        []Rimosso     `json:"rimossi,omitempty"`
		Modificati     []Componente  `json:"modificati,omitempty"`
		DataDecorrenza giorno.Giorno `json:"data_decorrenza"`
		Fonte          Fonte         `json:"fonte"`
	}
	// Trasferito moves the case to the comune where the nucleo lives now.
	Trasferito struct {
		ComuneDa       string        `json:"comune_da"`
		ComuneA        string        `json:"comune_a"`
		AmbitoDa       string        `json:"ambito_da"`
		AmbitoA        string        `json:"ambito_a"`
		Interno        bool          `json:"interno"` // inside one ambito
		Indirizzo      Indirizzo     `json:"indirizzo"`
		DataDecorrenza giorno.Giorno `json:"data_decorrenza"`
	}
)

var eventiCiclo = []domain.Entry{
	domain.Of[DomandaRicevuta](),
	domain.Of[ComposizioneNucleoAggiornata](),
	domain.Of[Trasferito](),
}

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "caso.inesistente", "there is no such case")
	ErrNonAperto   = domain.Refuse(domain.Refused, "caso.non_aperto", "the case is closed: reopen it first")
)

func (c Ciclo) evolve(e ciclo) Ciclo {
	switch e := e.(type) {
	case DomandaRicevuta:
		c.Stato, c.Domanda, c.Ambito, c.Comune = DaAvviare, e, e.Ambito, e.Comune
		c.Nucleo = Nucleo{Indirizzo: e.Indirizzo, Componenti: e.Componenti}
	case ComposizioneNucleoAggiornata:
		c.Nucleo = c.Nucleo.aggiorna(e)
	case Trasferito:
		c.Ambito, c.Comune, c.Nucleo.Indirizzo = e.AmbitoA, e.ComuneA, e.Indirizzo
	}
	return c
}

func (n Nucleo) aggiorna(e ComposizioneNucleoAggiornata) Nucleo {
	var restano []Componente
	for _, c := range n.Componenti {
		if slices.ContainsFunc(e.Rimossi, func(r Rimosso) bool { return r.Componente == c.ID }) {
			n.Usciti = append(slices.Clip(n.Usciti), c)
			continue
		}
		if i := slices.IndexFunc(e.Modificati, func(m Componente) bool { return m.ID == c.ID }); i >= 0 {
			c = e.Modificati[i]
		}
		restano = append(restano, c)
	}
	n.Componenti = append(restano, e.Aggiunti...)
	return n
}

func (DomandaRicevuta) EventType() string              { return "DomandaRicevuta" }
func (ComposizioneNucleoAggiornata) EventType() string { return "ComposizioneNucleoAggiornata" }
func (Trasferito) EventType() string                   { return "CasoTrasferito" }

func (DomandaRicevuta) isCiclo()              {}
func (ComposizioneNucleoAggiornata) isCiclo() {}
func (Trasferito) isCiclo()                   {}

func (DomandaRicevuta) isCaso()              {}
func (ComposizioneNucleoAggiornata) isCaso() {}
func (Trasferito) isCaso()                   {}
