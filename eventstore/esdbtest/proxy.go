package esdbtest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy passes bytes between a client and a server on sockets. It can let what
// the client sends go through and cut the answer off.
type Proxy struct {
	Path     string
	server   string
	listener net.Listener
	answer   atomic.Int64 // how many bytes of answers still pass; negative: all
	cut      atomic.Int64 // connections that were cut
	running  sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	ice   chan struct{} // closed when answers may pass
}

// NewProxy stands before the server at a socket.
func NewProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	p := &Proxy{Path: Socket(t), server: server, conns: map[net.Conn]bool{}, ice: make(chan struct{})}
	close(p.ice)
	p.answer.Store(-1)
	var err error
	if p.listener, err = net.Listen("unix", p.Path); err != nil {
		t.Fatal(err)
	}
	p.running.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Address is what eventstore.Config wants.
func (p *Proxy) Address() string { return "unix:" + p.Path }

// CutAfter lets n more bytes of answers pass, then cuts that connection, and
// lets all pass again.
func (p *Proxy) CutAfter(n int) { p.answer.Store(int64(n)) }

// Cuts is how many connections were cut.
func (p *Proxy) Cuts() int { return int(p.cut.Load()) }

// Freeze holds all answers back, or lets them pass again.
func (p *Proxy) Freeze(hold bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ice:
		if hold {
			p.ice = make(chan struct{})
		}
	default:
		if !hold {
			close(p.ice)
		}
	}
}

func (p *Proxy) melted() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ice
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.hold(client, server)
		p.running.Go(func() { _, _ = io.Copy(server, client); _ = server.Close() })
		p.running.Go(func() { p.pass(client, server); _ = client.Close(); _ = server.Close() })
	}
}

// pass copies answers until they are to be cut.
func (p *Proxy) pass(client, server net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := server.Read(b)
		<-p.melted()
		if left := p.answer.Load(); left >= 0 {
			if int64(n) > left {
				_, _ = client.Write(b[:left])
				p.cut.Add(1)
				p.answer.Store(-1)
				return
			}
			p.answer.Add(int64(-n))
		}
		if _, werr := client.Write(b[:n]); err != nil || werr != nil {
			return
		}
	}
}

func (p *Proxy) hold(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *Proxy) close() {
	p.Freeze(false)
	_ = p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
}
