package node_test

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"golang.org/x/crypto/bcrypt"

	"nucleo/eventstore/node"
)

// What of the official client's tests cannot be run here: those that compare with
// the positions and times of a database that only its makers have.
const ofAnotherDatabase = "//(readStreamEventsForwardsFromZeroPosition|readStreamEventsBackwardsFromEndPosition|" +
	"allSubscriptionWithFilterDeliversCorrectEvents|readAllEventsForwards|readAllEventsBackwards)"

// The official Go client brings tests against a real server. They pass against the
// node: all but those of projections, clusters and client certificates.
func TestTheOfficialGoClientsOwnTestsPass(t *testing.T) {
	dir := t.TempDir()
	binary := compileOfficialTests(t, dir)
	encryption, pool := certificate(t)
	writeCertificate(t, filepath.Join(dir, "certs", "node", "node.crt"), encryption)
	other, _ := certificate(t)
	writeCertificate(t, filepath.Join(dir, "certs", "untrusted-ca", "ca.crt"), other)
	for _, secured := range []bool{false, true} {
		for _, tests := range []string{"TestStreams", "TestPersistentSubscriptions", "TestExpectations", "TestMisc"} {
			name := tests
			if secured {
				name += "/secured"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				run := exec.CommandContext(t.Context(), binary, "-test.v", "-test.run", "^"+tests+"$", "-test.skip", ofAnotherDatabase)
				run.Dir = filepath.Join(dir, "esdb")
				secure := func(*node.Config) {}
				as := func(*esdb.Configuration) {}
				if secured {
					run.Env = append(os.Environ(), "EVENTSTORE_INSECURE=false")
					secure = func(cfg *node.Config) { cfg.TLS, cfg.Users = encryption, theAdmin(t) }
					as = func(c *esdb.Configuration) {
						c.DisableTLS, c.RootCAs, c.Username, c.Password = false, pool, "admin", "changeit"
					}
				}
				run.Env = append(run.Environ(), "NODE_EMPTY="+nodeOf(t, secure, as, 0), "NODE_POPULATED="+nodeOf(t, secure, as, 6))
				out, err := run.CombinedOutput()
				passed := len(regexp.MustCompile(`(?m)^\s+--- PASS`).FindAll(out, -1))
				if err != nil || passed == 0 || bytes.Contains(out, []byte("--- FAIL")) {
					t.Errorf("%v\n%s", err, out)
				}
				t.Logf("%d passed", passed)
			})
		}
	}
}

// compileOfficialTests takes the tests from the module cache, puts what stands in
// for the containers beside them, and compiles.
func compileOfficialTests(t *testing.T, dir string) (binary string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/EventStore/EventStore-Client-Go/v4")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("where the client is: %v", err)
	}
	module, mine, tests := strings.TrimSpace(string(out)), filepath.Join("testdata", "goclient"), filepath.Join(dir, "esdb")
	if err := os.Mkdir(tests, 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(module, "esdb", "*_test.go"))
	if err != nil || len(files) < 10 {
		t.Fatalf("the client's tests: %d files, %v", len(files), err)
	}
	for _, f := range files {
		copyFile(t, f, filepath.Join(tests, filepath.Base(f)))
	}
	copyFile(t, filepath.Join(mine, "containers_test.go"), filepath.Join(tests, "containers_test.go"))
	for _, f := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join(mine, f), filepath.Join(dir, f))
	}
	if err := os.CopyFS(filepath.Join(dir, "resources"), os.DirFS(filepath.Join(module, "resources"))); err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "tests")
	compile := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, "./esdb")
	compile.Dir = dir
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("compile the client's tests: %v\n%s", err, out)
	}
	return binary
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// nodeOf starts a node with what the tests expect to find in it: a stream of
// thousands of events.
func nodeOf(t *testing.T, secure func(*node.Config), as func(*esdb.Configuration), thousands int) (address string) {
	t.Helper()
	n := start(t, func(cfg *node.Config) { cfg.Listen = "127.0.0.1:0" }, secure)
	c := connect(t, n.Address(), as)
	appendTo(t, c, "$users", event("$User"))
	for range thousands {
		appendTo(t, c, "dataset20M-0", events(1000)...)
	}
	return n.Address()
}

func theAdmin(t *testing.T) node.Users {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte("changeit"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return node.Users{"admin": {Name: "admin", Hash: h, Groups: []string{"$admins"}}}
}

// writeCertificate puts the certificate where the tests of TLS look for it: beside
// their folder.
func writeCertificate(t *testing.T, path string, c *tls.Config) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificates[0].Certificate[0]})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		t.Fatal(err)
	}
}
