// Package personale knows which fields hold personal data, and hides them. A
// field says so by a struct tag, personale:"<kind>": what is masked, kept out
// of logs, and sealed is read from the tag and from nowhere else (ADR 0008).
package personale

import (
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"
)

// Tag is the key of the struct tag.
const Tag = "personale"

// TagSoggetto is the key of the struct tag of a field that names somebody: the
// personal data of its struct are theirs. Its value is what they are, persona.
const TagSoggetto = "soggetto"

// The kinds of personal data.
const (
	Nome          = "nome"           // a given name, a surname
	Via           = "via"            // a street
	CodiceFiscale = "codice_fiscale" // the whole identity of a person
	Recapito      = "recapito"       // telephone, e-mail
	Testo         = "testo"          // free text, which may say anything
	Dato          = "dato"           // any other fact about a person
)

// Cancellato stands where a text was whose key was destroyed. It is about nobody,
// and is shown as it is to everybody.
const Cancellato = "[cancellato]"

// Maschera returns v with its personal data masked, in copies: v itself is not
// changed. Names and codes keep the few letters that GePI shows (GEPI-30);
// all else reads as the zero of its type, or as stars when it is text.
func Maschera[T any](v T) T {
	return copia(reflect.ValueOf(&v).Elem(), "", testo).Interface().(T)
}

// Di is Maschera for a value of any type, as logs meet them. It reports
// whether there was anything to mask.
func Di(v any) (masked any, found bool) {
	if v == nil || !porta(reflect.ValueOf(v), 0) {
		return v, false
	}
	return copia(reflect.ValueOf(v), "", testo).Interface(), true
}

// profondita bounds how deep porta looks for what interfaces hold: a value in
// a log may point back to itself.
const profondita = 8

// porta reports whether a value can hold personal data by its type, or by the
// type of what its exported interfaces hold: an event in its envelope.
func porta(v reflect.Value, livello int) bool {
	if !v.IsValid() || livello > profondita {
		return false
	}
	if Contiene(v.Type()) {
		return true
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return porta(v.Elem(), livello+1)
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() <= reflect.Complex128 { // bytes and numbers hold nothing
			return false
		}
		for i := range v.Len() {
			if porta(v.Index(i), livello+1) {
				return true
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if porta(v.MapIndex(k), livello+1) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && porta(v.Field(i), livello+1) {
				return true
			}
		}
	}
	return false
}

// Contiene reports whether values of a type can hold personal data.
func Contiene(t reflect.Type) bool { return contiene(t, map[reflect.Type]bool{}) }

func contiene(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return contiene(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get(Tag) != "" || contiene(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// liberi remembers of which types libero was asked: a case of 300 events asks
// some thousand times.
var liberi sync.Map // reflect.Type to bool

// libero reports whether no value of a type can hold personal data, so that it
// needs no copy.
func libero(t reflect.Type) bool {
	if noto, found := liberi.Load(t); found {
		return noto.(bool)
	}
	l := !contiene(t, map[reflect.Type]bool{}) && !aperto(t, map[reflect.Type]bool{})
	liberi.Store(t, l)
	return l
}

// aperto reports whether values of a type may hold others of any type.
func aperto(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return aperto(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && aperto(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// copia copies a value, and writes its tagged texts by testo.
func copia(v reflect.Value, kind string, testo func(s, kind string) string) reflect.Value {
	if kind == "" && libero(v.Type()) {
		return v
	}
	masked := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return v
		}
		inner := copia(v.Elem(), kind, testo)
		if v.Kind() == reflect.Interface {
			masked.Set(inner)
			return masked
		}
		masked.Set(reflect.New(v.Type().Elem()))
		masked.Elem().Set(inner)
	case reflect.Struct:
		if kind != "" {
			return masked
		}
		masked.Set(v)
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				masked.Field(i).Set(copia(v.Field(i), f.Tag.Get(Tag), testo))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		masked.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			masked.Index(i).Set(copia(v.Index(i), kind, testo))
		}
	case reflect.Array:
		if kind != "" {
			return masked
		}
		for i := range v.Len() {
			masked.Index(i).Set(copia(v.Index(i), kind, testo))
		}
	case reflect.Map:
		if v.IsNil() {
			return v
		}
		masked.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for k, e := range v.Seq2() {
			masked.SetMapIndex(k, copia(e, kind, testo))
		}
	case reflect.String:
		masked.SetString(testo(v.String(), kind))
	default:
		if kind == "" {
			return v
		}
	}
	return masked
}

func testo(s, kind string) string {
	switch {
	case s == "" || kind == "" || s == Cancellato:
		return s
	case kind == Nome:
		return MascheraNome(s)
	case kind == Via:
		return MascheraVia(s)
	case kind == CodiceFiscale:
		return MascheraCodice(s)
	}
	return stelle
}

// MascheraTesto masks a text of a kind of personal data; a text of no kind is
// none, and stays.
func MascheraTesto(s, kind string) string { return testo(s, kind) }

const stelle = "****"

// MascheraNome keeps the first two and the last three letters of a name of six
// letters or more, RO****ESI, and the first letter of a shorter one.
func MascheraNome(s string) string {
	r := []rune(s)
	switch {
	case len(r) == 0 || s == Cancellato:
		return s
	case len(r) < 6:
		return string(r[:1]) + stelle
	}
	return string(r[:2]) + stelle + string(r[len(r)-3:])
}

// MascheraVia keeps the first two letters of a street, VI****.
func MascheraVia(s string) string {
	if s == Cancellato {
		return s
	}
	r := []rune(s)
	return string(r[:min(2, len(r))]) + stelle
}

// MascheraCodice keeps the first three and the last four signs of a codice
// fiscale, RSS*********273Z.
func MascheraCodice(s string) string {
	if s == Cancellato {
		return s
	}
	n := utf8.RuneCountInString(s)
	if n < 11 || n != len(s) {
		return stelle
	}
	return s[:3] + strings.Repeat("*", n-7) + s[n-4:]
}
