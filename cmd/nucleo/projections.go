package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nucleo/projections"
)

func projectionsCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "projections", Short: "look after the read models"}
	cmd.AddCommand(projectionsList(), projectionsRebuild(), projectionsVerify(), projectionsSblocca(), projectionsAzzera())
	return cmd
}

// conOrigine hands a verb what read models are made from, too.
func conOrigine(cmd *cobra.Command, run func(cmd *cobra.Command, i *impianto, args []string) error) *cobra.Command {
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		if err := i.apriChiavi(cmd.Context()); err != nil {
			return err
		}
		return run(cmd, i, args)
	})
}

// conLettura hands a verb the store and the database.
func conLettura(cmd *cobra.Command, run func(cmd *cobra.Command, i *impianto, args []string) error) *cobra.Command {
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		if err := i.apriLettura(cmd.Context()); err != nil {
			return err
		}
		return run(cmd, i, args)
	})
}

func projectionsList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "say where each read model stands", Args: cobra.NoArgs}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		end, err := i.archivio.End(cmd.Context())
		if err != nil {
			return err
		}
		stati, err := projections.Stato(cmd.Context(), i.lettura, modelli, end)
		if err != nil {
			return err
		}
		fermi, err := projections.Parcheggiati(cmd.Context(), i.lettura, modelli)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"proiezioni": stati, "parcheggiati": fermi})
		}
		t := table.NewWriter()
		t.SetOutputMirror(cmd.OutOrStdout())
		t.AppendHeader(table.Row{"name", "version", "condition", "position", "end of log", "lag", "parked", "last error"})
		for _, s := range stati {
			t.AppendRow(table.Row{s.Nome, s.Versione, s.Condizione, s.Posizione, s.Fine, s.Ritardo, s.Parcheggiati, s.Errore})
		}
		t.Render()
		for _, p := range fermi {
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "parked: %s %s from event %d, %s: %s\n", p.Proiezione, p.Flusso, p.Versione, p.Dal.Format("2006-01-02 15:04"), p.Motivo)
		}
		return nil
	})
}

func projectionsRebuild() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rebuild NAME|all", Short: "build a read model anew from the log, beside the one that is read", Args: cobra.ExactArgs(1),
		Long: "rebuild builds the tables of a read model beside those in use and swaps them in one transaction: whoever\n" +
			"reads sees no gap. It can be interrupted and asked again.",
	}
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		scelti := modelli
		if args[0] != "all" {
			m, err := modelloDi(args[0])
			if err != nil {
				return err
			}
			scelti = []projections.Model{m}
		}
		return conAvanzamento(cmd, i, scelti)
	})
}

func projectionsVerify() *cobra.Command {
	cmd := &cobra.Command{Use: "verify NAME", Short: "compare a read model with the log", Args: cobra.ExactArgs(1)}
	return conOrigine(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		m, err := modelloDi(args[0])
		if err != nil {
			return err
		}
		differenze, err := projections.Verifica(cmd.Context(), i.lettura, i.origine(), i.log, m)
		if err != nil {
			return err
		}
		for _, d := range differenze {
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), d)
		}
		if len(differenze) > 0 {
			return fmt.Errorf("%s is not what the log says: nucleo projections rebuild %s", args[0], args[0])
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), args[0], "is what the log says")
		return err
	})
}

func projectionsSblocca() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sblocca NAME STREAM", Short: "release a parked stream", Args: cobra.ExactArgs(2),
		Long: "sblocca folds the events of a stream that a read model has set aside, once the cause is mended.",
	}
	return conOrigine(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		m, err := modelloDi(args[0])
		if err != nil {
			return err
		}
		if err := projections.Sblocca(cmd.Context(), i.lettura, i.origine(), m, args[1]); err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), args[1], "is folded again by", args[0])
		return err
	})
}

func projectionsAzzera() *cobra.Command {
	cmd := &cobra.Command{
		Use: "azzera", Short: "drop all read models, which the next start builds from the log", Args: cobra.NoArgs,
		Long: "azzera is for a database whose read models belong to another log, as after a restore. It refuses while a\n" +
			"program keeps them up to date. Nothing is lost: they are made from the log.",
	}
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		schemi, err := projections.Vecchie(cmd.Context(), i.lettura, nil)
		if err != nil {
			return err
		}
		if err := i.azzera(cmd.Context(), schemi); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d read models dropped: nucleo serve builds them anew\n", len(schemi))
		return err
	})
}

func modelloDi(nome string) (projections.Model, error) {
	var nomi []string
	for _, m := range modelli {
		senzaVersione, _, _ := strings.Cut(m.ID(), "_v")
		if senzaVersione == nome || m.ID() == nome {
			return m, nil
		}
		nomi = append(nomi, senzaVersione)
	}
	return nil, fmt.Errorf("there is no read model %q; there are %s", nome, strings.Join(nomi, ", "))
}
