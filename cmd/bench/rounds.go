package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"
)

// subject is one thing that is measured. Its run is one round: it answers how
// many a second.
type subject struct {
	name string
	run  func(context.Context) (float64, error)
}

// sample is what the rounds of a subject gave.
type sample []float64

func (s sample) quantile(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func (s sample) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	if n := len(sorted); n > 0 && n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return s.quantile(0.5)
}

// over is the ratios of two samples, round by round: what disturbs the machine
// for a while disturbs both.
func (s sample) over(reference sample) sample {
	ratios := make(sample, len(s))
	for i := range s {
		ratios[i] = s[i] / reference[i]
	}
	return ratios
}

// show is the median, the least and the greatest.
func (s sample) show(number func(float64) string) string {
	return fmt.Sprintf("%s (%s–%s)", number(s.median()), number(slices.Min(s)), number(slices.Max(s)))
}

// interleave runs the subjects in turns, each round in another order, after a
// round to warm up. With -profile, the last round writes profiles.
func (b *bench) interleave(ctx context.Context, rounds int, subjects ...subject) (map[string]sample, error) {
	samples, ours, theirs := map[string]sample{}, map[string]sample{}, map[string]sample{}
	for round := range rounds + 1 {
		for i := range subjects {
			s := subjects[(i+round)%len(subjects)]
			runtime.GC()
			cpu := b.cpu()
			got, err := b.once(ctx, s, round == rounds)
			if err != nil {
				return nil, fmt.Errorf("%s, round %d: %w", s.name, round, err)
			}
			if round > 0 {
				spent := b.cpu()
				samples[s.name] = append(samples[s.name], got)
				ours[s.name] = append(ours[s.name], (spent.process - cpu.process).Seconds())
				theirs[s.name] = append(theirs[s.name], (spent.postgres - cpu.postgres).Seconds())
			}
		}
	}
	for _, s := range subjects {
		b.progress("  %-34s %s/s; CPU of a round %.2f s, of PostgreSQL %.2f s", s.name, samples[s.name].show(thousands), ours[s.name].median(), theirs[s.name].median())
	}
	return samples, nil
}

// inTurns does two things so many times in turns, and answers the p99 of each, in
// milliseconds, and their ratio, by round. The first round warms up.
func (b *bench) inTurns(times int, one, other func(k int) error) (ones, others, ratio sample, err error) {
	for round := range b.rounds() + 1 {
		var took [2]sample
		for k := range times {
			for n, do := range []func(int) error{one, other} {
				begun := time.Now()
				if err := do(k); err != nil {
					return nil, nil, nil, err
				}
				took[n] = append(took[n], float64(time.Since(begun).Microseconds())/1000)
			}
		}
		if a, c := took[0].quantile(.99), took[1].quantile(.99); round > 0 {
			ones, others, ratio = append(ones, a), append(others, c), append(ratio, a/c)
		}
	}
	return ones, others, ratio, nil
}

func (b *bench) once(ctx context.Context, s subject, last bool) (float64, error) {
	if b.profiles != "" && last {
		f, err := os.Create(filepath.Join(b.profiles, strings.NewReplacer(" ", "-", "/", "-").Replace(s.name)+".pprof"))
		if err != nil {
			return 0, err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 0, err
		}
		defer pprof.StopCPUProfile()
	}
	return s.run(ctx)
}

// rate is how many a second.
func rate(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

func millis(f float64) string { return fmt.Sprintf("%.2f ms", f) }
