package caso

import (
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Sostegno is what the services give.
type Sostegno struct {
	ID        id.Sostegno   `json:"sostegno_id"`
	Tipo      TipoSostegno  `json:"tipo" personale:"dato"`
	Erogatore string        `json:"erogatore" personale:"dato"`
	Quantita  int           `json:"quantita,omitempty" personale:"dato"`
	Unita     string        `json:"unita,omitempty"` // of Quantita, such as hours a week
	Dal       giorno.Giorno `json:"dal"`
	Al        giorno.Giorno `json:"al,omitzero"`
	Fondo     Fondo         `json:"fondo,omitempty"`
}

// TipoSostegno is a kind of sostegno (d.lgs. 147/2017 art. 7).
type TipoSostegno string

// TipiSostegno are the kinds.
var TipiSostegno = []TipoSostegno{
	"SEGRETARIATO_SOCIALE", "SERVIZIO_SOCIALE_PROFESSIONALE", "TIROCINIO_INCLUSIONE", "SOSTEGNO_SOCIO_EDUCATIVO", "ASSISTENZA_DOMICILIARE",
	"SOSTEGNO_GENITORIALITA", "MEDIAZIONE_FAMILIARE", "MEDIAZIONE_CULTURALE", "PRONTO_INTERVENTO_SOCIALE", "ALTRO",
}

type (
	// SostegnoPrevisto adds a sostegno to the PaIS that is being defined; anticipato, before there is one, for the case manager to confirm.
	SostegnoPrevisto struct {
		Sostegno
		Anticipato bool `json:"anticipato"`
	}
	// SostegnoModificato changes a sostegno of the PaIS that is being defined, or confirms it.
	SostegnoModificato struct{ Sostegno }
	// SostegnoRimosso takes a sostegno out of the PaIS that is being defined.
	SostegnoRimosso struct {
		Sostegno id.Sostegno `json:"sostegno_id"`
	}
)

// Refusals of a sostegno.
var (
	ErrTipoSostegno = domain.Refuse(domain.Unprocessable, "pais.tipo_sostegno_non_valido", "a sostegno is SEGRETARIATO_SOCIALE, SERVIZIO_SOCIALE_PROFESSIONALE, TIROCINIO_INCLUSIONE, SOSTEGNO_SOCIO_EDUCATIVO, ASSISTENZA_DOMICILIARE, SOSTEGNO_GENITORIALITA, MEDIAZIONE_FAMILIARE, MEDIAZIONE_CULTURALE, PRONTO_INTERVENTO_SOCIALE or ALTRO")
	ErrQuantita     = domain.Refuse(domain.Unprocessable, "pais.quantita_non_valida", "a quantity is not below zero, and comes with its unita, of at most 100 characters")
	ErrFondo        = domain.Refuse(domain.Unprocessable, "pais.fondo_non_valido", "the fund is PON, FONDO_POVERTA or ALTRO, or left out")
)

func (s Sostegno) uguale(t Sostegno) bool { return s == t }

func (s Sostegno) controlla() error {
	switch {
	case !slices.Contains(TipiSostegno, s.Tipo):
		return ErrTipoSostegno.At("tipo")
	case s.Quantita < 0, (s.Quantita > 0) == vuoto(s.Unita), utf8.RuneCountInString(s.Unita) > massimoSigla:
		return ErrQuantita.At("quantita")
	case s.Fondo != "" && s.Fondo != PON && s.Fondo != FondoPoverta && s.Fondo != AltroFondo:
		return ErrFondo.At("fondo")
	}
	if err := descrive(s.Erogatore, "erogatore"); err != nil {
		return err
	}
	return periodo(s.Dal, s.Al)
}

func (SostegnoPrevisto) EventType() string   { return "SostegnoPrevisto" }
func (SostegnoModificato) EventType() string { return "SostegnoModificato" }
func (SostegnoRimosso) EventType() string    { return "SostegnoRimosso" }

func (SostegnoPrevisto) isPaIS()   {}
func (SostegnoModificato) isPaIS() {}
func (SostegnoRimosso) isPaIS()    {}

func (SostegnoPrevisto) isCaso()   {}
func (SostegnoModificato) isCaso() {}
func (SostegnoRimosso) isCaso()    {}
