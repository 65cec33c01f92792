package fascicolo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"nucleo/domain"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// formato names the form of a bundle.
const formato = "nucleo-fascicolo-v1"

// manifesto says what a bundle holds, and is signed.
type manifesto struct {
	Formato    string        `json:"formato"`
	Flusso     string        `json:"flusso"`
	Versione   uint64        `json:"versione"` // of the last event
	Self       domain.Digest `json:"self"`     // of the last event
	Dimensione int64         `json:"dimensione"`
	Composto   time.Time     `json:"composto"`
	Componente string        `json:"componente"`
	Apertura   *Apertura     `json:"apertura"` // null: personal data are sealed, and masked on the page
	File       []fileDi      `json:"file"`
}

type fileDi struct {
	Nome   string `json:"nome"`
	Byte   int    `json:"byte"`
	SHA256 string `json:"sha256"`
}

// manifesto is that of the files of a bundle.
func (f Fascicolo) manifesto(file map[string][]byte) ([]byte, error) {
	ultimo := f.Eventi[len(f.Eventi)-1]
	self, right := eventstore.Fingerprint(ultimo)
	if !right {
		return nil, fmt.Errorf("event %d of %s is not as it was written: nucleo verifica says more", ultimo.Version, ultimo.Stream)
	}
	c, err := sigilli.LeggiNota(f.Prove[0].Nota)
	if err != nil {
		return nil, err
	}
	m := manifesto{
		Formato: formato, Flusso: ultimo.Stream, Versione: ultimo.Version, Self: self, Dimensione: c.Dimensione,
		Composto: f.Composto.UTC().Truncate(time.Second), Componente: f.Componente, Apertura: f.Apertura,
	}
	for _, nome := range nomi {
		if b, c := file[nome]; c {
			m.File = append(m.File, fileDi{nome, len(b), hex.EncodeToString(somma(b))})
		}
	}
	b, err := json.MarshalIndent(m, "", "  ")
	return append(b, '\n'), err
}

func somma(b []byte) []byte {
	s := sha256.Sum256(b)
	return s[:]
}
