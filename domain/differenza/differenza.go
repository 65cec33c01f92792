// Package differenza says in what two states of a thing differ, value by value.
//
// It knows no state: the names of values are those of the struct tags json, and
// of the fields where there is none; what is personal is what the tag personale
// says, and nothing else (ADR 0008). Elements of lists go by their id, so that
// one that is taken out does not make all that follow look changed.
package differenza

import (
	"cmp"
	"reflect"
	"slices"

	"nucleo/domain/personale"
)

// Valore is one value, as text. Tipo is its kind of personal data, if it is any.
type Valore struct {
	Testo string `personale:"testo"`
	Tipo  string
}

// Mascherato is the value as those see it who may not know it.
func (v Valore) Mascherato() string { return personale.MascheraTesto(v.Testo, v.Tipo) }

// Personale reports whether the value is personal data.
func (v Voce) Personale() bool {
	return v.Prima != nil && v.Prima.Tipo != "" || v.Dopo != nil && v.Dopo.Tipo != ""
}

// Valori are the values of a thing by their paths. A value that is empty, zero
// or false is not there, nor is the order of the elements of a list.
type Valori map[string]Valore

// Voce is one value that is not the same in two states: Prima is nil where
// there was none, Dopo where there is none any more.
type Voce struct {
	Percorso    string
	Prima, Dopo *Valore
}

// Di are the values of a thing.
func Di(v any) Valori {
	valori := Valori{}
	valori.aggiungi("", "", reflect.ValueOf(v))
	return valori
}

// Tra is in what two states of a thing differ, by path.
func Tra[S any](prima, dopo S) []Voce {
	p, d := Valori{}, Valori{}
	soloDiversi(p, d, reflect.ValueOf(prima), reflect.ValueOf(dopo), "")
	return p.tra(d)
}

// soloDiversi collects the values of the parts in which two structs differ:
// most events change one part of a case of many.
func soloDiversi(p, d Valori, prima, dopo reflect.Value, percorso string) {
	if prima.Kind() != reflect.Struct || testuale(prima.Type()) {
		p.aggiungi(percorso, "", prima)
		d.aggiungi(percorso, "", dopo)
		return
	}
	for i := range prima.NumField() {
		campo, tipo := nome(prima.Type().Field(i))
		if !prima.Type().Field(i).IsExported() || reflect.DeepEqual(prima.Field(i).Interface(), dopo.Field(i).Interface()) {
			continue
		}
		if tipo == "" {
			soloDiversi(p, d, prima.Field(i), dopo.Field(i), percorso+campo)
			continue
		}
		p.aggiungi(percorso+campo, tipo, prima.Field(i))
		d.aggiungi(percorso+campo, tipo, dopo.Field(i))
	}
}

func (p Valori) tra(d Valori) (voci []Voce) {
	for percorso, prima := range p {
		dopo, resta := d[percorso]
		switch {
		case !resta:
			voci = append(voci, Voce{percorso, &prima, nil})
		case dopo.Testo != prima.Testo:
			voci = append(voci, Voce{percorso, &prima, &dopo})
		}
	}
	for percorso, dopo := range d {
		if _, era := p[percorso]; !era {
			voci = append(voci, Voce{percorso, nil, &dopo})
		}
	}
	slices.SortFunc(voci, func(a, b Voce) int { return cmp.Compare(a.Percorso, b.Percorso) })
	return voci
}

// Con are the values once a difference has come true.
func (p Valori) Con(voci []Voce) Valori {
	dopo := Valori{}
	for percorso, v := range p {
		dopo[percorso] = v
	}
	for _, v := range voci {
		if delete(dopo, v.Percorso); v.Dopo != nil {
			dopo[v.Percorso] = *v.Dopo
		}
	}
	return dopo
}
