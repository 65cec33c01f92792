package tracciato

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"

	"nucleo/domain/giorno"
)

// leggiOggetto reads a record from JSON that is known to be valid. Unlike
// encoding/json it refuses unknown and repeated fields, tells letters of
// either case apart, and goes on after a mistake to find the next.
func leggiOggetto[T any](tab *tabella[T], raw []byte, dove string, p *problemi) (t T) {
	if raw[0] != '{' {
		p.nota(dove, tipoErrato)
		return t
	}
	var visti uint64
	for chiave, valore := range voci(raw) {
		i, noto := tab.posti[chiave]
		if !noto {
			p.nota(dove, sconosciuto) // unnamed: what stands there may be anything
			continue
		}
		c, bit := tab.campi[i], uint64(1)<<i
		nome := sotto(dove, c.nome)
		if visti&bit != 0 {
			p.nota(nome, ripetuto)
			continue
		}
		visti |= bit
		if male := daJSON(c, &t, valore, nome, p); male != nil {
			p.nota(nome, male)
		}
	}
	for i, c := range tab.campi {
		if c.serve && (visti&(1<<i) == 0 || c.vuoto(&t)) && !p.gia(sotto(dove, c.nome)) {
			p.nota(sotto(dove, c.nome), mancante)
		}
	}
	return t
}

func daJSON[T any](c campo[T], t *T, raw []byte, nome string, p *problemi) *difetto {
	switch v := c.dove(t).(type) {
	case *[]Componente:
		return lista(campiComponente, v, raw, nome, p)
	case *[]Uscita:
		return lista(campiUscita, v, raw, nome, p)
	case *bool:
		*v = raw[0] == 't'
		if raw[0] != 't' && raw[0] != 'f' {
			return tipoErrato
		}
		return nil
	case *int:
		if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
			return tipoErrato
		}
		return intero(v, string(raw))
	case *string, *giorno.Giorno:
		if raw[0] != '"' {
			return tipoErrato
		}
	}
	s, male := stringa(raw)
	if male != nil {
		return male
	}
	return c.daTesto(t, s)
}

func lista[E any](tab *tabella[E], fin *[]E, raw []byte, nome string, p *problemi) *difetto {
	if raw[0] != '[' {
		return tipoErrato
	}
	n := 0
	for elemento := range elementi(raw) {
		if n == MaxComponenti {
			return troppi
		}
		*fin = append(*fin, leggiOggetto(tab, elemento, nome+"["+strconv.Itoa(n)+"]", p))
		n++
	}
	return nil
}

// stringa is the text of a JSON string. Half of a surrogate pair is no text.
func stringa(raw []byte) (string, *difetto) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1]), nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", caratteri
	}
	return s, nil // what was replaced by U+FFFD is refused with the text
}

// voci goes through the fields of a valid JSON object.
func voci(raw []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for i := dopo(raw, 1); raw[i] != '}'; {
			fine := fineDi(raw, i)
			chiave, _ := stringa(raw[i:fine])
			i = dopo(raw, dopo(raw, fine)+1) // past the colon
			fine = fineDi(raw, i)
			if !yield(chiave, raw[i:fine]) {
				return
			}
			if i = dopo(raw, fine); raw[i] == ',' {
				i = dopo(raw, i+1)
			}
		}
	}
}

// elementi goes through the elements of a valid JSON array.
func elementi(raw []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := dopo(raw, 1); raw[i] != ']'; {
			fine := fineDi(raw, i)
			if !yield(raw[i:fine]) {
				return
			}
			if i = dopo(raw, fine); raw[i] == ',' {
				i = dopo(raw, i+1)
			}
		}
	}
}

// dopo is where the next thing that is not blank begins.
func dopo(raw []byte, i int) int {
	for raw[i] == ' ' || raw[i] == '\t' || raw[i] == '\r' || raw[i] == '\n' {
		i++
	}
	return i
}

// fineDi is where the value that begins at i has ended.
func fineDi(raw []byte, i int) int {
	profondita := 0
	for ; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			for i++; raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			profondita++
			continue
		case '}', ']':
			profondita--
		case ',', ':', ' ', '\t', '\r', '\n':
			continue
		default: // a number or a word: up to what can follow it
			for i+1 < len(raw) && bytes.IndexByte([]byte(",]} \t\r\n"), raw[i+1]) < 0 {
				i++
			}
		}
		if profondita == 0 {
			return i + 1
		}
	}
	return len(raw)
}

func sotto(dove, nome string) string {
	if dove == "" {
		return nome
	}
	return dove + "." + nome
}
