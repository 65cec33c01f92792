package node_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nucleo/eventstore/node"
)

// Clients and libraries of others must not notice what they talk to. Their packages
// are installed for it, unless they stand in testdata/nodejs already.
func TestProgramsOfOthersDoNotNotice(t *testing.T) {
	if os.Getenv("NUCLEO_SENZA_NPM") != "" {
		t.Skip("NUCLEO_SENZA_NPM is set: clients in another language are NOT tested")
	}
	dir := filepath.Join("testdata", "nodejs")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); errors.Is(err, os.ErrNotExist) {
		dir = install(t, dir)
	}
	for _, script := range []string{"client.js", "groups.js", "emmett.mjs", "kurrent.js"} {
		t.Run(script, func(t *testing.T) {
			n := start(t, func(cfg *node.Config) { cfg.Listen = "127.0.0.1:0" })
			run := exec.CommandContext(t.Context(), "node", script, n.Address())
			run.Dir = dir
			out, err := run.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "ok") {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

// install puts the pinned packages beside a copy of the script.
func install(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	ci := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
	ci.Dir = dir
	if out, err := ci.CombinedOutput(); err != nil {
		t.Skipf("the packages cannot be installed, clients in another language are NOT tested: %v\n%s", err, out)
	}
	return dir
}
