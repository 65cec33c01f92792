package main

import "sync"

// congedo lets requests end and, once the program stops, no new ones begin:
// they are told to come back, while /readyz tells a balancer to send them
// elsewhere (F-69).
type congedo struct {
	mu     sync.Mutex
	dentro int
	ultimo chan struct{} // nil until the program stops; closed when nobody is inside any more
}

// Entra implements httpapi.Porta.
func (c *congedo) Entra() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ultimo != nil {
		return false
	}
	c.dentro++
	return true
}

// Esce implements httpapi.Porta.
func (c *congedo) Esce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dentro--; c.dentro == 0 && c.ultimo != nil {
		close(c.ultimo)
	}
}

// chiudi lets nobody in any more. It is called once; what it returns is closed
// when the last request has ended.
func (c *congedo) chiudi() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ultimo = make(chan struct{})
	if c.dentro == 0 {
		close(c.ultimo)
	}
	return c.ultimo
}
