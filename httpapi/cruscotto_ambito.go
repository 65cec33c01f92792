package httpapi

import (
	"cmp"
	"net/http"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/agenda"
	"nucleo/projections/ambiti"
	"nucleo/projections/carico"
	"nucleo/projections/cruscotto"
	"nucleo/projections/operatori"

	"github.com/google/uuid"
)

// quadroAmbito is the second section of the dashboard: the places, and who
// works in them.
type quadroAmbito struct {
	Ambito      string      `json:"ambito"`
	Comuni      []quadro    `json:"comuni"`
	Operatori   []inRuolo   `json:"operatori"`
	CaseManager []scrivania `json:"case_manager"`
	Scadenze    []orologi   `json:"scadenze"`
	Posizione   uint64      `json:"posizione"`
}

// quadro is one comune. It is covered when somebody coordinates and somebody
// carries cases there (ACC-24).
type quadro struct {
	Comune       comune `json:"comune"`
	Nuclei       *int   `json:"nuclei"`
	DaAssegnare  *int   `json:"da_assegnare"`
	Assegnati    *int   `json:"assegnati"`
	InCarico     *int   `json:"presi_in_carico"`
	Coordinatori int    `json:"coordinatori"`
	CaseManager  int    `json:"case_manager"`
	Coperto      bool   `json:"coperto"`
}

type inRuolo struct {
	Ruolo  domain.Ruolo `json:"ruolo"`
	Numero int          `json:"numero"`
}

// orologi are the clocks of a kind that run (domain rule 2.9).
type orologi struct {
	Tipo      caso.TipoScadenza `json:"tipo"`
	Superate  *int              `json:"superate"`  // ran out
	Imminenti *int              `json:"imminenti"` // end within a week
	Totale    *int              `json:"totale"`
}

// scrivania is the desk of a case manager.
type scrivania struct {
	ID        id.Operatore `json:"id"`
	Nome      string       `json:"nome"`
	Assegnati int          `json:"assegnati"`
	Carico    pesi         `json:"carico"`
}

func (a *API) cruscottoAmbito(w http.ResponseWriter, q *request) error {
	f, err := a.filtroCasi(q)
	if err != nil {
		return err
	}
	if f.Ambito = cmp.Or(f.Ambito, q.attore.Territorio.Ambito); f.Ambito == "" {
		return errSenzaAmbito.At("ambito")
	}
	a.atLeast(w, q)
	v, err := cruscotto.LeggiAmbito(q.Context(), a.Lettura, f)
	if err != nil {
		return err
	}
	out := quadroAmbito{Ambito: f.Ambito, Comuni: []quadro{}, Operatori: []inRuolo{}, CaseManager: []scrivania{}, Scadenze: []orologi{}, Posizione: q.posizione(v.Posizione)}
	if own := q.attore.Territorio.Ambito; own != "" && own != f.Ambito {
		return answer(w, http.StatusOK, out)
	}
	if out.Comuni, err = a.quadri(q, f, v.Comuni); err != nil {
		return err
	}
	organico, err := operatori.Organico(q.Context(), a.Lettura, f.Ambito, f.Comune, a.oggi())
	if err != nil {
		return err
	}
	for _, o := range organico {
		out.Operatori = append(out.Operatori, inRuolo{o.Ruolo, o.Operatori})
	}
	segue, err := a.segue(q, cruscotto.Filtro{Territorio: f.Territorio, Ambito: f.Ambito}) // the terms know no other filter
	if err == nil && segue(f.Comune) {
		out.Scadenze, err = a.orologi(q, f)
	}
	if err != nil {
		return err
	}
	if q.attore.Ruolo == domain.CoordinatorePaIS { // a desk is one person's
		out.CaseManager, err = a.scrivanie(q, v.CaseManager)
	}
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, out)
}

