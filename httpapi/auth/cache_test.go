package auth

import (
	"strconv"
	"testing"
	"time"
)

func TestTheCacheForgetsWhatWasUsedLongestAgo(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := newCache(3)
	chi := func(i int) Identita { return Identita{ID: strconv.Itoa(i), Scade: now.Add(time.Hour)} }
	for i := range 3 {
		c.put(sum(strconv.Itoa(i)), chi(i), now)
	}
	if _, found := c.get(sum("0"), now); !found {
		t.Fatal("0 is gone too early")
	}
	c.put(sum("3"), chi(3), now)
	c.put(sum("3"), chi(3), now)
	for name, want := range map[string]bool{"0": true, "1": false, "2": true, "3": true} {
		if _, found := c.get(sum(name), now); found != want {
			t.Errorf("%s is remembered: %v, want %v", name, found, want)
		}
	}
	if c.order.Len() != 3 || len(c.by) != 3 {
		t.Errorf("the cache holds %d and %d, its limit is 3", c.order.Len(), len(c.by))
	}
}

func TestTheCacheForgetsAtTheEndOfATokenAndAfterFiveMinutes(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for life, want := range map[time.Duration]time.Duration{time.Minute: time.Minute, time.Hour: remember} {
		c := newCache(3)
		c.put(sum("a"), Identita{Scade: now.Add(life)}, now)
		if _, found := c.get(sum("a"), now.Add(want-time.Nanosecond)); !found {
			t.Errorf("a token of %v is forgotten before %v", life, want)
		}
		if _, found := c.get(sum("a"), now.Add(want)); found {
			t.Errorf("a token of %v is still believed after %v", life, want)
		}
		if len(c.by) != 0 {
			t.Error("what is forgotten still takes room")
		}
	}
}
