package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands/tracciato"
	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

func generaCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "genera", Short: "write invented domande, to try imports with", Args: cobra.NoArgs,
		Long:    "genera writes domande of invented people to standard output. The same seed and day give the same bytes.",
		Example: "  nucleo genera --casi 500 --seed 7 --al 2026-11-01 --formato csv > domande.csv",
	}
	casi := cmd.Flags().Int("casi", 100, "how many")
	seme := cmd.Flags().Int64("seed", 1, "seed of the random numbers")
	al := cmd.Flags().String("al", "", "the day that the domande are seen from (YYYY-MM-DD; today)")
	formato := cmd.Flags().String("formato", string(importazione.NDJSON), "ndjson or csv")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		giornoAl := giorno.Di(time.Now().In(roma))
		if *al != "" {
			if giornoAl, err = giorno.Parse(*al); err != nil {
				return fmt.Errorf("--al: %w", err)
			}
		}
		f := importazione.Formato(*formato)
		if f != importazione.NDJSON && f != importazione.CSV {
			return fmt.Errorf("--formato is ndjson or csv, not %q", *formato)
		}
		return tracciato.Scrivi(cmd.OutOrStdout(), f, genera.Domande(*casi, *seme, giornoAl, genera.Palermo()))
	}
	return cmd
}
