package httpapi

import (
	"net/http"

	"nucleo/domain"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// profilo is one of the roles that a person may act under.
type profilo struct {
	ID     id.Accreditamento `json:"id"`
	Ruolo  domain.Ruolo      `json:"ruolo"`
	Ambito string            `json:"ambito,omitempty"`
	Comuni []string          `json:"comuni"`
	Attivo bool              `json:"attivo"` // the one under which this request acts
}

func profiliDi(attivi []operatore.Accreditamento) []profilo {
	tutti := []profilo{}
	for _, a := range attivi {
		tutti = append(tutti, profilo{ID: a.ID, Ruolo: a.Ruolo, Ambito: a.Territorio.Ambito, Comuni: nonNil(a.Territorio.Comuni), Attivo: len(attivi) == 1})
	}
	return tutti
}

// mieiProfili answers who the caller is, and under which profiles they may act.
func (a *API) mieiProfili(w http.ResponseWriter, q *request) error {
	out := struct {
		Operatore string    `json:"operatore_id"`
		Nome      string    `json:"nome"`
		Profili   []profilo `json:"profili"`
	}{q.attore.ID.String(), q.chi.nome, profiliDi(q.chi.attivi)}
	if q.attore.Ruolo != "" { // a program
		out.Nome, out.Profili = "sistema-inps", []profilo{{Ruolo: q.attore.Ruolo, Comuni: []string{}, Attivo: true}}
	}
	scelto, err := q.scelto()
	for i := range out.Profili {
		out.Profili[i].Attivo = out.Profili[i].Attivo || err == nil && out.Profili[i].ID == scelto.ID
	}
	return answer(w, http.StatusOK, out)
}
