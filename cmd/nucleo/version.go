package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func versione() string {
	if version == "dev" {
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
			return info.Main.Version
		}
	}
	return version
}

func versionCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "version", Short: "print the version", Args: cobra.NoArgs}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *asJSON {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]string{"version": versione(), "commit": commit, "go": runtime.Version()})
		}
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "nucleo", versione(), commit, runtime.Version())
		return err
	}
	return cmd
}

func configCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "print the settings in force, secrets masked", Args: cobra.NoArgs,
		Long: "Settings are environment variables. This prints each with its value, where the value comes from, and what it is for.",
	}
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(w, "SETTING\tVALUE\tFROM\tMEANING")
		for _, s := range impostazioni(c) {
			from := "environment or flag"
			if s.valore == s.normale {
				from = "default"
			}
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.nome, s.valore, from, s.cosa)
		}
		return w.Flush()
	})
}
