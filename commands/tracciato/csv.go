package tracciato

import (
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"nucleo/domain/giorno"
)

// prefisso begins the names of the columns of a componente.
const prefisso = "componente_"

// colonna is where the fields of a column go: one of the domanda, or one of
// its componente.
type colonna struct {
	nome       string
	componente bool
	indice     int // in the layout
}

func colonne() (tutte []colonna) {
	for i, c := range campiDomanda.campi {
		if c.nome != "componenti" {
			tutte = append(tutte, colonna{c.nome, false, i})
		}
	}
	for i, c := range campiComponente.campi {
		tutte = append(tutte, colonna{prefisso + c.nome, true, i})
	}
	return tutte
}

// lettoreCSV gathers the rows of a domanda, which stand together.
type lettoreCSV struct {
	oggi    giorno.Giorno
	colonne []colonna
	riga    Riga[Domanda]
	p       problemi
	testata []string // the fields of the domanda in its first row
	aperta  bool
	guasta  bool // a row that cannot be read came since the last domanda
	campi   []string
}

func domandeCSV(r io.Reader, oggi giorno.Giorno) iter.Seq2[Riga[Domanda], error] {
	return func(yield func(Riga[Domanda], error) bool) {
		c := lettoreCSV{oggi: oggi}
		for l, err := range linee(r) {
			switch {
			case err != nil:
				yield(Riga[Domanda]{}, err)
				return
			case l.numero == 1:
				if male := c.intestazione(l); male != "" {
					p := problemi{riga: 1}
					p.nota(male, intestazion)
					_ = yield(Riga[Domanda]{Numero: 1, Ultima: 1, Errori: p.errori}, nil) && yield(Riga[Domanda]{}, ErrIntestazione)
					return
				}
				continue
			case len(l.testo) == 0 && !l.lunga:
				continue
			}
			if finita, pronta := c.aggiungi(l); pronta && !yield(finita, nil) {
				return
			}
		}
		if c.aperta {
			yield(c.chiudi(), nil)
		}
	}
}

// intestazione reads the header, and returns what is wrong with it: the first
// column that is missing, or "?" for one that is unknown or repeated.
func (c *lettoreCSV) intestazione(l linea) string {
	nomi, male := campiCSV(nil, l)
	if male != nil {
		return "?"
	}
	tutte := colonne()
	for i, nome := range nomi {
		k := slices.IndexFunc(tutte, func(t colonna) bool { return t.nome == nome })
		if k < 0 || slices.Contains(nomi[:i], nome) {
			return "?"
		}
		c.colonne = append(c.colonne, tutte[k])
	}
	for _, t := range tutte {
		serve := t.componente && campiComponente.campi[t.indice].serve || !t.componente && campiDomanda.campi[t.indice].serve
		if serve && !slices.Contains(nomi, t.nome) {
			return t.nome
		}
	}
	return ""
}

// aggiungi takes a row. When it begins another domanda, or is none, the one
// before it may be ready.
func (c *lettoreCSV) aggiungi(l linea) (finita Riga[Domanda], pronta bool) {
	campi, male := campiCSV(c.campi[:0], l)
	c.campi = campi
	if male == nil && len(campi) != len(c.colonne) {
		male = altreCampi
	}
	if male != nil {
		return c.illeggibile(l.numero, male)
	}
	testata := c.testataDi(campi)
	id := func(t []string) string { return strings.ToUpper(strings.Join(strings.Fields(t[0]), "")) }
	if c.aperta && id(testata) == id(c.testata) {
		c.guasta = false // the row that could not be read lay inside this domanda
		if !slices.Equal(testata, c.testata) {
			c.p.notaRiga(l.numero, "", diverse)
		}
	} else {
		if c.aperta {
			finita, pronta = c.chiudi(), true
		}
		c.apri(l.numero, campi)
		c.testata = slices.Clone(testata)
	}
	c.componente(l.numero, campi)
	return finita, pronta
}

