package soppressione_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"nucleo/internal/analisi/soppressione"
)

// caccia works out what each hidden cell may be, by trying every table that has
// the numbers that are told: what somebody could do who has paper enough.
func caccia(t *soppressione.Tavola, righe, colonne int, linea bool) (minimi, massimi map[[2]int]int) {
	minimi, massimi = map[[2]int]int{}, map[[2]int]int{}
	prima := 1
	if linea {
		prima, righe = 0, 0
	}
	var dove [][2]int
	for r := prima; r <= righe; r++ {
		for c := 1; c <= colonne; c++ {
			dove = append(dove, [2]int{r, c})
		}
	}
	valori := map[[2]int]int{}
	nota := func(p [2]int, v int) bool {
		x := t.Di(p[0], p[1])
		return x.Nascosta || x.Valore == v
	}
	prova := func() {
		if !linea {
			for r := 1; r <= righe; r++ {
				valori[[2]int{r, 0}] = 0
				for c := 1; c <= colonne; c++ {
					valori[[2]int{r, 0}] += valori[[2]int{r, c}]
				}
			}
			for c := 1; c <= colonne; c++ {
				valori[[2]int{0, c}] = 0
				for r := 1; r <= righe; r++ {
					valori[[2]int{0, c}] += valori[[2]int{r, c}]
				}
			}
		}
		for p, v := range valori {
			if !nota(p, v) {
				return
			}
		}
		for p, v := range valori {
			if m, c := minimi[p]; !c || v < m {
				minimi[p] = v
			}
			massimi[p] = max(massimi[p], v)
		}
	}
	var riempi func(n, resta int)
	riempi = func(n, resta int) {
		if n == len(dove) {
			if resta == 0 {
				prova()
			}
			return
		}
		p := dove[n]
		if x := t.Di(p[0], p[1]); !x.Nascosta {
			if x.Valore <= resta {
				valori[p] = x.Valore
				riempi(n+1, resta-x.Valore)
			}
			return
		}
		for v := 0; v <= resta; v++ {
			valori[p] = v
			riempi(n+1, resta-v)
		}
	}
	riempi(0, t.Di(0, 0).Valore)
	return minimi, massimi
}

func mostra(t *soppressione.Tavola, righe, colonne int) string {
	var s strings.Builder
	for r := 0; r <= righe; r++ {
		for c := 0; c <= colonne; c++ {
			x := t.Di(r, c)
			fmt.Fprintf(&s, "%4d%s", x.Valore, map[bool]string{true: "*", false: " "}[x.Nascosta])
		}
		s.WriteString("\n")
	}
	return s.String()
}

// tiene holds a table to what is promised of it, and counts what it hides.
func tiene(t *testing.T, nome string, tavola *soppressione.Tavola, righe, colonne int, linea bool) (nascoste int) {
	t.Helper()
	if linea {
		righe = 0
	}
	somma := tavola.Di(0, 0)
	minimi, massimi := map[[2]int]int{}, map[[2]int]int{}
	if !somma.Nascosta {
		minimi, massimi = caccia(tavola, righe, colonne, linea)
	}
	for r := 0; r <= righe; r++ {
		for c := 0; c <= colonne; c++ {
			x, p := tavola.Di(r, c), [2]int{r, c}
			piccola := x.Valore > 0 && x.Valore < soppressione.Soglia
			switch {
			case !x.Nascosta && piccola:
				t.Errorf("%s: %d at %v is told\n%s", nome, x.Valore, p, mostra(tavola, righe, colonne))
			case somma.Nascosta && !x.Nascosta:
				t.Errorf("%s: of so few something is told\n%s", nome, mostra(tavola, righe, colonne))
			case somma.Nascosta || !x.Nascosta:
			case minimi[p] == massimi[p]:
				t.Errorf("%s: the cell %v can only be %d\n%s", nome, p, x.Valore, mostra(tavola, righe, colonne))
			case piccola && massimi[p] < soppressione.Soglia:
				t.Errorf("%s: the cell %v is %d at most: it is small for certain\n%s", nome, p, massimi[p], mostra(tavola, righe, colonne))
			}
			if x.Nascosta {
				nascoste++
			}
		}
	}
	return nascoste
}

// valore is small more often than not.
func valore(r *rand.Rand) int { return [...]int{0, 0, 1, 2, 3, 4, 5, 6}[r.IntN(8)] }

func TestNoHiddenCellFollowsFromWhatIsTold(t *testing.T) {
	nascoste, tavole := 0, 400
	for seme := range uint64(tavole) {
		r := rand.New(rand.NewPCG(seme, 1))
		righe, colonne := 1+r.IntN(3), 1+r.IntN(3)
		tavola := soppressione.Nuova(righe, colonne)
		for tavola.Di(0, 0).Valore < 12 && r.IntN(12) > 0 {
			tavola.Conta(1+r.IntN(righe), 1+r.IntN(colonne), 1+r.IntN(5))
		}
		tavola.Sopprimi()
		nascoste += tiene(t, fmt.Sprintf("table %d", seme), tavola, righe, colonne, false)

		var valori []int
		for range 1 + r.IntN(5) {
			valori = append(valori, valore(r))
		}
		elenco := soppressione.Elenco(valori...)
		elenco.Sopprimi()
		nascoste += tiene(t, fmt.Sprintf("list %d", seme), elenco, 0, len(valori), true)
	}
	if nascoste < tavole {
		t.Errorf("%d cells hidden in %d tables: they try nothing", nascoste, 2*tavole)
	}
}

// A finer table keeps the totals that a coarser one has told or hidden.
func TestAFinerTableGivesNothingAway(t *testing.T) {
	for seme := range uint64(300) {
		r := rand.New(rand.NewPCG(seme, 2))
		righe := 1 + r.IntN(3)
		fine := soppressione.Nuova(righe, 3)
		for fine.Di(0, 0).Valore < 10 && r.IntN(12) > 0 {
			fine.Conta(1+r.IntN(righe), 1+r.IntN(3), 1+r.IntN(5))
		}
		colonne := soppressione.Elenco(fine.Di(0, 1).Valore, fine.Di(0, 2).Valore, fine.Di(0, 3).Valore)
		colonne.Sopprimi()
		for c := range 4 {
			fine.Di(0, c).Nascosta = colonne.Di(0, c).Nascosta
			fine.Di(0, c).Nota = !colonne.Di(0, c).Nascosta
		}
		fine.Sopprimi()
		for c := range 4 {
			if fine.Di(0, c).Nascosta != colonne.Di(0, c).Nascosta {
				t.Errorf("table %d: total %d is told by one and hidden by the other", seme, c)
			}
		}
		tiene(t, fmt.Sprintf("table %d", seme), fine, righe, 3, false)
	}
}

func TestWhatIsLargeIsTold(t *testing.T) {
	tavola := soppressione.Nuova(2, 2)
	for i, v := range []int{10, 0, 7, 25} {
		tavola.Conta(1+i/2, 1+i%2, v)
	}
	tavola.Sopprimi()
	if n := tiene(t, "large", tavola, 2, 2, false); n > 0 {
		t.Errorf("%d cells hidden\n%s", n, mostra(tavola, 2, 2))
	}
	elenco := soppressione.Elenco(12, 3, 7, 0, 30)
	elenco.Sopprimi()
	if got := mostra(elenco, 0, 5); strings.Count(got, "*") != 2 || !strings.Contains(got, "3*") || !strings.Contains(got, "7*") {
		t.Errorf("one small cell takes the least large one with it: %s", got)
	}
}
