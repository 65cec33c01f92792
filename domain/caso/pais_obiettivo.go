package caso

import (
	"reflect"
	"slices"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Obiettivo is what a PaIS aims at, and how it will be seen.
type Obiettivo struct {
	ID          id.Obiettivo    `json:"obiettivo_id"`
	Ambito      CodiceSezione   `json:"ambito" personale:"dato"` // one of the six domains
	Descrizione string          `json:"descrizione" personale:"testo"`
	Componenti  []id.Componente `json:"componenti,omitempty"` // none: the nucleo as a whole
	Risultati   []Risultato     `json:"risultati,omitempty"`
}

// Risultato is a result by which an obiettivo is measured.
type Risultato struct {
	ID          id.Risultato  `json:"risultato_id"`
	Descrizione string        `json:"descrizione" personale:"testo"`
	Entro       giorno.Giorno `json:"entro"`
}

type (
	// ObiettivoDefinito adds an obiettivo to the PaIS that is being defined.
	ObiettivoDefinito struct{ Obiettivo }
	// ObiettivoModificato changes an obiettivo of the PaIS that is being defined, or confirms it.
	ObiettivoModificato struct{ Obiettivo }
	// ObiettivoRimosso takes an obiettivo out of the PaIS.
	ObiettivoRimosso struct {
		Obiettivo id.Obiettivo    `json:"obiettivo_id"`
		Motivo    MotivoRimozione `json:"motivo,omitempty"`
	}
)

// Refusals of an obiettivo.
var (
	ErrAmbitoObiettivo = domain.Refuse(domain.Unprocessable, "pais.ambito_non_valido", "an obiettivo lies in CONDIZIONI_FUNZIONAMENTI, SITUAZIONE_ECONOMICA, SITUAZIONE_LAVORATIVA, EDUCAZIONE_FORMAZIONE, CONDIZIONE_ABITATIVA or RETI")
	ErrRisultato       = domain.Refuse(domain.Unprocessable, "pais.risultato_non_valido", "each risultato has an id of its own and a day, entro, by which it is reached")
)

func (o Obiettivo) uguale(p Obiettivo) bool {
	o.Componenti, o.Risultati = elenco(o.Componenti), elenco(o.Risultati)
	return reflect.DeepEqual(o, p)
}

func (o Obiettivo) controlla(s State) error {
	if !slices.Contains(Dimensioni, o.Ambito) {
		return ErrAmbitoObiettivo.At("ambito")
	}
	if err := descrive(o.Descrizione, "descrizione"); err != nil {
		return err
	}
	if len(o.Risultati) > massimoVoci {
		return ErrTroppeVoci.At("risultati")
	}
	for i, r := range o.Risultati {
		doppio := slices.ContainsFunc(o.Risultati[:i], func(q Risultato) bool { return q.ID == r.ID })
		if r.ID.IsZero() || doppio || r.Entro < s.AP.Avvio.Data || r.Entro.IsZero() || s.PaIS.Bozza.altrove(o.ID, r.ID) {
			return ErrRisultato.At("risultati")
		}
		if err := descrive(r.Descrizione, "risultati"); err != nil {
			return err
		}
	}
	return s.Nucleo.riguarda(o.Componenti)
}

// altrove reports whether a result belongs to another obiettivo.
func (p Patto) altrove(o id.Obiettivo, r id.Risultato) bool {
	return slices.ContainsFunc(p.Obiettivi, func(a Obiettivo) bool {
		return a.ID != o && slices.ContainsFunc(a.Risultati, func(q Risultato) bool { return q.ID == r })
	})
}

func (ObiettivoDefinito) EventType() string   { return "ObiettivoDefinito" }
func (ObiettivoModificato) EventType() string { return "ObiettivoModificato" }
func (ObiettivoRimosso) EventType() string    { return "ObiettivoRimosso" }

func (ObiettivoDefinito) isPaIS()   {}
func (ObiettivoModificato) isPaIS() {}
func (ObiettivoRimosso) isPaIS()    {}

func (ObiettivoDefinito) isCaso()   {}
func (ObiettivoModificato) isCaso() {}
func (ObiettivoRimosso) isCaso()    {}
