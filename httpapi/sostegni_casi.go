package httpapi

import (
	"net/http"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/casi"
)

// casoDelReferente is all that a referente sees of a case, beside its sostegni
// (ambiguity 9.32).
type casoDelReferente struct {
	ID        id.Caso     `json:"id"`
	IDDomanda string      `json:"id_domanda"`
	Cognome   string      `json:"cognome"`
	Nome      string      `json:"nome"`
	Misura    caso.Misura `json:"misura"`
	Comune    comune      `json:"comune"`
	Assegnato bool        `json:"assegnato"`
}

// errSenzaCriterio refuses to find any case: a referente knows whom to look for.
var errSenzaCriterio = domain.Refuse(domain.Unprocessable, "ricerca.senza_criterio", "say whom to find: id_domanda, or codice_fiscale")

// casiPerSostegni finds the open cases on which a referente may have a sostegno
// to give, by the domanda or by somebody in the nucleo, and by nothing less.
func (a *API) casiPerSostegni(w http.ResponseWriter, q *request) error {
	var in struct {
		IDDomanda     string `json:"id_domanda"`
		CodiceFiscale string `json:"codice_fiscale"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	if in.IDDomanda == "" && in.CodiceFiscale == "" {
		return errSenzaCriterio
	}
	a.atLeast(w, q)
	out := intera[casoDelReferente]{Items: []casoDelReferente{}, Limit: limitePredefinito}
	for _, l := range []casi.Lista{casi.DaAssegnare, casi.Assegnati} {
		pagina, err := casi.Cerca(q.Context(), a.Lettura, casi.Filtro{
			Lista: l, Territorio: q.attore.Territorio, IDDomanda: in.IDDomanda, CodiceFiscale: in.CodiceFiscale,
			Limite: limitePredefinito, Oggi: a.oggi(),
		})
		if err != nil {
			return err
		}
		for _, v := range pagina.Voci {
			out.Items = append(out.Items, casoDelReferente{
				ID: v.Caso, IDDomanda: v.IDDomanda, Cognome: personale.MascheraNome(v.Cognome), Nome: personale.MascheraNome(v.Nome),
				Misura: v.Misura, Comune: comuneDi(v.Comune), Assegnato: l == casi.Assegnati,
			})
		}
	}
	out.Items = out.Items[:min(len(out.Items), out.Limit)]
	return answer(w, http.StatusOK, out)
}
