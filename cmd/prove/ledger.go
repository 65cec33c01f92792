package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// line is a run of a part, in the ledger.
type line struct {
	Commit   string     `json:"commit"` // with + when the tree had changes
	Date     string     `json:"date"`
	Part     string     `json:"part"`
	Seeds    *[2]uint64 `json:"seeds,omitempty"` // first and last
	Seconds  int        `json:"seconds"`
	Tests    int        `json:"tests"` // that passed
	Rows     counts     `json:"rows"`
	Failures []string   `json:"failures"`
}

// counts are what was counted, by row of the goals.
type counts map[string]map[string]float64

func (c counts) add(row, count string, n float64) {
	if c[row] == nil {
		c[row] = map[string]float64{}
	}
	c[row][count] += n
}

func readLedger(path string) (lines []line, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	for i, raw := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var l line
		if len(raw) == 0 {
			continue
		}
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil, fmt.Errorf("line %d of %s: %w", i+1, path, err)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// nextSeed is the first that no run of a part has used, failed ones too.
func nextSeed(ledger []line, name string) uint64 {
	next := uint64(1)
	for _, l := range ledger {
		if l.Part == name && l.Seeds != nil {
			next = max(next, l.Seeds[1]+1)
		}
	}
	return next
}

func appendLine(path string, l line) error {
	if l.Failures == nil {
		l.Failures = []string{}
	}
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	return errors.Join(err, f.Close())
}

// commitNow is the commit of the tree; a change of the ledger alone is none.
func commitNow(ctx context.Context) (string, error) {
	head, err := exec.CommandContext(ctx, "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return "", fmt.Errorf("the ledger names commits, and this is no git tree: %w", err)
	}
	changes, err := exec.CommandContext(ctx, "git", "status", "--porcelain", "--", ".", ":!"+ledgerFile).Output()
	if err != nil {
		return "", fmt.Errorf("git status: %w", err)
	}
	commit := strings.TrimSpace(string(head))
	if len(bytes.TrimSpace(changes)) > 0 {
		commit += "+"
	}
	return commit, nil
}
