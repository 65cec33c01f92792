// Package calendario knows the working days of Italy, by which the terms of
// the law run: national holidays, the patron of one comune, Saturday and
// Sunday are not worked.
package calendario

import (
	"fmt"
	"time"

	"nucleo/domain/giorno"
)

// Calendario is the calendar of one comune. The zero Calendario has the
// national holidays and no patron.
type Calendario struct {
	Patrono Ricorrenza
}

// Ricorrenza is a day that returns every year. The zero Ricorrenza is none.
type Ricorrenza struct{ Mese, Giorno int }

// nazionali are the holidays of fixed date (law 260/1949 as it stands), but
// for the one that came later.
var nazionali = [...]Ricorrenza{{1, 1}, {1, 6}, {4, 25}, {5, 1}, {6, 2}, {8, 15}, {11, 1}, {12, 8}, {12, 25}, {12, 26}}

// francesco is a holiday from 2026 on (law 151/2025).
var francesco = Ricorrenza{10, 4}

// ParseRicorrenza reads MM-DD; the empty text is none.
func ParseRicorrenza(s string) (Ricorrenza, error) {
	if s == "" {
		return Ricorrenza{}, nil
	}
	t, err := time.Parse(time.DateOnly, "2000-"+s) // a leap year: 02-29 is a day
	if err != nil {
		return Ricorrenza{}, fmt.Errorf("not a day of the form MM-DD")
	}
	return Ricorrenza{int(t.Month()), t.Day()}, nil
}

// String is MM-DD, or nothing for none.
func (r Ricorrenza) String() string {
	if r == (Ricorrenza{}) {
		return ""
	}
	return fmt.Sprintf("%02d-%02d", r.Mese, r.Giorno)
}

// Festivo reports whether a day is a Sunday, a national holiday, or the
// patron's.
func (c Calendario) Festivo(g giorno.Giorno) bool {
	t := g.Time()
	r := Ricorrenza{int(t.Month()), t.Day()}
	if t.Weekday() == time.Sunday || r == c.Patrono {
		return true
	}
	for _, n := range nazionali {
		if r == n {
			return true
		}
	}
	return r == francesco && t.Year() >= 2026 || g == Pasqua(t.Year())+1
}

// Lavorativo reports whether a day is worked: Saturday is not.
func (c Calendario) Lavorativo(g giorno.Giorno) bool {
	return g.Time().Weekday() != time.Saturday && !c.Festivo(g)
}

// Dopo is the n-th working day after a day, which is not counted itself. With
// n below 1 it is the day itself, worked or not.
func (c Calendario) Dopo(g giorno.Giorno, n int) giorno.Giorno {
	for n > 0 {
		if g++; c.Lavorativo(g) {
			n--
		}
	}
	return g
}

// Pasqua is Easter Sunday of a year, by the Gregorian reckoning.
func Pasqua(anno int) giorno.Giorno {
	aureo, secolo, resto := anno%19, anno/100, anno%100
	luna := (19*aureo + secolo - secolo/4 - (secolo-(secolo+8)/25+1)/3 + 15) % 30
	settimana := (32 + 2*(secolo%4) + 2*(resto/4) - luna - resto%4) % 7
	correzione := (aureo + 11*luna + 22*settimana) / 451
	n := luna + settimana - 7*correzione + 114
	return giorno.Data(anno, n/31, n%31+1)
}
