package auth

import (
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"
)

// remember bounds how long a token is believed without looking at the issuer's
// keys again: a key that the issuer takes back stops working within this time
// and the age of the keys together.
const remember = 5 * time.Minute

// mark stands for a token: its SHA-256.
type mark [sha256.Size]byte

func sum(token string) mark { return sha256.Sum256([]byte(token)) }

func (m mark) String() string { return "sha256:" + base64.RawURLEncoding.EncodeToString(m[:]) }

// cache remembers the tokens that were verified last, so that a repeated one
// costs a hash. It holds no token.
type cache struct {
	mu    sync.Mutex
	limit int
	order *list.List // of entry, the last used in front
	by    map[mark]*list.Element
}

type entry struct {
	mark  mark
	chi   Identita
	until time.Time
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), by: map[mark]*list.Element{}}
}

func (c *cache) get(m mark, now time.Time) (Identita, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, found := c.by[m]
	if !found {
		return Identita{}, false
	}
	known := element.Value.(entry) //nolint:errcheck // the list holds nothing else
	if !now.Before(known.until) {
		c.drop(element)
		return Identita{}, false
	}
	c.order.MoveToFront(element)
	return known.chi, true
}

func (c *cache) put(m mark, chi Identita, now time.Time) {
	until := now.Add(remember)
	if chi.Scade.Before(until) {
		until = chi.Scade
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, found := c.by[m]; found {
		c.drop(element)
	}
	c.by[m] = c.order.PushFront(entry{m, chi, until})
	for c.order.Len() > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(element *list.Element) {
	delete(c.by, element.Value.(entry).mark) //nolint:errcheck // the list holds nothing else
	c.order.Remove(element)
}
