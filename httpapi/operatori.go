package httpapi

import (
	"net/http"
	"slices"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

// accreditamento is one role of an operator, as the API shows it.
type accreditamento struct {
	ID       id.Accreditamento `json:"id"`
	Ruolo    domain.Ruolo      `json:"ruolo"`
	Ambito   string            `json:"ambito,omitempty"`
	Comuni   []string          `json:"comuni"`
	Livello  string            `json:"livello"`
	Fondo    string            `json:"fondo,omitempty"`
	Dal      giorno.Giorno     `json:"dal"`
	Sospeso  bool              `json:"sospeso"` // may not be acted under for a while
	Revocato bool              `json:"revocato"`
	Al       giorno.Giorno     `json:"al,omitzero"` // when it was revoked, in lists
}

// nonNil is a list that shows as [] when it is empty (ModI).
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func mostra(a operatore.Accreditamento) accreditamento {
	return accreditamento{
		ID: a.ID, Ruolo: a.Ruolo, Ambito: a.Territorio.Ambito, Comuni: nonNil(a.Territorio.Comuni), Livello: a.Livello(), Fondo: a.Fondo, Dal: a.Dal, Sospeso: a.Sospeso, Revocato: a.Revocato,
	}
}

// operatoreCompleto is an operator with all accreditations, present and past.
type operatoreCompleto struct {
	ID             id.Operatore     `json:"id"`
	CodiceFiscale  string           `json:"codice_fiscale"`
	Cognome        string           `json:"cognome"`
	Nome           string           `json:"nome"`
	Sospeso        bool             `json:"sospeso"` // may not act, whatever the roles
	Accreditamenti []accreditamento `json:"accreditamenti"`
}

func (a *API) registraOperatore(w http.ResponseWriter, q *request) error {
	var in struct {
		CodiceFiscale string        `json:"codice_fiscale"`
		Cognome       string        `json:"cognome"`
		Nome          string        `json:"nome"`
		DataNascita   giorno.Giorno `json:"data_nascita"`
		ComuneNascita string        `json:"comune_nascita"`
		Genere        string        `json:"genere"`
		Email         string        `json:"email"`
		Telefono      string        `json:"telefono"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	o, esito, err := a.Comandi.RegistraOperatore(q.Context(), req, operatore.Registra{Dati: operatore.Registrato(in), Completa: true})
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	w.Header().Set("Location", Base+"/operatori/"+o.String())
	return answer(w, http.StatusCreated, struct {
		ID        id.Operatore `json:"id"`
		Posizione uint64       `json:"posizione,omitempty"`
	}{o, esito.Posizione})
}

func (a *API) operatore(w http.ResponseWriter, q *request) error {
	var o id.Operatore
	if err := q.pathValue("operatore", &o); err != nil {
		return err
	}
	stato, err := a.Comandi.Operatore(q.Context(), o)
	if err != nil {
		return err
	}
	if err := commands.VedeOperatore(q.attore, stato); err != nil {
		return err
	}
	out := operatoreConAssenze{
		operatoreCompleto{ID: o, CodiceFiscale: stato.CodiceFiscale, Cognome: stato.Cognome, Nome: stato.Nome, Sospeso: stato.Sospeso, Accreditamenti: []accreditamento{}}, mostraAssenze(stato), mostraRifiuti(stato),
	}
	for _, acc := range stato.Accreditamenti {
		if q.attore.Territorio.Ambito == "" || q.attore.Territorio.Ambito == acc.Territorio.Ambito {
			out.Accreditamenti = append(out.Accreditamenti, mostra(acc))
		}
	}
	return answer(w, http.StatusOK, out)
}

func (a *API) accredita(w http.ResponseWriter, q *request) error {
	var in struct {
		Ruolo      domain.Ruolo        `json:"ruolo"`
		Ambito     string              `json:"ambito"`
		Comuni     []string            `json:"comuni"`
		Fondo      string              `json:"fondo"`
		Dal        giorno.Giorno       `json:"dal"`
		Protocollo string              `json:"richiesta_protocollo"` // of a request of which no more is known
		Richiesta  operatore.Richiesta `json:"richiesta,omitzero"`
	}
	var o id.Operatore
	if err := q.pathValue("operatore", &o); err != nil {
		return err
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	req, err := a.command(q, in)
	if err != nil {
		return err
	}
	if in.Richiesta.Protocollo == "" {
		in.Richiesta.Protocollo = in.Protocollo
	}
	if in.Protocollo != "" && in.Protocollo != in.Richiesta.Protocollo {
		return errChiaveDoppia
	}
	if in.Dal.IsZero() {
		in.Dal = a.oggi()
	}
	esito, err := a.Comandi.AccreditaRuolo(q.Context(), req, o, operatore.Accredita{
		Ruolo: in.Ruolo, Territorio: domain.Territorio{Ambito: in.Ambito, Comuni: in.Comuni}, Fondo: in.Fondo, Dal: in.Dal,
		Richiesta: in.Richiesta,
	})
	if err != nil {
		return err
	}
	a.await(w, q, esito.Posizione)
	acc := corrispondente(esito.Stato, in.Ruolo, domain.Territorio{Ambito: in.Ambito, Comuni: in.Comuni})
	w.Header().Set("Location", Base+"/operatori/"+o.String())
	return answer(w, http.StatusCreated, struct {
		accreditamento
		Posizione uint64 `json:"posizione,omitempty"`
	}{mostra(acc), esito.Posizione})
}

// corrispondente is the accreditation in force of a role on a territory.
func corrispondente(s operatore.State, ruolo domain.Ruolo, t domain.Territorio) (acc operatore.Accreditamento) {
	comuni := slices.Compact(slices.Sorted(slices.Values(t.Comuni)))
	for _, a := range s.Accreditamenti {
		if a.Ruolo == ruolo && a.Territorio.Ambito == t.Ambito && slices.Equal(a.Territorio.Comuni, comuni) && !a.Revocato {
			acc = a
		}
	}
	return acc
}
