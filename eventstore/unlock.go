package eventstore

import (
	"context"
	"runtime"
	"strings"
	"sync"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/eventstore/sealing"
)

// unlock finds the keys of a batch of events: those that are at hand, and the
// others all in one question.
func (k *Keys) unlock(ctx context.Context, stored []Stored) (*opened, error) {
	if k == nil {
		return nil, nil
	}
	o := &opened{parsed: make([]sealing.Sealed, len(stored)), errs: make([]error, len(stored)), secrets: map[uuid.UUID]sealing.Secret{}}
	spread(len(stored), func(from, to int) {
		for i := from; i < to; i++ {
			o.parsed[i], _, o.errs[i] = sealing.Parse(stored[i].Data)
		}
	})
	var missing []uuid.UUID
	k.mu.Lock()
	for _, s := range o.parsed {
		for _, r := range s.Refs() {
			if _, seen := o.secrets[r.Key]; seen {
				continue
			}
			secret, has := k.secrets.get(r.Key)
			if o.secrets[r.Key] = secret; !has {
				missing = append(missing, r.Key)
			}
		}
	}
	k.mu.Unlock()
	if len(missing) == 0 {
		return o, nil
	}
	return o, k.fetch(ctx, o, missing)
}

// fetch asks the store for keys. Those that it does not have are destroyed or lost.
func (k *Keys) fetch(ctx context.Context, o *opened, missing []uuid.UUID) error {
	there, destroyed, err := k.store.Find(ctx, missing)
	if err != nil {
		return unavailable(err)
	}
	for _, id := range missing {
		delete(o.secrets, id)
	}
	o.gone = make(map[uuid.UUID]bool, len(destroyed))
	for _, id := range destroyed {
		o.gone[id] = true
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range there {
		o.secrets[key.ID] = key.Secret
		k.secrets.put(key.ID, key.Secret)
	}
	return nil
}

// learn notes by which keys the subjects of a stream are sealed, for what is
// appended to it next.
func (k *Keys) learn(o *opened) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range o.parsed {
		for _, r := range s.Refs() {
			if !strings.HasPrefix(r.Subject, sealing.Documento+"/") {
				k.subjects.put(r.Subject, r.Key)
			}
		}
	}
}

// decode reads stored events on all processors.
func decode(ctx context.Context, catalog domain.Catalog, keys *Keys, stored []Stored) ([]domain.Recorded, error) {
	o, err := keys.unlock(ctx, stored)
	if err != nil {
		return nil, err
	}
	batch := make([]domain.Recorded, len(stored))
	spread(len(stored), func(from, to int) {
		for i := from; i < to; i++ {
			batch[i] = stored[i].recorded(catalog, o, i)
		}
	})
	return batch, nil
}

// Afresh reads stored events by the keys that are there now, whatever is at hand
// from before: what was destroyed meanwhile reads as erased.
func Afresh(ctx context.Context, catalog domain.Catalog, keys *Keys, stored []Stored) ([]domain.Recorded, error) {
	if keys != nil {
		for _, e := range stored {
			if s, sealed, err := sealing.Parse(e.Data); sealed && err == nil {
				for _, r := range s.Refs() {
					keys.Forget(r.Key)
				}
			}
		}
	}
	return decode(ctx, catalog, keys, stored)
}

// spread does n things on all processors, a share of them each.
func spread(n int, do func(from, to int)) {
	share := max(n/runtime.GOMAXPROCS(0)+1, 64) // less is not worth a goroutine
	var running sync.WaitGroup
	for from := 0; from < n; from += share {
		to := min(from+share, n)
		if to == n {
			do(from, to)
			break
		}
		running.Go(func() { do(from, to) })
	}
	running.Wait()
}
