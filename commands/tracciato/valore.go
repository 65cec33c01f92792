package tracciato

import (
	"strconv"

	"nucleo/domain/giorno"
)

// massimoIntero keeps whole numbers within what every JSON reader represents.
const massimoIntero = 999_999_999_999_999

// daTesto sets a field from its text. Empty text leaves the field as it is.
func (c campo[T]) daTesto(t *T, s string) *difetto {
	if s == "" {
		return nil
	}
	switch p := c.dove(t).(type) {
	case *string:
		max := c.max
		if max == 0 {
			max = breve
		}
		v, male := testo(s, max)
		if male == nil && v != "" && c.forma != nil {
			v, male = c.forma(v)
		}
		*p = v
		return male
	case *giorno.Giorno:
		return leggiGiorno(p, s)
	case *int:
		return intero(p, s)
	case *bool:
		return siNo(p, s)
	}
	return tipoErrato
}

// vuoto reports whether a field that is needed has no value. A false or a 0 is
// one, and whether it was written only the reader knows.
func (c campo[T]) vuoto(t *T) bool {
	switch p := c.dove(t).(type) {
	case *string:
		return *p == ""
	case *giorno.Giorno:
		return p.IsZero()
	case *[]Componente:
		return len(*p) == 0
	}
	return false
}

func leggiGiorno(p *giorno.Giorno, s string) *difetto {
	g, err := giorno.Parse(s)
	if err != nil || g < primoGiorno {
		return nonData
	}
	*p = g
	return nil
}

// primoGiorno is before everybody's birth: an earlier date is a mistake.
var primoGiorno = giorno.Data(1850, 1, 1)

func intero(p *int, s string) *difetto {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > massimoIntero {
		return nonIntero
	}
	*p = n
	return nil
}

func siNo(p *bool, s string) *difetto {
	switch s {
	case "SI":
		*p = true
	case "NO":
		*p = false
	default:
		return nonSiNo
	}
	return nil
}
