package caso

import (
	"slices"

	"nucleo/domain/id"
)

// chiude is what ends because people leave the nucleo: their exemptions, those
// to care for them, and what the PaIS says of nobody but people who left
// (domain rule 2.6).
func (s State) chiude(e ComposizioneNucleoAggiornata) (events []Event) {
	dopo := s.Nucleo.aggiorna(e)
	for _, x := range s.Esoneri.Attivi {
		if !dopo.contiene(x.Componente) || !x.Assistito.IsZero() && !dopo.contiene(x.Assistito) {
			events = append(events, EsoneroRevocato{Componente: x.Componente, Dal: x.Dal, Causa: UscitaComponente})
		}
	}
	return append(events, s.PaIS.chiude(dopo)...)
}

func (p PaIS) chiude(n Nucleo) (events []Event) {
	for _, o := range insieme(orfane(p.Vigente.Obiettivi, n), orfane(p.Bozza.Obiettivi, n)) {
		events = append(events, ObiettivoRimosso{Obiettivo: o.ID, Motivo: UscitaComponente})
	}
	for _, i := range insieme(orfane(p.Vigente.Impegni, n), orfane(p.Bozza.Impegni, n)) {
		events = append(events, ImpegnoRimosso{Impegno: i.ID, Motivo: UscitaComponente})
	}
	return events
}

// voceDiPersone is something of a patto that is about people; about none, it is
// about the nucleo as a whole.
type voceDiPersone interface {
	voce
	persone() []id.Componente
}

func (o Obiettivo) persone() []id.Componente { return o.Componenti }
func (i Impegno) persone() []id.Componente   { return i.Componenti }

// orfane lists what is about people, none of whom is in the nucleo.
func orfane[V voceDiPersone](voci []V, n Nucleo) (sole []V) {
	for _, v := range voci {
		if chi := v.persone(); len(chi) > 0 && !slices.ContainsFunc(chi, n.contiene) {
			sole = append(sole, v)
		}
	}
	return sole
}

// insieme lists what either list holds, once.
func insieme[V voce](vigenti, bozze []V) (tutte []V) {
	for _, v := range vigenti {
		if posto(bozze, v.chiave()) < 0 {
			tutte = append(tutte, v)
		}
	}
	return append(tutte, bozze...)
}
