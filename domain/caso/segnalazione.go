package caso

import (
	"slices"
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Segnalazioni are the facts of a case that the services tell INPS, in the
// order they were proposed. Each keeps its own life when the case is closed.
type Segnalazioni []Segnalazione

// Segnalazione is one of them.
type Segnalazione struct {
	Proposta   SegnalazioneProposta
	Stato      StatoSegnalazione
	DecisaDa   id.Operatore // who approved or refused it
	Ambito     string       // where the case was when that was decided; empty before
	Comune     string
	Flusso     string // the data feed it lies in; empty before
	Tentativo  int    // the last sending that began, from 1; 0 before it is taken for sending
	Aperti     []int  // the sendings of which no outcome is known
	Protocollo string // by which INPS took it
	Ricevuta   string // of INPS
}

// StatoSegnalazione is where a segnalazione stands (domain rule 4.1).
type StatoSegnalazione string

// The states.
const (
	DaValidare   StatoSegnalazione = "DA_VALIDARE"
	Ritirata     StatoSegnalazione = "RITIRATA"
	Approvata    StatoSegnalazione = "APPROVATA"
	Rifiutata    StatoSegnalazione = "RIFIUTATA"
	InUscita     StatoSegnalazione = "IN_USCITA"
	Inviata      StatoSegnalazione = "INVIATA"
	Acquisita    StatoSegnalazione = "ACQUISITA"
	InvioFermato StatoSegnalazione = "ANNULLATA"
	Rettificata  StatoSegnalazione = "RETTIFICATA"
)

// Finale reports whether nothing more can happen to the segnalazione.
func (s StatoSegnalazione) Finale() bool {
	return s == Ritirata || s == Rifiutata || s == InvioFermato || s == Rettificata
}

// Annullabile reports whether the sending can still be stopped: not once it
// was taken for sending, whatever became of that.
func (s Segnalazione) Annullabile() bool {
	return s.Stato == Approvata || s.Stato == InUscita && s.Tentativo == 0
}

// EsitoIncerto reports whether INPS may or may not have it: a sending began
// and nothing is known of how it ended.
func (s Segnalazione) EsitoIncerto() bool { return s.Stato == InUscita && len(s.Aperti) > 0 }

//sumtype:decl
type segnalazione interface {
	Event
	isSegnalazione()
}

type (
	// SegnalazioneProposta asks the coordinator to tell INPS a fact.
	SegnalazioneProposta struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Categoria    Categoria       `json:"categoria"`
		Componente   id.Componente   `json:"componente_id,omitzero"` // whom it is about; none: the nucleo
		DataFatto    giorno.Giorno   `json:"data_fatto"`
		Accertamento giorno.Giorno   `json:"data_accertamento"`
		Dettaglio    string          `json:"dettaglio" personale:"testo"`
		Allegati     []Allegato      `json:"allegati,omitempty"`
		Scadenza     giorno.Giorno   `json:"scadenza_comunicazione"` // by when INPS must know
		Occorrenza   int             `json:"numero_occorrenza"`
		Precedente   id.Segnalazione `json:"precedente_id,omitzero"`
		PropostaDa   id.Operatore    `json:"proposta_da"`
	}
	// SegnalazioneRitirata takes the proposal back before a decision.
	SegnalazioneRitirata struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Motivazione  string          `json:"motivazione" personale:"testo"`
	}
	// SegnalazioneApprovata decides, for good, that INPS is told.
	SegnalazioneApprovata struct {
		Segnalazione   id.Segnalazione `json:"segnalazione_id"`
		ApprovataDa    id.Operatore    `json:"approvata_da"`
		Nota           string          `json:"nota,omitempty" personale:"testo"`
		StessoSoggetto bool            `json:"stesso_soggetto"` // approved by who proposed it
	}
	// SegnalazioneRifiutata decides, for good, that INPS is not told.
	SegnalazioneRifiutata struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		RifiutataDa  id.Operatore    `json:"rifiutata_da"`
		Motivazione  string          `json:"motivazione" personale:"testo"`
	}
	// SegnalazioneMessaInUscita puts it into a data feed.
	SegnalazioneMessaInUscita struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Flusso       string          `json:"flusso_id"`
	}
	// SegnalazionePresaPerInvio claims it before the first byte goes out; from
	// here on it cannot be annulled.
	SegnalazionePresaPerInvio struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Flusso       string          `json:"flusso_id"`
		Tentativo    int             `json:"tentativo"`
	}
	// InvioSegnalazioneAnnullato stops the sending in time; the approval stands.
	InvioSegnalazioneAnnullato struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Motivazione  string          `json:"motivazione" personale:"testo"`
	}
	// SegnalazioneInviata says that INPS took it.
	SegnalazioneInviata struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Flusso       string          `json:"flusso_id"`
		Protocollo   string          `json:"protocollo_invio"`
		InviataIl    time.Time       `json:"inviata_il"` // UTC
	}
	// InvioSegnalazioneFallito says that INPS did certainly not take it. It is
	// tried again.
	InvioSegnalazioneFallito struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Errore       string          `json:"errore" personale:"testo"`
		Tentativo    int             `json:"tentativo"`
	}
	// SegnalazioneAcquisita is the receipt of INPS.
	SegnalazioneAcquisita struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Ricevuta     string          `json:"ricevuta_inps"`
	}
	// SegnalazioneRettificata corrects it after it was sent; INPS gets a
	// correction.
	SegnalazioneRettificata struct {
		Segnalazione id.Segnalazione `json:"segnalazione_id"`
		Motivazione  string          `json:"motivazione" personale:"testo"`
	}
)

