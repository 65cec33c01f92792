package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// create makes the cluster. It is made beside its place and moved there when it
// is whole, so that a crash leaves nothing that looks like a cluster.
func (c *Cluster) create(bin string) error {
	if err := c.removeUnfinished(); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(c.place.dir, unfinished)
	if err != nil {
		return err
	}
	if err := os.Chown(fresh, int(c.place.account.uid), int(c.place.account.gid)); err != nil {
		return err
	}
	args := []string{"--username", superuser, "--encoding", "UTF8", "--locale", "C", "--data-checksums", "--auth", "peer", "--no-instructions"}
	if c.config.Throwaway {
		args = append(args, "--no-sync")
	}
	cmd, done, err := c.place.account.command(fresh, filepath.Join(bin, "initdb"), args...)
	if err != nil {
		return err
	}
	defer done()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(string(out)))
	}
	return os.Rename(fresh, c.place.data)
}

const unfinished = "init-"

// removeUnfinished removes clusters whose making was cut short. The initdb of
// an owner that was killed may still be writing into one: then it stays.
func (c *Cluster) removeUnfinished() error {
	left, err := filepath.Glob(filepath.Join(c.place.dir, unfinished+"*"))
	if err != nil {
		return err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			c.log.Warn("an unfinished cluster stays until a later start", "dir", dir, "error", err)
		}
	}
	return nil
}

// writeAccess says who may connect: over the socket only, the users of the
// system that own the server or the process that uses it, and root.
func (c *Cluster) writeAccess() error {
	hba := "local all all peer map=nucleo\n"
	ident := ""
	for _, name := range systemUsers(c.place.account) {
		for _, as := range [...]string{superuser, role, analyst, keys} {
			ident += fmt.Sprintf("nucleo %q %s\n", name, as)
		}
	}
	for name, content := range map[string]string{"pg_hba.conf": hba, "pg_ident.conf": ident} {
		if err := c.writeOwned(name, content); err != nil {
			return err
		}
	}
	return nil
}

// writeOwned replaces a file of the cluster, owned by the server's user.
func (c *Cluster) writeOwned(name, content string) error {
	path := filepath.Join(c.place.data, name)
	temp := path + ".new"
	if err := os.WriteFile(temp, []byte(content), 0o600); err != nil {
		return err
	}
	if err := os.Lchown(temp, int(c.place.account.uid), int(c.place.account.gid)); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// lastLines is the end of a program's output, on one line.
func lastLines(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) > 4 {
		lines = lines[len(lines)-4:]
	}
	return strings.Join(lines, " | ")
}
