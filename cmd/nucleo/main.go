// Command nucleo is the case-management engine: the API, the embedded event
// store and database, and the verbs of those who run it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Europe/Rome, also on machines without time zones

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
)

// What the build says of itself; the Makefile fills them in.
var (
	version = "dev"
	commit  = ""
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := radice().ExecuteContext(ctx); err != nil {
		if !errors.Is(err, errDetto) {
			fmt.Fprintln(os.Stderr, "nucleo:", err)
		}
		os.Exit(1)
	}
}

// errDetto ends the program with status 1 after it has said what is wrong.
var errDetto = errors.New("said already")

func radice() *cobra.Command {
	root := &cobra.Command{
		Use:   "nucleo",
		Short: "event-sourced case management for social services",
		Long: "nucleo keeps the cases of households on income support: every change is an event, so any case\n" +
			"can be replayed to any day. Start with \"nucleo demo\"; settings are NUCLEO_… variables (nucleo config).",
		SilenceUsage: true, SilenceErrors: true,
		Version: versione(),
	}
	root.AddCommand(
		serveCmd(), demoCmd(), initCmd(), nodeCmd(),
		importCmd(), usersCmd(), cancellazioniCmd(), generaCmd(), storiaCmd(), diffCmd(), causeCmd(), percheCmd(), projectionsCmd(),
		verificaCmd(), fascicoloCmd(), sigilliCmd(), chiaviCmd(), backupCmd(), restoreCmd(), doctorCmd(), configCmd(), versionCmd(), campoCmd(), inpsFintoCmd(),
		analisiCmd(),
	)
	return root
}

// conDati adds the flag --data, which comes before NUCLEO_DATA, and hands the
// settings to the verb.
func conDati(cmd *cobra.Command, run func(cmd *cobra.Command, c config, args []string) error) *cobra.Command {
	data := cmd.Flags().String("data", "", "data directory (NUCLEO_DATA, ./dati)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := configFrom(os.Environ())
		if err != nil {
			return err
		}
		if *data != "" {
			c.Data = *data
		}
		return run(cmd, c, args)
	}
	return cmd
}

// conArchivio hands a verb the event store of an installation.
func conArchivio(cmd *cobra.Command, run func(cmd *cobra.Command, i *impianto, args []string) error) *cobra.Command {
	return conInstallazione(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		if err := i.apriArchivio(cmd.Context(), true); err != nil {
			return err
		}
		return run(cmd, i, args)
	})
}

// conInstallazione hands a verb an installation that is there: a mistyped
// directory would be an empty one, of which all is well.
func conInstallazione(cmd *cobra.Command, run func(cmd *cobra.Command, i *impianto, args []string) error) *cobra.Command {
	return conDati(cmd, func(cmd *cobra.Command, c config, args []string) (err error) {
		if !cartella.Esiste(c.Data) {
			return fmt.Errorf("there is no installation in %s: name its directory with --data or NUCLEO_DATA", c.Data)
		}
		i, err := apri(c, registro(os.Stderr, "warn"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, i.chiudi()) }()
		return run(cmd, i, args)
	})
}