// illeggibile notes a row that cannot be read. Whose it is is not known: it
// spoils the domande on both sides, lest one be taken in without a person.
func (c *lettoreCSV) illeggibile(numero int, male *difetto) (finita Riga[Domanda], pronta bool) {
	c.guasta = true
	if !c.aperta {
		p := problemi{riga: numero}
		p.nota("", male)
		return Riga[Domanda]{Numero: numero, Ultima: numero, Errori: p.errori}, true
	}
	c.p.notaRiga(numero, "", male)
	c.riga.Ultima = numero
	return Riga[Domanda]{}, false
}

// testataDi are the fields of the domanda, its id first.
func (c *lettoreCSV) testataDi(campi []string) []string {
	testata := []string{""}
	for i, col := range c.colonne {
		switch {
		case !col.componente && col.nome == "id_domanda":
			testata[0] = campi[i]
		case !col.componente:
			testata = append(testata, campi[i])
		}
	}
	return testata
}

func (c *lettoreCSV) apri(numero int, campi []string) {
	c.aperta, c.riga, c.p = true, Riga[Domanda]{Numero: numero}, problemi{riga: numero}
	if c.guasta {
		c.p.nota("", vicina)
		c.guasta = false
	}
	for i, col := range c.colonne {
		if !col.componente {
			metti(campiDomanda.campi[col.indice], &c.riga.Dati, campi[i], col.nome, numero, &c.p)
		}
	}
}

func (c *lettoreCSV) componente(numero int, campi []string) {
	c.riga.Ultima = numero
	if len(c.riga.Dati.Componenti) == MaxComponenti {
		if !c.p.gia("componenti") {
			c.p.nota("componenti", troppi)
		}
		return
	}
	var persona Componente
	for i, col := range c.colonne {
		if col.componente {
			metti(campiComponente.campi[col.indice], &persona, campi[i], col.nome, numero, &c.p)
		}
	}
	c.riga.Dati.Componenti = append(c.riga.Dati.Componenti, persona)
}

func metti[T any](c campo[T], t *T, s, nome string, numero int, p *problemi) {
	if strings.TrimSpace(s) == "" {
		if s = ""; c.serve {
			p.notaRiga(numero, nome, mancante)
		}
	}
	if male := c.daTesto(t, s); male != nil {
		p.notaRiga(numero, nome, male)
	}
}

func (c *lettoreCSV) chiudi() Riga[Domanda] {
	c.riga.Avvisi = c.riga.Dati.controlla(c.oggi, &c.p)
	c.riga.Errori, c.aperta, c.testata = c.p.errori, false, nil
	return c.riga
}

// campiCSV splits a line into fields, as RFC 4180 says, with no line breaks
// in them.
func campiCSV(campi []string, l linea) ([]string, *difetto) {
	switch {
	case l.lunga:
		return campi, rigaLunga
	case !utf8.Valid(l.testo):
		return campi, nonUTF8
	}
	for s := string(l.testo); ; {
		var campo string
		if strings.HasPrefix(s, `"`) {
			fine := fineVirgolette(s)
			if fine < 0 {
				return campi, nonCSV
			}
			campo, s = strings.ReplaceAll(s[1:fine], `""`, `"`), s[fine+1:]
			if s != "" && s[0] != ',' {
				return campi, nonCSV
			}
		} else {
			fine := strings.IndexByte(s, ',')
			if fine < 0 {
				fine = len(s)
			}
			campo, s = s[:fine], s[fine:]
			if strings.IndexByte(campo, '"') >= 0 {
				return campi, nonCSV
			}
		}
		if campi = append(campi, campo); s == "" {
			return campi, nil
		}
		s = s[1:]
	}
}

// fineVirgolette is where the quotes that open s are closed, or -1.
func fineVirgolette(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '"' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '"' {
			i++
			continue
		}
		return i
	}
	return -1
}
