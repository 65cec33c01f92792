package cruscotto

import (
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Scrivania is the desk of a case manager on a day.
type Scrivania struct {
	Ambito      string
	CaseManager id.Operatore
	Giorno      giorno.Giorno
}

// Passaggio is a stretch of the road of a case.
type Passaggio string

// The stretches. Each is counted once for a case: the first time.
const (
	DomandaAssegnazione Passaggio = "DOMANDA_ASSEGNAZIONE"
	DomandaAP           Passaggio = "DOMANDA_AP"
	AssegnazioneAP      Passaggio = "ASSEGNAZIONE_AP"
	APPaIS              Passaggio = "AP_PAIS"
)

// Passaggi are the stretches in their order.
var Passaggi = []Passaggio{DomandaAssegnazione, AssegnazioneAP, DomandaAP, APPaIS}

// Durata is cases of a place that came to the end of a stretch in one month,
// after as many days.
type Durata struct {
	Ambito    string
	Comune    string
	Misura    caso.Misura
	Mese      giorno.Giorno // its first day
	Passaggio Passaggio
	Giorni    int
}

// Passi are how many did.
type Passi struct{ Casi int }

// DiCategoria is segnalazioni of a category that were proposed in one month.
type DiCategoria struct {
	Ambito    string
	Comune    string
	Misura    caso.Misura
	Mese      giorno.Giorno
	Categoria caso.Categoria
}

// Proposte are how many were.
type Proposte struct{ Numero int }

// il is the place and measure of a group, on a day.
func (g Gruppo) il(giorno giorno.Giorno) Quando {
	return Quando{g.Ambito, g.Comune, g.Misura, giorno}
}

// Mese is the first day of the month of a day.
func Mese(g giorno.Giorno) giorno.Giorno { return g - giorno.Giorno(g.Time().Day()-1) }

// passa notes how long a case took to where it came for the first time, and
// what was proposed to tell of it.
func (t *Tabelle) passa(prima, ora Caso, e caso.Event, il giorno.Giorno) {
	if ora.Assegnato && !prima.Assegnato {
		t.dura(ora, il, DomandaAssegnazione, ora.Attesa)
	}
	if ora.Avviato && !prima.Avviato {
		t.dura(ora, il, DomandaAP, ora.Avvio)
		if ora.Assegnato {
			t.dura(ora, il, AssegnazioneAP, ora.Avvio-ora.Attesa)
		}
	}
	switch e := e.(type) {
	case caso.PaISSottoscritto:
		if !prima.Firmato && ora.Avviato {
			t.dura(ora, il, APPaIS, int(e.Data-ora.Presentazione)-ora.Avvio)
		}
	case caso.SegnalazioneProposta:
		t.CategorieMese.Row(DiCategoria{ora.Ambito, ora.Comune, ora.Misura, Mese(il), e.Categoria}).Numero++
	}
}

// dura counts a stretch. Days that are written down by hand may lie before the
// step that was recorded: then it took none.
func (t *Tabelle) dura(c Caso, il giorno.Giorno, p Passaggio, giorni int) {
	t.TempiMese.Row(Durata{c.Ambito, c.Comune, c.Misura, Mese(il), p, max(giorni, 0)}).Casi++
}
