package giorno_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"nucleo/domain/giorno"
)

func TestADayKeepsItsDate(t *testing.T) {
	for _, s := range []string{"1899-12-31", "1970-01-01", "2019-02-19", "2024-02-29", "2100-03-01"} {
		g, err := giorno.Parse(s)
		if err != nil || g.String() != s || giorno.Di(g.Time()) != g {
			t.Errorf("%s became %s, %v", s, g, err)
		}
	}
}

func TestWhatIsNotADateIsRefused(t *testing.T) {
	for _, s := range []string{"2023-02-29", "19/02/2019", "2019-2-19", "2019-02-19T00:00:00Z", "x"} {
		if g, err := giorno.Parse(s); err == nil {
			t.Errorf("%q was read as %s", s, g)
		}
	}
}

func TestDaysAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	for _, anno := range []int{0, 1, 4, 100, 1600, 1899, 1900, 1999, 2000, 2023, 2024, 2100, 9999} {
		for mese := range 15 {
			for g := range 35 {
				s := fmt.Sprintf("%04d-%02d-%02d", anno, mese, g)
				want, wrong := time.Parse(time.DateOnly, s)
				got, err := giorno.Parse(s)
				if (err == nil) != (wrong == nil) || err == nil && got != giorno.Di(want) {
					t.Fatalf("%s is read as %s, %v; the library says %s, %v", s, got, err, want, wrong)
				}
			}
		}
	}
	for _, s := range []string{"", "+024-02-01", "2024-02- 1", "2024-2-011", "2024/02/01", "２024-02-01", "2024-02-0a"} {
		if _, err := giorno.Parse(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}

func TestNoDayIsAnEmptyText(t *testing.T) {
	var g giorno.Giorno
	b, err := json.Marshal(g)
	if string(b) != `""` || err != nil {
		t.Fatal(string(b), err)
	}
	if err := json.Unmarshal(b, &g); err != nil || !g.IsZero() {
		t.Fatal(g, err)
	}
}

func TestTheDayIsThatOfThePlace(t *testing.T) {
	rome := time.FixedZone("Rome", 2*60*60)
	midnight := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC)
	if got := giorno.Di(midnight.In(rome)).String(); got != "2026-07-02" {
		t.Error(got)
	}
}

func TestAnniCountsBirthdays(t *testing.T) {
	born := giorno.Data(2000, 6, 15)
	if a, b := born.Anni(giorno.Data(2018, 6, 14)), born.Anni(giorno.Data(2018, 6, 15)); a != 17 || b != 18 {
		t.Error(a, b)
	}
}
