package httpapi

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/projections/cronologia"
)

// passo is one event of the chronology of a case.
type passo struct {
	Numero     uint64            `json:"numero"` // from 1
	Evento     cronologia.Evento `json:"evento"`
	Da         *nominato         `json:"da,omitempty"`
	A          *nominato         `json:"a,omitempty"`
	EseguitaDa *nominato         `json:"eseguita_da"`
	Ruolo      domain.Ruolo      `json:"ruolo"`
	Modalita   caso.Modalita     `json:"modalita"`
	Fondo      caso.Fondo        `json:"fondo,omitempty"`
	Motivo     string            `json:"motivo,omitempty"`
	Nota       string            `json:"nota,omitempty"`
	Comune     comune            `json:"comune"` // where the case lay then
	Istante    time.Time         `json:"istante"`
}

// cronologia answers who gave a case to whom, and when (GEPI-46). Reasons are
// free text, and masked for an auditor.
func (a *API) cronologia(w http.ResponseWriter, q *request) error {
	c, _, err := a.casoVisibile(q)
	if err != nil {
		return err
	}
	a.atLeast(w, q)
	voci, err := cronologia.Di(q.Context(), a.Lettura, c)
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, v := range voci {
		ids = append(ids, v.Da.UUID, v.A.UUID, v.EseguitaDa)
	}
	nomi, err := a.nomi(q.Context(), ids...)
	if err != nil {
		return err
	}
	out := intera[passo]{Items: []passo{}, Limit: massimoIntera}
	for _, v := range voci {
		out.Items = append(out.Items, mostraPasso(v, nomi))
	}
	return answer(w, http.StatusOK, out)
}

func mostraPasso(v cronologia.Voce, nomi nomi) passo {
	return passo{
		Numero: v.Seq, Evento: v.Evento, Da: nomi.di(v.Da.UUID), A: nomi.di(v.A.UUID), EseguitaDa: nomi.di(v.EseguitaDa),
		Ruolo: v.Ruolo, Modalita: v.Modalita, Fondo: v.Fondo, Motivo: v.Motivo, Nota: v.Nota, Comune: comuneDi(v.Comune), Istante: v.Istante,
	}
}
