package elenco

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nucleo/domain"
	"nucleo/domain/giorno"
)

// Filtro gathers criteria, all of which must hold. Values are always
// parameters. The zero Filtro lets every row through.
type Filtro struct {
	fonte   string // FROM, where the search has one of its own
	fonteDi []any  // its values
	dove    []string
	args    []any
	err     error
}

// massimoTesto is how long a text that is searched for may be, in characters.
const massimoTesto = 200

// E adds a criterion: SQL with a ? for each value. Days are written as
// giorno.Giorno, which the tables keep as a date.
func (f *Filtro) E(sql string, valori ...any) {
	f.dove, f.args = append(f.dove, sql), append(f.args, conValori(sql, valori)...)
}

// Fonte is what the search reads from instead of the table of the list: SQL of
// a FROM, with a ? for each value. It serves a list whose columns depend on what
// is asked, as the role of an operator in one ambito.
func (f *Filtro) Fonte(sql string, valori ...any) {
	f.fonte, f.fonteDi = sql, conValori(sql, valori)
}

// conValori are the values of some SQL as Postgres takes them.
func conValori(sql string, valori []any) []any {
	if n := strings.Count(sql, "?"); n != len(valori) {
		panic(fmt.Sprintf("elenco: %d values for %s", len(valori), sql)) // a mistake of the program, found by any test of the list
	}
	for i, v := range valori {
		if g, is := v.(giorno.Giorno); is {
			valori[i] = g.Time()
		}
	}
	return valori
}

// Se adds a criterion when something holds, as a filter that was given.
func (f *Filtro) Se(vale bool, sql string, valori ...any) {
	if vale {
		f.E(sql, valori...)
	}
}

// Territorio keeps the rows of a territory, by the columns ambito and comune.
func (f *Filtro) Territorio(t domain.Territorio) {
	f.Se(t.Ambito != "", "ambito = ?", t.Ambito)
	f.Se(len(t.Comuni) > 0, "comune = ANY(?::text[])", t.Comuni)
}

// Testo keeps the rows whose column is a text, exactly; nothing asks for
// nothing. Name is that of the criterion, for a refusal.
func (f *Filtro) Testo(nome, colonna, testo string) {
	if f.Buono(nome, testo) && testo != "" {
		f.E(colonna+" = ?", testo)
	}
}

// Parole keeps the rows in which every word of a text begins a word of the
// column, which holds words as Parole writes them.
func (f *Filtro) Parole(nome, colonna, testo string) {
	if !f.Buono(nome, testo) || testo == "" {
		return
	}
	parole := strings.Fields(Parole(testo))
	if len(parole) == 0 {
		f.err = ErrTesto.At(nome)
	}
	for _, p := range parole {
		f.E("strpos(' ' || "+colonna+", ?) > 0", " "+p)
	}
}

// Buono reports whether some row could hold a text; else the search is refused,
// by the name of the criterion.
func (f *Filtro) Buono(nome, testo string) bool {
	if strings.ContainsRune(testo, 0) || !utf8.ValidString(testo) || utf8.RuneCountInString(testo) > massimoTesto {
		f.err = ErrTesto.At(nome)
	}
	return f.err == nil
}

// da is the FROM of the search, whose values are numbered from 2.
func (f Filtro) da(usuale string) string { return cmp.Or(numera(f.fonte, 2), usuale) }

// sql is all criteria, the values numbered after those of the FROM.
func (f Filtro) sql() string {
	return cmp.Or(numera(strings.Join(f.dove, " AND "), 2+len(f.fonteDi)), "true")
}

// numera writes the parameters of some SQL with their numbers, from one on.
func numera(sql string, da int) string {
	var b strings.Builder
	for _, r := range sql {
		if r == '?' {
			_, _ = fmt.Fprintf(&b, "$%d", da)
			da++
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Parole joins texts into words between single spaces, by which rows are found
// and ordered: capital letters and digits, without accents. An apostrophe
// parts words: D'ANGELO is found by ANGELO, and by D ANGELO.
func Parole(testi ...string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.Join(testi, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
