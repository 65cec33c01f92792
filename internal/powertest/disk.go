// Package powertest is a disk that loses power. It remembers each call that changed
// it, and which of them were synced: from that follows what a power cut after any
// call may leave. A kill does not show this, for what a process wrote survives it.
//
// What is not synced may survive or not, sector by sector and in any order: more than
// most file systems do, and what POSIX lets them do.
package powertest

import (
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Kind is what a call does.
type Kind byte

// The calls that change a disk.
const (
	Write  Kind = iota
	Resize      // to At bytes
	Sync        // of a file, or of a directory: of its names
	Name        // gives a name in a directory to a node, takes it away, or moves it
	Mark        // no call: a note of whoever uses the disk, as what it has answered
)

// Op is one call.
type Op struct {
	Kind Kind
	Node int // that it changes
	At   int64
	Data []byte
	Sets []Entry // of Name: all of them, or none
}

// Entry is a name in a directory: of a node, or of none (0).
type Entry struct {
	Dir    int
	Name   string
	Node   int
	Folder bool // the node is a directory
}

// node is a file or a directory, as it is now.
type node struct {
	dir      bool
	volatile bool // nobody expects it to survive
	data     []byte
	names    map[string]int
}

// Disk is a disk in memory. Its methods may be called from many goroutines.
type Disk struct {
	// Interfere, when it is set, is asked before each call: how many bytes of a write go
	// through (all: -1), or which error it ends with.
	Interfere func(op Op, name string) (bytes int, err syscall.Errno)

	mu    sync.Mutex
	nodes []node
	ops   []Op
	marks string // name of the file whose writes are marks
}

const root = 1

// New makes a disk that holds an image, synced. What is written to the file marks is
// no part of it: those are marks.
func New(image Image, marks string) *Disk {
	d := &Disk{nodes: []node{{}, {dir: true, names: map[string]int{}}}, marks: marks}
	for _, p := range image.paths() {
		d.put(p, image[p])
	}
	return d
}

// put adds a file of an image, and the directories above it.
func (d *Disk) put(p string, data []byte) {
	dir := root
	parts := strings.Split(p, "/")
	for _, part := range parts[:len(parts)-1] {
		if d.nodes[dir].names[part] == 0 {
			d.nodes[dir].names[part] = d.add(node{dir: true, names: map[string]int{}})
		}
		dir = d.nodes[dir].names[part]
	}
	if name := parts[len(parts)-1]; name != "" { // else an empty directory
		d.nodes[dir].names[name] = d.add(node{data: slices.Clone(data)})
	}
}

func (d *Disk) add(n node) int {
	d.nodes = append(d.nodes, n)
	return len(d.nodes) - 1
}

// Ops are the calls so far.
func (d *Disk) Ops() []Op {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clip(d.ops)
}

// do records a call, and carries it out.
func (d *Disk) do(op Op, name string) (bytes int, err syscall.Errno) {
	if d.Interfere != nil {
		n, err := d.Interfere(op, name)
		if err != 0 {
			return 0, err
		}
		if n >= 0 && n < len(op.Data) {
			op.Data = op.Data[:n]
		}
	}
	d.apply(op)
	if op.Kind == Name || !d.nodes[op.Node].volatile {
		d.ops = append(d.ops, op)
	}
	return len(op.Data), 0
}

func (d *Disk) apply(op Op) {
	switch n := &d.nodes[op.Node]; op.Kind {
	case Write:
		n.data = written(n.data, op.At, op.Data)
	case Resize:
		n.data = resized(n.data, op.At)
	case Name:
		for _, e := range op.Sets {
			if e.Node == 0 {
				delete(d.nodes[e.Dir].names, e.Name)
			} else {
				d.nodes[e.Dir].names[e.Name] = e.Node
			}
		}
	}
}

func written(b []byte, at int64, data []byte) []byte {
	if end := at + int64(len(data)); end > int64(len(b)) {
		b = resized(b, end)
	}
	copy(b[at:], data)
	return b
}

func resized(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		clear(b[size:])
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// Image is what a disk holds: by path, a file's bytes. A path that ends with a slash is
// a directory.
type Image map[string][]byte

func (i Image) paths() []string {
	out := make([]string, 0, len(i))
	for p := range i {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// isVolatile: SQLite makes the index of its write-ahead log anew when it opens it
// after a crash; it lies in a file only to be shared.
func isVolatile(name string) bool { return strings.HasSuffix(path.Base(name), "-shm") }
