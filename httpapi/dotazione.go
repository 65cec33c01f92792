package httpapi

import (
	"net/http"

	"github.com/gorilla/mux"

	"nucleo/commands"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/projections/operatori"
)

// convenzione is the agreement of a comune, or of the body that carries out the
// association, as the API shows it.
type convenzione struct {
	Comune     *comune          `json:"comune,omitempty"`
	Ente       string           `json:"ente,omitempty"`
	Data       giorno.Giorno    `json:"data"`
	Firmatario string           `json:"firmatario"`
	Qualifica  ambito.Qualifica `json:"qualifica,omitempty"` // none before it was asked for
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
		out.Convenzioni = append(out.Convenzioni, convenzione{seComune(c.Comune), c.Ente, c.Data, c.Firmatario, c.Qualifica})
	}
	for _, d := range stato.Deleghe {
		out.Deleghe = append(out.Deleghe, delega{comuneDi(d.Comune), d.Data, d.Atto, d.PEC})
	}
	for _, m := range stato.Dotazione(incarichi[codice]) {
		out.Mancanze = append(out.Mancanze, mancanza{Comune: seComune(m.Comune), Codice: m.Codice, Descrizione: m.Descrizione})
	}
	out.Completa = len(out.Mancanze) == 0
	return answer(w, http.StatusOK, out)
}

// seComune is a comune, where there is one.
func seComune(codice string) *comune {
	if codice == "" {
		return nil
	}
	c := comuneDi(codice)
	return &c
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
		Comune     string           `json:"comune"`
		Ente       string           `json:"ente"`
		Data       giorno.Giorno    `json:"data"`
		Firmatario string           `json:"firmatario"`
		Qualifica  ambito.Qualifica `json:"qualifica"`
	}
	return a.cambiaAmbito(w, q, &in, func(req commands.Request, codice string) (commands.Ambito, error) {
		return a.Comandi.SottoscriviConvenzione(q.Context(), req, codice, ambito.SottoscriviConvenzione{
			Comune: in.Comune, Ente: in.Ente, Data: in.Data, Firmatario: in.Firmatario, Qualifica: in.Qualifica,
		})
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
