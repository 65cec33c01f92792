package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Ciclo is where the case stands on its path, and whom it is about.
type Ciclo struct {
	Stato     Stato // empty before the domanda is received
	Lavoro    Stato // the last open state: where a closed case goes on when it is reopened
	Domanda   DomandaRicevuta
	PAD       giorno.Giorno // when the nucleo signed its patto di attivazione digitale; zero before
	Ambito    string        // where the nucleo lives now
	Comune    string
	Nucleo    Nucleo
	Recapiti  Recapiti // how to reach the nucleo now
	Beneficio Beneficio
	Chiusura  CasoChiuso // why it is closed; zero while it is not
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
	// RecapitiAggiornati says how to reach the nucleo from now on.
	RecapitiAggiornati struct {
		Recapiti
		Fonte Fonte `json:"fonte"`
	}
	// PADSottoscritto says that the nucleo of a domanda of ADI signed its patto di
	// attivazione digitale after the domanda had come: the case enters the queue,
	// and its terms run.
	PADSottoscritto struct {
		Data giorno.Giorno `json:"data"`
	}
	// CasoChiuso ends the work on the case; who was responsible stays so.
	CasoChiuso struct {
		Motivo      MotivoChiusura `json:"motivo"`
		Motivazione string         `json:"motivazione,omitempty" personale:"testo"`
		Data        giorno.Giorno  `json:"data"`
	}
	// CasoRiaperto takes up the work again where it had stopped.
	CasoRiaperto struct {
		StatoRipristinato Stato  `json:"stato_ripristinato"`
		Motivazione       string `json:"motivazione" personale:"testo"`
	}
)

var eventiCiclo = []domain.Entry{
	domain.Of[DomandaRicevuta](),
	domain.Of[ComposizioneNucleoAggiornata](),
	domain.Of[Trasferito](),
	domain.Of[RecapitiAggiornati](),
	domain.Of[PADSottoscritto](),
	domain.Of[BeneficioSospeso](),
	domain.Of[BeneficioRipristinato](),
	domain.Of[BeneficioDecaduto](),
	domain.Of[BeneficioTerminato](),
	domain.Of[DecurtazioneComunicata](),
	domain.Of[CasoChiuso](),
	domain.Of[CasoRiaperto](),
}

// Refusals.
var (
	ErrInesistente = domain.Refuse(domain.NotFound, "caso.inesistente", "there is no such case")
	ErrNonAperto   = domain.Refuse(domain.Refused, "caso.non_aperto", "the case is closed: reopen it first")
)

func (c Ciclo) evolve(e ciclo) Ciclo {
	switch e := e.(type) {
	case DomandaRicevuta:
		c.Domanda, c.PAD, c.Ambito, c.Comune, c.Recapiti = e, e.DataSottoscrizionePAD, e.Ambito, e.Comune, e.Recapiti
		c.Nucleo = Nucleo{Indirizzo: e.Indirizzo, Componenti: e.Componenti}
	case ComposizioneNucleoAggiornata:
		c.Nucleo = c.Nucleo.aggiorna(e)
	case Trasferito:
		c.Ambito, c.Comune, c.Nucleo.Indirizzo = e.AmbitoA, e.ComuneA, e.Indirizzo
	case RecapitiAggiornati:
		c.Recapiti = e.Recapiti
	case BeneficioSospeso:
		c.Beneficio = c.Beneficio.varia(Sospeso, e.Variazione)
	case BeneficioRipristinato:
		c.Beneficio = c.Beneficio.varia(InEssere, e.Variazione)
	case BeneficioDecaduto:
		c.Beneficio = c.Beneficio.varia(BeneficioPerso, e.Variazione)
	case BeneficioTerminato:
		c.Beneficio = c.Beneficio.varia(Terminato, e.Variazione)
	case DecurtazioneComunicata:
		c.Beneficio.Decurtazioni = append(slices.Clip(c.Beneficio.Decurtazioni), e)
	case PADSottoscritto:
		c.PAD = e.Data
	case CasoChiuso:
		c.Chiusura = e
	case CasoRiaperto:
		c.Chiusura = CasoChiuso{}
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
func (RecapitiAggiornati) EventType() string           { return "RecapitiAggiornati" }
func (PADSottoscritto) EventType() string              { return "PADSottoscritto" }
func (CasoChiuso) EventType() string                   { return "CasoChiuso" }
func (CasoRiaperto) EventType() string                 { return "CasoRiaperto" }

func (DomandaRicevuta) isCiclo()              {}
func (ComposizioneNucleoAggiornata) isCiclo() {}
func (Trasferito) isCiclo()                   {}
func (RecapitiAggiornati) isCiclo()           {}
func (PADSottoscritto) isCiclo()              {}
func (CasoChiuso) isCiclo()                   {}
func (CasoRiaperto) isCiclo()                 {}

func (DomandaRicevuta) isCaso()              {}
func (ComposizioneNucleoAggiornata) isCaso() {}
func (Trasferito) isCaso()                   {}
func (RecapitiAggiornati) isCaso()           {}
func (PADSottoscritto) isCaso()              {}
func (CasoChiuso) isCaso()                   {}
func (CasoRiaperto) isCaso()                 {}
