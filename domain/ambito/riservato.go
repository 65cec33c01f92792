package ambito

import (
	"fmt"

	"nucleo/domain/personale"
)

// What holds personal data prints as its type and no more: go test . -run Personal
// -update writes this list.

// Format implements fmt.Formatter.
func (v AutoapprovazioneConsentita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AutoapprovazioneVietata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Convenzione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v ConvenzioneSottoscritta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegolaAutoapprovazione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SottoscriviConvenzione) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v convenzioneV1) Format(s fmt.State, _ rune) { personale.Taci(s, v) }
