package elenco

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// cursore is where a page ended.
type cursore struct {
	Ricerca []byte `json:"r"` // the search that it belongs to
	Riga    string `json:"i"`
	Valore  string `json:"v,omitempty"` // of the column that the list is ordered by
}

// somma tells a cursor of ours from one that was changed in between. It is no
// secret: whoever forges one finds nothing that a search would not.
const somma = 8

// String is the cursor as callers hand it back.
func (c cursore) String() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // a struct of texts
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
	if !bytes.Equal(sum[:somma], raw[:somma]) || json.Unmarshal(raw[somma:], &c) != nil || strings.ContainsRune(c.Riga+c.Valore, 0) {
		return c, ErrCursore.At("cursor")
	}
	return c, nil
}

// impronta tells one search from another.
func impronta(modello, da, ordine, verso string, f Filtro) []byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %q %q %q %q", modello, da, ordine, verso, f.dove)
	for _, v := range slices.Concat(f.fonteDi, f.args) {
		_, _ = fmt.Fprintf(h, " %q", fmt.Sprint(v))
	}
	return h.Sum(nil)[:8]
}
