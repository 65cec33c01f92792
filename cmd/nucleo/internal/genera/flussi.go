package genera

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"sync"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/flussoinps"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Flussi gathers, from the lives of cases, the data feeds in which INPS was
// told of segnalazioni. Several goroutines may add to it.
type Flussi struct {
	mu    sync.Mutex
	invii map[string]map[id.Segnalazione]*invio
}

// invio is one segnalazione on its way to INPS, as far as it came.
type invio struct {
	flussoinps.Voce
	giorno                      giorno.Giorno
	inclusa, inviata, acquisita time.Time
	ricevuta                    string
}

// Flusso is what happened in one feed, step by step.
type Flusso struct {
	Chiave string
	Passi  []PassoFlusso
}

// PassoFlusso is one step of a feed: the dispatcher does them all.
type PassoFlusso struct {
	Istante time.Time
	Attore  domain.Attore
	Eventi  []flussoinps.Event
}

// flussoDi is the feed of a day.
func flussoDi(g giorno.Giorno) string { return flussoinps.Chiave(g, 1) }

// Aggiungi takes note of what a life says of feeds.
func (f *Flussi) Aggiungi(s Storia, passi []Passo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.invii == nil {
		f.invii = map[string]map[id.Segnalazione]*invio{}
	}
	in := map[id.Segnalazione]*invio{}
	for _, p := range passi {
		for _, e := range p.Eventi {
			switch e := e.(type) {
			case caso.SegnalazioneMessaInUscita:
				in[e.Segnalazione] = &invio{
					Voce:   flussoinps.Voce{Caso: id.CasoDi(s.Domanda.IDDomanda), Segnalazione: e.Segnalazione, Tipo: flussoinps.Segnalazione},
					giorno: giorno.Di(p.Istante.In(s.anno.Zona)), inclusa: p.Istante,
				}
				if f.invii[e.Flusso] == nil {
					f.invii[e.Flusso] = map[id.Segnalazione]*invio{}
				}
				f.invii[e.Flusso][e.Segnalazione] = in[e.Segnalazione]
			case caso.SegnalazioneInviata:
				in[e.Segnalazione].inviata = p.Istante
			case caso.SegnalazioneAcquisita:
				in[e.Segnalazione].acquisita, in[e.Segnalazione].ricevuta = p.Istante, e.Ricevuta
			}
		}
	}
}

// Tutti are the feeds by their days, each as its rules let it happen.
func (f *Flussi) Tutti() (tutti []Flusso) {
	for _, chiave := range slices.Sorted(maps.Keys(f.invii)) {
		invii := slices.SortedFunc(maps.Values(f.invii[chiave]), func(a, b *invio) int {
			return cmp.Or(a.inclusa.Compare(b.inclusa), cmp.Compare(a.Segnalazione.String(), b.Segnalazione.String()))
		})
		tutti = append(tutti, Flusso{chiave, vivi(invii)})
	}
	return tutti
}

// vivi lives a feed: opened, filled, sent, acknowledged.
func vivi(invii []*invio) (passi []PassoFlusso) {
	var stato flussoinps.State
	fa := func(quando time.Time, cmd domain.Command[flussoinps.State, flussoinps.Event]) {
		decisi, err := cmd.Decide(stato)
		if err != nil || len(decisi) == 0 {
			return // what the rules refuse does not happen
		}
		passi = append(passi, PassoFlusso{quando, domain.Dispatcher, decisi})
		stato = flussoinps.Decider.Fold(stato, decisi...)
	}
	fa(invii[0].inclusa, flussoinps.Apri{Giorno: invii[0].giorno, Numero: 1})
	var inviate []flussoinps.Voce
	var partenza time.Time
	for _, i := range invii {
		fa(i.inclusa, flussoinps.Includi{Voci: []flussoinps.Voce{i.Voce}})
		if !i.inviata.IsZero() {
			inviate = append(inviate, i.Voce)
			partenza = latest(partenza, i.inviata)
		}
	}
	if len(inviate) > 0 {
		fa(partenza, flussoinps.Trasmetti{Impronta: sha256.Sum256([]byte(inviate[0].Segnalazione.String())), Voci: inviate})
	}
	slices.SortStableFunc(invii, func(a, b *invio) int { return a.acquisita.Compare(b.acquisita) })
	for _, i := range invii {
		if !i.acquisita.IsZero() {
			fa(i.acquisita, flussoinps.RegistraRicevuta{Voce: i.Voce, Ricevuta: i.ricevuta})
		}
	}
	return passi
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
