package fascicolo

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"

	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

var (
	base64url = base64.RawURLEncoding
	errRiga   = errors.New("a line is not what a bundle holds there")
)

// rigaDiEvento is a line of the events. Data and metadata are texts, so that
// each byte that is stored is there.
type rigaDiEvento struct {
	Versione  uint64    `json:"versione"`
	ID        uuid.UUID `json:"id"`
	Tipo      string    `json:"tipo"`
	Contenuto string    `json:"contenuto"`
	Posizione uint64    `json:"posizione"`
	Dati      string    `json:"dati"`
	Metadati  string    `json:"metadati"`
}

type rigaDiProva struct {
	Versione uint64   `json:"versione"`
	Indice   int64    `json:"indice"`
	Hash     []string `json:"hash"`
}

type rigaDiAperto struct {
	Versione uint64         `json:"versione"`
	Valori   []valoreAperto `json:"valori"`
	Dati     string         `json:"dati"`
}

type valoreAperto struct {
	Soggetto string `json:"sog"`
	Chiave   string `json:"chiave"`
}

func rigaEvento(e eventstore.Stored) ([]byte, error) {
	if !utf8.Valid(e.Data) || !utf8.Valid(e.Meta) {
		return nil, fmt.Errorf("event %d of %s is not UTF-8: nucleo verifica says more", e.Version, e.Stream)
	}
	return riga(rigaDiEvento{e.Version, e.ID, e.Type, e.ContentType, e.Position, string(e.Data), string(e.Meta)}), nil
}

func rigaProva(versione uint64, p sigilli.Inclusione) []byte {
	r := rigaDiProva{versione, p.Indice, make([]string, len(p.Prova))}
	for i, h := range p.Prova {
		r.Hash[i] = h.String()
	}
	return riga(r)
}

func rigaAperto(a Aperto) []byte {
	r := rigaDiAperto{Versione: a.Versione, Valori: []valoreAperto{}, Dati: string(a.Data)}
	for _, o := range a.Openings {
		r.Valori = append(r.Valori, valoreAperto{o.Subject, base64url.EncodeToString(o.Key[:])})
	}
	return riga(r)
}

// riga is a value as a line of JSON, without escapes that only HTML needs.
func riga(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // of texts and numbers, nothing can go wrong
	return b.Bytes()
}

// leggiRighe reads lines, each written in one way only, and hands on each with
// its number, from 1.
func leggiRighe[R any](b []byte, fai func(n int, r R) error) error {
	n := 0
	for testo := range bytes.Lines(b) {
		n++
		var r R
		if err := json.Unmarshal(testo, &r); err != nil || !bytes.Equal(riga(r), testo) {
			return fmt.Errorf("line %d: %w", n, errRiga)
		}
		if err := fai(n, r); err != nil {
			return err
		}
	}
	return nil
}

func leggiEventi(b []byte, flusso string) (tutti []eventstore.Stored, err error) {
	err = leggiRighe(b, func(_ int, r rigaDiEvento) error {
		tutti = append(tutti, eventstore.Stored{
			Stream: flusso, Version: r.Versione, ID: r.ID, Type: r.Tipo, ContentType: r.Contenuto, Position: r.Posizione, Data: []byte(r.Dati), Meta: []byte(r.Metadati),
		})
		return nil
	})
	return tutti, err
}

// leggiProve reads the proofs, of the first event first, under a note.
func leggiProve(b []byte, nota string) (map[uint64]sigilli.Inclusione, error) {
	prove := map[uint64]sigilli.Inclusione{}
	err := leggiRighe(b, func(n int, r rigaDiProva) error {
		if r.Versione != uint64(n) {
			return fmt.Errorf("line %d is the proof of event %d: %w", n, r.Versione, errRiga)
		}
		p := sigilli.Inclusione{Indice: r.Indice, Nota: nota}
		for _, testo := range r.Hash {
			h, err := sigilli.LeggiHash(testo)
			if err != nil {
				return fmt.Errorf("line %d: %w", n, errRiga)
			}
			p.Prova = append(p.Prova, h)
		}
		prove[r.Versione] = p
		return nil
	})
	return prove, err
}
