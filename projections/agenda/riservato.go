package agenda

import (
	"fmt"

	"nucleo/domain/personale"
)

// What holds personal data prints as its type and no more: go test . -run Personal
// -update writes this list.

// Format implements fmt.Formatter.
func (v Caso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v DaVedere) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Impegnato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Incontro) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Mio) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Nominativo) Format(s fmt.State, _ rune) { personale.Taci(s, v) }
