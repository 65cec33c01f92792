package notaio

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"nucleo/eventstore/sigilli"
	"nucleo/internal/durable"
)

// Secondo is the second place: a file, to which notes are only ever added, in a
// directory that should lie on another disk, or under another administrator. A
// line is one note.
type Secondo struct{ Dir string }

const fileNote = "sigilli.jsonl"

func (s Secondo) file() string { return filepath.Join(s.Dir, fileNote) }

// Note reads all notes; none where the file is not there.
func (s Secondo) Note() (sigilli.Note, error) {
	f, err := os.Open(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return sigilli.Note{}, nil
	}
	if err != nil {
		return sigilli.Note{}, err
	}
	defer func() { _ = f.Close() }()
	note, err := sigilli.LeggiNote(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", s.file(), err)
	}
	return note, err
}

// ultima is the last note, and how many events it seals; "" where there is none.
func (s Secondo) ultima() (nota string, dimensione int64, err error) {
	n, err := s.Note()
	if err != nil || len(n.Note) == 0 {
		return "", 0, err
	}
	nota = n.Note[len(n.Note)-1]
	c, err := sigilli.LeggiNota(nota)
	return nota, c.Dimensione, err
}

// Aggiungi writes notes durably after those that are there.
func (s Secondo) Aggiungi(note ...string) (err error) {
	if err := durable.MakeDir(s.Dir, 0o700); err != nil {
		return err
	}
	_, prima := os.Stat(s.file())
	f, err := os.OpenFile(s.file(), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var b []byte
	if info, err := f.Stat(); err != nil {
		return err
	} else if n := info.Size(); n > 0 {
		ultimo := make([]byte, 1)
		if _, err := f.ReadAt(ultimo, n-1); err != nil {
			return err
		}
		if ultimo[0] != '\n' {
			b = append(b, '\n') // what a stop cut off stays, and is written again
		}
	}
	for _, n := range note {
		b = append(b, sigilli.RigaNota(n)...)
	}
	if _, err := f.Write(b); err != nil {
		return err
	}
	if err := f.Sync(); err != nil || prima == nil {
		return err
	}
	return durable.SyncDir(s.Dir)
}

// StessoDisco reports whether a directory lies on the disk of the second place.
func (s Secondo) StessoDisco(dir string) bool {
	var a, b syscall.Stat_t
	altrove := s.Dir
	if syscall.Stat(altrove, &a) != nil {
		altrove = filepath.Dir(s.Dir)
		if syscall.Stat(altrove, &a) != nil {
			return false
		}
	}
	return syscall.Stat(dir, &b) == nil && a.Dev == b.Dev
}
