// Package genera makes up domande and operators for the demo, the benchmarks
// and the tests, in the proportions that INPS and the Ministry publish. Nobody
// in it exists: names are drawn from fixed lists, streets and addresses are
// fictional. The same seed and day give the same bytes.
package genera

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"

	"nucleo/commands/tracciato"
	"nucleo/domain/belfiore"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// Ambito is the territory that domande are made up for.
type Ambito struct {
	Codice, Denominazione, Regione string
	Comuni                         []string // Belfiore
}

// Palermo is an ambito of comuni near Palermo, for the demo. The real ones are
// grouped otherwise.
func Palermo() Ambito {
	return Ambito{
		Codice: "PA42", Denominazione: "Ambito dimostrativo di Palermo", Regione: "Sicilia",
		Comuni: []string{"G273", "F377", "L916", "A764", "A239", "G543", "E431", "L519", "I174"},
	}
}

// Domande makes up n domande as they stand on a day. Fewer are the first of
// more.
func Domande(n int, seed int64, al giorno.Giorno, a Ambito) iter.Seq[tracciato.Domanda] {
	return func(yield func(tracciato.Domanda) bool) {
		g := generatore{Rand: fonte(seed, al, 1), al: al, ambito: a, codici: map[codicefiscale.Codice]int{}, serie: int(uint64(seed) % 900)}
		g.pesi = pesi(a.Comuni)
		for i := range n {
			if !yield(g.domanda(i)) {
				return
			}
		}
	}
}

// fonte is the source of chance of one use.
func fonte(seed int64, al giorno.Giorno, uso uint64) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), uint64(al)<<8|uso))
}

// pesi are the populations of comuni, added up.
func pesi(comuni []string) []int {
	somma, totale := make([]int, len(comuni)), 0
	for i, codice := range comuni {
		luogo, _ := belfiore.Cerca(codice)
		totale += max(1, luogo.Popolazione)
		somma[i] = totale
	}
	return somma
}

// generatore draws one domanda after the other.
type generatore struct {
	*rand.Rand
	al     giorno.Giorno
	ambito Ambito
	pesi   []int
	codici map[codicefiscale.Codice]int // how many people share the data that a code follows from
	serie  int                          // ids of another seed do not meet
}

// con is true with a probability.
func (g *generatore) con(p float64) bool { return g.Float64() < p }

func scegli[T any](g *rand.Rand, v []T) T { return v[g.IntN(len(v))] }

// quota draws an index by its weight.
func quota(g *rand.Rand, pesi ...float64) int {
	totale := 0.0
	for _, p := range pesi {
		totale += p
	}
	x := g.Float64() * totale
	for i, p := range pesi {
		if x -= p; x < 0 {
			return i
		}
	}
	return len(pesi) - 1
}

func (g *generatore) comune() belfiore.Luogo {
	x := g.IntN(g.pesi[len(g.pesi)-1])
	i, _ := slices.BinarySearch(g.pesi, x+1)
	luogo, _ := belfiore.Cerca(g.ambito.Comuni[i])
	return luogo
}

func (g *generatore) domanda(i int) tracciato.Domanda {
	misura, presentata := g.presentazione()
	return g.domandaDel(i, misura, presentata)
}

func (g *generatore) domandaDel(i int, misura string, presentata giorno.Giorno) tracciato.Domanda {
	luogo := g.comune()
	d := tracciato.Domanda{
		Misura: misura, DataPresentazione: presentata, Ambito: g.ambito.Codice, Comune: luogo.Codice,
		DataTrasmissioneComune: min(presentata+giorno.Giorno(1+g.IntN(15)), g.al),
		Via:                    scegli(g.Rand, vie), Civico: fmt.Sprint(1 + g.IntN(150)), CAP: g.cap(luogo),
		ISEE: int(1_014_000 * g.Float64() * g.Float64()), ImportoMensile: 4000 + g.IntN(96_000),
		Cellulare: fmt.Sprintf("+39 000 %07d", i), // no number begins so
	}
	sigla := "RDC"
	if misura == "ADI" {
		sigla = "ADI"
		if g.con(0.94) {
			d.DataSottoscrizionePAD = min(presentata+giorno.Giorno(g.IntN(6)), g.al)
		}
	}
	d.IDDomanda = fmt.Sprintf("INPS-%s-%d-%d", sigla, presentata.Time().Year(), g.serie*1_000_000+i+1)
	if r := presentata + giorno.Giorno(5+g.IntN(25)); r <= g.al {
		d.DataRiconoscimento = r
	}
	if g.con(0.4) {
		d.Email = fmt.Sprintf("nucleo%d@example.org", i)
	}
	d.Componenti = g.nucleo(misura, presentata, luogo)
	return d
}

// The ADI took the place of RdC and PdC with the year 2024.
var (
	inizioADI = giorno.Data(2024, 1, 1)
	inizioRdC = giorno.Data(2019, 3, 6)
)

// presentazione draws the measure and the day of a domanda, so that half of
// what waits is of low priority, three tenths of middle and a fifth of high.
func (g *generatore) presentazione() (string, giorno.Giorno) {
	media, alta := 60, 90
	if g.al < inizioADI {
		media, alta = 30, 60
	}
	var eta int
	switch quota(g.Rand, 0.5, 0.3, 0.2) {
	case 0:
		eta = g.IntN(media)
	case 1:
		eta = media + g.IntN(alta-media)
	default:
		eta = alta + min(int(g.ExpFloat64()*45), 700)
	}
	il := max(g.al-giorno.Giorno(eta), min(inizioRdC, g.al))
	switch {
	case il >= inizioADI:
		return "ADI", il
	case g.con(0.1):
		return "PDC", il
	}
	return "RDC", il
}

// cap draws a postal code of the comune; 00000 where none is known.
func (g *generatore) cap(luogo belfiore.Luogo) string {
	if noti := luogo.CAP(); len(noti) > 0 {
		return scegli(g.Rand, noti)
	}
	return "00000"
}
