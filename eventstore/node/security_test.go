package node_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"golang.org/x/crypto/bcrypt"

	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
)

// certificate makes a certificate for 127.0.0.1 and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "node"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func users(t *testing.T) node.Users {
	t.Helper()
	path := filepath.Join(t.TempDir(), "users")
	var lines []string
	for name, suffix := range map[string]string{"app": "", "admin": ":admin", "ops": ":ops", "reader": ":readers"} {
		hash, err := bcrypt.GenerateFromPassword([]byte(name+"-secret"), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, name+":"+string(hash)+suffix)
	}
	if err := os.WriteFile(path, []byte("# who may call\n\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := node.ReadUsers(path)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASecuredNodeKnowsItsCallers(t *testing.T) {
	encryption, pool := certificate(t)
	n := start(t, func(cfg *node.Config) { cfg.Listen, cfg.TLS, cfg.Users = "127.0.0.1:0", encryption, users(t) })
	as := func(name, password string) *esdb.Client {
		return connect(t, n.Address(), func(cfg *esdb.Configuration) {
			cfg.DisableTLS, cfg.RootCAs, cfg.Username, cfg.Password = false, pool, name, password
		})
	}
	for _, c := range []struct {
		name, password, stream string
		write, readAll         esdb.ErrorCode
	}{
		{"admin", "admin-secret", "s", -1, -1},
		{"admin", "admin-secret", "$settings", -1, -1},
		{"app", "app-secret", "s", -1, esdb.ErrorCodeAccessDenied},
		{"app", "app-secret", "$settings", esdb.ErrorCodeAccessDenied, esdb.ErrorCodeAccessDenied},
		{"app", "app-secret", "$$s", -1, esdb.ErrorCodeAccessDenied},
		{"app", "app-secret", "$$$settings", esdb.ErrorCodeAccessDenied, esdb.ErrorCodeAccessDenied},
		{"app", "wrong", "s", esdb.ErrorCodeUnauthenticated, esdb.ErrorCodeUnauthenticated},
		{"nobody", "app-secret", "s", esdb.ErrorCodeUnauthenticated, esdb.ErrorCodeUnauthenticated},
		{"", "", "s", esdb.ErrorCodeAccessDenied, esdb.ErrorCodeAccessDenied},
	} {
		client := as(c.name, c.password)
		for range 2 { // the second time from memory
			_, err := client.AppendToStream(within(t, 10*time.Second), c.stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(20)...)
			if got := codeOf(err); got != c.write {
				t.Errorf("%s writes %s: %v, want code %d", c.name, c.stream, err, c.write)
			}
		}
		s, err := client.ReadAll(within(t, 10*time.Second), esdb.ReadAllOptions{From: esdb.Start{}}, 1)
		if err == nil {
			_, err = s.Recv()
			s.Close()
		}
		if got := codeOf(err); got != c.readAll {
			t.Errorf("%s reads $all: %v, want code %d", c.name, err, c.readAll)
		}
	}
}

func TestAUserFileWithMistakesIsRefused(t *testing.T) {
	hash := string(users(t)["app"].Hash)
	for _, content := range []string{"", "app", "app:plain", ":hash", "app:" + strings.Repeat("x", 60) + ":root", "app:" + hash + ":", "app:" + hash + ":$admins", "$app:" + hash} {
		path := filepath.Join(t.TempDir(), "users")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := node.ReadUsers(path); err == nil {
			t.Errorf("%q was taken", content)
		}
	}
}

func TestFilesAndSocketAreForTheOwnerOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	n := startIn(t, dir)
	appendTo(t, connect(t, n.Address()), "s", event("t"))
	for name, want := range map[string]os.FileMode{
		"": os.ModeDir | 0o700, "node.sock": os.ModeSocket | 0o600, "events.db": 0o600, "events.db-wal": 0o600, "events.db-shm": 0o600, "events.db.lock": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

func TestASecondNodeLeavesTheFirstAlone(t *testing.T) {
	dir := t.TempDir()
	c := connect(t, startIn(t, dir).Address())
	if _, err := node.Start(t.Context(), node.Config{Dir: dir}); !errors.Is(err, eventlog.ErrLocked) {
		t.Fatalf("the second start says %v", err)
	}
	appendTo(t, c, "s", event("t"))
}

func TestALongDirectoryGetsAShortSocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("x", 120))
	n := startIn(t, dir)
	appendTo(t, connect(t, n.Address()), "s", event("t"))
	recorded, err := os.ReadFile(filepath.Join(dir, "node.addr"))
	if err != nil || strings.TrimSpace(string(recorded)) != n.Address() {
		t.Fatalf("%q is recorded, the node is at %s: %v", recorded, n.Address(), err)
	}
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(strings.TrimPrefix(n.Address(), "unix:"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the short directory is still there: %v", err)
	}
}

func TestAStaleSocketIsReplacedAndAFileIsNot(t *testing.T) {
	dir := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "node.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	appendTo(t, connect(t, startIn(t, dir).Address()), "s", event("t"))
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "node.sock"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := node.Start(context.Background(), node.Config{Dir: dir}); err == nil {
		t.Fatal("a file was taken for a socket")
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "node.sock")); string(got) != "mine" {
		t.Fatal("the file is gone")
	}
}

func TestDiscoveryFindsTheNode(t *testing.T) {
	n := start(t, func(cfg *node.Config) { cfg.Listen = "127.0.0.1:0" })
	cfg, err := esdb.ParseConnectionString("esdb+discover://" + n.Address() + "?tls=false")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Logger = esdb.NoopLogging()
	c, err := esdb.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	appendTo(t, c, "s", event("t"))
}
