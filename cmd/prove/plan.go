package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
)

//go:embed plan.json
var planJSON []byte

// plan is what there is to prove: the parts, and the goals that they count towards.
type plan struct {
	Parts []part `json:"parts"`
	Goals []goal `json:"goals"`
}

// part is a run of go test that ends within ten minutes on two cores.
type part struct {
	Name     string            `json:"name"`
	Does     string            `json:"does"`
	Minutes  int               `json:"minutes"` // it takes on two cores, about
	Packages []string          `json:"packages"`
	Run      string            `json:"run"`    // which tests, as go test -run has it
	Flags    []string          `json:"flags"`  // more flags of go test
	Env      map[string]string `json:"env"`    // more of the environment
	Seeds    int               `json:"seeds"`  // how many it uses; 0: it is exhaustive, or has none
	Passes   *counted          `json:"passes"` // that each test which passes counts towards
}

type counted struct {
	Row   string `json:"row"`
	Count string `json:"count"`
}

// goal is a figure to reach, once and by all runs together.
type goal struct {
	counted
	What    string  `json:"what"`
	PR      float64 `json:"pr"`      // before a change is taken
	Nightly float64 `json:"nightly"` // of the long round; 0: there is none
	Best    bool    `json:"best"`    // it is exhaustive: the best run counts, not the sum
	Parts   bool    `json:"parts"`   // it is exhaustive in several parts: the last run of each counts
}

func loadPlan() (p plan, err error) {
	d := json.NewDecoder(bytes.NewReader(planJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("plan.json: %w", err)
	}
	return p, nil
}

// find takes a number of the list or a name.
func (p plan) find(which string) (part, error) {
	if i, err := strconv.Atoi(which); err == nil && i >= 1 && i <= len(p.Parts) {
		return p.Parts[i-1], nil
	}
	for _, one := range p.Parts {
		if one.Name == which {
			return one, nil
		}
	}
	return part{}, fmt.Errorf("there is no part %q: make long lists them; tests by name take PKG too: make long PKG=./... PART=%[1]s", which)
}

// sum is what runs that passed counted. An exception, if there ever was one, is told
// by the list of those that failed.
func (g goal) sum(ledger []line) (sum float64) {
	if g.Parts {
		return g.lastOfEach(ledger)
	}
	for _, l := range ledger {
		if n := l.Rows[g.Row][g.Count]; g.Best {
			sum = max(sum, n)
		} else if len(l.Failures) == 0 {
			sum += n
		}
	}
	return sum
}

func (g goal) lastOfEach(ledger []line) (sum float64) {
	last := map[string]float64{}
	for _, l := range ledger {
		if n, counts := l.Rows[g.Row][g.Count]; counts {
			last[l.Part] = n
		}
	}
	for _, n := range last {
		sum += n
	}
	return sum
}
