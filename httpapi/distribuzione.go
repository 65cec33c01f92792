package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/projections/distribuzioni"
)

// procedura is a run of the automatic assignment.
type procedura struct {
	ID           id.Processo          `json:"id"`
	Stato        distribuzioni.Stato  `json:"stato"`
	Filtro       distribuzione.Filtro `json:"filtro"`
	Coordinatore *nominato            `json:"coordinatore,omitempty"`
	Totale       int                  `json:"totale"` // 0 until it is planned
	Elaborati    int                  `json:"elaborati"`
	Assegnati    int                  `json:"assegnati"`
	Saltati      int                  `json:"saltati"`
	Avviata      time.Time            `json:"avviata,omitzero"`
	Terminata    time.Time            `json:"terminata,omitzero"`
	Motivo       string               `json:"motivo,omitempty"`
	Posizione    uint64               `json:"posizione,omitempty"`
}

// avviaAssegnazioneAutomatica begins a run, or says what one would choose now
// (GEPI-38, GEPI-39).
func (a *API) avviaAssegnazioneAutomatica(w http.ResponseWriter, q *request) error {
	var in struct {
		Filtro    distribuzione.Filtro `json:"filtro"`
		Anteprima bool                 `json:"anteprima"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	if in.Anteprima {
		return a.proponi(w, q, req, in.Filtro)
	}
	p := id.Processo{UUID: commands.Nuovo(req)}
	esito, err := a.Comandi.AvviaAssegnazioneAutomatica(q.Context(), req, p, in.Filtro)
	if err != nil {
		return err
	}
	if !esito.Ripetuto {
		a.Distributore.Comincia(q.attore.Territorio.Ambito, p)
	}
	a.await(w, q, esito.Posizione)
	w.Header().Set("Location", Base+"/assegnazioni-automatiche/"+p.String())
	w.Header().Set("Retry-After", "1")
	return answer(w, http.StatusAccepted, procedura{ID: p, Stato: distribuzioni.InCorso, Filtro: in.Filtro, Posizione: esito.Posizione})
}

func (a *API) interrompiAssegnazioneAutomatica(w http.ResponseWriter, q *request) error {
	var p id.Processo
	if err := q.pathValue("processo", &p); err != nil {
		return err
	}
	if err := q.decode(&struct{}{}); err != nil {
		return err
	}
	req, err := a.command(q, struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.InterrompiAssegnazioneAutomatica(q.Context(), req, p)
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/assegnazioni-automatiche/"+p.String())
	w.Header().Set("Retry-After", "1")
	return answer(w, http.StatusAccepted, struct {
		ID        id.Processo `json:"id"`
		Posizione uint64      `json:"posizione,omitempty"`
	}{p, esito.Posizione})
}

// assegnazioniAutomatiche answers a page of the runs on the caller's territory,
// or on a part of it.
func (a *API) assegnazioniAutomatiche(w http.ResponseWriter, q *request) error {
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := distribuzioni.Elenco(q.Context(), a.Lettura, q.attore.Territorio, distribuzioni.Stato(q.URL.Query().Get("stato")), chiesta)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(pagina.Voci))
	for n, v := range pagina.Voci {
		ids[n] = v.Coordinatore.UUID
	}
	nomi, err := a.nomi(q.Context(), ids...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v distribuzioni.Voce) procedura { return mostraProcedura(v, nomi) })
}

// assegnazioneAutomatica answers how far a run has come.
func (a *API) assegnazioneAutomatica(w http.ResponseWriter, q *request) error {
	v, posizione, err := a.proceduraChiesta(w, q)
	if err != nil {
		return err
	}
	nomi, err := a.nomi(q.Context(), v.Coordinatore.UUID)
	if err != nil {
		return err
	}
	out := mostraProcedura(v, nomi)
	out.Posizione = posizione
	if v.Stato == distribuzioni.InCorso {
		w.Header().Set("Retry-After", "1")
	}
	return answer(w, http.StatusOK, out)
}

// proceduraChiesta is the run in the path. One that was started a moment ago
// may not be in the list yet: the stream knows it.
func (a *API) proceduraChiesta(w http.ResponseWriter, q *request) (v distribuzioni.Voce, posizione uint64, err error) {
	var p id.Processo
	if err := q.pathValue("processo", &p); err != nil {
		return v, 0, err
	}
	a.atLeast(w, q)
	v, posizione, found, err := distribuzioni.Di(q.Context(), a.Lettura, q.attore.Territorio, p)
	if err != nil || found {
		return v, posizione, err
	}
	ora, err := a.Comandi.AssegnazioneAutomaticaInCorso(q.Context(), q.attore.Territorio.Ambito)
	switch {
	case err != nil:
		return v, posizione, err
	case ora.Processo != p || !q.attore.Territorio.Contiene(ora.Territorio):
		return v, posizione, distribuzione.ErrFuori
	}
	v = distribuzioni.Voce{Processo: p, Procedura: distribuzioni.Da(ora)}
	return v, posizione, nil
}

func mostraProcedura(v distribuzioni.Voce, nomi nomi) procedura {
	return procedura{
		ID: v.Processo, Stato: v.Stato, Filtro: v.Filtro(), Coordinatore: nomi.di(v.Coordinatore.UUID), Totale: v.Totale, Elaborati: v.Assegnati + v.Saltati,
		Assegnati: v.Assegnati, Saltati: v.Saltati, Avviata: v.Avviata.UTC(), Terminata: v.Terminata.UTC(), Motivo: v.Motivo,
	}
}
