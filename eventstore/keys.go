package eventstore

import (
	"context"
	"strings"
	"sync"

	"github.com/google/uuid"

	"nucleo/eventstore/sealing"
)

// KeyStore keeps the keys that seal personal data. Its errors are about the
// moment: what needed the keys is asked again.
type KeyStore interface {
	// Make makes n keys, which are there for good when it returns.
	Make(ctx context.Context, n int) ([]sealing.Key, error)
	// Find returns those of some keys that are there, and those that were destroyed.
	Find(ctx context.Context, ids []uuid.UUID) (there []sealing.Key, destroyed []uuid.UUID, err error)
}

// Keys are the keys of an installation as a process uses them: those that it
// needed of late, and some new ones in store, so that an append seldom waits
// for the key database. A nil *Keys seals nothing and opens nothing.
//
// Which key is whose is said by the log: each sealed value names both. A
// subject may have several.
type Keys struct {
	store KeyStore

	mu       sync.Mutex
	secrets  recent[uuid.UUID, sealing.Secret]
	subjects recent[string, uuid.UUID]
	ready    []sealing.Key
	low      int           // when there are fewer ready, more are made
	filling  chan struct{} // closed when they are made; nil when nobody makes any
}

const (
	keysAtOnce  = 1024
	keysInStore = 2 * keysAtOnce // at least: so many appends go on without the key database
	bytesOfKeys = 32 << 20
	bytesASide  = 200 // what an entry takes, about
)

// NewKeys uses the keys of a store.
func NewKeys(store KeyStore) *Keys {
	return &Keys{store: store, low: keysInStore, secrets: recent[uuid.UUID, sealing.Secret]{most: bytesOfKeys / bytesASide},
		subjects: recent[string, uuid.UUID]{most: bytesOfKeys / bytesASide / 4}}
}

// Forget drops keys that were destroyed.
func (k *Keys) Forget(ids ...uuid.UUID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		k.secrets.drop(id)
	}
}

// of is a key to seal a subject's data by.
func (k *Keys) of(ctx context.Context, subject string) (sealing.Key, error) {
	document := strings.HasPrefix(subject, sealing.Documento+"/")
	if key, known := k.known(subject); known && !document {
		return key, nil
	}
	key, err := k.fresh(ctx)
	if err == nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.secrets.put(key.ID, key.Secret) // what was written is read soon
		if !document {
			k.subjects.put(subject, key.ID)
		}
	}
	return key, err
}

func (k *Keys) known(subject string) (key sealing.Key, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key.ID, known = k.subjects.get(subject); known {
		key.Secret, known = k.secrets.get(key.ID)
	}
	return key, known
}

// fresh is a key that nobody has. Whoever finds few left makes more, while the
// others take those.
func (k *Keys) fresh(ctx context.Context) (sealing.Key, error) {
	for {
		k.mu.Lock()
		n, filling := len(k.ready), k.filling
		if n == 0 && filling != nil {
			k.mu.Unlock()
			select {
			case <-filling:
				continue
			case <-ctx.Done():
				return sealing.Key{}, unavailable(context.Cause(ctx))
			}
		}
		var key sealing.Key
		if n > 0 {
			key, k.ready = k.ready[n-1], k.ready[:n-1]
		}
		fill := n <= k.low && filling == nil
		if fill {
			k.filling = make(chan struct{})
		}
		k.mu.Unlock()
		if !fill {
			return key, nil
		}
		if err := k.fill(ctx); n > 0 {
			return key, nil
		} else if err != nil {
			return sealing.Key{}, err
		}
	}
}

// fill makes keys. When that fails it is tried again when half of the rest is used up.
func (k *Keys) fill(ctx context.Context) error {
	made, err := k.store.Make(ctx, keysAtOnce)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ready = append(k.ready, made...)
	if k.low = keysInStore; err != nil {
		k.low = len(k.ready) / 2
	}
	close(k.filling)
	k.filling = nil
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// recent keeps what was used of late: at most so many, and at least half as many.
type recent[K comparable, V any] struct {
	most     int
	now, old map[K]V
}

func (r *recent[K, V]) get(k K) (V, bool) {
	if v, has := r.now[k]; has {
		return v, true
	}
	v, has := r.old[k]
	if has {
		r.put(k, v)
	}
	return v, has
}

func (r *recent[K, V]) put(k K, v V) {
	if r.now == nil || len(r.now) >= r.most/2 {
		r.now, r.old = map[K]V{}, r.now
	}
	r.now[k] = v
}

func (r *recent[K, V]) drop(k K) {
	delete(r.now, k)
	delete(r.old, k)
}
