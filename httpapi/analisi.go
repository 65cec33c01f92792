package httpapi

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/internal/analisi"
	"nucleo/projections/elenco"

	"github.com/gorilla/mux"
)

// Refusals of the figures.
var (
	errVista        = domain.Refuse(domain.NotFound, "analisi.vista_inesistente", "there is no view of this name: docs/dizionario-dati.md lists them")
	errTroppeFigure = domain.Refuse(domain.Invalid, "analisi.troppe_righe", "at most 200000 rows go into a file: name an ambito, or shorten the period")
)

// massimoFigure bounds the rows of a file.
const massimoFigure = 200_000

// Quaderno writes an extract of figures as a workbook.
type Quaderno func(io.Writer, analisi.Estratto) error

// figure is a page of a view: rows of as many values as it has columns.
type figure struct {
	Vista       string        `json:"vista"`
	Titolo      string        `json:"titolo"`
	Descrizione string        `json:"descrizione"`
	Colonne     []colonnaDi   `json:"colonne"`
	Items       [][]*string   `json:"items"`
	Limit       int           `json:"limit"`
	NextCursor  string        `json:"next_cursor,omitempty"`
	Links       *links        `json:"_links,omitempty"`
	FinoAl      giorno.Giorno `json:"fino_al"`
	Pubblicata  time.Time     `json:"pubblicata"`
	Posizione   uint64        `json:"posizione"`
}

type colonnaDi struct {
	Nome        string `json:"nome"`
	Descrizione string `json:"descrizione"`
	Tipo        string `json:"tipo"`
}

// analisiVista answers a page of published figures.
func (a *API) analisiVista(w http.ResponseWriter, q *request) error {
	v, f, err := q.figure()
	if err != nil {
		return err
	}
	p := q.pagina()
	f.Limite = p.limite
	if p.cursore != "" {
		if f.Da, err = strconv.Atoi(p.cursore); err != nil || f.Da < 0 || f.Da > 1<<30 {
			return elenco.ErrCursore.At("cursor")
		}
	}
	e, err := analisi.Leggi(q.Context(), a.Lettura, v, f)
	if err != nil {
		return err
	}
	out := figure{Vista: v.Nome, Titolo: v.Titolo, Descrizione: v.Cosa, Items: e.Righe, Limit: f.Limite, FinoAl: e.FinoAl, Pubblicata: e.Pubblicata, Posizione: e.Posizione}
	for _, c := range v.Colonne {
		out.Colonne = append(out.Colonne, colonnaDi{c.Nome, c.Cosa, c.Tipo})
	}
	if e.Ancora {
		out.NextCursor = strconv.Itoa(f.Da + f.Limite)
		out.Links = q.next(out.NextCursor)
	}
	return answer(w, http.StatusOK, out)
}

// figure is the view that a path names, and what the query and the profile
// leave of it.
func (q *request) figure() (v analisi.Vista, f analisi.Filtro, err error) {
	v, nota := analisi.Cerca(mux.Vars(q.Request)["vista"])
	if !nota {
		return v, f, errVista
	}
	f = analisi.Filtro{Territorio: q.attore.Territorio, Ambito: q.URL.Query().Get("ambito")}
	f.Dal, f.Al, err = q.periodo()
	return v, f, err
}

// estratto is all of a view that goes into a file.
func (a *API) estratto(q *request) (e analisi.Estratto, err error) {
	v, f, err := q.figure()
	if err != nil {
		return e, err
	}
	f.Limite = massimoFigure
	e, err = analisi.Leggi(q.Context(), a.Lettura, v, f)
	if err == nil && e.Ancora {
		err = errTroppeFigure.At("dal")
	}
	return e, err
}

func (a *API) analisiCSV(w http.ResponseWriter, q *request) error {
	e, err := a.estratto(q)
	if err != nil {
		return err
	}
	return scarica(w, "text/csv; charset=utf-8; header=present", e.Vista.Nome+".csv", func(w io.Writer) error { return analisi.ScriviCSV(w, e) })
}

// analisiMetadati describes the CSV file of the same query.
func (a *API) analisiMetadati(w http.ResponseWriter, q *request) error {
	e, err := a.estratto(q)
	if err != nil {
		return err
	}
	return scarica(w, "application/csvm+json", e.Vista.Nome+".csv-metadata.json", func(w io.Writer) error {
		return analisi.ScriviMetadati(w, analisi.MetadatiDi(e, e.Vista.Nome+".csv"))
	})
}

func (a *API) analisiXLSX(w http.ResponseWriter, q *request) error {
	e, err := a.estratto(q)
	if err != nil {
		return err
	}
	return scarica(w, xlsx, e.Vista.Nome+".xlsx", func(w io.Writer) error { return a.Quaderno(w, e) })
}

// ultimiDue is the days in which the last period of any view lies.
const ultimiDue = 62

// analisiSVG draws the last period of the query.
func (a *API) analisiSVG(w http.ResponseWriter, q *request) error {
	v, f, err := q.figure()
	if err != nil {
		return err
	}
	if f.Al.IsZero() {
		f.Al = a.oggi()
	}
	f.Dal = max(f.Dal, f.Al-ultimiDue)
	f.Limite = massimoFigure
	e, err := analisi.Leggi(q.Context(), a.Lettura, v, f)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := analisi.ScriviSVG(&b, e); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, err = w.Write(b.Bytes())
	return err
}

// scarica answers a file, once it is whole.
func scarica(w http.ResponseWriter, tipo, nome string, scrivi func(io.Writer) error) error {
	var b bytes.Buffer
	if err := scrivi(&b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", tipo)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nome}))
	_, err := w.Write(b.Bytes())
	return err
}
