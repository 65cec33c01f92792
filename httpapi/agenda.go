package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/agenda"
)

// impegnato is a meeting of the agenda (domain rule 7.13). Of the nucleo it
// names the domanda alone.
type impegnato struct {
	ID        id.Incontro        `json:"id"`
	Caso      id.Caso            `json:"caso_id"`
	IDDomanda string             `json:"id_domanda"`
	Comune    comune             `json:"comune"`
	Inizio    time.Time          `json:"inizio"`
	Durata    int                `json:"durata_minuti"`
	Luogo     string             `json:"luogo,omitempty"`
	Operatore *nominato          `json:"operatore"` // null: the case waits for a case manager
	Stato     caso.StatoIncontro `json:"stato"`
}

// agenda answers a page of meetings: a case manager's with own cases, and all
// of the territory for who looks after meetings.
func (a *API) agenda(w http.ResponseWriter, q *request) error {
	filtro, err := a.filtroAgenda(q)
	if err != nil {
		return err
	}
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := agenda.Incontri(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.Operatore.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v agenda.Impegnato) impegnato {
		if a.mascherato {
			v.Luogo = ""
		}
		return impegnato{
			ID: v.Incontro, Caso: v.Caso, IDDomanda: v.IDDomanda, Comune: comuneDi(v.Comune), Inizio: v.Inizio.UTC(), Durata: v.Durata,
			Luogo: v.Luogo, Operatore: nomi.di(v.Operatore.UUID), Stato: v.Stato,
		}
	})
}

// suoi is whose cases the caller sees: a case manager own ones, others those of
// their territory.
func suoi(q *request) id.Operatore {
	if q.attore.Ruolo == domain.CaseManager {
		return id.Operatore{UUID: q.attore.ID}
	}
	return id.Operatore{}
}

func (a *API) filtroAgenda(q *request) (f agenda.FiltroIncontri, err error) {
	chiesto := q.URL.Query()
	f = agenda.FiltroIncontri{
		Territorio: q.attore.Territorio, CaseManager: suoi(q), Comune: chiesto.Get("comune"), Stato: caso.StatoIncontro(chiesto.Get("stato")),
	}
	if s := chiesto.Get("operatore"); s != "" {
		if f.Operatore.UUID, err = uuid.Parse(s); err != nil {
			return f, domain.ErrNonTrovato
		}
	}
	dal, al, err := q.periodo()
	f.Dal, f.Al = a.istanti(dal, al)
	return f, err
}
