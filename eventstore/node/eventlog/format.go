package eventlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"nucleo/internal/durable"
)

// PageSize is that of the file, in bytes.
const PageSize = 8192

const (
	applicationID = 0x4e55434c // "NUCL"
	formatVersion = 2          // 1 knew no journal
	pageSize      = PageSize

	// scavengedVersion is the format of a log from which something may have been removed.
	scavengedVersion = 3
)

// schema holds the whole format. There is no unique index on (stream, revision):
// the single writer keeps it, the index is written later and in order.
var schema = []string{
	`CREATE TABLE events (
		position INTEGER PRIMARY KEY,
		stream   TEXT NOT NULL,
		revision INTEGER NOT NULL,
		id       BLOB NOT NULL,
		type     TEXT NOT NULL,
		json     INTEGER NOT NULL,
		created  INTEGER NOT NULL,
		data     BLOB NOT NULL,
		metadata BLOB NOT NULL,
		crc      INTEGER NOT NULL) STRICT`,
	indexSchema,
	stateSchema,
	goneSchema,
	trimmedSchema,
}

const (
	indexSchema = `CREATE TABLE IF NOT EXISTS stream_index (
		hash     INTEGER NOT NULL,
		revision INTEGER NOT NULL,
		position INTEGER NOT NULL,
		PRIMARY KEY (hash, revision, position)) STRICT, WITHOUT ROWID`
	stateSchema = `CREATE TABLE IF NOT EXISTS state (
		name  TEXT PRIMARY KEY,
		value INTEGER NOT NULL) STRICT, WITHOUT ROWID`
)

// ensureFile makes an empty log at path, or checks that the one there is ours, and
// returns its format.
//
// It reads the file by itself, which may be done only while this process has no
// connection to it: to close a file gives up the locks that the process holds on
// it, SQLite's too. A program that opens the log beside this one would then take
// itself for the only one, and remove the write-ahead log when it closes.
func ensureFile(path string) (format uint32, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return formatVersion, create(path)
	case err != nil:
		return 0, fmt.Errorf("event log: %w", err)
	case !info.Mode().IsRegular():
		return 0, fmt.Errorf("%w: %s is not a regular file; name the file itself", ErrFormat, path)
	}
	return checkHeader(path)
}

// create builds the file beside its place and renames it, so that a crash never
// leaves half a format.
func create(path string) error {
	draft := path + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("create event log: %w", err)
	}
	f, err := os.OpenFile(draft, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create event log: %w", err)
	}
	if err := errors.Join(fill(draft), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("create event log: %w", err)
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("create event log: %w", err)
	}
	return durable.SyncDir(filepath.Dir(path))
}

func fill(path string) error {
	c, err := dial(path,
		fmt.Sprintf("page_size=%d", pageSize),
		"auto_vacuum=INCREMENTAL", // what is removed can be given back
		fmt.Sprintf("application_id=%d", applicationID),
		fmt.Sprintf("user_version=%d", formatVersion))
	if err != nil {
		return err
	}
	for _, sql := range schema {
		if err := c.exec(sql); err != nil {
			return errors.Join(err, c.close())
		}
	}
	return c.close()
}

// checkHeader reads SQLite's file header before SQLite touches the file.
func checkHeader(path string) (format uint32, err error) {
	head, err := readHeader(path)
	if err != nil {
		return 0, err
	}
	if string(head[:16]) != "SQLite format 3\x00" || binary.BigEndian.Uint32(head[68:]) != applicationID {
		return 0, fmt.Errorf("%w: %s belongs to another program; choose another data directory", ErrFormat, path)
	}
	if format = binary.BigEndian.Uint32(head[60:]); format < 1 || format > scavengedVersion {
		return 0, fmt.Errorf("%w: %s has format %d, this program knows up to %d; start the program that wrote it", ErrFormat, path, format, scavengedVersion)
	}
	return format, nil
}

func readHeader(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	head := make([]byte, 100)
	_, err = io.ReadFull(f, head)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%w: %s is cut short (%w); restore it from a backup", ErrFormat, path, err)
	}
	return head, nil
}
