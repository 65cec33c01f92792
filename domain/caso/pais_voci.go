package caso

import (
	"slices"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// voce is one thing in a patto, known by its id.
type voce interface{ chiave() uuid.UUID }

func (o Obiettivo) chiave() uuid.UUID { return o.ID.UUID }
func (i Impegno) chiave() uuid.UUID   { return i.ID.UUID }
func (s Sostegno) chiave() uuid.UUID  { return s.ID.UUID }

func posto[V voce](voci []V, chiave uuid.UUID) int {
	return slices.IndexFunc(voci, func(v V) bool { return v.chiave() == chiave })
}

func metti[V voce](voci []V, v V) []V {
	voci = slices.Clone(voci)
	if i := posto(voci, v.chiave()); i >= 0 {
		voci[i] = v
		return voci
	}
	return append(voci, v)
}

func togli[V voce](voci []V, chiave uuid.UUID) []V {
	return elenco(slices.DeleteFunc(slices.Clone(voci), func(v V) bool { return v.chiave() == chiave }))
}

func usa(ids []uuid.UUID, chiave uuid.UUID) []uuid.UUID { return append(slices.Clip(ids), chiave) }

func meno(ids []uuid.UUID, chiave uuid.UUID) []uuid.UUID {
	return elenco(slices.DeleteFunc(slices.Clone(ids), func(i uuid.UUID) bool { return i == chiave }))
}

// MotivoRimozione is why something left the PaIS, beyond that the case manager
// took it out.
type MotivoRimozione string

// UscitaComponente says that everybody concerned left the nucleo: in the PaIS
// in force, in the one that is being defined, or in both.
const UscitaComponente MotivoRimozione = "USCITA_COMPONENTE"

// Refusals of what a PaIS says.
var (
	ErrSenzaID         = domain.Refuse(domain.Unprocessable, "pais.id_mancante", "give it an id, one that was never used in the case")
	ErrIDUsato         = domain.Refuse(domain.Refused, "pais.id_usato", "the id was given to something else, or to something removed: take a new one")
	ErrVoceInesistente = domain.Refuse(domain.NotFound, "pais.voce_inesistente", "there is no such thing in the PaIS that is being defined")
	ErrTroppeVoci      = domain.Refuse(domain.Refused, "pais.troppe_voci", "a PaIS has at most 100 obiettivi, 100 impegni and 100 sostegni, an obiettivo at most 100 risultati")
	ErrPeriodo         = domain.Refuse(domain.Unprocessable, "caso.periodo_non_valido", "the first day is missing, or the last day lies before it")
)

// aggiunge decides on something new in the PaIS: whether it is new, or there
// already as it is.
func aggiunge[V voce](p PaIS, voci []V, v V, uguale func(V) bool) (bool, error) {
	switch i := posto(voci, v.chiave()); {
	case v.chiave() == uuid.Nil:
		return false, ErrSenzaID.At("id")
	case i >= 0 && uguale(voci[i]):
		return false, nil
	case slices.Contains(p.Usati, v.chiave()):
		return false, ErrIDUsato.At("id")
	case len(voci) >= massimoVoci:
		return false, ErrTroppeVoci
	}
	return true, nil
}

// modifica decides on a change of something in the PaIS. The same again
// confirms what must be confirmed.
func modifica[V voce](p PaIS, voci []V, v V, uguale func(V) bool) (bool, error) {
	i := posto(voci, v.chiave())
	if i < 0 {
		return false, ErrVoceInesistente
	}
	return !uguale(voci[i]) || slices.Contains(p.Bozza.DaConfermare, v.chiave()), nil
}

// rimuove decides whether something is there to remove, or was removed before.
func rimuove[V voce](p PaIS, voci []V, chiave uuid.UUID) (bool, error) {
	switch {
	case posto(voci, chiave) >= 0:
		return true, nil
	case slices.Contains(p.Usati, chiave):
		return false, nil
	}
	return false, ErrVoceInesistente
}

// periodo refuses a time that does not begin, or ends before it does.
func periodo(dal, al giorno.Giorno) error {
	switch {
	case dal.IsZero():
		return ErrPeriodo.At("dal")
	case !al.IsZero() && al < dal:
		return ErrPeriodo.At("al")
	}
	return nil
}

// riguarda refuses people who are not in the nucleo.
func (n Nucleo) riguarda(persone []id.Componente) error {
	if !n.comprende(persone) {
		return ErrFuoriNucleo.At("componenti")
	}
	return nil
}
