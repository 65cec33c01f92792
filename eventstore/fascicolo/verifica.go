package fascicolo

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// Esito is what was found of a bundle that is as it was put together.
type Esito struct {
	Flusso   string
	Eventi   uint64
	Sigillo  sigilli.Checkpoint // that covers all of them
	Composto time.Time
	Apertura *Apertura // nil: nothing is opened
	Aperti   int       // events whose personal data were opened, and are those that were sealed
	Firma    note.Verifier
	Propria  bool // the keys are those of the bundle itself, which says only that it is of one piece
}

// Verifica holds a bundle against its signature, its events against their chain
// and their proofs, and what is opened against what was sealed. The keys are
// those that are believed; nil believes those that the bundle brings. What is
// not as it was put together is a *sigilli.Alterazione: the first place, and
// what was done there.
func Verifica(r io.Reader, chiavi note.Verifiers) (Esito, error) {
	b, err := io.ReadAll(io.LimitReader(r, Massimo+1))
	if err != nil {
		return Esito{}, err
	}
	file, err := apri(b)
	if err != nil {
		return Esito{}, danno(sigilli.Danneggiato, "%s", err)
	}
	e := esame{file: file, chiavi: chiavi}
	for _, passo := range []func() error{e.prepara, e.firmato, e.sigillato, e.eventi, e.aperti, e.interi, e.fatti} {
		if err := passo(); err != nil {
			return e.esito, err
		}
	}
	if intero, err := comprimi(file); err != nil || !bytes.Equal(intero, b) {
		return e.esito, danno(sigilli.Danneggiato, "%s", errByte)
	}
	return e.esito, nil
}

// esame is one check of a bundle.
type esame struct {
	file      map[string][]byte
	chiavi    note.Verifiers
	manifesto manifesto
	scritti   []eventstore.Stored
	esito     Esito
}

func danno(g sigilli.Genere, formato string, a ...any) error {
	return &sigilli.Alterazione{Genere: g, Dettaglio: fmt.Sprintf(formato, a...)}
}

// prepara finds that all files are there, and the keys.
func (e *esame) prepara() (err error) {
	for _, nome := range nomi {
		if _, c := e.file[nome]; !c && nome != fileAperti {
			return danno(sigilli.Tolto, "the file %s is not there", nome)
		}
	}
	if e.chiavi == nil {
		e.esito.Propria = true
		if e.chiavi, err = sigilli.Chiavi(string(e.file[fileChiavi])); err != nil {
			return danno(sigilli.Modificato, "%s: %s", fileChiavi, err)
		}
	}
	return nil
}

// firmato holds the manifest against its signature.
func (e *esame) firmato() error {
	testo, chi, err := sigilli.ApriFirmata(string(e.file[fileFirma]), e.chiavi)
	if err != nil {
		return danno(sigilli.SigilloFalso, "%s: %s", fileFirma, err)
	}
	if testo != testoFirmato(e.file[fileManifesto]) {
		return danno(sigilli.Modificato, "%s is not what was signed", fileManifesto)
	}
	if err := json.Unmarshal(e.file[fileManifesto], &e.manifesto); err != nil || e.manifesto.Formato != formato {
		return danno(sigilli.Danneggiato, "%s cannot be read: it may be of a later program", fileManifesto)
	}
	m := e.manifesto
	e.esito.Firma, e.esito.Flusso, e.esito.Composto, e.esito.Apertura = chi, m.Flusso, m.Composto, m.Apertura
	return nil
}

// sigillato holds the seal against the keys.
func (e *esame) sigillato() (err error) {
	if e.esito.Sigillo, err = sigilli.ApriNota(string(e.file[fileSigillo]), e.chiavi); err != nil {
		return danno(sigilli.SigilloFalso, "%s: %s", fileSigillo, err)
	}
	return nil
}

// eventi holds each event against the chain, and against its proof.
func (e *esame) eventi() (err error) {
	if e.scritti, err = leggiEventi(e.file[fileEventi], e.manifesto.Flusso); err != nil {
		return danno(sigilli.Danneggiato, "%s: %s", fileEventi, err)
	}
	prove, provaErr := leggiProve(e.file[fileProve], string(e.file[fileSigillo]))
	if provaErr != nil {
		prove = nil // the chain is told first
	}
	if len(e.scritti) == 0 {
		return danno(sigilli.Troncato, "%s holds no event", fileEventi)
	}
	esito, err := sigilli.VerificaFlusso(tutti(e.scritti), prove, e.chiavi)
	var a *sigilli.Alterazione
	switch {
	case errors.As(err, &a):
		return a
	case err != nil:
		return err
	case provaErr != nil:
		return danno(sigilli.ProvaFalsa, "%s: %s", fileProve, provaErr)
	case esito.Scoperti > 0:
		return danno(sigilli.ProvaFalsa, "%s: there is no proof of the last %d events", fileProve, esito.Scoperti)
	}
	e.esito.Eventi = esito.Eventi
	return nil
}

func tutti(scritti []eventstore.Stored) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for _, s := range scritti {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// interi holds the files against the manifest.
func (e *esame) interi() error {
	detti := map[string]bool{fileManifesto: true, fileFirma: true}
	for _, f := range e.manifesto.File {
		b, c := e.file[f.Nome]
		switch {
		case !c:
			return danno(sigilli.Tolto, "the file %s is not there", f.Nome)
		case hex.EncodeToString(somma(b)) != f.SHA256 && len(b) < f.Byte:
			return danno(sigilli.Troncato, "%s has %d bytes, and had %d when the bundle was signed", f.Nome, len(b), f.Byte)
		case hex.EncodeToString(somma(b)) != f.SHA256:
			return danno(sigilli.Modificato, "%s is not what was signed", f.Nome)
		}
		detti[f.Nome] = true
	}
	for _, nome := range nomi {
		if _, c := e.file[nome]; c && !detti[nome] {
			return danno(sigilli.Inserito, "the file %s was not there when the bundle was signed", nome)
		}
	}
	return nil
}

// fatti holds what the manifest says of the events against them.
func (e *esame) fatti() error {
	ultimo, m := e.scritti[len(e.scritti)-1], e.manifesto
	self, _ := eventstore.Fingerprint(ultimo)
	if m.Versione != ultimo.Version || m.Self != self || m.Dimensione != e.esito.Sigillo.Dimensione || m.Apertura == nil && e.esito.Aperti > 0 {
		return danno(sigilli.SigilloFalso, "%s says other than what the bundle holds", fileManifesto)
	}
	return nil
}

// aperti holds what is opened against what was sealed.
func (e *esame) aperti() error {
	ultima := uint64(0)
	err := leggiRighe(e.file[fileAperti], func(_ int, r rigaDiAperto) error {
		if r.Versione <= ultima || r.Versione > uint64(len(e.scritti)) {
			return errRiga
		}
		ultima = r.Versione
		s := e.scritti[r.Versione-1]
		chiavi, err := r.openings()
		if err != nil {
			return err
		}
		if chiaro, err := s.OpenBy(chiavi...); err != nil || string(chiaro) != r.Dati {
			return &sigilli.Alterazione{Genere: sigilli.ProvaFalsa, Flusso: s.Stream, Numero: s.Version, Posizione: s.Position,
				Dettaglio: fileAperti + ": what is opened is not what was sealed"}
		}
		e.esito.Aperti++
		return nil
	})
	var a *sigilli.Alterazione
	if err != nil && !errors.As(err, &a) {
		return danno(sigilli.Danneggiato, "%s: %s", fileAperti, err)
	}
	return err
}
