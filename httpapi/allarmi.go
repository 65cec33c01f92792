package httpapi

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/id"
	"nucleo/projections/accessi"
	"nucleo/projections/allarmi"
	"nucleo/projections/elenco"
)

// rigaAllarme is an alert about the access log. It names cases to who may know
// which they are; to others pseudonyms stand in their place, those of the log.
type rigaAllarme struct {
	ID         id.Allarme     `json:"id"`
	Regola     allarme.Regola `json:"regola"`
	Ambito     string         `json:"ambito"`
	Operatore  *nominato      `json:"operatore"`
	Dal        time.Time      `json:"dal"`
	Prima      time.Time      `json:"prima"`
	Misura     int            `json:"misura"`
	Soglia     int            `json:"soglia"`
	Casi       []string       `json:"casi,omitempty"`
	Pseudonimi []string       `json:"casi_pseudonimi,omitempty"`
	Sollevato  time.Time      `json:"sollevato_il"`
	Stato      allarme.Stato  `json:"stato"`
	Motivo     allarme.Motivo `json:"motivo,omitempty"`
	SeguitoDa  *nominato      `json:"seguito_da,omitempty"`
	SeguitoIl  time.Time      `json:"seguito_il,omitzero"`
}

// allarmi answers a page of the alerts, within what the caller sees of the
// access log.
func (a *API) allarmi(w http.ResponseWriter, q *request) error {
	filtro, err := a.filtroAllarmi(q)
	if err != nil {
		return err
	}
	chiesta := q.chiesta()
	a.atLeast(w, q)
	pagina, err := allarmi.Elenco(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.Operatore.UUID, v.Seguito)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v allarmi.Voce) rigaAllarme {
		r := rigaAllarme{
			ID: v.Allarme, Regola: v.Regola, Ambito: v.Ambito, Operatore: nomi.di(v.Operatore.UUID), Dal: v.Dal.UTC(), Prima: v.Prima.UTC(), Misura: v.Misura, Soglia: v.Soglia,
			Sollevato: v.Sollevato.UTC(), Stato: v.Stato, Motivo: v.Motivo, SeguitoDa: nomi.di(v.Seguito),
		}
		if v.Seguito != uuid.Nil {
			r.SeguitoIl = v.Cambiato.UTC()
		}
		r.Casi, r.Pseudonimi = a.casiDi(q, v)
		return r
	})
}

// filtroAllarmi is what a query asks for, within the territory of who asks.
func (a *API) filtroAllarmi(q *request) (f allarmi.Filtro, err error) {
	chiesto := q.URL.Query()
	f = allarmi.Filtro{Stato: allarme.Stato(chiesto.Get("stato")), Regola: allarme.Regola(chiesto.Get("regola"))}
	if f.Ambito, err = q.ambito(); err != nil {
		return f, err
	}
	if q.attore.Ruolo == domain.SuperUtente { // who belongs to no ambito has nobody else to explain what they did
		if f.Ambito = cmp.Or(f.Ambito, accesso.Nazionale); f.Ambito != accesso.Nazionale {
			return f, errAmbitoAltrui.At("ambito")
		}
	}
	if q.attore.Ruolo != domain.ResponsabileDati && q.attore.Ruolo != domain.Auditor {
		f.Tranne = allarme.Protetti // that there is an alert would tell that a case is protected
	}
	if s := chiesto.Get("operatore"); s != "" {
		if f.Operatore.UUID, err = uuid.Parse(s); err != nil {
			return f, domain.ErrNonTrovato
		}
	}
	dal, al, err := q.periodo()
	f.Dal, f.Prima = a.istanti(dal, al)
	return f, err
}

// casiDi are the cases of an alert, or what stands for them. Whoever it is about
// is shown neither.
func (a *API) casiDi(q *request, v allarmi.Voce) (casi, pseudonimi []string) {
	nomi := strings.Fields(v.Casi)
	switch {
	case q.attore.Ruolo == domain.ResponsabileDati:
		return nomi, nil
	case v.Regola.Riservata(): // of looks and refusals, whose pseudonyms are not to be seen side by side
		return nil, nil
	}
	come := accessi.Riga{Ambito: v.Ambito, Mese: accesso.Mese(v.Dal.In(a.Zona)), Operatore: v.Operatore, Decisione: accesso.Consentito}
	if v.Regola == allarme.Dinieghi {
		come.Decisione = accesso.Negato
	}
	for _, nome := range nomi {
		come.Caso.UUID, _ = uuid.Parse(nome) // as the model wrote it
		if p := a.pseudonimo(q, accessi.Voce{Riga: come}); p != "" {
			pseudonimi = append(pseudonimi, p)
		}
	}
	return nil, pseudonimi
}

// allarmeVisto is an alert after a command.
type allarmeVisto struct {
	Allarme   id.Allarme     `json:"allarme_id"`
	Stato     allarme.Stato  `json:"stato"`
	Motivo    allarme.Motivo `json:"motivo,omitempty"`
	Posizione uint64         `json:"posizione,omitempty"`
	Avviso    *avvisoAbuso   `json:"avviso,omitempty"` // of what was reported
}

