package httpapi

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"nucleo/domain"
)

// Ritmi bound how many requests are answered in a minute; 0 is no bound.
type Ritmi struct {
	Operatore int // of one operator, or program
	Ambito    int // of all who act in one ambito
	Esatte    int // searches of one operator by an exact codice fiscale
	Anonimi   int // of one client that has not said who it is, or not believably
}

// contatori count requests minute by minute, in this process: each kind of
// caller in a room of its own, so that a storm of one leaves the others alone.
type contatori struct{ operatori, ambiti, esatte, anonimi contatore }

// contatore counts requests by who sent them.
type contatore struct {
	mu      sync.Mutex
	minuto  time.Time
	chieste map[string]int
}

// massimiContati bounds the memory of a contatore: who comes when it is full
// is counted together with all others who do.
const massimiContati = 50_000

// conto is where a caller stands.
type conto struct{ massimo, chieste, resta int } // resta: seconds of this minute

func (c *contatore) conta(chi string, massimo int, adesso time.Time) conto {
	if massimo <= 0 {
		return conto{}
	}
	minuto := adesso.Truncate(time.Minute)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !minuto.Equal(c.minuto) {
		c.minuto, c.chieste = minuto, map[string]int{}
	}
	if _, noto := c.chieste[chi]; !noto && len(c.chieste) >= massimiContati {
		chi = ""
	}
	c.chieste[chi]++
	return conto{massimo, c.chieste[chi], int(math.Ceil(minuto.Add(time.Minute).Sub(adesso).Seconds()))}
}

func (c conto) restano() int { return max(c.massimo-c.chieste, 0) }

// dichiara tells the caller how many requests are left (ModI), and refuses
// this one when there were none. Of several bounds the narrowest is told.
func (c conto) dichiara(w http.ResponseWriter) error {
	if c.massimo == 0 {
		return nil
	}
	h := w.Header()
	oltre := c.chieste > c.massimo
	if detto, err := strconv.Atoi(h.Get("X-RateLimit-Remaining")); err != nil || c.restano() < detto || oltre {
		h.Set("X-RateLimit-Limit", strconv.Itoa(c.massimo))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(c.restano()))
		h.Set("X-RateLimit-Reset", strconv.Itoa(c.resta))
	}
	if !oltre {
		return nil
	}
	p := *errTroppeRichieste
	p.riprova = c.resta
	return &p
}

// contaNoto counts a request of somebody who is known.
func (a *API) contaNoto(w http.ResponseWriter, chi domain.Attore) error {
	adesso, ritmi := a.Adesso(), a.Bordo.Ritmi
	if err := a.ritmi.operatori.conta(chi.ID.String(), ritmi.Operatore, adesso).dichiara(w); err != nil {
		return err
	}
	if chi.Territorio.Ambito == "" {
		return nil
	}
	return a.ritmi.ambiti.conta(chi.Territorio.Ambito, ritmi.Ambito, adesso).dichiara(w)
}

// contaAnonimo counts a request of somebody who is not known, by address.
// Those who are known are not counted here: colleagues share an address.
func (a *API) contaAnonimo(w http.ResponseWriter, r *http.Request) error {
	return a.ritmi.anonimi.conta(rete(a.indirizzo(r)), a.Bordo.Ritmi.Anonimi, a.Adesso()).dichiara(w)
}

// contaEsatta counts a search by an exact codice fiscale, whose yes or no says
// something of a person.
func (a *API) contaEsatta(w http.ResponseWriter, q *request) error {
	var cerca struct {
		CodiceFiscale string `json:"codice_fiscale"`
	}
	if q.Method != http.MethodPost || q.route.keyed || json.Unmarshal(q.body, &cerca) != nil || cerca.CodiceFiscale == "" {
		return nil
	}
	return a.ritmi.esatte.conta(q.attore.ID.String(), a.Bordo.Ritmi.Esatte, a.Adesso()).dichiara(w)
}
