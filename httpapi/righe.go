package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/belfiore"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/casi"
	"nucleo/projections/operatori"
)

// rigaCaso is a case as a coordinator sees it (GEPI-30): who is in it is
// masked, and how far it has come is not told (ACC-12).
type rigaCaso struct {
	ID                id.Caso       `json:"id"`
	IDDomanda         string        `json:"id_domanda"`
	Cognome           string        `json:"cognome"`
	Nome              string        `json:"nome"`
	CodiceFiscale     string        `json:"codice_fiscale"`
	Comune            comune        `json:"comune"`
	Indirizzo         indirizzo     `json:"indirizzo"`
	NumeroComponenti  int           `json:"numero_componenti"`
	PresenzaMinori    bool          `json:"presenza_minori"`
	PresenzaDisabili  bool          `json:"presenza_disabili"`
	Riassegnato       bool          `json:"riassegnato"`
	Misura            caso.Misura   `json:"misura"`
	DataPresentazione giorno.Giorno `json:"data_presentazione"`
	Priorita          casi.Priorita `json:"priorita,omitempty"` // while it waits, as the next
	Scadenza120       giorno.Giorno `json:"scadenza_120,omitzero"`

	CaseManager      *responsabile `json:"case_manager,omitempty"` // once it is assigned, as are the next two
	DataAssegnazione time.Time     `json:"data_assegnazione,omitzero"`
	AssegnatoDa      *nominato     `json:"assegnato_da,omitempty"`

	Protezione *vistaProtezione `json:"protezione,omitempty"` // of a protected case that is opened; lists do not say

	ETag string `json:"etag"` // for If-Match of the commands on the assignment
}

// comune is a place by its Belfiore code.
type comune struct {
	Codice string `json:"codice"`
	Nome   string `json:"nome"` // empty when the code is not known here
}

type indirizzo struct {
	Via    string `json:"via"`
	Civico string `json:"civico"`
	CAP    string `json:"cap"`
}

// nominato is an operator, or a program of the system, with a name.
type nominato struct {
	ID   uuid.UUID `json:"id"`
	Nome string    `json:"nome"`
}

// responsabile is the case manager of a case.
type responsabile struct {
	nominato
	Livello string `json:"livello"`
	Fondo   string `json:"fondo,omitempty"`
}

func comuneDi(codice string) comune {
	luogo, _ := belfiore.Cerca(codice)
	return comune{codice, luogo.Nome}
}

// nomi are the names of those who rows speak of.
type nomi map[id.Operatore]operatori.Nominativo

func (a *API) nomi(ctx context.Context, ids ...uuid.UUID) (nomi, error) {
	chi := daNominare(ids...)
	if len(chi) == 0 {
		return nomi{}, nil
	}
	return operatori.Nomi(ctx, a.Lettura, chi...)
}

var programmi = map[uuid.UUID]string{
	domain.INPS.ID: "sistema-inps", domain.Politiche.ID: "sistema-politiche", domain.Installatore.ID: "sistema-installatore",
	domain.Assegnazione.ID:  "sistema-assegnazione",
	domain.Comunicazioni.ID: "sistema-comunicazioni",
	domain.Dispatcher.ID:    "sistema-dispatcher",
	domain.Scadenze.ID:      "sistema-scadenze",
	domain.Registro.ID:      "sistema-registro",
	domain.Notaio.ID:        "sistema-notaio",
	domain.Vigilanza.ID:     "sistema-vigilanza",
	domain.Portineria.ID:    "sistema-portineria",
	domain.Oblio.ID:         "sistema-oblio",
}

// Programma is the name of a program of the system, which it has for good.
func Programma(u uuid.UUID) (nome string, is bool) {
	nome, is = programmi[u]
	return nome, is
}

// di is who has an id; nil for nobody.
func (n nomi) di(u uuid.UUID) *nominato {
	if u == uuid.Nil {
		return nil
	}
	if programma, found := programmi[u]; found {
		return &nominato{u, programma}
	}
	o := n[id.Operatore{UUID: u}]
	return &nominato{u, nomeCompleto(o.Nome, o.Cognome)}
}

func (n nomi) responsabile(o id.Operatore) *responsabile {
	return &responsabile{*n.di(o.UUID), n[o].Livello, n[o].Fondo}
}

// righe shows rows of the lists.
func (a *API) righe(ctx context.Context, voci []casi.Voce) ([]rigaCaso, error) {
	var ids []uuid.UUID
	for _, v := range voci {
		ids = append(ids, v.CaseManager.UUID, v.AssegnatoDa)
	}
	nomi, err := a.nomi(ctx, ids...)
	righe := make([]rigaCaso, len(voci))
	for i, v := range voci {
		righe[i] = a.riga(v, nomi)
	}
	return righe, err
}

// rigaDi shows one case as the lists do, but from its events.
func (a *API) rigaDi(ctx context.Context, c id.Caso, eventi []domain.Recorded) (rigaCaso, error) {
	v := casi.Voce{Caso: c, Riga: *casi.Projection.Fold(eventi...).Casi.Row(c)}
	v.Priorita = a.Soglie.Priorita(v.Misura, v.DataPresentazione, a.oggi())
	righe, err := a.righe(ctx, []casi.Voce{v})
	if err != nil {
		return rigaCaso{}, err
	}
	return righe[0], nil
}

func (a *API) riga(v casi.Voce, nomi nomi) rigaCaso {
	r := rigaCaso{
		ID: v.Caso, IDDomanda: v.IDDomanda,
		Cognome: v.Cognome, Nome: v.Nome, CodiceFiscale: v.CodiceFiscale, Comune: comuneDi(v.Comune), Indirizzo: indirizzo{v.Via, v.Civico, v.CAP},
		NumeroComponenti: v.NumeroComponenti, PresenzaMinori: v.PresenzaMinori, PresenzaDisabili: v.PresenzaDisabili,
		Riassegnato: v.Riassegnato, Misura: v.Misura, DataPresentazione: v.DataPresentazione,
		ETag: a.etag(facciaAssegnazione, v.Caso.UUID, v.VersioneAssegnazione),
	}
	if !a.InChiaro {
		r.Cognome, r.Nome, r.CodiceFiscale = personale.MascheraNome(v.Cognome), personale.MascheraNome(v.Nome), personale.MascheraCodice(v.CodiceFiscale)
		r.Indirizzo.Via = personale.MascheraVia(v.Via)
	}
	switch v.Lista {
	case casi.DaAssegnare:
		r.Priorita = v.Priorita
		if v.Scadenza120 != casi.Mai {
			r.Scadenza120 = v.Scadenza120
		}
	case casi.Assegnati:
		r.CaseManager, r.DataAssegnazione, r.AssegnatoDa = nomi.responsabile(v.CaseManager), v.DataAssegnazione, nomi.di(v.AssegnatoDa)
	}
	return r
}
