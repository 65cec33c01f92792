package belfiore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheComuniOfTheExamplesAreThere(t *testing.T) {
	for codice, want := range map[string]struct {
		nome, provincia, primoCAP string
		popolazione               int
	}{
		"G273": {"Palermo", "PA", "90121", 657561},
		"F377": {"Monreale", "PA", "90046", 38018},
		"L916": {"Villabate", "PA", "90039", 19819},
		"A764": {"Belmonte Mezzagno", "PA", "90031", 11149},
		"A239": {"Altofonte", "PA", "90030", 10266},
		"G543": {"Piana degli Albanesi", "PA", "90037", 6010},
		"E431": {"Lampedusa e Linosa", "AG", "92031", 6105},
		"L519": {"Ustica", "PA", "90051", 1287},
		"I174": {"Santa Cristina Gela", "PA", "90030", 925},
		"E472": {"Latina", "LT", "04100", 117892},
		"C740": {"Cisterna di Latina", "LT", "04012", 35551},
		"H647": {"Sabaudia", "LT", "04016", 18812},
		"G865": {"Pontinia", "LT", "04014", 13812},
		"I634": {"Sermoneta", "LT", "04013", 9129},
		"F937": {"Norma", "LT", "04010", 4035},
		"H294": {"Rimini", "RN", "47921", 139601},
	} {
		l, ok := Cerca(codice)
		postali := append(l.CAP(), "")
		if !ok || l.Codice != codice || l.Nome != want.nome || l.Provincia != want.provincia || postali[0] != want.primoCAP ||
			l.Popolazione != want.popolazione || l.Estero || !l.Esiste() || len(l.ISTAT) != 6 {
			t.Errorf("%s: got %+v, %v; want %+v", codice, l, postali, want)
		}
	}
}

func TestTheOtherComuniOfTheExamplesHaveTheirNames(t *testing.T) {
	const attesi = `A747 Bellaria-Igea Marina RN;I304 Santarcangelo di Romagna RN;L797 Verucchio RN;H274 Riccione RN;
D286 Desio MB;E591 Limbiate MB;C566 Cesano Maderno MB;F797 Muggiò MB;F944 Nova Milanese MB;L677 Varedo MB;B105 Bovisio-Masciago MB;
H501 Roma RM;F205 Milano MI;L219 Torino TO;F839 Napoli NA;D969 Genova GE;A944 Bologna BO;D612 Firenze FI;A662 Bari BA;C351 Catania CT;
G478 Perugia PG;A271 Ancona AN;B354 Cagliari CA;L736 Venezia VE;L781 Verona VR;G224 Padova PD;B157 Brescia BS;A794 Bergamo BG;
H224 Reggio di Calabria RC;H703 Salerno SA;B963 Caserta CE;L049 Taranto TA;D643 Foggia FG;F158 Messina ME;L331 Trapani TP;
A089 Agrigento AG;I452 Sassari SS;L424 Trieste TS;L378 Trento TN;A345 L'Aquila AQ;B519 Campobasso CB;G942 Potenza PZ;A326 Aosta AO;L117 Terni TR`
	for riga := range strings.SplitSeq(attesi, ";") {
		riga = strings.TrimSpace(riga)
		l, _ := Cerca(riga[:4])
		if got := l.Codice + " " + l.Nome + " " + l.Provincia; got != riga || !l.Esiste() {
			t.Errorf("got %q, want %q", got, riga)
		}
	}
}

func TestAnAbolishedComuneIsValidUntilItsLastDay(t *testing.T) {
	want := Luogo{Codice: "A012", Nome: "Abetone", Provincia: "PT", Dal: giorno(1936, 7, 26), Al: giorno(2017, 1, 1)}
	abetone, _ := Cerca("A012")
	if abetone != want || abetone.Esiste() {
		t.Errorf("got %+v, want %+v", abetone, want)
	}
	nuovo, _ := Cerca("M376") // Abetone Cutigliano, which took its place
	roma := time.FixedZone("CET", 3600)
	for _, v := range []struct {
		t                   time.Time
		wantPrima, wantDopo bool
	}{
		{giorno(1936, 7, 25), false, false},
		{giorno(1936, 7, 26), true, false},
		{time.Date(2016, 12, 31, 23, 59, 0, 0, time.UTC), true, false},
		{time.Date(2016, 12, 31, 23, 59, 0, 0, roma), true, false},
		{time.Date(2017, 1, 1, 0, 1, 0, 0, roma), false, true}, // still 2016 in UTC
		{giorno(2024, 1, 1), false, true},
	} {
		if abetone.ValidoIl(v.t) != v.wantPrima || nuovo.ValidoIl(v.t) != v.wantDopo {
			t.Errorf("%v: Abetone %v, Abetone Cutigliano %v", v.t, abetone.ValidoIl(v.t), nuovo.ValidoIl(v.t))
		}
	}
}

func giorno(anno, mese, giorno int) time.Time {
	return time.Date(anno, time.Month(mese), giorno, 0, 0, 0, 0, time.UTC)
}

