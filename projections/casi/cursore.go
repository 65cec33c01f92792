package casi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// cursore is where a page ended. It holds no name and no codice fiscale: in an
// order by these, the place is that of a row, which is looked up again.
type cursore struct {
	Ricerca []byte        `json:"r"` // the search that it belongs to
	Oggi    giorno.Giorno `json:"g"` // the day of its priorities
	Banda   int           `json:"b,omitempty"`
	Caso    id.Caso       `json:"c"`
	Chiave  []any         `json:"k,omitempty"`
}

// somma makes a cursor of our own from one that was changed in between. It is
// no secret: whoever forges one finds nothing that a search would not.
const somma = 8

func (c cursore) String() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(append(sum[:somma:somma], data...))
}

func leggiCursore(s string) (c cursore, err error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) < somma {
		return c, ErrCursore.At("cursor")
	}
	sum := sha256.Sum256(raw[somma:])
	d := json.NewDecoder(bytes.NewReader(raw[somma:]))
	d.UseNumber()
	if !bytes.Equal(sum[:somma], raw[:somma]) || d.Decode(&c) != nil {
		return c, ErrCursore.At("cursor")
	}
	return c, nil
}

// dopo is where the page of a search begins: nowhere, for the first.
func (f *Filtro) dopo(ctx context.Context, db DB) (*cursore, error) {
	if f.Cursore == "" {
		return nil, nil
	}
	c, err := leggiCursore(f.Cursore)
	o := ordini[f.Ordina]
	switch {
	case err != nil:
		return nil, err
	case !bytes.Equal(c.Ricerca, f.impronta()):
		return nil, ErrAltraRicerca.At("cursor")
	case c.Oggi < minimo || c.Oggi > massimo:
		return nil, ErrCursore.At("cursor")
	}
	f.Oggi = c.Oggi
	if o.personale {
		err = c.cerca(ctx, db, *f, o)
	} else if !c.valori(o) {
		err = ErrCursore.At("cursor")
	}
	return &c, err
}

// cerca looks up where a row stands. It must still be in the territory.
func (c *cursore) cerca(ctx context.Context, db DB, f Filtro, o ordine) error {
	v, found, err := Di(ctx, db, c.Caso)
	if err == nil && (!found || !f.Territorio.Copre(v.Ambito, v.Comune)) {
		return ErrCursore.At("cursor")
	}
	c.Chiave = o.chiave(&v)
	return err
}

// valori turns what JSON made of the key into what Postgres is given.
func (c *cursore) valori(o ordine) bool {
	if len(c.Chiave) != len(o.campi) {
		return false
	}
	for i, campo := range o.campi {
		switch campo.tipo {
		case "date", "bigint":
			n, ok := c.Chiave[i].(json.Number)
			v, err := n.Int64()
			if !ok || err != nil || campo.tipo == "date" && (v < minimo || v > massimo) {
				return false
			}
			c.Chiave[i] = v
		case "boolean":
			if _, ok := c.Chiave[i].(bool); !ok {
				return false
			}
		default:
			s, ok := c.Chiave[i].(string)
			if _, err := time.Parse(istante, s); !ok || bytes.IndexByte([]byte(s), 0) >= 0 || campo.tipo == "timestamptz" && err != nil {
				return false
			}
		}
	}
	return true
}
