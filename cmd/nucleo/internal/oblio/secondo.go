package oblio

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"nucleo/domain/oblio"
	"nucleo/internal/durable"
)

// FileRegistro is the file of the ledger in the second place. It is there from
// the first start on, so that where it is missing, something is.
const FileRegistro = "cancellazioni.jsonl"

// Secondo is the ledger in the second place: a file to which lines are only ever
// added, an entry each.
type Secondo struct{ Dir string }

func (s Secondo) file() string { return filepath.Join(s.Dir, FileRegistro) }

// Prepara makes the file, empty, where there is none.
func (s Secondo) Prepara() error {
	if err := durable.MakeDir(s.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(s.file(), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), durable.SyncDir(s.Dir))
}

// Voci reads the ledger, and holds each entry against the one before. What a
// stop cut off at the end does not count.
func (s Secondo) Voci() (r oblio.State, err error) {
	f, err := os.Open(s.file())
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }()
	righe := bufio.NewScanner(f)
	righe.Buffer(nil, 8<<20)
	for righe.Scan() {
		var v oblio.Voce
		if json.Unmarshal(righe.Bytes(), &v) != nil {
			continue // half of a line: it is written again after it
		}
		if !r.Segue(v) {
			return r, fmt.Errorf("%s, entry %d: %w", s.file(), v.Numero, oblio.ErrRegistro)
		}
		r.Voci = append(r.Voci, v)
	}
	return r, righe.Err()
}

// Completa writes, durably, the entries that the file does not have yet.
func (s Secondo) Completa(nel oblio.State) (err error) {
	if err := s.Prepara(); err != nil {
		return err
	}
	qui, err := s.Voci()
	if err != nil {
		return err
	}
	if _, err := oblio.Riporta(nel).Decide(qui); err != nil {
		return err
	}
	f, err := os.OpenFile(s.file(), os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, v := range nel.Voci[min(len(qui.Voci), len(nel.Voci)):] {
		riga, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := f.Write(append(append([]byte{'\n'}, riga...), '\n')); err != nil { // after what a stop cut off
			return err
		}
	}
	return f.Sync()
}
