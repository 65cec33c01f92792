package httpapi

import (
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/agenda"
	"nucleo/projections/elenco"
)

// The days of the calendar that is handed out, and how many meetings at most.
const (
	giorniPassati   giorno.Giorno = 90
	giorniFuturi    giorno.Giorno = 731
	massimoIncontri               = 2000
)

// agendaICS answers the caller's own meetings as an iCalendar (RFC 5545), for
// the calendar of their desk. Calendars are shared: nobody of a nucleo is named
// in it.
func (a *API) agendaICS(w http.ResponseWriter, q *request) error {
	oggi := a.oggi()
	f := agenda.FiltroIncontri{Territorio: q.attore.Territorio, Dal: a.alba(oggi - giorniPassati), Al: a.alba(oggi + giorniFuturi)}
	if f.CaseManager = suoi(q); q.attore.Ruolo == domain.ResponsabileIncontri {
		f.Operatore = id.Operatore{UUID: q.attore.ID}
	}
	a.atLeast(w, q)
	cal := ics.NewCalendar()
	cal.SetProductId("-//Nucleo//agenda//IT")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRTimezone(a.Zona.String())
	for chiesta := (elenco.Richiesta{Limite: 100}); ; {
		pagina, err := agenda.Incontri(q.Context(), a.Lettura, f, chiesta)
		if err != nil {
			return err
		}
		for _, v := range pagina.Voci {
			a.evento(cal, v)
		}
		if chiesta.Cursore = pagina.Cursore; chiesta.Cursore == "" || len(cal.Events()) >= massimoIncontri {
			break
		}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	q.vista.righe = len(cal.Events())
	_, err := w.Write([]byte(cal.Serialize(ics.WithNewLineWindows)))
	return err
}

// evento is one meeting, under a name that it keeps when it is moved.
func (a *API) evento(cal *ics.Calendar, v agenda.Impegnato) {
	e := cal.AddEvent(v.Caso.String() + "." + v.Incontro.String() + "@nucleo")
	e.SetDtStampTime(a.Adesso().UTC())
	e.SetStartAt(v.Inizio.UTC())
	e.SetEndAt(v.Inizio.UTC().Add(time.Duration(v.Durata) * time.Minute))
	e.SetSummary(strings.Join(strings.Fields("Incontro "+v.IDDomanda+" "+comuneDi(v.Comune).Nome), " "))
	if v.Luogo != "" {
		e.SetLocation(v.Luogo)
	}
	e.SetStatus(ics.ObjectStatusConfirmed)
	if v.Stato == caso.StatoAnnullato {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
}
