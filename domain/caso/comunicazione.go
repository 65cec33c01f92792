package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Comunicazioni are what the nucleo was told, by message or formally.
type Comunicazioni struct {
	Informali []*Comunicazione // none is ever changed: another takes its place
	Formali   []ComunicazioneFormale
}

// Comunicazione is a message that the platform sends. It does not change; one
// that failed can be repeated.
type Comunicazione struct {
	Accodata ComunicazioneAccodata
	Stato    StatoComunicazione
}

// ComunicazioneFormale is a letter, or the like, that others sent.
type ComunicazioneFormale struct {
	Registrata ComunicazioneFormaleRegistrata
	Esito      EsitoComunicazioneFormaleRegistrato // zero until it is known
}

// StatoComunicazione is where a message stands.
type StatoComunicazione string

// The states.
const (
	Accodata   StatoComunicazione = "ACCODATA"
	Spedita    StatoComunicazione = "INVIATA"
	Consegnata StatoComunicazione = "CONSEGNATA"
	Fallita    StatoComunicazione = "FALLITA"
)

// TipoComunicazione is what a communication is for.
type TipoComunicazione string

// The kinds. Convocazione stops the clocks of the convening, RichiamoFormale
// comes before a segnalazione about impegni.
const (
	Convocazione       TipoComunicazione = "CONVOCAZIONE"
	Promemoria         TipoComunicazione = "PROMEMORIA"
	AvvisoImpegno      TipoComunicazione = "IMPEGNO_NON_REALIZZATO"
	RichiamoFormale    TipoComunicazione = "RICHIAMO_FORMALE"
	Informativa        TipoComunicazione = "INFORMATIVA"
	AvvisoSegnalazione TipoComunicazione = "ESITO_SEGNALAZIONE"
	AltraComunicazione TipoComunicazione = "ALTRO"
)

const (
	massimoSMS   = 160  // characters
	massimoEmail = 2000 // characters
	massimoEsito = 500  // characters
)

// TipiComunicazione are the kinds of communications.
var TipiComunicazione = []TipoComunicazione{Convocazione, Promemoria, AvvisoImpegno, RichiamoFormale, Informativa, AvvisoSegnalazione, AltraComunicazione}

// CanaleComunicazione is the way of a message.
type CanaleComunicazione string

// The ways of a message.
const (
	SMS   CanaleComunicazione = "SMS"
	EMAIL CanaleComunicazione = "EMAIL"
)

// Mezzo is the way of a formal communication.
type Mezzo string

// The ways of a formal communication.
const (
	RaccomandataAR    Mezzo = "RACCOMANDATA_AR"
	PEC               Mezzo = "PEC"
	NotificaAMani     Mezzo = "NOTIFICA_A_MANI"
	MessoNotificatore Mezzo = "MESSO_NOTIFICATORE"
	AltroMezzo        Mezzo = "ALTRO"
)

// Mezzi are the ways of a formal communication.
var Mezzi = []Mezzo{RaccomandataAR, PEC, NotificaAMani, MessoNotificatore, AltroMezzo}

// EsitoFormale is what became of a formal communication.
type EsitoFormale string

// The outcomes.
const (
	EsitoConsegnata  EsitoFormale = "CONSEGNATA"
	CompiutaGiacenza EsitoFormale = "COMPIUTA_GIACENZA"
	Sconosciuto      EsitoFormale = "SCONOSCIUTO"
	EsitoRifiutata   EsitoFormale = "RIFIUTATA"
)

// EsitiFormali are the outcomes of a formal communication.
var EsitiFormali = []EsitoFormale{EsitoConsegnata, CompiutaGiacenza, Sconosciuto, EsitoRifiutata}

//sumtype:decl
type comunicazione interface {
	Event
	isComunicazione()
}

