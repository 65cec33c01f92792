package conservazione_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain/conservazione"
)

var update = flag.Bool("update", false, "write docs/conservazione.md anew")

const documento = "../../docs/conservazione.md"

// TestDocs holds docs/conservazione.md to the classes.
func TestDocs(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What is kept, and for how long\n\nWritten by `go test ./domain/conservazione -run TestDocs -update` from the classes in the code, which the program carries out by\n" +
		"itself while `nucleo serve` runs. What is in no class is kept for as long as the log is.\n\n" +
		"| Class | What | Kept for | From | Then | Source |\n|---|---|---|---|---|---|\n")
	for _, c := range conservazione.Classi {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", c.Nome, c.Cosa, parole(c.Per), c.Da, c.Poi, c.Fonte)
	}
	if *update {
		if err := os.WriteFile(documento, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(documento)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), string(got)); diff != "" {
		t.Errorf("%s is stale: go test ./domain/conservazione -run TestDocs -update\n%s", documento, diff)
	}
}

func parole(t conservazione.Termine) string {
	var all []string
	for _, p := range []struct {
		n    int
		unit string
	}{{t.Anni, "year"}, {t.Mesi, "month"}, {t.Giorni, "day"}, {int(t.Ore / time.Hour), "hour"}} {
		switch {
		case p.n == 1:
			all = append(all, "1 "+p.unit)
		case p.n > 1:
			all = append(all, fmt.Sprint(p.n, " ", p.unit, "s"))
		}
	}
	return strings.Join(all, ", ")
}

func TestATermFollowsTheCalendar(t *testing.T) {
	da := time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		per  conservazione.Termine
		want time.Time
	}{
		{conservazione.Termine{Mesi: 24}, time.Date(2028, 11, 30, 22, 0, 0, 0, time.UTC)},
		{conservazione.Termine{Anni: 10}, time.Date(2036, 11, 30, 22, 0, 0, 0, time.UTC)},
		{conservazione.Termine{Giorni: 35}, time.Date(2027, 1, 4, 22, 0, 0, 0, time.UTC)},
		{conservazione.Termine{Ore: 8 * time.Hour}, time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)},
	} {
		if got := c.per.Dopo(da); !got.Equal(c.want) {
			t.Errorf("%+v ends at %s, not %s", c.per, got, c.want)
		}
	}
}
