package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"nucleo/projections/casi"
)

func TestTheREADMENamesEverySetting(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "| Variable | Default | Meaning |\n|---|---|---|\n")
	got, _, _ := strings.Cut(rest, "\n\n")
	var want []string
	for _, s := range impostazioni(config{}) {
		normale := ""
		if s.normale != "" {
			normale = "`" + s.normale + "`"
		}
		want = append(want, fmt.Sprintf("| `%s` | %s | %s |", s.nome, normale, s.cosa))
	}
	if strings.TrimSpace(got) != strings.Join(want, "\n") {
		t.Errorf("README.md says\n%s\nthe program\n%s", got, strings.Join(want, "\n"))
	}
}

func TestSettingsAreRefusedTogether(t *testing.T) {
	_, err := configFrom([]string{"NUCLEO_ENV=prod", "NUCLEO_ADRESS=:80", "NUCLEO_TLS_CERT=x", "NUCLEO_EVENTSTORE=http://x", "NUCLEO_PATRONI=G273=07-15,Palermo", "NUCLEO_PRIORITA=RDC=30/60", "NUCLEO_SMTP=smtp://a:b@h"})
	for _, want := range []string{"NUCLEO_ENV", "NUCLEO_ADRESS", "NUCLEO_TLS_KEY", "NUCLEO_EVENTSTORE", "NUCLEO_PATRONI", "NUCLEO_PRIORITA", "NUCLEO_MITTENTE", "NUCLEO_SMTP_SEGRETO"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestProductionRefusesPlainText(t *testing.T) {
	for _, env := range []string{"NUCLEO_EVENTSTORE=esdb://h:2113?tls=false", "NUCLEO_POSTGRES=postgres://h/d?sslmode=disable", "NUCLEO_CHIAVI=postgres://h/k?sslmode=disable", "NUCLEO_SMTP=smtp://h?tls=no", "NUCLEO_SMS=http://h/"} {
		_, err := configFrom([]string{"NUCLEO_ENV=production", "NUCLEO_MITTENTE=a@example.org", env})
		if err == nil || !strings.Contains(err.Error(), "is refused in production") {
			t.Errorf("%s in production: %v", env, err)
		}
	}
}

// Keys and rows in one database would be dropped, and restored, together.
func TestTheKeysWantADatabaseOfTheirOwn(t *testing.T) {
	for _, env := range [][]string{{"NUCLEO_POSTGRES=postgres://h/d"}, {"NUCLEO_POSTGRES=postgres://h/d", "NUCLEO_CHIAVI=postgres://altro@h:5432/d?sslmode=require"}} {
		if _, err := configFrom(env); err == nil || !strings.Contains(err.Error(), "NUCLEO_CHIAVI") {
			t.Errorf("%v: %v", env, err)
		}
	}
	for _, env := range [][]string{{"NUCLEO_POSTGRES=postgres://h/d", "NUCLEO_CHIAVI=postgres://h/k"}, {"NUCLEO_CHIAVI=postgres://h/k"}, {}} {
		if _, err := configFrom(env); err != nil {
			t.Errorf("%v: %v", env, err)
		}
	}
}

func TestPasswordsAreNotPrinted(t *testing.T) {
	c, err := configFrom([]string{"NUCLEO_POSTGRES=postgres://nucleo:parola@db/nucleo", "NUCLEO_CHIAVI=postgres://chiavi:parola@db/nucleo_chiavi"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range impostazioni(c) {
		if strings.Contains(s.valore, "parola") {
			t.Error(s.nome, s.valore)
		}
	}
}

// Whoever has put the token of a verb into their shell runs the others there, too.
func TestTheTokenOfVerbsIsNoMistake(t *testing.T) {
	if _, err := configFrom([]string{"NUCLEO_TOKEN=x"}); err != nil {
		t.Error(err)
	}
	if _, err := configFrom([]string{"NUCLEO_TOKENS=x"}); err == nil {
		t.Error("what no setting and no verb knows is taken")
	}
}

func TestThresholdsAreDaysByMeasure(t *testing.T) {
	for testo, want := range map[string]casi.Soglie{
		"":                     {RDC: casi.Soglia{Alta: 60, Media: 30}, ADI: casi.Soglia{Alta: 90, Media: 60}},
		"ADI=40/7":             {ADI: casi.Soglia{Alta: 40, Media: 7}},
		"ADI=40/7,RDC=3660/20": {RDC: casi.Soglia{Alta: 3660, Media: 20}, ADI: casi.Soglia{Alta: 40, Media: 7}},
	} {
		env := []string{"NUCLEO_PRIORITA=" + testo}
		if testo == "" {
			env = nil
		}
		c, err := configFrom(env)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.soglie(); got != want || err != nil {
			t.Errorf("%q: %+v %v", testo, got, err)
		}
	}
	for _, testo := range []string{"PDC=60/30", "ADI", "ADI=60", "ADI=sixty/30", "ADI=30/30", "ADI=30/0", "ADI=5000/30"} {
		if _, err := configFrom([]string{"NUCLEO_PRIORITA=" + testo}); err == nil {
			t.Errorf("%s is taken", testo)
		}
	}
}
