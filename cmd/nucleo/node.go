package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/eventstore/node"
)

func nodeCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "node", Short: "run the event store alone, for any EventStoreDB client", Args: cobra.NoArgs,
		Long: "node serves the event store of a data directory over EventStoreDB's gRPC protocol: a compatible subset,\n" +
			"one node, without projections or HTTP. Without --listen it answers on the unix socket of the directory only.\n" +
			"On TCP it wants --cert, --key and --user-file (lines name:bcrypt-hash[:admin,ops,…]), or --insecure on a loopback address.",
	}
	cmd.AddCommand(nodeScavenge())
	var o opzioniNodo
	cmd.Flags().StringVar(&o.listen, "listen", "", "HOST:PORT or unix:PATH")
	cmd.Flags().BoolVar(&o.insecure, "insecure", false, "no encryption, no credentials")
	cmd.Flags().StringVar(&o.cert, "cert", "", "PEM certificate")
	cmd.Flags().StringVar(&o.key, "key", "", "PEM key of the certificate")
	cmd.Flags().StringVar(&o.users, "user-file", "", "who may call: lines name:bcrypt-hash[:admin,ops,…]")
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		log := registro(os.Stderr, c.LogLevel)
		dir, err := cartella.Apri(c.Data)
		if err != nil {
			return err
		}
		nc, err := o.config(c)
		if err != nil {
			return err
		}
		nc.Dir, nc.Log, nc.Now, nc.Keep = dir.File("nodo"), log, time.Now, intoccabile
		n, err := node.Start(cmd.Context(), nc)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), "listening on", n.Address()); err != nil {
			return errors.Join(err, n.Stop())
		}
		return attendi(cmd.Context(), n)
	})
}

func attendi(ctx context.Context, n *node.Node) error {
	select {
	case <-ctx.Done():
		return n.Stop()
	case err := <-n.Failed():
		return errors.Join(fmt.Errorf("the event store cannot write: %w", err), n.Stop())
	}
}

// opzioniNodo say who reaches the node, and how.
type opzioniNodo struct {
	listen, cert, key, users string
	insecure                 bool
}

// config refuses a node that strangers could reach without a password.
func (o opzioniNodo) config(c config) (node.Config, error) {
	nc := node.Config{Listen: o.listen}
	host, _, err := net.SplitHostPort(o.listen)
	ip := net.ParseIP(host)
	switch tcp := o.listen != "" && err == nil && len(o.listen) > 5 && o.listen[:5] != "unix:"; {
	case !tcp:
		if o.cert != "" || o.key != "" {
			return nc, errors.New("a unix socket is not encrypted: its file permissions keep others out; --cert and --key are for HOST:PORT")
		}
	case o.insecure && c.produzione():
		return nc, errors.New("--insecure on TCP is refused with NUCLEO_ENV=production")
	case o.insecure && host != "localhost" && (ip == nil || !ip.IsLoopback()):
		return nc, errors.New("--insecure is for a loopback address: anybody who reaches the port could read and write everything")
	case o.insecure:
	case o.cert == "" || o.key == "" || o.users == "":
		return nc, errors.New("on TCP give --cert, --key and --user-file, or --insecure on a loopback address")
	}
	if o.users != "" {
		if nc.Users, err = node.ReadUsers(o.users); err != nil {
			return nc, err
		}
	}
	if o.cert != "" {
		cert, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nc, fmt.Errorf("TLS certificate: %w", err)
		}
		nc.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}}
	}
	return nc, nil
}
