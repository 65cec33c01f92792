package analisi

import (
	"slices"

	"nucleo/domain/giorno"
	"nucleo/projections/cruscotto"
)

// Cella is one row of a view, as it is known: what is Soppressa is not stored.
type Cella struct {
	Vista   string
	Periodo giorno.Giorno
	Comune  string
	Misura  string
	Voce    string

	Numero    int
	Altro     *int
	Media     *float64
	Mediana   *float64
	Gini      *float64
	Soppressa bool
}

// riga is the cell as it is stored.
func (c Cella) riga(ambito string) []any {
	r := []any{c.Vista, c.Periodo.Time(), ambito, c.Comune, c.Misura, c.Voce, c.Numero, c.Altro, c.Media, c.Mediana, c.Gini, c.Soppressa}
	if c.Soppressa {
		for i := 6; i < 11; i++ {
			r[i] = nil
		}
	}
	return r
}

var colonneCelle = []string{"vista", "periodo", "ambito", "comune", "misura", "voce", "numero", "altro", "media", "mediana", "gini", "soppressa"}

// medi is an average to a tenth, cut off; none of nothing.
func medi(somma, quanti int) *float64 {
	if quanti == 0 {
		return nil
	}
	v := cruscotto.Medi(somma, quanti)
	return &v
}

// mediano is the value in the middle; of two, their mean.
func mediano(valori []int) *float64 {
	if len(valori) == 0 {
		return nil
	}
	slices.Sort(valori)
	v := float64(valori[(len(valori)-1)/2]+valori[len(valori)/2]) / 2
	return &v
}

// gini is the Gini coefficient of loads, to four digits, cut off. It is worked
// out in whole numbers, so that it is the same on every machine.
func gini(carichi []int) *float64 {
	slices.Sort(carichi)
	n, somma, pesata := len(carichi), 0, 0
	for i, c := range carichi {
		somma += c
		pesata += (i + 1) * c
	}
	if somma == 0 {
		return nil
	}
	v := float64((2*pesata-(n+1)*somma)*10_000/(n*somma)) / 10_000
	return &v
}

func somma(valori []int) (s int) {
	for _, v := range valori {
		s += v
	}
	return s
}
