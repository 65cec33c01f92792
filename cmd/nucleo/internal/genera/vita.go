package genera

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// vita lives one case: what is to happen waits in a queue, and what happens
// puts more into it. The clock goes forward only, and stops with the last day.
type vita struct {
	*rand.Rand
	*personale
	piano   piano
	zona    *time.Location
	fine    giorno.Giorno // the last day on which anything happens
	caso    id.Caso
	domanda tracciato.Domanda

	ora     time.Time
	coda    []evento
	ids     int
	stato   caso.State
	passi   []Passo
	rifiuti []error // what the rules did not let happen
}

// evento is what is to happen at an instant.
type evento struct {
	quando time.Time
	cosa   func()
}

// corri lives the case from its domanda to the last day.
func (v *vita) corri() {
	v.ora = v.momento(v.domanda.DataTrasmissioneComune, 5, 30).Add(time.Duration(v.IntN(3600)) * time.Second)
	v.fa(domain.INPS, caso.RiceviDomanda{Domanda: v.domanda.Ricevuta(), Oggi: v.oggi()})
	switch {
	case v.stato.InCoda():
		v.comincia()
	case v.stato.Domanda.Misura == caso.ADI:
		v.fra(5+v.IntN(60), v.firmaPAD)
	}
	for limite := v.momento(v.fine+1, 0, 0); len(v.coda) > 0; {
		prossimo := v.prossimo()
		if !prossimo.quando.Before(limite) {
			break
		}
		v.scadono(giorno.Di(prossimo.quando.In(v.zona)))
		if prossimo.quando.After(v.ora) {
			v.ora = prossimo.quando
		}
		prossimo.cosa()
	}
	v.scadono(v.fine)
}

// prossimo takes the earliest out of the queue; of two at once, the older one.
func (v *vita) prossimo() evento {
	primo := 0
	for i, e := range v.coda {
		if e.quando.Before(v.coda[primo].quando) {
			primo = i
		}
	}
	e := v.coda[primo]
	v.coda = append(v.coda[:primo], v.coda[primo+1:]...)
	return e
}

// alle puts something into the queue.
func (v *vita) alle(quando time.Time, cosa func()) { v.coda = append(v.coda, evento{quando, cosa}) }

// fra is a working day that many days ahead, at office hours.
func (v *vita) fra(giorni int, cosa func()) {
	g := lavorativo(v.oggi() + giorno.Giorno(giorni))
	v.alle(v.momento(g, 8, 30).Add(time.Duration(v.IntN(7*3600))*time.Second), cosa)
}

// dopo is some minutes ahead.
func (v *vita) dopo(minuti int, cosa func()) {
	v.alle(v.ora.Add(time.Duration(minuti)*time.Minute), cosa)
}

// con is true with a probability.
func (v *vita) con(p float64) bool { return v.Float64() < p }

func (v *vita) momento(g giorno.Giorno, ore, minuti int) time.Time {
	anno, mese, giorno := g.Time().Date()
	return time.Date(anno, mese, giorno, ore, minuti, 0, 0, v.zona)
}

func (v *vita) oggi() giorno.Giorno { return giorno.Di(v.ora.In(v.zona)) }

// lavorativo is a day, or the first working day after it.
func lavorativo(g giorno.Giorno) giorno.Giorno {
	if (calendario.Calendario{}).Lavorativo(g) {
		return g
	}
	return calendario.Calendario{}.Dopo(g, 1)
}

// fa has somebody ask for something now, and reports whether it came about.
// What the rules refuse does not happen, as in life.
func (v *vita) fa(chi domain.Attore, cmd domain.Command[caso.State, caso.Event]) bool {
	decisi, err := cmd.Decide(v.stato)
	if err != nil {
		v.rifiuti = append(v.rifiuti, err)
	}
	if err != nil || len(decisi) == 0 {
		return false
	}
	v.passi = append(v.passi, Passo{v.ora.UTC(), chi, decisi})
	v.stato = caso.Decider.Fold(v.stato, decisi...)
	v.ora = v.ora.Add(time.Duration(60+v.IntN(540)) * time.Second)
	return true
}

// lavora has the case manager ask for something, while there is one and the
// case is open.
func (v *vita) lavora(cmd domain.Command[caso.State, caso.Event]) bool {
	cm, ok := v.di(v.stato.Assegnazione.CaseManager)
	return ok && v.stato.Stato.Aperto() && v.fa(cm.Attore, cmd)
}

// scadono notes the clocks that ran out before a day, each on the day after.
func (v *vita) scadono(prima giorno.Giorno) {
	for noto := true; noto; {
		noto = false
		for _, x := range caso.Scadenze(v.stato, prima) {
			if x.Giorno+1 > prima || v.superata(x) {
				continue
			}
			if quando := v.momento(x.Giorno+1, 0, 15); quando.After(v.ora) {
				v.ora = quando
			}
			noto = v.fa(domain.Scadenze, caso.RegistraScadenze{Oggi: max(x.Giorno+1, v.oggi())})
			break
		}
	}
}

func (v *vita) superata(x caso.Scadenza) bool {
	for _, s := range v.stato.Superate {
		if s.Tipo == x.Tipo && s.Scadenza == x.Giorno {
			return true
		}
	}
	return false
}

// nuovo is an id that nothing in the case has yet.
func (v *vita) nuovo() uuid.UUID {
	v.ids++
	return uuid.NewSHA1(v.caso.UUID, []byte("demo/"+strconv.Itoa(v.ids)))
}

// richiedente is who filed the domanda, or stands in their place.
func (v *vita) richiedente() id.Componente { return v.stato.Nucleo.Componenti[0].ID }

// adulti are the people of the nucleo who can sign and undertake.
func (v *vita) adulti() (ids []id.Componente) {
	for _, c := range v.stato.Nucleo.Componenti {
		if !c.Minore(v.oggi()) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
