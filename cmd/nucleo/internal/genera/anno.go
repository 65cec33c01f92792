package genera

import (
	"hash/fnv"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// Operatore is somebody of the demo, known to the installation.
type Operatore struct {
	ID id.Operatore
	Persona
}

// Anno is a year in an ambito: domande that come in, and the people who work
// on them. What they do is decided by the commands of the domain, so that
// nothing in it breaks a rule.
type Anno struct {
	Seme      int64
	Al        giorno.Giorno // the day it is seen from: everything happened before
	Ambito    Ambito
	Operatori []Operatore
	Zona      *time.Location
}

// GiorniAnno is how far back a year goes.
const GiorniAnno = 365

// Storie makes up n cases. Fewer are the first of more. A case costs little
// until its steps are asked for, and those of several can be asked at once.
func (a Anno) Storie(n int) iter.Seq[Storia] {
	return func(yield func(Storia) bool) {
		g := generatore{Rand: fonte(a.Seme, a.Al, 3), al: a.Al, ambito: a.Ambito, codici: map[codicefiscale.Codice]int{}, serie: int(uint64(a.Seme) % 900)}
		g.pesi = pesi(a.Ambito.Comuni)
		chi := a.personale()
		for i := range n {
			if !yield(a.storia(&g, chi, i)) {
				return
			}
		}
	}
}

// Storia is a case of the year.
type Storia struct {
	Domanda tracciato.Domanda
	anno    Anno
	chi     *personale
	piano   piano
}

// Passo is what somebody asked at an instant, and what was decided.
type Passo struct {
	Istante time.Time
	Attore  domain.Attore
	Eventi  []caso.Event
}

// Nuova reports whether the domanda has just come: nothing happened with it.
func (s Storia) Nuova() bool { return s.Domanda.DataTrasmissioneComune >= s.anno.Al }

// Passi are the steps of the life of a case in their order; none when it is
// Nuova.
func (s Storia) Passi() []Passo {
	if s.Nuova() {
		return nil
	}
	v := s.vita()
	v.corri()
	return v.passi
}

func (s Storia) vita() *vita {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.Domanda.IDDomanda))
	return &vita{
		Rand: rand.New(rand.NewPCG(uint64(s.anno.Seme)^h.Sum64(), uint64(s.anno.Al))), zona: s.anno.Zona, fine: s.anno.Al - 1,
		personale: s.chi, piano: s.piano, caso: id.CasoDi(s.Domanda.IDDomanda), domanda: s.Domanda,
	}
}

// storia draws where a case stands on the day, and the domanda that it began
// with as long before as that takes.
func (a Anno) storia(g *generatore, chi *personale, i int) Storia {
	p := g.piano()
	presentata := max(a.Al-giorno.Giorno(p.eta()), inizioRdC)
	misura := "ADI"
	if presentata < inizioADI {
		misura = "RDC"
		if p.meta == inAttesa && g.con(.5) {
			misura = "PDC" // a tenth of all, and none of them is assigned
		}
	}
	d := g.domandaDel(i, misura, presentata)
	d.DataTrasmissioneComune = min(presentata+giorno.Giorno(p.ritardo), a.Al)
	if d.DataRiconoscimento > d.DataTrasmissioneComune {
		d.DataRiconoscimento = 0
	}
	if misura == "ADI" && p.meta != inAttesa && d.DataSottoscrizionePAD.IsZero() {
		d.DataSottoscrizionePAD = presentata
	}
	d.DataSottoscrizionePAD = min(d.DataSottoscrizionePAD, d.DataTrasmissioneComune)
	return Storia{Domanda: d, anno: a, chi: chi, piano: p}
}

// personale is who works in the ambito, by what they do.
type personale struct {
	ambito       string
	comuni       []string
	coordinatori []incaricato
	caseManager  []incaricato
	incontri     []incaricato
	referenti    []incaricato
}

// incaricato is an operator in one role. Case managers are drawn by weight:
// their loads are as unequal as in life.
type incaricato struct {
	domain.Attore
	nome  string
	fondo caso.Fondo
	peso  float64
}

func (a Anno) personale() *personale {
	g := fonte(a.Seme, 0, 4)
	p := &personale{ambito: a.Ambito.Codice, comuni: a.Ambito.Comuni}
	for _, o := range a.Operatori {
		for _, r := range o.Ruoli {
			chi := incaricato{
				Attore: domain.Attore{ID: o.ID.UUID, Ruolo: r.Ruolo, Territorio: r.Territorio}, nome: o.Nome + " " + o.Cognome,
				fondo: caso.Fondo(r.Fondo), peso: math.Exp(.8 * g.NormFloat64()),
			}
			if len(r.Territorio.Comuni) == 0 {
				chi.peso /= 2 // who works in a comune knows it
			}
			switch r.Ruolo {
			case domain.CoordinatorePaIS:
				p.coordinatori = append(p.coordinatori, chi)
			case domain.CaseManager:
				p.caseManager = append(p.caseManager, chi)
			case domain.ResponsabileIncontri:
				p.incontri = append(p.incontri, chi)
			case domain.ReferenteSostegni:
				p.referenti = append(p.referenti, chi)
			}
		}
	}
	return p
}

// scegli draws somebody, but not one, who works in a comune.
func (p *personale) scegli(g *rand.Rand, tra []incaricato, comune string, tranne id.Operatore) (incaricato, bool) {
	var idonei []incaricato
	var quote []float64
	for _, i := range tra {
		if i.ID != tranne.UUID && i.Territorio.Copre(p.ambito, comune) {
			idonei, quote = append(idonei, i), append(quote, i.peso)
		}
	}
	if len(idonei) == 0 {
		return incaricato{}, false
	}
	return idonei[quota(g, quote...)], true
}

// di is the case manager with an id.
func (p *personale) di(o id.Operatore) (incaricato, bool) {
	i := slices.IndexFunc(p.caseManager, func(c incaricato) bool { return c.ID == o.UUID })
	if i < 0 {
		return incaricato{}, false
	}
	return p.caseManager[i], true
}
