// Package copia is the form of a backup: a directory with a manifest, the log,
// and apart from it what the installation keeps secret. Files are encrypted to
// people whose keys are not on the machine (age), so that whoever takes the
// backup away has taken nothing.
package copia

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The files of a backup. What is secret may lie in another directory, with a
// manifest of its own.
const (
	nomeManifesto = "manifesto.json"
	nomeEventi    = "eventi"  // the log: the SQLite file of the embedded node
	nomeSegreti   = "segreti" // the secrets and the keys of the installation
)

const formato = "nucleo-copia 1"

// Manifesto says what a backup holds. It is not secret.
type Manifesto struct {
	Formato   string               `json:"formato"`
	Quando    time.Time            `json:"quando"`
	Versione  string               `json:"versione"`  // of the program that made it
	Posizione uint64               `json:"posizione"` // of the last event in it, the store's own included
	Eventi    int                  `json:"eventi"`    // of Nucleo's streams
	Flussi    int                  `json:"flussi"`
	File      map[string]Contenuto `json:"file"`
}

// Contenuto is one file of a backup as it lies there.
type Contenuto struct {
	Byte    int64  `json:"byte"`
	SHA256  string `json:"sha256"`
	Cifrato bool   `json:"cifrato"` // with age, to the recipients that were named
}

// What is wrong with a backup.
var (
	ErrAssente  = errors.New("there is no backup here: name the directory that holds manifesto.json")
	ErrFormato  = errors.New("another version of nucleo made this backup: restore it with that version")
	ErrRovinato = errors.New("the backup is damaged: a file is not what its manifest says")
)

// Leggi reads the manifest of a backup.
func Leggi(dir string) (m Manifesto, err error) {
	b, err := os.ReadFile(filepath.Join(dir, nomeManifesto))
	if errors.Is(err, os.ErrNotExist) {
		return m, fmt.Errorf("%s: %w", dir, ErrAssente)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("%s: %w (%w)", dir, ErrRovinato, err)
	}
	if m.Formato != formato {
		return m, fmt.Errorf("%s has the format %q: %w", dir, m.Formato, ErrFormato)
	}
	return m, nil
}

func (m Manifesto) scrivi(dir string) error {
	m.Formato = formato
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return durevole(filepath.Join(dir, nomeManifesto), append(b, '\n'))
}

// durevole writes a file that stays after a loss of power.
func durevole(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}
