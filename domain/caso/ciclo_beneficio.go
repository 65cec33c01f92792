package caso

import (
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Beneficio is what INPS said of the benefit. A suspended benefit does not
// stop the work on the case (ambiguity 9.25); a lost one does.
type Beneficio struct {
	Stato        StatoBeneficio
	Storia       []VariazioneBeneficio // oldest first
	Decurtazioni []DecurtazioneComunicata
}

// VariazioneBeneficio is one change that INPS told, and what it led to.
type VariazioneBeneficio struct {
	Stato StatoBeneficio
	Variazione
}

// StatoBeneficio says whether INPS pays.
type StatoBeneficio string

// The states of a benefit. The zero StatoBeneficio is InEssere.
const (
	InEssere       StatoBeneficio = ""
	Sospeso        StatoBeneficio = "SOSPESO"
	BeneficioPerso StatoBeneficio = "DECADUTO"
	Terminato      StatoBeneficio = "TERMINATO"
)

// Variazione is what INPS tells of a change of the benefit.
type Variazione struct {
	Dal             giorno.Giorno `json:"dal"`
	Causale         string        `json:"causale" personale:"dato"`
	RiferimentoINPS string        `json:"riferimento_inps,omitempty"`
}

type (
	// BeneficioSospeso says that INPS does not pay for the time being.
	BeneficioSospeso struct{ Variazione }
	// BeneficioRipristinato says that INPS pays again.
	BeneficioRipristinato struct{ Variazione }
	// BeneficioDecaduto says that the nucleo lost the benefit: the work stops.
	BeneficioDecaduto struct{ Variazione }
	// BeneficioTerminato says that the benefit ran its whole time.
	BeneficioTerminato struct{ Variazione }
	// DecurtazioneComunicata says that INPS keeps back some months of the benefit.
	DecurtazioneComunicata struct {
		Mensilita    int             `json:"mensilita" personale:"dato"`
		Segnalazione id.Segnalazione `json:"segnalazione_id,omitzero"` // for which INPS decided so
		Dal          giorno.Giorno   `json:"dal"`
	}
)

// Refusals of news about a benefit.
var (
	ErrCausale            = domain.Refuse(domain.Unprocessable, "beneficio.causale_non_valida", "say in causale, in at most 500 characters, why the benefit changed")
	ErrVariazioneSuperata = domain.Refuse(domain.Refused, "beneficio.variazione_superata", "a change of the benefit from a later day is known: send changes in their order")
	ErrBeneficioCessato   = domain.Refuse(domain.Refused, "beneficio.cessato", "the benefit ended: restore it first")
	ErrMensilita          = domain.Refuse(domain.Unprocessable, "beneficio.mensilita_non_valida", "INPS keeps back 1 to 18 months: correct mensilita")
)

const (
	massimoDecurtazione = 18  // months: the longest that a benefit runs
	massimoSigla        = 100 // bytes
)

func (b Beneficio) varia(a StatoBeneficio, v Variazione) Beneficio {
	b.Stato, b.Storia = a, append(slices.Clip(b.Storia), VariazioneBeneficio{a, v})
	return b
}

// nota reports whether INPS told the same before: a file that is sent twice
// changes nothing, whatever followed.
func (b Beneficio) nota(a StatoBeneficio, v Variazione) bool {
	return slices.Contains(b.Storia, VariazioneBeneficio{a, v})
}

// controllaVariazione refuses news that cannot be, or that comes too late.
func (c Ciclo) controllaVariazione(v Variazione) error {
	switch {
	case c.Stato == "":
		return ErrInesistente
	case v.Dal.IsZero() || v.Dal < c.Domanda.DataPresentazione:
		return ErrData.At("dal")
	case strings.TrimSpace(v.Causale) == "" || utf8.RuneCountInString(v.Causale) > massimoMotivo:
		return ErrCausale.At("causale")
	case len(v.RiferimentoINPS) > massimoSigla:
		return ErrTestoTroppoLungo.At("riferimento_inps")
	}
	return nil
}

// supera refuses news of a day before the last one known.
func (b Beneficio) supera(v Variazione) error {
	if n := len(b.Storia); n > 0 && v.Dal < b.Storia[n-1].Dal {
		return ErrVariazioneSuperata.At("dal")
	}
	return nil
}

func (BeneficioSospeso) EventType() string       { return "BeneficioSospeso" }
func (BeneficioRipristinato) EventType() string  { return "BeneficioRipristinato" }
func (BeneficioDecaduto) EventType() string      { return "BeneficioDecaduto" }
func (BeneficioTerminato) EventType() string     { return "BeneficioTerminato" }
func (DecurtazioneComunicata) EventType() string { return "DecurtazioneComunicata" }

func (BeneficioSospeso) isCiclo()       {}
func (BeneficioRipristinato) isCiclo()  {}
func (BeneficioDecaduto) isCiclo()      {}
func (BeneficioTerminato) isCiclo()     {}
func (DecurtazioneComunicata) isCiclo() {}

func (BeneficioSospeso) isCaso()       {}
func (BeneficioRipristinato) isCaso()  {}
func (BeneficioDecaduto) isCaso()      {}
func (BeneficioTerminato) isCaso()     {}
func (DecurtazioneComunicata) isCaso() {}
