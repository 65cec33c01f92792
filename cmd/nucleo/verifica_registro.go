package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/google/uuid"

	libro "nucleo/domain/oblio"
	"nucleo/eventstore"
	"nucleo/internal/chiavi"
)

// registroOblio holds the ledger of erasures of the log against that of the second
// place, and both against the key database: what they name must be destroyed.
func (v *verifica) registroOblio(ctx context.Context) error {
	nel, err := v.voci(ctx)
	if err != nil {
		return err
	}
	altrove, err := v.registro2().Voci()
	if errors.Is(err, fs.ErrNotExist) && len(nel.Voci) == 0 {
		err = nil // of an installation that was never served
	}
	if err != nil {
		return fmt.Errorf("the ledger of erasures in the second place: %w", err)
	}
	if err := stesse(nel, altrove); err != nil {
		return err
	}
	var kids []uuid.UUID
	richieste := map[uuid.UUID]bool{}
	for _, voce := range nel.Voci {
		kids, richieste[voce.Cancellazione.UUID] = append(kids, voce.Chiavi...), true
	}
	if err := v.distrutte(ctx, kids); err != nil {
		return err
	}
	_, err = fmt.Fprintf(v.out, "%d entries of the ledger of erasures checked, in the log and in the second place (%s): %d keys of %d requests, all of them destroyed\n",
		len(nel.Voci), v.registro2().Dir, len(kids), len(richieste))
	return err
}

// voci reads the ledger of the log, and holds each event against its chain and each
// entry against the one before.
func (v *verifica) voci(ctx context.Context) (r libro.State, err error) {
	var letti []eventstore.Stored
	for e, err := range v.registro().Stored(ctx, libro.Flusso) {
		if err != nil {
			return r, v.nomina(ctx, err)
		}
		letti = append(letti, e)
	}
	if err := eventstore.VerifyChain(func(yield func(eventstore.Stored, error) bool) {
		for _, e := range letti {
			if !yield(e, nil) {
				return
			}
		}
	}); err != nil {
		return r, err
	}
	for _, e := range letti {
		voce, is := e.Recorded(eventi).Event.(libro.Voce)
		if !is || !r.Segue(voce) {
			return r, fmt.Errorf("event %d of %s: %w", e.Version, libro.Flusso, libro.ErrRegistro)
		}
		r.Voci = append(r.Voci, voce)
	}
	return r, nil
}

// stesse says that two ledgers are one, or where they part.
func stesse(nel, altrove libro.State) error {
	for i := range min(len(nel.Voci), len(altrove.Voci)) {
		if nel.Voci[i].Digest() != altrove.Voci[i].Digest() {
			return fmt.Errorf("entry %d: %w", i+1, libro.ErrRegistro)
		}
	}
	switch a, b := len(nel.Voci), len(altrove.Voci); {
	case a > b:
		return fmt.Errorf("the second place ends with entry %d, the log with %d: nucleo serve writes what is missing there when it runs (%w)", b, a, libro.ErrRegistro)
	case b > a:
		return fmt.Errorf("the log ends with entry %d, the second place with %d: the log was put back to an older state (%w)", a, b, libro.ErrRegistro)
	}
	return nil
}

// distrutte reports whether all of some keys are destroyed. It opens the key database
// by itself: a program that opens it to read by it destroys them once more first.
func (v *verifica) distrutte(ctx context.Context, kids []uuid.UUID) error {
	if len(kids) == 0 {
		return nil
	}
	url := v.config.Chiavi
	if url == "" {
		if err := v.apriCluster(ctx); err != nil {
			return err
		}
		url = v.cluster.KeysURL()
	}
	c, err := chiavi.Apri(ctx, url, v.kek())
	if err != nil {
		return err
	}
	defer c.Chiudi()
	vive, err := c.Vive(ctx, kids)
	if err != nil {
		return err
	}
	if len(vive) > 0 {
		return fmt.Errorf("%d of %d keys of the ledger of erasures are in the key database, the first is %s: was a backup put back? nucleo serve destroys them when it starts", len(vive), len(kids), vive[0])
	}
	_, distrutte, err := c.Find(ctx, kids)
	if err != nil {
		return err
	}
	sono := map[uuid.UUID]bool{}
	for _, k := range distrutte {
		sono[k] = true
	}
	for _, k := range kids {
		if !sono[k] {
			return fmt.Errorf("key %s of the ledger of erasures is in the key database neither as one that is there nor as one that was destroyed", k)
		}
	}
	return nil
}
