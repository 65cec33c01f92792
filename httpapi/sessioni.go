package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"nucleo/commands"
	"nucleo/domain/conservazione"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/httpapi/sessione"
)

// Sessioni keeps the sessions of those who signed in by the browser.
type Sessioni interface {
	// Comincia keeps a new one in the place of another, which ends; false when
	// that had ended already.
	Comincia(ctx context.Context, nuova sessione.Sessione, invece sessione.Impronta) (bool, error)
	Trova(context.Context, sessione.Impronta) (sessione.Sessione, bool, error)
	Tocca(ctx context.Context, i sessione.Impronta, adesso time.Time) error
	Termina(ctx context.Context, i sessione.Impronta, adesso time.Time) error
	// Revoca ends all sessions of an operator, and says how many there were.
	Revoca(ctx context.Context, o id.Operatore, adesso time.Time) (int, error)
}

// Durate says how long sessions hold: left alone, and in all.
type Durate struct{ Ferma, Intera time.Duration }

func (a *API) ferma() time.Duration  { return cmp.Or(a.Durate.Ferma, 15*time.Minute) }
func (a *API) intera() time.Duration { return cmp.Or(a.Durate.Intera, conservazione.Sessioni.Per.Ore) }

var (
	errDueIdentita       = problem(400, "accesso.due_identita", "the request carries two identities, a session and a token or two of a kind: send one")
	errSessioneFinita    = problem(401, "accesso.sessione_finita", "the session has ended: sign in again at GET /accesso")
	errSenzaSessione     = problem(404, "accesso.senza_sessione", "this request comes with a token, not with a session")
	errProfiloDiSessione = problem(409, "accesso.profilo_di_sessione", "the session acts under another profile: change it by POST /sessione/profilo, and leave the Profilo header out")
)

// inCorso is the session that a request comes with, if it holds.
func (a *API) inCorso(q *request) (sessione.Sessione, bool, error) {
	token, err := unico(q, biscottoSessione)
	if err != nil || a.Sessioni == nil {
		return sessione.Sessione{}, false, err
	}
	i, ok := sessione.Di(token)
	if !ok {
		return sessione.Sessione{}, false, nil
	}
	s, trovata, err := a.Sessioni.Trova(q.Context(), i)
	if err != nil || !trovata || s.Ferma(a.Adesso(), a.ferma()) {
		return sessione.Sessione{}, false, err
	}
	return s, true, nil
}

// daSessione finds out who asks by their session, and notes that it is used.
func (a *API) daSessione(q *request) error {
	s, trovata, err := a.inCorso(q)
	if err != nil {
		return err
	}
	if !trovata {
		return errSessioneFinita
	}
	if adesso := a.Adesso(); adesso.Sub(s.Vista) >= a.ferma()/30 { // a write for each request would say no more
		if err := a.Sessioni.Tocca(q.Context(), s.Impronta, adesso); err != nil {
			return err
		}
		s.Vista = adesso
	}
	q.sessione, q.quando = s, s.Autenticata
	if q.chi, err = a.persona(q.Context(), s.Operatore); err != nil {
		return err
	}
	return a.agisce(q)
}

// profiloDi is the profile under which a session acts: the one that was chosen,
// as long as it holds, or the only one. Rights are never joined.
func profiloDi(s sessione.Sessione, attivi []operatore.Accreditamento, chiesto string) (operatore.Accreditamento, error) {
	if s.Profilo.IsZero() {
		if chiesto != "" {
			return operatore.Accreditamento{}, errProfiloDiSessione
		}
		return choose(attivi, "")
	}
	if chiesto != "" && chiesto != s.Profilo.String() {
		return operatore.Accreditamento{}, errProfiloDiSessione
	}
	i := slices.IndexFunc(attivi, func(a operatore.Accreditamento) bool { return a.ID == s.Profilo })
	if i >= 0 {
		return attivi[i], nil
	}
	if len(attivi) == 0 {
		return operatore.Accreditamento{}, errNonAccreditato
	}
	return operatore.Accreditamento{}, daScegliere(attivi) // what was chosen was revoked
}

