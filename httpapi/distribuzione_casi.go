package httpapi

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/domain/processo"
	"nucleo/projections/distribuzioni"
)

// scelta is what a run chose for a case, and why. Of the nucleo it says nothing.
type scelta struct {
	Numero      int                  `json:"numero"`
	Caso        id.Caso              `json:"caso_id"`
	IDDomanda   string               `json:"id_domanda"`
	Comune      comune               `json:"comune"`
	CaseManager *nominato            `json:"case_manager,omitempty"` // absent: nobody could be given it
	Esito       distribuzioni.Esito  `json:"esito"`
	Motivo      processo.MotivoSalto `json:"motivo,omitempty"`
	Spiegazione spiegazione          `json:"spiegazione"`
}

// spiegazione is what a choice was made by.
type spiegazione struct {
	Carico      int           `json:"carico"`
	NellaCorsa  int           `json:"nella_corsa"`
	Idonei      int           `json:"idonei"`
	Assenti     int           `json:"assenti"`
	Alternative []alternativa `json:"alternative"`
}

type alternativa struct {
	CaseManager nominato `json:"case_manager"`
	Carico      int      `json:"carico"`
	NellaCorsa  int      `json:"nella_corsa"`
}

// casiDistribuiti answers a page of the cases of a run.
func (a *API) casiDistribuiti(w http.ResponseWriter, q *request) error {
	v, _, err := a.proceduraChiesta(w, q)
	if err != nil {
		return err
	}
	chiesto, chiesta := q.URL.Query(), q.chiesta()
	filtro := distribuzioni.FiltroCasi{Esito: distribuzioni.Esito(chiesto.Get("esito")), Motivo: processo.MotivoSalto(chiesto.Get("motivo"))}
	if cm, err := uuid.Parse(chiesto.Get("case_manager_id")); err == nil {
		filtro.CaseManager = id.Operatore{UUID: cm}
	}
	pagina, err := distribuzioni.Casi(q.Context(), a.Lettura, v, filtro, chiesta)
	if err != nil {
		return err
	}
	scelte := make([]processo.Scelta, len(pagina.Voci))
	for n, v := range pagina.Voci {
		if scelte[n], err = v.Come(); err != nil {
			return err
		}
	}
	nomi, err := a.nomiScelte(q, scelte)
	if err != nil {
		return err
	}
	n := 0
	return elencati(w, q, chiesta, pagina, func(v distribuzioni.VoceCaso) scelta {
		n++
		return mostraScelta(v.Numero, scelte[n-1], v.Esito, v.Motivo, nomi)
	})
}

func (a *API) nomiScelte(q *request, scelte []processo.Scelta) (nomi, error) {
	var ids []uuid.UUID
	for _, s := range scelte {
		ids = append(ids, s.CaseManager.UUID)
		for _, alt := range s.Alternative {
			ids = append(ids, alt.CaseManager.UUID)
		}
	}
	return a.nomi(q.Context(), ids...)
}

func mostraScelta(numero int, s processo.Scelta, esito distribuzioni.Esito, motivo processo.MotivoSalto, nomi nomi) scelta {
	v := scelta{
		Numero: numero, Caso: s.Caso, IDDomanda: s.IDDomanda, Comune: comuneDi(s.Comune), CaseManager: nomi.di(s.CaseManager.UUID), Esito: esito, Motivo: motivo,
		Spiegazione: spiegazione{s.Carico, s.NellaCorsa, s.Idonei, s.Assenti, []alternativa{}},
	}
	for _, alt := range s.Alternative {
		v.Spiegazione.Alternative = append(v.Spiegazione.Alternative, alternativa{*nomi.di(alt.CaseManager.UUID), alt.Carico, alt.NellaCorsa})
	}
	return v
}

// proposta is what a run would choose now.
type proposta struct {
	Totale         int          `json:"totale"`
	Assegnabili    int          `json:"assegnabili"`
	SenzaOperatore int          `json:"senza_operatore"`
	CaseManager    []primaEDopo `json:"case_manager"`
	Casi           []scelta     `json:"casi"` // the first ones
}

// primaEDopo is the load of a case manager before a run and after it.
type primaEDopo struct {
	nominato
	Prima   int  `json:"carico_prima"`
	Dopo    int  `json:"carico_dopo"`
	Assente bool `json:"assente"`
}

// massimoProposte bounds the cases that a proposal tells one by one.
const massimoProposte = 100

func (a *API) proponi(w http.ResponseWriter, q *request, req commands.Request, filtro distribuzione.Filtro) error {
	a.atLeast(w, q)
	scelte, foto, err := a.Comandi.ProponiAssegnazioneAutomatica(q.Context(), req, filtro)
	if err != nil {
		return err
	}
	prime := scelte[:min(len(scelte), massimoProposte)]
	nomi, err := a.nomiScelte(q, prime)
	if err != nil {
		return err
	}
	out := proposta{Totale: len(scelte), CaseManager: []primaEDopo{}, Casi: make([]scelta, len(prime))}
	dati := map[id.Operatore]int{}
	for _, s := range scelte {
		if dati[s.CaseManager]++; s.CaseManager.IsZero() {
			out.SenzaOperatore++
		}
	}
	out.Assegnabili = out.Totale - out.SenzaOperatore
	for n, s := range prime {
		out.Casi[n] = mostraScelta(n, s, distribuzioni.DaFare, "", nomi)
	}
	out.CaseManager, err = a.primaEDopo(q, foto.Candidati, dati)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, out)
}

// primaEDopo are the case managers whom a plan concerns, by name: those whom
// it gives cases, and those who share a comune with the caller.
func (a *API) primaEDopo(q *request, candidati []processo.Candidato, dati map[id.Operatore]int) ([]primaEDopo, error) {
	ids := make([]uuid.UUID, len(candidati))
	for n, c := range candidati {
		ids[n] = c.Operatore.UUID
	}
	nomi, err := a.nomi(q.Context(), ids...)
	if err != nil {
		return nil, err
	}
	out := []primaEDopo{}
	for _, c := range candidati {
		if slices.ContainsFunc(c.Territori, q.attore.Territorio.Incrocia) {
			out = append(out, primaEDopo{*nomi.di(c.Operatore.UUID), c.Carico, c.Carico + dati[c.Operatore], c.Assente})
		}
	}
	slices.SortFunc(out, func(a, b primaEDopo) int {
		return cmp.Or(cmp.Compare(a.Nome, b.Nome), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return out[:min(len(out), massimoIntera)], nil
}
