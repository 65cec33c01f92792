package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"golang.org/x/mod/sumdb/note"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/domain/caso"
	"nucleo/eventstore"
	"nucleo/eventstore/fascicolo"
	"nucleo/eventstore/sigilli"
	"nucleo/httpapi"
)

// fascicoli puts bundles together from the log and the tree of its seals.
type fascicoli struct {
	prove    notaio.Prove
	archivio interface {
		Stored(ctx context.Context, stream string) iter.Seq2[eventstore.Stored, error]
	}
	firma  note.Signer
	chiavi *eventstore.Keys
}

// Componi implements httpapi.Fascicoli.
func (f fascicoli) Componi(ctx context.Context, w io.Writer, r httpapi.Fascicolo) error {
	b := fascicolo.Fascicolo{Pagina: r.Pagina, Chiavi: f.prove.Pubbliche, Composto: r.Composto, Componente: "nucleo " + versione()}
	aperti := map[uint64]bool{}
	for _, e := range r.Aperti {
		aperti[e.Version] = true
	}
	for e, err := range f.archivio.Stored(ctx, caso.Decider.Stream(r.Caso.String())) {
		if err != nil {
			return err
		}
		if e.Version > r.Head.Version {
			break
		}
		if err := f.aggiungi(ctx, &b, e, r.Sigillo, aperti[e.Version]); err != nil {
			return err
		}
	}
	if r.Apertura != nil {
		b.Apertura = &fascicolo.Apertura{ID: r.Apertura.ID.UUID, Dal: r.Apertura.Dal.String(), Al: r.Apertura.Al.String()}
		if err := f.apri(ctx, &b, aperti); err != nil {
			return err
		}
	}
	return fascicolo.Scrivi(w, b, f.firma)
}

// aggiungi adds an event with its proof. What is stored in the clear, and not
// opened, does not go out.
func (f fascicoli) aggiungi(ctx context.Context, b *fascicolo.Fascicolo, e eventstore.Stored, sigillo int64, aperto bool) error {
	if nudo, err := e.Bare(eventi); err != nil {
		return fmt.Errorf("event %d of %s: %w", e.Version, e.Stream, err)
	} else if nudo && !aperto {
		return httpapi.ErrFascicoloInChiaro
	}
	p, err := f.prove.Di(ctx, e, sigillo)
	if err != nil {
		return err
	}
	letta, err := sigilli.LeggiInclusione(p.Prova)
	b.Eventi, b.Prove = append(b.Eventi, e), append(b.Prove, letta)
	return err
}

// apri adds what opens events. One that holds nothing sealed is read as it is.
func (f fascicoli) apri(ctx context.Context, b *fascicolo.Fascicolo, aperti map[uint64]bool) error {
	dette, err := f.chiavi.Disclose(ctx, b.Eventi)
	if err != nil {
		return err
	}
	for i, d := range dette {
		if n := b.Eventi[i].Version; aperti[n] && len(d.Openings) > 0 {
			b.Aperti = append(b.Aperti, fascicolo.Aperto{Versione: n, Disclosed: d})
		}
	}
	return nil
}

// nomeChiave is a verifier key as those who compare keys write it.
func nomeChiave(v note.Verifier) string { return fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash()) }

// chiaviO are the keys that are named; nil when none are.
func chiaviO(chiave string) (note.Verifiers, error) {
	if chiave == "" {
		return nil, nil
	}
	return chiaviDa(chiave)
}
