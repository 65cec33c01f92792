package differenza

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"nucleo/domain/personale"
)

// aggiungi collects the values of v. tipo is the kind of personal data of the
// field in which it stands.
func (p Valori) aggiungi(percorso, tipo string, v reflect.Value) {
	switch {
	case !v.IsValid() || v.IsZero():
		return
	case testuale(v.Type()):
		p.metti(percorso, tipo, testo(v))
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		p.aggiungi(percorso, tipo, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				campo, di := nome(f)
				if di == "" {
					di = tipo
				}
				p.aggiungi(percorso+campo, di, v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		p.elenco(percorso, tipo, v)
	case reflect.Map:
		for k, e := range v.Seq2() {
			p.aggiungi(percorso+"/"+sicuro(fmt.Sprint(k.Interface())), tipo, e)
		}
	default:
		p.metti(percorso, tipo, fmt.Sprint(v.Interface()))
	}
}

func (p Valori) metti(percorso, tipo, testo string) {
	if testo != "" {
		p[percorso] = Valore{testo, tipo}
	}
}

// elenco collects the elements of a list. One that holds values of its own goes
// by its key, and a list of plain values is one value.
func (p Valori) elenco(percorso, tipo string, v reflect.Value) {
	if semplice(v.Type().Elem()) {
		testi := make([]string, v.Len())
		for i := range v.Len() {
			solo := Valori{}
			solo.aggiungi("", "", v.Index(i))
			testi[i] = solo[""].Testo
		}
		p.metti(percorso, tipo, strings.Join(testi, ", "))
		return
	}
	visti := map[string]int{}
	for i := range v.Len() {
		k := chiave(v.Index(i))
		if visti[k]++; visti[k] > 1 || k == "" {
			k += "#" + strconv.Itoa(visti[k])
		}
		p.metti(percorso+"/"+k, "", "presente") // an element of nothing but zeros is there too
		p.aggiungi(percorso+"/"+k, tipo, v.Index(i))
	}
}

// chiave is what tells an element from the others: the id that it begins with,
// or else the code, with the id that follows. Personal data is no key.
func chiave(v reflect.Value) string {
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct || v.NumField() == 0 || v.Type().Field(0).Tag.Get(personale.Tag) != "" {
		return ""
	}
	switch primo := v.Field(0); {
	case identita(primo.Type()):
		return testo(primo)
	case primo.Kind() == reflect.Struct && !testuale(primo.Type()):
		return chiave(primo)
	case primo.Kind() == reflect.String && v.NumField() > 1 && identita(v.Field(1).Type()) && !v.Field(1).IsZero():
		return sicuro(primo.String()) + "." + testo(v.Field(1))
	case primo.Kind() == reflect.String:
		return sicuro(primo.String())
	}
	return ""
}

// testo is the text of an id, a day or a digest, which always have one.
func testo(v reflect.Value) string {
	if v.IsZero() {
		return ""
	}
	testo, _ := v.Interface().(encoding.TextMarshaler).MarshalText()
	return string(testo)
}

var testi = reflect.TypeFor[encoding.TextMarshaler]()

// testuale reports whether values of a type are told by one text.
func testuale(t reflect.Type) bool { return t.Kind() != reflect.Pointer && t.Implements(testi) }

// identita reports whether a type is that of an id: a UUID, or a struct of one.
func identita(t reflect.Type) bool {
	if t.Kind() == reflect.Struct && t.NumField() == 1 {
		t = t.Field(0).Type
	}
	return t.Kind() == reflect.Array && t.Len() == 16 && testuale(t)
}

func semplice(t reflect.Type) bool {
	return testuale(t) || t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String
}

// nome is the step of a path that a field makes, and its kind of personal data.
// What is embedded makes none. One letter is how a field is stored in small, not
// how it is called.
func nome(f reflect.StructField) (passo, tipo string) {
	tipo = f.Tag.Get(personale.Tag)
	tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case len(tag) > 1:
		return "/" + tag, tipo
	case f.Anonymous:
		return "", tipo
	}
	return "/" + minuscole(f.Name), tipo
}

// minuscole writes the name of a field as JSON does: CaseManager is
// case_manager, PaIS is pais.
func minuscole(s string) string {
	var b strings.Builder
	r := []rune(s)
	for i, c := range r {
		if i > 0 && unicode.IsUpper(c) && unicode.IsLower(r[i-1]) && i+1 < len(r) && unicode.IsLower(r[i+1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// sicuro keeps a step of a path one step.
func sicuro(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }
