package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
)

// A case after a year and more (domain 8.2): most have some 30 events, the
// longest 300.
const fewEvents, manyEvents = 30, 300

// opened measures how long a case manager waits for a case that opens, whole
// and folded from its events: one of 300 events against one of 30.
func opened(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "open")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, 2, func(int) int { return 1 }); err != nil {
		return err
	}
	for n, events := range []int{fewEvents, manyEvents} {
		if err := i.live(ctx, n, events); err != nil {
			return err
		}
	}
	s, err := i.serve()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	times := b.pick(500, 150)
	many, few, ratio, err := b.inTurns(times, func(int) error { return s.open(ctx, 1) }, func(int) error { return s.open(ctx, 0) })
	if err != nil {
		return err
	}
	if err := s.repeated(ctx, b, times); err != nil {
		return err
	}
	b.table.add(row{
		id: "APRI", what: fmt.Sprintf("opening a case of %d events over HTTP as its case manager, p99 of %d", manyEvents, times), measured: many.show(millis),
		reference: fmt.Sprintf("one of %d events: %s", fewEvents, few.show(millis)), ratio: ratio.show(twoDigits) + "×", bound: "< 3×", met: verdict(ratio.median() < 3),
	})
	return nil
}

// someEvents are those of a case that is opened to be compared with one row.
const someEvents = 35

// openedBare measures the opening of a case against a bare row by its key over
// HTTP (T9): the record of who looks is written and durable, the stream read,
// folded and answered.
func openedBare(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "row")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, 100, func(n int) int { return max(0, 1-n) }); err != nil { // the first has a case manager
		return err
	}
	if err := i.live(ctx, 0, someEvents); err != nil {
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
	_, base, stop, err := s.least(ctx, 1000)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	times := b.pick(500, 150)
	whole, one, ratio, err := b.inTurns(times, func(int) error { return s.open(ctx, 0) },
		func(k int) error { _, err := once(ctx, s.client, askAt(fmt.Sprint(base, "/righe/", k))); return err })
	if err != nil {
		return err
	}
	b.table.add(row{
		id: "T9", what: fmt.Sprintf("opening a case of %d events over HTTP (record of who looks written, stream read, folded, answered), p99 of %d", someEvents, times), measured: whole.show(millis),
		reference: fmt.Sprintf("mux, pgx and encoding/json alone, a row by its key: %s", one.show(millis)), ratio: ratio.show(twoDigits) + "×", bound: "≤ 3×", met: verdict(ratio.median() <= 3),
	})
	return nil
}

// repeated opens each case many times over, and says what that costs; with
// -profile, it writes profiles.
func (s *server) repeated(ctx context.Context, b *bench, times int) error {
	for n, events := range []int{fewEvents, manyEvents} {
		took := sample{}
		open := func(ctx context.Context) (float64, error) {
			for range times {
				begun := time.Now()
				if err := s.open(ctx, n); err != nil {
					return 0, err
				}
				took = append(took, float64(time.Since(begun).Microseconds())/1000)
			}
			return 0, nil
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		cpu := b.cpu()
		if _, err := b.once(ctx, subject{fmt.Sprintf("open %d events", events), open}, true); err != nil {
			return err
		}
		spent := (b.cpu().process - cpu.process) / time.Duration(times)
		runtime.ReadMemStats(&after)
		b.progress("  a case of %3d events, the program as its own caller: p50 %s, p90 %s, CPU %s, allocates %d KB in %d pieces, %d collections in all", events, millis(took.median()), millis(took.quantile(.9)),
			spent.Round(time.Microsecond), (after.TotalAlloc-before.TotalAlloc)/uint64(times)/1024, (after.Mallocs-before.Mallocs)/uint64(times), after.NumGC-before.NumGC)
	}
	return nil
}

// open opens the n-th case as its case manager.
func (s *server) open(ctx context.Context, n int) error { return s.read(ctx, n, "", s.tokensCM[n]) }

// read reads the n-th case, or what lies below it, and holds the answer to what
// only the whole view has.
func (s *server) read(ctx context.Context, n int, below, token string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/casi/"+id.CasoDi(idDomanda(n)).String()+below, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !strings.Contains(string(answer), `"diario":[{`)) {
		err = fmt.Errorf("answered %s: %.200s", resp.Status, answer)
	}
	return err
}

// live lets the n-th case go on, a year's work of its case manager, until its
// stream has so many events.
func (i *installation) live(ctx context.Context, n, events int) error {
	stream := caso.Decider.Stream(id.CasoDi(idDomanda(n)).String())
	head, lived := domain.Head{}, 0
	var st caso.State
	for r, err := range i.store.Read(ctx, stream) {
		if err != nil {
			return err
		}
		e, _ := r.Event.(caso.Event)
		head, lived, st = r.Head(), lived+1, caso.Decider.Evolve(st, e)
	}
	var more []domain.Event
	for k := 0; lived+len(more) < events; k++ {
		more = append(more, work(st, k, i.seme)...)
	}
	cm := domain.Meta{Comando: uuid.New(), Attore: i.seme.cm[n].UUID, Ruolo: domain.CaseManager, Canale: domain.HTTP, Istante: time.Now()}
	_, err := i.store.Append(ctx, stream, head, cm, more[:events-lived]...)
	return err
}

// work is the k-th thing that a case manager does, with what there is to say.
func work(s caso.State, k int, seme seme) []domain.Event {
	chi := []id.Componente{s.Nucleo.Componenti[0].ID}
	name := func(what string) uuid.UUID { return uuid.NewSHA1(chi[0].UUID, fmt.Appendf(nil, "%s/%d", what, k)) }
	testo := strings.Repeat("la signora racconta come vanno la casa, il lavoro e la scuola dei figli; ", 6)
	switch k % 5 {
	case 0:
		return []domain.Event{caso.AnnotazioneInserita{Annotazione: id.Annotazione{UUID: name("nota")}, Testo: testo}}
	case 1:
		d := caso.Dimensioni[k/5%len(caso.Dimensioni)]
		return []domain.Event{caso.SezioneAPSalvata{Sezione: caso.Sezione{Sezione: d, Contenuto: caso.Contenuto{Testo: testo, Fonte: "COLLOQUIO"}, Revisione: 1 + k/5/len(caso.Dimensioni)}}}
	case 2:
		i := id.Incontro{UUID: name("incontro")}
		return []domain.Event{
			caso.IncontroPianificato{Incontro: i, Inizio: seme.oggi.Time(), Durata: 45, Luogo: "sportello", Operatore: s.Assegnazione.CaseManager, Partecipanti: chi},
			caso.IncontroRegistrato{Incontro: i, Tipo: caso.AvvenutoIncontro, Data: seme.oggi, RegistratoIl: seme.oggi, Presenti: chi, NuovaScadenza: seme.oggi + 90},
		}
	case 3:
		i := id.Comunicazione{UUID: name("messaggio")}
		return []domain.Event{
			caso.ComunicazioneAccodata{Comunicazione: i, Tipo: caso.Promemoria, Canale: caso.EMAIL, Destinatari: chi, Testo: testo},
			caso.ComunicazioneInviata{Comunicazione: i},
			caso.ComunicazioneConsegnata{Comunicazione: i, Data: seme.oggi},
		}
	}
	return []domain.Event{caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Cellulare: fmt.Sprintf("333 %07d", k)}, Fonte: caso.FonteComune}}
}
