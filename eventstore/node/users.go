package node

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// User is someone who may call the node.
type User struct {
	Name   string
	Hash   []byte   // bcrypt
	Groups []string // such as $admins, who may do everything, and $ops, who may manage groups of consumers
}

// Users are the callers of a secured node by name. No users means that the node
// asks for no credentials.
type Users map[string]User

// ReadUsers reads lines of the form "name:bcrypt-hash" or "name:bcrypt-hash:groups",
// with groups parted by commas: admin, ops, or names that access lists of streams
// use. Empty lines and those that begin with # do not count.
func ReadUsers(path string) (Users, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("users of the node: %w", err)
	}
	users, err := parseUsers(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("users of the node: %s: %w", path, err)
	}
	return users, nil
}

func parseUsers(r io.Reader) (Users, error) {
	users := Users{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		part := strings.Split(line, ":")
		if len(part) < 2 || len(part) > 3 || part[0] == "" || strings.HasPrefix(part[0], "$") {
			return nil, fmt.Errorf("line %d is not name:bcrypt-hash[:group,group]", n)
		}
		if _, err := bcrypt.Cost([]byte(part[1])); err != nil {
			return nil, fmt.Errorf("line %d has no bcrypt hash: %w", n, err)
		}
		user := User{Name: part[0], Hash: []byte(part[1])}
		if len(part) == 3 {
			var err error
			if user.Groups, err = parseGroups(part[2]); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		users[user.Name] = user
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(users) == 0 {
		return nil, errors.New("no user is named")
	}
	return users, nil
}

// parseGroups reads the groups of a user; two of them have a short name.
func parseGroups(list string) (groups []string, err error) {
	for name := range strings.SplitSeq(list, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "admin":
			name = groupAdmins
		case name == "ops":
			name = groupOps
		case name == "" || strings.HasPrefix(name, "$"):
			return nil, fmt.Errorf("%q is no group: write admin, ops, or a name of your own", name)
		}
		groups = append(groups, name)
	}
	return groups, nil
}

// gate checks passwords. bcrypt is slow by design and a client sends its password
// with every call, so what was right once is remembered under a keyed hash.
type gate struct {
	users Users
	key   [32]byte
	decoy []byte        // compared with for unknown names, to take as long
	turns chan struct{} // bounds the processors that guessing may take

	mu    sync.Mutex
	right map[[32]byte]string
}

const (
	gateMemory = 1024
	gateTurns  = 2
)

func newGate(users Users) (*gate, error) {
	g := &gate{users: users, turns: make(chan struct{}, gateTurns), right: map[[32]byte]string{}}
	if _, err := rand.Read(g.key[:]); err != nil {
		return nil, fmt.Errorf("random key: %w", err)
	}
	cost := bcrypt.MinCost
	for _, u := range users {
		c, err := bcrypt.Cost(u.Hash)
		if err != nil {
			return nil, fmt.Errorf("users of the node: %w", err)
		}
		cost = max(cost, c)
	}
	var err error
	g.decoy, err = bcrypt.GenerateFromPassword(g.key[:16], cost)
	return g, err
}

// admits reports whether the password is the user's.
func (g *gate) admits(name, password string) bool {
	tag := g.tag(name, password)
	g.mu.Lock()
	known, ok := g.right[tag]
	g.mu.Unlock()
	if ok && subtle.ConstantTimeCompare([]byte(known), []byte(name)) == 1 {
		return true
	}
	g.turns <- struct{}{}
	defer func() { <-g.turns }()
	user, exists := g.users[name]
	if !exists {
		user.Hash = g.decoy
	}
	if bcrypt.CompareHashAndPassword(user.Hash, []byte(password)) != nil || !exists {
		return false
	}
	g.remember(tag, name)
	return true
}

func (g *gate) tag(name, password string) [32]byte {
	h := sha256.New()
	h.Write(g.key[:])
	fmt.Fprintf(h, "%d:%s%s", len(name), name, password)
	return [32]byte(h.Sum(nil))
}

func (g *gate) remember(tag [32]byte, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.right) >= gateMemory {
		clear(g.right)
	}
	g.right[tag] = name
}
