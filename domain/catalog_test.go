package domain_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
)

// nota is an event as it is written today; its first shape had the words in
// another field.
type (
	nota struct {
		Testo  string `json:"testo"`
		Numero int    `json:"numero"`
	}
	primaNota struct {
		Parole string `json:"parole"`
	}
)

func (nota) EventType() string { return "NotaScritta.v2" }

var note = domain.Aggregate{Category: "nota", Entries: domain.Join(
	[]domain.Entry{domain.Of[nota]()},
	[]domain.Entry{domain.Was("NotaScritta", func(p primaNota) nota { return nota{Testo: p.Parole, Numero: 1} })},
)}

func TestACatalogReadsPresentAndFormerShapes(t *testing.T) {
	c := domain.NewCatalog(note, domain.Aggregate{Category: "altra"})
	for name, data := range map[string]string{
		"NotaScritta.v2": ` {"testo":"segreto","numero":1} ` + "\n",
		"NotaScritta":    `{"parole":"segreto"}`,
	} {
		got, err := c.Decode(name, []byte(data))
		if diff := cmp.Diff(domain.Event(nota{"segreto", 1}), got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if diff := cmp.Diff([]string{"NotaScritta", "NotaScritta.v2"}, c.Types()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"nota", "altra"}, c.Categories()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]bool{"NotaScritta": true, "NotaScritta.v2": true}, c.Named(nota{})); diff != "" || len(c.Named()) != 0 {
		t.Error(diff)
	}
}

func TestACatalogSaysWhatItCannotReadWithoutQuotingIt(t *testing.T) {
	c := domain.NewCatalog(note)
	for _, x := range []struct{ about, name, data, says string }{
		{"an unknown type", "NotaScritta.v3", `{"testo":"segreto"}`, "not in the catalogue"},
		{"an unknown field", "NotaScritta.v2", `{"testo":"a","segreto":1}`, "a field that its shape does not have"},
		{"something after it", "NotaScritta.v2", `{"testo":"a","numero":1} {"testo":"segreto"}`, "something after"},
		{"a word after it", "NotaScritta.v2", `{"testo":"a","numero":1} segreto`, "something after"},
		{"a wrong type", "NotaScritta.v2", `{"testo":"a","numero":"segreto"}`, `field "numero"`},
		{"a number too large", "NotaScritta.v2", `{"testo":"a","numero":1e99}`, `field "numero"`},
		{"a field of another case", "NotaScritta.v2", `{"Testo":"segreto","numero":1}`, "a field that its shape does not have"},
		{"a field twice", "NotaScritta.v2", `{"testo":"segreto","testo":"a"}`, "not JSON at byte"},
		{"text that is not UTF-8", "NotaScritta.v2", "{\"testo\":\"segr\xff\"}", "not JSON at byte"},
		{"no JSON", "NotaScritta.v2", `{"testo":segreto}`, "not JSON at byte"},
		{"half of it", "NotaScritta.v2", `{"testo":"segre`, "breaks off"},
		{"nothing", "NotaScritta.v2", ``, "not a JSON object"},
		{"null", "NotaScritta.v2", `null`, "not a JSON object"},
		{"a list", "NotaScritta.v2", `["segreto"]`, "not a JSON object"},
		{"null in a former shape", "NotaScritta", `null`, "not a JSON object"},
	} {
		got, err := c.Decode(x.name, []byte(x.data))
		switch {
		case err == nil:
			t.Errorf("%s was read as %+v", x.about, got)
		case strings.Contains(err.Error(), "segre") || strings.Contains(err.Error(), "99"):
			t.Errorf("%s is quoted: %v", x.about, err)
		case !strings.Contains(err.Error(), x.says) || !strings.Contains(err.Error(), x.name):
			t.Errorf("%s: %v; want the name and %q", x.about, err, x.says)
		}
	}
}

func TestANameGivenTwiceIsFoundAtStart(t *testing.T) {
	defer func() {
		if p, _ := recover().(string); !strings.Contains(p, "NotaScritta.v2") {
			t.Errorf("panic %q does not say which name", p)
		}
	}()
	domain.NewCatalog(note, domain.Aggregate{Category: "altra", Entries: []domain.Entry{domain.Of[nota]()}})
	t.Error("two events of one name were taken")
}

func TestARefusalIsItselfAtAnyField(t *testing.T) {
	un := domain.Refuse(domain.Refused, "nota.vuota", "the note is empty")
	at := un.At("testo")
	if !errors.Is(at, un) || at.Field != "testo" || un.Field != "" || at.Error() != "the note is empty" {
		t.Errorf("%+v, made from %+v", at, un)
	}
	if errors.Is(at, domain.ErrVietato) || errors.Is(errors.New("x"), un) {
		t.Error("refusals of other codes are equal")
	}
}
