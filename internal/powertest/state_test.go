package powertest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func after(ops []Op, way Survives, seed uint64) Image {
	s := NewState(Image{"old": []byte("old")})
	for i := range ops {
		s.Do(&ops[i])
	}
	return s.After(way, rand.New(rand.NewPCG(0, seed)))
}

// node 2 is the file that there was, node 3 the one that is made.
var (
	create  = Op{Kind: Name, Sets: []Entry{{Dir: root, Name: "new", Node: 3}}}
	fill    = Op{Kind: Write, Node: 3, Data: []byte("data")}
	synced  = Op{Kind: Sync, Node: 3}
	syncDir = Op{Kind: Sync, Node: root}
	replace = Op{Kind: Name, Sets: []Entry{{Dir: root, Name: "new"}, {Dir: root, Name: "old", Node: 3}}}
)

func TestWhatIsSyncedSurvivesAndNothingElse(t *testing.T) {
	kept := Image{"old": []byte("old")}
	for name, c := range map[string]struct {
		ops  []Op
		want Image
	}{
		"a file whose name is not synced":  {[]Op{create, fill, synced}, kept},
		"a name whose file is not synced":  {[]Op{create, syncDir, fill}, Image{"old": []byte("old"), "new": nil}},
		"both":                             {[]Op{create, fill, synced, syncDir}, Image{"old": []byte("old"), "new": []byte("data")}},
		"a write after the sync":           {[]Op{create, fill, synced, syncDir, {Kind: Write, Node: 3, At: 4, Data: []byte("!")}}, Image{"old": []byte("old"), "new": []byte("data")}},
		"a cut that is synced":             {[]Op{create, fill, {Kind: Resize, Node: 3, At: 1}, synced, syncDir}, Image{"old": []byte("old"), "new": []byte("d")}},
		"another name that is not synced":  {[]Op{create, fill, synced, syncDir, replace}, Image{"old": []byte("old"), "new": []byte("data")}},
		"another name":                     {[]Op{create, fill, synced, replace, syncDir}, Image{"old": []byte("data")}},
		"a directory and a file, unsynced": {[]Op{{Kind: Name, Sets: []Entry{{Dir: root, Name: "d", Node: 3, Folder: true}}}, syncDir, {Kind: Name, Sets: []Entry{{Dir: 3, Name: "f", Node: 4}}}}, Image{"old": []byte("old"), "d/": nil}},
	} {
		if d := cmp.Diff(c.want, after(c.ops, Nothing, 1)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestARenameIsNeverHalf(t *testing.T) {
	for seed := range uint64(100) {
		for _, way := range []Survives{Nothing, Everything, Torn, Prefix, Sectors} {
			got := after([]Op{create, fill, synced, syncDir, replace}, way, seed)
			if old := string(got["old"]); old != "old" && old != "data" {
				t.Fatalf("after %v: %q", way, got)
			}
		}
	}
}

// Each combination of two sectors must come up, or the simulation shows too little.
func TestEachSectorSurvivesByItself(t *testing.T) {
	two := Op{Kind: Write, Node: 2, Data: slices.Repeat([]byte{'x'}, 2*sectorSize)}
	found := map[[2]bool]bool{}
	for seed := range uint64(100) {
		b := append(after([]Op{two}, Sectors, seed)["old"], make([]byte, 2*sectorSize)...)
		found[[2]bool{b[0] == 'x', b[sectorSize] == 'x'}] = true
	}
	if len(found) != 4 {
		t.Fatalf("only %v", found)
	}
	torn := map[int]bool{}
	for seed := range uint64(200) {
		torn[len(after([]Op{two}, Torn, seed)["old"])] = true
	}
	if !torn[sectorSize] || len(torn) < 10 {
		t.Fatalf("torn at %v only", torn)
	}
}
