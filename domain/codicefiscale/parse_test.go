package codicefiscale

import (
	"errors"
	"strings"
	"testing"
)

func TestParseTakesCodesAsPeopleWriteThem(t *testing.T) {
	for s, want := range map[string]Codice{
		"RSSMRA80A01G273Z":           "RSSMRA80A01G273Z",
		" rss mra 80a01 g273z \n":    "RSSMRA80A01G273Z",
		"RSS\u00a0MRA 80A01\tG27PV":  "RSSMRA80A01G27PV",
		"00743110157":                "00743110157", // Luhn as in the partita IVA
		"1234567 0017":               "12345670017",
		string(codiceDel(29, 2, 80)): codiceDel(29, 2, 80),
		string(codiceDel(29, 2, 0)):  codiceDel(29, 2, 0), // 2000
		string(codiceDel(71, 12, 9)): codiceDel(71, 12, 9),
	} {
		got, err := Parse(s)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v; want %q", s, got, err, want)
		}
	}
}

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	for s, want := range map[string]*Errore{
		"":                           ErrLunghezza,
		"   ":                        ErrLunghezza,
		"RSSMRA80A01G273":            ErrLunghezza,
		"RSSMRA80A01G273ZZ":          ErrLunghezza,
		"123456700170":               ErrLunghezza,
		strings.Repeat("A", 1<<20):   ErrLunghezza,
		"RSSMRA80A01G273A":           ErrControllo.at(15),
		"RSSMRA80A01G237Z":           ErrControllo.at(15),
		"12345670018":                ErrControllo.at(10),
		"00000000000":                ErrControllo.at(10),
		"1234567O017":                ErrCarattere.at(7),
		"R5SMRA80A01G273Z":           ErrCarattere.at(1),
		"RSSMRA8AA01G273Z":           ErrCarattere.at(7),
		"RSSMRA80F01G273Z":           ErrCarattere.at(8),
		"RSSMRA80A01G2732":           ErrCarattere.at(15),
		"RSSMRA80A01 027 3Z":         ErrCarattere.at(11),
		"RSS-MRA80A01G273":           ErrCarattere.at(3),
		"RſSMRA80A01G273Z":           ErrCarattere.at(1), // long s, whose capital is S
		"RSSMRA80A01G273\x00":        ErrCarattere.at(15),
		"\xff\xfeSMRA80A01G273Z":     ErrCarattere.at(0),
		string(codiceDel(0, 1, 80)):  ErrNascita.at(9),
		string(codiceDel(32, 1, 80)): ErrNascita.at(9),
		string(codiceDel(40, 1, 80)): ErrNascita.at(9),
		string(codiceDel(72, 1, 80)): ErrNascita.at(9),
		string(codiceDel(31, 4, 80)): ErrNascita.at(9),
		string(codiceDel(29, 2, 81)): ErrNascita.at(9),
		string(codiceDel(70, 2, 80)): ErrNascita.at(9),
	} {
		got, err := Parse(s)
		var e *Errore
		if !errors.As(err, &e) || got != "" || *e != *want {
			t.Errorf("%.20q: got %q, %#v; want %#v", s, got, err, want)
		}
		if !errors.Is(err, want) {
			t.Errorf("%.20q: %v is not %v", s, err, want)
		}
	}
}

// codiceDel is a code with any day field, right in all else.
func codiceDel(giorno, mese, anno int) Codice {
	b := []byte("RSSMRA80A01G273Z")
	b[6], b[7] = byte('0'+anno/10), byte('0'+anno%10)
	b[8] = mesi[mese-1]
	b[9], b[10] = byte('0'+giorno/10), byte('0'+giorno%10)
	b[15] = controllo(b)
	return Codice(b)
}

func TestAnErrorNeverHoldsTheCode(t *testing.T) {
	for _, s := range []string{"RSSMRA80A01G273A", "RSSMRA80A01G27#Z", "RSSMRA80A41G273ZZ", "RSSMRA81B29G273Z", "12345670018"} {
		_, err := Parse(s)
		if err == nil {
			t.Fatalf("%q is taken", s)
		}
		for i := range len(s) - 3 {
			if strings.Contains(err.Error(), s[i:i+4]) {
				t.Errorf("the error %q holds part of the code", err)
			}
		}
	}
}

// One wrong character is always seen where both values of a place differ.
func TestTheCheckCharacterSeesEverySingleWrongDigit(t *testing.T) {
	for _, c := range []string{"RSSMRA80A01G273Z", "12345670017"} {
		for i := range c {
			for d := byte('0'); d <= '9'; d++ {
				if c[i] < '0' || c[i] > '9' || c[i] == d {
					continue
				}
				if _, err := Parse(c[:i] + string(d) + c[i+1:]); err == nil {
					t.Errorf("%s: digit %d taken as %c", c, i+1, d)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"RSSMRA80A01G273Z", "rss mra 80a01 g27pv", "FOXLIAVVTTMHRLMA", "12345670017", "", "RſSMRA80A01G273Z", "\xff", "RSSMRA80A01G273A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			if c != "" {
				t.Errorf("%q: a code beside an error", s)
			}
			return
		}
		again, err := Parse(string(c))
		if err != nil || again != c {
			t.Errorf("%q: not stable: %q, %v", c, again, err)
		}
		base, err := Parse(string(c.Base()))
		if err != nil || base.Omocodo() {
			t.Errorf("%q: base %q, %v", c, base, err)
		}
		if _, mese, giorno := c.Nascita(); !c.Provvisorio() && (mese < 1 || mese > 12 || giorno < 1 || giorno > 31) {
			t.Errorf("%q: born on day %d of month %d", c, giorno, mese)
		}
		if len(c.Maschera()) != len(c) || c.Maschera() == string(c) {
			t.Errorf("%q: mask %q", c, c.Maschera())
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("RSSMRA80A01G27PV"); err != nil {
			b.Fatal(err)
		}
	}
}
