package caso

import (
	"reflect"
	"slices"
	"unicode/utf8"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// FinalizzaAP gives the AP its outcome: when all six domains are saved and the
// nucleo was met.
type FinalizzaAP struct {
	Esito                Esito
	Motivazione          string `personale:"testo"` // 20 characters at least
	Data                 giorno.Giorno
	ComponentiAttivabili []id.Componente
	InviatoA             Destinazione // of the outcomes A and D, as far as known
	LineeGuida           string       // empty: those in force
	Oggi                 giorno.Giorno
}

// Refusals of an outcome.
var (
	ErrMotivazioneBreve = domain.Refuse(domain.Unprocessable, "ap.motivazione_breve", "motivate the outcome in 20 to 4,000 characters")
	ErrDestinazione     = domain.Refuse(domain.Unprocessable, "ap.destinazione_non_valida", "inviato_a is of tipo CPI for the outcome A, SPECIALISTICO for D, and is left out for B and C; its codice has at most 100 characters")
	ErrSezioniMancanti  = domain.Refuse(domain.Refused, "ap.sezioni_mancanti", "save all six domains before: CONDIZIONI_FUNZIONAMENTI, SITUAZIONE_ECONOMICA, SITUAZIONE_LAVORATIVA, EDUCAZIONE_FORMAZIONE, CONDIZIONE_ABITATIVA, RETI")
	ErrSenzaIncontri    = domain.Refuse(domain.Refused, "ap.senza_incontri", "the nucleo was never met: record a meeting before")
)

// Decide answers FinalizzaAP.
func (c FinalizzaAP) Decide(s State) ([]Event, error) {
	if err := s.opera(); err != nil {
		return nil, err
	}
	linee, stato, err := c.Esito.leggi(s.Domanda.Misura, c.LineeGuida)
	if err != nil {
		return nil, err
	}
	e := AnalisiPreliminareFinalizzata{
		Esito: c.Esito, Motivazione: c.Motivazione, Data: c.Data, ComponentiAttivabili: elenco(c.ComponentiAttivabili),
		InviatoA: c.InviatoA, LineeGuida: linee, Stato: stato,
	}
	switch {
	case vuoto(c.Motivazione) || utf8.RuneCountInString(c.Motivazione) < minimoMotivazione || prolisso(c.Motivazione):
		return nil, ErrMotivazioneBreve.At("motivazione")
	case !c.InviatoA.segue(stato):
		return nil, ErrDestinazione.At("inviato_a")
	case c.Data.IsZero() || c.Data > c.Oggi:
		return nil, ErrDataStrumento.At("data")
	case reflect.DeepEqual(s.AP.Esito, e):
		return nil, nil
	case s.Stato != InValutazioneAP:
		return nil, ErrAPNonAperta
	case c.Data < s.AP.Avvio.Data:
		return nil, ErrDataStrumento.At("data")
	case !s.Nucleo.comprende(c.ComponentiAttivabili):
		return nil, ErrFuoriNucleo.At("componenti_attivabili")
	case !s.AP.completa(s.Nucleo):
		return nil, ErrSezioniMancanti
	case s.Incontri.Registrati() < 1:
		return nil, ErrSenzaIncontri
	}
	return []Event{e}, nil
}

// completa reports whether each domain is saved, of the nucleo or of somebody
// who is still in it.
func (a AP) completa(n Nucleo) bool {
	for _, d := range Dimensioni {
		if !slices.ContainsFunc(a.Sezioni, func(z Sezione) bool {
			return z.Sezione == d && (z.Componente.IsZero() || n.contiene(z.Componente))
		}) {
			return false
		}
	}
	return true
}

// segue reports whether a destination fits the state that an outcome leads to.
func (d Destinazione) segue(stato Stato) bool {
	switch {
	case d == Destinazione{}:
		return true
	case len(d.Codice) > massimoSigla:
		return false
	}
	return d.Tipo == CPI && stato == InviatoCPI || d.Tipo == Specialistico && stato == InviatoServizi
}
