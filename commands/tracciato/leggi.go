package tracciato

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"unicode/utf8"

	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

// Riga is one record of a file. With Errori, its Dati are not to be used.
type Riga[T any] struct {
	Numero, Ultima int // its first and its last line
	Dati           T
	Errori         []importazione.Errore
	Avvisi         int // what looks wrong and is accepted: only registries know
}

// ErrIntestazione says that the first row of a CSV does not name its columns:
// nothing of the file can be read. What is wrong stands in the row before.
var ErrIntestazione = errors.New("the first row of the CSV does not name the columns")

// What can be wrong with a line as a whole.
var (
	rigaLunga   = &difetto{"riga_troppo_lunga", "a line has at most 256 KiB: check that each record ends with a line break"}
	nonUTF8     = &difetto{"riga_non_utf8", "write the file in UTF-8"}
	nonJSON     = &difetto{"riga_json_non_valido", "each line is one JSON object and nothing else"}
	nonCSV      = &difetto{"riga_csv_non_valida", "put a field with commas or quotes in quotes, and double the quotes inside; a field has no line breaks"}
	altreCampi  = &difetto{"riga_colonne_diverse", "the row has another number of fields than the header"}
	diverse     = &difetto{"domanda_righe_diverse", "the columns of the domanda must be the same in all its rows"}
	vicina      = &difetto{"domanda_incompleta", "a row beside those of this domanda cannot be read, and may belong to it: correct that row"}
	intestazion = &difetto{"file_intestazione_non_valida", "the first row names the columns, separated by commas: see docs/formato-domande.md"}
)

// Domande goes through the domande of a file. Only reading errors, and a CSV
// without header, end it early.
func Domande(r io.Reader, f importazione.Formato, oggi giorno.Giorno) iter.Seq2[Riga[Domanda], error] {
	if f == importazione.CSV {
		return domandeCSV(r, oggi)
	}
	return oggetti(r, campiDomanda, func(d *Domanda, p *problemi) int { return d.controlla(oggi, p) })
}

// Variazioni goes through the variazioni of an NDJSON file.
func Variazioni(r io.Reader, oggi giorno.Giorno) iter.Seq2[Riga[Variazione], error] {
	return oggetti(r, campiVariazione, func(v *Variazione, p *problemi) int { return v.controlla(oggi, p) })
}

// Benefici goes through the changes of benefits of an NDJSON file.
func Benefici(r io.Reader, oggi giorno.Giorno) iter.Seq2[Riga[Beneficio], error] {
	return oggetti(r, campiBeneficio, func(b *Beneficio, p *problemi) int { return b.controlla(oggi, p) })
}

func oggetti[T any](r io.Reader, tab *tabella[T], controlla func(*T, *problemi) int) iter.Seq2[Riga[T], error] {
	return func(yield func(Riga[T], error) bool) {
		for l, err := range linee(r) {
			if err != nil {
				yield(Riga[T]{}, err)
				return
			}
			raw := bytes.TrimSpace(l.testo)
			if len(raw) == 0 && !l.lunga {
				continue
			}
			riga, p := Riga[T]{Numero: l.numero, Ultima: l.numero}, problemi{riga: l.numero}
			if male := rotta(l, raw); male != nil {
				p.nota("", male)
			} else {
				riga.Dati = leggiOggetto(tab, raw, "", &p)
				riga.Avvisi = controlla(&riga.Dati, &p)
			}
			riga.Errori = p.errori
			if !yield(riga, nil) {
				return
			}
		}
	}
}

// rotta says why a line is not one JSON value, or nothing.
func rotta(l linea, raw []byte) *difetto {
	switch {
	case l.lunga:
		return rigaLunga
	case !utf8.Valid(raw):
		return nonUTF8
	case raw[0] != '{' || !json.Valid(raw):
		return nonJSON
	}
	return nil
}
