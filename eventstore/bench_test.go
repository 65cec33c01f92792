package eventstore_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/esdbtest"
	"nucleo/eventstore/storetest"
)

var nota = storetest.Nota{Testo: strings.Repeat("parola ", 40), Numero: 1}

func BenchmarkAppendByOneCaller(b *testing.B) {
	s := connect(b, esdbtest.Start(b).Address())
	ready(b, s, 10*time.Second)
	for b.Loop() {
		storetest.Put(b, s, storetest.Stream(), domain.Head{}, storetest.Meta(), nota)
	}
}

func BenchmarkAppendBy32Callers(b *testing.B) {
	b.Run("alone", func(b *testing.B) { appendBy32(b, true) })
	b.Run("shared", func(b *testing.B) { appendBy32(b, false) })
}

func appendBy32(b *testing.B, alone bool) {
	s := openWith(b, eventstore.Config{Address: esdbtest.Start(b).Address(), Alone: alone})
	ready(b, s, 10*time.Second)
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := s.Append(b.Context(), storetest.Stream(), domain.Head{}, storetest.Meta(), nota); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkReadStreamOf35(b *testing.B) {
	s := connect(b, esdbtest.Start(b).Address())
	ready(b, s, 10*time.Second)
	stream, events := storetest.Stream(), make([]domain.Event, 35)
	for i := range events {
		events[i] = nota
	}
	storetest.Put(b, s, stream, domain.Head{}, storetest.Meta(), events...)
	for b.Loop() {
		if got := storetest.Read(b, s, stream); len(got) != 35 {
			b.Fatal(len(got))
		}
	}
}

func BenchmarkBatchesOfTheWholeLog(b *testing.B) {
	s := connect(b, esdbtest.Start(b).Address())
	ready(b, s, 10*time.Second)
	events := make([]domain.Event, 500)
	for i := range events {
		events[i] = nota
	}
	for range 60 {
		storetest.Put(b, s, storetest.Stream(), domain.Head{}, storetest.Meta(), events...)
	}
	var read atomic.Int64
	for b.Loop() {
		for batch, err := range eventstore.Batches(b.Context(), storetest.Catalog, nil, s.All(b.Context(), 0, false), 10_000) {
			if err != nil {
				b.Fatal(err)
			}
			read.Add(int64(len(batch)))
		}
	}
	b.ReportMetric(float64(read.Load())/b.Elapsed().Seconds(), "events/s")
}
