package genera

import "nucleo/domain/caso"

// meta is where a case stands at the end of the year.
type meta int

const (
	inAttesa meta = iota // waits for a case manager
	daAvviare
	inAP
	inQA
	inDefinizione
	inMonitoraggio
	alCPI
	aiServizi
	concluso
)

// piano is what is drawn of a case beforehand: where it goes, and how many
// days each leg of the road takes. The leg that it is on at the end is longer
// than the days that are left.
type piano struct {
	meta    meta
	esito   caso.Esito
	ritardo int // from the domanda until the comune has it
	attesa  int // until the assignment
	avvio   int // until the AP begins
	ap      int
	qa      int
	pais    int
	ultima  int // on the leg of the end
}

// piano draws by the shares of a running ambito (domain notes 8.3).
func (g *generatore) piano() piano {
	p := piano{
		meta:    meta(quota(g.Rand, .15, .05, .19, .05, .125, .285, .05, .03, .07)), // leg by leg some fall behind
		ritardo: 1 + g.IntN(20), attesa: 3 + g.IntN(8) + min(int(g.ExpFloat64()*14), 80), avvio: 6 + g.IntN(18), ap: 12 + g.IntN(25),
		qa: 15 + g.IntN(25), pais: 8 + g.IntN(20),
	}
	p.esito = caso.EsitoB
	if p.meta == inQA || p.meta > inQA && g.con(.32) {
		p.esito = caso.EsitoC
	}
	switch p.meta {
	case inAttesa:
		_, presentata := g.presentazione()
		p.ultima = min(int(g.al-presentata), GiorniAnno-p.ritardo)
		p.ultima -= p.ritardo
	case daAvviare:
		p.ultima = 1 + g.IntN(18)
		p.avvio = p.oltre(g)
	case inAP:
		p.ultima = 2 + g.IntN(30)
		p.ap = p.oltre(g)
		p.esito = []caso.Esito{caso.EsitoA, caso.EsitoB, caso.EsitoC, caso.EsitoD}[quota(g.Rand, .12, .53, .25, .10)]
	case inQA:
		p.ultima = 2 + g.IntN(30)
		p.qa = p.oltre(g)
	case inDefinizione:
		p.ultima = 2 + g.IntN(22)
		p.pais = p.oltre(g)
	case inMonitoraggio:
		p.ultima = 3 + g.IntN(20) + int(g.ExpFloat64()*140)
	case alCPI:
		p.esito, p.ultima = caso.EsitoA, 3+g.IntN(200)
	case aiServizi:
		p.esito, p.ultima = caso.EsitoD, 3+g.IntN(200)
	case concluso:
		p.ultima = 20 + g.IntN(150)
	}
	p.ultima -= max(0, p.eta()-GiorniAnno)
	return p
}

func (p piano) oltre(g *generatore) int { return p.ultima + 6 + g.IntN(12) }

// eta is how many days before the end the domanda was filed.
func (p piano) eta() int {
	if p.meta == inAttesa {
		return max(0, p.ritardo+p.ultima)
	}
	giorni := p.ritardo + p.attesa
	for _, tratto := range []struct {
		dopo   meta
		giorni int
	}{{daAvviare, p.avvio}, {inAP, p.ap}, {inDefinizione, p.pais}} {
		if p.meta > tratto.dopo && (tratto.dopo != inDefinizione || p.meta == inMonitoraggio || p.meta == concluso) {
			giorni += tratto.giorni
		}
	}
	if p.meta > inQA && p.esito == caso.EsitoC {
		giorni += p.qa
	}
	return giorni + p.ultima
}
