package httpapi

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/projections/cruscotto"
)

// contato is a case that a filter of the dashboard lets through, or not.
type contato struct {
	comune string
	giorno string // of the domanda
}

// popolosa makes an installation of two comuni and of few domande in January.
func popolosa(t *testing.T) (i *impianto, casi []contato) {
	t.Helper()
	i = nuovo(t)
	i.accredita(t, "CONTA", domain.Analista, ovunque, "")
	i.accredita(t, "TUTELA", domain.ResponsabileDati, intero, "")
	i.accredita(t, "INTERA", domain.CoordinatorePaIS, intero, "")
	for _, c := range []struct {
		contato
		n int
	}{{contato{"G273", "2026-01-11"}, 2}, {contato{"G273", "2026-02-11"}, 11}, {contato{"F377", "2026-02-11"}, 3}} {
		presentata, err := time.Parse(time.DateOnly, c.giorno)
		if err != nil {
			t.Fatal(err)
		}
		for range c.n {
			i.domanda(t, 700+len(casi), c.comune, presentata)
			casi = append(casi, c.contato)
		}
	}
	i.aggiornato(t)
	for k, comune := range []string{"G273", "G273", "G273", "F377"} { // of every installation of the tests
		casi = append(casi, contato{comune, mattina.AddDate(0, 0, -70+k*20).Format(time.DateOnly)})
	}
	return i, casi
}

// chiesto is a filter that somebody may try, and what it lets through.
type chiesto struct {
	query string
	passa func(contato) bool
}

// tentati are the filters of an attacker who looks for two that differ by few.
func tentati() (tutti []chiesto) {
	for _, comune := range []string{"", "G273", "F377"} {
		for _, misura := range []string{"", "RDC", "ADI"} {
			for _, p := range [][2]string{{"", ""}, {"2026-01-01", "2026-01-31"}, {"2026-01-01", "2026-02-28"}, {"2026-02-01", "2026-02-28"}, {"2026-02-01", "2026-05-31"}, {"", "2026-02-28"}, {"2026-02-12", ""}, {"2026-02-11", "2026-02-11"}} {
				query := "?ambito=PA42"
				for nome, v := range map[string]string{"comune": comune, "misura": misura, "dal": p[0], "al": p[1]} {
					if v != "" {
						query += "&" + nome + "=" + v
					}
				}
				tutti = append(tutti, chiesto{query, func(c contato) bool {
					return (comune == "" || comune == c.comune) && misura != "ADI" && (p[0] == "" || c.giorno >= p[0]) && (p[1] == "" || c.giorno <= p[1])
				}})
			}
		}
	}
	return tutti
}

// pochiDiversi counts the cases that one filter lets through and another does
// not, when the other lets through no others.
func pochiDiversi(casi []contato, a, b chiesto) (n int) {
	for _, c := range casi {
		switch {
		case !a.passa(c) && b.passa(c):
			return 0
		case a.passa(c) && !b.passa(c):
			n++
		}
	}
	return n
}

// Whoever asks for the figures by every filter, and takes one answer from
// another, learns nothing of fewer than five: who may only count not how many
// they are, a coordinator not how far they have come (A-08, ACC-12).
func TestA08_TwoAnswersOfTheDashboardDoNotTellOfFew(t *testing.T) {
	i, casi := popolosa(t)
	coppie := 0
	for nome, campo := range map[string][]string{"AMMINISTRA": {"nuclei"}, "CONTA": {"nuclei"}, "TUTELA": {"nuclei"}, "SUPER": {"nuclei"}, "INTERA": {"stati", "0", "casi"}} {
		chi, dette := i.chi(nome), map[int]int{}
		tutti := tentati()
		for n, x := range tutti {
			r := chi.chiede(t, i, "GET", Base+"/cruscotto/generale"+x.query, "")
			if v, err := strconv.Atoi(fmt.Sprint(r.campo(campo...))); r.status == 200 && err == nil {
				dette[n] = v
			}
		}
		if len(dette) == 0 {
			t.Errorf("%s is told nothing", nome)
		}
		for a, va := range dette {
			for b, vb := range dette {
				n := pochiDiversi(casi, tutti[a], tutti[b])
				if n == 0 || n >= soglia {
					continue
				}
				coppie++
				if d := va - vb; nome == "INTERA" || d > 0 && d < soglia {
					t.Errorf("%s: %v of %s less %v of %s tell of %d cases", nome, va, tutti[a].query, vb, tutti[b].query, n)
				}
			}
		}
		if v := chi.cruscotto(t, i, "ambito?ambito=PA42").campo("comuni", "1", "presi_in_carico"); v != nil && nome == "INTERA" {
			t.Errorf("a coordinator follows the few of a comune: %v", v)
		}
	}
	t.Logf("METRIC cruscotto_differenze coppie=%d", coppie)
}

