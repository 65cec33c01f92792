package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"
)

// machine says what the figures were measured on, and when.
func (b *bench) machine(ctx context.Context) (string, error) {
	server, err := b.postgresVersion(ctx)
	if err != nil {
		return "", err
	}
	lite, err := sqliteVersion(ctx)
	if err != nil {
		return "", err
	}
	scale := ""
	if b.quick {
		scale = " — with -quick: no figures to quote"
	}
	return fmt.Sprintf("%s, commit %s%s  \n%s, %d cores, %s of memory, %s; load before the run %s  \n%s, PostgreSQL %s, SQLite %s\n",
		b.begun.Format(time.DateOnly), commit(ctx), scale, processor(), runtime.GOMAXPROCS(0), installed(), kernel(), b.load, runtime.Version(), server, lite), nil
}

// load is how many processes wanted a core in the last minute: with more than
// a few tenths before the run, others disturb it.
func load() string {
	averages, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	last, _, _ := strings.Cut(string(averages), " ")
	return last
}

func (b *bench) postgresVersion(ctx context.Context) (version string, err error) {
	conn, err := pgx.Connect(ctx, b.cluster.URL())
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, "SHOW server_version").Scan(&version)
	return version, err
}

func sqliteVersion(ctx context.Context) (version string, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	return version, err
}

// commit names what was measured, and whether it was changed since.
func commit(ctx context.Context) string {
	head, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	name := strings.TrimSpace(string(head))
	if changed, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "-uno").Output(); err == nil && len(changed) > 0 {
		name += " and changes that were not committed"
	}
	return name
}

func processor() string {
	return fieldOf("/proc/cpuinfo", "model name", runtime.GOARCH)
}

func installed() string {
	var kib int
	if _, err := fmt.Sscan(fieldOf("/proc/meminfo", "MemTotal", ""), &kib); err != nil {
		return "?"
	}
	return fmt.Sprintf("%.1f GiB", float64(kib)/(1<<20))
}

func kernel() string {
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil {
		return runtime.GOOS
	}
	var release strings.Builder
	for _, c := range name.Release {
		if c == 0 {
			break
		}
		release.WriteByte(byte(c))
	}
	return "Linux " + release.String()
}

// fieldOf reads "name: value" from a file of /proc.
func fieldOf(file, name, otherwise string) string {
	f, err := os.Open(file)
	if err != nil {
		return otherwise
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return otherwise
}
