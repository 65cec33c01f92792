package genera

import (
	"nucleo/commands/tracciato"
	"nucleo/domain/belfiore"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
)

// composizione is what is drawn of a nucleo before its people are.
type composizione struct {
	persone          int
	minori, disabili bool
	anziano          bool // the richiedente is 60 or older
	coppia           bool
}

// componi draws the size of a nucleo, and whether minors and disabled people
// are in it: the joint shares of RdC, and those of the ADI, which asks for one
// or the other, or for age.
func (g *generatore) componi(misura string) composizione {
	c := composizione{persone: 1 + quota(g.Rand, .471, .210, .140, .117, .044, .0126, .0036, .0013, .0005)}
	solo := c.persone == 1
	switch {
	case misura == "ADI" && solo:
		c.disabili = g.con(.323)
		c.anziano = g.con(.8) && !c.disabili || c.disabili && g.con(.3)
	case misura == "ADI":
		c.minori = g.con(.624)
		c.disabili = c.minori && g.con(.3) || !c.minori && g.con(.648)
		c.anziano = !c.minori && (!c.disabili || g.con(.3))
	case solo:
		c.disabili, c.anziano = g.con(.144), g.con(.3)
	default:
		switch quota(g.Rand, .57, .11, .083, .237) { // more than .31 of all, for those of PdC have none
		case 0:
			c.minori = true
		case 1:
			c.disabili = true
		case 2:
			c.minori, c.disabili = true, true
		}
		c.anziano = !c.minori && g.con(.3)
	}
	if misura == "PDC" { // all are 67 or older
		c = composizione{persone: min(c.persone, 2), disabili: c.disabili, anziano: true}
	}
	c.coppia = c.persone >= 2 && (misura == "PDC" || g.con(map[bool]float64{true: .3, false: .75}[c.persone == 2 && c.minori]))
	if c.persone == 2 && c.minori {
		c.coppia = false // a parent and a child
	}
	return c
}

func (g *generatore) nucleo(misura string, il giorno.Giorno, luogo belfiore.Luogo) []tracciato.Componente {
	c := g.componi(misura)
	eta := 25 + g.IntN(35)
	if c.anziano {
		eta = 60 + g.IntN(25)
	}
	if misura == "PDC" {
		eta = 67 + g.IntN(20)
	}
	if c.minori && eta < 32 {
		eta += 7
	}
	straniero := g.con(.08)
	richiedente := g.persona(persona{eta: eta, il: il, luogo: luogo, straniero: straniero, sesso: g.sesso(), relazione: "RICHIEDENTE", misura: misura})
	nucleo := []tracciato.Componente{richiedente}
	for len(nucleo) < c.persone {
		p := persona{il: il, luogo: luogo, misura: misura, sesso: g.sesso(), cognome: richiedente.Cognome, relazione: "FIGLIO"}
		switch k := len(nucleo); {
		case k == 1 && c.coppia:
			p.eta, p.cognome, p.straniero = max(20, eta-8+g.IntN(13)), "", g.con(.08)
			if misura == "PDC" {
				p.eta = 67 + g.IntN(20)
			}
			p.sesso = map[string]string{"M": "F", "F": "M"}[richiedente.Sesso]
			p.relazione = map[bool]string{true: "CONIUGE", false: "CONVIVENTE"}[g.con(.85)]
		case c.minori && (k <= 2 || g.con(.7)):
			p.eta = g.IntN(min(18, eta-17))
		case eta >= 40:
			p.eta = 18 + g.IntN(min(20, eta-38))
		default:
			p.eta, p.relazione = 18+g.IntN(30), "FRATELLO_SORELLA"
			if g.con(.4) {
				p.eta, p.relazione = min(95, eta+20+g.IntN(15)), "GENITORE"
			}
		}
		nucleo = append(nucleo, g.persona(p))
	}
	if c.disabili {
		d := &nucleo[g.IntN(len(nucleo))]
		d.Disabilita, d.GradoDisabilita = true, scegli(g.Rand, []string{"MEDIA", "GRAVE", "NON_AUTOSUFFICIENZA"})
		d.TenutoAgliObblighi = false
	}
	return nucleo
}

func (g *generatore) sesso() string {
	if g.con(.5) {
		return "M"
	}
	return "F"
}

