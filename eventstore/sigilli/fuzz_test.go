package sigilli_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"nucleo/eventstore/sigilli"
)

// FuzzNota reads notes of any form: a checkpoint has one spelling, and what a
// known key signed is what it signed.
func FuzzNota(f *testing.F) {
	r := nuovo(f)
	vera := sigilli.Checkpoint{Origine: "nucleo-prova", Dimensione: 7}
	firmata, err := sigilli.Firma(vera, r.firma)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{firmata, firmata + "\n", strings.Replace(firmata, "7", "07", 1), "nucleo-prova\n7\n\n\n", "\n\n", "a\n-1\n" + vera.Radice.String() + "\n\n", "a\n4611686018427387905\n" + vera.Radice.String() + "\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, nota string) {
		if c, err := sigilli.LeggiNota(nota); err == nil && (!strings.HasPrefix(nota, c.Testo()+"\n") || c.Dimensione > 1<<62) {
			t.Errorf("%q reads as %+v", nota, c)
		}
		if c, err := sigilli.ApriNota(nota, r.chiavi); err == nil && (c != vera || nota != firmata) {
			t.Errorf("%q passes for what was signed", nota)
		}
	})
}

// FuzzInclusione reads proofs of any form: one has one spelling.
func FuzzInclusione(f *testing.F) {
	r := nuovo(f)
	nota, err := sigilli.Firma(sigilli.Checkpoint{Origine: "nucleo-prova", Dimensione: 7}, r.firma)
	if err != nil {
		f.Fatal(err)
	}
	vera := sigilli.Inclusione{Indice: 3, Prova: []sigilli.Hash{{1}, {2}}, Nota: nota}.String()
	for _, s := range []string{vera, strings.Replace(vera, "index 3", "index +3", 1), strings.Replace(vera, "index 3", "index -1", 1), vera[:len(vera)/2], "\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, testo string) {
		if p, err := sigilli.LeggiInclusione(testo); err == nil && p.String() != testo {
			t.Errorf("%q reads as %q", testo, p.String())
		}
	})
}

// FuzzNote reads files of notes, torn and patched: each note that comes out
// stands there as it would be written.
func FuzzNote(f *testing.F) {
	riga := sigilli.RigaNota("nucleo-prova\n7\n")
	for _, b := range [][]byte{riga, append(riga[:len(riga):len(riga)], riga...), riga[:len(riga)/2], append(riga[:5:5], append([]byte("\n"), riga...)...), []byte("{}\n"), []byte("null\n")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := sigilli.LeggiNote(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, nota := range n.Note {
			if !bytes.Contains(b, sigilli.RigaNota(nota)) {
				t.Errorf("%q is not in %q", nota, b)
			}
		}
	})
}

// FuzzConsistenza holds proofs of any form against two checkpoints: only the
// true one shows that the one follows the other. Other sizes are refused by the
// signature of the note, which binds them to the root, and not by the proof.
func FuzzConsistenza(f *testing.F) {
	const prima, dopo = 3, 7
	var albero []sigilli.Hash
	leggi := tlog.HashReaderFunc(func(indici []int64) (out []tlog.Hash, err error) {
		for _, i := range indici {
			out = append(out, albero[i])
		}
		return out, nil
	})
	radici := map[int64]sigilli.Hash{}
	for n := range int64(dopo) {
		nuovi, err := tlog.StoredHashes(n, []byte{byte(n)}, leggi)
		if err != nil {
			f.Fatal(err)
		}
		albero = append(albero, nuovi...)
		if radici[n+1], err = tlog.TreeHash(n+1, leggi); err != nil {
			f.Fatal(err)
		}
	}
	vera, err := sigilli.ProvaConsistenza(prima, dopo, leggi)
	if err != nil {
		f.Fatal(err)
	}
	var scritta []byte
	for _, h := range vera.Prova {
		scritta = append(scritta, h[:]...)
	}
	f.Add(scritta, int64(prima), int64(dopo))
	f.Add(scritta[:len(scritta)-32], int64(prima), int64(dopo))
	f.Add([]byte{}, int64(dopo), int64(dopo))
	f.Add(scritta, int64(-1), int64(1)<<62)
	f.Add(scritta, int64(prima), int64(1)<<62+20) // tlog alone never comes back
	f.Fuzz(func(t *testing.T, prova []byte, da, a int64) {
		var p sigilli.Consistenza
		for b := prova; len(b) >= 32; b = b[32:] {
			p.Prova = append(p.Prova, sigilli.Hash(b[:32]))
		}
		err := p.Verifica(sigilli.Checkpoint{Dimensione: da, Radice: radici[prima]}, sigilli.Checkpoint{Dimensione: a, Radice: radici[dopo]})
		if err == nil && da == prima && a == dopo && !slices.Equal(p.Prova, vera.Prova) {
			t.Errorf("a proof of %d hashes passes from %d to %d", len(p.Prova), da, a)
		}
	})
}
