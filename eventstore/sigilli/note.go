package sigilli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// rigaNota is a line of a file of notes.
type rigaNota struct {
	Nota string `json:"nota"`
}

// RigaNota is the line of a note, as files of notes hold it.
func RigaNota(nota string) []byte {
	b, _ := json.Marshal(rigaNota{nota}) // of a string, nothing can go wrong
	return append(b, '\n')
}

// Note is what a file of notes holds.
type Note struct {
	Note []string
	// Resto is the beginning of a line that was not written to its end, as by a
	// stop of the program: of the note that comes next, if nobody changed it.
	Resto []byte
}

// ErrRiga says that a file of notes was changed.
var ErrRiga = errors.New("a line is not what was written")

// LeggiNote reads a file of notes, one a line. A line that was cut off is the
// beginning of the one after it.
func LeggiNote(r io.Reader) (n Note, err error) {
	righe := bufio.NewReader(r)
	for i := 1; ; i++ {
		riga, err := righe.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return n, err
		}
		testo, intera := bytes.CutSuffix(riga, []byte("\n"))
		if !bytes.HasPrefix(testo, n.Resto) && !bytes.HasPrefix(n.Resto, testo) {
			return n, fmt.Errorf("line %d: %w", i-1, ErrRiga)
		}
		var letta rigaNota
		switch {
		case !intera || json.Unmarshal(testo, &letta) != nil:
			if len(testo) > len(n.Resto) {
				n.Resto = slices.Clone(testo)
			}
			if !intera {
				return n, nil
			}
			continue
		case !bytes.Equal(RigaNota(letta.Nota), riga):
			return n, fmt.Errorf("line %d: %w", i, ErrRiga)
		}
		n.Resto = nil
		if last := len(n.Note) - 1; last < 0 || n.Note[last] != letta.Nota { // twice: written, and not known to be
			n.Note = append(n.Note, letta.Nota)
		}
	}
}
