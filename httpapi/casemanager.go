package httpapi

import (
	"fmt"
	"net/http"
	"strings"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/ambiti"
	"nucleo/projections/carico"
	"nucleo/projections/operatori"
)

// idoneo is a case manager who may be given a case of a comune (GEPI-31).
type idoneo struct {
	ID      id.Operatore `json:"id"`
	Nome    string       `json:"nome"`
	Livello string       `json:"livello"`
	Carico  pesi         `json:"carico"`
	Fondo   string       `json:"fondo,omitempty"`
	Comuni  []comune     `json:"comuni"` // none: the whole ambito
	// IndisponibileFino warns who assigns to somebody who is away today, which
	// nothing forbids; Indisponibilita says when they are, now and later.
	IndisponibileFino giorno.Giorno `json:"indisponibile_fino,omitzero"`
	Indisponibilita   []assenza     `json:"indisponibilita"`
	// Etichetta is how the selector of GePI names them.
	Etichetta string `json:"etichetta"`
}

// pesi are the two workload numbers (GEPI-32..34).
type pesi struct {
	NonInMonitoraggio int `json:"non_in_monitoraggio"`
	InMonitoraggio    int `json:"in_monitoraggio"`
}

// caseManager answers who may be given a case of a comune, by name. A comune
// outside of the caller's territory has nobody.
func (a *API) caseManager(w http.ResponseWriter, q *request) error {
	codice := strings.ToUpper(q.URL.Query().Get("comune"))
	a.atLeast(w, q)
	ambito, found, err := ambiti.Di(q.Context(), a.Lettura, codice)
	if err != nil {
		return err
	}
	out := intera[idoneo]{Items: []idoneo{}, Limit: massimoIntera}
	if !found || !q.attore.Territorio.Copre(ambito, codice) {
		return answer(w, http.StatusOK, out)
	}
	idonei, err := operatori.CaseManager(q.Context(), a.Lettura, ambito, codice, a.oggi())
	if err != nil {
		return err
	}
	idonei = idonei[:min(len(idonei), massimoIntera)]
	ids := make([]id.Operatore, len(idonei))
	for i, o := range idonei {
		ids[i] = o.Operatore
	}
	carichi, err := carico.Di(q.Context(), a.Lettura, ids...)
	if err != nil {
		return err
	}
	for _, o := range idonei {
		out.Items = append(out.Items, mostraIdoneo(o, carichi[o.Operatore], a.oggi()))
	}
	return answer(w, http.StatusOK, out)
}

func mostraIdoneo(o operatori.Idoneo, c carico.Conti, oggi giorno.Giorno) idoneo {
	v := idoneo{
		ID: o.Operatore, Nome: nomeCompleto(o.Nome, o.Cognome), Livello: o.Livello, Fondo: o.Fondo,
		Carico: pesi{c.DaMonitorare, c.Monitorati}, Comuni: []comune{},
		IndisponibileFino: operatore.AssenteFino(o.Assenze, oggi), Indisponibilita: []assenza{},
	}
	for _, p := range o.Assenze {
		v.Indisponibilita = append(v.Indisponibilita, assenza{p.ID, p.Dal, p.Al})
	}
	for _, codice := range o.Comuni {
		v.Comuni = append(v.Comuni, comuneDi(codice))
	}
	v.Etichetta = fmt.Sprintf("%s - %s (%d / %d)", v.Livello, v.Nome, c.DaMonitorare, c.Monitorati)
	if v.Fondo != "" {
		v.Etichetta += " - " + v.Fondo
	}
	return v
}

// nomeCompleto is a name as people say it.
func nomeCompleto(nome, cognome string) string { return strings.TrimSpace(nome + " " + cognome) }
