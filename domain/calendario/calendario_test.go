package calendario_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nucleo/domain/calendario"
	"nucleo/domain/giorno"
)

// palermo keeps Santa Rosalia.
var palermo = calendario.Calendario{Patrono: calendario.Ricorrenza{Mese: 7, Giorno: 15}}

func TestEasterFallsWhereTheAlmanacSays(t *testing.T) {
	want := map[int]string{
		1818: "1818-03-22", 1943: "1943-04-25", 1961: "1961-04-02", 2000: "2000-04-23", 2008: "2008-03-23", 2019: "2019-04-21",
		2020: "2020-04-12", 2021: "2021-04-04", 2022: "2022-04-17", 2023: "2023-04-09", 2024: "2024-03-31", 2025: "2025-04-20",
		2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2038: "2038-04-25", 2285: "2285-03-22",
	}
	got := map[int]string{}
	for anno := range want {
		got[anno] = calendario.Pasqua(anno).String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAYearHasTheHolidaysOfTheLaw lists what is not worked from Monday to Friday.
func TestAYearHasTheHolidaysOfTheLaw(t *testing.T) {
	for _, y := range []struct {
		anno int
		di   calendario.Calendario
		want []string
	}{
		{2024, calendario.Calendario{}, []string{
			"2024-01-01", "2024-04-01", "2024-04-25", "2024-05-01", "2024-08-15", "2024-11-01", "2024-12-25", "2024-12-26",
		}},
		{2024, palermo, []string{
			"2024-01-01", "2024-04-01", "2024-04-25", "2024-05-01", "2024-07-15", "2024-08-15", "2024-11-01", "2024-12-25", "2024-12-26",
		}},
		{2021, calendario.Calendario{}, []string{"2021-01-01", "2021-01-06", "2021-04-05", "2021-06-02", "2021-11-01", "2021-12-08"}},
		{2027, calendario.Calendario{}, []string{"2027-01-01", "2027-01-06", "2027-03-29", "2027-06-02", "2027-10-04", "2027-11-01", "2027-12-08"}},
	} {
		var got []string
		for g := giorno.Data(y.anno, 1, 1); g < giorno.Data(y.anno+1, 1, 1); g++ {
			if feriale := g.Time().Weekday(); feriale > 0 && feriale < 6 && !y.di.Lavorativo(g) {
				got = append(got, g.String())
			}
		}
		if diff := cmp.Diff(y.want, got); diff != "" {
			t.Errorf("%d %v\n%s", y.anno, y.di, diff)
		}
	}
}

func TestSaturdayIsNoHolidayAndNotWorked(t *testing.T) {
	sabato := giorno.Data(2024, 3, 2)
	if palermo.Festivo(sabato) || palermo.Lavorativo(sabato) || !palermo.Festivo(sabato+1) {
		t.Error("Saturday or Sunday is not what it should be")
	}
}

func TestTenWorkingDaysAreCountedFromTheDayAfter(t *testing.T) {
	for _, c := range []struct {
		name string
		di   calendario.Calendario
		da   string
		n    int
		want string
	}{
		{"two plain weeks", palermo, "2024-03-04", 10, "2024-03-18"},
		{"from a Saturday", palermo, "2024-03-09", 10, "2024-03-22"},
		{"over Easter Monday", palermo, "2024-03-25", 10, "2024-04-09"},
		{"over Christmas and New Year", palermo, "2023-12-22", 10, "2024-01-10"},
		{"over the patron", palermo, "2024-07-12", 1, "2024-07-16"},
		{"where the patron is another", calendario.Calendario{}, "2024-07-12", 1, "2024-07-15"},
		{"none", palermo, "2024-07-13", 0, "2024-07-13"},
	} {
		da, err := giorno.Parse(c.da)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.di.Dopo(da, c.n).String(); got != c.want {
			t.Errorf("%s: %d working days after %s is %s, want %s", c.name, c.n, c.da, got, c.want)
		}
	}
}

func TestTheNthWorkingDayIsWorkedAndHasNBeforeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := giorno.Data(2019, 1, 1) + giorno.Giorno(rapid.IntRange(0, 40*365).Draw(t, "giorno"))
		n := rapid.IntRange(1, 40).Draw(t, "n")
		fine, contati := palermo.Dopo(g, n), 0
		for d := g + 1; d <= fine; d++ {
			if palermo.Lavorativo(d) {
				contati++
			}
		}
		if contati != n || !palermo.Lavorativo(fine) {
			t.Fatalf("from %s to %s there are %d working days, not %d", g, fine, contati, n)
		}
	})
}

func TestAPatronsDayIsReadAndWritten(t *testing.T) {
	for _, s := range []string{"07-15", "02-29", "01-01", ""} {
		if r, err := calendario.ParseRicorrenza(s); err != nil || r.String() != s {
			t.Errorf("%q is read as %v, %v", s, r, err)
		}
	}
	for _, s := range []string{"7-15", "13-01", "02-30", "15/07", "2024-07-15", " "} {
		if r, err := calendario.ParseRicorrenza(s); err == nil {
			t.Errorf("%q is read as %v", s, r)
		}
	}
}
