package httpapi

import (
	"io"
	"mime"
	"net/http"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
)

// FileRicevuto is a file on its way in.
type FileRicevuto struct {
	Tipo        importazione.Tipo
	Formato     importazione.Formato
	SaltaErrate bool
	Corpo       io.Reader
	Richiesta   commands.Request
}

// formati are the media types of the files that are taken in.
var formati = map[string]importazione.Formato{
	"application/x-ndjson": importazione.NDJSON,
	"application/ndjson":   importazione.NDJSON,
	"text/csv":             importazione.CSV,
}

func (a *API) importa(w http.ResponseWriter, q *request) error {
	tipo, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	formato, ok := formati[tipo]
	if err != nil || !ok {
		return errTipoContenuto
	}
	parametri := q.URL.Query()
	file := FileRicevuto{
		Tipo: importazione.Tipo(parametri.Get("tipo")), Formato: formato,
		SaltaErrate: parametri.Get("salta_errate") == "true", Corpo: q.Body,
	}
	req, err := a.command(q, []any{file.Tipo, file.Formato, file.SaltaErrate})
	if err != nil {
		return err
	}
	file.Richiesta = req
	i := id.Importazione{UUID: uuid.NewSHA1(req.Comando, []byte("importazione"))}
	esito, err := a.Importazioni.Deposita(q.Context(), i, file)
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/importazioni/"+i.String())
	w.Header().Set("Retry-After", "1")
	return answer(w, http.StatusAccepted, mostraImportazione(i, esito.Stato))
}

// importazioneVista is an import as the API shows it.
type importazioneVista struct {
	ID          id.Importazione       `json:"id"`
	Tipo        importazione.Tipo     `json:"tipo"`
	Formato     importazione.Formato  `json:"formato"`
	SaltaErrate bool                  `json:"salta_errate"`
	Stato       importazione.Stato    `json:"stato"`
	Motivo      string                `json:"motivo,omitempty"`
	Righe       int                   `json:"righe"`
	Elaborate   int                   `json:"elaborate"`
	Errate      int                   `json:"errate"`
	Avvisi      int                   `json:"avvisi"` // rows taken in whose data do not agree with their codice fiscale
	Esiti       importazione.Conteggi `json:"esiti"`
	Errori      []importazione.Errore `json:"errori"`
}

func mostraImportazione(i id.Importazione, s importazione.State) importazioneVista {
	return importazioneVista{i, s.Tipo, s.Formato, s.SaltaErrate, s.Stato, s.Motivo, s.Righe, s.Fino, s.Errate, s.Avvisi, s.Conteggi, nonNil(s.Errori)}
}

func (a *API) importazione(w http.ResponseWriter, q *request) error {
	var i id.Importazione
	if err := q.pathValue("importazione", &i); err != nil {
		return err
	}
	s, err := a.Comandi.Importazione(q.Context(), i)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, mostraImportazione(i, s))
}
