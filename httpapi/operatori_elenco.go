package httpapi

import (
	"cmp"
	"net/http"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/personale"
	"nucleo/projections/elenco"
	"nucleo/projections/operatori"
)

// operatoreElencato is an operator in the list: the state is that of the
// accreditations that the search asks about.
type operatoreElencato struct {
	operatoreCompleto
	Stato operatori.Stato `json:"stato"`
}

// operatori answers who works on the platform. No name is searched for here: it
// would stand in the address.
func (a *API) operatori(w http.ResponseWriter, q *request) error {
	chiesto := q.URL.Query()
	return a.elencaOperatori(w, q, operatori.Filtro{
		Ambito: chiesto.Get("ambito"), Ruolo: domain.Ruolo(chiesto.Get("ruolo")), Comune: chiesto.Get("comune"),
		Fondo: chiesto.Get("fondo"), Stato: operatori.Stato(chiesto.Get("stato")),
	}, q.chiesta())
}

// cercaOperatori answers the same list by a body, where a name may stand.
func (a *API) cercaOperatori(w http.ResponseWriter, q *request) error {
	var in struct {
		Ambito string          `json:"ambito"`
		Ruolo  domain.Ruolo    `json:"ruolo"`
		Comune string          `json:"comune"`
		Fondo  string          `json:"fondo"`
		Stato  operatori.Stato `json:"stato"`
		Testo  string          `json:"testo"`
		Limit  int             `json:"limit"`
		Ordina string          `json:"ordina"`
		Verso  string          `json:"verso"`
		Cursor string          `json:"cursor"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	return a.elencaOperatori(w, q, operatori.Filtro{Ambito: in.Ambito, Ruolo: in.Ruolo, Comune: in.Comune, Fondo: in.Fondo, Stato: in.Stato, Testo: in.Testo},
		elenco.Richiesta{Limite: cmp.Or(in.Limit, limitePredefinito), Ordina: in.Ordina, Verso: in.Verso, Cursore: in.Cursor})
}

// elencaOperatori answers a page. Who administers an ambito sees those who
// have, or had, a role there, and their roles there.
func (a *API) elencaOperatori(w http.ResponseWriter, q *request, f operatori.Filtro, chiesta elenco.Richiesta) error {
	proprio := q.attore.Territorio.Ambito
	if proprio != "" && f.Ambito != "" && f.Ambito != proprio {
		return elencati(w, q, chiesta, elenco.Pagina[operatori.Voce]{}, a.mostraOperatore(proprio))
	}
	if proprio != "" {
		f.Ambito = proprio
	}
	f.Oggi = a.oggi()
	a.atLeast(w, q)
	pagina, err := operatori.Elenco(q.Context(), a.Lettura, f, chiesta)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, a.mostraOperatore(proprio))
}

// mostraOperatore shows an operator with the roles in one ambito, or all.
func (a *API) mostraOperatore(ambito string) func(operatori.Voce) operatoreElencato {
	return func(o operatori.Voce) operatoreElencato {
		if a.mascherato {
			o.CodiceFiscale = personale.MascheraCodice(o.CodiceFiscale)
		}
		v := operatoreElencato{operatoreCompleto{
			ID: o.ID, CodiceFiscale: o.CodiceFiscale, Cognome: o.Cognome, Nome: o.Nome, Sospeso: o.Sospeso, Accreditamenti: []accreditamento{},
		}, o.Stato}
		for _, r := range o.Accreditamenti {
			if ambito != "" && ambito != r.Ambito {
				continue
			}
			acc := accreditamento{
				ID: r.ID, Ruolo: r.Ruolo, Ambito: r.Ambito, Comuni: nonNil(r.Comuni), Livello: r.Livello, Fondo: r.Fondo, Dal: r.Dal, Sospeso: r.Sospeso, Revocato: r.Revocato,
			}
			if r.Revocato {
				acc.Al = giorno.Di(r.Al.In(a.Zona))
			}
			v.Accreditamenti = append(v.Accreditamenti, acc)
		}
		return v
	}
}
