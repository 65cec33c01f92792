package casi

import (
	"fmt"
	"slices"

	"nucleo/domain/caso"
)

// banda is the domande of one measure that are of one priority today. The
// zero banda is all of them.
type banda struct {
	misura   caso.Misura
	priorita int
}

func (r *ricerca) aBande() bool {
	return !r.stretta() && (r.ordine.banda || len(r.Priorita) > 0 && r.Ordina == PerPresentazione)
}

// bande are those that a search looks through one by one: each is a range of
// an index. Few rows, and orders and searches without priority, are looked
// through all at once.
func (r *ricerca) bande() []banda {
	if !r.aBande() {
		return []banda{{}}
	}
	return r.tutte()
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
		for _, m := range misure {
			if r.Misura == "" || r.Misura == m {
				all = append(all, banda{m, n})
			}
		}
	}
	return all
}

// passata reports whether a whole banda lies before the cursor.
func (r *ricerca) passata(b banda) bool {
	if r.dopo == nil || !r.ordine.banda || b.misura == "" || b.priorita == r.dopo.Banda {
		return false
	}
	return (b.priorita < r.dopo.Banda) == (r.Verso == Ascendente)
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
