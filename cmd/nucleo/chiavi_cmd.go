package main

import (
	"encoding/json"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
)

func chiaviCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "chiavi", Short: "look after the keys of personal data",
		Long: "Personal data in the log are sealed, each person's by a key of their own. The keys lie in a database of their own,\n" +
			"wrapped by a key-encryption key (KEK) in a file outside it: docs/operations.md says what to back up, and where.",
	}
	cmd.AddCommand(chiaviRuota(), chiaviStato())
	return cmd
}

// conChiavi hands a verb the database of keys.
func conChiavi(cmd *cobra.Command, run func(cmd *cobra.Command, i *impianto) error) *cobra.Command {
	return conInstallazione(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		if err := i.apriChiavi(cmd.Context()); err != nil {
			return err
		}
		return run(cmd, i)
	})
}

func chiaviRuota() *cobra.Command {
	cmd := &cobra.Command{
		Use: "ruota", Short: "begin another epoch: a new KEK, by which all keys are wrapped anew", Args: cobra.NoArgs,
		Long: "ruota may run while nucleo serve does, and goes on where it was interrupted. The old KEK is kept for 35 days, as\n" +
			"long as backups of the key database are, and then destroyed by nucleo serve. Back the new one up.",
	}
	return conChiavi(cmd, func(cmd *cobra.Command, i *impianto) error {
		fatte := 0
		if err := i.chiavi.Ruota(cmd.Context(), func(n int) { fatte = n }); err != nil {
			return err
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d keys were wrapped anew; back up the new KEK in %s, apart from everything else\n", fatte, i.kek())
		return err
	})
}

func chiaviStato() *cobra.Command {
	cmd := &cobra.Command{Use: "stato", Short: "say how old the KEK is, and how many keys there are", Args: cobra.NoArgs}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conChiavi(cmd, func(cmd *cobra.Command, i *impianto) error {
		epoche, distrutte, err := i.chiavi.Stato(cmd.Context())
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"epoche": epoche, "distrutte": distrutte})
		}
		t := table.NewWriter()
		t.SetOutputMirror(cmd.OutOrStdout())
		t.AppendHeader(table.Row{"epoch", "begun", "keys", "wraps nothing since", "destroyed"})
		for _, e := range epoche {
			r := table.Row{e.Numero, e.Creata.Format("2006-01-02 15:04"), e.Chiavi, "", ""}
			if e.Ritirata != nil {
				r[3] = e.Ritirata.Format("2006-01-02 15:04")
			}
			if e.Distrutta != nil {
				r[4] = e.Distrutta.Format("2006-01-02 15:04")
			}
			t.AppendRow(r)
		}
		t.Render()
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d keys were destroyed\n", distrutte)
		return err
	})
}
