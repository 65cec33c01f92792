package projections_test

import (
	"fmt"
	"testing"

	"nucleo/projections"
)

// BenchmarkFeed folds and writes a log in batches of one size: three models,
// decoding not included.
func BenchmarkFeed(b *testing.B) {
	d := newDiario(b)
	d.fill(8_000)
	log := d.recorded()
	for _, size := range []int{1, 32, 500, 20_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			part := log[:min(len(log), max(size*500, 2000))]
			events := 0
			for b.Loop() {
				b.StopTimer()
				pool := open(b, models...)
				f, err := projections.NewFeeder(b.Context(), pool, 1000, 400<<20, nil, models...)
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				for at := 0; at < len(part); at += size {
					if err := f.Feed(b.Context(), part[at:min(len(part), at+size)]); err != nil {
						b.Fatal(err)
					}
				}
				b.StopTimer()
				events += len(part)
				f.Close()
				same(b, pool, carico, part)
				b.StartTimer()
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkBuild makes three models from a log in memory, decoding and
// indexes included.
func BenchmarkBuild(b *testing.B) {
	d := newDiario(b)
	d.fill(40_000)
	events := 0
	for b.Loop() {
		b.StopTimer()
		pool := open(b, models...)
		b.StartTimer()
		if err := projections.Ricostruisci(b.Context(), pool, d.origin(), quiet, models...); err != nil {
			b.Fatal(err)
		}
		events += 200_000
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
