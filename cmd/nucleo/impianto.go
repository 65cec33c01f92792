package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/commands"
	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/chiavi"
	"nucleo/internal/postgres"
	"nucleo/projections"
)

// impianto is what an installation stands on: its data directory, the event
// store and the database, embedded or elsewhere.
type impianto struct {
	config   config
	cartella cartella.Cartella
	segreto  []byte
	log      *slog.Logger

	nodo     *node.Node        // nil when the store is elsewhere, or another process runs it
	cluster  *postgres.Cluster // nil when the database is elsewhere
	archivio *eventstore.Store
	lettura  *pgxpool.Pool // nil until the database was opened

	aprendo sync.Mutex
	chiavi  *chiavi.Chiavi // nil until a key was needed
	anello  *eventstore.Keys
}

// apri opens the data directory, and nothing else yet.
func apri(c config, log *slog.Logger) (*impianto, error) {
	dir, err := cartella.Apri(c.Data)
	if err != nil {
		return nil, err
	}
	segreto, err := dir.Segreto()
	return &impianto{config: c, cartella: dir, segreto: segreto, log: log}, err
}

// apriArchivio opens the event store: the server that is configured, or the
// node of the data directory. When another process runs that node, inUso says
// whether to talk to it (a verb) or to refuse (a server).
func (i *impianto) apriArchivio(ctx context.Context, inUso bool) (err error) {
	i.anello = eventstore.NewKeys(chiaviPigre{i})
	config := eventstore.Config{URL: i.config.EventStore, Keys: i.anello, Log: i.log}
	if config.URL == "" {
		config.Address = i.nodoInCorso()
		if config.Address == "" || !inUso {
			i.nodo, err = node.Start(ctx, i.nodoQui(!inUso))
			if errors.Is(err, eventlog.ErrLocked) {
				return fmt.Errorf("another nucleo uses the data directory %s: stop it, or name another directory with --data (%w)", i.cartella.Dir, err)
			}
			if err != nil {
				return err
			}
			config.Address, config.Alone = i.nodo.Address(), true
		}
	}
	i.archivio, err = eventstore.Open(config, eventi)
	return err
}

// nodoQui is how the node runs in this process; one that serves scavenges its log by itself.
func (i *impianto) nodoQui(serve bool) node.Config {
	c := node.Config{Dir: i.cartella.File("nodo"), Log: i.log, Now: time.Now, Keep: intoccabile}
	if serve {
		c.Scavenge = ogniScavenge
	}
	return c
}

// nodoInCorso is the address of the node that another process runs on the data
// directory, if one answers.
func (i *impianto) nodoInCorso() string {
	address := "unix:" + i.cartella.File("nodo", "node.sock")
	if kept, err := os.ReadFile(i.cartella.File("nodo", "node.addr")); err == nil {
		address = strings.TrimSpace(string(kept))
	}
	conn, err := net.DialTimeout("unix", strings.TrimPrefix(address, "unix:"), time.Second)
	if err != nil {
		return ""
	}
	_ = conn.Close()
	return address
}

// apriLettura opens the database: the server that is configured, or the
// cluster of the data directory, which is made, started or adopted.
func (i *impianto) apriLettura(ctx context.Context) (err error) {
	url := i.config.Postgres
	if url == "" {
		if err := i.apriCluster(ctx); err != nil {
			return err
		}
		url = i.cluster.URL()
	}
	i.lettura, err = projections.Open(ctx, url, modelli)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	return nil
}

// eventi is the event store as it is read. When the node runs in this process,
// streams and the whole log are read from its file straight.
func (i *impianto) eventi() eventstore.Log {
	if i.nodo != nil {
		return eventstore.Beside{Store: i.archivio, Log: i.nodo.Log()}
	}
	return i.archivio
}

// origine is where read models are made from. Whoever makes any has opened the
// keys: tables made without their secret would have to be made again.
func (i *impianto) origine() projections.Origin {
	return projections.Origin{Source: i.eventi(), Catalog: eventi, Pepe: i.pepe()}
}

// comandi is the write side.
func (i *impianto) comandi() *commands.Service {
	patroni, _ := i.config.patroni() // configFrom refused what is wrong
	return &commands.Service{
		Store: i.eventi(), Territori: territori{i.lettura}, Segreto: i.segreto, Zona: roma, Patroni: patroni, RettificaRDC: i.config.Rettifica,
		Canali: i.config.canali(),
	}
}

// roma is where days begin (ambiguity 9.34).
var roma = func() *time.Location {
	zona, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		panic("nucleo: no time zone Europe/Rome in this program: " + err.Error())
	}
	return zona
}()

// chiudi closes what was opened, in the order in which the parts lean on one
// another. It waits a bounded time.
func (i *impianto) chiudi() error {
	var errs []error
	if i.lettura != nil {
		i.lettura.Close()
	}
	if i.archivio != nil {
		errs = append(errs, i.archivio.Close())
	}
	if i.chiavi != nil {
		i.chiavi.Chiudi()
	}
	if i.nodo != nil {
		errs = append(errs, i.nodo.Stop())
	}
	if i.cluster != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		errs = append(errs, i.cluster.Stop(ctx))
	}
	return errors.Join(errs...)
}
