package codicefiscale

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type vettore struct {
	cognome, nome, sesso string
	anno, mese, giorno   int
	luogo                string
	omocodie             map[int]Codice // by how many digits are replaced
}

var vettori = []vettore{
	{"Rossi", "Mario", "M", 1980, 1, 1, "G273", map[int]Codice{0: "RSSMRA80A01G273Z", 1: "RSSMRA80A01G27PV", 2: "RSSMRA80A01G2TPH", 7: "RSSMRAULALMGNTPH"}},
	{"Fo", "Lia", "F", 1999, 12, 31, "H501", map[int]Codice{0: "FOXLIA99T71H501X", 1: "FOXLIA99T71H50MP", 2: "FOXLIA99T71H5LMA", 7: "FOXLIAVVTTMHRLMA"}},
	{"D'Angelo", "Niccolò", "M", 2012, 8, 9, "F205", map[int]Codice{0: "DNGNCL12M09F205Y", 1: "DNGNCL12M09F20RT", 2: "DNGNCL12M09F2LRE", 7: "DNGNCLMNMLVFNLRW"}},
	{"Bianchi", "Francesca", "F", 1965, 5, 20, "E472", map[int]Codice{0: "BNCFNC65E60E472C", 1: "BNCFNC65E60E47NR", 2: "BNCFNC65E60E4TND", 7: "BNCFNCSRESLEQTNY"}},
	{"Aiello", "Ua", "M", 1950, 2, 28, "Z330", map[int]Codice{0: "LLAUAX50B28Z330A", 1: "LLAUAX50B28Z33LD", 2: "LLAUAX50B28Z3PLP", 7: "LLAUAXRLBNUZPPLZ"}},
	{"Rossi", "Mario", "M", 1980, 1, 1, "H501", map[int]Codice{0: "RSSMRA80A01H501U"}},
}

func TestACodeFollowsFromTheData(t *testing.T) {
	for _, v := range vettori {
		c, err := Calcola(v.cognome, v.nome, v.anno, v.mese, v.giorno, v.sesso, v.luogo)
		if err != nil || c != v.omocodie[0] {
			t.Errorf("%s %s: got %s, %v; want %s", v.cognome, v.nome, c, err, v.omocodie[0])
		}
	}
}

func TestOmocodiaReplacesDigitsFromTheRight(t *testing.T) {
	for _, v := range vettori {
		for n, want := range v.omocodie {
			if got := v.omocodie[0].ConOmocodia(n); got != want {
				t.Errorf("%s with %d digits replaced: got %s, want %s", v.omocodie[0], n, got, want)
			}
			if got := want.ConOmocodia(0); got != v.omocodie[0] {
				t.Errorf("%s with no digit replaced: got %s", want, got)
			}
		}
	}
}

func TestEveryOmocodiaTellsWhatItsBaseTells(t *testing.T) {
	for _, v := range vettori {
		base := v.omocodie[0]
		visti := map[Codice]bool{}
		for combinazione := range 128 {
			c := sostituisci(base, combinazione)
			visti[c] = true
			letto, err := Parse(string(c))
			if err != nil || letto != c {
				t.Fatalf("%s: read as %q, %v", c, letto, err)
			}
			if c.Base() != base || c.Omocodo() != (combinazione != 0) {
				t.Fatalf("%s: base %s, omocodo %v", c, c.Base(), c.Omocodo())
			}
			anno, mese, giorno := c.Nascita()
			got := []any{anno, mese, giorno, c.Sesso(), c.Luogo()}
			want := []any{v.anno % 100, v.mese, v.giorno, v.sesso, v.luogo}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", c, diff)
			}
		}
		if len(visti) != 128 {
			t.Errorf("%s: %d different codes, want 128", base, len(visti))
		}
	}
}

// sostituisci replaces the digits whose bits are set.
func sostituisci(base Codice, combinazione int) Codice {
	b := []byte(base)
	for k, i := range numeriche {
		if combinazione>>k&1 == 1 {
			b[i] = omocodie[b[i]-'0']
		}
	}
	b[15] = controllo(b)
	return Codice(b)
}

func TestMascheraHidesNameDateAndMostOfAProvisionalCode(t *testing.T) {
	for c, want := range map[Codice]string{
		"RSSMRA80A01G273Z": "RSS*********273Z",
		"12345670017":      "********017",
		"":                 "",
		"RSSMRA":           "******",
	} {
		if got := c.Maschera(); got != want {
			t.Errorf("%q: got %q, want %q", c, got, want)
		}
	}
}

func TestAProvisionalCodeTellsNothingOfItsBearer(t *testing.T) {
	c := Codice("12345670017")
	anno, mese, giorno := c.Nascita()
	got := []any{c.Provvisorio(), c.Omocodo(), c.Base(), c.ConOmocodia(3), anno, mese, giorno, c.Sesso(), c.Luogo()}
	want := []any{true, false, c, c, 0, 0, 0, "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUncheckedCodesDoNotPanic(t *testing.T) {
	for _, s := range []string{"", "x", strings.Repeat("\xff", 16), strings.Repeat("?", 16), strings.Repeat("z", 16), strings.Repeat("-", 11)} {
		c := Codice(s)
		c.Base()
		c.Nascita()
		c.Sesso()
		c.Luogo()
		if m := c.Maschera(); len(m) != len(s) {
			t.Errorf("%q: mask %q", s, m)
		}
		c.ConOmocodia(9)
		c.Divergenze(Dati{Cognome: "A", Anno: 1980})
	}
}
