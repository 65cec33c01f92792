package caso

import (
	"cmp"
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Orologi is what the clocks of a case follow from: so little that a list of
// clocks keeps it for each case, follows it from event to event (Dopo), and
// says of the clocks what the rules say.
type Orologi struct {
	Stato          Stato                 `json:"s"`
	Misura         Misura                `json:"m"`
	Presentazione  giorno.Giorno         `json:"dp,omitzero"`
	Trasmissione   giorno.Giorno         `json:"dt,omitzero"`
	Riconoscimento giorno.Giorno         `json:"dr,omitzero"`
	PAD            giorno.Giorno         `json:"pad,omitzero"`
	Nucleo         []Soggetto            `json:"n,omitempty"`
	Convocazioni   Convocazioni          `json:"c,omitzero"`
	Versione       int                   `json:"v,omitempty"` // of the PaIS in force
	Mancate        []PaISNonSottoscritto `json:"f,omitempty"` // without the reasons
	Segnalazioni   []Pendente            `json:"i,omitempty"`
	Superate       Superate              `json:"x,omitempty"`
}

// Soggetto is a person of the nucleo, and from when they need not come any more.
type Soggetto struct {
	ID        id.Componente `json:"id"`
	EsenteDal giorno.Giorno `json:"e,omitzero"` // zero: never had to
}

// Pendente is a segnalazione, as far as clocks are concerned.
type Pendente struct {
	ID           id.Segnalazione   `json:"id"`
	Firma        bool              `json:"f,omitempty"` // of a missed signature
	Componente   id.Componente     `json:"c,omitzero"`
	Accertamento giorno.Giorno     `json:"a"`
	Scadenza     giorno.Giorno     `json:"g"`
	Stato        StatoSegnalazione `json:"s"`
}

// Corsa is a clock, and until when it runs if nothing happens.
type Corsa struct {
	Scadenza
	Fino giorno.Giorno // the first day on which it does not
}

// sempre is the end of clocks that time alone does not stop.
var sempre = giorno.Data(9999, 12, 31)

// Scadenze are the clocks that run on a day, the earliest first.
func (o Orologi) Scadenze(oggi giorno.Giorno) (vive []Scadenza) {
	for _, c := range o.Corse() {
		if oggi < c.Fino {
			vive = append(vive, c.Scadenza)
		}
	}
	return vive
}

// Corse are all clocks, the earliest first.
func (o Orologi) Corse() (tutte []Corsa) {
	aggiungi := func(x Scadenza) { tutte = append(tutte, Corsa{x, sempre}) }
	o.segnalazioni(aggiungi)
	if o.Stato.Aperto() && o.Misura != PDC {
		o.presentazioni(func(x Scadenza, fino giorno.Giorno) { tutte = append(tutte, Corsa{x, fino}) })
		o.convocazioni(aggiungi)
		o.sottoscrizioni(aggiungi)
	}
	slices.SortStableFunc(tutte, func(a, b Corsa) int {
		return cmp.Or(cmp.Compare(a.Giorno, b.Giorno), cmp.Compare(a.Tipo, b.Tipo))
	})
	return tutte
}

// segnalazioni are the clocks of those that INPS has not been told of.
func (o Orologi) segnalazioni(aggiungi func(Scadenza)) {
	for _, s := range o.Segnalazioni {
		if s.Stato != DaValidare && s.Stato != Approvata && s.Stato != InUscita {
			continue
		}
		tipo := Segnalazione10
		if s.Firma {
			tipo = Sottoscrizione5
		}
		aggiungi(Scadenza{Tipo: tipo, Giorno: s.Scadenza, Segnalazione: s.ID})
	}
}

// presentazioni is the counter of an ADI nucleo: 120 days to the first time,
// 90 to each next, as long as it has to come again.
func (o Orologi) presentazioni(aggiungi func(x Scadenza, fino giorno.Giorno)) {
	switch {
	case o.Misura != ADI || o.PAD.IsZero():
	case !o.Convocazioni.Ultima.IsZero():
		aggiungi(Scadenza{Tipo: Monitoraggio90, Giorno: o.Convocazioni.Ultima + terminiRinnovo}, esentiDal(o.Nucleo))
	default:
		aggiungi(Scadenza{Tipo: PrimoIncontro120, Giorno: PrimaPresentazione(o.Presentazione, o.Trasmissione, o.PAD)}, sempre)
	}
}

// PrimaPresentazione is by when an ADI nucleo has to come for the first time,
// once its PAD is signed; zero while nobody can say.
func PrimaPresentazione(domanda, trasmissione, pad giorno.Giorno) giorno.Giorno {
	switch {
	case domanda <= dallaTrasmissione:
		return trasmissione + terminiPrimoIncontro
	case pad.IsZero():
		return 0
	}
	return pad + terminiPrimoIncontro
}

func (o Orologi) convocazioni(aggiungi func(Scadenza)) {
	switch {
	case o.Convocazioni.Convocato:
	case o.Misura == ADI && !o.PAD.IsZero():
		aggiungi(Scadenza{Tipo: Convocazione60, Giorno: o.PAD + terminiConvocazioneADI})
	case o.Misura == RDC && !o.Riconoscimento.IsZero():
		aggiungi(Scadenza{Tipo: Convocazione30, Giorno: o.Riconoscimento + terminiConvocazioneRDC})
	}
	if !o.Convocazioni.Riconvocare.IsZero() {
		aggiungi(Scadenza{Tipo: Riconvocazione, Giorno: o.Convocazioni.Riconvocare})
	}
}

// sottoscrizioni are those of signatures that were missed, until the version is
// signed after all or somebody proposes to tell INPS.
func (o Orologi) sottoscrizioni(aggiungi func(Scadenza)) {
	for _, m := range o.Mancate {
		proposta := func(p Pendente) bool {
			return p.Firma && (p.Componente == m.Componente || p.Componente.IsZero()) && p.Accertamento >= m.Data && p.Stato != Ritirata
		}
		if o.Versione < m.Versione && !slices.ContainsFunc(o.Segnalazioni, proposta) {
			aggiungi(Scadenza{Tipo: Sottoscrizione5, Giorno: m.Data + terminiSottoscrizione, Componente: m.Componente})
		}
	}
}

// orologi is what the clocks follow from, as things stand.
func (s State) orologi() Orologi {
	d := s.Domanda
	o := Orologi{
		Stato: s.Stato, Misura: d.Misura, Presentazione: d.DataPresentazione, Trasmissione: d.DataTrasmissioneComune, Riconoscimento: d.DataRiconoscimento,
		PAD: s.PAD, Nucleo: soggetti(s.Nucleo.Componenti), Convocazioni: s.Incontri.Convocazioni, Versione: s.PaIS.Versione,
		Superate: s.Superate,
	}
	for _, m := range s.PaIS.Mancate {
		o.Mancate = append(o.Mancate, m.senzaMotivo())
	}
	for _, x := range s.Segnalazioni {
		p := pendente(x.Proposta)
		p.Stato = x.Stato
		o.Segnalazioni = append(o.Segnalazioni, p)
	}
	return o
}

// Dopo is what the clocks follow from after an event. Folded over the events of
// a case, it says what the state of the case says.
func (o Orologi) Dopo(e Event) Orologi {
	o.Stato, o.Convocazioni = o.Stato.Dopo(e), o.Convocazioni.dopo(e)
	switch e := e.(type) {
	case DomandaRicevuta:
		o.Misura, o.Presentazione, o.Trasmissione, o.Riconoscimento, o.PAD = e.Misura, e.DataPresentazione, e.DataTrasmissioneComune, e.DataRiconoscimento, e.DataSottoscrizionePAD
		o.Nucleo = soggetti(e.Componenti)
	case PADSottoscritto:
		o.PAD = e.Data
	case ComposizioneNucleoAggiornata:
		o.Nucleo = aggiornati(o.Nucleo, e)
	case PaISSottoscritto:
		o.Versione = e.Versione
	case PaISNonSottoscritto:
		o.Mancate = append(slices.Clip(o.Mancate), e.senzaMotivo())
	case SegnalazioneProposta:
		o.Segnalazioni = append(slices.Clip(o.Segnalazioni), pendente(e))
	case segnalazione:
		o.Segnalazioni = decise(o.Segnalazioni, e)
	case scadenza:
		o.Superate = o.Superate.evolve(e)
	}
	return o
}

func (e PaISNonSottoscritto) senzaMotivo() PaISNonSottoscritto {
	e.Motivazione = ""
	return e
}

func pendente(e SegnalazioneProposta) Pendente {
	return Pendente{
		ID: e.Segnalazione, Firma: e.Categoria.MancataSottoscrizione(), Componente: e.Componente,
		Accertamento: e.Accertamento, Scadenza: e.Scadenza, Stato: DaValidare,
	}
}

// decise follows what becomes of a segnalazione.
func decise(tutte []Pendente, e segnalazione) []Pendente {
	var quale id.Segnalazione
	var stato StatoSegnalazione
	switch e := e.(type) {
	case SegnalazioneRitirata:
		quale, stato = e.Segnalazione, Ritirata
	case SegnalazioneApprovata:
		quale, stato = e.Segnalazione, Approvata
	case SegnalazioneRifiutata:
		quale, stato = e.Segnalazione, Rifiutata
	case SegnalazioneMessaInUscita:
		quale, stato = e.Segnalazione, InUscita
	case InvioSegnalazioneAnnullato:
		quale, stato = e.Segnalazione, InvioFermato
	case SegnalazioneInviata:
		quale, stato = e.Segnalazione, Inviata
	case SegnalazioneAcquisita:
		quale, stato = e.Segnalazione, Acquisita
	case SegnalazioneRettificata:
		quale, stato = e.Segnalazione, Rettificata
	}
	tutte = slices.Clone(tutte)
	for i := range tutte {
		if tutte[i].ID == quale {
			tutte[i].Stato = stato
		}
	}
	return tutte
}

func soggetti(persone []Componente) (tutti []Soggetto) {
	for _, c := range persone {
		tutti = append(tutti, soggetto(c))
	}
	return tutti
}

func soggetto(c Componente) Soggetto {
	if c.Disabilita {
		return Soggetto{ID: c.ID}
	}
	anno, mese, g := c.DataNascita.Time().Date()
	return Soggetto{ID: c.ID, EsenteDal: giorno.Data(anno+etaSenzaObblighi, int(mese), g)}
}

// esentiDal is the first day on which nobody has to come every 90 days.
func esentiDal(nucleo []Soggetto) (dal giorno.Giorno) {
	for _, s := range nucleo {
		dal = max(dal, s.EsenteDal)
	}
	return dal
}

func aggiornati(nucleo []Soggetto, e ComposizioneNucleoAggiornata) (restano []Soggetto) {
	for _, s := range nucleo {
		if slices.ContainsFunc(e.Rimossi, func(r Rimosso) bool { return r.Componente == s.ID }) {
			continue
		}
		if i := slices.IndexFunc(e.Modificati, func(m Componente) bool { return m.ID == s.ID }); i >= 0 {
			s = soggetto(e.Modificati[i])
		}
		restano = append(restano, s)
	}
	return append(restano, soggetti(e.Aggiunti)...)
}
