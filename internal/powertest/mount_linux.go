package powertest

import (
	"context"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Mount makes a disk a file system, at a directory, for other processes to use: one
// that maps its files must not be the one that serves them. Unmount ends it. The test is
// skipped where this cannot be done: it needs root, and /dev/fuse.
func (d *Disk) Mount(t testing.TB, dir string) (unmount func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a file system that loses power is mounted by root only")
	}
	o := &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, DisableXAttrs: true, FsName: "powertest", Name: "powertest"}}
	server, err := fs.Mount(dir, &inode{disk: d, at: root}, o)
	if err != nil {
		t.Skipf("a file system cannot be mounted here: %v", err)
	}
	var once sync.Once
	unmount = func() {
		once.Do(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Errorf("unmount: %v", err)
			}
			server.Wait()
			server = nil // the disk goes with it: a test mounts hundreds
		})
	}
	t.Cleanup(unmount)
	return unmount
}

// inode is a node of a disk, for the kernel.
type inode struct {
	fs.Inode
	disk *Disk
	at   int
	name string
}

var (
	_ fs.NodeLookuper  = (*inode)(nil)
	_ fs.NodeCreater   = (*inode)(nil)
	_ fs.NodeMkdirer   = (*inode)(nil)
	_ fs.NodeUnlinker  = (*inode)(nil)
	_ fs.NodeRmdirer   = (*inode)(nil)
	_ fs.NodeRenamer   = (*inode)(nil)
	_ fs.NodeReaddirer = (*inode)(nil)
	_ fs.NodeGetattrer = (*inode)(nil)
	_ fs.NodeSetattrer = (*inode)(nil)
	_ fs.NodeOpener    = (*inode)(nil)
	_ fs.NodeReader    = (*inode)(nil)
	_ fs.NodeWriter    = (*inode)(nil)
	_ fs.NodeFsyncer   = (*inode)(nil)
)

func (i *inode) node() *node { return &i.disk.nodes[i.at] }

func (i *inode) attr(at int, out *fuse.Attr) {
	n := &i.disk.nodes[at]
	out.Ino, out.Nlink, out.Blksize = uint64(at), 1, 4096
	out.Mode = syscall.S_IFREG | 0o600
	if n.dir {
		out.Mode = syscall.S_IFDIR | 0o700
	}
	out.Size, out.Blocks = uint64(len(n.data)), uint64(len(n.data)+511)/512
}

func (i *inode) child(ctx context.Context, name string, at int, out *fuse.EntryOut) *fs.Inode {
	i.attr(at, &out.Attr)
	return i.NewInode(ctx, &inode{disk: i.disk, at: at, name: name}, fs.StableAttr{Mode: out.Mode & syscall.S_IFMT, Ino: uint64(at)})
}

func (i *inode) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	at := i.node().names[name]
	if at == 0 {
		return nil, syscall.ENOENT
	}
	return i.child(ctx, name, at, out), 0
}

func (i *inode) make(ctx context.Context, name string, n node, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	at := i.node().names[name]
	if at == 0 {
		at = i.disk.add(n)
		if _, err := i.disk.do(Op{Kind: Name, Sets: []Entry{{i.at, name, at, n.dir}}}, name); err != 0 {
			return nil, err
		}
	}
	return i.child(ctx, name, at, out), 0
}

func (i *inode) Create(ctx context.Context, name string, flags, _ uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	made, err := i.make(ctx, name, node{volatile: isVolatile(name) || name == i.disk.marks}, out)
	if err == 0 && flags&syscall.O_TRUNC != 0 {
		_, _, err = made.Operations().(*inode).Open(ctx, flags)
	}
	return made, nil, 0, err
}

func (i *inode) Mkdir(ctx context.Context, name string, _ uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return i.make(ctx, name, node{dir: true, names: map[string]int{}}, out)
}

func (i *inode) Unlink(_ context.Context, name string) syscall.Errno {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	if i.node().names[name] == 0 {
		return syscall.ENOENT
	}
	_, err := i.disk.do(Op{Kind: Name, Sets: []Entry{{Dir: i.at, Name: name}}}, name)
	return err
}

func (i *inode) Rmdir(ctx context.Context, name string) syscall.Errno { return i.Unlink(ctx, name) }

func (i *inode) Rename(_ context.Context, name string, to fs.InodeEmbedder, newName string, _ uint32) syscall.Errno {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	at := i.node().names[name]
	if at == 0 {
		return syscall.ENOENT
	}
	_, err := i.disk.do(Op{Kind: Name, Sets: []Entry{{Dir: i.at, Name: name}, {to.(*inode).at, newName, at, i.disk.nodes[at].dir}}}, newName)
	return err
}

func (i *inode) Readdir(context.Context) (fs.DirStream, syscall.Errno) {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	var list []fuse.DirEntry
	for name, at := range i.node().names {
		var a fuse.Attr
		i.attr(at, &a)
		list = append(list, fuse.DirEntry{Name: name, Mode: a.Mode & syscall.S_IFMT, Ino: a.Ino})
	}
	return fs.NewListDirStream(list), 0
}

func (i *inode) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	i.attr(i.at, &out.Attr)
	return 0
}

func (i *inode) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	if size, ok := in.GetSize(); ok {
		if _, err := i.disk.do(Op{Kind: Resize, Node: i.at, At: int64(size)}, i.name); err != 0 {
			return err
		}
	}
	i.attr(i.at, &out.Attr)
	return 0
}

func (i *inode) Open(_ context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	if flags&syscall.O_TRUNC == 0 {
		return nil, 0, 0
	}
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	_, err := i.disk.do(Op{Kind: Resize, Node: i.at}, i.name)
	return nil, 0, err
}

func (i *inode) Read(_ context.Context, _ fs.FileHandle, to []byte, at int64) (fuse.ReadResult, syscall.Errno) {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	data := i.node().data
	n := 0
	if at < int64(len(data)) {
		n = copy(to, data[at:])
	}
	return fuse.ReadResultData(to[:n]), 0
}

func (i *inode) Write(_ context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	if i.name == i.disk.marks {
		i.disk.apply(Op{Kind: Write, Node: i.at, At: at, Data: data})
		i.disk.ops = append(i.disk.ops, Op{Kind: Mark, Data: slices.Clone(data)})
		return uint32(len(data)), 0
	}
	n, err := i.disk.do(Op{Kind: Write, Node: i.at, At: at, Data: slices.Clone(data)}, i.name)
	return uint32(n), err
}

func (i *inode) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	i.disk.mu.Lock()
	defer i.disk.mu.Unlock()
	_, err := i.disk.do(Op{Kind: Sync, Node: i.at}, i.name)
	return err
}
