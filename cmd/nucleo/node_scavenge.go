package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"nucleo/domain/accesso"
	"nucleo/domain/conservazione"
	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

func nodeScavenge() *cobra.Command {
	cmd := &cobra.Command{
		Use: "scavenge", Short: "remove events that nobody can read any more", Args: cobra.NoArgs,
		Long: "scavenge removes from the file of the event store what reads of streams do not give any more (deleted streams,\n" +
			"what $maxCount, $maxAge and $tb hide) and gives the room back. Where nucleo runs on the data directory it is asked to, and\n" +
			"goes on when this verb is stopped. Of the streams of Nucleo nothing is removed but the months of the access log that have ended.",
	}
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		address := i.nodoInCorso()
		if i.nodo != nil {
			address = i.nodo.Address()
		}
		if address == "" {
			return errors.New("the event store is elsewhere (NUCLEO_EVENTSTORE): scavenge it by its own means")
		}
		return scavenge(cmd.Context(), address, cmd.OutOrStdout())
	})
}

// scavenge asks a node to, and tells how far it is until it has ended.
func scavenge(ctx context.Context, address string, out io.Writer) error {
	n, err := node.AskScavenge(ctx, address, func(n node.ScavengeNote) {
		_, _ = fmt.Fprintf(out, "%d%% looked through, %d events removed\n", 100*n.Position/max(n.Last, 1), n.Events)
	})
	if err != nil {
		return err
	}
	return fineScavenge(n, out)
}

func fineScavenge(n node.ScavengeNote, out io.Writer) error {
	_, err := fmt.Fprintf(out, "%d events of %d streams removed in %s, %d bytes of the file given back\n", n.Events, n.Streams, n.Took, n.Saved)
	for _, stream := range n.Kept {
		_, _ = fmt.Fprintf(out, "kept although its metadata hide events: %s\n", stream)
	}
	if n.Result != "Success" {
		err = errors.Join(err, fmt.Errorf("the scavenge has ended before its end (%s) %s: call it again", n.Result, n.Error))
	}
	return err
}

// ogniScavenge is how often an installation scavenges its log by itself.
const ogniScavenge = 24 * time.Hour

// intoccabile says of which streams a scavenge removes nothing: all of Nucleo, whose
// chains and seals hold every event, but the months of the access log of which an event
// says that they have ended. Who deletes another stream does not make it go away.
func intoccabile(log *eventlog.Log, stream string) bool {
	if !eventstore.Ours(eventi, stream) {
		return false
	}
	if _, _, mese := accesso.Luogo(stream); !mese {
		return true
	}
	_, err := log.Stream(context.Background(), conservazione.Decider.Stream(stream))
	return err != nil
}
