package codicefiscale

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamesGiveTheirLetters(t *testing.T) {
	for _, v := range []struct{ cognome, nome, want string }{
		{"Rossi", "Mario", "RSSMRA"},
		{"rossi", "MARIO", "RSSMRA"},
		{"De Luca", "Gian Carlo", "DLCGCR"},
		{"D’Amico", "Niccolo'", "DMCNCL"},
		{"Dell'Orto", "Anna", "DLLNNA"},
		{"Bo", "Al", "BOXLAX"},
		{"Aa", "Eo", "AAXEOX"},
		{"Yu", "Y", "YUXYXX"},
		{"Papa", "", "PPAXXX"},
		{"Müller", "Jörg", "MLLJRG"},
		{"Muñoz", "Begoña", "MNZBGN"},
		{"Groß", "Zoë", "GRSZOE"},
		{"Ærøskøbing", "Þór", "RSKTHR"},
		{"Łukasz", "Đorđe", "LKSDRD"},
		{"Nguyễn", "Thị Hồng Ánh", "NGYTHN"},
		{"Niccolò", "Agnès", "NCCGNS"}, // composed
		{"Niccolo\u0300", "Agne\u0300s", "NCCGNS"},
		{"Oʼbrien", "Iñigo", "BRNNGI"}, // the apostrophe is U+02BC
		{"Rossi-Verdi", "Maria  Pia", "RSSMRP"},
	} {
		c, err := Calcola(v.cognome, v.nome, 1980, 1, 1, "M", "G273")
		if err != nil || string(c[:6]) != v.want {
			t.Errorf("%s %s: got %s, %v; want %s", v.cognome, v.nome, c, err, v.want)
		}
	}
}

func TestNoCodeFollowsFromImpossibleData(t *testing.T) {
	for name, v := range map[string]struct {
		cognome, nome      string
		anno, mese, giorno int
		sesso, luogo       string
		want               error
	}{
		"no name":              {"", "'", 1980, 1, 1, "M", "G273", ErrNome},
		"another alphabet":     {"Иванов", "Mario", 1980, 1, 1, "M", "G273", ErrNome},
		"month 13":             {"Rossi", "Mario", 1980, 13, 1, "M", "G273", ErrData},
		"29 February":          {"Rossi", "Mario", 1981, 2, 29, "M", "G273", ErrData},
		"two digits of a year": {"Rossi", "Mario", 80, 2, 2, "M", "G273", ErrData},
		"small sex":            {"Rossi", "Mario", 1980, 1, 1, "m", "G273", ErrSesso},
		"no place":             {"Rossi", "Mario", 1980, 1, 1, "M", "", ErrLuogo},
		"place without digits": {"Rossi", "Mario", 1980, 1, 1, "M", "ROMA", ErrLuogo},
	} {
		if c, err := Calcola(v.cognome, v.nome, v.anno, v.mese, v.giorno, v.sesso, v.luogo); !errors.Is(err, v.want) || c != "" {
			t.Errorf("%s: got %q, %v; want %v", name, c, err, v.want)
		}
	}
}

func TestDivergenzeNamesTheFieldsThatTheCodeContradicts(t *testing.T) {
	mario := Dati{"Rossi", "Mario", 1980, 1, 1, "M", "G273"}
	for _, v := range []struct {
		c    Codice
		d    Dati
		want []string
	}{
		{"RSSMRA80A01G273Z", mario, nil},
		{"RSSMRAULALMGNTPH", mario, nil},
		{"RSSMRA80A01G273Z", Dati{}, nil},
		{"12345670017", mario, nil},
		{"RSSMRA80A01G273Z", Dati{Luogo: "H501"}, []string{"luogo_nascita"}},
		{"RSSMRA80A01G273Z", Dati{Cognome: "Росси"}, []string{"cognome"}},
		{"FOXLIA99T71H501X", mario, []string{"cognome", "nome", "data_nascita", "sesso", "luogo_nascita"}},
		{"RSSMRA80A01G273Z", Dati{"Rossi", "Marco", 1980, 2, 1, "M", "G273"}, []string{"nome", "data_nascita"}},
	} {
		if diff := cmp.Diff(v.want, v.c.Divergenze(v.d)); diff != "" {
			t.Errorf("%s, %+v (-want +got):\n%s", v.c, v.d, diff)
		}
	}
}