type (
	// ComunicazioneAccodata queues a message; a CONVOCAZIONE convenes the nucleo.
	ComunicazioneAccodata struct {
		Comunicazione id.Comunicazione    `json:"comunicazione_id"`
		Tipo          TipoComunicazione   `json:"tipo"`
		Canale        CanaleComunicazione `json:"canale"`
		Destinatari   []id.Componente     `json:"destinatari"`
		Testo         string              `json:"testo" personale:"testo"`
		Ripete        id.Comunicazione    `json:"ripete,omitzero"` // the failed one that it repeats
	}
	// ComunicazioneInviata says that the gateway took the message.
	ComunicazioneInviata struct {
		Comunicazione id.Comunicazione `json:"comunicazione_id"`
	}
	// ComunicazioneConsegnata says that the message arrived.
	ComunicazioneConsegnata struct {
		Comunicazione id.Comunicazione `json:"comunicazione_id"`
		Esito         string           `json:"esito,omitempty" personale:"testo"`
		Data          giorno.Giorno    `json:"data"`
	}
	// ComunicazioneFallita says that the message will not arrive, and why.
	ComunicazioneFallita struct {
		Comunicazione id.Comunicazione `json:"comunicazione_id"`
		Esito         string           `json:"esito" personale:"testo"`
		Data          giorno.Giorno    `json:"data"`
	}
	// ComunicazioneFormaleRegistrata notes a formal communication that was sent.
	ComunicazioneFormaleRegistrata struct {
		Comunicazione id.Comunicazione  `json:"comunicazione_id"`
		Tipo          TipoComunicazione `json:"tipo"`
		Mezzo         Mezzo             `json:"mezzo"`
		Numero        string            `json:"numero,omitempty" personale:"testo"`
		DataInvio     giorno.Giorno     `json:"data_invio"`
		Destinatari   []id.Componente   `json:"destinatari,omitempty"` // none: the nucleo
	}
	// EsitoComunicazioneFormaleRegistrato notes what became of it.
	EsitoComunicazioneFormaleRegistrato struct {
		Comunicazione id.Comunicazione `json:"comunicazione_id"`
		Esito         EsitoFormale     `json:"esito"`
		DataRicezione giorno.Giorno    `json:"data_ricezione,omitzero"`
	}
)

var eventiComunicazioni = []domain.Entry{
	domain.Of[ComunicazioneAccodata](),
	domain.Of[ComunicazioneInviata](),
	domain.Of[ComunicazioneConsegnata](),
	domain.Of[ComunicazioneFallita](),
	domain.Of[ComunicazioneFormaleRegistrata](),
	domain.Of[EsitoComunicazioneFormaleRegistrato](),
}

// Refusals.
var (
	ErrComunicazioneInesistente = domain.Refuse(domain.NotFound, "comunicazione.inesistente", "the case has no such communication")
	ErrComunicazioneID          = domain.Refuse(domain.Unprocessable, "comunicazione.id_mancante", "the communication needs an id of its own")
	ErrComunicazioneDoppia      = domain.Refuse(domain.Refused, "comunicazione.id_usato", "another communication of the case has this id: communications do not change, send a new one")
	ErrComunicazioneTipo        = domain.Refuse(domain.Unprocessable, "comunicazione.tipo_non_valido", "the kind is CONVOCAZIONE, PROMEMORIA, IMPEGNO_NON_REALIZZATO, RICHIAMO_FORMALE (formal only), INFORMATIVA, ESITO_SEGNALAZIONE or ALTRO")
	ErrCanale                   = domain.Refuse(domain.Unprocessable, "comunicazione.canale_non_valido", "a message goes by SMS or EMAIL")
	ErrMezzo                    = domain.Refuse(domain.Unprocessable, "comunicazione.mezzo_non_valido", "a formal communication goes by RACCOMANDATA_AR, PEC, NOTIFICA_A_MANI, MESSO_NOTIFICATORE or ALTRO")
	ErrNumero                   = domain.Refuse(domain.Unprocessable, "comunicazione.numero_non_valido", "give the number of the letter or message, of at most 100 characters; only NOTIFICA_A_MANI and ALTRO may have none")
	ErrDestinatari              = domain.Refuse(domain.Unprocessable, "comunicazione.destinatari_non_validi", "a message goes to people of the nucleo: name at least one, each once")
	ErrSenzaRecapito            = domain.Refuse(domain.Refused, "comunicazione.recapito_mancante", "no mobile number for an SMS, or no address for an e-mail, is known of somebody: update the recapiti or choose the other way")
	ErrComunicazioneTesto       = domain.Refuse(domain.Unprocessable, "comunicazione.testo_non_valido", "an SMS has 1 to 160 characters, an e-mail 1 to 2,000: shorten the text")
	ErrDatiSalute               = domain.Refuse(domain.Unprocessable, "comunicazione.dati_salute", "an SMS is read by whoever holds the telephone: it may not speak of anybody's health; say it in other words, or face to face")
	ErrCanaleSpento             = domain.Refuse(domain.Refused, "comunicazione.canale_spento", "this installation sends no messages this way: choose the other way, or write a letter and record it as formal")
	ErrRipete                   = domain.Refuse(domain.Unprocessable, "comunicazione.ripete_non_valida", "only a message of the same case that failed is repeated")
	ErrComunicazioneConclusa    = domain.Refuse(domain.Refused, "comunicazione.conclusa", "another outcome of the communication is known already")
	ErrComunicazioneEsito       = domain.Refuse(domain.Unprocessable, "comunicazione.esito_non_valido", "say how it ended in at most 500 characters; a formal communication ends CONSEGNATA, COMPIUTA_GIACENZA, SCONOSCIUTO or RIFIUTATA")
	ErrComunicazioneData        = domain.Refuse(domain.Unprocessable, "comunicazione.data_non_valida", "the day is missing, in the future, before the domanda, or before the day of the sending")
)

