package domain_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
)

func TestATerritoryCovers(t *testing.T) {
	for _, c := range []struct {
		about          string
		territorio     domain.Territorio
		ambito, comune string
		want           bool
	}{
		{"everywhere", domain.Territorio{}, "PA42", "G273", true},
		{"an ambito whole, inside", domain.Territorio{Ambito: "PA42"}, "PA42", "G273", true},
		{"an ambito whole, another", domain.Territorio{Ambito: "PA42"}, "PA39", "G273", false},
		{"some comuni, one of them", domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}}, "PA42", "G273", true},
		{"some comuni, none of them", domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}, "PA42", "G273", false},
		{"some comuni, one that went to another ambito", domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}, "PA39", "G273", false},
		{"an ambito, of what lies nowhere", domain.Territorio{Ambito: "PA42"}, "", "", false},
	} {
		if got := c.territorio.Copre(c.ambito, c.comune); got != c.want {
			t.Errorf("%s: %v", c.about, got)
		}
	}
}

func TestTerritoriesMeetAndContainOneAnother(t *testing.T) {
	ovunque, intero, altro := domain.Territorio{}, domain.Territorio{Ambito: "PA42"}, domain.Territorio{Ambito: "PA39"}
	uno, due := domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}, domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}}
	terzo := domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}
	for _, c := range []struct {
		a, b               domain.Territorio
		incrocia, contiene bool
	}{
		{ovunque, uno, true, true},
		{uno, ovunque, true, false},
		{intero, intero, true, true},
		{intero, altro, false, false},
		{intero, uno, true, true},
		{uno, intero, true, false},
		{due, uno, true, true},
		{uno, due, true, false},
		{uno, terzo, false, false},
		{uno, domain.Territorio{Ambito: "PA39", Comuni: []string{"G273"}}, false, false},
	} {
		if c.a.Incrocia(c.b) != c.incrocia || c.b.Incrocia(c.a) != c.incrocia {
			t.Errorf("%v meets %v: %v", c.a, c.b, !c.incrocia)
		}
		if c.a.Contiene(c.b) != c.contiene {
			t.Errorf("%v contains %v: %v", c.a, c.b, !c.contiene)
		}
	}
}

func TestADigestIsItsText(t *testing.T) {
	d := domain.Digest{0xab, 31: 0x01}
	var back domain.Digest
	b, err := json.Marshal(d)
	if want := `"ab` + strings.Repeat("0", 60) + `01"`; err != nil || string(b) != want {
		t.Fatalf("%s, %v; want %s", b, err, want)
	}
	if err := json.Unmarshal(b, &back); err != nil || back != d {
		t.Errorf("%s came back as %s, %v", d, back, err)
	}
	if err := json.Unmarshal([]byte(`""`), &back); err != nil || back != (domain.Digest{}) || back.String() != "" {
		t.Errorf("no digest came back as %s, %v", back, err)
	}
	for _, bad := range []string{"ab", strings.Repeat("g", 64), strings.Repeat("a", 63), strings.Repeat("a", 65), strings.Repeat("a", 66)} {
		if err := back.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%d signs were read as a digest", len(bad))
		}
	}
}

func TestAStreamSaysWhoseItIs(t *testing.T) {
	u := uuid.MustParse("0191d0d4-5a1e-7000-8000-00000000c0de")
	for stream, want := range map[string]struct {
		key     string
		subject uuid.UUID
	}{
		"caso-" + u.String():                              {u.String(), u},
		"ambito-PA42":                                     {"PA42", uuid.Nil},
		"caso-" + strings.Repeat("z", 36):                 {strings.Repeat("z", 36), uuid.Nil},
		"caso-" + strings.ReplaceAll(u.String(), "-", ""): {strings.ReplaceAll(u.String(), "-", ""), uuid.Nil},
		"caso": {"", uuid.Nil},
		"":     {"", uuid.Nil},
	} {
		if key, subject := domain.Key(stream), domain.Subject(stream); key != want.key || subject != want.subject {
			t.Errorf("%q is of %q, %s", stream, key, subject)
		}
	}
	d := domain.Decider[int, nota]{Category: "nota"}
	if got := d.Stream("7"); got != "nota-7" || domain.Key(got) != "7" {
		t.Error(got)
	}
}

func TestAProgramIsTheSameEverywhere(t *testing.T) {
	for want, a := range map[string]domain.Attore{
		"6719b287-61b5-5785-8597-e0621fac6c10": domain.INPS, "e9120f54-870f-5e72-a755-0cc63f6e9429": domain.Politiche, "69ca03cf-ce52-55bb-b70b-c9d6d9b90f94": domain.Installatore,
	} {
		if a.ID.String() != want {
			t.Errorf("%s has the id %s; events of the past name %s", a.Ruolo, a.ID, want)
		}
	}
}
