package httpapi

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/id"
	"nucleo/projections/accessi"
	"nucleo/projections/casi"
	"nucleo/projections/elenco"
)

// rigaAccesso is one look, or one that was refused. It names the case to who
// may know which it is; to others a pseudonym stands in its place.
type rigaAccesso struct {
	ID         uuid.UUID         `json:"id"`
	Istante    time.Time         `json:"istante"`
	Ambito     string            `json:"ambito"`
	Operatore  *nominato         `json:"operatore"`
	Profilo    id.Accreditamento `json:"profilo_id,omitzero"` // none when nobody was let in
	Ruolo      domain.Ruolo      `json:"ruolo,omitempty"`
	Rotta      string            `json:"rotta"`
	Decisione  accesso.Decisione `json:"decisione"`
	Codice     string            `json:"codice,omitempty"`
	Caso       id.Caso           `json:"caso_id,omitzero"`
	Pseudonimo string            `json:"caso_pseudonimo,omitempty"`
	Classi     []string          `json:"classi"`
	Campi      []string          `json:"campi"`
	Righe      int               `json:"righe"`
}

// Refusals of who looks into the access log.
var (
	errCasoPseudonimo   = domain.Refuse(domain.Unprocessable, "accessi.caso_pseudonimo", "cases stand under pseudonyms in this list, and one cannot be looked for by its id: leave caso out; the privacy desk of the ambito can look for it")
	errPseudonimoDove   = domain.Refuse(domain.Unprocessable, "accessi.pseudonimo_senza_ambito", "a pseudonym stands for a case in the log of one ambito: name the ambito, as the row does")
	errAmbitoAltrui     = domain.Refuse(domain.Unprocessable, "accessi.ambito_altrui", "you see the access log of your own ambito: name that one, or leave ambito out")
	errSenzaInteressato = domain.Refuse(domain.Unprocessable, "accessi.senza_interessato", "say whose accesses: caso_id, or codice_fiscale, and not both")
)

// accessi answers a page of the access log: of the ambito to who administers it
// and to its privacy desk, of all to an auditor. Only the privacy desk is told
// which cases.
func (a *API) accessi(w http.ResponseWriter, q *request) error {
	filtro, err := a.filtroAccessi(q)
	if err != nil {
		return err
	}
	if filtro.Ambito, err = q.ambito(); err != nil {
		return err
	}
	if s := q.URL.Query().Get("operatore"); s != "" {
		if filtro.Operatore.UUID, err = uuid.Parse(s); err != nil {
			return domain.ErrNonTrovato
		}
	}
	if filtro.Casi != nil && q.attore.Ruolo != domain.ResponsabileDati {
		return errCasoPseudonimo.At("caso")
	}
	if p := q.URL.Query().Get("caso_pseudonimo"); p != "" {
		if err := a.soloPseudonimo(q, &filtro, p); err != nil {
			return err
		}
	}
	return a.elencaAccessi(w, q, filtro, q.chiesta())
}

// ambito is the one whose log is asked for: that of the caller, who may name
// it; any, or all, for who belongs to none.
func (q *request) ambito() (string, error) {
	suo, chiesto := q.attore.Territorio.Ambito, q.URL.Query().Get("ambito")
	if suo != "" && chiesto != "" && chiesto != suo {
		return "", errAmbitoAltrui.At("ambito")
	}
	return cmp.Or(suo, chiesto), nil
}

// mieiAccessi answers a page of what the caller looked at, under whatever
// profile.
func (a *API) mieiAccessi(w http.ResponseWriter, q *request) error {
	filtro, err := a.filtroAccessi(q)
	if err != nil {
		return err
	}
	filtro.Operatore.UUID = q.attore.ID
	return a.elencaAccessi(w, q, filtro, q.chiesta())
}

// accessiInteressato answers who looked at the cases of one citizen (art. 15
// GDPR): those of the ambito in whose nucleo the citizen is, closed ones too.
func (a *API) accessiInteressato(w http.ResponseWriter, q *request) error {
	in := struct {
		Caso          id.Caso `json:"caso_id"`
		CodiceFiscale string  `json:"codice_fiscale"`
		Limit         int     `json:"limit"`
		Ordina        string  `json:"ordina"`
		Verso         string  `json:"verso"`
		Cursor        string  `json:"cursor"`
	}{Limit: limitePredefinito}
	if err := q.decode(&in); err != nil {
		return err
	}
	if in.Caso.IsZero() == (in.CodiceFiscale == "") {
		return errSenzaInteressato
	}
	a.atLeast(w, q)
	filtro := accessi.Filtro{Ambito: q.attore.Territorio.Ambito, Casi: []id.Caso{in.Caso}}
	if in.CodiceFiscale != "" {
		var err error
		if filtro.Casi, err = casi.DiPersona(q.Context(), a.Lettura, filtro.Ambito, a.Pepe.Cieco(in.CodiceFiscale)); err != nil {
			return err
		}
		filtro.Casi = nonNil(filtro.Casi)
	}
	return a.elencaAccessi(w, q, filtro, elenco.Richiesta{Limite: in.Limit, Ordina: in.Ordina, Verso: in.Verso, Cursore: in.Cursor})
}

