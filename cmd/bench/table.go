package main

import (
	"fmt"
	"strings"
)

// row is one line of the table.
type row struct {
	id, what, measured, reference, ratio, bound, met string
}

// String is the row in Markdown.
func (r row) String() string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s |\n", r.id, r.what, r.measured, r.reference, r.ratio, r.bound, r.met)
}

// table is what is printed.
type table struct{ rows []row }

func (t *table) header() string {
	return "\n| | What | Measured: median (least–greatest) | Reference | Ratio | Bound | Met |\n|---|---|---|---|---|---|---|\n"
}

func (t *table) String() string {
	var s strings.Builder
	s.WriteString(t.header())
	for _, r := range t.rows {
		s.WriteString(r.String())
	}
	return s.String()
}

// ratio adds a row whose bound, unless it is zero, is a ratio to a reference.
func (t *table) ratio(id, what string, got sample, reference string, of sample, bound float64) {
	ratios := got.over(of)
	r := row{
		id: id, what: what, measured: got.show(thousands) + "/s", reference: reference + ": " + of.show(thousands) + "/s",
		ratio: ratios.show(twoDigits) + "×", bound: "first figure", met: "–",
	}
	if bound > 0 {
		r.bound, r.met = fmt.Sprintf("≥ %s×", twoDigits(bound)), verdict(ratios.median() >= bound)
	}
	t.rows = append(t.rows, r)
}

// add adds a row of any form.
func (t *table) add(r row) { t.rows = append(t.rows, r) }

func verdict(met bool) string {
	if met {
		return "yes"
	}
	return "**no**"
}

// thousands writes a count as people read it.
func thousands(f float64) string {
	s := fmt.Sprintf("%.0f", f)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func twoDigits(f float64) string {
	if f >= 10 {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// howToRead stands above the table where it is written to a file.
const howToRead = `# Benchmarks

` + "`make bench`" + ` prints this table; ` + "`make bench ARGS='-write docs/benchmarks.md'`" + ` writes it here. ` + "`-only T2,T5`" + ` measures some rows,
` + "`-quick`" + ` takes a look in a few minutes, ` + "`-casi 1000000`" + ` fills the lists of T7 to their full size, ` + "`-storie 1000000`" + ` makes the log of T10 as long as its
bound asks, ` + "`-profile DIR`" + ` writes CPU profiles. Peers (message-db, emmett, watermill-sql) are fetched from their own packages, by npm and by Go.

How to read it. Absolute figures belong to one machine and one disk; **the ratio is the result**: it compares two things that were
measured in the same run, in turns, round by round, and is the median of five rounds with the least and the greatest. Differences below
1.4× are ties. Everything is durable: every append waits for fdatasync, PostgreSQL runs with its defaults (fsync on). Load, server and
database share the cores that are named. What a round did is read back and counted before its time counts: events in the log, rows in the
tables; otherwise the program ends with an error instead of a figure. "First figure" has no bound yet.

The *raw limit* is a preallocated file to which one goroutine writes what waits, as a group with a checksum each and one fdatasync: no
log that answers when it is durable can be faster.

`
