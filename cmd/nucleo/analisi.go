package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/foglio"
	"nucleo/domain/giorno"
	"nucleo/internal/analisi"
	"nucleo/projections/cruscotto"
)

// pubblica stores the figures of the days that are over, once the read model
// that they are made from has come to the end of the log.
func (s *servizio) pubblica(ctx context.Context, ieri giorno.Giorno) error {
	fine, err := s.archivio.End(ctx)
	if err == nil {
		err = s.motore.Wait(ctx, fine, cruscotto.Projection)
	}
	if err != nil {
		return err
	}
	inizio := time.Now()
	e, err := analisi.Pubblica(ctx, s.lettura, ieri, time.Now())
	if err == nil && e.Celle > 0 {
		s.log.InfoContext(ctx, "figures published", "up_to", ieri, "ambiti", e.Ambiti, "cells", e.Celle, "made_anew", e.Rifatti, "took", time.Since(inizio))
	}
	return err
}

// pubblicazioni publishes at the start, and whenever a day is over, until ctx
// ends. What fails is tried again.
func pubblicazioni(ctx context.Context, ogni time.Duration, oggi func() giorno.Giorno, pubblica func(context.Context, giorno.Giorno) error, log *slog.Logger) error {
	battito := time.NewTicker(ogni)
	defer battito.Stop()
	var fatto giorno.Giorno
	for {
		if g := oggi(); g != fatto {
			switch err := pubblica(ctx, g-1); {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				log.Warn("the figures of yesterday are not published; trying again", "error", err)
			default:
				fatto = g
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-battito.C:
		}
	}
}

// oggi is the day in Rome.
func oggi() giorno.Giorno { return giorno.Di(time.Now().In(roma)) }

func analisiCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "analisi", Short: "the figures that may be told: publish, export, let analysts read"}
	cmd.AddCommand(analisiEsporta(), analisiPubblica(), analisiSQL())
	return cmd
}

func analisiPubblica() *cobra.Command {
	cmd := &cobra.Command{
		Use: "pubblica", Short: "publish the figures up to yesterday", Args: cobra.NoArgs,
		Long: "pubblica does what nucleo serve does at its start and after midnight. It works from the read models as they\n" +
			"stand, and writes an ambito anew where the log has come to say something else of its past.",
	}
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		err := analisi.Prepara(cmd.Context(), i.lettura)
		if err != nil {
			return err
		}
		e, err := analisi.Pubblica(cmd.Context(), i.lettura, oggi()-1, time.Now())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d ambiti up to %s; %d cells written, %d ambiti made anew\n", e.Ambiti, oggi()-1, e.Celle, e.Rifatti)
		return err
	})
}

func analisiSQL() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sql", Short: "print what the administrator of a managed database runs for analysts", Args: cobra.NoArgs,
		Long: "sql prints the script that makes the role " + analisi.Ruolo + " in a database that is not embedded.",
	}
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		database, utente := "nucleo", "nucleo"
		if c.Postgres != "" {
			p, err := pgx.ParseConfig(c.Postgres)
			if err != nil {
				return errors.New("NUCLEO_POSTGRES is no URL of a database")
			}
			database, utente = p.Database, p.User
		}
		_, err := fmt.Fprint(cmd.OutOrStdout(), analisi.SQL(database, utente))
		return err
	})
}

func analisiEsporta() *cobra.Command {
	cmd := &cobra.Command{
		Use: "esporta --vista VISTA", Short: "write a view and its metadata to files", Args: cobra.NoArgs,
		Long:    "esporta writes VISTA.csv with VISTA.csv-metadata.json, VISTA.xlsx or VISTA.svg.\nVISTA is one of " + strings.Join(analisi.Nomi(), ", ") + ".",
		Example: "  nucleo analisi esporta --vista esiti_ap --formato xlsx --al 2026-03-31",
	}
	nome := cmd.Flags().String("vista", "", "the view")
	formato := cmd.Flags().String("formato", "csv", "csv, xlsx or svg")
	dal := cmd.Flags().String("dal", "", "the first period (YYYY-MM-DD)")
	al := cmd.Flags().String("al", "", "the last period (YYYY-MM-DD)")
	ambito := cmd.Flags().String("ambito", "", "one ambito; all when empty")
	dove := cmd.Flags().String("cartella", ".", "where to write")
	_ = cmd.MarkFlagRequired("vista")
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		v, c := analisi.Cerca(*nome)
		if !c {
			return fmt.Errorf("there is no view %q; there are %s", *nome, strings.Join(analisi.Nomi(), ", "))
		}
		if !slices.Contains([]string{"csv", "xlsx", "svg"}, *formato) {
			return errors.New("--formato is csv, xlsx or svg")
		}
		f := analisi.Filtro{Ambito: *ambito}
		var err error
		for _, g := range []struct {
			testo string
			in    *giorno.Giorno
		}{{*dal, &f.Dal}, {*al, &f.Al}} {
			if g.testo == "" {
				continue
			}
			if *g.in, err = giorno.Parse(g.testo); err != nil {
				return fmt.Errorf("--dal and --al are days: %w", err)
			}
		}
		if err := os.MkdirAll(*dove, 0o755); err != nil {
			return err
		}
		e, err := analisi.Leggi(cmd.Context(), i.lettura, v, f)
		if err != nil {
			return err
		}
		return esporta(cmd.OutOrStdout(), e, *formato, filepath.Join(*dove, v.Nome))
	})
}

// esporta writes the files of an extract, and says which.
func esporta(out io.Writer, e analisi.Estratto, formato, nome string) error {
	file := nome + "." + formato
	scrivi := map[string]func(io.Writer) error{
		"csv":  func(w io.Writer) error { return analisi.ScriviCSV(w, e) },
		"xlsx": func(w io.Writer) error { return foglio.Tavola(w, e) },
		"svg":  func(w io.Writer) error { return analisi.ScriviSVG(w, e) },
	}
	err := crea(file, scrivi[formato])
	if err == nil && formato == "csv" {
		err = crea(file+"-metadata.json", func(w io.Writer) error { return analisi.ScriviMetadati(w, analisi.MetadatiDi(e, filepath.Base(file))) })
	}
	if err == nil {
		_, err = fmt.Fprintf(out, "%s: %d rows, up to %s\n", file, len(e.Righe), e.FinoAl)
	}
	return err
}

// crea writes a file whole, or reports why not.
func crea(file string, scrivi func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(scrivi(f), f.Close())
}