// What may only be counted is told in fives, for a whole ambito and by month.
func TestWhoMayOnlyCountIsToldOfAnAmbitoWholeAndInFives(t *testing.T) {
	i, _ := popolosa(t)
	for _, nome := range []string{"AMMINISTRA", "CONTA", "TUTELA", "SUPER"} {
		chi := i.chi(nome)
		if g := chi.cruscotto(t, i, "generale?ambito=PA42"); fmt.Sprintf("%v %v %v", g.campo("nuclei"), g.campo("stati", "0", "casi"), g.campo("stati", "9", "casi")) != "20 20 0" {
			t.Errorf("%s: %s", nome, g.body)
		}
		a := chi.cruscotto(t, i, "ambito?ambito=PA42")
		if fmt.Sprintf("%v %v", a.campo("comuni", "0", "nuclei"), a.campo("comuni", "1", "nuclei")) != "15 <nil>" {
			t.Errorf("%s: %s", nome, a.body)
		}
		for _, query := range []string{"comune=G273", "misura=RDC", "dal=2026-01-01", "al=2026-02-28"} {
			for _, sezione := range []string{"generale", "ambito"} {
				chi.chiede(t, i, "GET", Base+"/cruscotto/"+sezione+"?ambito=PA42&"+query, "").vuole(t, 400, "cruscotto.cifre_pubblicate")
			}
		}
		for query, codice := range map[string]string{"passo=GIORNO": "cruscotto.cifre_pubblicate", "passo=SETTIMANA": "cruscotto.cifre_pubblicate", "comune=G273": "cruscotto.cifre_pubblicate", "dal=2026-01-02": "cruscotto.mesi_interi"} {
			chi.chiede(t, i, "GET", Base+"/cruscotto/andamento?ambito=PA42&"+query, "").vuole(t, 400, codice)
		}
		if v := chi.cruscotto(t, i, "andamento?ambito=PA42&dal=2026-05-01"); fmt.Sprint(v.campo("items", "0", "ricevute")) != "20" {
			t.Errorf("%s: %s", nome, v.body)
		}
		if v := chi.cruscotto(t, i, "andamento?ambito=PA42"); v.campo("dal") != "2025-05-01" {
			t.Errorf("a month is cut for %s: %s", nome, v.body)
		}
	}
}

func TestComuniThatLeaveFewOverAreNotFollowed(t *testing.T) {
	for about, c := range map[string]struct {
		nuclei []int // the most first
		vuole  int   // how many of the last are not told
	}{
		"none":                        {[]int{9, 5, 0}, 0},
		"one, and the next with it":   {[]int{9, 7, 3}, 2},
		"two that are enough":         {[]int{9, 7, 4, 1}, 2},
		"two that are not":            {[]int{9, 7, 2, 1}, 3},
		"one beside some without any": {[]int{9, 2, 0, 0}, 2},
	} {
		var comuni []cruscotto.DelComune
		for k, n := range c.nuclei {
			comuni = append(comuni, cruscotto.DelComune{Comune: fmt.Sprint(k), Conti: cruscotto.Conti{Nuclei: n}})
		}
		if got := pochi(comuni); len(got) != c.vuole {
			t.Errorf("%s: %v", about, got)
		}
	}
}
