package allarme

import (
	"slices"

	"nucleo/domain/id"
)

// Misura is what an operator did in the access log of an ambito, in a window of
// time.
type Misura struct {
	Ambito    string
	Operatore id.Operatore
	Aperture  int // of cases
	Dinieghi  int // refusals on cases
	Righe     int // of cases in lists
	Ricerche  int // for persons
	Sguardi   int // of any kind at cases and lists, not at the access log

	Aperti []id.Caso // that were opened
	Propri []id.Caso // those of them that a case manager opened: theirs to work on
	Negati []id.Caso // that were refused
}

// Di is how often a rule that asks for no more than a count counts something,
// and on which cases.
func (m Misura) Di(r Regola) (int, []id.Caso) {
	switch r {
	case Letture:
		return m.Aperture, m.Aperti
	case Elenchi:
		return m.Righe, nil
	case Dinieghi:
		return m.Dinieghi, m.Negati
	case FuoriOrario:
		return m.Sguardi, m.Aperti
	case Riassegnazione:
		return m.Aperture + m.Dinieghi, m.Casi()
	case Ricerche:
		if m.Aperture > 0 {
			return 0, nil
		}
		return m.Ricerche, nil
	}
	return 0, nil
}

// Estranei are the cases that were opened or refused, but those that were opened
// by their case manager.
func (m Misura) Estranei() []id.Caso {
	return slices.DeleteFunc(m.Casi(), func(c id.Caso) bool { return slices.Contains(m.Propri, c) && !slices.Contains(m.Negati, c) })
}

// Casi are all cases that were opened or refused, each once.
func (m Misura) Casi() []id.Caso {
	return uniti(m.Aperti, m.Negati)
}

// Piu is two windows together.
func (m Misura) Piu(n Misura) Misura {
	n.Aperture, n.Dinieghi, n.Righe, n.Ricerche, n.Sguardi = n.Aperture+m.Aperture, n.Dinieghi+m.Dinieghi, n.Righe+m.Righe, n.Ricerche+m.Ricerche, n.Sguardi+m.Sguardi
	n.Aperti, n.Propri, n.Negati = uniti(m.Aperti, n.Aperti), uniti(m.Propri, n.Propri), uniti(m.Negati, n.Negati)
	return n
}

func uniti(a, b []id.Caso) []id.Caso {
	tutti := slices.Concat(a, b)
	slices.SortFunc(tutti, func(x, y id.Caso) int { return slices.Compare(x.UUID[:], y.UUID[:]) })
	return slices.Compact(tutti)
}
