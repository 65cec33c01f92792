package httpapi

import (
	"context"
	_ "embed"
	html "html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/differenza"
)

//go:embed fascicolo.html
var fascicoloHTML string

var moduloFascicolo = html.Must(html.New("fascicolo").Parse(fascicoloHTML))

// pagina is what the page of a bundle shows. It is read by people, and holds
// nothing that the files beside it do not.
type paginaDi struct {
	Caso, Domanda, Misura, Stato, Comune, Ambito, CaseManager string
	Persone                                                   int
	Fino, Composto                                            string
	Versione                                                  uint64
	Apertura                                                  *apertaDi // nil: masked
	Fatti                                                     []fattoDi
	Valori                                                    []valoreDi
	Sigillo                                                   sigilloDi
	Chiavi                                                    []string
	Programma                                                 string
}

type apertaDi struct{ ID, Motivo, Riferimento, Dal, Al string }

type fattoDi struct {
	Numero                           uint64
	Quando, Chi, Ruolo, Testo        string
	Tipo, ID, Impronta, QuandoEsatto string
	Aperto                           bool
}

type valoreDi struct{ Percorso, Valore string }

type sigilloDi struct {
	Dimensione      int64
	Quando, Radice  string
	Origine, Chiave string
}

// paginaFascicolo writes the page of a bundle.
func (a *API) paginaFascicolo(ctx context.Context, w io.Writer, d daComporre, s Sigillo) error {
	p := a.paginaDi(d)
	p.Sigillo = sigilloDi{Dimensione: s.Dimensione, Quando: a.data(s.Istante), Radice: s.Radice}
	p.Sigillo.Origine, _, _ = strings.Cut(s.Nota, "\n")
	p.Chiavi = a.Sigilli.Chiavi()
	nomi, err := a.Comandi.NomiDi(ctx, append(nominati(d.storia), d.storia.Stato.Assegnazione.CaseManager.UUID)...)
	if err != nil {
		return err
	}
	if cm := (allora{nomi, d.quando}).di(d.storia.Stato.Assegnazione.CaseManager.UUID); cm != nil {
		p.CaseManager = cm.Nome
	}
	if p.Fatti, err = a.fatti(ctx, d); err != nil {
		return err
	}
	return moduloFascicolo.Execute(w, p)
}

func (a *API) paginaDi(d daComporre) paginaDi {
	s := d.storia.Stato
	p := paginaDi{
		Caso: d.caso.String(), Domanda: s.Domanda.IDDomanda, Misura: string(s.Domanda.Misura), Stato: s.Stato.Etichetta(), Comune: nomeComune(s.Comune), Ambito: s.Ambito,
		Persone: len(s.Nucleo.Componenti), Fino: a.data(d.storia.Head.Istante), Composto: a.data(a.Adesso()), Versione: d.storia.Head.Version, Programma: "nucleo " + a.Versione,
	}
	if d.apertura != nil {
		r := d.richiesta
		p.Apertura = &apertaDi{d.apertura.ID.String(), inParole(string(r.Motivo)), r.Riferimento, giornoIn(r.Periodo.Dal.Time()), giornoIn(r.Periodo.Al.Time())}
	}
	visto := differenza.Di(d.statoVisto())
	for _, percorso := range slices.Sorted(maps.Keys(visto)) {
		v := visto[percorso]
		testo := v.Mascherato()
		if d.apertura != nil {
			testo = v.Testo
		}
		p.Valori = append(p.Valori, valoreDi{percorso, testo})
	}
	return p
}

// statoVisto is the state at the end as the page shows it: that of the events
// as it tells them.
func (d daComporre) statoVisto() caso.State {
	if d.apertura == nil {
		return d.storia.Stato
	}
	var s caso.State
	for _, r := range d.storia.Eventi {
		if e, suo := inChiaro(r.Event).(caso.Event); suo {
			s = caso.Decider.Evolve(s, e)
		}
	}
	return s
}

// fatti tells the events. Those before the days that were granted are told
// masked, whatever those in them name.
func (a *API) fatti(ctx context.Context, d daComporre) ([]fattoDi, error) {
	aperto, err := a.cronista(ctx, d.storia)
	if err != nil {
		return nil, err
	}
	velato, err := a.cronista(ctx, d.storia)
	if err != nil {
		return nil, err
	}
	var tutti []fattoDi
	for _, r := range d.storia.Eventi {
		coperto := velato.evento(r, mascherati([]domain.Recorded{r})[0].Event)
		e := aperto.evento(r, d.vede(r.Event))
		f := fattoDi{
			Numero: r.Version, Quando: a.data(r.Meta.Istante), QuandoEsatto: r.Meta.Istante.UTC().Format(time.RFC3339Nano), Chi: e.AttoreNome, Ruolo: inParole(string(r.Meta.Ruolo)),
			Testo: coperto.Descrizione, Tipo: r.Type, ID: r.ID.String(), Impronta: r.Meta.Self.String(), Aperto: d.apre(r, a.Zona),
		}
		if f.Aperto {
			f.Testo = e.Descrizione
		}
		tutti = append(tutti, f)
	}
	return tutti, nil
}

// data is an instant as clocks show it where the operators are.
func (a *API) data(t time.Time) string { return t.In(a.Zona).Format("02/01/2006 15:04:05") }

func giornoIn(t time.Time) string { return t.Format("02/01/2006") }

// inParole is a code as words.
func inParole(codice string) string {
	testo := strings.ToLower(strings.ReplaceAll(codice, "_", " "))
	if testo == "" {
		return ""
	}
	return strings.ToUpper(testo[:1]) + testo[1:]
}

func nomeComune(codice string) string {
	c := comuneDi(codice)
	if c.Nome == "" {
		return c.Codice
	}
	return c.Nome + " (" + c.Codice + ")"
}
