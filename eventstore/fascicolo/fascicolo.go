package fascicolo

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/eventstore"
	"nucleo/eventstore/sealing"
	"nucleo/eventstore/sigilli"
)

// Fascicolo is what a bundle holds.
type Fascicolo struct {
	Eventi     []eventstore.Stored  // of one stream, from its first
	Prove      []sigilli.Inclusione // one for each of them, all under one note
	Aperti     []Aperto             // what opens personal data of some of them, the first first
	Apertura   *Apertura            // by which they were opened; nil: none are
	Pagina     []byte               // HTML
	Chiavi     []string             // verifier keys, that of the present signature last
	Composto   time.Time
	Componente string // the program that put it together
}

// Aperto is an event whose personal data the bundle opens.
type Aperto struct {
	Versione uint64
	eventstore.Disclosed
}

// Apertura says by what decision personal data were opened, and for which days.
type Apertura struct {
	ID  uuid.UUID `json:"id"`
	Dal string    `json:"dal"`
	Al  string    `json:"al"`
}

// The files of a bundle, in their order.
const (
	fileManifesto = "manifesto.json"
	fileFirma     = "manifesto.nota"
	fileChiavi    = "verificatori.txt"
	fileSigillo   = "sigillo.nota"
	fileEventi    = "eventi.jsonl"
	fileProve     = "prove.jsonl"
	fileAperti    = "aperti.jsonl"
	filePagina    = "fascicolo.html"
)

var nomi = []string{fileManifesto, fileFirma, fileChiavi, fileSigillo, fileEventi, fileProve, fileAperti, filePagina}

// What cannot be put into a bundle.
var (
	errVuoto  = errors.New("a bundle holds the events of a stream, and one proof for each")
	errFlussi = errors.New("the events are not those of one stream, or the proofs not under one note")
)

// Scrivi writes a bundle. The same content makes the same bytes.
func Scrivi(w io.Writer, f Fascicolo, firma note.Signer) error {
	if len(f.Eventi) == 0 || len(f.Eventi) != len(f.Prove) {
		return errVuoto
	}
	file := map[string][]byte{
		fileChiavi:  []byte(strings.Join(f.Chiavi, "\n") + "\n"),
		fileSigillo: []byte(f.Prove[0].Nota),
		filePagina:  f.Pagina,
	}
	for i, e := range f.Eventi {
		if e.Stream != f.Eventi[0].Stream || f.Prove[i].Nota != f.Prove[0].Nota {
			return errFlussi
		}
		riga, err := rigaEvento(e)
		if err != nil {
			return err
		}
		file[fileEventi] = append(file[fileEventi], riga...)
		file[fileProve] = append(file[fileProve], rigaProva(e.Version, f.Prove[i])...)
	}
	for _, a := range f.Aperti {
		file[fileAperti] = append(file[fileAperti], rigaAperto(a)...)
	}
	m, err := f.manifesto(file)
	if err != nil {
		return err
	}
	file[fileManifesto] = m
	firmato, err := note.Sign(&note.Note{Text: testoFirmato(m)}, firma)
	if err != nil {
		return fmt.Errorf("sign the bundle: %w", err)
	}
	file[fileFirma] = firmato
	b, err := comprimi(file)
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

// testoFirmato is what is signed of a manifest. Its first line is the name of no
// log: a signed manifest is no seal, and no seal a manifest.
func testoFirmato(manifesto []byte) string {
	return formato + "\n" + hex.EncodeToString(somma(manifesto)) + "\n"
}

// openings of a line.
func (r rigaDiAperto) openings() (all []sealing.Opening, err error) {
	for _, v := range r.Valori {
		b, err := base64url.Strict().DecodeString(v.Chiave)
		if err != nil || len(b) != 32 {
			return nil, errRiga
		}
		all = append(all, sealing.Opening{Subject: v.Soggetto, Key: [32]byte(b)})
	}
	return all, nil
}
