package postgres

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestADatabaseIsThereAfterTheFirstStartAndAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	first := start(t, dir)
	run(t, first, "CREATE TABLE kept AS SELECT 7 AS n")
	firstPid := first.Pid()
	stop(t, first)
	if alive(firstPid) {
		t.Fatal("the server runs after Stop")
	}
	again := start(t, dir)
	if again.Pid() == firstPid {
		t.Error("the restarted server has the pid of the stopped one")
	}
	if n := number(t, again, "SELECT n FROM kept"); n != 7 {
		t.Errorf("kept %d, want 7", n)
	}
	if sums := text(t, again, "SHOW data_checksums"); sums != "on" {
		t.Errorf("data_checksums are %s", sums)
	}
	if listen := text(t, again, "SHOW listen_addresses"); listen != "" {
		t.Errorf("the server listens on %s", listen)
	}
	if super := text(t, again, "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"); super != "false" {
		t.Error("the role of the program is a superuser")
	}
}

func TestASecondStartAdoptsAndTheLastUserStops(t *testing.T) {
	dir := cluster(t)
	first, second := start(t, dir), start(t, dir)
	if first.Pid() != second.Pid() {
		t.Fatalf("two servers on one directory: %d and %d", first.Pid(), second.Pid())
	}
	stop(t, first)
	if n := number(t, second, "SELECT 1"); n != 1 {
		t.Error("the first user stopped the server of the second")
	}
	stop(t, second)
	if alive(second.Pid()) {
		t.Error("the last user left the server running")
	}
}

func TestStartsAtOnceShareOneServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	var started sync.WaitGroup
	clusters := make([]*Cluster, 6)
	for i := range clusters {
		started.Go(func() { clusters[i] = start(t, dir) })
	}
	started.Wait()
	for _, c := range clusters {
		if c == nil || c.Pid() != clusters[0].Pid() {
			t.Fatal("the starts did not agree on one server")
		}
	}
}

func TestStartRecoversAfterEveryProcessWasKilled(t *testing.T) {
	dir := cluster(t)
	c := start(t, dir)
	run(t, c, "CREATE TABLE kept AS SELECT 7 AS n")
	killAll(t, c)
	c.Release()
	again := start(t, dir)
	if n := number(t, again, "SELECT n FROM kept"); n != 7 {
		t.Errorf("kept %d, want 7", n)
	}
}

func TestStartEndsTheOrphansOfAKilledServer(t *testing.T) {
	dir := cluster(t)
	c := start(t, dir)
	busy := connect(t, c)
	working := make(chan error, 1)
	go func() {
		_, err := busy.Exec(context.Background(), "SELECT count(*) FROM generate_series(1, 100000000000)")
		working <- err
	}()
	waitFor(t, "a backend that works", func() bool {
		return number(t, c, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND pid <> pg_backend_pid()") == 1
	})
	if err := syscall.Kill(c.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the killed server", func() bool { return !alive(c.Pid()) })
	c.Release()
	begun := time.Now()
	again := start(t, dir)
	t.Logf("ready %v after the server was killed with a busy backend", time.Since(begun))
	if number(t, again, "SELECT 1") != 1 {
		t.Error("no answer")
	}
	if err := <-working; err == nil {
		t.Error("the orphan finished its work")
	}
}

func TestAPidFileThatNamesAStrangerIsStale(t *testing.T) {
	dir := cluster(t)
	c := start(t, dir)
	killAll(t, c)
	c.Release()
	path := filepath.Join(dir, "data", "postmaster.pid")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "\n")
	stranger := strconv.Itoa(os.Getpid()) // alive, and no server
	if err := os.WriteFile(path, []byte(stranger+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if again.Pid() == os.Getpid() {
		t.Error("took a stranger for the server")
	}
}

func TestTheSocketOfALongPathStandsInAShortDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("a", 100), "postgres")
	c := start(t, dir)
	t.Cleanup(func() { os.RemoveAll(c.place.socketDir) })
	if number(t, c, "SELECT 1") != 1 {
		t.Error("no answer")
	}
	info, err := os.Stat(c.place.socketDir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("%s has mode %v", c.place.socketDir, info.Mode())
	}
}

func TestASocketDirectoryThatIsALinkIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("a", 100), "postgres")
	short := shortSocketDir(dir)
	if err := os.Symlink(t.TempDir(), short); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(short) })
	if c, err := Start(t.Context(), Config{Dir: dir}); err == nil {
		stop(t, c)
		t.Fatal("used a directory that somebody else chose")
	}
}

func TestClosedParentsDoNotMatter(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	c := start(t, filepath.Join(closed, "data", "postgres"))
	if number(t, c, "SELECT 1") != 1 {
		t.Error("no answer")
	}
	if info, err := os.Stat(closed); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the parent was opened: %v, %v", info.Mode(), err)
	}
}

func TestWhatACutShortStartLeftIsRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	left := filepath.Join(dir, unfinished+"1", "base")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	if exists(filepath.Dir(left)) {
		t.Error("the unfinished cluster is still there")
	}
}

func TestKeepStartsAKilledServerAgain(t *testing.T) {
	c := start(t, cluster(t))
	killed := c.Pid()
	ctx, cancel := context.WithCancel(t.Context())
	var keeping sync.WaitGroup
	keeping.Go(func() {
		if err := c.Keep(ctx); err != nil {
			t.Error(err)
		}
	})
	defer keeping.Wait()
	defer cancel()
	killAll(t, c)
	waitFor(t, "a new server", func() bool { return c.Pid() != killed })
	if number(t, c, "SELECT 1") != 1 {
		t.Error("no answer")
	}
}

func TestTheLogHoldsNoValuesOfRefusedStatements(t *testing.T) {
	dir := cluster(t)
	c := start(t, dir)
	run(t, c, "CREATE TABLE persone (codice_fiscale text PRIMARY KEY); INSERT INTO persone VALUES ('RSSMRA80A01H501U')")
	conn := connect(t, c)
	if _, err := conn.Exec(t.Context(), "INSERT INTO persone VALUES ($1)", "RSSMRA80A01H501U"); err == nil {
		t.Fatal("a duplicate was accepted")
	}
	stop(t, c)
	logs, err := filepath.Glob(filepath.Join(dir, "log", "*"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no log: %v", err)
	}
	content, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "duplicate key") || strings.Contains(string(content), "RSSMRA") {
		t.Errorf("the log must name the error and no value:\n%s", content)
	}
}

func TestWithoutPostgresTheErrorSaysWhatToInstall(t *testing.T) {
	empty := t.TempDir()
	_, err := findBinaries(empty, []string{filepath.Join(empty, "*", "bin")})
	if !errors.Is(err, ErrNotInstalled) {
		t.Fatalf("got %v", err)
	}
	for _, hint := range []string{"15 or newer", "install", "NUCLEO_POSTGRES"} {
		if !strings.Contains(err.Error(), hint) {
			t.Errorf("%q is missing in %q", hint, err)
		}
	}
}

func TestTheNewestInstalledServerIsTaken(t *testing.T) {
	root := t.TempDir()
	for _, v := range []string{"9", "14", "16", "17"} {
		bin := filepath.Join(root, v, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, program := range []string{"initdb", "postgres"} {
			script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + v + ".1'\n"
			if err := os.WriteFile(filepath.Join(bin, program), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for path, want := range map[string]string{"": "17", filepath.Join(root, "16", "bin"): "16", filepath.Join(root, "14", "bin"): "17"} {
		got, err := findBinaries(path, []string{filepath.Join(root, "*", "bin")})
		if err != nil || got != filepath.Join(root, want, "bin") {
			t.Errorf("with PATH %q: %s, %v; want %s", path, got, err, want)
		}
	}
}

// made is a cluster that tests copy: making one takes a second.
var made = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "nucleo-postgres-made-")
	if err != nil {
		return "", err
	}
	c, err := Start(context.Background(), Config{Dir: dir})
	if err != nil {
		return "", err
	}
	return dir, c.Stop(context.Background())
})

func TestMain(m *testing.M) {
	code := m.Run()
	if os.Getenv(ownerDir) == "" {
		if dir, err := made(); err == nil {
			os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}

// cluster is the directory of a stopped cluster of the test's own.
func cluster(t *testing.T) string {
	t.Helper()
	from, err := made()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "postgres")
	if out, err := exec.Command("cp", "-a", from, dir).CombinedOutput(); err != nil {
		t.Fatalf("copy a cluster: %v: %s", err, out)
	}
	return dir
}

func start(t *testing.T, dir string) *Cluster {
	t.Helper()
	begun := time.Now()
	c, err := Start(t.Context(), Config{Dir: dir, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Error(err)
		return nil
	}
	t.Logf("ready after %v", time.Since(begun).Round(time.Millisecond))
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, c *Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, c *Cluster, statement string) {
	t.Helper()
	if _, err := connect(t, c).Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, c *Cluster, query string) (n int) {
	t.Helper()
	if err := connect(t, c).QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func text(t *testing.T, c *Cluster, query string) (s string) {
	t.Helper()
	if err := connect(t, c).QueryRow(t.Context(), query).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// killAll ends every process of the cluster at once, as a power cut would.
func killAll(t *testing.T, c *Cluster) {
	t.Helper()
	_ = syscall.Kill(c.Pid(), syscall.SIGKILL)
	endOrphans(c.place.data, syscall.SIGKILL)
	waitFor(t, "the end of the server", func() bool { return !alive(c.Pid()) })
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20 s for %s", what)
		}
		time.Sleep(look)
	}
}
