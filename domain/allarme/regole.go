package allarme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Regola is a rule by which an alert is raised.
type Regola string

// The rules, of reliability D-4 and A-35.
const (
	Letture        Regola = "LETTURE"        // (a) cases opened in an hour
	Elenchi        Regola = "ELENCHI"        // rows of lists read in an hour
	Dinieghi       Regola = "DINIEGHI"       // (f) refusals on cases in an hour
	SenzaLavoro    Regola = "SENZA_LAVORO"   // (b) cases opened on a day that no work followed, or came before, within a week
	Parentela      Regola = "PARENTELA"      // (c) cases opened on a day in whose nucleo somebody seems to be kin
	FuoriOrario    Regola = "FUORI_ORARIO"   // (d) looks on a day outside of the hours of work
	Ricerche       Regola = "RICERCHE"       // (e) searches for persons on a day on which no case was opened
	Protetti       Regola = "PROTETTI"       // (g) protected cases opened, or refused, in an hour by who is not their case manager
	Riassegnazione Regola = "RIASSEGNAZIONE" // (h) looks of who lost a case, from then to the end of the next day
)

// Regole are the rules, in the order in which they are explained.
var Regole = []Regola{Letture, Elenchi, Dinieghi, SenzaLavoro, Parentela, FuoriOrario, Ricerche, Protetti, Riassegnazione}

// Consueto reports whether a rule also asks for three times what is usual for
// the operator: what is much for one is a morning's work for another.
func (r Regola) Consueto() bool { return r == Letture || r == Elenchi || r == Riassegnazione }

// Riservata reports whether alerts of a rule are for the privacy desk, and for
// those who may open any case: that there is one would tell others that a case
// is protected.
func (r Regola) Riservata() bool { return r == Protetti }

// volte is how often the usual is too much.
const volte = 3

// Soglie are from how many on each rule speaks. A rule without one is off.
type Soglie map[Regola]int

// LeggiSoglie reads REGOLA=N, one rule a text.
func LeggiSoglie(testi []string) (Soglie, error) {
	s := Soglie{}
	for _, testo := range testi {
		nome, n, _ := strings.Cut(testo, "=")
		soglia, err := strconv.Atoi(n)
		if !slices.Contains(Regole, Regola(nome)) || err != nil || soglia < 0 || soglia > 1_000_000 {
			return nil, fmt.Errorf("%q is not a rule and a number, as in LETTURE=60; 0 switches the rule off", testo)
		}
		if soglia > 0 {
			s[Regola(nome)] = soglia
		}
	}
	return s, nil
}

// Insolito is from how many on a step is no part of what is usual: who once
// did what a rule speaks of could do three times as much for a month. After a
// case was lost, days of honest work lie above the threshold: there it is 0.
func (s Soglie) Insolito(r Regola) int {
	if r == Riassegnazione {
		return 0
	}
	return s[r]
}

// Supera reports whether a count is one that a rule speaks about, and from how
// many on it does. What is usual is asked for where it matters.
func (s Soglie) Supera(r Regola, misura int, usuale func() (int, error)) (soglia int, si bool, err error) {
	soglia, attiva := s[r]
	if !attiva || misura < soglia {
		return soglia, false, nil
	}
	if r.Consueto() {
		n, err := usuale()
		if err != nil {
			return soglia, false, err
		}
		soglia = max(soglia, volte*n+1)
	}
	return soglia, misura >= soglia, nil
}
