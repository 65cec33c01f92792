package httpapi

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/personale"
	"nucleo/projections"
	"nucleo/projections/casi"
	"nucleo/projections/elenco"
	"nucleo/projections/segnalazioni"
)

// Passati are the read models of lists as they were at an instant (ADR 0031).
type Passati interface {
	// Prepara has them made, and says how far that is.
	Prepara(istante time.Time) (projections.StatoPassato, error)
	// Stato says how far they are, when they were asked for.
	Stato(istante time.Time) (projections.StatoPassato, bool)
	// Leggi hands on those that are ready, until they are let go.
	Leggi(istante time.Time) (passato *projections.Passato, lascia func(), pronto bool)
}

// Refusals of lists of the past.
var (
	errElenchiAssenti = domain.Refuse(domain.NotFound, "elenchi.non_chiesti", "nobody asked for the lists of that day, or they were let go: ask for them by POST /elenchi-passati/{giorno}")
	errElenchiPresto  = domain.Refuse(domain.Refused, "elenchi.non_pronti", "the lists of that day are not ready: ask for them by POST /elenchi-passati/{giorno}, and for how far they are by GET")
	errGiornoInCorso  = domain.Refuse(domain.Invalid, "elenchi.giorno_in_corso", "that day is not over: the lists of today are those that coordinators read")
	errGiorno         = domain.Refuse(domain.Invalid, "elenchi.giorno_non_valido", "a day is written like 2026-03-31")
)

// elenchiPassati says how far the lists of a day are.
type elenchiPassati struct {
	Giorno giorno.Giorno `json:"giorno"`
	Stato  string        `json:"stato"` // IN_COSTRUZIONE, PRONTI, FALLITI
	Eventi int64         `json:"eventi"`
	Ritmo  int64         `json:"eventi_al_secondo"`
	Letta  int64         `json:"posizione_letta"`
	Fine   int64         `json:"posizione_finale"`
	Errore string        `json:"errore,omitempty"`
}

func mostraElenchi(g giorno.Giorno, s projections.StatoPassato) elenchiPassati {
	out := elenchiPassati{Giorno: g, Stato: "IN_COSTRUZIONE", Eventi: s.Eventi, Ritmo: int64(s.Ritmo), Letta: max(s.Posizione, 0), Fine: max(s.Fine, 0), Errore: s.Errore}
	switch {
	case s.Pronto:
		out.Stato = "PRONTI"
	case s.Errore != "":
		out.Stato = "FALLITI"
	}
	return out
}

// finito is a day of the path that is over.
func (a *API) finito(q *request) (giorno.Giorno, error) {
	g, err := giorno.Parse(mux.Vars(q.Request)["giorno"])
	switch {
	case err != nil || g.IsZero():
		return g, errGiorno
	case g >= a.oggi():
		return g, errGiornoInCorso
	}
	return g, nil
}

// preparaElenchi has the lists of a day made.
func (a *API) preparaElenchi(w http.ResponseWriter, q *request) error {
	g, err := a.finito(q)
	if err != nil {
		return err
	}
	s, err := a.Passati.Prepara(a.fineDi(g))
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, mostraElenchi(g, s))
}

// statoElenchi says how far the lists of a day are.
func (a *API) statoElenchi(w http.ResponseWriter, q *request) error {
	g, err := a.finito(q)
	if err != nil {
		return err
	}
	s, chiesti := a.Passati.Stato(a.fineDi(g))
	if !chiesti {
		return errElenchiAssenti
	}
	return answer(w, http.StatusOK, mostraElenchi(g, s))
}

// allOra is the API as it was at the end of a day: the same queries and the same
// rows, of the tables of then, with the names of then.
func (a *API) allOra(q *request) (ora *API, passato *projections.Passato, lascia func(), err error) {
	g, err := a.finito(q)
	if err != nil {
		return nil, nil, nil, err
	}
	passato, lascia, pronto := a.Passati.Leggi(a.fineDi(g))
	if !pronto {
		return nil, nil, nil, errElenchiPresto
	}
	istante := passato.Istante
	return &API{
		Comandi: a.Comandi, Lettura: passato.Pool, Segreto: a.Segreto, Pepe: a.Pepe, Adesso: func() time.Time { return istante }, Zona: a.Zona, Log: a.Log, Soglie: a.Soglie,
		Attesa: ferma{}, mascherato: true,
	}, passato, lascia, nil
}

// casiPassati answers a page of the queue or of the assigned list of an ambito,
// as it was at the end of a day, masked.
func (a *API) casiPassati(w http.ResponseWriter, q *request) error {
	var in ricerca
	if err := q.decode(&in); err != nil {
		return err
	}
	ora, passato, lascia, err := a.allOra(q)
	if err != nil {
		return err
	}
	defer lascia()
	filtro := in.filtro(ora.Pepe)
	filtro.Territorio, filtro.Oggi, filtro.Soglie = domain.Territorio{Ambito: q.URL.Query().Get("ambito")}, ora.oggi(), ora.Soglie
	q.vista.ambito = filtro.Territorio.Ambito
	pagina, err := casi.Cerca(q.Context(), ora.Lettura, filtro)
	if err != nil {
		return campoNostro(err)
	}
	righe, err := ora.righe(q.Context(), pagina.Voci)
	if err != nil {
		return err
	}
	out := lista[rigaCaso]{Items: righe, Limit: filtro.Limite, NextCursor: pagina.Cursore, Posizione: passato.Posizione}
	out.conta(pagina.Totale, !pagina.Almeno)
	return answer(w, http.StatusOK, out)
}

// segnalazioniPassate answers a page of the segnalazioni of an ambito, as they
// were at the end of a day, without their texts and with people masked.
func (a *API) segnalazioniPassate(w http.ResponseWriter, q *request) error {
	in := ricercaSegnalazioni{Limit: limitePredefinito}
	if err := q.decode(&in); err != nil {
		return err
	}
	ora, passato, lascia, err := a.allOra(q)
	if err != nil {
		return err
	}
	defer lascia()
	filtro := segnalazioni.Filtro{
		Territorio: domain.Territorio{Ambito: q.URL.Query().Get("ambito")}, Vista: in.Vista, Stati: in.Stati, Rettificabili: a.rettificabili(), Categoria: in.Categoria,
		CaseManager: in.CaseManager, Dal: in.Dal, Al: in.Al, Oggi: ora.oggi(),
	}
	q.vista.ambito = filtro.Territorio.Ambito
	chiesta := elenco.Richiesta{Limite: in.Limit, Ordina: in.Ordina, Verso: in.Verso, Cursore: in.Cursor}
	pagina, err := segnalazioni.Cerca(q.Context(), ora.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	pagina.Posizione = passato.Posizione
	for i := range pagina.Voci {
		v := &pagina.Voci[i]
		v.Cognome, v.Persona.Nome, v.Dettaglio = personale.MascheraNome(v.Cognome), personale.MascheraNome(v.Persona.Nome), ""
	}
	return ora.mostraSegnalazioni(w, q, chiesta, pagina)
}
