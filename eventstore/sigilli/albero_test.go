package sigilli_test

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"nucleo/eventstore/sigilli"
)

func foglieDiProva(n int) (all []sigilli.Hash) {
	for i := range n {
		all = append(all, sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i))))
	}
	return all
}

// The tree that grows has the roots of tlog's, at every size, also when it is
// taken up again in the middle.
func TestATreeHasTheRootsOfRFC6962(t *testing.T) {
	foglie := foglieDiProva(300)
	leggi := lettore(t, foglie)
	var a sigilli.Albero
	for n := range int64(len(foglie) + 1) {
		want, err := tlog.TreeHash(n, leggi)
		if err != nil {
			t.Fatal(err)
		}
		ripreso, err := sigilli.AlberoDi(n, leggi)
		if err != nil || a.Radice() != want || ripreso.Radice() != want || a.Dimensione() != n || ripreso.Dimensione() != n {
			t.Fatalf("of %d leaves: %s, taken up again %s, want %s (%v)", n, a.Radice(), ripreso.Radice(), want, err)
		}
		if n < int64(len(foglie)) {
			a.Aggiungi(foglie[n])
		}
	}
}

func TestACopyGrowsAlone(t *testing.T) {
	var a sigilli.Albero
	for _, f := range foglieDiProva(7) {
		a.Aggiungi(f)
	}
	b, was := a.Copia(), a.Radice()
	b.Aggiungi(sigilli.Hash{1})
	if a.Radice() != was || b.Radice() == was || a.Dimensione() != 7 || b.Dimensione() != 8 {
		t.Error("a copy is not its own")
	}
}

func TestProofsHoldAndOthersDoNot(t *testing.T) {
	r := pieno(t)
	leggi := lettore(t, r.foglie)
	nota := r.note[2]
	ultimo, err := sigilli.ApriNota(nota, r.chiavi)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ultimo.Dimensione {
		p, err := sigilli.ProvaInclusione(i, nota, leggi)
		if err != nil {
			t.Fatal(err)
		}
		letta, err := sigilli.LeggiInclusione(p.String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := letta.Verifica(r.eventi[i], r.chiavi); err != nil {
			t.Errorf("event %d: %v", i, err)
		}
		if _, err := letta.Verifica(r.eventi[(i+1)%ultimo.Dimensione], r.chiavi); err == nil {
			t.Errorf("the proof of event %d holds of another", i)
		}
	}
	for _, prima := range r.note {
		c, err := sigilli.ApriNota(prima, r.chiavi)
		if err != nil {
			t.Fatal(err)
		}
		p, err := sigilli.ProvaConsistenza(c.Dimensione, ultimo.Dimensione, leggi)
		if err != nil || p.Verifica(c, ultimo) != nil {
			t.Errorf("from %d: %v %v", c.Dimensione, err, p.Verifica(c, ultimo))
		}
		c.Radice[0]++
		if p.Verifica(c, ultimo) == nil {
			t.Errorf("from %d: another root is consistent", c.Dimensione)
		}
	}
}

// Of an accepted proof, no bit can be changed.
func TestNoBitOfAProofCanBeChanged(t *testing.T) {
	r := pieno(t)
	p, err := sigilli.ProvaInclusione(5, r.note[1], lettore(t, r.foglie))
	if err != nil {
		t.Fatal(err)
	}
	testo := p.String()
	for bit := range len(testo) * 8 {
		altro := []byte(testo)
		altro[bit/8] ^= 1 << (bit % 8)
		letta, err := sigilli.LeggiInclusione(string(altro))
		if err == nil {
			_, err = letta.Verifica(r.eventi[5], r.chiavi)
		}
		if err == nil {
			t.Errorf("bit %d of %q changed, and it holds:\n%s", bit, testo[bit/8], altro)
		}
	}
}

func TestANoteOfAnotherKeyIsRefused(t *testing.T) {
	r, altro := pieno(t), nuovo(t)
	if _, err := sigilli.ApriNota(r.note[0], altro.chiavi); err != sigilli.ErrFirma {
		t.Error(err)
	}
	if c, err := sigilli.LeggiNota(r.note[0]); err != nil || c.Dimensione != 6 {
		t.Error(c, err)
	}
}
