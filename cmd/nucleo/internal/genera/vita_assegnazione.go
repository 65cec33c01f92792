package genera

import (
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// firmaPAD has an ADI enter the queue, later than it was filed.
func (v *vita) firmaPAD() {
	v.fa(domain.INPS, caso.RegistraPAD{Data: v.oggi(), Oggi: v.oggi()})
}

// comincia draws what becomes of a domanda in the queue.
func (v *vita) comincia() {
	v.notizie()
	if v.piano.meta != inAttesa {
		v.fra(v.piano.attesa, v.assegna)
		return
	}
	if v.piano.ultima > 20 && v.con(.12) { // given to somebody, and given back
		v.fra(5+v.IntN(v.piano.ultima/2), func() {
			v.affida()
			v.fra(2+v.IntN(6), v.annulla)
		})
	}
	if v.piano.ultima > 10 && v.con(.06) {
		v.fra(2+v.IntN(v.piano.ultima), v.anticipa)
	}
	if v.piano.ultima > 10 && v.con(.05) {
		v.fra(2+v.IntN(v.piano.ultima), v.presenta)
	}
}

// assegna begins the work on a case, and draws what else will happen to it.
func (v *vita) assegna() {
	if !v.affida() {
		return
	}
	v.convoca(v.piano.avvio)
	resta := v.resta()
	for range quota(v.Rand, .90, .08, .015, .005) {
		v.fra(1+v.IntN(resta), v.riassegna)
	}
	if v.con(.02) {
		v.fra(1+v.IntN(resta), func() {
			v.annulla()
			v.fra(1+v.IntN(6), func() { v.affida() })
		})
	}
	if v.con(.16) {
		v.fra(v.quando(), v.segnalaQualcosa)
	}
	if v.piano.meta == concluso {
		v.fra(max(1, resta-2-v.IntN(1+resta/4)), v.concludi)
	}
	v.fra(3+v.IntN(20), v.annota)
	v.fra(20+v.IntN(60), v.informa)
	if v.con(.3) {
		v.fra(1+v.IntN(resta), v.aggiornaRecapiti)
	}
}

// resta is how many days there are until the end, one at least.
func (v *vita) resta() int { return max(1, int(v.fine-v.oggi())) }

// quando is a day for a segnalazione: any, but often one of the last, so that
// some wait for a decision at any time.
func (v *vita) quando() int {
	resta := v.resta()
	if v.con(.4) {
		return max(1, resta-v.IntN(10))
	}
	return 1 + v.IntN(resta)
}

func incarichi(c incaricato) []caso.Incarico {
	return []caso.Incarico{{Territorio: c.Territorio, Fondo: c.fondo}}
}

func (v *vita) coordinatore() (incaricato, bool) {
	return v.scegli(v.Rand, v.coordinatori, v.stato.Comune, id.Operatore{})
}

func (v *vita) affida() bool {
	chi, ok := v.coordinatore()
	cm, c := v.scegli(v.Rand, v.caseManager, v.stato.Comune, id.Operatore{})
	if !ok || !c || !v.stato.Stato.Aperto() || !v.stato.Assegnazione.CaseManager.IsZero() {
		return false
	}
	return v.fa(chi.Attore, caso.Assegna{CaseManager: id.Operatore{UUID: cm.ID}, Incarichi: incarichi(cm), Modalita: caso.Manuale})
}

func (v *vita) riassegna() {
	da := v.stato.Assegnazione.CaseManager
	chi, ok := v.coordinatore()
	cm, c := v.scegli(v.Rand, v.caseManager, v.stato.Comune, da)
	if ok && c && !da.IsZero() && v.stato.Stato.Aperto() {
		v.fa(chi.Attore, caso.Riassegna{Da: da, A: id.Operatore{UUID: cm.ID}, Incarichi: incarichi(cm), Motivo: scegli(v.Rand, motiviRiassegnazione)})
	}
}

func (v *vita) annulla() {
	chi, ok := v.coordinatore()
	if ok && v.stato.Stato.Aperto() && !v.stato.Assegnazione.CaseManager.IsZero() {
		v.fa(chi.Attore, caso.AnnullaAssegnazione{Motivo: caso.Richiesta})
	}
}

// anticipa gives a sostegno before anybody carries the case (ADI-05).
func (v *vita) anticipa() {
	chi, ok := v.scegli(v.Rand, v.referenti, v.stato.Comune, id.Operatore{})
	if ok && v.stato.Assegnazione.CaseManager.IsZero() {
		v.fa(chi.Attore, caso.AnticipaSostegno{Sostegno: v.sostegno(), Data: v.oggi(), Oggi: v.oggi()})
	}
}

// presenta has somebody come unasked, before anybody carries the case.
func (v *vita) presenta() {
	if chi, ok := v.scegli(v.Rand, v.incontri, v.stato.Comune, id.Operatore{}); ok {
		v.fa(chi.Attore, caso.RegistraIncontro{
			Incontro: id.Incontro{UUID: v.nuovo()}, Tipo: caso.PresentazioneSpontanea, Data: v.oggi(), Presenti: []id.Componente{v.richiedente()}, Oggi: v.oggi(),
		})
	}
}

func (v *vita) sostegno() caso.Sostegno {
	s := caso.Sostegno{
		ID: id.Sostegno{UUID: v.nuovo()}, Tipo: scegli(v.Rand, caso.TipiSostegno), Erogatore: scegli(v.Rand, erogatori),
		Dal: v.oggi(), Al: v.oggi() + giorno.Giorno(60+v.IntN(240)), Fondo: []caso.Fondo{caso.PON, caso.FondoPoverta, ""}[quota(v.Rand, .5, .3, .2)],
	}
	if v.con(.5) {
		s.Quantita, s.Unita = 2+v.IntN(10), "ore alla settimana"
	}
	return s
}
