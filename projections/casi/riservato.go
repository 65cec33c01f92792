package casi

import (
	"fmt"

	"nucleo/domain/personale"
)

// What holds personal data prints as its type and no more: go test . -run Personal
// -update writes this list.

// Format implements fmt.Formatter.
func (v Nominativo) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Riga) Format(s fmt.State, _ rune) { personale.Taci(s, v) }