// filtroAccessi is what a query asks for.
func (a *API) filtroAccessi(q *request) (f accessi.Filtro, err error) {
	chiesto := q.URL.Query()
	f = accessi.Filtro{Decisione: accesso.Decisione(chiesto.Get("decisione")), Rotta: chiesto.Get("rotta")}
	if s := chiesto.Get("caso"); s != "" {
		c, err := uuid.Parse(s)
		if err != nil {
			return f, domain.ErrNonTrovato
		}
		f.Casi = []id.Caso{{UUID: c}}
	}
	dal, al, err := q.periodo()
	f.Dal, f.Prima = a.istanti(dal, al)
	return f, err
}

func (a *API) elencaAccessi(w http.ResponseWriter, q *request, filtro accessi.Filtro, chiesta elenco.Richiesta) error {
	a.atLeast(w, q)
	pagina, err := accessi.Elenco(q.Context(), a.Lettura, filtro, chiesta)
	if err != nil {
		return err
	}
	var chi []uuid.UUID
	for _, v := range pagina.Voci {
		chi = append(chi, v.Operatore.UUID)
	}
	nomi, err := a.nomi(q.Context(), chi...)
	if err != nil {
		return err
	}
	return elencati(w, q, chiesta, pagina, func(v accessi.Voce) rigaAccesso {
		r := rigaAccesso{
			ID: v.Evento, Istante: v.Istante.UTC(), Ambito: v.Ambito, Operatore: nomi.di(v.Operatore.UUID), Profilo: v.Profilo, Ruolo: v.Ruolo, Rotta: v.Rotta,
			Decisione: v.Decisione, Codice: v.Codice, Classi: nonNil(strings.Fields(v.Classi)), Campi: nonNil(strings.Fields(v.Campi)), Righe: v.Righe,
		}
		if q.route.right != leggeAccessi || q.attore.Ruolo == domain.ResponsabileDati {
			r.Caso = v.Caso
		} else {
			r.Pseudonimo = a.pseudonimo(q, v)
		}
		return r
	})
}

// soloPseudonimo leaves of a search the records that stand under a pseudonym.
// The caller's own do not: they know at which case they looked, and finding
// that record under a pseudonym would tell whose it is. All cases of the log are
// tried, so that no time tells which was found.
func (a *API) soloPseudonimo(q *request, f *accessi.Filtro, pseudonimo string) error {
	if f.Ambito == "" {
		return errPseudonimoDove.At("ambito")
	}
	visti, err := accessi.Visti(q.Context(), a.Lettura, f.Ambito)
	if err != nil {
		return err
	}
	trovato := accessi.Visto{}
	for _, v := range visti {
		if subtle.ConstantTimeCompare([]byte(a.nascosto(f.Ambito, v)), []byte(pseudonimo)) == 1 {
			trovato = v
		}
	}
	altro := f.Decisione != "" && f.Decisione != trovato.Decisione || f.Casi != nil && !slices.Contains(f.Casi, trovato.Caso)
	f.Tranne.UUID, f.Mese, f.Decisione, f.Casi = q.attore.ID, trovato.Mese, trovato.Decisione, []id.Caso{trovato.Caso}
	if altro || trovato.Caso.IsZero() {
		f.Casi = []id.Caso{}
	}
	return nil
}

// pseudonimo stands for a case in the rows of an ambito and a month, so that
// looks at one case are seen to be so, and not at which. Who looked, or was
// refused, knows at which: their own rows carry none, and refusals have another
// than looks, or asking for a case by its id would tell its pseudonym.
func (a *API) pseudonimo(q *request, v accessi.Voce) string {
	if v.Caso.IsZero() || v.Operatore.UUID == q.attore.ID {
		return ""
	}
	return a.nascosto(v.Ambito, accessi.Visto{Mese: v.Mese, Decisione: v.Decisione, Caso: v.Caso})
}

func (a *API) nascosto(ambito string, v accessi.Visto) string {
	h := hmac.New(sha256.New, a.Segreto)
	_, _ = h.Write([]byte("accessi\x00" + ambito + "\x00" + v.Mese + "\x00" + string(v.Decisione) + "\x00"))
	_, _ = h.Write(v.Caso.UUID[:])
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}
