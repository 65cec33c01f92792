package analisi

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
)

// Innocuo is a text that a spreadsheet takes for a text: what it would take for
// a formula gets an apostrophe.
func Innocuo(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r\n") || strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠") {
		return "'" + s
	}
	return s
}

// ScriviCSV writes rows as CSV: UTF-8, commas, a header, ISO dates, and nothing
// where a number is not told.
func ScriviCSV(w io.Writer, e Estratto) error {
	c := csv.NewWriter(w)
	riga := make([]string, len(e.Vista.Colonne))
	for i, colonna := range e.Vista.Colonne {
		riga[i] = colonna.Nome
	}
	if err := c.Write(riga); err != nil {
		return err
	}
	for _, valori := range e.Righe {
		for i, v := range valori {
			riga[i] = ""
			switch {
			case v == nil:
			case e.Vista.Colonne[i].numero():
				riga[i] = *v
			default:
				riga[i] = Innocuo(*v)
			}
		}
		if err := c.Write(riga); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// Metadati describe a CSV file (CSV on the Web, W3C 2015).
type Metadati struct {
	Contesto    string       `json:"@context"`
	URL         string       `json:"url"`
	Titolo      string       `json:"dc:title"`
	Descrizione string       `json:"dc:description"`
	Licenza     string       `json:"dc:license"`
	Data        string       `json:"dc:date"`       // up to which the figures go
	Pubblicata  string       `json:"dc:issued"`     // when they were worked out
	Posizione   uint64       `json:"posizione_log"` // up to which the log had been read
	Versione    int          `json:"versione_definizioni"`
	Ambito      string       `json:"ambito,omitempty"`
	Righe       int          `json:"righe"`
	Soppresse   int          `json:"celle_soppresse"`
	Regola      string       `json:"soppressione"`
	Dialetto    dialetto     `json:"dialect"`
	Schema      schemaTavola `json:"tableSchema"`
}

type dialetto struct {
	Codifica     string `json:"encoding"`
	Separatore   string `json:"delimiter"`
	Intestazione bool   `json:"header"`
}

type schemaTavola struct {
	Colonne []colonnaCSV `json:"columns"`
	Chiave  []string     `json:"primaryKey"`
}

type colonnaCSV struct {
	Nome        string `json:"name"`
	Descrizione string `json:"dc:description"`
	Unita       string `json:"unita,omitempty"`
	Tipo        string `json:"datatype"`
	Nullo       string `json:"null"`
}

const regola = "A number from 1 to 4 is not told, nor what would give it away: sums of what is told leave open whether it is 5 or more. Where a table has fewer than 5 in all, nothing of it is told."

// tipiCSV are the types of columns in the words of CSV on the Web.
var tipiCSV = map[string]string{"text": "string", "date": "date", "integer": "integer", "decimal": "decimal", "boolean": "boolean"}

// MetadatiDi describe the CSV file of an extract that goes by a name.
func MetadatiDi(e Estratto, file string) Metadati {
	m := Metadati{
		Contesto: "http://www.w3.org/ns/csvw", URL: file, Titolo: e.Vista.Titolo, Descrizione: e.Vista.Cosa, Licenza: "https://creativecommons.org/licenses/by/4.0/",
		Data: e.FinoAl.String(), Pubblicata: e.Pubblicata.Format("2006-01-02T15:04:05Z"), Posizione: e.Posizione, Versione: versione, Ambito: e.Filtro.ambito(),
		Righe: len(e.Righe), Regola: regola, Dialetto: dialetto{"utf-8", ",", true},
	}
	for _, c := range e.Vista.Colonne {
		m.Schema.Colonne = append(m.Schema.Colonne, colonnaCSV{c.Nome, c.Cosa, c.Unita, tipiCSV[c.Tipo], ""})
		if c.etichetta() && c.Nome != "istat" && c.Nome != "denominazione" {
			m.Schema.Chiave = append(m.Schema.Chiave, c.Nome)
		}
	}
	nascosta := e.Colonna("soppressa")
	for _, r := range e.Righe {
		if v := r[nascosta]; v != nil && *v == "true" {
			m.Soppresse++
		}
	}
	return m
}

// ScriviMetadati writes them.
func ScriviMetadati(w io.Writer, m Metadati) error {
	j := json.NewEncoder(w)
	j.SetIndent("", "  ")
	return j.Encode(m)
}
