package soglia_test

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/soglia"
)

// porta listens behind bounds, and keeps what it accepts.
type porta struct {
	net.Listener
	prese chan net.Conn
}

func apri(t *testing.T, limiti soglia.Limiti) *porta {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &porta{soglia.Davanti(l, limiti), make(chan net.Conn, 100)}
	t.Cleanup(func() { _ = p.Close() })
	go func() {
		for {
			c, err := p.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("!"))
			p.prese <- c
		}
	}()
	return p
}

// bussa connects from an address, and reports whether it was let in.
func (p *porta) bussa(t *testing.T, da string) bool {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(da)}, Timeout: 5 * time.Second}
	c, err := d.DialContext(t.Context(), "tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	_, err = io.ReadFull(c, make([]byte, 1))
	return err == nil
}

func TestAClientHoldsAsManyConnectionsAsItMay(t *testing.T) {
	p := apri(t, soglia.Limiti{Client: 2, Esenti: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}})
	for n, entra := range []bool{true, true, false} {
		if p.bussa(t, "127.0.0.2") != entra {
			t.Errorf("connection %d of one client: want let in %v", n+1, entra)
		}
	}
	if !p.bussa(t, "127.0.0.3") {
		t.Error("another client was kept out")
	}
	for range 5 {
		if !p.bussa(t, "127.0.0.9") {
			t.Error("a proxy was kept out")
		}
	}
	prima := <-p.prese
	_, _ = prima.Close(), prima.Close() // twice makes room once
	if !p.bussa(t, "127.0.0.2") || p.bussa(t, "127.0.0.2") {
		t.Error("a connection that was closed made other than one place")
	}
}

func TestAllTogetherHoldAsManyAsThereIsRoomFor(t *testing.T) {
	p := apri(t, soglia.Limiti{Tutte: 3})
	for n, da := range []string{"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"} {
		if p.bussa(t, da) != (n < 3) {
			t.Errorf("connection %d", n+1)
		}
	}
}
