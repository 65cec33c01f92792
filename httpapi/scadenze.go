package httpapi

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/agenda"
	"nucleo/projections/cruscotto"
	"nucleo/projections/nuclei"
)

// rigaScadenza is a clock that runs on a case (domain rule 7.14).
type rigaScadenza struct {
	Caso          id.Caso           `json:"caso_id"`
	IDDomanda     string            `json:"id_domanda"`
	Comune        comune            `json:"comune"`
	Tipo          caso.TipoScadenza `json:"tipo"`
	Scadenza      giorno.Giorno     `json:"scadenza"`
	GiorniResidui int               `json:"giorni_residui"` // less than none once it ran out
	Stato         string            `json:"stato"`
}

// The states of a clock.
const (
	scadenzaInCorso  = "IN_CORSO"
	scadenzaSuperata = "SUPERATA"
)

func mostraScadenza(v agenda.InCorso, oggi giorno.Giorno) rigaScadenza {
	r := rigaScadenza{
		Caso: v.Caso, IDDomanda: v.IDDomanda, Comune: comuneDi(v.Comune), Tipo: v.Tipo, Scadenza: v.Scadenza,
		GiorniResidui: int(v.Scadenza - oggi), Stato: scadenzaInCorso,
	}
	if v.Scadenza < oggi {
		r.Stato = scadenzaSuperata
	}
	return r
}

// filtroScadenze is what the query asks for of some kinds of clocks.
func (a *API) filtroScadenze(q *request, tipi []caso.TipoScadenza) agenda.FiltroScadenze {
	chiesto := q.URL.Query()
	f := agenda.FiltroScadenze{Territorio: q.attore.Territorio, CaseManager: suoi(q), Tipi: tipi, Comune: chiesto.Get("comune"), Oggi: a.oggi()}
	if t := caso.TipoScadenza(chiesto.Get("tipo")); t != "" {
		f.Tipi = []caso.TipoScadenza{t}
		if tipi != nil && !slices.Contains(tipi, t) {
			f.Tipi = []caso.TipoScadenza{""} // none that the caller follows
		}
	}
	if n, err := strconv.Atoi(chiesto.Get("entro_giorni")); err == nil {
		f.Entro = &n
	}
	if s := chiesto.Get("stato"); s != "" {
		superate := s == scadenzaSuperata
		f.Superate = &superate
	}
	return f
}

// elencaScadenze answers a page of the clocks that run: to a case manager all of
// own cases, to who looks after meetings those that meetings stop.
func (a *API) elencaScadenze(w http.ResponseWriter, q *request) error {
	var tipi []caso.TipoScadenza
	if q.attore.Ruolo == domain.ResponsabileIncontri {
		tipi = agenda.DegliIncontri
	}
	filtro, chiesta := a.filtroScadenze(q, tipi), q.chiesta()
	a.atLeast(w, q)
	pagina, err := agenda.Scadenze(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v agenda.InCorso) rigaScadenza { return mostraScadenza(v, filtro.Oggi) })
}

// conteggio is how many clocks of a kind run: all that a coordinator is told.
type conteggio struct {
	Tipo      caso.TipoScadenza `json:"tipo"`
	Superate  int               `json:"superate"`
	Imminenti int               `json:"entro_sette_giorni"`
	Totale    int               `json:"totale"`
}

func (a *API) contaScadenze(w http.ResponseWriter, q *request) error {
	a.atLeast(w, q)
	conti, err := agenda.Conteggi(q.Context(), a.Lettura, q.attore.Territorio, id.Operatore{}, a.oggi())
	if err != nil {
		return err
	}
	segue, err := a.segue(q, cruscotto.Filtro{Territorio: q.attore.Territorio})
	if err != nil {
		return err
	}
	out := intera[conteggio]{Items: []conteggio{}, Limit: massimoIntera}
	for _, c := range conti {
		if segue("") || c.Tipo == caso.Segnalazione10 { // the others tell how far a case has come
			out.Items = append(out.Items, conteggio(c))
		}
	}
	return answer(w, http.StatusOK, out)
}

// daVedere is a nucleo that has to come (domain rule 7.19): who looks after
// meetings reaches it by its contacts, and knows its people by masked names.
type daVedere struct {
	rigaScadenza
	Misura           caso.Misura   `json:"misura"`
	Cognome          string        `json:"cognome"`
	Nome             string        `json:"nome"`
	Recapiti         caso.Recapiti `json:"recapiti"`
	Componenti       []membro      `json:"componenti"`
	InSospeso        time.Time     `json:"incontro_in_sospeso,omitzero"` // planned before today, and nobody said how it went
	ProssimoIncontro time.Time     `json:"prossimo_incontro,omitzero"`
}

type membro struct {
	ID        id.Componente `json:"id"`
	Cognome   string        `json:"cognome"`
	Nome      string        `json:"nome"`
	Relazione string        `json:"relazione"`
}

// incontriDaRegistrare answers a page of the nuclei of the territory whose
// coming is to be registered.
func (a *API) incontriDaRegistrare(w http.ResponseWriter, q *request) error {
	filtro, chiesta := a.filtroScadenze(q, agenda.DaIncontrare), q.chiesta()
	a.atLeast(w, q)
	pagina, err := agenda.IncontriDaRegistrare(q.Context(), a.Lettura, filtro, a.alba(filtro.Oggi), chiesta)
	if err != nil {
		return err
	}
	var casi []id.Caso
	for _, v := range pagina.Voci {
		casi = append(casi, v.Caso)
	}
	persone, err := nuclei.Di(q.Context(), a.Lettura, casi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v agenda.DaVedere) daVedere {
		if a.mascherato {
			v.Telefono, v.Cellulare, v.Email = "", "", ""
		}
		r := daVedere{
			rigaScadenza: mostraScadenza(v.InCorso, filtro.Oggi), Misura: v.Misura, Cognome: personale.MascheraNome(v.Cognome), Nome: personale.MascheraNome(v.Nome),
			Recapiti: caso.Recapiti{Telefono: v.Telefono, Cellulare: v.Cellulare, Email: v.Email}, Componenti: []membro{},
			InSospeso: v.InSospeso.UTC(), ProssimoIncontro: v.ProssimoIncontro.UTC(),
		}
		for _, p := range persone[v.Caso] {
			r.Componenti = append(r.Componenti, membro{p.Componente, personale.MascheraNome(p.Cognome), personale.MascheraNome(p.Nome), p.Relazione})
		}
		return r
	})
}
