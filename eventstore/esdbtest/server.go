// Package esdbtest runs the embedded node for tests, and stands between a
// client and a server to break the connection at the worst moment.
package esdbtest

import (
	"os"
	"path/filepath"
	"testing"

	"nucleo/eventstore/node"
)

// Server is a node that can be stopped and started, and keeps its log.
type Server struct {
	Path string // of its socket
	dir  string
	node *node.Node
}

// New makes a server that is not started yet.
func New(t testing.TB) *Server {
	s := &Server{Path: Socket(t), dir: t.TempDir()}
	t.Cleanup(func() { s.Stop(t) })
	return s
}

// Start makes a server and starts it.
func Start(t testing.TB) *Server {
	t.Helper()
	s := New(t)
	s.Start(t)
	return s
}

// Address is what eventstore.Config wants.
func (s *Server) Address() string { return "unix:" + s.Path }

// Start lets clients in.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{Dir: s.dir, Listen: s.Address()})
	if err != nil {
		t.Fatal(err)
	}
	s.node = n
}

// Stop throws all clients out.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.node == nil {
		return
	}
	if err := s.node.Stop(); err != nil {
		t.Error(err)
	}
	s.node = nil
}

// Socket is a path for a socket, short enough for the system.
func Socket(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "esdb")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}
