package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const look = 5 * time.Millisecond // between two looks at a server that changes state

// adopt takes over the server that runs on this directory, if there is one. It
// waits for a server that is starting, recovering or stopping.
func (c *Cluster) adopt(ctx context.Context) (bool, error) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		pid := c.place.runningPid()
		if pid == 0 {
			return false, nil
		}
		err := c.accepts(ctx)
		if err == nil {
			c.pid.Store(int64(pid))
			return true, nil
		}
		if refusesUs(err) {
			return false, fmt.Errorf("the server with pid %d does not let this user in: %w", pid, err)
		}
		select {
		case <-ctx.Done():
			return false, fmt.Errorf("the server with pid %d runs and does not accept connections: %w", pid, ctx.Err())
		case <-tick.C:
		}
	}
}

// boot starts a server where none runs. A killed server may have left backends
// behind, which keep the cluster's memory until they end: they are ended, and
// the start is tried again.
func (c *Cluster) boot(ctx context.Context) error {
	bin := c.config.BinDir
	if bin == "" {
		var err error
		if bin, err = findBinaries(os.Getenv("PATH"), places[:]); err != nil {
			return err
		}
	}
	if !exists(c.place.data) {
		if err := c.create(bin); err != nil {
			return err
		}
	}
	if err := c.writeAccess(); err != nil {
		return err
	}
	for {
		endOrphans(c.place.data, syscall.SIGQUIT)
		if err := c.place.removeStale(); err != nil {
			return err
		}
		err := c.launch(ctx, bin)
		if !errors.Is(err, errOrphans) || ctx.Err() != nil {
			return err
		}
	}
}

var errOrphans = errors.New("processes of a killed server still use the cluster")

// launch starts the server and waits until it accepts connections.
func (c *Cluster) launch(ctx context.Context, bin string) error {
	output, err := os.OpenFile(filepath.Join(c.place.dir, "start.log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer output.Close()
	cmd, done, err := c.place.account.command(c.place.data, filepath.Join(bin, "postgres"), c.settings()...)
	if err != nil {
		return err
	}
	defer done()
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	pid := cmd.Process.Pid
	if err := cmd.Process.Release(); err != nil {
		return err
	}
	if err := c.waitReady(ctx, pid); err != nil {
		return err
	}
	c.pid.Store(int64(pid))
	return nil
}

func (c *Cluster) waitReady(ctx context.Context, pid int) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if !alive(pid) {
			return c.whyNot()
		}
		err := c.accepts(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready in time: %w", err)
		case <-tick.C:
		}
	}
}

// whyNot is what the server said before it gave up.
func (c *Cluster) whyNot() error {
	out, err := os.ReadFile(filepath.Join(c.place.dir, "start.log"))
	if err != nil {
		return err
	}
	if strings.Contains(string(out), "still in use") {
		return errOrphans
	}
	return fmt.Errorf("the server ended at once: %s (log in %s)", lastLines(string(out)), c.place.logs)
}

// shutdown ends the server: sessions are cut, everything is written.
func (c *Cluster) shutdown(ctx context.Context) error {
	pid := c.place.runningPid()
	if pid == 0 {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	if err := waitGone(ctx, pid); err == nil {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := waitGone(patience, pid); err != nil {
		return fmt.Errorf("pid %d does not end: %w", pid, err)
	}
	return nil
}

func waitGone(ctx context.Context, pid int) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for alive(pid) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// runningPid is the process id of the server on this directory, 0 when none runs.
func (p place) runningPid() int {
	content, err := os.ReadFile(filepath.Join(p.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 || !alive(pid) || !worksIn(pid, p.data) {
		return 0
	}
	return pid
}

// removeStale removes what a dead server has left, which could otherwise stop
// the next one when its process id belongs to someone else by now. The caller
// holds the lock and knows that no server runs.
func (p place) removeStale() error {
	for _, path := range [...]string{
		filepath.Join(p.data, "postmaster.pid"),
		filepath.Join(p.socketDir, socketName),
		filepath.Join(p.socketDir, socketName+".lock"),
	} {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
