package caso

import (
	"reflect"
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Impegno is what people of the nucleo undertake.
type Impegno struct {
	ID          id.Impegno      `json:"impegno_id"`
	Tipo        TipoImpegno     `json:"tipo" personale:"dato"`
	Descrizione string          `json:"descrizione" personale:"testo"`
	Componenti  []id.Componente `json:"componenti"`
	Frequenza   string          `json:"frequenza,omitempty" personale:"testo"`
	Dal         giorno.Giorno   `json:"dal"`
	Al          giorno.Giorno   `json:"al,omitzero"`
}

// TipoImpegno is a kind of impegno (d.lgs. 147/2017 art. 6).
type TipoImpegno string

// TipiImpegno are the kinds.
var TipiImpegno = []TipoImpegno{"CONTATTI_SERVIZI", "RICERCA_LAVORO", "FORMAZIONE", "FREQUENZA_SCOLASTICA", "PREVENZIONE_CURA", "PUC", "ALTRO"}

type (
	// ImpegnoDefinito adds an impegno to the PaIS that is being defined.
	ImpegnoDefinito struct{ Impegno }
	// ImpegnoModificato changes an impegno of the PaIS that is being defined, or confirms it.
	ImpegnoModificato struct{ Impegno }
	// ImpegnoRimosso takes an impegno out of the PaIS.
	ImpegnoRimosso struct {
		Impegno id.Impegno      `json:"impegno_id"`
		Motivo  MotivoRimozione `json:"motivo,omitempty"`
	}
)

// Refusals of an impegno.
var (
	ErrTipoImpegno      = domain.Refuse(domain.Unprocessable, "pais.tipo_impegno_non_valido", "an impegno is CONTATTI_SERVIZI, RICERCA_LAVORO, FORMAZIONE, FREQUENZA_SCOLASTICA, PREVENZIONE_CURA, PUC or ALTRO")
	ErrImpegnoDiNessuno = domain.Refuse(domain.Unprocessable, "pais.impegno_di_nessuno", "say in componenti who undertakes it")
)

func (i Impegno) uguale(j Impegno) bool { return reflect.DeepEqual(i, j) }

func (i Impegno) controlla(s State) error {
	switch {
	case !slices.Contains(TipiImpegno, i.Tipo):
		return ErrTipoImpegno.At("tipo")
	case len(i.Componenti) == 0:
		return ErrImpegnoDiNessuno.At("componenti")
	case utf8.RuneCountInString(i.Frequenza) > massimoSigla:
		return ErrTestoTroppoLungo.At("frequenza")
	}
	if err := descrive(i.Descrizione, "descrizione"); err != nil {
		return err
	}
	if err := periodo(i.Dal, i.Al); err != nil {
		return err
	}
	return s.Nucleo.riguarda(i.Componenti)
}

func (ImpegnoDefinito) EventType() string   { return "ImpegnoDefinito" }
func (ImpegnoModificato) EventType() string { return "ImpegnoModificato" }
func (ImpegnoRimosso) EventType() string    { return "ImpegnoRimosso" }

func (ImpegnoDefinito) isPaIS()   {}
func (ImpegnoModificato) isPaIS() {}
func (ImpegnoRimosso) isPaIS()    {}

func (ImpegnoDefinito) isCaso()   {}
func (ImpegnoModificato) isCaso() {}
func (ImpegnoRimosso) isCaso()    {}
