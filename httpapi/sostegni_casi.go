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
}

// errSenzaCriterio refuses to find any case: a referente knows whom to look for.
var errSenzaCriterio = domain.Refuse(domain.Unprocessable, "ricerca.senza_criterio", "say whom to find: id_domanda, or codice_fiscale")

// casiPerSostegni finds the cases on which a referente may have a sostegno to
// give, by the domanda or by somebody in the nucleo, and by nothing less. Those
// that have a case manager are not theirs to find.
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
	pagina, err := casi.Cerca(q.Context(), a.Lettura, casi.Filtro{
		Lista: casi.DaAssegnare, Territorio: q.attore.Territorio, IDDomanda: in.IDDomanda, Persona: a.Pepe.Cieco(in.CodiceFiscale),
		Limite: limitePredefinito, Oggi: a.oggi(),
	})
	if err != nil {
		return err
	}
	for _, v := range pagina.Voci {
		out.Items = append(out.Items, casoDelReferente{
			ID: v.Caso, IDDomanda: v.IDDomanda, Cognome: personale.MascheraNome(v.Cognome), Nome: personale.MascheraNome(v.Nome),
			Misura: v.Misura, Comune: comuneDi(v.Comune),
		})
	}
	return answer(w, http.StatusOK, out)
}