// Trova is the message with an id.
func (n Comunicazioni) Trova(i id.Comunicazione) (Comunicazione, bool) {
	k := slices.IndexFunc(n.Informali, func(c *Comunicazione) bool { return c.Accodata.Comunicazione == i })
	if k < 0 {
		return Comunicazione{}, false
	}
	return *n.Informali[k], true
}

// TrovaFormale is the formal communication with an id.
func (n Comunicazioni) TrovaFormale(i id.Comunicazione) (ComunicazioneFormale, bool) {
	k := slices.IndexFunc(n.Formali, func(c ComunicazioneFormale) bool { return c.Registrata.Comunicazione == i })
	if k < 0 {
		return ComunicazioneFormale{}, false
	}
	return n.Formali[k], true
}

// richiamato reports whether the nucleo was formally warned.
func (n Comunicazioni) richiamato() bool {
	return slices.ContainsFunc(n.Formali, func(c ComunicazioneFormale) bool { return c.Registrata.Tipo == RichiamoFormale })
}

func (n Comunicazioni) evolve(e comunicazione) Comunicazioni {
	switch e := e.(type) {
	case ComunicazioneAccodata:
		n.Informali = append(slices.Clip(n.Informali), &Comunicazione{Accodata: e, Stato: Accodata})
	case ComunicazioneInviata:
		n.Informali = passa(n.Informali, e.Comunicazione, Spedita)
	case ComunicazioneConsegnata:
		n.Informali = passa(n.Informali, e.Comunicazione, Consegnata)
	case ComunicazioneFallita:
		n.Informali = passa(n.Informali, e.Comunicazione, Fallita)
	case ComunicazioneFormaleRegistrata:
		n.Formali = append(slices.Clip(n.Formali), ComunicazioneFormale{Registrata: e})
	case EsitoComunicazioneFormaleRegistrato:
		n.Formali = slices.Clone(n.Formali)
		n.Formali[slices.IndexFunc(n.Formali, func(c ComunicazioneFormale) bool { return c.Registrata.Comunicazione == e.Comunicazione })].Esito = e
	}
	return n
}

// passa is a copy of the messages in which one has another state.
func passa(informali []*Comunicazione, i id.Comunicazione, a StatoComunicazione) []*Comunicazione {
	k := slices.IndexFunc(informali, func(c *Comunicazione) bool { return c.Accodata.Comunicazione == i })
	return cambiato(informali, k, func(c *Comunicazione) { c.Stato = a })
}

func (ComunicazioneAccodata) EventType() string          { return "ComunicazioneAccodata" }
func (ComunicazioneInviata) EventType() string           { return "ComunicazioneInviata" }
func (ComunicazioneConsegnata) EventType() string        { return "ComunicazioneConsegnata" }
func (ComunicazioneFallita) EventType() string           { return "ComunicazioneFallita" }
func (ComunicazioneFormaleRegistrata) EventType() string { return "ComunicazioneFormaleRegistrata" }
func (EsitoComunicazioneFormaleRegistrato) EventType() string {
	return "EsitoComunicazioneFormaleRegistrato"
}

func (ComunicazioneAccodata) isComunicazione()               {}
func (ComunicazioneInviata) isComunicazione()                {}
func (ComunicazioneConsegnata) isComunicazione()             {}
func (ComunicazioneFallita) isComunicazione()                {}
func (ComunicazioneFormaleRegistrata) isComunicazione()      {}
func (EsitoComunicazioneFormaleRegistrato) isComunicazione() {}

func (ComunicazioneAccodata) isCaso()               {}
func (ComunicazioneInviata) isCaso()                {}
func (ComunicazioneConsegnata) isCaso()             {}
func (ComunicazioneFallita) isCaso()                {}
func (ComunicazioneFormaleRegistrata) isCaso()      {}
func (EsitoComunicazioneFormaleRegistrato) isCaso() {}