// sessioneDetta is a session as its owner sees it.
type sessioneDetta struct {
	Operatore string     `json:"operatore_id"`
	Nome      string     `json:"nome"`
	Profili   []profilo  `json:"profili"`
	Acr       string     `json:"acr"`
	Ferma     time.Time  `json:"se_ferma_fino"`
	Scade     time.Time  `json:"fino"`
	Recente   *time.Time `json:"recente_fino,omitempty"`
}

func (a *API) detta(q *request) sessioneDetta {
	s := q.sessione
	d := sessioneDetta{
		Operatore: s.Operatore.String(), Nome: q.chi.nome, Profili: profiliDi(q.chi.attivi), Acr: s.Acr,
		Ferma: minimo(s.Vista.Add(a.ferma()), s.Scade).UTC(), Scade: s.Scade.UTC(),
	}
	scelto, err := profiloDi(s, q.chi.attivi, "")
	for i := range d.Profili {
		d.Profili[i].Attivo = err == nil && d.Profili[i].ID == scelto.ID
	}
	if !s.Autenticata.IsZero() {
		fino := s.Autenticata.Add(cmp.Or(a.Recente, recentePredefinito)).UTC()
		d.Recente = &fino
	}
	return d
}

func minimo(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// miaSessione answers who is signed in, under which profile, and until when.
func (a *API) miaSessione(w http.ResponseWriter, q *request) error {
	if q.sessione == (sessione.Sessione{}) {
		return errSenzaSessione
	}
	return answer(w, http.StatusOK, a.detta(q))
}

// scegliProfilo goes on under another profile and another token.
func (a *API) scegliProfilo(w http.ResponseWriter, q *request) error {
	if q.sessione == (sessione.Sessione{}) {
		return errSenzaSessione
	}
	var in struct {
		Profilo id.Accreditamento `json:"profilo_id"`
	}
	if err := q.decode(&in); err != nil {
		return err
	}
	if !slices.ContainsFunc(q.chi.attivi, func(a operatore.Accreditamento) bool { return a.ID == in.Profilo }) {
		return errProfiloIgnoto
	}
	token, nuova := q.sessione.Rinnovata()
	nuova.Profilo = in.Profilo
	if err := a.comincia(q.Context(), nuova, q.sessione.Impronta); err != nil {
		return err
	}
	q.sessione = nuova
	http.SetCookie(w, biscotto(biscottoSessione, token, 0))
	return answer(w, http.StatusOK, a.detta(q))
}

// esci ends the session, and says where the provider ends its own.
func (a *API) esci(w http.ResponseWriter, q *request) error {
	if q.sessione == (sessione.Sessione{}) {
		return errSenzaSessione
	}
	if err := a.Sessioni.Termina(q.Context(), q.sessione.Impronta, a.Adesso()); err != nil {
		return err
	}
	http.SetCookie(w, biscotto(biscottoSessione, "", -time.Second))
	out := struct {
		Uscita string `json:"uscita_dal_fornitore,omitempty"`
	}{}
	if a.Accesso != nil {
		out.Uscita = a.Accesso.Uscita(q.Context())
	}
	return answer(w, http.StatusOK, out)
}

// revocaSessioni ends all sessions of an operator, on every replica. Tokens of
// the issuer are the issuer's to take back.
func (a *API) revocaSessioni(w http.ResponseWriter, q *request) error {
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
	out := struct {
		Revocate int `json:"revocate"`
	}{}
	if a.Sessioni != nil {
		if out.Revocate, err = a.Sessioni.Revoca(q.Context(), o, a.Adesso()); err != nil {
			return err
		}
	}
	a.Log.InfoContext(q.Context(), "sessions revoked", "richiesta", requestID(q.Context()), "attore", q.attore.ID, "operatore", o, "sessioni", out.Revocate)
	return answer(w, http.StatusOK, out)
}
