package tracciato

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"nucleo/domain/giorno"
	"nucleo/domain/importazione"
)

// Scrivi writes domande to a file.
func Scrivi(w io.Writer, f importazione.Formato, domande iter.Seq[Domanda]) error {
	b := bufio.NewWriterSize(w, 64<<10)
	scrivi := scriviNDJSON[Domanda]
	if f == importazione.CSV {
		scrivi = scriviCSV
	}
	if err := scrivi(b, domande); err != nil {
		return fmt.Errorf("write domande: %w", err)
	}
	return b.Flush()
}

// ScriviVariazioni writes variazioni to an NDJSON file.
func ScriviVariazioni(w io.Writer, variazioni iter.Seq[Variazione]) error {
	return scriviNDJSON(w, variazioni)
}

func scriviNDJSON[T any](w io.Writer, record iter.Seq[T]) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for r := range record {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func scriviCSV(w io.Writer, domande iter.Seq[Domanda]) error {
	tutte := colonne()
	riga := make([]string, 0, len(tutte))
	for _, c := range tutte {
		riga = append(riga, c.nome)
	}
	if _, err := io.WriteString(w, strings.Join(riga, ",")+"\r\n"); err != nil {
		return err
	}
	for d := range domande {
		for _, p := range d.Componenti {
			riga = riga[:0]
			for _, c := range tutte {
				if c.componente {
					riga = append(riga, cella(campiComponente.campi[c.indice].dove(&p)))
				} else {
					riga = append(riga, cella(campiDomanda.campi[c.indice].dove(&d)))
				}
			}
			if _, err := io.WriteString(w, strings.Join(riga, ",")+"\r\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// cella is a value as it stands in a CSV. Text that a spreadsheet would take
// for a formula is left as it is: the file is for programs.
func cella(v any) string {
	switch v := v.(type) {
	case *string:
		if strings.ContainsAny(*v, ",\"") {
			return `"` + strings.ReplaceAll(*v, `"`, `""`) + `"`
		}
		return *v
	case *giorno.Giorno:
		return v.String()
	case *int:
		if *v != 0 {
			return strconv.Itoa(*v)
		}
	case *bool:
		if *v {
			return "SI"
		}
		return "NO"
	}
	return ""
}
