package eventlog

import (
	"errors"
	"fmt"
)

const (
	entryBytes    = 1 << 10 // what an entry of the index counts as: it leads to a page
	selectEntries = `SELECT i.hash, i.revision, i.position, e.revision, CAST(e.stream AS BLOB)
		FROM stream_index i LEFT JOIN events e ON e.position = i.position
		WHERE (i.hash, i.revision, i.position) > (?,?,?) ORDER BY i.hash, i.revision, i.position LIMIT 256`
)

// step looks at the next events or entries, all as they were at one moment. bytes is
// about what it read.
func (s *scrub) step() (bytes int64, err error) {
	if err := s.c.exec("BEGIN"); err != nil {
		return 0, s.broken(err)
	}
	if s.at.Phase == inEvents {
		bytes, err = s.events()
	} else {
		bytes, err = s.entries()
	}
	return bytes, s.broken(errors.Join(err, s.c.exec("COMMIT")))
}

// broken makes a fault of what SQLite says of a file that it cannot read.
func (s *scrub) broken(err error) error {
	if isCode(err, codeCorrupt) || isCode(err, codeNotADB) || isCode(err, codeIO) {
		return &CorruptError{s.now.Position, "SQLite cannot read what comes after it: " + err.Error()}
	}
	return err
}

// events looks at the next events, whatever the index says of those that it does not
// hold yet.
func (s *scrub) events() (bytes int64, err error) {
	upTo, _, err := s.c.number(selectState, indexedUpTo)
	if err != nil {
		return 0, err
	}
	var page []Event
	err = s.c.query(selectForwards, func(row []any) error {
		e, err := scan(row)
		if err != nil {
			return err
		}
		if page, bytes = append(page, e), bytes+e.size(); bytes >= pageBytes {
			return errEnough
		}
		return nil
	}, s.at.Next, s.now.Last, int64(pageEvents))
	v := verifier{log: s.log, upTo: upTo, end: s.at.End, table: true}
	if fault := v.page(s.c, page); fault != nil { // what comes before what cannot be read
		err = fault
	}
	if v.end > s.at.End {
		s.at.End = v.end
	}
	if v.good > 0 {
		s.now.Position, s.at.Next = v.good, v.good+1
	}
	if err = enoughIsFine(err); err != nil || len(page) > 0 {
		return bytes, err
	}
	_, end, err := s.c.goneUpTo(s.at.End)
	if err != nil {
		return 0, err
	}
	if end <= s.now.Last {
		return 0, &CorruptError{s.at.End, fmt.Sprintf("the log ends here, and went on to %d", s.now.Last)}
	}
	s.at = mark{Phase: inIndex, Entry: [3]int64{smallest, smallest, smallest}}
	return 0, nil
}

// entries looks at the next entries of the index: each must lead to its event.
func (s *scrub) entries() (bytes int64, err error) {
	seen := 0
	err = s.c.query(selectEntries, func(row []any) error {
		var entry [3]int64
		for i := range entry {
			entry[i], _ = row[i].(int64)
		}
		revision, found := row[3].(int64)
		stream, _ := text(row[4])
		switch {
		case !found:
			return &CorruptError{entry[2], "the stream index names an event that is missing"}
		case revision != entry[1] || hashOf(stream) != entry[0]:
			return &CorruptError{entry[2], "the stream index does not agree with the event"}
		}
		s.at.Entry = entry
		seen++
		return nil
	}, s.at.Entry[0], s.at.Entry[1], s.at.Entry[2])
	if err == nil && seen == 0 {
		s.at = mark{Phase: inNothing}
	}
	return int64(seen) * entryBytes, err
}
