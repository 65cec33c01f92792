package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/aperture"
)

// vistaApertura is an opening, as who asked and who decides see it. Stato says
// SCADUTA of one whose hour is over.
type vistaApertura struct {
	ID          id.Apertura     `json:"id"`
	Caso        id.Caso         `json:"caso_id"`
	Ambito      string          `json:"ambito"`
	Motivo      apertura.Motivo `json:"motivo"`
	Riferimento string          `json:"riferimento"`
	Dal         giorno.Giorno   `json:"dal"`
	Al          giorno.Giorno   `json:"al"`
	Stato       apertura.Stato  `json:"stato"`
	RichiestaDa *nominato       `json:"richiesta_da"`
	DecisaDa    *nominato       `json:"decisa_da,omitempty"`
	Scade       time.Time       `json:"scade,omitzero"`
}

const aperturaScaduta apertura.Stato = "SCADUTA"

func (a *API) mostraApertura(ap id.Apertura, s apertura.State, nomi nomi) vistaApertura {
	r := s.Richiesta
	v := vistaApertura{
		ID: ap, Caso: r.Caso, Ambito: r.Ambito, Motivo: r.Motivo, Riferimento: r.Riferimento, Dal: r.Periodo.Dal, Al: r.Periodo.Al, Stato: s.Stato,
		RichiestaDa: nomi.di(r.Da.UUID), DecisaDa: nomi.di(s.DecisaDa.UUID), Scade: quando(s.Scade),
	}
	if s.Stato == apertura.Accolta && !a.Adesso().Before(s.Scade) {
		v.Stato = aperturaScaduta
	}
	return v
}

// chiediApertura asks to read the personal data of a case.
func (a *API) chiediApertura(w http.ResponseWriter, q *request) error {
	var in struct {
		Caso        id.Caso         `json:"caso_id"`
		Motivo      apertura.Motivo `json:"motivo"`
		Riferimento string          `json:"riferimento"`
		Dal         giorno.Giorno   `json:"dal"`
		Al          giorno.Giorno   `json:"al"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	cmd := apertura.Chiedi{Richiesta: apertura.Richiesta{Caso: in.Caso, Motivo: in.Motivo, Riferimento: in.Riferimento, Periodo: apertura.Periodo{Dal: in.Dal, Al: in.Al}}}
	ap, esito, err := a.Comandi.ChiediApertura(q.Context(), req, cmd)
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/aperture/"+ap.String())
	return a.aperta(w, q, http.StatusCreated, ap, esito.Stato)
}

// aperta answers an opening with the names of those who have to do with it.
func (a *API) aperta(w http.ResponseWriter, q *request, status int, ap id.Apertura, s apertura.State) error {
	nomi, err := a.nomi(q.Context(), s.Richiesta.Da.UUID, s.DecisaDa.UUID)
	if err != nil {
		return err
	}
	return answer(w, status, a.mostraApertura(ap, s, nomi))
}

// concediApertura lets who asked read for an hour, and negaApertura does not.
func (a *API) concediApertura(w http.ResponseWriter, q *request) error {
	ap, err := q.apertura()
	if err != nil {
		return err
	}
	req, err := a.command(q, struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.ConcediApertura(q.Context(), req, ap)
	if err != nil {
		return err
	}
	return a.aperta(w, q, http.StatusCreated, ap, esito.Stato)
}

func (a *API) negaApertura(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo apertura.MotivoDiniego `json:"motivo"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	ap, err := q.apertura()
	if err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.NegaApertura(q.Context(), req, ap, apertura.Nega{Motivo: in.Motivo})
	if err != nil {
		return err
	}
	return a.aperta(w, q, http.StatusCreated, ap, esito.Stato)
}

func (q *request) apertura() (ap id.Apertura, err error) {
	err = q.pathValue("apertura", &ap)
	return ap, err
}

// unaApertura answers one opening, from its stream.
func (a *API) unaApertura(w http.ResponseWriter, q *request) error {
	ap, err := q.apertura()
	if err != nil {
		return err
	}
	s, err := a.Comandi.Apertura(q.Context(), q.attore, ap)
	if err != nil {
		return err
	}
	a.guarda(q, s.Richiesta.Caso, s.Richiesta.Ambito)
	return a.aperta(w, q, http.StatusOK, ap, s)
}

// elencaAperture answers a page of the openings that the caller asked for, or
// has to decide about.
func (a *API) elencaAperture(w http.ResponseWriter, q *request) error {
	filtro := aperture.Filtro{Stato: apertura.Stato(q.URL.Query().Get("stato"))}
	if q.attore.Ruolo == domain.ResponsabileDati {
		filtro.Ambito = q.attore.Territorio.Ambito
	} else {
		filtro.Di.UUID = q.attore.ID
	}
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := aperture.Elenco(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.RichiestaDa.UUID, v.DecisaDa.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v aperture.Voce) vistaApertura {
		return a.mostraApertura(v.ID, apertura.State{
			Stato: v.Stato, DecisaDa: v.DecisaDa, Scade: v.Scade,
			Richiesta: apertura.Richiesta{Caso: v.Caso, Ambito: v.Ambito, Da: v.RichiestaDa, Motivo: v.Motivo, Riferimento: v.Riferimento, Periodo: apertura.Periodo{Dal: v.Dal, Al: v.Al}},
		}, nomi)
	})
}
