package httpapi

import (
	"cmp"
	"net/http"
	"time"

	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/agenda"
	"nucleo/projections/elenco"
)

// mioCaso is a case as its case manager finds it in the list (domain rule 7.11).
type mioCaso struct {
	ID               id.Caso       `json:"id"`
	IDDomanda        string        `json:"id_domanda"`
	Cognome          string        `json:"cognome"`
	Nome             string        `json:"nome"`
	CodiceFiscale    string        `json:"codice_fiscale"`
	Misura           caso.Misura   `json:"misura"`
	Comune           comune        `json:"comune"`
	Stato            caso.Stato    `json:"stato"`
	Etichetta        string        `json:"etichetta"` // of the state
	DataAssegnazione time.Time     `json:"data_assegnazione"`
	ProssimaScadenza giorno.Giorno `json:"prossima_scadenza,omitzero"`
	ProssimoIncontro time.Time     `json:"prossimo_incontro,omitzero"`
	NumeroComponenti int           `json:"numero_componenti"`
	PresenzaMinori   bool          `json:"presenza_minori"` // today
	PresenzaDisabili bool          `json:"presenza_disabili"`
	BeneficioSospeso bool          `json:"beneficio_sospeso"`
}

// cercaMiei answers a page of the caller's own cases.
func (a *API) cercaMiei(w http.ResponseWriter, q *request) error {
	var in struct {
		IDDomanda     string      `json:"id_domanda"`
		CodiceFiscale string      `json:"codice_fiscale"`
		Nome          string      `json:"nome"`
		CAP           string      `json:"cap"`
		Indirizzo     string      `json:"indirizzo"`
		Misura        caso.Misura `json:"misura"`
		Stato         caso.Stato  `json:"stato"`
		Comune        string      `json:"comune"`
		Entro         *int        `json:"scadenza_entro_giorni"`
		Limit         int         `json:"limit"`
		Ordina        string      `json:"ordina"`
		Verso         string      `json:"verso"`
		Cursor        string      `json:"cursor"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	domanda, _ := caso.NormalizzaIDDomanda(in.IDDomanda)
	chiesta := elenco.Richiesta{Limite: cmp.Or(in.Limit, limitePredefinito), Ordina: in.Ordina, Verso: in.Verso, Cursore: in.Cursor}
	oggi := a.oggi()
	a.atLeast(w, q)
	pagina, err := agenda.Miei(q.Context(), a.Lettura, agenda.FiltroMiei{
		CaseManager: suoi(q), Territorio: q.attore.Territorio, IDDomanda: cmp.Or(domanda, in.IDDomanda), Persona: a.Pepe.Cieco(in.CodiceFiscale),
		Nominativo: in.Nome, CAP: in.CAP, Indirizzo: in.Indirizzo, Misura: in.Misura, Stato: in.Stato, Comune: in.Comune, Entro: in.Entro, Oggi: oggi, Adesso: a.alba(oggi),
	}, chiesta)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v agenda.Mio) mioCaso {
		if a.mascherato {
			v.Cognome, v.Nome, v.CodiceFiscale = personale.MascheraNome(v.Cognome), personale.MascheraNome(v.Nome), personale.MascheraCodice(v.CodiceFiscale)
		}
		return mioCaso{
			ID: v.Caso, IDDomanda: v.IDDomanda, Cognome: v.Cognome, Nome: v.Nome, CodiceFiscale: v.CodiceFiscale, Misura: v.Misura,
			Comune: comuneDi(v.Comune), Stato: v.Stato, Etichetta: v.Stato.Etichetta(), DataAssegnazione: v.DataAssegnazione.UTC(), ProssimaScadenza: v.ProssimaScadenza,
			ProssimoIncontro: v.ProssimoIncontro.UTC(), NumeroComponenti: v.NumeroComponenti, PresenzaMinori: v.PresenzaMinori,
			PresenzaDisabili: v.PresenzaDisabili, BeneficioSospeso: v.BeneficioSospeso,
		}
	})
}
