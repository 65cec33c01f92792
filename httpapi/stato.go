package httpapi

import (
	"net/http"
	"slices"
	"time"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
)

// casoAllora is a case as it was at a moment, in the form in which its case
// manager had it open then.
type casoAllora struct {
	Versione  uint64       `json:"versione"`  // how many of its events had happened
	Istante   time.Time    `json:"istante"`   // of the last of them
	Posizione uint64       `json:"posizione"` // of that, in the whole log
	Giorno    string       `json:"giorno"`    // on which terms, ages and exemptions are reckoned
	Caso      casoCompleto `json:"caso"`
}

// statoCasoAlla answers a case as of a moment, folded from its stream, with
// personal data masked and the names of then.
func (a *API) statoCasoAlla(w http.ResponseWriter, q *request) error {
	c, alla, storia, err := a.finoA(q)
	if err != nil {
		return err
	}
	v := sguardo{stato: personale.Maschera(storia.Stato), vero: storia.Stato, ricordi: ricorda(mascherati(storia.Eventi)), tutte: true}
	out, err := a.allora(q, c, storia, a.istante(alla, storia), v)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, out)
}

// finoA reads the history of a case up to the moment that is asked for, and
// records the look.
func (a *API) finoA(q *request) (c id.Caso, alla commands.Alla, storia commands.Storia, err error) {
	if c, err = q.caso(); err != nil {
		return c, alla, storia, err
	}
	if alla, err = a.momento(q, "alla"); err != nil {
		return c, alla, storia, err
	}
	if storia, err = a.Comandi.StoriaCaso(q.Context(), c, alla); err == nil {
		a.guarda(q, c, storia.Stato.Ambito)
	}
	return c, alla, storia, err
}

// allora shows a case as it was at an instant. Where it is masked, what is
// reckoned is reckoned on what is true, and not shown where it is personal.
func (a *API) allora(q *request, c id.Caso, storia commands.Storia, quando time.Time, v sguardo) (casoAllora, error) {
	v.oggi, v.zona = giorno.Di(quando.In(a.Zona)), a.Zona
	nomi, err := a.Comandi.NomiDi(q.Context(), v.operatori()...)
	if err != nil {
		return casoAllora{}, err
	}
	v.nomi = allora{nomi, quando}
	ultimo := storia.Eventi[len(storia.Eventi)-1]
	return casoAllora{ultimo.Version, ultimo.Meta.Istante.UTC(), ultimo.Position, v.oggi.String(), v.mostra(c)}, nil
}

// mascherati are events with their personal data masked.
func mascherati(eventi []domain.Recorded) []domain.Recorded {
	eventi = slices.Clone(eventi)
	for i := range eventi {
		eventi[i].Event = personale.Maschera(eventi[i].Event)
	}
	return eventi
}
