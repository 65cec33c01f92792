package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/elenco"
	"nucleo/projections/segnalazioni"
)

// ricercaSegnalazioni is a search in one of the two lists (GEPI-50, GEPI-53).
type ricercaSegnalazioni struct {
	Vista         segnalazioni.Vista       `json:"vista"`
	IDDomanda     string                   `json:"id_domanda"`
	CodiceFiscale string                   `json:"codice_fiscale"`
	Stati         []caso.StatoSegnalazione `json:"stati"`
	Categoria     caso.Categoria           `json:"categoria"`
	CaseManager   id.Operatore             `json:"case_manager_id"`
	Dal           giorno.Giorno            `json:"dal"`
	Al            giorno.Giorno            `json:"al"`
	InRitardo     string                   `json:"in_ritardo"`
	Limit         int                      `json:"limit"`
	Ordina        string                   `json:"ordina"`
	Verso         string                   `json:"verso"`
	Cursor        string                   `json:"cursor"`
}

// rigaSegnalazione is a segnalazione as a coordinator sees it: its text and
// whom it is about, and nothing else of the case (ambiguity 9.11).
type rigaSegnalazione struct {
	Caso         id.Caso                `json:"caso_id"`
	Segnalazione id.Segnalazione        `json:"segnalazione_id"`
	IDDomanda    string                 `json:"id_domanda"`
	Misura       caso.Misura            `json:"misura"`
	Comune       comune                 `json:"comune"`
	InviataDa    *nominato              `json:"inviata_da"`
	DataInvio    time.Time              `json:"data_invio"`
	Categoria    caso.Categoria         `json:"categoria"`
	Componente   string                 `json:"componente,omitempty"` // surname and name; nothing: the nucleo
	Dettaglio    string                 `json:"dettaglio,omitempty"`
	Stato        caso.StatoSegnalazione `json:"stato"`
	Etichetta    string                 `json:"etichetta"`
	DecisaDa     *nominato              `json:"decisa_da,omitempty"`
	Decisa       time.Time              `json:"data_decisione,omitzero"`
	Scadenza     giorno.Giorno          `json:"scadenza_comunicazione"`
	InRitardo    bool                   `json:"in_ritardo"`
	Occorrenza   int                    `json:"numero_occorrenza"`
	Inviata      time.Time              `json:"data_invio_inps,omitzero"`
	Protocollo   string                 `json:"protocollo_invio,omitempty"`
	Ricevuta     string                 `json:"ricevuta_inps,omitempty"`
	Flusso       string                 `json:"flusso_id,omitempty"`
	Annullabile  bool                   `json:"annullabile"`
	Rettificab   bool                   `json:"rettificabile"`
	EsitoIncerto bool                   `json:"esito_incerto"`
	ErroreInvio  string                 `json:"errore_invio,omitempty"` // why INPS has it not, though it was sent
}

// cercaSegnalazioni answers a page of a list: of the territory of a
// coordinator, of the cases of a case manager, of all without texts for an auditor.
func (a *API) cercaSegnalazioni(w http.ResponseWriter, q *request) error {
	in := ricercaSegnalazioni{Limit: limitePredefinito}
	if err := q.decode(&in); err != nil {
		return err
	}
	filtro := segnalazioni.Filtro{
		Territorio: q.attore.Territorio, Vista: in.Vista, Persona: a.Pepe.Cieco(in.CodiceFiscale), Stati: in.Stati,
		Rettificabili: a.rettificabili(), Categoria: in.Categoria, CaseManager: in.CaseManager, Dal: in.Dal, Al: in.Al, Oggi: a.oggi(),
	}
	if q.attore.Ruolo == domain.CaseManager {
		filtro.Territorio, filtro.Responsabile = domain.Territorio{}, id.Operatore{UUID: q.attore.ID}
	}
	if in.IDDomanda != "" {
		filtro.IDDomanda, _ = caso.NormalizzaIDDomanda(in.IDDomanda)
	}
	if in.InRitardo != "" {
		si := in.InRitardo == "si"
		filtro.InRitardo = &si
	}
	a.atLeast(w, q)
	chiesta := elenco.Richiesta{Limite: in.Limit, Ordina: in.Ordina, Verso: in.Verso, Cursore: in.Cursor}
	pagina, err := segnalazioni.Cerca(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	return a.mostraSegnalazioni(w, q, chiesta, pagina)
}

// rettificabili are the measures of which may be rectified what was sent.
func (a *API) rettificabili() []caso.Misura {
	return slices.DeleteFunc([]caso.Misura{caso.RDC, caso.PDC, caso.ADI}, func(m caso.Misura) bool { return !a.Comandi.Rettificabile(m) })
}

func (a *API) mostraSegnalazioni(w http.ResponseWriter, q *request, chiesta elenco.Richiesta, pagina elenco.Pagina[segnalazioni.Voce]) error {
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.InviataDa.UUID, v.DecisaDa.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v segnalazioni.Voce) rigaSegnalazione {
		return rigaSegnalazione{
			Caso: v.Caso, Segnalazione: v.Segnalazione, IDDomanda: v.IDDomanda, Misura: v.Misura, Comune: comuneDi(v.Comune),
			InviataDa: nomi.di(v.InviataDa.UUID), DataInvio: v.DataInvio, Categoria: v.Categoria, Stato: v.Stato, Etichetta: v.Stato.Etichetta(), DecisaDa: nomi.di(v.DecisaDa.UUID),
			Decisa: v.Decisa, Scadenza: v.Scadenza, InRitardo: v.InRitardo, Occorrenza: v.Occorrenza, Inviata: v.Inviata, Protocollo: v.Protocollo,
			Ricevuta: v.Ricevuta, Flusso: v.Flusso, Annullabile: v.Annullabile(), EsitoIncerto: v.EsitoIncerto, ErroreInvio: v.Errore,
			Rettificab: (v.Stato == caso.Inviata || v.Stato == caso.Acquisita) && a.Comandi.Rettificabile(v.Misura),
			Componente: strings.TrimSpace(v.Cognome + " " + v.Persona.Nome), Dettaglio: v.Dettaglio,
		}
	})
}

// autoapprovata is a segnalazione that a coordinator approved who had proposed it.
type autoapprovata struct {
	Caso         id.Caso         `json:"caso_id"`
	Segnalazione id.Segnalazione `json:"segnalazione_id"`
	Ambito       string          `json:"ambito"`
	Operatore    *nominato       `json:"operatore"`
	Categoria    caso.Categoria  `json:"categoria"`
	Data         time.Time       `json:"data"`
}

// autoapprovazioni answers which segnalazioni somebody approved who had
// proposed them (domain rule 7.25).
func (a *API) autoapprovazioni(w http.ResponseWriter, q *request) error {
	chiesto := q.URL.Query()
	filtro := segnalazioni.FiltroAutoapprovazioni{Territorio: q.attore.Territorio, Ambito: chiesto.Get("ambito")}
	var err error
	if filtro.Dal, filtro.Al, err = q.periodo(); err != nil {
		return err
	}
	a.atLeast(w, q)
	chiesta := q.chiesta()
	pagina, err := segnalazioni.Autoapprovazioni(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.DecisaDa.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v segnalazioni.Voce) autoapprovata {
		return autoapprovata{v.Caso, v.Segnalazione, v.Ambito, nomi.di(v.DecisaDa.UUID), v.Categoria, v.Decisa}
	})
}
