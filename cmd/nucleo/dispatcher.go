package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/inps"
	"nucleo/cmd/nucleo/internal/inpsfinto"
	"nucleo/cmd/nucleo/internal/spedizioniere"
	"nucleo/commands"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/projections/segnalazioni"
)

// nuovoDispatcher is what sends segnalazioni to INPS; nil where none are sent.
func (s *servizio) nuovoDispatcher(comandi *commands.Service) *spedizioniere.Spedizioniere {
	c := s.config
	if c.INPS == "" {
		return nil
	}
	inbox := inps.Inbox{Dir: c.Ricevute, Log: s.log}
	var via spedizioniere.Via = inps.Cartella{Uscita: c.INPS, Inbox: inbox}
	if strings.Contains(c.INPS, "://") {
		via = inps.Rete{URL: c.INPS, Client: &http.Client{Timeout: time.Minute}, Inbox: inbox, Log: s.log}
	}
	return spedizioniere.Nuovo(spedizioniere.Config{
		Comandi: comandi, Elenco: daSpedire{elenchi{s.motore, s.lettura}}, Via: via, Custode: custode{s.lettura}, Ogni: c.INPSOgni, Adesso: time.Now, Log: s.log,
	})
}

// daSpedire answers the dispatcher from the read model of the segnalazioni.
type daSpedire struct{ elenchi }

// Attendi implements spedizioniere.Elenco.
func (d daSpedire) Attendi(ctx context.Context, position uint64) error {
	return d.motore.Wait(ctx, position, segnalazioni.Projection)
}

// DaSpedire implements spedizioniere.Elenco.
func (d daSpedire) DaSpedire(ctx context.Context, limite int) ([]flussoinps.Voce, error) {
	return segnalazioni.DaSpedire(ctx, d.pool, limite)
}

// FlussiAperti implements spedizioniere.Elenco.
func (d daSpedire) FlussiAperti(ctx context.Context) ([]string, error) {
	return segnalazioni.FlussiAperti(ctx, d.pool)
}

// UltimoFlusso implements spedizioniere.Elenco.
func (d daSpedire) UltimoFlusso(ctx context.Context, g giorno.Giorno) (int, error) {
	return segnalazioni.UltimoFlusso(ctx, d.pool, g)
}

// custode lets one replica send at a time: who holds the lock in the database
// that they share. A replica that loses its connection may meet another for
// the rest of its round; then what both send has one effect at INPS.
type custode struct{ pool *pgxpool.Pool }

const lucchetto = `hashtextextended('nucleo/spedizioniere', 0)`

// Solo implements spedizioniere.Custode.
func (c custode) Solo(ctx context.Context, lavora func(context.Context) error) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var mio bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+lucchetto+`)`).Scan(&mio); err != nil || !mio {
		return err
	}
	defer func() {
		ctx, basta := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer basta()
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(`+lucchetto+`)`); err != nil {
			_ = conn.Conn().Close(ctx) // the lock ends with its connection
		}
	}()
	return lavora(ctx)
}

// demoINPS lets a demo that sends nowhere send to a directory of its own, where
// a counterpart of INPS takes what comes and answers with receipts.
func demoINPS(c config, dir cartella.Cartella) (config, *inpsfinto.INPS) {
	if c.INPS != "" {
		return c, nil
	}
	c.INPS, c.Ricevute, c.INPSOgni = dir.File("inps", "uscita"), dir.File("inps", "ricevute"), 2*time.Second
	return c, inpsfinto.Nuova(inpsfinto.Config{Entrata: c.INPS, Ricevute: c.Ricevute, Lentezza: time.Second})
}

// inpsFintoCmd is the counterpart as a process of its own, for trials.
func inpsFintoCmd() *cobra.Command {
	var c inpsfinto.Config
	cmd := &cobra.Command{
		Use: "inps-finto", Short: "stand in for INPS, in trials", Args: cobra.NoArgs, Hidden: true,
		Long: "inps-finto takes flussi by HTTP (NUCLEO_INPS=http://…) and, with --entrata and --ricevute, from a directory;\n" +
			"it answers with receipts, and GET /conteggi tells what it got. Its flags make it as difficult as the real one.",
	}
	addr := cmd.Flags().String("addr", "127.0.0.1:0", "address")
	cmd.Flags().StringVar(&c.Entrata, "entrata", "", "directory of flussi")
	cmd.Flags().StringVar(&c.Ricevute, "ricevute", "", "directory for receipts")
	cmd.Flags().DurationVar(&c.Lentezza, "lentezza", 0, "wait before every answer")
	cmd.Flags().IntVar(&c.RifiutaOgni, "rifiuta-ogni", 0, "take nothing of every so many flussi")
	cmd.Flags().IntVar(&c.PerdiOgni, "perdi-ogni", 0, "take every so many flussi, and drop the answer")
	cmd.Flags().IntVar(&c.Ripeti, "ripeti", 0, "how often more a receipt comes")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		n := inpsfinto.Nuova(c)
		listener, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", *addr)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "http://%s\n", listener.Addr())
		server := &http.Server{Handler: n, ReadHeaderTimeout: 5 * time.Second}
		go func() { _ = server.Serve(listener) }()
		defer func() { _ = server.Close() }()
		if c.Entrata == "" {
			<-cmd.Context().Done()
			return nil
		}
		return n.Run(cmd.Context())
	}
	return cmd
}
