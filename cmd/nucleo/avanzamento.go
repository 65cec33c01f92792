package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"nucleo/projections"
)

// barra tells how far long work has come: one line that changes on a terminal,
// now and then a line elsewhere. Errors are never hidden behind it.
type barra struct {
	w         io.Writer
	terminale bool
	detto     time.Time
}

func nuovaBarra(f *os.File) *barra { return &barra{w: f, terminale: term.IsTerminal(int(f.Fd()))} }

const ogni = 5 * time.Second

// mostra tells, if it is time to, that fatti of totale are done.
func (b *barra) mostra(adesso time.Time, cosa string, fatti, totale int) {
	if !b.terminale {
		if adesso.Sub(b.detto) >= ogni {
			b.detto = adesso
			_, _ = fmt.Fprintln(b.w, cosa+quanto(fatti, totale))
		}
		return
	}
	const largo = 30
	pieno := 0
	if totale > 0 {
		pieno = min(largo, largo*fatti/totale)
	}
	_, _ = fmt.Fprintf(b.w, "\r\x1b[K%s [%s%s] %d/%d", cosa, strings.Repeat("=", pieno), strings.Repeat(" ", largo-pieno), fatti, totale)
}

// quanto is empty while nobody knows how much there is.
func quanto(fatti, totale int) string {
	if totale == 0 {
		return ""
	}
	return fmt.Sprintf(": %d of %d", fatti, totale)
}

// fine ends the line of a terminal, and says how it went.
func (b *barra) fine(testo string) {
	if b.terminale {
		_, _ = fmt.Fprint(b.w, "\r\x1b[K")
	}
	_, _ = fmt.Fprintln(b.w, testo)
}

// conAvanzamento rebuilds models and tells how far they are.
func conAvanzamento(cmd *cobra.Command, i *impianto, scelti []projections.Model) error {
	inizio, b := time.Now(), nuovaBarra(os.Stderr)
	if err := i.apriChiavi(cmd.Context()); err != nil {
		return err
	}
	end, err := i.archivio.End(cmd.Context())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	var g errgroup.Group
	g.Go(func() error {
		defer cancel()
		return projections.Ricostruisci(cmd.Context(), i.lettura, i.origine(), i.log, scelti...)
	})
	g.Go(func() error {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
				mostraCostruzione(ctx, b, i, scelti, end)
			}
		}
	})
	if err := g.Wait(); err != nil {
		b.fine("the rebuild stopped; asked again, it goes on")
		return err
	}
	b.fine(fmt.Sprintf("%d read models rebuilt in %s", len(scelti), time.Since(inizio).Round(time.Millisecond)))
	return nil
}

func mostraCostruzione(ctx context.Context, b *barra, i *impianto, scelti []projections.Model, end uint64) {
	stati, err := projections.Stato(ctx, i.lettura, scelti, end)
	if err != nil {
		return // the rebuild itself reports what fails
	}
	for _, s := range stati {
		if s.Eventi > 0 {
			b.mostra(time.Now(), fmt.Sprintf("%s, %d events, %.0f/s", s.Nome, s.Eventi, s.Ritmo), int(s.Posizione), int(s.Fine))
			return
		}
	}
}
