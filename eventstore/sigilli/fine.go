package sigilli

import (
	"bytes"
	"context"
	"fmt"

	"nucleo/domain/sistema"
)

// fine looks at what the log should still hold, and does not.
func (p *passata) fine(ctx context.Context) error {
	p.esito.Flussi = len(p.catene)
	p.esito.Scoperti = p.albero.Dimensione() - p.esito.Ultimo.Dimensione
	switch {
	case len(p.attesi) > 0:
		return p.diagnosi(ctx, p.attesi[0])
	case p.NumeroFoglie > p.albero.Dimensione():
		return p.arretrato(fmt.Sprintf("whoever seals has seen %d events", p.NumeroFoglie))
	}
	if err := p.contati(); err != nil {
		return err
	}
	if err := p.coda(ctx); err != nil {
		return err
	}
	if p.flusso != nil {
		return fmt.Errorf("the stream of seals: %w", p.flusso)
	}
	return p.secondo()
}

// arretrato says that the log ends too early.
func (p *passata) arretrato(dettaglio string) error {
	return &Alterazione{Genere: Arretrato, Posizione: p.posizione, Dettaglio: fmt.Sprintf(
		"the log ends here, after %d events, and %s", p.esito.Eventi, dettaglio)}
}

// coda holds the events after the last checkpoint against the leaves that were
// kept, though nobody signed them yet.
func (p *passata) coda(ctx context.Context) error {
	n := min(p.NumeroFoglie, p.albero.Dimensione()) - p.buono.Dimensione()
	if p.Foglie == nil || n <= 0 {
		return nil
	}
	kept, err := p.Foglie(ctx, p.buono.Dimensione(), n)
	if err != nil {
		return fmt.Errorf("leaves that were kept: %w", err)
	}
	ours, err := p.nostre(ctx, n+1)
	if err != nil {
		return err
	}
	return primaDiversa(ours, kept)
}

// secondo holds the seals of the log against the notes of the second place.
func (p *passata) secondo() error {
	if p.Altrove == nil {
		return nil
	}
	manca, err := p.mancante()
	if err == nil && manca != nil { // it may have been written since
		var note Note
		if note, err = p.Altrove(); err == nil {
			p.altrove, p.esito.Altrove = note, len(note.Note)
			manca, err = p.mancante()
		}
	}
	switch resto := p.altrove.Resto; {
	case err != nil:
		return err
	case len(resto) > 0 && (manca == nil || !bytes.HasPrefix(RigaNota(manca.nota), resto)):
		return &Alterazione{Genere: Altrove, Dettaglio: "second place: the end of the file: " + ErrRiga.Error()}
	case manca == nil:
		return nil
	case manca == &p.sigilli[len(p.sigilli)-1]:
		p.esito.Indietro = 1 // written to the log a moment ago, or just before a stop
		return nil
	}
	return Alterazione{Genere: Altrove, Dettaglio: "the second place does not hold this seal"}.in(manca.evento)
}

// mancante is the first seal of the log that the second place lacks. A note
// that the log lacks is an error: the log is written first.
func (p *passata) mancante() (*visto, error) {
	i := 0
	for k := range p.sigilli {
		if i == len(p.altrove.Note) {
			return &p.sigilli[k], nil
		}
		if p.altrove.Note[i] != p.sigilli[k].nota {
			altra, err := LeggiNota(p.altrove.Note[i])
			if questa, _ := LeggiNota(p.sigilli[k].nota); err == nil && altra.Dimensione > questa.Dimensione {
				return &p.sigilli[k], nil
			}
			return nil, Alterazione{Genere: Altrove, Dettaglio: fmt.Sprintf("note %d of the second place is another than this seal", i+1)}.in(p.sigilli[k].evento)
		}
		i++
	}
	if i < len(p.altrove.Note) {
		a := &Alterazione{Genere: Arretrato, Flusso: sistema.FlussoSigilli, Numero: uint64(len(p.sigilli) + 1), Posizione: p.posizione,
			Dettaglio: fmt.Sprintf("the seal that is note %d of the second place is not in the log", i+1)}
		return nil, a
	}
	return nil, nil
}
