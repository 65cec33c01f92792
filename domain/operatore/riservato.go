package operatore

import (
	"fmt"

	"nucleo/domain/personale"
)

// What holds personal data prints as its type and no more: go test . -run Personal
// -update writes this list.

// Format implements fmt.Formatter.
func (v AccreditamentoRiattivato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AccreditamentoSospeso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v AggiornaRecapiti) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Indisponibilita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v IndisponibilitaRegistrata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Nascita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v NascitaCompletata) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RecapitiAggiornati) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RegistraIndisponibilita) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Registrato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Revoca) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Revocato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Riattiva) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v RiattivaAccreditamento) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Riattivato) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Richiesta) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Sospendi) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v SospendiAccreditamento) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v Sospeso) Format(s fmt.State, _ rune) { personale.Taci(s, v) }

// Format implements fmt.Formatter.
func (v State) Format(s fmt.State, _ rune) { personale.Taci(s, v) }
