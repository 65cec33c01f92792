package soppressione

import "math"

// flusso is another table that fits what is told, as far as it was found: it
// differs from the true one by mosso, and by what goes through the cell di.
type flusso struct {
	t      *Tavola
	di     int
	mosso  []int
	scende bool // di becomes less, not more
	chiuso bool // only through what is hidden already
}

// passo is a cell that becomes more (+1) or less (-1).
type passo struct {
	cella, verso int
}

// nodi are the ends of a cell as a flow sees it that makes it more: from its row
// to its column; the other way round for a total, for it weighs against the sum.
func (t *Tavola) nodi(i int) (da, a int) {
	riga, colonna := i/t.colonne, i%t.colonne
	da, a = riga, t.righe+colonna
	if t.linea {
		a = t.righe // columns end in the open
	}
	if (riga == 0) != (colonna == 0) || t.linea && colonna == 0 {
		da, a = a, da
	}
	return da, a
}

const maiPiu = math.MaxInt / 4

// cerca finds the way back from where the cell's flow arrives to where it
// begins that hides the least, and how much can go along it.
func (f *flusso) cerca() (via []passo, quanto int) {
	t := f.t
	meta, inizio := t.nodi(f.di)
	if f.scende {
		meta, inizio = inizio, meta
	}
	nodi := t.righe + t.colonne
	costo, arrivo := make([]int, nodi), make([]passo, nodi)
	for n := range costo {
		costo[n], arrivo[n].cella = maiPiu, -1
	}
	costo[inizio] = 0
	for cambia := true; cambia; { // Bellman and Ford: tables are small
		cambia = false
		for i := range t.celle {
			if i == f.di || t.celle[i].Nota || f.chiuso && !t.celle[i].Nascosta {
				continue
			}
			su, giu := t.nodi(i)
			for _, m := range [...]struct{ da, a, verso int }{{su, giu, +1}, {giu, su, -1}} {
				if m.verso < 0 && f.resta(i) <= 0 {
					continue
				}
				if c := costo[m.da] + t.prezzo(i); c < costo[m.a] {
					costo[m.a], arrivo[m.a], cambia = c, passo{i, m.verso}, true
				}
			}
		}
	}
	if costo[meta] >= maiPiu {
		return nil, 0
	}
	quanto = maiPiu
	for n := meta; n != inizio; {
		p := arrivo[n]
		via = append(via, p)
		da, a := t.nodi(p.cella)
		if p.verso < 0 {
			quanto = min(quanto, f.resta(p.cella))
			da = a
		}
		n = da
	}
	return via, quanto
}

// resta is how much less a cell can become.
func (f *flusso) resta(i int) int { return f.t.celle[i].Valore + f.mosso[i] }

// prezzo is what hiding a cell costs: small ones first, totals last. Nothing
// costs nothing, so that ways have no circles.
func (t *Tavola) prezzo(i int) int {
	c := t.celle[i]
	switch totale := i/t.colonne == 0 && !t.linea || i%t.colonne == 0; {
	case c.Nascosta:
		return 1
	case totale:
		return 1_000_000 + min(c.Valore, 100_000)
	case c.Valore == 0:
		return 2_000
	}
	return 1_000 + min(c.Valore, 100_000)
}
