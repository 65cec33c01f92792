package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/differenza"
)

// differenze is what changed in a case between two moments.
type differenze struct {
	Da    punto         `json:"da"`
	A     punto         `json:"a"`
	Items []cambiamento `json:"items"`
}

// punto is a place in the history of a case.
type punto struct {
	Versione uint64    `json:"versione"`
	Istante  time.Time `json:"istante"`
}

// cambiamento is a value that is not the same. Prima and Dopo are texts, and
// not there where the value was empty, zero or false.
type cambiamento struct {
	Percorso  string   `json:"percorso"`
	Prima     string   `json:"prima,omitempty"`
	Dopo      string   `json:"dopo,omitempty"`
	Personale bool     `json:"personale"` // and so masked
	Evento    autoreDi `json:"evento"`    // the last that changed it
}

// autoreDi says by which event a value changed, and who caused it.
type autoreDi struct {
	ID      uuid.UUID    `json:"id"`
	Numero  uint64       `json:"numero"`
	Tipo    string       `json:"tipo"`
	Istante time.Time    `json:"istante"`
	Attore  *nominato    `json:"attore"`
	Ruolo   domain.Ruolo `json:"ruolo"` // as it was then
}

// differenzeCaso answers what changed in a case from one moment to another,
// with personal data masked.
func (a *API) differenzeCaso(w http.ResponseWriter, q *request) error {
	c, err := q.caso()
	if err != nil {
		return err
	}
	da, err := a.momento(q, "da")
	if err != nil {
		return err
	}
	fino, err := a.momento(q, "a")
	if err != nil {
		return err
	}
	d, err := a.Comandi.DifferenzeCaso(q.Context(), c, da, fino)
	if err != nil {
		return err
	}
	a.guarda(q, c, d.Ambito)
	var attori []uuid.UUID
	for _, k := range d.Cambiamenti {
		attori = append(attori, k.Evento.Meta.Attore)
	}
	nomi, err := a.Comandi.NomiDi(q.Context(), attori...)
	if err != nil {
		return err
	}
	out := differenze{Da: puntoDi(d.Da), A: puntoDi(d.A), Items: []cambiamento{}}
	for _, k := range d.Cambiamenti {
		out.Items = append(out.Items, mostraCambiamento(k, nomi))
	}
	return answer(w, http.StatusOK, out)
}

func puntoDi(r domain.Recorded) punto { return punto{r.Version, r.Meta.Istante.UTC()} }

func mostraCambiamento(k commands.Cambiamento, nomi commands.Nomi) cambiamento {
	e, m := k.Evento, k.Evento.Meta
	return cambiamento{
		Percorso: k.Percorso, Prima: mascherato(k.Prima), Dopo: mascherato(k.Dopo), Personale: k.Personale(),
		Evento: autoreDi{e.ID, e.Version, e.Type, m.Istante.UTC(), allora{nomi, m.Istante}.di(m.Attore), m.Ruolo},
	}
}

func mascherato(v *differenza.Valore) string {
	if v == nil {
		return ""
	}
	return v.Mascherato()
}
