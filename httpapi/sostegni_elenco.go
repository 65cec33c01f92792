package httpapi

import (
	"net/http"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/sostegni"
)

// rigaSostegno is a sostegno as a referente sees it: of the nucleo a masked
// name and where it lives, and nothing of how far the case has come
// (ambiguity 9.32).
type rigaSostegno struct {
	ID        id.Sostegno        `json:"id"`
	Caso      id.Caso            `json:"caso_id"`
	IDDomanda string             `json:"id_domanda"`
	Cognome   string             `json:"cognome"`
	Nome      string             `json:"nome"`
	Misura    caso.Misura        `json:"misura"`
	Comune    comune             `json:"comune"`
	Tipo      caso.TipoSostegno  `json:"tipo"`
	Dal       giorno.Giorno      `json:"dal"`
	Stato     caso.StatoSostegno `json:"stato"`
	StatoDal  giorno.Giorno      `json:"stato_dal,omitzero"`
	Assegnato bool               `json:"assegnato"` // to a case manager, who alone leads it
}

// elencaSostegni answers a page of the sostegni of the caller's territory.
func (a *API) elencaSostegni(w http.ResponseWriter, q *request) error {
	chiesto, chiesta := q.URL.Query(), q.chiesta()
	filtro := sostegni.Filtro{
		Territorio: q.attore.Territorio, Comune: chiesto.Get("comune"),
		Tipo: caso.TipoSostegno(chiesto.Get("tipo")), Stato: caso.StatoSostegno(chiesto.Get("stato")),
	}
	if chiesto.Has("assegnato") {
		si := chiesto.Get("assegnato") == "true"
		filtro.Assegnato = &si
	}
	a.atLeast(w, q)
	pagina, err := sostegni.Elenco(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v sostegni.Voce) rigaSostegno {
		return rigaSostegno{
			ID: v.Sostegno, Caso: v.Caso, IDDomanda: v.IDDomanda, Cognome: personale.MascheraNome(v.Cognome), Nome: personale.MascheraNome(v.Nome),
			Misura: v.Misura, Comune: comuneDi(v.Comune), Tipo: v.Tipo, Dal: v.Dal, Stato: v.Stato, StatoDal: v.StatoDal, Assegnato: v.Assegnato,
		}
	})
}
