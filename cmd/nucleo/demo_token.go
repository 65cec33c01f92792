package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/domain/codicefiscale"
)

func demoTokenCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "token CODICE_FISCALE", Short: "print a fresh token of somebody of the demo", Args: cobra.ExactArgs(1),
		Long: "token signs a token as the issuer of the demo of the data directory does, whether that runs or not: as if the\n" +
			"person had signed in just now. Deciding on segnalazioni takes a sign-in of the last 5 minutes.",
		Example: "  nucleo demo token --data ./dati CODICE_FISCALE",
	}
	return conDati(cmd, func(cmd *cobra.Command, c config, args []string) error {
		if !cartella.Esiste(c.Data) {
			return fmt.Errorf("there is no installation in %s: name the directory of the demo with --data or NUCLEO_DATA", c.Data)
		}
		dir, err := cartella.Apri(c.Data)
		if err != nil {
			return err
		}
		if _, err := os.Stat(dir.File(chiaveDemo)); err != nil {
			return fmt.Errorf("no demo ever ran in %s: name its directory with --data or NUCLEO_DATA", dir.Dir)
		}
		codice, err := codicefiscale.Parse(args[0])
		if err != nil || codice.Provvisorio() {
			return errors.New("name the person by a codice fiscale of 16 characters, as nucleo demo prints it")
		}
		chiavi, err := chiaviDemo(c, dir)
		if err != nil {
			return err
		}
		token, err := chiavi.Token(string(codice), "", emittente.Validity)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
		return err
	})
}

// chiaveDemo is the file with the key of the issuer of a demo.
const chiaveDemo = "emittente-demo.pem"

// chiaviDemo is the issuer of the demo of a data directory.
func chiaviDemo(c config, dir cartella.Cartella) (*emittente.Emittente, error) {
	return emittente.New(emittente.Config{
		KeyFile: dir.File(chiaveDemo), Issuer: emittenteDemo, Audience: c.Audience, Ambiente: c.Env, Now: time.Now,
	})
}
