package accessi

import (
	"nucleo/domain"
)

// rifai makes the name of an operator anew.
func rifai(t *Tabelle, storia []domain.Recorded) {
	for _, r := range storia {
		apply(t, r)
	}
}
