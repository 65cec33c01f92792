package casi

import (
	"cmp"
	"fmt"
	"slices"

	"nucleo/domain/caso"
)

// banda is rows that lie together in an index, or can be told apart in it: the
// domande of one measure that are of one priority today, or that are so or not.
// The zero banda is all of them.
type banda struct {
	misura   caso.Misura // empty for all
	priorita int         // of that measure; ogni for all
	segno    *bool       // what the first column of the order holds; nil for both
}

const ogni = -1

// aBande reports whether a search looks through bande one by one. Few rows are
// looked through all at once.
func (r *ricerca) aBande() bool {
	return !r.stretta() && (r.ordine.banda || r.ordine.segno || r.Ordina == PerPresentazione && (len(r.Priorita) > 0 || r.aMisure()))
}

// aMisure reports whether the days of each measure are looked through, rather
// than those of a comune.
func (r *ricerca) aMisure() bool { return r.Comune == "" && len(r.Territorio.Comuni) == 0 }

func (r *ricerca) bande() (all []banda) {
	switch {
	case !r.aBande():
		return []banda{{}}
	case r.ordine.banda || len(r.Priorita) > 0:
		all = r.tutte()
	case r.aMisure():
		for _, m := range r.misure() {
			all = append(all, banda{misura: m, priorita: ogni})
		}
	default:
		all = []banda{{}}
	}
	if !r.ordine.segno {
		return all
	}
	var segnate []banda
	for _, segno := range []bool{false, true} {
		if r.Ordina == PerRiassegnato && r.Riassegnato != nil && *r.Riassegnato != segno {
			continue
		}
		for _, b := range all {
			b.segno = &segno
			segnate = append(segnate, b)
		}
	}
	return segnate
}

// misure are those that a search may find.
func (r *ricerca) misure() []caso.Misura {
	return slices.DeleteFunc(slices.Clone(misure), func(m caso.Misura) bool { return r.Misura != "" && r.Misura != m })
}

// intervalli are those in which the rows of a search are counted: an index
// counts those of one priority.
func (r *ricerca) intervalli() []banda {
	if r.stretta() || len(r.Priorita) == 0 {
		return []banda{{}}
	}
	return r.tutte()
}

func (r *ricerca) tutte() (all []banda) {
	for n, p := range []Priorita{Alta, Media, Bassa} {
		if len(r.Priorita) > 0 && !slices.Contains(r.Priorita, p) {
			continue
		}
		for _, m := range r.misure() {
			all = append(all, banda{misura: m, priorita: n})
		}
	}
	return all
}

// rispetto says where a whole banda lies: before the cursor's (-1), in the
// same place, or after it.
func (r *ricerca) rispetto(b banda) (n int) {
	switch {
	case r.dopo == nil:
		return +1
	case b.segno != nil && *b.segno != r.dopo.Chiave[0]:
		n = +1
		if !*b.segno {
			n = -1
		}
	case r.ordine.banda && b.misura != "":
		n = cmp.Compare(b.priorita, r.dopo.Banda)
	}
	if r.Verso == Discendente {
		return -n
	}
	return n
}

// bandaSQL is the number of the priority of a row.
func (r *ricerca) bandaSQL() string {
	per := func(m caso.Misura) string {
		_, alta := r.Soglie.limiti(m, 0, r.Oggi)
		_, media := r.Soglie.limiti(m, 1, r.Oggi)
		return fmt.Sprintf("CASE WHEN data_presentazione <= %s THEN 0 WHEN data_presentazione <= %s THEN 1 ELSE 2 END",
			r.giorno(int32(alta)), r.giorno(int32(media)))
	}
	return fmt.Sprintf("CASE misura WHEN '%s' THEN %s ELSE %s END", caso.ADI, per(caso.ADI), per(caso.RDC))
}
