package sigilli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"nucleo/eventstore"
)

// Inclusione proves that an event is one of those that a note seals. Its text
// is that of C2SP tlog-proof. It holds hashes and the note, and nothing of what
// the event says.
type Inclusione struct {
	Indice int64 // which leaf, from 0
	Prova  tlog.RecordProof
	Nota   string
}

const intestazione = "c2sp.org/tlog-proof@v1"

// String is the proof as text.
func (p Inclusione) String() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s\nindex %d\n", intestazione, p.Indice)
	for _, h := range p.Prova {
		b.WriteString(h.String() + "\n")
	}
	return b.String() + "\n" + p.Nota
}

// What can be wrong with a proof.
var (
	ErrProva       = errors.New("it is not a proof")
	ErrNonInclusa  = errors.New("the proof does not lead from this event to the root of the note")
	ErrNonSegue    = errors.New("the proof does not lead from the earlier root to the later")
	errTroppoLungo = errors.New("the note seals fewer events")
)

// LeggiHash reads the text of a hash.
func LeggiHash(testo string) (Hash, error) { return tlog.ParseHash(testo) }

// LeggiInclusione reads the text of a proof.
func LeggiInclusione(testo string) (p Inclusione, err error) {
	capo, nota, found := strings.Cut(testo, "\n\n")
	righe := strings.Split(capo, "\n")
	if !found || len(righe) < 2 || righe[0] != intestazione {
		return p, ErrProva
	}
	indice, found := strings.CutPrefix(righe[1], "index ")
	if p.Indice, err = strconv.ParseInt(indice, 10, 64); err != nil || !found || len(righe) > 2+64 {
		return Inclusione{}, ErrProva
	}
	for _, riga := range righe[2:] {
		h, err := tlog.ParseHash(riga)
		if err != nil {
			return Inclusione{}, ErrProva
		}
		p.Prova = append(p.Prova, h)
	}
	if p.Nota = nota; p.String() != testo {
		return Inclusione{}, ErrProva // one spelling only
	}
	return p, nil
}

// Verifica holds the proof against an event and the keys, and returns the
// checkpoint that covers it.
func (p Inclusione) Verifica(e eventstore.Stored, chiavi note.Verifiers) (Checkpoint, error) {
	c, err := ApriNota(p.Nota, chiavi)
	if err != nil {
		return c, err
	}
	if p.Indice < 0 || p.Indice >= c.Dimensione {
		return c, errTroppoLungo
	}
	if tlog.CheckRecord(p.Prova, c.Dimensione, c.Radice, p.Indice, Foglia(e)) != nil {
		return c, ErrNonInclusa
	}
	return c, nil
}

// ProvaInclusione makes the proof of a leaf under a note. The reader has the
// hashes of the tree.
func ProvaInclusione(indice int64, nota string, r tlog.HashReader) (Inclusione, error) {
	c, err := LeggiNota(nota)
	if err != nil {
		return Inclusione{}, err
	}
	if indice < 0 || indice >= c.Dimensione {
		return Inclusione{}, errTroppoLungo
	}
	prova, err := tlog.ProveRecord(c.Dimensione, indice, r)
	return Inclusione{indice, prova, nota}, err
}

// Consistenza proves that what a note seals begins with what an earlier one
// sealed: nothing was taken away, changed or put in between (RFC 6962).
type Consistenza struct {
	Prova tlog.TreeProof
}

// Verifica holds the proof against two checkpoints.
func (p Consistenza) Verifica(prima, dopo Checkpoint) error {
	switch {
	case prima.Dimensione > dopo.Dimensione || prima.Dimensione < 1 || dopo.Dimensione > massimaDimensione:
		return ErrNonSegue
	case prima.Dimensione == dopo.Dimensione && prima.Radice == dopo.Radice && len(p.Prova) == 0:
		return nil
	case tlog.CheckTree(p.Prova, dopo.Dimensione, dopo.Radice, prima.Dimensione, prima.Radice) != nil:
		return ErrNonSegue
	}
	return nil
}

// ProvaConsistenza makes the proof between two sizes of a tree.
func ProvaConsistenza(prima, dopo int64, r tlog.HashReader) (Consistenza, error) {
	if prima == dopo {
		return Consistenza{}, nil
	}
	prova, err := tlog.ProveTree(dopo, prima, r)
	return Consistenza{prova}, err
}
