package httpapi

import (
	"net/http"

	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/projections/ambiti"
	"nucleo/projections/operatori"
)

// ambitoElencato is an ambito in the list: by what its comuni belong to it, and,
// to those who may read it whole, how much it lacks.
type ambitoElencato struct {
	ambitoVisto
	Convenzioni []convenzioneElencata `json:"convenzioni"`
	Deleghe     []delegaElencata      `json:"deleghe"`
	Dotazione   *dotazioneElencata    `json:"dotazione,omitempty"`
}

// convenzioneElencata and delegaElencata leave out the names and addresses that
// GET /ambiti/{ambito}/dotazione has.
type (
	convenzioneElencata struct {
		Comune *comune       `json:"comune,omitempty"`
		Ente   string        `json:"ente,omitempty"`
		Data   giorno.Giorno `json:"data"`
	}
	delegaElencata struct {
		Comune comune        `json:"comune"`
		Data   giorno.Giorno `json:"data"`
		Atto   string        `json:"atto"`
	}
	dotazioneElencata struct {
		Completa bool `json:"completa"`
		Mancanze int  `json:"mancanze"`
	}
)

// ambiti answers which ambiti there are: all of them, or the caller's own.
func (a *API) ambiti(w http.ResponseWriter, q *request) error {
	a.atLeast(w, q)
	chiesta := q.chiesta()
	pagina, err := ambiti.Elenco(q.Context(), a.Lettura, ambiti.Filtro{Ambito: q.attore.Territorio.Ambito, Testo: q.URL.Query().Get("q")}, chiesta)
	if err != nil {
		return err
	}
	if !puo(q.attore.Ruolo, leggeDotazione) {
		return elencati(w, q, chiesta, pagina, mostraAmbitoElencato)
	}
	codici := make([]string, len(pagina.Voci))
	for i, v := range pagina.Voci {
		codici[i] = v.Codice
	}
	incarichi, err := operatori.Incarichi(q.Context(), a.Lettura, a.oggi(), codici...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v ambiti.Voce) ambitoElencato {
		out := mostraAmbitoElencato(v)
		n := len(statoDi(v).Dotazione(incarichi[v.Codice]))
		out.Dotazione = &dotazioneElencata{n == 0, n}
		return out
	})
}

func mostraAmbitoElencato(v ambiti.Voce) ambitoElencato {
	out := ambitoElencato{
		ambitoVisto: mostraAmbito(v.Codice, v.Denominazione, v.Regione, v.Comuni, v.AutoapprovazioneVietata),
		Convenzioni: []convenzioneElencata{}, Deleghe: []delegaElencata{},
	}
	if v.Ente != "" {
		out.Convenzioni = append(out.Convenzioni, convenzioneElencata{Ente: v.Ente, Data: v.ConvenzioneEnte})
	}
	for _, d := range v.Adesioni {
		if !d.Convenzione.IsZero() {
			out.Convenzioni = append(out.Convenzioni, convenzioneElencata{Comune: seComune(d.Comune), Data: d.Convenzione})
		}
		if !d.Delega.IsZero() {
			out.Deleghe = append(out.Deleghe, delegaElencata{comuneDi(d.Comune), d.Delega, d.Atto})
		}
	}
	return out
}

// statoDi is what the rule of the staffing needs to know of an ambito in the
// list.
func statoDi(v ambiti.Voce) ambito.State {
	s := ambito.State{Codice: v.Codice, Comuni: v.Comuni}
	for _, d := range v.Adesioni {
		if !d.Convenzione.IsZero() {
			s.Convenzioni = append(s.Convenzioni, ambito.Convenzione{Comune: d.Comune, Data: d.Convenzione})
		}
		if !d.Delega.IsZero() {
			s.Deleghe = append(s.Deleghe, ambito.Delega{Comune: d.Comune, Data: d.Delega, Atto: d.Atto})
		}
	}
	return s
}
