package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
)

// oldest is the first release with the features that Nucleo relies on.
const oldest = 15

// ErrNotInstalled says that no usable PostgreSQL is on this machine.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

// places are where packagers put PostgreSQL's programs.
var places = [...]string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                   // PGDG on Fedora, RHEL
	"/usr/libexec/postgresql*",           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin", // Homebrew on Apple silicon
	"/usr/local/opt/postgresql@*/bin",    // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin",
}

// findBinaries is the directory of the newest usable PostgreSQL of the machine:
// the one of the PATH when it is new enough, else the newest that packages
// have installed.
func findBinaries(path string, globs []string) (string, error) {
	best, newest := "", 0
	for _, dir := range filepath.SplitList(path) {
		if v := serverVersion(dir); v >= oldest {
			return dir, nil
		}
	}
	for _, glob := range globs {
		found, err := filepath.Glob(glob)
		if err != nil {
			return "", fmt.Errorf("look in %s: %w", glob, err)
		}
		for _, dir := range found {
			if v := serverVersion(dir); v >= oldest && v > newest {
				best, newest = dir, v
			}
		}
	}
	if best == "" {
		return "", fmt.Errorf("%w (%d or newer, server programs initdb and postgres): %s; or set NUCLEO_POSTGRES to the URL of a server",
			ErrNotInstalled, oldest, howToInstall(runtime.GOOS))
	}
	return best, nil
}

var version = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// serverVersion is the major version of the server in dir, 0 when there is none.
func serverVersion(dir string) int {
	for _, name := range [...]string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return 0
		}
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	match := version.FindSubmatch(out)
	if match == nil {
		return 0
	}
	major, err := strconv.Atoi(string(match[1]))
	if err != nil {
		return 0
	}
	return major
}

func howToInstall(system string) string {
	if system == "darwin" {
		return "brew install postgresql@17"
	}
	return "apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server (Fedora, RHEL), apk add postgresql (Alpine)"
}