// Allegato is a document that goes with a segnalazione, kept elsewhere.
type Allegato struct {
	Nome     string        `json:"nome" personale:"testo"`
	Impronta domain.Digest `json:"hash"`
}

var eventiSegnalazioni = []domain.Entry{
	domain.Of[SegnalazioneProposta](),
	domain.Of[SegnalazioneRitirata](),
	domain.Of[SegnalazioneApprovata](),
	domain.Of[SegnalazioneRifiutata](),
	domain.Of[SegnalazioneMessaInUscita](),
	domain.Of[SegnalazionePresaPerInvio](),
	domain.Of[InvioSegnalazioneAnnullato](),
	domain.Of[SegnalazioneInviata](),
	domain.Of[InvioSegnalazioneFallito](),
	domain.Of[SegnalazioneAcquisita](),
	domain.Of[SegnalazioneRettificata](),
}

// Refusals of what happens to a segnalazione; those of a proposal stand with it.
var (
	ErrSegnalazioneInesistente = domain.Refuse(domain.NotFound, "segnalazione.inesistente", "the case has no such segnalazione")
	ErrGiaDecisa               = domain.Refuse(domain.Refused, "segnalazione.gia_decisa", "the segnalazione was approved or refused before: a decision is for good")
	ErrRitirata                = domain.Refuse(domain.Refused, "segnalazione.ritirata", "the case manager withdrew the segnalazione: there is nothing to decide")
	ErrPropria                 = domain.Refuse(domain.Refused, "segnalazione.propria", "you proposed it, and your ambito has another coordinator decide")
	ErrNonApprovata            = domain.Refuse(domain.Refused, "segnalazione.non_approvata", "only an approved segnalazione is sent: it waits for a decision, or was refused or withdrawn")
	ErrInvioAnnullato          = domain.Refuse(domain.Refused, "segnalazione.annullata", "the sending was annulled: propose a new segnalazione")
	ErrInTrasmissione          = domain.Refuse(domain.Refused, "segnalazione.in_trasmissione", "the segnalazione is being sent: it cannot be annulled any more, rectify it once it is sent")
	ErrGiaInviata              = domain.Refuse(domain.Refused, "segnalazione.gia_inviata", "INPS has the segnalazione: use rettifica")
	ErrRettificata             = domain.Refuse(domain.Refused, "segnalazione.rettificata", "the segnalazione was rectified: nothing more happens to it")
	ErrNonInviata              = domain.Refuse(domain.Refused, "segnalazione.non_inviata", "the segnalazione was not sent yet: withdraw it, refuse it or annul its sending instead")
	ErrNonPresa                = domain.Refuse(domain.Refused, "segnalazione.non_presa", "no sending of the segnalazione has begun: take it for sending first")
	ErrRettificaVietata        = domain.Refuse(domain.Refused, "segnalazione.rettifica_vietata", "what was sent is not rectified here for this measure: write to INPS")
	ErrAltroFlusso             = domain.Refuse(domain.Refused, "segnalazione.altro_flusso", "the segnalazione lies in another flusso: read the case again")
	ErrTentativo               = domain.Refuse(domain.Refused, "segnalazione.tentativo_non_valido", "sendings are counted from 1, and this one is not the next or its outcome is known: read the case again")
	ErrProtocollo              = domain.Refuse(domain.Refused, "segnalazione.protocollo_diverso", "INPS took the segnalazione under another number or receipt before: it has it twice")
	ErrSegnalazioneDati        = domain.Refuse(domain.Unprocessable, "segnalazione.dati_mancanti", "fill in the field: 1 to 100 characters")
	ErrSegnalazioneMotivo      = domain.Refuse(domain.Unprocessable, "segnalazione.motivazione_non_valida", "give a reason of at most 500 characters; a refusal needs 10 at least")
)

// Trova is the segnalazione with an id.
func (n Segnalazioni) Trova(i id.Segnalazione) (Segnalazione, bool) {
	k := n.indice(i)
	if k < 0 {
		return Segnalazione{}, false
	}
	return n[k], true
}

func (n Segnalazioni) indice(i id.Segnalazione) int {
	return slices.IndexFunc(n, func(s Segnalazione) bool { return s.Proposta.Segnalazione == i })
}

