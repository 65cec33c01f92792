// Package eventstore keeps the events in EventStoreDB, or in the embedded node
// that speaks its protocol: it appends and reads the stream of one aggregate,
// proves that nobody changed it, and feeds the whole log to consumers. The
// official client and Watermill are used here and nowhere else.
package eventstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"nucleo/domain"
)

// Config says where the server is and how long to wait for it. Times that are
// zero get the values named.
type Config struct {
	URL            string // of a server: esdb://… or esdb+discover://…
	Address        string // of the embedded node, instead of URL: unix:/path or host:port without TLS
	User, Password string // instead of those in URL

	// Alone says that no other program appends to this log, as when the node is
	// embedded and listens to nobody else. An append then takes one call
	// instead of two: what was surely written need not be read again.
	Alone bool

	Timeout     time.Duration // of a call whose context has no deadline: 5 s
	Patience    time.Duration // how long calls wait for a lost server before they are refused at once: 2 s
	ProbeEvery  time.Duration // 500 ms
	MaxInFlight int           // calls at once, subscriptions included: 90, for servers allow 100 a connection

	Keys *Keys        // of personal data; nil: they are written in the clear
	Log  *slog.Logger // nil: none
}

// Store reads and appends streams, and follows the log. It survives what the
// official client does not: see session and supervise.
type Store struct {
	config   Config
	client   esdb.Configuration
	catalog  domain.Catalog
	prefixes []string
	log      *slog.Logger

	base    context.Context // ends with the store
	cancel  context.CancelFunc
	running sync.WaitGroup // the supervisor
	calls   gauge
	fresh   fresh

	mu     sync.Mutex
	live   *session      // nil while the server is not reached
	up     chan struct{} // closed when live is set
	refuse chan struct{} // closed when patience is over
	timer  *time.Timer   // closes refuse
	cause  error         // why there is no live session
}

// ErrClosed is the error of calls to a store that was closed.
var ErrClosed = errors.New("the event store is closed")

// Open makes a Store. It connects by itself, now or later: that the server is
// down is not an error.
func Open(config Config, catalog domain.Catalog) (*Store, error) {
	config.Timeout = cmp.Or(config.Timeout, 5*time.Second)
	config.Patience = cmp.Or(config.Patience, 2*time.Second)
	config.ProbeEvery = cmp.Or(config.ProbeEvery, 500*time.Millisecond)
	config.MaxInFlight = cmp.Or(config.MaxInFlight, 90)
	config.Log = cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	client, err := clientConfig(config)
	if err != nil {
		return nil, fmt.Errorf("event store: %w", err)
	}
	s := &Store{
		config: config, client: *client, catalog: catalog, prefixes: prefixes(catalog), log: config.Log,
		cause: errors.New("not connected yet"),
	}
	s.base, s.cancel = context.WithCancel(context.Background())
	s.down(nil)
	s.running.Go(s.supervise)
	return s, nil
}

// clientConfig is how the official client is to connect. It never gives up: a
// client that does is dead for good, with its callers.
func clientConfig(config Config) (*esdb.Configuration, error) {
	if (config.URL == "") == (config.Address == "") {
		return nil, errors.New("either the URL of a server or the address of a node is needed")
	}
	url := cmp.Or(config.URL, "esdb://localhost?tls=false")
	client, err := esdb.ParseConnectionString(url)
	if err != nil {
		return nil, errors.New("the URL of the server cannot be understood") // it may hold a password
	}
	if config.Address != "" {
		client.Address = config.Address
	}
	if config.User != "" {
		client.Username, client.Password = config.User, config.Password
	}
	if client.Username != "" && client.DisableTLS {
		return nil, errors.New("a password would not be sent without TLS")
	}
	client.MaxDiscoverAttempts, client.DiscoveryInterval = 1e8, 100
	client.GossipTimeout = 2
	client.Logger = nil
	return client, nil
}

// Keys implements Source.
func (s *Store) Keys() *Keys { return s.config.Keys }

// State is nil while the server is reached, else why it is not.
func (s *Store) State() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live != nil {
		return nil
	}
	return fmt.Errorf("%w: %w", domain.ErrNonDisponibile, s.cause)
}

// Ready waits until the server is reached.
func (s *Store) Ready(ctx context.Context) error {
	for {
		s.mu.Lock()
		live, up := s.live, s.up
		s.mu.Unlock()
		if live != nil {
			return nil
		}
		select {
		case <-up:
		case <-s.base.Done():
			return ErrClosed
		case <-ctx.Done():
			return errors.Join(s.State(), ctx.Err())
		}
	}
}

// Close ends all calls and subscriptions and lets the server go. Calls that
// are stuck in the client are left behind after two seconds, and counted in
// the log.
func (s *Store) Close() error {
	s.cancel()
	s.running.Wait()
	s.mu.Lock()
	live := s.live
	s.mu.Unlock()
	if live != nil {
		s.lose(live, ErrClosed)
	}
	s.mu.Lock()
	s.cause = ErrClosed
	s.timer.Stop()
	s.mu.Unlock()
	select {
	case <-s.calls.zero():
	case <-time.After(2 * time.Second):
		s.log.Warn("calls were left behind in the event store's client", "calls", s.calls.count())
	}
	return nil
}

var _ Log = (*Store)(nil)
