package sigilli

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says that the first Dimensione events of a log have a root.
type Checkpoint struct {
	Origine    string // names the log
	Dimensione int64
	Radice     Hash
}

// Testo is what is signed: the checkpoint as C2SP has it (tlog-checkpoint),
// without extension lines.
func (c Checkpoint) Testo() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origine, c.Dimensione, c.Radice)
}

// Firma signs a checkpoint: a note (C2SP signed-note, Ed25519). The same
// checkpoint and key make the same bytes.
func Firma(c Checkpoint, chiave note.Signer) (string, error) {
	b, err := note.Sign(&note.Note{Text: c.Testo()}, chiave)
	return string(b), err
}

// What can be wrong with a note.
var (
	ErrFirma = errors.New("no known key signed it")
	ErrNota  = errors.New("it is not a checkpoint")
)

// ApriNota reads a note that one of the keys signed. Its first line must be the
// name of that key.
func ApriNota(nota string, chiavi note.Verifiers) (Checkpoint, error) {
	testo, chi, err := ApriFirmata(nota, chiavi)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := leggiTesto(testo)
	if err == nil && chi.Name() != c.Origine {
		err = ErrFirma
	}
	return c, err
}

// ApriFirmata reads the text of a note that one of the keys signed, whatever it
// says, and which of them did.
func ApriFirmata(nota string, chiavi note.Verifiers) (testo string, chi note.Verifier, err error) {
	n, err := note.Open([]byte(nota), chiavi)
	var nonFirmata *note.UnverifiedNoteError
	var falsa *note.InvalidSignatureError
	switch {
	case errors.As(err, &nonFirmata), errors.As(err, &falsa):
		return "", nil, ErrFirma
	case err != nil:
		return "", nil, ErrNota
	}
	for _, firma := range n.Sigs {
		if _, other := base64.StdEncoding.Strict().DecodeString(firma.Base64); other != nil {
			return "", nil, ErrFirma // of the same signature, one spelling only
		}
	}
	chi, err = chiavi.Verifier(n.Sigs[0].Name, n.Sigs[0].Hash)
	return n.Text, chi, err
}

// LeggiNota reads a note whoever signed it.
func LeggiNota(nota string) (Checkpoint, error) {
	testo, _, found := strings.Cut(nota, "\n\n")
	if !found {
		return Checkpoint{}, ErrNota
	}
	return leggiTesto(testo + "\n")
}

// massimaDimensione is the largest tree whose proofs can be walked: beyond it
// the powers of two that tlog counts by leave an int64, and it never ends.
const massimaDimensione = 1 << 62

func leggiTesto(testo string) (c Checkpoint, err error) {
	righe := strings.Split(testo, "\n")
	if len(righe) != 4 || righe[0] == "" || righe[3] != "" {
		return c, ErrNota
	}
	c.Origine = righe[0]
	c.Dimensione, err = strconv.ParseInt(righe[1], 10, 64)
	if err == nil {
		c.Radice, err = tlog.ParseHash(righe[2])
	}
	if err != nil || c.Testo() != testo || c.Dimensione < 0 || c.Dimensione > massimaDimensione {
		return Checkpoint{}, ErrNota // one spelling only
	}
	return c, nil
}

// NuovaChiave makes a key to sign with, and the key by which others check.
func NuovaChiave(casuale io.Reader, origine string) (segreta, pubblica string, err error) {
	return note.GenerateKey(casuale, origine)
}

// Chiavi are the keys by which notes are checked, each as text. Empty lines and
// those that begin with # are left out.
func Chiavi(pubbliche ...string) (note.Verifiers, error) {
	var all []note.Verifier
	for _, p := range pubbliche {
		for riga := range strings.Lines(p) {
			riga = strings.TrimSpace(riga)
			if riga == "" || strings.HasPrefix(riga, "#") {
				continue
			}
			v, err := note.NewVerifier(riga)
			if err != nil {
				return nil, fmt.Errorf("%.20q… is no verifier key (name+hash+key): %w", riga, err)
			}
			all = append(all, v)
		}
	}
	return note.VerifierList(all...), nil
}