// persona is what is drawn of somebody before the rest follows.
type persona struct {
	eta       int
	il        giorno.Giorno // on which they have that age
	luogo     belfiore.Luogo
	straniero bool // born abroad
	sesso     string
	cognome   string // that of the family; drawn when empty
	relazione string
	misura    string
}

func (g *generatore) persona(p persona) tracciato.Componente {
	t := p.il.Time()
	nato := giorno.Di(t.AddDate(-p.eta, 0, -g.IntN(364)))
	c := tracciato.Componente{
		Cognome: p.cognome, Sesso: p.sesso, DataNascita: nato, Relazione: p.relazione, Convivente: true,
		Nome: g.nome(p), ComuneNascita: g.nascita(p, nato), Nazionalita: "ITA",
	}
	if p.straniero {
		stato := scegli(g.Rand, stati)
		c.ComuneNascita, c.Nome = stato.codice, scegli(g.Rand, map[string][]string{"M": stato.uomini, "F": stato.donne}[p.sesso])
		if c.Cognome = scegli(g.Rand, stato.cognomi); g.con(.75) {
			c.Nazionalita = stato.iso
			c.TitoloSoggiorno = stato.titolo
		}
	}
	if c.Cognome == "" {
		c.Cognome = scegli(g.Rand, cognomi)
	}
	c.CodiceFiscale = string(g.codice(c))
	g.lavoro(&c, p)
	return c
}

func (g *generatore) nome(p persona) string {
	if p.sesso == "M" {
		return scegli(g.Rand, uomini)
	}
	return scegli(g.Rand, donne)
}

// nascita is the place of birth of who was born in Italy.
func (g *generatore) nascita(p persona, il giorno.Giorno) string {
	if g.con(.7) {
		return p.luogo.Codice
	}
	if altro, noto := belfiore.Cerca(scegli(g.Rand, natali)); noto && altro.ValidoIl(il.Time()) {
		return altro.Codice
	}
	return p.luogo.Codice
}

// codice is the tax code of a person, whom nobody shares it with: one in a
// hundred has letters for digits, and so has whoever comes second.
func (g *generatore) codice(c tracciato.Componente) codicefiscale.Codice {
	t := c.DataNascita.Time()
	codice, err := codicefiscale.Calcola(c.Cognome, c.Nome, t.Year(), int(t.Month()), t.Day(), c.Sesso, c.ComuneNascita)
	if err != nil {
		panic("genera: a name of the lists makes no tax code: " + err.Error())
	}
	n := g.codici[codice]
	if n == 0 && g.con(.01) {
		n = 1
	}
	g.codici[codice] = n + 1
	return codice.ConOmocodia(n)
}

func (g *generatore) lavoro(c *tracciato.Componente, p persona) {
	switch {
	case p.eta < 16:
		c.Studente = p.eta >= 6
	case p.eta < 19 || p.eta < 25 && p.relazione == "FIGLIO" && g.con(.4):
		c.Studente, c.Occupazione, c.TitoloStudio = true, "STUDENTE", "LICENZA_MEDIA"
	case p.eta >= 67:
		c.Occupazione, c.TitoloStudio = "PENSIONATO", g.titolo()
	default:
		c.Occupazione = []string{"DISOCCUPATO", "INOCCUPATO", "OCCUPATO", "CASALINGO", "INABILE"}[quota(g.Rand, .5, .15, .15, .15, .05)]
		c.TitoloStudio = g.titolo()
		c.TenutoAgliObblighi = p.misura != "PDC" && (p.misura == "RDC" || p.eta < 60) && c.Occupazione != "INABILE"
		if c.Occupazione == "DISOCCUPATO" {
			c.MesiDisoccupazione, c.NASpI, c.DIDFirmata = 1+g.IntN(60), g.con(.1), g.con(.6)
		}
		if c.TenutoAgliObblighi {
			c.StatoPattoLavoro = []string{"NON_PREVISTO", "DA_SOTTOSCRIVERE", "SOTTOSCRITTO"}[quota(g.Rand, .4, .4, .2)]
		}
	}
}

func (g *generatore) titolo() string {
	return []string{"NESSUNO", "LICENZA_ELEMENTARE", "LICENZA_MEDIA", "QUALIFICA_PROFESSIONALE", "DIPLOMA", "LAUREA"}[quota(g.Rand, .05, .15, .45, .1, .2, .05)]
}
