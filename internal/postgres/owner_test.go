package postgres

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const ownerDir = "NUCLEO_TEST_POSTGRES_DIR" // makes TestOwner the owner of a cluster there

// TestOwner is a process of its own for the tests below: it starts a cluster,
// says so, and stops it when its standard input ends.
func TestOwner(t *testing.T) {
	dir := os.Getenv(ownerDir)
	if dir == "" {
		t.Skip("runs as a process of other tests")
	}
	c := start(t, dir)
	if c == nil {
		return
	}
	fmt.Printf("ready %d %d\n", c.Pid(), number(t, c, "SELECT 1"))
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func TestTheServerOutlivesAKilledOwnerAndIsAdopted(t *testing.T) {
	dir := cluster(t)
	owner, pid, _ := own(t, os.Args[0], dir, nil)
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait() // says that it was killed
	begun := time.Now()
	c := start(t, dir)
	t.Logf("adopted in %v", time.Since(begun))
	if c.Pid() != pid {
		t.Errorf("the server is %d, the killed owner had started %d", c.Pid(), pid)
	}
}

func TestTheUserWithoutPrivilegesHasAClusterToo(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to become somebody else; the other tests run without privileges")
	}
	home := t.TempDir()
	for _, parent := range [...]string{filepath.Dir(home), home} {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(home, "nobody")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(home, "postgres.test")
	if out, err := exec.Command("cp", os.Args[0], program).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	owner, pid, done := own(t, program, filepath.Join(dir, "data", "postgres"), nobody)
	done()
	if err := owner.Wait(); err != nil {
		t.Error(err)
	}
	if alive(pid) {
		t.Error("the server runs after its owner stopped it")
	}
}

// own runs TestOwner as a process and waits until its cluster is ready.
func own(t *testing.T, program, dir string, as *syscall.Credential) (owner *exec.Cmd, pid int, done func()) {
	t.Helper()
	owner = exec.Command(program, "-test.run=^TestOwner$", "-test.v")
	owner.Dir = "/"
	owner.Env = append(os.Environ(), ownerDir+"="+dir, "TMPDIR=/tmp", "HOME=/nonexistent")
	owner.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	in, err := owner.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	owner.Stderr = t.Output()
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Process.Kill() })
	said, lines := "", bufio.NewScanner(out)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if _, ready, found := strings.Cut(lines.Text(), "ready "); found {
			if n, _ := fmt.Sscanf(ready, "%d 1", &pid); n == 1 {
				return owner, pid, func() { in.Close() }
			}
		}
	}
	t.Fatalf("the owner ended without a cluster:\n%s", said)
	return nil, 0, nil
}
