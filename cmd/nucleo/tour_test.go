package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// docs/tour.sh goes the whole road of a domanda, as whoever reads it would: it
// starts a demo, and checks each list and counter at each step.
func TestTheTour(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("the tour needs curl")
	}
	programma, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "sh", "../../docs/tour.sh")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its demo
	cmd.WaitDelay = 30 * time.Second
	cmd.Env = append(os.Environ(), "NUCLEO="+programma, comeProgramma+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "That was the whole road.") {
		t.Fatalf("%v\n%s", err, out)
	}
}