// Occorrenza is the number that a segnalazione of a category about a person,
// or about the nucleo, would have: one more than those that INPS was told of.
func (n Segnalazioni) Occorrenza(c Categoria, di id.Componente) int {
	volta := 1
	for _, s := range n {
		if s.Proposta.Categoria == c && s.Proposta.Componente == di && (s.Stato == Inviata || s.Stato == Acquisita) {
			volta++
		}
	}
	return volta
}

// evolve grows the segnalazioni of a case that lies in a comune of an ambito.
// A decision is noted with both: it stays theirs when the case moves on.
func (n Segnalazioni) evolve(e segnalazione, ambito, comune string) Segnalazioni {
	switch e := e.(type) {
	case SegnalazioneProposta:
		return append(slices.Clip(n), Segnalazione{Proposta: e, Stato: DaValidare})
	case SegnalazioneRitirata:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato = Ritirata })
	case SegnalazioneApprovata:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.decisa(Approvata, e.ApprovataDa, ambito, comune) })
	case SegnalazioneRifiutata:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.decisa(Rifiutata, e.RifiutataDa, ambito, comune) })
	case SegnalazioneMessaInUscita:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato, s.Flusso = InUscita, e.Flusso })
	case SegnalazionePresaPerInvio:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) {
			s.Tentativo, s.Aperti = e.Tentativo, append(slices.Clip(s.Aperti), e.Tentativo)
		})
	case InvioSegnalazioneFallito:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Aperti = senzaTentativo(s.Aperti, e.Tentativo) })
	case InvioSegnalazioneAnnullato:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato = InvioFermato })
	case SegnalazioneInviata:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato, s.Protocollo, s.Aperti = Inviata, e.Protocollo, nil })
	case SegnalazioneAcquisita:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato, s.Ricevuta = Acquisita, e.Ricevuta })
	case SegnalazioneRettificata:
		return n.cambia(e.Segnalazione, func(s *Segnalazione) { s.Stato = Rettificata })
	}
	return n
}

func (s *Segnalazione) decisa(stato StatoSegnalazione, da id.Operatore, ambito, comune string) {
	s.Stato, s.DecisaDa, s.Ambito, s.Comune = stato, da, ambito, comune
}

// cambia changes one segnalazione in a copy.
func (n Segnalazioni) cambia(i id.Segnalazione, come func(*Segnalazione)) Segnalazioni {
	n = slices.Clone(n)
	come(&n[n.indice(i)])
	return n
}

// senzaTentativo is a copy of a list without one number; nil when none is left.
func senzaTentativo(numeri []int, uno int) (restano []int) {
	for _, n := range numeri {
		if n != uno {
			restano = append(restano, n)
		}
	}
	return restano
}

func (SegnalazioneProposta) EventType() string       { return "SegnalazioneProposta" }
func (SegnalazioneRitirata) EventType() string       { return "SegnalazioneRitirata" }
func (SegnalazioneApprovata) EventType() string      { return "SegnalazioneApprovata" }
func (SegnalazioneRifiutata) EventType() string      { return "SegnalazioneRifiutata" }
func (SegnalazioneMessaInUscita) EventType() string  { return "SegnalazioneMessaInUscita" }
func (SegnalazionePresaPerInvio) EventType() string  { return "SegnalazionePresaPerInvio" }
func (InvioSegnalazioneAnnullato) EventType() string { return "InvioSegnalazioneAnnullato" }
func (SegnalazioneInviata) EventType() string        { return "SegnalazioneInviata" }
func (InvioSegnalazioneFallito) EventType() string   { return "InvioSegnalazioneFallito" }
func (SegnalazioneAcquisita) EventType() string      { return "SegnalazioneAcquisita" }
func (SegnalazioneRettificata) EventType() string    { return "SegnalazioneRettificata" }

func (SegnalazioneProposta) isSegnalazione()       {}
func (SegnalazioneRitirata) isSegnalazione()       {}
func (SegnalazioneApprovata) isSegnalazione()      {}
func (SegnalazioneRifiutata) isSegnalazione()      {}
func (SegnalazioneMessaInUscita) isSegnalazione()  {}
func (SegnalazionePresaPerInvio) isSegnalazione()  {}
func (InvioSegnalazioneAnnullato) isSegnalazione() {}
func (SegnalazioneInviata) isSegnalazione()        {}
func (InvioSegnalazioneFallito) isSegnalazione()   {}
func (SegnalazioneAcquisita) isSegnalazione()      {}
func (SegnalazioneRettificata) isSegnalazione()    {}

func (SegnalazioneProposta) isCaso()       {}
func (SegnalazioneRitirata) isCaso()       {}
func (SegnalazioneApprovata) isCaso()      {}
func (SegnalazioneRifiutata) isCaso()      {}
func (SegnalazioneMessaInUscita) isCaso()  {}
func (SegnalazionePresaPerInvio) isCaso()  {}
func (InvioSegnalazioneAnnullato) isCaso() {}
func (SegnalazioneInviata) isCaso()        {}
func (InvioSegnalazioneFallito) isCaso()   {}
func (SegnalazioneAcquisita) isCaso()      {}
func (SegnalazioneRettificata) isCaso()    {}
