package sigilli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"nucleo/domain/sistema"
	"nucleo/eventstore"
)

// Verifica holds a whole log against everything that vouches for it.
type Verifica struct {
	Registro Registro
	Chiavi   note.Verifiers

	// Altrove reads the notes of the second place, in the order in which they
	// were written; nil when there is none to look at. It is asked before the
	// log is read, and again where the log has seals that it had not.
	Altrove func() (Note, error)

	// Foglie are leaves as whoever sealed saw them, NumeroFoglie in all, when
	// they were kept: they tell which event was changed, where the seals tell
	// only that one was. They need not be trusted: those that lead to no signed
	// root are left aside.
	Foglie       func(ctx context.Context, da, n int64) ([]Hash, error)
	NumeroFoglie int64

	// Scaduti are the streams that have ended, by name: what they held may be gone.
	// It takes Foglie to tell that nothing else is.
	Scaduti map[string]Fine

	// Progresso hears now and then how many events were read; nil: nobody does.
	Progresso func(eventi int64)
}

// Esito is what was found of a log that is as it was written.
type Esito struct {
	Eventi   int64
	Flussi   int
	Sigilli  int        // of the log
	Altrove  int        // of the second place
	Ultimo   Checkpoint // the last seal; zero when there is none
	Scoperti int64      // events after it, which are held by their chains alone
	Indietro int        // seals that the second place lacks, 0 or 1: it is written after the log

	Scaduti       int64 // events that are gone because their streams have ended
	FlussiScaduti int   // so many
}

// Esegui reads the log once, and returns an *Alterazione for the first place
// where it is not as it was written. Another error says that it could not be
// read.
func (v Verifica) Esegui(ctx context.Context) (Esito, error) {
	p := passata{Verifica: v, catene: catene{}}
	if err := p.prepara(ctx); err != nil {
		return p.esito, err
	}
	for e, err := range impressi(ctx, v.Registro) {
		if err != nil {
			return p.esito, fmt.Errorf("after event %d of the log: %w", p.albero.Dimensione(), err)
		}
		if err := p.evento(ctx, e); err != nil {
			return p.esito, err
		}
	}
	return p.esito, p.fine(ctx)
}

// passata is one reading of a log.
type passata struct {
	Verifica
	esito  Esito
	catene catene
	albero Albero

	scaduti *scaduti // nil when nothing may be gone

	attesi  []atteso // checkpoints that are to come, in the order of their sizes
	altrove Note
	sigilli []visto // seals that were found in the log, in order
	flusso  error   // why the stream of seals could not be read alone

	buono     Albero // at the last checkpoint that held
	posBuona  uint64
	posizione uint64 // of the last event
}

// atteso is a checkpoint that the log must come to.
type atteso struct {
	Checkpoint
	fonte     string
	posizione uint64 // that the seal gives for its last event; 0 when it does not
}

// visto is a seal that the log holds.
type visto struct {
	nota   string
	evento eventstore.Stored
}

const (
	nelRegistro = "a seal of the log"
	nelSecondo  = "a note of the second place"
	ogniTanto   = 1 << 14 // events between two reports of progress
)

// prepara finds the checkpoints that are to be met: those of the second place
// first, as it is written last.
func (p *passata) prepara(ctx context.Context) error {
	if p.Altrove != nil {
		note, err := p.Altrove()
		if errors.Is(err, ErrRiga) {
			return &Alterazione{Genere: Altrove, Dettaglio: "second place: " + err.Error()}
		}
		if err != nil {
			return fmt.Errorf("second place: %w", err)
		}
		for i, n := range note.Note {
			c, err := ApriNota(n, p.Chiavi)
			if err != nil {
				return &Alterazione{Genere: Altrove, Dettaglio: fmt.Sprintf("note %d of the second place: %s", i+1, err)}
			}
			if last := len(p.attesi) - 1; last >= 0 && c.Dimensione <= p.attesi[last].Dimensione {
				return &Alterazione{Genere: Altrove, Dettaglio: fmt.Sprintf("note %d of the second place seals %d events, not more than the one before", i+1, c.Dimensione)}
			}
			p.attesi = append(p.attesi, atteso{Checkpoint: c, fonte: nelSecondo})
		}
		p.altrove, p.esito.Altrove = note, len(note.Note)
	}
	var nel []atteso
	for e, err := range p.Registro.Stored(ctx, sistema.FlussoSigilli) {
		if p.flusso = err; err != nil {
			break
		}
		if s, c, err := LeggiSigillo(e, p.Chiavi); err == nil { // what is wrong is said where the pass comes to it
			nel = append(nel, atteso{c, nelRegistro, s.Posizione})
		}
	}
	p.attesi = unisci(nel, p.attesi)
	p.preparaScaduti()
	return ctx.Err()
}

