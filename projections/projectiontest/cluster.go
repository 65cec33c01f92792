package projectiontest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Cluster is a throw-away Postgres, on a unix socket in its own folder and
// without fsync.
type Cluster struct {
	dir  string
	bin  string
	cred *syscall.Credential // Postgres does not run as root
}

// NewCluster starts a cluster for one test, which may stop and start it.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "nucleo-pg-")
	if err != nil {
		t.Fatal(err)
	}
	c := at(t, dir)
	c.Start(t)
	t.Cleanup(func() {
		c.Stop(t)
		_ = os.RemoveAll(dir)
	})
	return c
}

// URL is where the cluster is reached.
func (c *Cluster) URL() string {
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(c.dir)
}

// shared is the cluster of all tests that need only a database. It is left
// running for the next ones.
func shared(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprint("nucleo-test-pg-", os.Getuid()))
	lock, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := at(t, dir)
	if c.run("pg_ctl", "-D", c.data(), "status") != nil {
		c.Start(t)
	}
	return c.URL()
}

func at(t testing.TB, dir string) *Cluster {
	t.Helper()
	c := &Cluster{dir: dir, bin: binaries(t)}
	if os.Getuid() == 0 {
		c.cred = unprivileged(t)
		if err := os.Chown(dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Start starts the cluster, which is made first if there is none.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(c.data(), "PG_VERSION")); err != nil {
		if err := c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"); err != nil {
			t.Fatal(err)
		}
	}
	options := "-k " + c.dir + " -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=128MB"
	if err := c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-o", options, "-w", "start"); err != nil {
		t.Fatal(err)
	}
}

// Stop stops the cluster at once, as if it were killed.
func (c *Cluster) Stop(t testing.TB) {
	t.Helper()
	if err := c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop"); err != nil && c.run("pg_ctl", "-D", c.data(), "status") == nil {
		t.Error(err)
	}
}

func (c *Cluster) run(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setpgid: true}
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// binaries is the folder of Postgres's programs. Without one the test is skipped.
func binaries(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("pg_ctl"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		t.Skip("there is no Postgres: set TEST_DATABASE_URL or install one")
	}
	return found[len(found)-1]
}

func unprivileged(t testing.TB) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Fatal("Postgres does not run as root, and there is no user postgres or nobody")
	return nil
}
