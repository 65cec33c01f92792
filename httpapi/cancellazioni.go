package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/cancellazione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/cancellazioni"
)

// vistaCancellazione is a request of erasure, as the privacy desk sees it.
type vistaCancellazione struct {
	ID          id.Cancellazione    `json:"id"`
	Tipo        cancellazione.Tipo  `json:"tipo"`
	Caso        id.Caso             `json:"caso_id,omitzero"`
	Quale       uuid.UUID           `json:"quale_id,omitzero"`
	Ambito      string              `json:"ambito"`
	Base        cancellazione.Base  `json:"base"`
	Riferimento string              `json:"riferimento"`
	Stato       cancellazione.Stato `json:"stato"`
	Fine        giorno.Giorno       `json:"fine,omitzero"`          // of the case, where the program proposed it
	RichiestaDa *nominato           `json:"richiesta_da,omitempty"` // nobody, while it is only proposed
	DecisaDa    *nominato           `json:"decisa_da,omitempty"`
	Motivo      string              `json:"motivo,omitempty"`
	Chiavi      int                 `json:"chiavi"`
	Valori      int                 `json:"valori"`
	ProvataIl   time.Time           `json:"provata_il,omitzero"`
}

func (q *request) cancellazione() (c id.Cancellazione, err error) {
	err = q.pathValue("cancellazione", &c)
	return c, err
}

