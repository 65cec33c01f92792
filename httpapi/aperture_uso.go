package httpapi

import (
	"net/http"
	"time"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/personale"
)

// scoperta is the history of a case that an opening lets its auditor read, up
// to the moment that is asked for.
type scoperta struct {
	commands.Storia
	aperta apertura.State
	quando time.Time
}

// scopri reads a case under an opening, and records the look. What lies outside
// of the stretch that was granted is not read, whatever is asked.
func (a *API) scopri(q *request) (s scoperta, err error) {
	ap, err := q.apertura()
	if err != nil {
		return s, err
	}
	if s.aperta, err = a.Comandi.UsaApertura(q.Context(), q.attore, ap, a.Adesso()); err != nil {
		return s, err
	}
	alla, err := a.momento(q, "alla")
	if err != nil {
		return s, err
	}
	periodo := s.aperta.Richiesta.Periodo
	if alla == (commands.Alla{}) && periodo.Al < a.oggi() {
		alla.Istante = a.fineDi(periodo.Al)
	}
	if s.Storia, err = a.Comandi.StoriaCaso(q.Context(), s.aperta.Richiesta.Caso, alla); err != nil {
		return s, err
	}
	s.quando = a.istante(alla, s.Storia)
	if g := giorno.Di(s.quando.In(a.Zona)); g < periodo.Dal || g > periodo.Al {
		return s, apertura.ErrFuoriPeriodo.At("alla")
	}
	a.guarda(q, s.aperta.Richiesta.Caso, s.Stato.Ambito)
	return s, nil
}

// casoAperto answers a case as it was at a moment, with its personal data.
func (a *API) casoAperto(w http.ResponseWriter, q *request) error {
	s, err := a.scopri(q)
	if err != nil {
		return err
	}
	v := sguardo{stato: s.Stato, vero: s.Stato, ricordi: ricorda(s.Eventi), tutte: true}
	out, err := a.allora(q, s.aperta.Richiesta.Caso, s.Storia, s.quando, v)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, out)
}

// eventiAperti answers the events of the stretch that was granted, with their
// personal data.
func (a *API) eventiAperti(w http.ResponseWriter, q *request) error {
	s, err := a.scopri(q)
	if err != nil {
		return err
	}
	narra, err := a.cronista(q.Context(), s.Storia)
	if err != nil {
		return err
	}
	out := intera[evento]{Items: []evento{}, Limit: limiteEventi}
	for _, r := range s.Eventi {
		e := narra.evento(r, inChiaro(r.Event)) // from the first on: later ones name what earlier ones said
		if giorno.Di(r.Meta.Istante.In(a.Zona)) >= s.aperta.Richiesta.Periodo.Dal {
			out.Items = append(out.Items, e)
		}
	}
	return answer(w, http.StatusOK, out)
}

// limiteEventi is how many events a stream may hold.
const limiteEventi = 10_000

// inChiaro is an event as an opening shows it: whole, but for a private note,
// which is its author's.
func inChiaro(e domain.Event) domain.Event {
	if n, nota := e.(caso.AnnotazioneInserita); nota && n.Riservata {
		return personale.Maschera(e)
	}
	return e
}
