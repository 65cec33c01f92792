package casi

import (
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
)

// Priorita is how long a domanda has waited (GEPI-29). It changes at midnight,
// and so is computed when asked, never stored.
type Priorita string

// The priorities, the most urgent first.
const (
	Alta  Priorita = "ALTA"
	Media Priorita = "MEDIA"
	Bassa Priorita = "BASSA"
)

// Soglia is from how many days after the domanda a priority holds.
type Soglia struct{ Alta, Media int }

// Soglie are the thresholds of each measure. The zero Soglie are the usual ones.
type Soglie struct{ RDC, ADI Soglia }

// soglie says what holds where nothing was configured: the guide gives no
// numbers (ambiguity 9.1).
func (s Soglie) soglie() Soglie {
	if s.RDC == (Soglia{}) {
		s.RDC = Soglia{Alta: 60, Media: 30}
	}
	if s.ADI == (Soglia{}) {
		s.ADI = Soglia{Alta: 90, Media: 60}
	}
	return s
}

// di is the threshold of a measure: a pensione di cittadinanza ages as a
// reddito does.
func (s Soglie) di(m caso.Misura) Soglia {
	if m == caso.ADI {
		return s.soglie().ADI
	}
	return s.soglie().RDC
}

// Priorita is that of a domanda on a day.
func (s Soglie) Priorita(m caso.Misura, presentata, oggi giorno.Giorno) Priorita {
	switch eta, da := int(oggi-presentata), s.di(m); {
	case eta >= da.Alta:
		return Alta
	case eta >= da.Media:
		return Media
	}
	return Bassa
}

// banda numbers a priority in the order of the queue.
func (p Priorita) banda() int {
	switch p {
	case Alta:
		return 0
	case Media:
		return 1
	}
	return 2
}

// limiti are the first and the last day on which a domanda of a measure was
// presented that is of a band today. With thresholds out of order the lower
// bands are empty, as Priorita has it.
func (s Soglie) limiti(m caso.Misura, banda int, oggi giorno.Giorno) (dal, al giorno.Giorno) {
	da := s.di(m)
	alta, media := oggi-giorno.Giorno(da.Alta), oggi-giorno.Giorno(da.Media)
	switch banda {
	case 0:
		return minimo, alta
	case 1:
		return alta + 1, media
	}
	return max(alta, media) + 1, massimo
}

// The days between which all domande lie; Postgres counts as far.
const (
	minimo  = -365_000
	massimo = 3_652_058 // 9999-12-31
)

// misure are those of which cases stand in lists: a pensione di cittadinanza
// has no place in the queue, and so no case manager.
var misure = []caso.Misura{caso.RDC, caso.ADI}