func TestStatesHaveCodesWithZ(t *testing.T) {
	for codice, want := range map[string]Luogo{
		"Z110": {Codice: "Z110", Nome: "Francia", Estero: true},
		"Z330": {Codice: "Z330", Nome: "Marocco", Estero: true},
		"Z106": {Codice: "Z106", Nome: "Stato della Città del Vaticano", Estero: true},
		"Z118": {Codice: "Z118", Nome: "Repubblica Socialista Federale di Jugoslavia", Estero: true, Al: giorno(2004, 1, 1)},
	} {
		if l, ok := Cerca(codice); !ok || l != want {
			t.Errorf("%s: got %+v, want %+v", codice, l, want)
		}
	}
	jugoslavia, _ := Cerca("Z118")
	if !jugoslavia.ValidoIl(giorno(1980, 1, 1)) || jugoslavia.ValidoIl(giorno(2010, 1, 1)) {
		t.Error("Yugoslavia is not valid for a birth of 1980, or is for one of 2010")
	}
}

func TestWhatIsNoCodeIsNotFound(t *testing.T) {
	for _, s := range []string{"", "G27", "G2733", "g273", "0273", "G2A3", "G27\x00", "A000", "Z999", "à73"} {
		if l, ok := Cerca(s); ok || l != (Luogo{}) {
			t.Errorf("%q: got %+v", s, l)
		}
	}
}

func TestEachCodeIsOnePlaceAndFound(t *testing.T) {
	prima := ""
	var comuni, stati, aboliti, cessati int
	for l := range Tutti() {
		if l.Codice <= prima {
			t.Errorf("%s stands after %s", l.Codice, prima)
		}
		prima = l.Codice
		if trovato, ok := Cerca(l.Codice); !ok || trovato != l {
			t.Errorf("%s: found as %+v", l.Codice, trovato)
		}
		if l.Nome == "" || strings.ContainsAny(l.Nome, "Ã�?\t") || !l.Al.IsZero() && !l.Al.After(l.Dal) {
			t.Errorf("%s: name %q, from %v to %v", l.Codice, l.Nome, l.Dal, l.Al)
		}
		switch {
		case l.Estero && l.Esiste():
			stati++
		case l.Estero:
			cessati++
		case l.Esiste():
			comuni++
			if len(l.Provincia) != 2 || len(l.ISTAT) != 6 || l.Regione == "" || l.Dal.IsZero() || strings.Contains(l.Nome, "/") {
				t.Errorf("%s lacks something: %+v", l.Codice, l)
			}
		default:
			aboliti++
		}
	}
	want := []int{7896, 216, 1945, 6} // 7,896 comuni is ISTAT's own count for 2024
	if diff := cmp.Diff(want, []int{comuni, stati, aboliti, cessati}); diff != "" {
		t.Errorf("comuni, states, abolished comuni, former states (-want +got):\n%s", diff)
	}
}

func TestOnlyWhatExistsIsListed(t *testing.T) {
	province, istat := map[string]int{}, map[string]bool{}
	abitanti := 0
	for l := range Comuni() {
		province[l.Provincia]++
		istat[l.ISTAT] = true
		abitanti += l.Popolazione
		if l.Estero || !l.Esiste() {
			t.Errorf("%s is no comune that exists", l.Codice)
		}
	}
	if len(province) != 107 || len(istat) != 7896 {
		t.Errorf("%d provinces, %d ISTAT codes; want 107 and 7896", len(province), len(istat))
	}
	if abitanti < 59_000_000 || abitanti > 59_500_000 { // 59.4 million in 2011
		t.Errorf("%d inhabitants", abitanti)
	}
	rimini := PerProvincia("RN")
	if len(rimini) != province["RN"] || !slices.ContainsFunc(rimini, func(l Luogo) bool { return l.Nome == "Montecopiolo" }) {
		t.Errorf("the province of Rimini lacks a comune that came to it in 2021: %v", rimini)
	}
	if got := len(PerProvincia("")) + len(PerProvincia("XX")); got != 0 {
		t.Errorf("%d comuni of no province", got)
	}
	for l := range Stati() {
		if !l.Estero || !l.Esiste() || l.Codice[0] != 'Z' {
			t.Errorf("%s is no state that exists", l.Codice)
		}
	}
}

func TestCAPAreListedInOrder(t *testing.T) {
	palermo, _ := Cerca("G273")
	postali := palermo.CAP()
	if len(postali) != 31 || postali[0] != "90121" || postali[30] != "90151" || !slices.IsSorted(postali) {
		t.Errorf("Palermo: %v", postali)
	}
	if diff := cmp.Diff([]string{"00118", "00199", "00200", "00300"}, Luogo{cap: "00118,00199-00200,00300"}.CAP()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if postali := (Luogo{}).CAP(); postali != nil {
		t.Errorf("no place has the CAP %q", postali)
	}
}

func TestABrokenFileIsRefused(t *testing.T) {
	for _, tsv := range []string{"G27\tX\n", "G273\tA\nG273\tB\n", "G273\tA\tPA\t\t\t1861\n", "G273\tA\tPA\t\t\t\t\tmany\n"} {
		if _, err := leggi(tsv); err == nil {
			t.Errorf("%q is taken", tsv)
		}
	}
}

func BenchmarkCerca(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Cerca("G273"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		if _, err := leggi(luoghiTSV); err != nil {
			b.Fatal(err)
		}
	}
}
