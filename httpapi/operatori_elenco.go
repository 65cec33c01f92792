package httpapi

import (
	"net/http"

	"nucleo/domain"
	"nucleo/projections/operatori"
)

// operatori answers who works on the platform, by name. Who administers an
// ambito sees those who have, or had, a role there, and their roles there. No
// name is searched for: it would stand in the address.
func (a *API) operatori(w http.ResponseWriter, q *request) error {
	p, chiesto := q.pagina(), q.URL.Query()
	filtro := operatori.Filtro{
		Ambito: chiesto.Get("ambito"), Ruolo: domain.Ruolo(chiesto.Get("ruolo")), Comune: chiesto.Get("comune"), Stato: operatori.Stato(chiesto.Get("stato")),
		Limite: p.limite, Cursore: p.cursore, Oggi: a.oggi(),
	}
	out := lista[operatoreCompleto]{Items: []operatoreCompleto{}, Limit: p.limite}
	proprio := q.attore.Territorio.Ambito
	if proprio != "" && filtro.Ambito != "" && filtro.Ambito != proprio {
		out.conta(0, true)
		return answer(w, http.StatusOK, out)
	}
	if proprio != "" {
		filtro.Ambito = proprio
	}
	a.atLeast(w, q)
	pagina, err := operatori.Elenco(q.Context(), a.Lettura, filtro)
	if err != nil {
		return err
	}
	out.NextCursor, out.Links, out.Posizione = pagina.Cursore, q.next(pagina.Cursore), pagina.Posizione
	out.conta(pagina.Totale, true)
	for _, o := range pagina.Voci {
		out.Items = append(out.Items, mostraOperatore(o, proprio))
	}
	return answer(w, http.StatusOK, out)
}

// mostraOperatore shows an operator with the roles in one ambito, or all.
func mostraOperatore(o operatori.Operatore, ambito string) operatoreCompleto {
	v := operatoreCompleto{ID: o.ID, CodiceFiscale: o.CodiceFiscale, Cognome: o.Cognome, Nome: o.Nome, Sospeso: o.Sospeso, Accreditamenti: []accreditamento{}}
	for _, r := range o.Accreditamenti {
		if ambito == "" || ambito == r.Ambito {
			v.Accreditamenti = append(v.Accreditamenti, accreditamento{r.ID, r.Ruolo, r.Ambito, nonNil(r.Comuni), r.Livello, r.Fondo, r.Dal, r.Revocato})
		}
	}
	return v
}
