// Package giorno is a day of the calendar, without hour or place.
package giorno

import (
	"errors"
	"time"
)

// Giorno counts days from 1 January of year 1. The zero Giorno is no day.
type Giorno int32

var inizio = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

const secondi = 24 * 60 * 60

// Di is the day of an instant where its clock hangs: give it the instant in
// the location that is meant.
func Di(t time.Time) Giorno {
	y, m, d := t.Date()
	return Data(y, int(m), d)
}

// Data is the day of a date. Months and days beyond their range carry over.
func Data(anno, mese, giorno int) Giorno {
	return Giorno((time.Date(anno, time.Month(mese), giorno, 0, 0, 0, 0, time.UTC).Unix() - inizio) / secondi)
}

var errForma = errors.New("not a date of the form YYYY-MM-DD")

// Parse reads YYYY-MM-DD. Rebuilds read millions of days, for which time.Parse
// takes several times as long.
func Parse[T string | []byte](s T) (Giorno, error) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0, errForma
	}
	anno, ok1 := cifre(s[:4])
	mese, ok2 := cifre(s[5:7])
	giorno, ok3 := cifre(s[8:])
	g := Data(anno, mese, giorno)
	inMonth := giorno <= 28 || g < Data(anno, mese+1, 1)
	if !ok1 || !ok2 || !ok3 || mese < 1 || mese > 12 || giorno < 1 || !inMonth {
		return 0, errForma
	}
	return g, nil
}

// cifre is the number that some digits write.
func cifre[T string | []byte](s T) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, true
}

// Time is the start of the day, UTC.
func (g Giorno) Time() time.Time { return time.Unix(inizio+int64(g)*secondi, 0).UTC() }

// IsZero reports whether g is no day.
func (g Giorno) IsZero() bool { return g == 0 }

// Anni is how many whole years lie between g and a later day.
func (g Giorno) Anni(a Giorno) int {
	y1, m1, d1 := g.Time().Date()
	y2, m2, d2 := a.Time().Date()
	if m2 < m1 || m2 == m1 && d2 < d1 {
		return y2 - y1 - 1
	}
	return y2 - y1
}

// String is YYYY-MM-DD, or nothing for no day.
func (g Giorno) String() string {
	if g == 0 {
		return ""
	}
	return g.Time().Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler.
func (g Giorno) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (g *Giorno) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*g = 0
		return nil
	}
	*g, err = Parse(text)
	return err
}
