package powertest

import (
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// Survives is what a power cut leaves of what was not synced.
type Survives byte

// The ways.
const (
	Nothing    Survives = iota // the least that there can be
	Everything                 // as when only the process ends
	Torn                       // all but a part of the last write
	Prefix                     // of each file what was written first
	Sectors                    // any sectors, sizes and names
)

// sectorSize is what a disk writes whole.
const sectorSize = 512

// State is what is known of a disk after some of its calls: what is synced, and
// what is not.
type State struct {
	Marks []string
	nodes []known
	last  *Op // the newest write
}

type known struct {
	dir      bool
	data     []byte
	pending  []*Op
	names    map[string]int
	renaming []*Op
}

// NewState is the state of a disk that was just made of an image.
func NewState(image Image) *State {
	s := &State{}
	for _, n := range New(image, "").nodes {
		s.nodes = append(s.nodes, known{dir: n.dir, data: n.data, names: n.names})
	}
	return s
}

// Do goes on by one call.
func (s *State) Do(op *Op) {
	switch op.Kind {
	case Mark:
		s.Marks = append(s.Marks, string(op.Data))
	case Write, Resize:
		n := s.node(op.Node)
		n.pending = append(n.pending, op)
		if op.Kind == Write {
			s.last = op
		}
	case Name:
		for _, e := range op.Sets {
			n := s.node(e.Node)
			n.dir = n.dir || e.Folder
			if d := s.node(e.Dir); len(d.renaming) == 0 || d.renaming[len(d.renaming)-1] != op {
				d.renaming = append(d.renaming, op)
			}
		}
	case Sync:
		s.sync(op.Node)
	}
}

func (s *State) node(i int) *known {
	for len(s.nodes) <= i {
		s.nodes = append(s.nodes, known{names: map[string]int{}})
	}
	return &s.nodes[i]
}

func (s *State) sync(i int) {
	n := s.node(i)
	for _, op := range n.pending {
		n.data = n.with(n.data, op)
	}
	n.pending = nil
	for _, op := range n.renaming {
		named(n.names, i, op)
	}
	n.renaming = nil
}

func (n *known) with(data []byte, op *Op) []byte {
	if op.Kind == Resize {
		return resized(data, op.At)
	}
	return written(data, op.At, op.Data)
}

func named(names map[string]int, dir int, op *Op) {
	for _, e := range op.Sets {
		switch {
		case e.Dir != dir:
		case e.Node == 0:
			delete(names, e.Name)
		default:
			names[e.Name] = e.Node
		}
	}
}

// After is what a power cut now leaves, in one way; r decides where the way leaves a
// choice.
func (s *State) After(way Survives, r *rand.Rand) Image {
	c := choice{way: way, r: r, odds: [...]float64{.1, .5, .9}[r.IntN(3)], last: s.last}
	out := Image{}
	s.walk(root, "", c, out)
	return out
}

func (s *State) walk(dir int, at string, c choice, out Image) {
	d := s.node(dir)
	names := maps.Clone(d.names)
	for _, op := range c.some(d.renaming) {
		named(names, dir, op)
	}
	if len(names) == 0 && at != "" {
		out[at] = nil
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		n := s.node(names[name])
		switch {
		case n.dir:
			s.walk(names[name], at+name+"/", c, out)
		case !isVolatile(name):
			out[at+name] = c.content(n)
		}
	}
}

// choice is one way, and its dice.
type choice struct {
	way  Survives
	r    *rand.Rand
	odds float64
	last *Op
}

// some are those of the calls that survive, in order.
func (c choice) some(ops []*Op) (kept []*Op) {
	switch c.way {
	case Nothing:
		return nil
	case Prefix:
		return ops[:c.r.IntN(len(ops)+1)]
	case Sectors:
		for _, op := range ops {
			if c.r.Float64() < c.odds {
				kept = append(kept, op)
			}
		}
		return kept
	}
	return ops
}

func (c choice) content(n *known) []byte {
	data := slices.Clone(n.data)
	if c.way != Sectors {
		for _, op := range c.some(n.pending) {
			if c.way == Torn && op == c.last {
				op = c.torn(op)
			}
			data = n.with(data, op)
		}
		return data
	}
	for _, op := range n.pending {
		if op.Kind == Resize {
			if c.r.Float64() < c.odds {
				data = resized(data, op.At)
			}
			continue
		}
		for from := int64(0); from < int64(len(op.Data)); {
			end := min(int64(len(op.Data)), from+sectorSize-(op.At+from)%sectorSize)
			if c.r.Float64() < c.odds {
				data = written(data, op.At+from, op.Data[from:end])
			}
			from = end
		}
	}
	return data
}

// torn is a part of a write: its beginning or its end, mostly whole sectors.
func (c choice) torn(op *Op) *Op {
	cut := c.r.IntN(len(op.Data) + 1)
	if c.r.IntN(4) > 0 {
		cut -= int((op.At + int64(cut)) % sectorSize)
		cut = max(cut, 0)
	}
	part := *op
	if c.r.IntN(4) == 0 {
		part.At, part.Data = op.At+int64(cut), op.Data[cut:]
	} else {
		part.Data = op.Data[:cut]
	}
	return &part
}

// Write puts an image into a directory that holds nothing else.
func (i Image) Write(dir string) error {
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range old {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	for p, data := range i {
		to := filepath.Join(dir, p)
		if p[len(p)-1] == '/' {
			if err := os.MkdirAll(to, 0o700); err != nil {
				return err
			}
			continue
		}
		if filepath.Dir(to) != filepath.Clean(dir) {
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				return err
			}
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Sum tells images apart.
func (i Image) Sum(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range i.paths() {
		maphash.WriteComparable(&h, len(p))
		_, _ = h.WriteString(p)
		maphash.WriteComparable(&h, len(i[p]))
		_, _ = h.Write(i[p])
	}
	return h.Sum64()
}