// chiediCancellazione asks for an erasure.
func (a *API) chiediCancellazione(w http.ResponseWriter, q *request) error {
	var in struct {
		Tipo        cancellazione.Tipo `json:"tipo"`
		Caso        id.Caso            `json:"caso_id"`
		Quale       uuid.UUID          `json:"quale_id"`
		Base        cancellazione.Base `json:"base"`
		Riferimento string             `json:"riferimento"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	c, esito, err := a.Comandi.ChiediCancellazione(q.Context(), req, cancellazione.Chiedi{Richiesta: cancellazione.Richiesta{
		Soggetto: cancellazione.Soggetto{Tipo: in.Tipo, Caso: in.Caso, Quale: in.Quale}, Base: in.Base, Riferimento: in.Riferimento,
	}})
	if err != nil {
		return err
	}
	w.Header().Set("Location", Base+"/cancellazioni/"+c.String())
	return a.cancellazione(w, q, http.StatusCreated, c, esito.Stato)
}

// cancellazione answers a request with the names of those who have to do with it.
func (a *API) cancellazione(w http.ResponseWriter, q *request, status int, c id.Cancellazione, s cancellazione.State) error {
	nomi, err := a.nomi(q.Context(), s.Richiesta.Da.UUID, s.DecisaDa.UUID)
	if err != nil {
		return err
	}
	r := s.Richiesta
	return answer(w, status, vistaCancellazione{
		ID: c, Tipo: r.Tipo, Caso: r.Caso, Quale: r.Quale, Ambito: r.Ambito, Base: r.Base, Riferimento: r.Riferimento, Stato: s.Stato, Fine: s.Fine, Motivo: s.Motivo,
		RichiestaDa: nomi.di(r.Da.UUID), DecisaDa: nomi.di(s.DecisaDa.UUID), Chiavi: s.Distrutte.Chiavi, Valori: s.Distrutte.Valori,
	})
}

// unaCancellazione answers one request, from its stream.
func (a *API) unaCancellazione(w http.ResponseWriter, q *request) error {
	c, err := q.cancellazione()
	if err != nil {
		return err
	}
	s, err := a.Comandi.Cancellazione(q.Context(), q.attore, c)
	if err != nil {
		return err
	}
	a.guarda(q, s.Richiesta.Caso, s.Richiesta.Ambito)
	return a.cancellazione(w, q, http.StatusOK, c, s)
}

// autorizzaCancellazione has an erasure carried out, and rifiutaCancellazione does not.
func (a *API) autorizzaCancellazione(w http.ResponseWriter, q *request) error {
	c, err := q.cancellazione()
	if err != nil {
		return err
	}
	req, err := a.command(q, struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.AutorizzaCancellazione(q.Context(), req, c)
	if err != nil {
		return err
	}
	return a.cancellazione(w, q, http.StatusCreated, c, esito.Stato)
}

func (a *API) rifiutaCancellazione(w http.ResponseWriter, q *request) error {
	return suCancellazione(a, w, q, func(req commands.Request, c id.Cancellazione, in struct {
		Motivo cancellazione.MotivoRifiuto `json:"motivo"`
	}) (commands.Cancellazione, error) {
		return a.Comandi.RifiutaCancellazione(q.Context(), req, c, cancellazione.Rifiuta{Motivo: in.Motivo})
	})
}

// prendeCancellazione makes a proposal of the program the request of a person,
// and accantonaCancellazione sets it aside.
func (a *API) prendeCancellazione(w http.ResponseWriter, q *request) error {
	return suCancellazione(a, w, q, func(req commands.Request, c id.Cancellazione, in struct {
		Riferimento string `json:"riferimento"`
	}) (commands.Cancellazione, error) {
		return a.Comandi.PrendiCancellazione(q.Context(), req, c, cancellazione.Prende{Riferimento: in.Riferimento})
	})
}

func (a *API) accantonaCancellazione(w http.ResponseWriter, q *request) error {
	return suCancellazione(a, w, q, func(req commands.Request, c id.Cancellazione, in struct {
		Motivo cancellazione.MotivoAccantonamento `json:"motivo"`
	}) (commands.Cancellazione, error) {
		return a.Comandi.AccantonaCancellazione(q.Context(), req, c, cancellazione.Accantona{Motivo: in.Motivo})
	})
}

// suCancellazione does with a request what its body says, and answers what became of it.
func suCancellazione[In any](a *API, w http.ResponseWriter, q *request, fa func(commands.Request, id.Cancellazione, In) (commands.Cancellazione, error)) error {
	var in In
	if err := q.decode(&in); err != nil {
		return err
	}
	c, err := q.cancellazione()
	if err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := fa(req, c, in)
	if err != nil {
		return err
	}
	return a.cancellazione(w, q, http.StatusCreated, c, esito.Stato)
}

// ricevutaCancellazione answers the signed receipt of an erasure that is proven.
func (a *API) ricevutaCancellazione(w http.ResponseWriter, q *request) error {
	c, err := q.cancellazione()
	if err != nil {
		return err
	}
	s, err := a.Comandi.Cancellazione(q.Context(), q.attore, c)
	if err == nil && s.Stato != cancellazione.Provata {
		err = cancellazione.ErrNonProvata
	}
	if err != nil {
		return err
	}
	a.guarda(q, s.Richiesta.Caso, s.Richiesta.Ambito)
	return answer(w, http.StatusOK, struct {
		Nota    string   `json:"nota"`
		Tentati int      `json:"tentati"`
		Chiaro  int      `json:"in_chiaro"`
		Modelli []string `json:"modelli"`
	}{s.Prova.Testo, s.Prova.Tentati, s.Prova.Chiaro, s.Prova.Modelli})
}

// elencaCancellazioni answers a page of the requests of the ambito.
func (a *API) elencaCancellazioni(w http.ResponseWriter, q *request) error {
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := cancellazioni.Elenco(q.Context(), a.Lettura, q.attore.Territorio.Ambito, cancellazione.Stato(q.URL.Query().Get("stato")), chiesta)
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
	return elencati(w, q, chiesta, pagina, func(v cancellazioni.Voce) vistaCancellazione {
		return vistaCancellazione{
			ID: v.ID, Tipo: v.Tipo, Caso: v.Caso, Quale: v.Quale, Ambito: v.Ambito, Base: v.Base, Riferimento: v.Riferimento, Stato: v.Stato, Fine: v.Fine,
			RichiestaDa: nomi.di(v.RichiestaDa.UUID), DecisaDa: nomi.di(v.DecisaDa.UUID), Motivo: v.Motivo, Chiavi: v.Chiavi, Valori: v.Valori,
			ProvataIl: quando(v.ProvataIl),
		}
	})
}
