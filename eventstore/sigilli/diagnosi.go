package sigilli

import (
	"context"
	"fmt"
	"slices"

	"nucleo/eventstore"
)

// diagnosi says what happened to a log that does not come to a checkpoint.
func (p *passata) diagnosi(ctx context.Context, a atteso) error {
	ours, err := p.nostre(ctx, a.Dimensione-p.buono.Dimensione()+1)
	if err != nil {
		return err
	}
	if kept := p.fidate(ctx, a); kept != nil {
		if err := primaDiversa(ours, kept); err != nil {
			return err
		}
	}
	if a.Dimensione > p.albero.Dimensione() {
		if a.fonte == nelSecondo {
			return p.arretrato(fmt.Sprintf("the second place holds a seal of %d", a.Dimensione))
		}
		return p.arretrato(fmt.Sprintf("%s covers %d", a.fonte, a.Dimensione))
	}
	out := &Alterazione{Genere: Riscritto, Dettaglio: fmt.Sprintf(
		"from here to position %d, events %d to %d of the log are not those of %s, though each follows in its stream",
		p.posizione, p.buono.Dimensione()+1, a.Dimensione, a.fonte)}
	if len(ours) > 0 {
		out.Posizione = ours[0].Position
	}
	switch {
	case a.fonte == nelSecondo:
		out.Genere = Arretrato // the log has seals of its own that hold
	case a.posizione > 0 && p.posizione > a.posizione:
		out.Genere = Tolto
	case a.posizione > 0 && p.posizione < a.posizione:
		out.Genere = Inserito
	}
	return out
}

// nostre reads at most n events after the last checkpoint that held.
func (p *passata) nostre(ctx context.Context, n int64) (ours []eventstore.Stored, err error) {
	for e, err := range p.Registro.All(ctx, p.posBuona, p.buono.Dimensione() > 0) {
		if err != nil {
			return nil, err
		}
		if ours = append(ours, e); int64(len(ours)) >= n {
			break
		}
	}
	return ours, nil
}

// fidate are the leaves that were kept from the last checkpoint that held to
// another, if they lead to it.
func (p *passata) fidate(ctx context.Context, a atteso) []Hash {
	if p.Foglie == nil || p.NumeroFoglie < a.Dimensione {
		return nil
	}
	kept, err := p.Foglie(ctx, p.buono.Dimensione(), a.Dimensione-p.buono.Dimensione())
	if err != nil {
		return nil // they are a help, not a proof
	}
	albero := p.buono.Copia()
	for _, h := range kept {
		albero.Aggiungi(h)
	}
	if albero.Dimensione() != a.Dimensione || albero.Radice() != a.Radice {
		return nil
	}
	return kept
}

// primaDiversa names the first event whose leaf is not the one that was kept.
func primaDiversa(ours []eventstore.Stored, kept []Hash) error {
	foglie := make([]Hash, len(ours))
	for i, e := range ours {
		foglie[i] = Foglia(e)
	}
	for i, h := range kept {
		if i == len(ours) {
			a := &Alterazione{Genere: Arretrato, Dettaglio: "the log ends before an event that whoever seals has seen"}
			if i > 0 {
				a.Posizione = ours[i-1].Position
			}
			return a
		}
		if foglie[i] != h {
			return confronto(ours[i], h, foglie[i], foglie[i+1:], kept[i+1:])
		}
	}
	return nil
}

// confronto says what was done at an event: by what follows it here, and what
// followed there.
func confronto(e eventstore.Stored, was, is Hash, nextHere, nextThere []Hash) error {
	here, there := slices.Index(nextHere, was), slices.Index(nextThere, is)
	switch {
	case here >= 0 && there >= 0:
		return Alterazione{Genere: Scambiato, Dettaglio: "it stands in the place of an event that now comes later"}.in(e)
	case there >= 0:
		return Alterazione{Genere: Tolto, Dettaglio: "an event that was sealed right before this one is not there"}.in(e)
	case here >= 0:
		return Alterazione{Genere: Inserito, Dettaglio: "it was not there when the log was sealed"}.in(e)
	}
	return Alterazione{Genere: Modificato, Dettaglio: "it is another than the one that was sealed, though its chain was computed anew"}.in(e)
}
