package tracciato

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
)

// linea is one line of a file, without its end.
type linea struct {
	numero int
	testo  []byte // valid until the next line
	lunga  bool   // longer than MaxRiga, and left out
}

// linee goes through the lines of a file in bounded memory. A byte order mark
// at the start is passed over: spreadsheets write one.
func linee(r io.Reader) iter.Seq2[linea, error] {
	return func(yield func(linea, error) bool) {
		b := bufio.NewReaderSize(r, 64<<10)
		if inizio, _ := b.Peek(3); string(inizio) == "\ufeff" {
			_, _ = b.Discard(3)
		}
		var buf []byte
		for n := 1; ; n++ {
			l, resto, err := prossima(b, buf[:0])
			buf, l.numero = resto, n
			if err != nil && !errors.Is(err, io.EOF) {
				yield(linea{}, err)
				return
			}
			finita := err != nil
			if (!finita || len(l.testo) > 0 || l.lunga) && !yield(l, nil) || finita {
				return
			}
		}
	}
}

// prossima reads a line into buf.
func prossima(b *bufio.Reader, buf []byte) (linea, []byte, error) {
	lunga := false
	for {
		parte, err := b.ReadSlice('\n')
		if lunga = lunga || len(buf)+len(parte) > MaxRiga+2; !lunga {
			buf = append(buf, parte...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		testo := bytes.TrimSuffix(bytes.TrimSuffix(buf, []byte("\n")), []byte("\r"))
		if lunga = lunga || len(testo) > MaxRiga; lunga {
			testo = nil
		}
		return linea{testo: testo, lunga: lunga}, buf, err
	}
}
