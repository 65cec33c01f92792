package personale

import (
	"fmt"
	"io"
	"reflect"
)

// Riservato stands in logs where personal data was.
const Riservato = "[riservato]"

// Taci prints the type of a value instead of what it holds: it is the Format
// of all that holds personal data.
func Taci(w io.Writer, v any) { _, _ = fmt.Fprintf(w, "%T%s", v, Riservato) }

// Riserva returns v without its personal data, as logs hold it: not even the
// letters that masks keep. It reports whether there was anything to leave out.
func Riserva(v any) (reserved any, found bool) {
	if v == nil || !porta(reflect.ValueOf(v), 0) {
		return v, false
	}
	return copia(reflect.ValueOf(v), "", nulla).Interface(), true
}

func nulla(s, kind string) string {
	if s == "" || kind == "" {
		return s
	}
	return Riservato
}
