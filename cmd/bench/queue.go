package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

const connections = 16 // that ask for the page at the same time

// queuePage measures the page of the queue as coordinators get it over HTTP,
// against the least that answers the same bytes (T8).
func queuePage(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "queue")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	cases := b.pick(40_000, 8_000)
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, cases, nessuna); err != nil {
		return err
	}
	if err := i.rebuild(ctx); err != nil {
		return err
	}
	s, err := i.serve()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	page, base, stop, err := s.least(ctx, cases)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	took := time.Duration(b.pick(1500, 400)) * time.Millisecond
	var ours, theirs, ratio sample
	for round := range b.rounds() + 1 {
		var p [2]sample
		for n, ask := range []asking{s.askQueue, askAt(base + "/righe")} {
			cpu := b.cpu()
			name := []string{"queue page", "queue page, bare"}[n]
			run := func(ctx context.Context) (per float64, err error) {
				p[n], err = sideBySide(ctx, s.client, took, len(page), ask)
				return rate(len(p[n]), took), err
			}
			per, err := b.once(ctx, subject{name, run}, round == b.rounds())
			if err != nil {
				return err
			}
			spent, pages := b.cpu(), time.Duration(len(p[n]))
			b.progress("  %-17s %.0f/s, p50 %s, p99 %s; CPU of a page %s, of PostgreSQL %s", name, per, millis(p[n].median()), millis(p[n].quantile(.99)),
				((spent.process - cpu.process) / pages).Round(time.Microsecond), ((spent.postgres - cpu.postgres) / pages).Round(time.Microsecond))
		}
		if a, c := p[0].quantile(.99), p[1].quantile(.99); round > 0 { // the first warms up
			ours, theirs, ratio = append(ours, a), append(theirs, c), append(ratio, a/c)
		}
	}
	b.table.add(row{
		id: "T8", what: fmt.Sprintf("page of 50 of the queue of %s cases over HTTP (token, contract, rights, record of who looks), %d connections, p99", thousands(float64(cases)), connections), measured: ours.show(millis),
		reference: fmt.Sprintf("mux, pgx and encoding/json alone, the same %d bytes: %s", len(page), theirs.show(millis)), ratio: ratio.show(twoDigits) + "×", bound: "≤ 1×", met: verdict(ratio.median() <= 1),
	})
	return nil
}

// asking makes a request.
type asking func(context.Context) (*http.Request, error)

// askQueue asks for the first page of the queue, as a coordinator.
func (s *server) askQueue(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/casi/ricerche", strings.NewReader(`{"lista":"da_assegnare","limit":50}`))
	if err == nil {
		req.Header.Set("Authorization", "Bearer "+s.tokens[0])
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

func askAt(url string) asking {
	return func(ctx context.Context) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	}
}

// least serves what answers the queue's first page with the least work, from a
// table of some rows, and holds it to the bytes of the API.
func (s *server) least(ctx context.Context, rows int) (page []byte, base string, stop func() error, err error) {
	if page, err = once(ctx, s.client, s.askQueue); err != nil {
		return nil, "", nil, err
	}
	least, err := newBare(ctx, s.pool, page, rows)
	if err != nil {
		return nil, "", nil, err
	}
	if base, stop, err = listen(least.handler()); err != nil {
		return nil, "", nil, err
	}
	same, err := once(ctx, s.client, askAt(base+"/righe"))
	if err != nil || !bytes.Equal(bytes.TrimSpace(same), bytes.TrimSpace(page)) {
		return nil, "", nil, errors.Join(err, fmt.Errorf("the bare handler answers other bytes:\n%.600s\n%.600s", same, page), stop())
	}
	return page, base, stop, nil
}

func once(ctx context.Context, client *http.Client, ask asking) ([]byte, error) {
	req, err := ask(ctx)
	if err != nil {
		return nil, err
	}
	return fetch(client, req)
}

// sideBySide asks by many connections for a while, and answers how long each
// answer took, in milliseconds. All are of one size.
func sideBySide(ctx context.Context, client *http.Client, d time.Duration, size int, ask asking) (all sample, err error) {
	var mu sync.Mutex
	_, _, err = together(ctx, connections, d, func(int) func(context.Context) error {
		return func(ctx context.Context) error {
			req, err := ask(ctx)
			if err != nil {
				return err
			}
			begun := time.Now()
			body, err := fetch(client, req)
			took := float64(time.Since(begun).Microseconds()) / 1000
			if err == nil && (len(body) < size-2 || len(body) > size+2) {
				err = fmt.Errorf("a page of %d bytes, not %d: %.300s", len(body), size, body)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took)
			return err
		}
	})
	return all, err
}
