package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"nucleo/eventstore"
	"nucleo/eventstore/node"
)

func nodeScavenge() *cobra.Command {
	cmd := &cobra.Command{
		Use: "scavenge", Short: "remove events that nobody can read any more", Args: cobra.NoArgs,
		Long: "scavenge removes from the file of the event store what reads of streams do not give any more (deleted streams,\n" +
			"what $maxCount, $maxAge and $tb hide) and gives the room back. Where nucleo runs on the data directory it is asked to, and\n" +
			"goes on when this verb is stopped. Of the streams of Nucleo nothing is removed.",
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
func scavenge(ctx context.Context, address string, out io.Writer) (err error) {
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	id, started, err := node.AskScavenge(ctx, c)
	if err != nil {
		return fmt.Errorf("scavenge: %w", err)
	}
	if !started {
		_, _ = fmt.Fprintln(out, "a scavenge is going on already")
	}
	config, err := esdb.ParseConnectionString("esdb://127.0.0.1:1?tls=false")
	if err != nil {
		return err
	}
	config.Address, config.Logger = address, esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	return segueScavenge(ctx, client, id, out)
}

// segueScavenge reads what the node notes of a scavenge until it has ended.
func segueScavenge(ctx context.Context, client *esdb.Client, id string, out io.Writer) error {
	s, err := client.SubscribeToStream(ctx, node.ScavengeStream, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	if err != nil {
		return fmt.Errorf("scavenge: %w", err)
	}
	defer func() { _ = s.Close() }()
	for ctx.Err() == nil {
		e := s.Recv()
		if e.SubscriptionDropped != nil {
			return fmt.Errorf("the node does not tell any more how far it is: %w", e.SubscriptionDropped.Error)
		}
		var n node.ScavengeNote
		if e.EventAppeared == nil || json.Unmarshal(e.EventAppeared.Event.Data, &n) != nil || n.ID != id {
			continue
		}
		switch e.EventAppeared.Event.EventType {
		case node.ScavengeProgress:
			_, _ = fmt.Fprintf(out, "%d%% looked through, %d events removed\n", 100*n.Position/max(n.Last, 1), n.Events)
		case node.ScavengeCompleted:
			return fineScavenge(n, out)
		}
	}
	return ctx.Err()
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
// chains and seals hold every event.
func intoccabile(stream string) bool { return eventstore.Ours(eventi, stream) }
