package httpapi

import (
	"net/http"

	"nucleo/domain/id"
	"nucleo/projections/cruscotto"
)

// mieiConti is the dashboard of a case manager: the figures of own cases, those
// that are closed and still theirs included.
type mieiConti struct {
	Nuclei       *int                `json:"nuclei"`
	Assegnati    *int                `json:"assegnati"` // those of them that are open
	Carico       pesi                `json:"carico"`
	InCarico     *int                `json:"presi_in_carico"`
	Firmati      *int                `json:"pais_firmati"`
	Stati        []contoStato        `json:"stati"`
	Segnalazioni []contoSegnalazioni `json:"segnalazioni"`
	Avvio        tempoMedio          `json:"tempo_avvio"`
	Scadenze     []orologi           `json:"scadenze"`
	Posizione    uint64              `json:"posizione"`
}

func (a *API) cruscottoMiei(w http.ResponseWriter, q *request) error {
	f, err := a.filtroCruscotto(q)
	if err != nil {
		return err
	}
	f.Ambito = q.attore.Territorio.Ambito
	a.atLeast(w, q)
	m, err := cruscotto.LeggiMiei(q.Context(), a.Lettura, f, id.Operatore{UUID: q.attore.ID})
	if err != nil {
		return err
	}
	scadenze, err := a.orologi(q, f)
	if err != nil {
		return err
	}
	uno := func(n int) *int { return q.conti(n)[0] }
	return answer(w, http.StatusOK, mieiConti{
		Nuclei: uno(m.Nuclei), Assegnati: uno(m.Conti.Assegnati), Carico: pesi{m.DaMonitorare, m.Monitorati}, InCarico: uno(m.InCarico), Firmati: uno(m.Firmati),
		Stati: q.stati(true, m.Conti), Segnalazioni: q.segnalazioni(m.Conti), Avvio: q.tempo(m.Avvii, m.GiorniAvvio), Scadenze: scadenze, Posizione: q.posizione(m.Posizione),
	})
}
