// Package inps speaks to INPS: the form of the flussi, of the answers and of
// the receipts (docs/formato-flusso-inps.md), and the two ways by which a
// flusso is handed over, a directory and an HTTPS endpoint.
package inps

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Formato names the form, and its version, in every document.
const Formato = "nucleo-flusso-inps/1"

// Documento is a flusso as it is sent.
type Documento struct {
	Formato string `json:"formato"`
	Flusso  string `json:"flusso"`
	Voci    []Voce `json:"voci"`
}

// Voce is one fact, or the correction of one. INPS tells voci apart by Tipo
// and ID: the same again has no second effect.
type Voce struct {
	Tipo          flussoinps.Tipo `json:"tipo"`
	ID            id.Segnalazione `json:"id"`
	IDDomanda     string          `json:"id_domanda"`
	Ambito        string          `json:"ambito,omitempty"`
	Categoria     caso.Categoria  `json:"categoria,omitempty"`
	DataFatto     giorno.Giorno   `json:"data_fatto,omitzero"`
	Accertamento  giorno.Giorno   `json:"data_accertamento,omitzero"`
	Occorrenza    int             `json:"numero_occorrenza,omitempty"`
	CodiceFiscale string          `json:"codice_fiscale,omitempty"`   // of the person it is about; none: the nucleo
	Protocollo    string          `json:"protocollo_invio,omitempty"` // of what a correction corrects
}

// Esito is what INPS answers about one voce.
type Esito struct {
	Tipo       flussoinps.Tipo `json:"tipo"`
	ID         id.Segnalazione `json:"id"`
	Accettata  bool            `json:"accettata"`
	Protocollo string          `json:"protocollo_invio,omitempty"`
	Motivo     string          `json:"motivo,omitempty"`
}

// Risposta is what INPS answers to a flusso.
type Risposta struct {
	Esiti []Esito `json:"esiti"`
}

// Ricevuta is the receipt of one voce.
type Ricevuta struct {
	Tipo       flussoinps.Tipo `json:"tipo"`
	ID         id.Segnalazione `json:"id"`
	IDDomanda  string          `json:"id_domanda"`
	Flusso     string          `json:"flusso"`
	Protocollo string          `json:"protocollo_invio,omitempty"`
	Ricevuta   string          `json:"ricevuta"`
}

// Ricevute are receipts in a file, or an answer.
type Ricevute struct {
	Ricevute []Ricevuta `json:"ricevute"`
}

//go:embed formato.schema.json
var schemaJSON []byte

// schema is the form of a flusso, compiled once.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaJSON))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("flusso.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("flusso.json")
})

// Scrivi is a flusso as bytes, held to the schema. What it says of one that
// breaks it quotes no value.
func (d Documento) Scrivi() ([]byte, error) {
	data, err := json.Marshal(d)
	if err == nil {
		err = Controlla(data)
	}
	return data, err
}

// Controlla holds a document to the schema.
func Controlla(data []byte) error {
	s, err := schema()
	if err != nil {
		return fmt.Errorf("schema of the flusso: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return errors.New("the flusso is not JSON")
	}
	var male *jsonschema.ValidationError
	if err := s.Validate(doc); errors.As(err, &male) {
		return fmt.Errorf("the flusso breaks its schema at /%s", posto(male))
	}
	return err
}

// posto is where the deepest cause lies.
func posto(e *jsonschema.ValidationError) string {
	for len(e.Causes) > 0 {
		e = e.Causes[len(e.Causes)-1]
	}
	out := ""
	for i, p := range e.InstanceLocation {
		if i > 0 {
			out += "/"
		}
		out += p
	}
	return out
}

// massimo bounds what is read of INPS at once.
const massimo = 8 << 20

// leggi decodes what INPS sent.
func leggi(r io.Reader, v any) error {
	data, err := io.ReadAll(io.LimitReader(r, massimo+1))
	if err != nil {
		return err
	}
	if len(data) > massimo || json.Unmarshal(data, v) != nil {
		return errIllegibile
	}
	return nil
}

var errIllegibile = errors.New("what came is not of the form of docs/formato-flusso-inps.md")

// ErrNonPresa says that INPS did certainly not take what was sent.
var ErrNonPresa = errors.New("INPS did not take it")