func (a *API) spiegaAllarme(w http.ResponseWriter, q *request) error {
	var in struct {
		Motivo allarme.Motivo `json:"motivo"`
	}
	quale, req, err := a.suAllarme(q, &in)
	if err != nil {
		return err
	}
	esito, err := a.Comandi.SpiegaAllarme(q.Context(), req, quale, in.Motivo)
	if err != nil {
		return err
	}
	return a.allarmeSeguito(w, q, quale, esito, nil)
}

// segnalaAllarme reports an alert, and answers what is to be told. Asked again,
// it answers the same.
func (a *API) segnalaAllarme(w http.ResponseWriter, q *request) error {
	quale, req, err := a.suAllarme(q, &struct{}{})
	if err != nil {
		return err
	}
	esito, err := a.Comandi.SegnalaAllarme(q.Context(), req, quale)
	if err != nil {
		return err
	}
	avviso, err := a.avvisoAbuso(q, quale, esito.Stato.Sollevato)
	if err != nil {
		return err
	}
	return a.allarmeSeguito(w, q, quale, esito, &avviso)
}

func (a *API) suAllarme(q *request, in any) (quale id.Allarme, req commands.Request, err error) {
	if err := q.pathValue("allarme", &quale); err != nil {
		return quale, req, err
	}
	if err := q.decode(in); err != nil {
		return quale, req, err
	}
	req, err = a.command(q, in)
	return quale, req, err
}

func (a *API) allarmeSeguito(w http.ResponseWriter, q *request, quale id.Allarme, esito commands.Allarme, avviso *avvisoAbuso) error {
	a.await(w, q, esito.Posizione)
	w.Header().Set("Location", Base+"/allarmi")
	return answer(w, http.StatusCreated, allarmeVisto{quale, esito.Stato.Stato, esito.Stato.Motivo, esito.Posizione, avviso})
}

// avvisoAbuso is what AgID and the identity provider are told of an anomalous
// use of an identity (DPCM 24 October 2014, art. 13 c. 3). It names nobody: the
// provider knows whose it is by when it was used.
type avvisoAbuso struct {
	Norma       string         `json:"norma"`
	Destinatari []string       `json:"destinatari"`
	Allarme     id.Allarme     `json:"allarme_id"`
	Regola      allarme.Regola `json:"regola"`
	Descrizione string         `json:"descrizione"`
	Ambito      string         `json:"ambito"`
	Operatore   id.Operatore   `json:"operatore_id"` // a pseudonym, of this installation
	Dal         time.Time      `json:"dal"`
	Prima       time.Time      `json:"prima"`
	Misura      int            `json:"misura"`
	Soglia      int            `json:"soglia"`
	Accessi     []accessoDetto `json:"accessi"` // the first hundred that are left
	Totale      int            `json:"accessi_totale"`
}

// accessoDetto is an access as others are told of it.
type accessoDetto struct {
	Istante   time.Time         `json:"istante"`
	Ruolo     domain.Ruolo      `json:"ruolo,omitempty"`
	Rotta     string            `json:"rotta"`
	Decisione accesso.Decisione `json:"decisione"`
	Righe     int               `json:"righe"`
}

const massimoDetti = 100

// descrizioni say of each rule what it counts.
var descrizioni = map[allarme.Regola]string{
	allarme.Letture:        "casi aperti in un'ora oltre il consueto",
	allarme.Elenchi:        "righe di elenchi lette in un'ora oltre il consueto",
	allarme.Dinieghi:       "accessi negati ripetuti in un'ora",
	allarme.SenzaLavoro:    "casi aperti senza alcuna attivita entro sette giorni",
	allarme.Parentela:      "casi aperti di possibili congiunti",
	allarme.FuoriOrario:    "accessi fuori dall'orario di lavoro",
	allarme.Ricerche:       "ricerche di persone senza aprire alcun caso",
	allarme.Protetti:       "accessi a casi protetti da parte di chi non ne e responsabile",
	allarme.Riassegnazione: "accessi in serie dopo la riassegnazione di un caso",
}

func (a *API) avvisoAbuso(q *request, quale id.Allarme, s allarme.Sollevato) (avvisoAbuso, error) {
	pagina, err := accessi.Elenco(q.Context(), a.Lettura, accessi.Filtro{Ambito: s.Ambito, Operatore: s.Operatore, Dal: s.Dal, Prima: s.Prima},
		elenco.Richiesta{Limite: massimoDetti, Verso: "asc"})
	if err != nil {
		return avvisoAbuso{}, err
	}
	detti := make([]accessoDetto, len(pagina.Voci))
	for i, v := range pagina.Voci {
		detti[i] = accessoDetto{v.Istante.UTC(), v.Ruolo, v.Rotta, v.Decisione, v.Righe}
	}
	return avvisoAbuso{
		Norma: "DPCM 24 ottobre 2014, art. 13, comma 3", Destinatari: []string{"AgID", "gestore dell'identita digitale"},
		Allarme: quale, Regola: s.Regola, Descrizione: descrizioni[s.Regola], Ambito: s.Ambito, Operatore: s.Operatore,
		Dal: s.Dal.UTC(), Prima: s.Prima.UTC(), Misura: s.Misura, Soglia: s.Soglia, Accessi: detti, Totale: pagina.Totale,
	}, nil
}