// quadri shows the comuni of an ambito that the caller may see, those without
// cases included.
func (a *API) quadri(q *request, f cruscotto.Filtro, contati []cruscotto.DelComune) ([]quadro, error) {
	tutti, err := ambiti.Comuni(q.Context(), a.Lettura, f.Ambito)
	if err != nil {
		return nil, err
	}
	conti, comuni := map[string]cruscotto.Conti{}, []string{}
	for _, c := range contati {
		conti[c.Comune] = c.Conti
		comuni = append(comuni, c.Comune)
	}
	for _, c := range tutti {
		if _, contato := conti[c]; !contato && q.attore.Territorio.Copre(f.Ambito, c) && (f.Comune == "" || f.Comune == c) {
			comuni = append(comuni, c)
		}
	}
	presidi, err := operatori.Presidi(q.Context(), a.Lettura, f.Ambito, comuni, a.oggi())
	if err != nil {
		return nil, err
	}
	presidio := map[string]operatori.Presidio{}
	for _, c := range presidi {
		presidio[c.Comune] = c
	}
	inCarico, err := a.inCarico(q, f, comuni, conti)
	if err != nil {
		return nil, err
	}
	righe := make([]quadro, len(comuni))
	for i, c := range comuni {
		n := q.conti(conti[c].Nuclei, conti[c].DaAssegnare, conti[c].Assegnati)
		righe[i] = quadro{
			Comune: comuneDi(c), Nuclei: n[0], DaAssegnare: n[1], Assegnati: n[2], InCarico: inCarico[i],
			Coordinatori: presidio[c].Coordinatori, CaseManager: presidio[c].CaseManager, Coperto: presidio[c].Coordinatori > 0 && presidio[c].CaseManager > 0,
		}
	}
	return righe, nil
}

// inCarico are the nuclei taken into care, comune by comune: to a coordinator,
// of those of which that may be told.
func (a *API) inCarico(q *request, f cruscotto.Filtro, comuni []string, conti map[string]cruscotto.Conti) ([]*int, error) {
	mostrati := make([]*int, len(comuni))
	segue, err := a.segue(q, f)
	if err != nil {
		return nil, err
	}
	for i, c := range comuni {
		mostrati[i] = q.avanzano(segue(c), conti[c].InCarico)[0]
	}
	return mostrati, nil
}

// orologi counts the clocks that run in what the caller sees of an ambito.
func (a *API) orologi(q *request, f cruscotto.Filtro) ([]orologi, error) {
	dove := domain.Territorio{Ambito: f.Ambito, Comuni: q.attore.Territorio.Comuni}
	if f.Comune != "" {
		if !q.attore.Territorio.Copre(f.Ambito, f.Comune) {
			return []orologi{}, nil
		}
		dove.Comuni = []string{f.Comune}
	}
	conteggi, err := agenda.Conteggi(q.Context(), a.Lettura, dove, suoi(q), a.oggi())
	righe := make([]orologi, len(conteggi))
	for i, c := range conteggi {
		n := q.conti(c.Superate, c.Imminenti, c.Totale)
		righe[i] = orologi{c.Tipo, n[0], n[1], n[2]}
	}
	return righe, err
}

// scrivanie shows desks with the load that the selector has: of all cases, also
// where one comune is asked for (ambiguity 9.31).
func (a *API) scrivanie(q *request, desks []cruscotto.DelCaseManager) ([]scrivania, error) {
	ids, cm := make([]uuid.UUID, len(desks)), make([]id.Operatore, len(desks))
	for i, d := range desks {
		ids[i], cm[i] = d.CaseManager.UUID, d.CaseManager
	}
	nomi, err := a.nomi(q.Context(), ids...)
	if err != nil {
		return nil, err
	}
	carichi, err := carico.Di(q.Context(), a.Lettura, cm...)
	righe := make([]scrivania, len(desks))
	for i, d := range desks {
		c := carichi[d.CaseManager]
		righe[i] = scrivania{d.CaseManager, nomi.di(d.CaseManager.UUID).Nome, d.Assegnati, pesi{c.DaMonitorare, c.Monitorati}}
	}
	return righe, err
}
