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
	for _, o := range insieme(p.Vigente.Obiettivi, p.Bozza.Obiettivi) {
		if n.orfano(o.Componenti) {
			events = append(events, ObiettivoRimosso{Obiettivo: o.ID, Motivo: UscitaComponente})
		}
	}
	for _, i := range insieme(p.Vigente.Impegni, p.Bozza.Impegni) {
		if n.orfano(i.Componenti) {
			events = append(events, ImpegnoRimosso{Impegno: i.ID, Motivo: UscitaComponente})
		}
	}
	return events
}

// orfano reports whether something was about people, none of whom is in the
// nucleo.
func (n Nucleo) orfano(persone []id.Componente) bool {
	return len(persone) > 0 && !slices.ContainsFunc(persone, n.contiene)
}

// insieme lists what either list holds, once, as the second has it.
func insieme[V voce](vigenti, bozze []V) (tutte []V) {
	for _, v := range vigenti {
		if posto(bozze, v.chiave()) < 0 {
			tutte = append(tutte, v)
		}
	}
	return append(tutte, bozze...)
}
