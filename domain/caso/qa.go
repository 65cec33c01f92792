package caso

import (
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// QA is the quadro di analisi: the six domains in depth, by a team.
type QA struct {
	Equipe   EquipeComposta // zero before it was composed
	Sezioni  []Sezione
	Esito    QuadroAnalisiFinalizzato // zero while it is compiled
	Superato bool                     // the AP was opened again since it was worked on
}

// Finalizzato reports whether the QA came to its end.
func (q QA) Finalizzato() bool { return q.Esito.Sintesi != "" }

// Professione is what somebody brings into a team.
type Professione string

// Professioni are the professions of a team.
var Professioni = []Professione{"ASSISTENTE_SOCIALE", "EDUCATORE", "PSICOLOGO", "OPERATORE_CPI", "SANITARIO", "SCUOLA", "ALTRO"}

// Membro is one person of the équipe multidisciplinare.
type Membro struct {
	Nome        string       `json:"nome" personale:"nome"`
	Professione Professione  `json:"professione"`
	Ente        string       `json:"ente"`
	Operatore   id.Operatore `json:"operatore_id,omitzero"` // when registered here
}

//sumtype:decl
type qa interface {
	Event
	isQA()
}

type (
	// EquipeComposta says who assesses the nucleo. A team that could not be mobilised at once is differita: the case manager goes ahead alone.
	EquipeComposta struct {
		Membri    []Membro `json:"membri"`
		Differita bool     `json:"differita"`
	}
	// SezioneQASalvata keeps one section of the quadro di analisi, of the nucleo or of one person.
	SezioneQASalvata struct{ Sezione }
	// QuadroAnalisiFinalizzato ends the assessment: the PaIS is defined next.
	QuadroAnalisiFinalizzato struct {
		Sintesi string        `json:"sintesi" personale:"testo"`
		Data    giorno.Giorno `json:"data"`
	}
	// QuadroAnalisiRiaperto opens a finalised quadro di analisi again.
	QuadroAnalisiRiaperto struct {
		Motivazione string `json:"motivazione" personale:"testo"`
	}
)

var eventiQA = []domain.Entry{
	domain.Of[EquipeComposta](),
	domain.Of[SezioneQASalvata](),
	domain.Of[QuadroAnalisiFinalizzato](),
	domain.Of[QuadroAnalisiRiaperto](),
}

// ErrQANonAperto refuses to work on a QA that is not being compiled.
var ErrQANonAperto = domain.Refuse(domain.Refused, "qa.non_aperto", "the quadro di analisi is not being compiled: it follows the outcome C of the AP, and can be opened again before the PaIS is signed")

func (q QA) evolve(e qa) QA {
	switch e := e.(type) {
	case EquipeComposta:
		q.Equipe, q.Superato = e, false
	case SezioneQASalvata:
		q.Sezioni, q.Superato = salva(q.Sezioni, e.Sezione), false
	case QuadroAnalisiFinalizzato:
		q.Esito, q.Superato = e, false
	case QuadroAnalisiRiaperto:
		q.Esito = QuadroAnalisiFinalizzato{}
	}
	return q
}

// supera is the QA after the AP was opened again.
func (q QA) supera() QA {
	q.Superato = q.Superato || len(q.Equipe.Membri)+len(q.Sezioni) > 0
	q.Esito = QuadroAnalisiFinalizzato{}
	return q
}

func (e EquipeComposta) stessa(f EquipeComposta) bool {
	return e.Differita == f.Differita && slices.Equal(e.Membri, f.Membri)
}

func (EquipeComposta) EventType() string           { return "EquipeComposta" }
func (SezioneQASalvata) EventType() string         { return "SezioneQASalvata" }
func (QuadroAnalisiFinalizzato) EventType() string { return "QuadroAnalisiFinalizzato" }
func (QuadroAnalisiRiaperto) EventType() string    { return "QuadroAnalisiRiaperto" }

func (EquipeComposta) isQA()           {}
func (SezioneQASalvata) isQA()         {}
func (QuadroAnalisiFinalizzato) isQA() {}
func (QuadroAnalisiRiaperto) isQA()    {}

func (EquipeComposta) isCaso()           {}
func (SezioneQASalvata) isCaso()         {}
func (QuadroAnalisiFinalizzato) isCaso() {}
func (QuadroAnalisiRiaperto) isCaso()    {}
