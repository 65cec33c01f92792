package httpapi

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/id"
	"nucleo/domain/massivo"
)

// Accreditatore carries the application of files of operators to its end, in
// the background.
type Accreditatore interface {
	// Comincia sets about an application that was begun.
	Comincia(m id.Massivo)
}

// xlsx is the media type of a workbook.
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// massivoVisto is a file of operators as the API shows it.
type massivoVisto struct {
	ID     id.Massivo       `json:"id"`
	Stato  massivo.Stato    `json:"stato"`
	Scade  time.Time        `json:"scade"` // after it the file is not kept
	Righe  int              `json:"righe"`
	Errate int              `json:"errate"`
	Esiti  massivo.Esiti    `json:"esiti"`
	Errori []massivo.Errore `json:"errori"`
}

func mostraMassivo(m id.Massivo, s massivo.State) massivoVisto {
	return massivoVisto{m, s.Stato, s.Scade, s.Righe, s.Errate, s.Esiti, nonNil(s.Errori)}
}

// modelloOperatori answers the form of the caller's ambito, as a workbook.
func (a *API) modelloOperatori(w http.ResponseWriter, q *request) error {
	var b bytes.Buffer
	if err := a.Comandi.ModelloOperatori(q.Context(), q.attore, &b); err != nil {
		return err
	}
	return foglio(w, "operatori-"+q.attore.Territorio.Ambito+".xlsx", &b)
}

// controllaOperatori takes a form in, and says of all rows what is wrong.
func (a *API) controllaOperatori(w http.ResponseWriter, q *request) error {
	if tipo, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || tipo != xlsx {
		return errTipoContenuto
	}
	contenuto, err := io.ReadAll(http.MaxBytesReader(w, q.Body, commands.MassimoFoglio))
	if err != nil {
		return bodyError(err)
	}
	req, err := a.command(q, nil)
	if err != nil {
		return err
	}
	m := id.Massivo{UUID: uuid.NewSHA1(req.Comando, []byte("massivo"))}
	esito, err := a.Comandi.ControllaOperatori(q.Context(), req, m, contenuto)
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/accreditamenti/"+m.String())
	return answer(w, http.StatusCreated, mostraMassivo(m, esito.Stato))
}

func (a *API) massivo(w http.ResponseWriter, q *request) error {
	var m id.Massivo
	if err := q.pathValue("processo", &m); err != nil {
		return err
	}
	s, err := a.Comandi.MassivoOperatori(q.Context(), q.attore, m)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, mostraMassivo(m, s))
}

// erroriOperatori answers the rows of a form with what is wrong with each.
func (a *API) erroriOperatori(w http.ResponseWriter, q *request) error {
	var m id.Massivo
	if err := q.pathValue("processo", &m); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := a.Comandi.ErroriOperatori(q.Context(), q.attore, m, &b); err != nil {
		return err
	}
	return foglio(w, "errori-"+m.String()+".xlsx", &b)
}

// applicaOperatori begins the application of a form.
func (a *API) applicaOperatori(w http.ResponseWriter, q *request) error {
	var m id.Massivo
	if err := q.pathValue("processo", &m); err != nil {
		return err
	}
	if err := q.decode(&struct{}{}); err != nil {
		return err
	}
	req, err := a.command(q, struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.AvviaOperatori(q.Context(), req, m)
	if err != nil {
		return err
	}
	a.Accreditatore.Comincia(m)
	w.Header().Set("Location", Base+"/accreditamenti/"+m.String())
	w.Header().Set("Retry-After", "1")
	return answer(w, http.StatusAccepted, mostraMassivo(m, esito.Stato))
}

// foglio answers a workbook, to be kept under a name.
func foglio(w http.ResponseWriter, nome string, b *bytes.Buffer) error {
	w.Header().Set("Content-Type", xlsx)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nome}))
	_, err := w.Write(b.Bytes())
	return err
}
