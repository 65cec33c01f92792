package caso

import (
	"reflect"
	"slices"

	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// ValutaIncontro says, of a meeting that took place while the case is
// monitored, how far results and impegni of the PaIS have come. Once said of a
// meeting it stays.
type ValutaIncontro struct {
	Incontro  id.Incontro
	Risultati []RisultatoValutato
	Impegni   []ImpegnoInIncontro
	Note      string `personale:"testo"`
}

// ValutaImpegno says how far one impegno of the PaIS has come, at any time
// while the case is monitored.
type ValutaImpegno struct {
	Impegno     id.Impegno
	Valutazione Valutazione `personale:"dato"`
	Data        giorno.Giorno
	Nota        string `personale:"testo"`
	Oggi        giorno.Giorno
}

// Decide answers ValutaIncontro.
func (c ValutaIncontro) Decide(s State) ([]Event, error) {
	questo, noto := s.Incontri.Trova(c.Incontro)
	if !noto {
		return nil, ErrIncontroInesistente
	}
	if err := c.controlla(); err != nil {
		return nil, err
	}
	e := IncontroValutato{
		Incontro: c.Incontro, Risultati: append([]RisultatoValutato(nil), c.Risultati...), Impegni: append([]ImpegnoInIncontro(nil), c.Impegni...), Note: c.Note,
	}
	switch {
	case reflect.DeepEqual(questo.Valutato, e):
		return nil, nil
	case !questo.Valutato.Incontro.IsZero():
		return nil, ErrIncontroValutato
	case questo.Stato != StatoSvolto:
		return nil, ErrIncontroNonSvolto
	case s.Stato != InMonitoraggio:
		return nil, ErrNonMonitorato
	case slices.ContainsFunc(c.Risultati, func(r RisultatoValutato) bool { return !s.haRisultato(r.Risultato) }):
		return nil, ErrValutazione.At("risultati")
	case slices.ContainsFunc(c.Impegni, func(i ImpegnoInIncontro) bool { return !s.haImpegno(i.Impegno) }):
		return nil, ErrValutazione.At("impegni")
	}
	return []Event{e}, nil
}

func (c ValutaIncontro) controlla() error {
	var risultati []id.Risultato
	for _, r := range c.Risultati {
		if risultati = append(risultati, r.Risultato); !slices.Contains(ScalaRisultati, r.Valutazione) {
			return ErrValutazione.At("risultati")
		}
	}
	var impegni []id.Impegno
	for _, i := range c.Impegni {
		if impegni = append(impegni, i.Impegno); !slices.Contains(ScalaImpegni, i.Valutazione) {
			return ErrValutazione.At("impegni")
		}
	}
	switch {
	case ripetuti(risultati):
		return ErrValutazione.At("risultati")
	case ripetuti(impegni):
		return ErrValutazione.At("impegni")
	case !testoEntro(c.Note, 0, massimoNote):
		return ErrIncontroTesto.At("note")
	case len(risultati)+len(impegni) == 0 && vuoto(c.Note):
		return ErrValutazioneVuota
	}
	return nil
}

// Decide answers ValutaImpegno.
func (c ValutaImpegno) Decide(s State) ([]Event, error) {
	e := ImpegnoValutato{Impegno: c.Impegno, Valutazione: c.Valutazione, Data: c.Data, Nota: c.Nota}
	switch {
	case s.Stato == "":
		return nil, ErrInesistente
	case !slices.Contains(ScalaImpegni, c.Valutazione):
		return nil, ErrValutazione.At("valutazione")
	case c.Data < s.primoGiorno() || c.Data > c.Oggi:
		return nil, ErrIncontroData.At("data")
	case !testoEntro(c.Nota, 0, massimoNote):
		return nil, ErrIncontroTesto.At("nota")
	case s.Incontri.ultima(c.Impegno) == e && !c.Impegno.IsZero():
		return nil, nil
	case s.Stato != InMonitoraggio:
		return nil, ErrNonMonitorato
	case !s.haImpegno(c.Impegno):
		return nil, ErrValutazione.At("impegno_id")
	}
	return []Event{e}, nil
}

// ultima is the last evaluation of an impegno outside meetings.
func (n Incontri) ultima(i id.Impegno) ImpegnoValutato {
	for _, v := range slices.Backward(n.Valutati) {
		if v.Impegno == i {
			return v
		}
	}
	return ImpegnoValutato{}
}

// haImpegno reports whether an impegno stands in the PaIS in force.
func (s State) haImpegno(i id.Impegno) bool {
	return slices.ContainsFunc(s.PaIS.Vigente.Impegni, func(x Impegno) bool { return x.ID == i })
}

// haRisultato reports whether an expected result stands in the PaIS in force.
func (s State) haRisultato(i id.Risultato) bool {
	return slices.ContainsFunc(s.PaIS.Vigente.Obiettivi, func(o Obiettivo) bool {
		return slices.ContainsFunc(o.Risultati, func(r Risultato) bool { return r.ID == i })
	})
}
