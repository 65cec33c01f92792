package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"nucleo/commands"
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
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		if *uno != "" {
			id, err := casoDi(*uno)
			if err != nil {
				return err
			}
			if _, err := i.comandi().StoriaCaso(cmd.Context(), id, commands.Alla{Versione: 1}); errors.Is(err, caso.ErrInesistente) {
				return err // of nothing, nothing can be said
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
