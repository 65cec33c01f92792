package eventlog

import (
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// Options are the dials of a log; the zero value is good for production.
type Options struct {
	Now     func() time.Time // default time.Now
	NewID   func() uuid.UUID // ids of the events that the log itself writes; default random
	Log     *slog.Logger     // default none
	Readers int              // concurrent reads, default 4
	Heads   int              // streams whose head is remembered, default 32768
	IDs     int              // event ids remembered for Any, default 65536
	Tail    int              // events that gather before they are indexed together, default 8192
	WAL     int64            // usual size of the write-ahead log in bytes, default 16 MiB
	Journal int64            // size of each of the two files of the journal in bytes, default 8 MiB
	Pages   int64            // the file may grow to so many pages of 8 KiB; 0: as the disk allows
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.New
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	o.Readers = orDefault(o.Readers, 4)
	o.Heads = orDefault(o.Heads, 1<<15)
	o.IDs = orDefault(o.IDs, 1<<16)
	o.Tail = orDefault(o.Tail, 1<<13)
	o.WAL = int64(orDefault(int(o.WAL), 16<<20))
	o.Journal = int64(orDefault(int(o.Journal), 8<<20))
	return o
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
