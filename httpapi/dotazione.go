package httpapi

import (
	"net/http"

	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/projections/operatori"
)

// convenzione is the agreement of a comune, as the API shows it.
type convenzione struct {
	Comune     comune        `json:"comune"`
	Data       giorno.Giorno `json:"data"`
	Firmatario string        `json:"firmatario"`
}

// delega is by which act a comune left its duties to the ambito.
type delega struct {
	Comune comune        `json:"comune"`
	Data   giorno.Giorno `json:"data"`
	Atto   string        `json:"atto"`
	PEC    string        `json:"pec"`
}

// mancanza is something that an ambito needs and has not.
type mancanza struct {
	Comune      *comune               `json:"comune,omitempty"` // none for the ambito
	Codice      ambito.CodiceMancanza `json:"codice"`
	Descrizione string                `json:"descrizione"`
}

// dotazione answers the agreements and delegations of an ambito, and which
// people it lacks. To whoever administers another it does not exist.
func (a *API) dotazione(w http.ResponseWriter, q *request) error {
	codice := mux.Vars(q.Request)["ambito"]
	if di := q.attore.Territorio.Ambito; di != "" && di != codice {
		return ambito.ErrInesistente
	}
	stato, err := a.Comandi.Ambito(q.Context(), codice)
	if err != nil {
		return err
	}
	if stato.Codice == "" {
		return ambito.ErrInesistente
	}
	a.atLeast(w, q)
	incarichi, err := operatori.Incarichi(q.Context(), a.Lettura, a.oggi(), codice)
	if err != nil {
		return err
	}
	out := struct {
		Ambito      string        `json:"ambito"`
		Completa    bool          `json:"completa"`
		Convenzioni []convenzione `json:"convenzioni"`
		Deleghe     []delega      `json:"deleghe"`
		Mancanze    []mancanza    `json:"mancanze"`
	}{Ambito: codice, Convenzioni: []convenzione{}, Deleghe: []delega{}, Mancanze: []mancanza{}}
	for _, c := range stato.Convenzioni {
		out.Convenzioni = append(out.Convenzioni, convenzione{comuneDi(c.Comune), c.Data, c.Firmatario})
	}
	for _, d := range stato.Deleghe {
		out.Deleghe = append(out.Deleghe, delega{comuneDi(d.Comune), d.Data, d.Atto, d.PEC})
	}
	for _, m := range stato.Dotazione(incarichi[codice]) {
		v := mancanza{Codice: m.Codice, Descrizione: m.Descrizione}
		if m.Comune != "" {
			c := comuneDi(m.Comune)
			v.Comune = &c
		}
		out.Mancanze = append(out.Mancanze, v)
	}
	out.Completa = len(out.Mancanze) == 0
	return answer(w, http.StatusOK, out)
}

func (a *API) dissociaComune(w http.ResponseWriter, q *request) error {
	var in struct {
		Comune string `json:"comune"`
	}
	return a.cambiaAmbito(w, q, &in, func(req commands.Request, codice string) (commands.Ambito, error) {
		return a.Comandi.DissociaComune(q.Context(), req, codice, ambito.DissociaComune{Comune: in.Comune})
	})
}

func (a *API) sottoscriviConvenzione(w http.ResponseWriter, q *request) error {
	var in struct {
		Comune     string        `json:"comune"`
		Data       giorno.Giorno `json:"data"`
		Firmatario string        `json:"firmatario"`
	}
	return a.cambiaAmbito(w, q, &in, func(req commands.Request, codice string) (commands.Ambito, error) {
		return a.Comandi.SottoscriviConvenzione(q.Context(), req, codice, ambito.SottoscriviConvenzione{Comune: in.Comune, Data: in.Data, Firmatario: in.Firmatario})
	})
}

func (a *API) registraDelega(w http.ResponseWriter, q *request) error {
	var in struct {
		Comuni []string      `json:"comuni"`
		Data   giorno.Giorno `json:"data"`
		Atto   string        `json:"atto"`
		PEC    string        `json:"pec"`
	}
	return a.cambiaAmbito(w, q, &in, func(req commands.Request, codice string) (commands.Ambito, error) {
		return a.Comandi.RegistraDelega(q.Context(), req, codice, ambito.RegistraDelega{Comuni: in.Comuni, Data: in.Data, Atto: in.Atto, PEC: in.PEC})
	})
}

// cambiaAmbito carries out what is asked of an ambito.
func (a *API) cambiaAmbito(w http.ResponseWriter, q *request, in any, fa func(commands.Request, string) (commands.Ambito, error)) error {
	if err := q.decode(in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	esito, err := fa(req, mux.Vars(q.Request)["ambito"])
	return a.ambitoCambiato(w, q, esito, err)
}
