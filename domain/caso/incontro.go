package caso

import (
	"slices"
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Incontri are the meetings of a case, and what the clocks need to know of
// them.
type Incontri struct {
	Elenco []*Incontro // none is ever changed: another takes its place
	Convocazioni
	Valutati []ImpegnoValutato // outside meetings, in the order they were
}

// Convocazioni is whether and when the nucleo was called, and came.
type Convocazioni struct {
	Convocato   bool          `json:"c,omitempty"` // somebody was convened, or came unasked
	Ultima      giorno.Giorno `json:"u,omitzero"`  // the last day that restarted the counter of an ADI nucleo
	Riconvocare giorno.Giorno `json:"r,omitzero"`  // by when to convene again after a justified absence; zero when there is nothing to do
}

// Incontro is one meeting.
type Incontro struct {
	Pianificato IncontroPianificato // only the id when it was never planned
	Stato       StatoIncontro
	Registrato  IncontroRegistrato // zero until it is registered
	Mancata     MancataPresentazioneRegistrata
	Valutato    IncontroValutato
}

// StatoIncontro is where a meeting stands.
type StatoIncontro string

// The states. A postponed meeting is still to be held.
const (
	StatoPianificato   StatoIncontro = "PIANIFICATO"
	StatoRinviato      StatoIncontro = "RINVIATO"
	StatoSvolto        StatoIncontro = "SVOLTO"
	StatoNonPresentato StatoIncontro = "NON_PRESENTATO" // missed, with or without a reason
	StatoAnnullato     StatoIncontro = "ANNULLATO"
)

const (
	durataMassima = 24 * 60 // minutes
	massimoLuogo  = 200     // characters
	massimoNote   = 4000    // characters
)

// Aperto reports whether the meeting is still to be held.
func (s StatoIncontro) Aperto() bool { return s == StatoPianificato || s == StatoRinviato }

// TipoIncontro is what a registration says happened. Each of the three
// restarts the counter of an ADI nucleo.
type TipoIncontro string

// The kinds.
const (
	AvvenutoIncontro       TipoIncontro = "AVVENUTO_INCONTRO"
	PresentazioneSpontanea TipoIncontro = "PRESENTAZIONE_SPONTANEA"
	GiustificatoMotivo     TipoIncontro = "GIUSTIFICATO_MOTIVO"
)

// Valutazione is how far something agreed on has come.
type Valutazione string

// The scales: of a risultato atteso, and of an impegno.
const (
	RisultatoMancato     Valutazione = "NON_RAGGIUNTO"
	RisultatoParziale    Valutazione = "PARZIALE"
	RisultatoRaggiunto   Valutazione = "RAGGIUNTO"
	ImpegnoRealizzato    Valutazione = "REALIZZATO"
	ImpegnoInCorso       Valutazione = "IN_CORSO"
	ImpegnoNonRealizzato Valutazione = "NON_REALIZZATO"
	ImpegnoGiustificato  Valutazione = "GIUSTIFICATO"
)

// The values of each scale.
var (
	ScalaRisultati = []Valutazione{RisultatoMancato, RisultatoParziale, RisultatoRaggiunto}
	ScalaImpegni   = []Valutazione{ImpegnoRealizzato, ImpegnoInCorso, ImpegnoNonRealizzato, ImpegnoGiustificato}
)

//sumtype:decl
type incontro interface {
	Event
	isIncontro()
}

type (
	// IncontroPianificato puts a meeting on the agenda, and so convenes the nucleo.
	IncontroPianificato struct {
		Incontro     id.Incontro     `json:"incontro_id"`
		Inizio       time.Time       `json:"inizio"` // UTC
		Durata       int             `json:"durata_minuti"`
		Luogo        string          `json:"luogo,omitempty" personale:"testo"`
		Operatore    id.Operatore    `json:"operatore_id,omitzero"` // who holds it
		Partecipanti []id.Componente `json:"partecipanti,omitempty"`
		Obiettivi    []id.Obiettivo  `json:"obiettivi,omitempty"`
		Impegni      []id.Impegno    `json:"impegni,omitempty"`
	}
	// IncontroRinviato moves a meeting to another time.
	IncontroRinviato struct {
		Incontro    id.Incontro `json:"incontro_id"`
		NuovoInizio time.Time   `json:"nuovo_inizio"` // UTC
		Motivo      string      `json:"motivo" personale:"testo"`
	}
	// IncontroAnnullato takes a meeting off the agenda.
	IncontroAnnullato struct {
		Incontro id.Incontro `json:"incontro_id"`
		Motivo   string      `json:"motivo" personale:"testo"`
	}
	// IncontroRegistrato says that the nucleo was met, came unasked, or had a
	// reason not to come; planned or not. The payment of an ADI depends on the
	// day of the registration, the counter on the day of the meeting.
	IncontroRegistrato struct {
		Incontro      id.Incontro     `json:"incontro_id"`
		Tipo          TipoIncontro    `json:"tipo"`
		Data          giorno.Giorno   `json:"data_incontro"`
		RegistratoIl  giorno.Giorno   `json:"registrato_il"`
		Presenti      []id.Componente `json:"presenti,omitempty"`
		Motivazione   string          `json:"motivazione,omitempty" personale:"testo"`
		Documento     domain.Digest   `json:"documento,omitzero"`
		NuovaScadenza giorno.Giorno   `json:"nuova_scadenza,omitzero"` // none without periodic duty
	}
	// MancataPresentazioneRegistrata says who did not come to a planned meeting.
	MancataPresentazioneRegistrata struct {
		Incontro   id.Incontro     `json:"incontro_id"`
		Componenti []id.Componente `json:"componenti"`
		Data       giorno.Giorno   `json:"data"`
	}
	// IncontroValutato says, after a meeting, how far results and impegni have come.
	IncontroValutato struct {
		Incontro  id.Incontro         `json:"incontro_id"`
		Risultati []RisultatoValutato `json:"risultati,omitempty"`
		Impegni   []ImpegnoInIncontro `json:"impegni,omitempty"`
		Note      string              `json:"note,omitempty" personale:"testo"`
	}
	// ImpegnoValutato says, outside a meeting, how far one impegno has come.
	ImpegnoValutato struct {
		Impegno     id.Impegno    `json:"impegno_id"`
		Valutazione Valutazione   `json:"valutazione" personale:"dato"`
		Data        giorno.Giorno `json:"data"`
		Nota        string        `json:"nota,omitempty" personale:"testo"`
	}
)

// RisultatoValutato is the evaluation of one expected result.
type RisultatoValutato struct {
	Risultato   id.Risultato `json:"risultato_id"`
	Valutazione Valutazione  `json:"valutazione" personale:"dato"`
}

// ImpegnoInIncontro is the evaluation of one impegno during a meeting.
type ImpegnoInIncontro struct {
	Impegno     id.Impegno  `json:"impegno_id"`
	Valutazione Valutazione `json:"valutazione" personale:"dato"`
}

var eventiIncontri = []domain.Entry{
	domain.Of[IncontroPianificato](),
	domain.Of[IncontroRinviato](),
	domain.Of[IncontroAnnullato](),
	domain.Of[IncontroRegistrato](),
	domain.Of[MancataPresentazioneRegistrata](),
	domain.Of[IncontroValutato](),
	domain.Of[ImpegnoValutato](),
}

// Refusals.
var (
	ErrIncontroInesistente = domain.Refuse(domain.NotFound, "incontro.inesistente", "the case has no such meeting")
	ErrIncontroID          = domain.Refuse(domain.Unprocessable, "incontro.id_mancante", "the meeting needs an id of its own")
	ErrIncontroDoppio      = domain.Refuse(domain.Refused, "incontro.id_usato", "another meeting of the case has this id: read the case again")
	ErrIncontroConcluso    = domain.Refuse(domain.Refused, "incontro.concluso", "the meeting was held, missed or annulled before: read the case again")
	ErrIncontroNonSvolto   = domain.Refuse(domain.Refused, "incontro.non_svolto", "only a meeting that took place is evaluated: register it first")
	ErrNonMonitorato       = domain.Refuse(domain.Refused, "incontro.caso_non_in_monitoraggio", "results and impegni are evaluated while the case is in monitoraggio")
	ErrIncontroValutato    = domain.Refuse(domain.Refused, "incontro.gia_valutato", "the meeting was evaluated with other values: evaluate the single impegno instead")
	ErrIncontroInizio      = domain.Refuse(domain.Unprocessable, "incontro.inizio_non_valido", "a meeting is planned from today on: give its start in inizio, or register one that was held")
	ErrIncontroDurata      = domain.Refuse(domain.Unprocessable, "incontro.durata_non_valida", "a meeting lasts 1 to 1440 minutes")
	ErrIncontroOperatore   = domain.Refuse(domain.Unprocessable, "incontro.operatore_non_idoneo", "meetings are held by the case manager of the case, or by somebody accredited where the nucleo lives: name one of them, or nobody")
	ErrIncontroTipo        = domain.Refuse(domain.Unprocessable, "incontro.tipo_non_valido", "the kind is AVVENUTO_INCONTRO, PRESENTAZIONE_SPONTANEA or GIUSTIFICATO_MOTIVO")
	ErrIncontroData        = domain.Refuse(domain.Unprocessable, "incontro.data_non_valida", "the day is missing, in the future, or before the case could have a meeting: the domanda, or the PAD of an ADI")
	ErrIncontroPresenti    = domain.Refuse(domain.Unprocessable, "incontro.presenti_non_validi", "name who came, or who did not, among the people of the nucleo, each once; nobody comes when the absence is justified")
	ErrIncontroMotivo      = domain.Refuse(domain.Unprocessable, "incontro.motivo_non_valido", "give a reason of at most 500 characters")
	ErrIncontroTesto       = domain.Refuse(domain.Unprocessable, "incontro.testo_troppo_lungo", "notes have at most 4,000 characters, a place 200: shorten the text")
	ErrValutazione         = domain.Refuse(domain.Unprocessable, "incontro.valutazione_non_valida", "evaluate results and impegni of the PaIS, each once: NON_RAGGIUNTO, PARZIALE or RAGGIUNTO; REALIZZATO, IN_CORSO, NON_REALIZZATO or GIUSTIFICATO")
	ErrValutazioneVuota    = domain.Refuse(domain.Unprocessable, "incontro.valutazione_vuota", "there is nothing to evaluate: give results, impegni or notes")
)

// Trova is the meeting with an id.
func (n Incontri) Trova(i id.Incontro) (Incontro, bool) {
	k := n.indice(i)
	if k < 0 {
		return Incontro{}, false
	}
	return *n.Elenco[k], true
}

func (n Incontri) indice(i id.Incontro) int {
	return slices.IndexFunc(n.Elenco, func(x *Incontro) bool { return x.Pianificato.Incontro == i })
}

// Registrati is how many meetings took place: a justified absence is none.
func (n Incontri) Registrati() (volte int) {
	for _, x := range n.Elenco {
		if x.Stato == StatoSvolto {
			volte++
		}
	}
	return volte
}

func (n Incontri) evolve(e incontro) Incontri {
	n.Convocazioni = n.dopo(e)
	switch e := e.(type) {
	case IncontroPianificato:
		n.Elenco = append(slices.Clip(n.Elenco), &Incontro{Pianificato: e, Stato: StatoPianificato})
	case IncontroRinviato:
		n = n.cambia(e.Incontro, func(x *Incontro) { x.Stato, x.Pianificato.Inizio = StatoRinviato, e.NuovoInizio })
	case IncontroAnnullato:
		n = n.cambia(e.Incontro, func(x *Incontro) { x.Stato = StatoAnnullato })
	case IncontroRegistrato:
		n = n.registra(e)
	case MancataPresentazioneRegistrata:
		n = n.cambia(e.Incontro, func(x *Incontro) { x.Stato, x.Mancata = StatoNonPresentato, e })
	case IncontroValutato:
		n = n.cambia(e.Incontro, func(x *Incontro) { x.Valutato = e })
	case ImpegnoValutato:
		n.Valutati = append(slices.Clip(n.Valutati), e)
	}
	return n
}

// cambia puts a changed copy in the place of one meeting.
func (n Incontri) cambia(i id.Incontro, come func(*Incontro)) Incontri {
	n.Elenco = cambiato(n.Elenco, n.indice(i), come)
	return n
}

func (n Incontri) registra(e IncontroRegistrato) Incontri {
	if n.indice(e.Incontro) < 0 {
		n.Elenco = append(slices.Clip(n.Elenco), &Incontro{Pianificato: IncontroPianificato{Incontro: e.Incontro}})
	}
	return n.cambia(e.Incontro, func(x *Incontro) {
		x.Stato, x.Registrato = StatoSvolto, e
		if e.Tipo == GiustificatoMotivo {
			x.Stato = StatoNonPresentato
		}
	})
}

// dopo follows who was called, and who came: by a meeting, or a communication
// that convenes.
func (n Convocazioni) dopo(e Event) Convocazioni {
	switch e := e.(type) {
	case IncontroPianificato, IncontroRinviato:
		n.Convocato, n.Riconvocare = true, 0
	case ComunicazioneAccodata:
		return n.convoca(e.Tipo)
	case ComunicazioneFormaleRegistrata:
		return n.convoca(e.Tipo)
	case IncontroRegistrato:
		return n.registra(e)
	}
	return n
}

// MesePagamento is the first day of the month whose payment reckons with the
// registration: INPS takes those of the first twenty days for the month itself
// (domain rule 2.9).
func (e IncontroRegistrato) MesePagamento() giorno.Giorno {
	mese := e.RegistratoIl.Time()
	primo := giorno.Di(mese.AddDate(0, 0, 1-mese.Day()))
	if mese.Day() > ultimoPerIlMese {
		primo = giorno.Di(primo.Time().AddDate(0, 1, 0))
	}
	return primo
}

// ultimoPerIlMese is the last day of a month on which a registration still counts
// for its payment.
const ultimoPerIlMese = 20

func (n Convocazioni) convoca(tipo TipoComunicazione) Convocazioni {
	if tipo == Convocazione {
		n.Convocato, n.Riconvocare = true, 0
	}
	return n
}

func (n Convocazioni) registra(e IncontroRegistrato) Convocazioni {
	n.Convocato = true
	switch {
	case e.Data < n.Ultima: // an older one, registered late
	case e.Tipo == GiustificatoMotivo:
		n.Ultima, n.Riconvocare = e.Data, e.Data+terminiRiconvocazione
	default:
		n.Ultima, n.Riconvocare = e.Data, 0
	}
	return n
}

func (IncontroPianificato) EventType() string            { return "IncontroPianificato" }
func (IncontroRinviato) EventType() string               { return "IncontroRinviato" }
func (IncontroAnnullato) EventType() string              { return "IncontroAnnullato" }
func (IncontroRegistrato) EventType() string             { return "IncontroRegistrato" }
func (MancataPresentazioneRegistrata) EventType() string { return "MancataPresentazioneRegistrata" }
func (IncontroValutato) EventType() string               { return "IncontroValutato" }
func (ImpegnoValutato) EventType() string                { return "ImpegnoValutato" }

func (IncontroPianificato) isIncontro()            {}
func (IncontroRinviato) isIncontro()               {}
func (IncontroAnnullato) isIncontro()              {}
func (IncontroRegistrato) isIncontro()             {}
func (MancataPresentazioneRegistrata) isIncontro() {}
func (IncontroValutato) isIncontro()               {}
func (ImpegnoValutato) isIncontro()                {}

func (IncontroPianificato) isCaso()            {}
func (IncontroRinviato) isCaso()               {}
func (IncontroAnnullato) isCaso()              {}
func (IncontroRegistrato) isCaso()             {}
func (MancataPresentazioneRegistrata) isCaso() {}
func (IncontroValutato) isCaso()               {}
func (ImpegnoValutato) isCaso()                {}