// unisci puts the checkpoints of two places in order; of one size, those of the
// log come first.
func unisci(nel, altrove []atteso) (tutti []atteso) {
	for len(nel) > 0 || len(altrove) > 0 {
		if len(altrove) == 0 || len(nel) > 0 && nel[0].Dimensione <= altrove[0].Dimensione {
			tutti, nel = append(tutti, nel[0]), nel[1:]
		} else {
			tutti, altrove = append(tutti, altrove[0]), altrove[1:]
		}
	}
	return tutti
}

// LeggiSigillo reads the event of a seal, which must say what its signed note
// says.
func LeggiSigillo(e eventstore.Stored, chiavi note.Verifiers) (s sistema.SigilloApposto, c Checkpoint, err error) {
	if err := json.Unmarshal(e.Data, &s); err != nil || e.Type != sistema.TipoSigillo {
		return s, c, ErrNota
	}
	if c, err = ApriNota(s.Nota, chiavi); err == nil && (uint64(c.Dimensione) != s.Dimensione || Hash(s.Radice) != c.Radice) {
		err = fmt.Errorf("it says other than its note, which seals %d events", c.Dimensione)
	}
	return s, c, err
}

// evento takes in the next event of the log.
func (p *passata) evento(ctx context.Context, e *impresso) error {
	if ended, right := p.ammesso(e); !right && (ended || !p.catene.segue(e)) {
		return p.catene.rotta(ctx, p.Registro, p.intero(ctx, e.Stored))
	}
	if err := p.colma(ctx, e); err != nil {
		return err
	}
	p.albero.Aggiungi(e.foglia)
	p.posizione = e.Position
	p.esito.Eventi++
	if p.esito.Eventi%ogniTanto == 0 && p.Progresso != nil {
		p.Progresso(p.esito.Eventi)
	}
	if e.Stream == sistema.FlussoSigilli {
		if err := p.sigillo(e.Stored); err != nil {
			return err
		}
	}
	return p.confronta(ctx)
}

// intero is an event of the pass with its bytes, as far as they can be read.
func (p *passata) intero(ctx context.Context, e eventstore.Stored) eventstore.Stored {
	for trovato, err := range p.Registro.All(ctx, e.Position-1, true) {
		if err == nil && trovato.Position == e.Position && trovato.Stream == e.Stream {
			return trovato
		}
		break
	}
	return e
}

// sigillo looks at a seal of the log.
func (p *passata) sigillo(e eventstore.Stored) error {
	s, c, err := LeggiSigillo(e, p.Chiavi)
	switch {
	case err != nil:
		return Alterazione{Genere: SigilloFalso, Dettaglio: err.Error()}.in(e)
	case c.Dimensione >= p.albero.Dimensione():
		return Alterazione{Genere: Tolto, Dettaglio: fmt.Sprintf("it seals %d events, and only %d stand before it", c.Dimensione, p.albero.Dimensione()-1)}.in(e)
	case c.Dimensione <= p.esito.Ultimo.Dimensione:
		return Alterazione{Genere: SigilloFalso, Dettaglio: fmt.Sprintf("it seals %d events, not more than the one before", c.Dimensione)}.in(e)
	}
	p.sigilli = append(p.sigilli, visto{s.Nota, e})
	p.esito.Sigilli, p.esito.Ultimo = len(p.sigilli), c
	return nil
}

// confronta holds the tree against the checkpoints of its size.
func (p *passata) confronta(ctx context.Context) error {
	for len(p.attesi) > 0 && p.attesi[0].Dimensione <= p.albero.Dimensione() {
		a := p.attesi[0]
		if a.Dimensione < p.albero.Dimensione() || a.Radice != p.albero.Radice() {
			return p.diagnosi(ctx, a)
		}
		if p.attesi = p.attesi[1:]; p.buono.Dimensione() < p.albero.Dimensione() {
			p.buono, p.posBuona = p.albero.Copia(), p.posizione
		}
	}
	return nil
}
