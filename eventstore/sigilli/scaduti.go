package sigilli

import (
	"context"
	"fmt"

	"nucleo/domain"
)

// Fine is how a stream ended that was kept for as long as it must be, as an event
// of another stream says: what it held may be gone from the log since. A cluster
// that is scavenged has nothing left of it.
type Fine struct {
	Eventi uint64
	Testa  domain.Digest // of its last event
}

// scaduti fills the gaps of a log that has lost streams which ended. Their leaves
// stay under the seals: they are taken from those that were kept, and must lead to
// every signed root. No leaf says of which stream it is; but a stream has as many
// as its end says, the last of which is known. So whatever else is missing is one
// too many.
type scaduti struct {
	presenti map[string]uint64 // events of these streams that are still there
	ultime   map[Hash]bool     // the last leaves of the streams, and whether they were filled in
	tutti    int64             // events of these streams: no more can be missing
	buchi    int64             // leaves that were filled in
	fino     int64             // the size of the last checkpoint: nothing is filled in after it
	lette    []Hash            // leaves that were kept, from the da-th on
	da       int64
}

func (p *passata) preparaScaduti() {
	if len(p.Scaduti) == 0 || p.Foglie == nil || len(p.attesi) == 0 {
		return
	}
	p.scaduti = &scaduti{presenti: map[string]uint64{}, ultime: map[Hash]bool{}, fino: p.attesi[len(p.attesi)-1].Dimensione}
	for flusso, f := range p.Scaduti {
		p.scaduti.ultime[foglia(flusso, f.Eventi, f.Testa)] = false
		p.scaduti.tutti += int64(f.Eventi)
	}
}

// ammesso takes in an event of a stream that ended, of which those before it may
// be gone: it is right by itself.
func (p *passata) ammesso(e *impresso) (ended, right bool) {
	if p.scaduti == nil {
		return false, false
	}
	f, ended := p.Scaduti[e.Stream]
	if ended {
		p.scaduti.presenti[e.Stream]++
	}
	return ended, e.anello.Right && e.Version <= f.Eventi
}

// colma adds the leaves that are missing before an event.
func (p *passata) colma(ctx context.Context, e *impresso) error {
	if p.scaduti == nil {
		return nil
	}
	qui := p.albero.Dimensione()
	for n := int64(0); qui+n <= p.scaduti.fino && qui+n < p.NumeroFoglie; n++ {
		h, err := p.tenuta(ctx, qui+n)
		switch {
		case err != nil:
			return err
		case h == e.foglia:
			return p.aggiungi(ctx, n)
		case p.scaduti.buchi+n >= p.scaduti.tutti:
			return Alterazione{Genere: Tolto, Dettaglio: fmt.Sprintf(
				"before it events are missing, or it is not one that was sealed; the streams that ended account for %d that may be gone", p.scaduti.tutti)}.in(p.intero(ctx, e.Stored))
		}
	}
	return nil // it came after the last seal, or the roots tell
}

// aggiungi fills in so many leaves.
func (p *passata) aggiungi(ctx context.Context, n int64) error {
	for range n {
		h, err := p.tenuta(ctx, p.albero.Dimensione())
		if err != nil {
			return err
		}
		if _, ultima := p.scaduti.ultime[h]; ultima {
			p.scaduti.ultime[h] = true
		}
		p.albero.Aggiungi(h)
		p.scaduti.buchi++
		if err := p.confronta(ctx); err != nil {
			return err
		}
	}
	return nil
}

// tenuta is the i-th leaf as it was kept.
func (p *passata) tenuta(ctx context.Context, i int64) (Hash, error) {
	s := p.scaduti
	if i < s.da || i >= s.da+int64(len(s.lette)) {
		lette, err := p.Foglie(ctx, i, min(perLotto*16, p.NumeroFoglie-i))
		if err != nil || len(lette) == 0 {
			return Hash{}, fmt.Errorf("leaf %d of those that were kept: not there (%w)", i, err)
		}
		s.da, s.lette = i, lette
	}
	return s.lette[i-s.da], nil
}

// contati holds what was filled in against what the ends of the streams say.
func (p *passata) contati() error {
	if p.scaduti == nil {
		return nil
	}
	var attesi int64
	for flusso, f := range p.Scaduti {
		mancano := int64(f.Eventi) - int64(p.scaduti.presenti[flusso])
		if attesi += mancano; mancano > 0 {
			p.esito.FlussiScaduti++
		}
		if mancano == int64(f.Eventi) && !p.scaduti.ultime[foglia(flusso, f.Eventi, f.Testa)] {
			return &Alterazione{Genere: Tolto, Flusso: flusso, Numero: f.Eventi, Dettaglio: "it ended, an event says, with one that nobody has sealed"}
		}
	}
	if p.esito.Scaduti = p.scaduti.buchi; p.scaduti.buchi != attesi {
		return &Alterazione{Genere: Tolto, Dettaglio: fmt.Sprintf("%d events that were sealed are not there, and of the streams that ended %d are gone", p.scaduti.buchi, attesi)}
	}
	return nil
}
