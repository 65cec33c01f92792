package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"nucleo/domain/caso"
	"nucleo/eventstore"
)

func verificaCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verifica", Short: "check that nobody changed the history", Args: cobra.NoArgs,
		Long: "verifica follows the hash chain of every stream, or of one case, and names the first event that is not as it\n" +
			"was written, and what kind of change it looks like. When this process opens the embedded store itself, each row's checksum is read too.",
	}
	uno := cmd.Flags().String("caso", "", "only this case (id of the case or of the domanda)")
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) (err error) {
		i, err := apri(c, registro(os.Stderr, "warn"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, i.chiudi()) }()
		if err := i.apriArchivio(cmd.Context(), true); err != nil {
			return err
		}
		if *uno != "" {
			id, err := casoDi(*uno)
			if err != nil {
				return err
			}
			return esitoVerifica(cmd, 1, eventstore.VerifyChain(i.archivio.Stored(cmd.Context(), caso.Decider.Stream(id.String()))))
		}
		if i.nodo != nil {
			if err := i.nodo.Log().Verify(cmd.Context(), nil); err != nil {
				return err
			}
		}
		streams, err := eventstore.VerifyLog(cmd.Context(), i.archivio)
		return esitoVerifica(cmd, streams, err)
	})
}

func esitoVerifica(cmd *cobra.Command, streams int, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d streams checked: every event is as it was written\n", streams)
	return err
}
