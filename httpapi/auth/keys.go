package auth

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	fresh     = 10 * time.Minute // keys of this age are fetched again
	stale     = time.Hour        // keys of this age are believed no more, though the issuer be down
	afterLoad = 5 * time.Second  // before a key that is not known makes us fetch again
	afterFail = time.Second      // before an issuer that did not answer is asked again
)

// keys are the public keys of the issuer. Only they verify tokens.
type keys struct {
	fixed  bool
	issuer string
	client *http.Client
	log    *slog.Logger
	known  atomic.Pointer[keySet]
	turn   chan struct{} // held by the one that fetches
	next   time.Time     // not to be fetched before; guarded by turn
	down   bool          // the last fetch had no answer; guarded by turn
}

// keySet is what was fetched at one time.
type keySet struct {
	keys []jose.JSONWebKey
	at   time.Time
}

func newKeys(config Config) (*keys, error) {
	k := &keys{issuer: config.Issuer, client: bounded(config.Client), log: config.Log, turn: make(chan struct{}, 1)}
	k.known.Store(&keySet{})
	if config.Keys != nil {
		k.fixed = true
		k.known.Store(&keySet{keys: usable(config.Keys.Keys), at: config.Now()})
		return k, nil
	}
	return k, secure(config.Issuer)
}

// verify checks the signature of a token and returns what it says. A key that
// is not known makes it ask the issuer again, which is how keys are changed.
func (k *keys) verify(ctx context.Context, token *jose.JSONWebSignature, now time.Time) ([]byte, error) {
	set, err := k.current(ctx, now)
	if err != nil {
		return nil, err
	}
	head := token.Signatures[0].Header
	key, found := set.choose(head.KeyID, head.Algorithm)
	if !found && !k.fixed {
		if set, err = k.fetch(ctx, now, set); err != nil {
			return nil, err
		}
		key, found = set.choose(head.KeyID, head.Algorithm)
	}
	if !found {
		return nil, ErrFirma
	}
	payload, err := token.Verify(key.Key)
	if err != nil {
		return nil, ErrFirma
	}
	return payload, nil
}

// current is the set of keys to use now. While an issuer that was reached
// before is down, its last keys are used until they are stale.
func (k *keys) current(ctx context.Context, now time.Time) (*keySet, error) {
	set := k.known.Load()
	age := now.Sub(set.at)
	switch {
	case k.fixed || age < fresh:
		return set, nil
	case age < stale:
		select {
		case k.turn <- struct{}{}: // nobody else does
			<-k.turn
		default:
			return set, nil
		}
		if newer, err := k.fetch(ctx, now, set); err == nil {
			return newer, nil
		}
		return set, nil
	}
	return k.fetch(ctx, now, set)
}

// fetch asks the issuer for its keys, unless somebody else has just done so:
// tokens with made-up keys do not make us flood the issuer.
func (k *keys) fetch(ctx context.Context, now time.Time, seen *keySet) (*keySet, error) {
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ErrChiavi
	}
	defer func() { <-k.turn }()
	switch set := k.known.Load(); {
	case set != seen:
		return set, nil
	case now.Before(k.next) && k.down:
		return nil, ErrChiavi
	case now.Before(k.next):
		return set, nil
	}
	found, err := k.ask(ctx)
	if err != nil {
		if ctx.Err() == nil { // a caller that left says nothing about the issuer
			k.next, k.down = now.Add(afterFail), true
			k.log.Warn("the keys of the issuer cannot be fetched", "issuer", k.issuer, "error", err)
		}
		return nil, ErrChiavi
	}
	set := &keySet{keys: usable(found), at: now}
	k.next, k.down = now.Add(afterLoad), false
	k.known.Store(set)
	k.log.Info("keys of the issuer fetched", "issuer", k.issuer, "keys", len(set.keys))
	return set, nil
}
