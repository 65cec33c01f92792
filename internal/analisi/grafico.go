package analisi

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// The measures of a chart, in pixels.
const (
	larghezza  = 860
	etichette  = 330 // where the bars begin
	massimo    = 380 // the longest bar
	alta       = 24  // a row
	sopra      = 78
	grafico    = 60 // rows at most
	nonDetto   = "non pubblicato"
	fondo      = "#ffffff"
	inchiostro = "#17324d" // 12.6:1 on white
	barra      = "#0059b3" // 6.9:1 on white
)

// sbarra is one bar: what it is about, and how much; nothing when it is not told.
type sbarra struct {
	etichetta string
	valore    *string
	lunga     float64
}

// ScriviSVG draws the last period of an extract as bars. Everything a bar shows
// stands beside it as text, and in the description that a screen reader reads;
// what is not told has a dashed outline and says so: nothing is told by colour.
func ScriviSVG(w io.Writer, e Estratto) error {
	periodo, sbarre := e.sbarre()
	titolo := e.Vista.Titolo
	if periodo != "" {
		titolo += ", " + periodo
	}
	if a := e.Filtro.ambito(); a != "" {
		titolo += ", ambito " + a
	}
	var s strings.Builder
	alto := sopra + alta*max(len(sbarre), 1) + 34
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="titolo testo" lang="it" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" font-family="Titillium Web, DejaVu Sans, Arial, sans-serif" font-size="14" fill="%[3]s">`+"\n",
		larghezza, alto, inchiostro)
	fmt.Fprintf(&s, "<title id=\"titolo\">%s</title>\n<desc id=\"testo\">%s</desc>\n", puro(titolo), puro(descrizione(sbarre)))
	fmt.Fprintf(&s, "<rect width=\"100%%\" height=\"100%%\" fill=\"%s\"/>\n", fondo)
	fmt.Fprintf(&s, "<text x=\"16\" y=\"34\" font-size=\"20\" font-weight=\"bold\" aria-hidden=\"true\">%s</text>\n", puro(titolo))
	fmt.Fprintf(&s, "<text x=\"16\" y=\"56\" aria-hidden=\"true\">%s</text>\n", puro(e.misura()))
	for i, b := range sbarre {
		b.disegna(&s, sopra+alta*i)
	}
	if len(sbarre) == 0 {
		fmt.Fprintf(&s, "<text x=\"16\" y=\"%d\" aria-hidden=\"true\">Nessun dato pubblicato.</text>\n", sopra+16)
	}
	fmt.Fprintf(&s, "<text x=\"16\" y=\"%d\" font-size=\"12\" aria-hidden=\"true\">I numeri da 1 a 4, e quelli da cui si ricaverebbero, non sono pubblicati. Dati fino al %s.</text>\n</svg>\n", alto-12, e.FinoAl)
	_, err := io.WriteString(w, s.String())
	return err
}

func (b sbarra) disegna(s *strings.Builder, y int) {
	fmt.Fprintf(s, "<g role=\"presentation\" aria-hidden=\"true\"><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", etichette-10, y+16, puro(b.etichetta))
	if b.valore == nil {
		fmt.Fprintf(s, `<rect x="%d" y="%d" width="14" height="16" fill="none" stroke="%s" stroke-dasharray="3 2"/><text x="%d" y="%d" font-style="italic">%s</text>`, etichette, y+3, inchiostro, etichette+22, y+16, nonDetto)
	} else {
		larga := int(b.lunga * massimo)
		fmt.Fprintf(s, `<rect x="%d" y="%d" width="%d" height="16" fill="%s"/><text x="%d" y="%d">%s</text>`, etichette, y+3, larga, barra, etichette+larga+8, y+16, puro(*b.valore))
	}
	s.WriteString("</g>\n")
}

// misura says which number the bars show: the first of the view.
func (e Estratto) misura() string {
	c := e.Vista.Colonne[e.mostrata()]
	if c.Unita == "" {
		return strings.ReplaceAll(c.Nome, "_", " ")
	}
	return strings.ReplaceAll(c.Nome, "_", " ") + " (" + c.Unita + ")"
}

// mostrata is the column that a chart shows: times where there are any.
func (e Estratto) mostrata() int {
	for _, nome := range []string{"giorni_medi", "carico_medio"} {
		if i := e.Colonna(nome); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(e.Vista.Colonne, Colonna.numero)
}

// sbarre are the bars of the last period.
func (e Estratto) sbarre() (periodo string, sbarre []sbarra) {
	mostrata, piu := e.mostrata(), 0.0
	for _, r := range e.Righe {
		periodo = max(periodo, *r[0])
	}
	for _, r := range e.Righe {
		if *r[0] != periodo || len(sbarre) == grafico {
			continue
		}
		b := sbarra{etichetta: e.etichetta(r), valore: r[mostrata]}
		if b.valore != nil {
			b.lunga, _ = strconv.ParseFloat(*b.valore, 64)
			piu = max(piu, b.lunga)
		}
		sbarre = append(sbarre, b)
	}
	for i := range sbarre {
		if piu > 0 {
			sbarre[i].lunga /= piu
		}
	}
	return periodo, sbarre
}

// etichetta names a row: what it is about, without its period and codes that
// have a name beside them.
func (e Estratto) etichetta(r []*string) string {
	var parti []string
	for i, c := range e.Vista.Colonne {
		switch {
		case i == 0 || !c.etichetta() || r[i] == nil || c.Nome == "istat" || c.Nome == "ambito" && e.Filtro.ambito() != "":
		case c.Nome == "comune" && r[e.Colonna("denominazione")] != nil:
		case c.Nome == "denominazione" || c.Nome == "misura" && *r[i] != Totale:
			parti = append(parti, *r[i])
		default:
			parti = append(parti, strings.ToLower(strings.ReplaceAll(*r[i], "_", " ")))
		}
	}
	if parti == nil {
		return "totale"
	}
	return strings.Join(parti, " · ")
}

func descrizione(sbarre []sbarra) string {
	righe := make([]string, len(sbarre))
	for i, b := range sbarre {
		valore := nonDetto
		if b.valore != nil {
			valore = *b.valore
		}
		righe[i] = b.etichetta + ": " + valore
	}
	return strings.Join(append(righe, ""), ".\n")
}

// puro is a text for XML.
func puro(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}
