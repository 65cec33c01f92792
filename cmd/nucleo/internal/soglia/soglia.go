// Package soglia bounds how many connections a server holds at once, in all
// and for each client, so that nobody takes all of them by holding on.
package soglia

import (
	"net"
	"net/netip"
	"sync"
)

// Limiti are the bounds; 0 is none.
type Limiti struct {
	Tutte  int            // open at once
	Client int            // of one client: an address, or an IPv6 network of 64 bits
	Esenti []netip.Prefix // whose connections only count among all
}

// Davanti lets through a listener the connections that there is room for. The
// others are closed before a byte is read: a queue would only let those who
// hold on hold up the rest.
func Davanti(l net.Listener, limiti Limiti) net.Listener {
	return &soglia{Listener: l, limiti: limiti, di: map[netip.Addr]int{}}
}

type soglia struct {
	net.Listener
	limiti Limiti
	mu     sync.Mutex
	tutte  int
	di     map[netip.Addr]int
}

// Accept implements net.Listener.
func (s *soglia) Accept() (net.Conn, error) {
	for {
		c, err := s.Listener.Accept()
		if err != nil {
			return nil, err
		}
		chi := client(c)
		if s.entra(chi) {
			return &conn{Conn: c, esce: sync.OnceFunc(func() { s.esce(chi) })}, nil
		}
		_ = c.Close()
	}
}

func (s *soglia) entra(chi netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limiti.Tutte > 0 && s.tutte >= s.limiti.Tutte {
		return false
	}
	if s.limiti.Client > 0 && s.di[chi] >= s.limiti.Client && !s.esente(chi) {
		return false
	}
	s.tutte++
	s.di[chi]++
	return true
}

func (s *soglia) esce(chi netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tutte--
	if s.di[chi]--; s.di[chi] == 0 {
		delete(s.di, chi)
	}
}

func (s *soglia) esente(chi netip.Addr) bool {
	for _, p := range s.limiti.Esenti {
		if p.Contains(chi) {
			return true
		}
	}
	return false
}

// client is who a connection counts for.
func client(c net.Conn) netip.Addr {
	altro, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	chi := altro.Addr().Unmap().WithZone("")
	if chi.Is6() {
		if p, err := chi.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return chi
}

// conn makes room when it is closed.
type conn struct {
	net.Conn
	esce func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	defer c.esce()
	return c.Conn.Close()
}
