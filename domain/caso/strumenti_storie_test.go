package caso_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/domaintest"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

// TestStoriesOfTheInstruments lets cases go on from anywhere on their road
// through random commands of the lifecycle and the instruments, by random
// roles. Some steps do what comes next, so that cases get far.
func TestStoriesOfTheInstruments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := percorso{storia: storia{Story: domaintest.Story[caso.State, caso.Event]{Decider: caso.Decider, Catalog: domain.NewCatalog(caso.Aggregate)}}}
		p.comincia(t, uno(t, waiting, avviare, pronta, inQA, bozza, bozza, monitoraggio, monitoraggio, ridefinizione, oltre(bozza, toltoAnna)))
		t.Repeat(map[string]func(*rapid.T){
			"":          p.regge,
			"avanza":    p.avanza,
			"strumento": func(t *rapid.T) { p.passo(t, strumento(t)) },
			"patto":     func(t *rapid.T) { p.passo(t, delPatto(t, p.State)) },
			"sostegno":  func(t *rapid.T) { p.passo(t, delSostegno(t)) },
			"ciclo":     func(t *rapid.T) { p.passo(t, delCiclo(t)) },
			"esonero":   func(t *rapid.T) { p.passo(t, dellEsonero(t)) },
			"nucleo":    func(t *rapid.T) { p.passo(t, disegnaAggiorna(t)) },
			"esce": func(t *rapid.T) {
				p.passo(t, aggiorna(func(c *caso.AggiornaNucleo) { c.Rimossi = esce(uno(t, pino, lia, rosa)) }))
			},
			"coordina": func(t *rapid.T) { p.passo(t, delCoordinatore(t)) },
		})
	})
}

// comincia lets a story begin with what happened before.
func (p *percorso) comincia(t *rapid.T, dati events) {
	for _, e := range dati {
		p.segue(t, p.State, e)
		p.Events, p.State = append(p.Events, e), caso.Decider.Evolve(p.State, e)
	}
	p.entrano(t, ricevuta.Componenti)
}

// percorso is a case on its road, and what was seen of it.
type percorso struct {
	storia
	versioni int
	sostegni map[id.Sostegno]caso.StatoSostegno
}

// passo asks, and holds each event to the drawing of states and to what it may
// follow.
func (p *percorso) passo(t *rapid.T, cmd comando) {
	prima, n := p.State, len(p.Events)
	p.ask(t, cmd)
	for _, e := range p.Events[n:] {
		dopo := caso.Decider.Evolve(prima, e)
		if !ammessa(prima.Stato, prima.Lavoro, dopo.Stato) {
			t.Fatalf("%T led from %q to %q", e, prima.Stato, dopo.Stato)
		}
		p.segue(t, prima, e)
		prima = dopo
	}
}

func (p *percorso) segue(t *rapid.T, prima caso.State, e caso.Event) {
	switch e := e.(type) {
	case caso.PaISSottoscritto:
		p.versioni++
		b := prima.PaIS.Bozza
		if e.Versione != p.versioni || len(b.DaConfermare) > 0 || len(b.Impegni) == 0 || len(b.Sostegni) == 0 || !slices.ContainsFunc(b.Obiettivi, func(o caso.Obiettivo) bool { return len(o.Risultati) > 0 }) {
			t.Fatalf("version %d is signed as %d: %+v", p.versioni, e.Versione, b)
		}
	case caso.CasoRiaperto:
		if prima.Beneficio.Stato == caso.BeneficioPerso {
			t.Fatal("reopened without benefit")
		}
	case caso.Assegnato, caso.Riassegnato:
		if !prima.Stato.Aperto() {
			t.Fatalf("%T while %s", e, prima.Stato)
		}
	case caso.SostegnoAttivato:
		p.va(t, e.Sostegno, caso.SostegnoInCorso, caso.SostegnoInAttesa, caso.SostegnoFermo)
	case caso.SostegnoSospeso:
		p.va(t, e.Sostegno, caso.SostegnoFermo, caso.SostegnoInCorso)
	case caso.SostegnoConcluso:
		p.va(t, e.Sostegno, caso.SostegnoFinito, caso.SostegnoInCorso, caso.SostegnoFermo)
	case caso.SostegnoRevocato:
		p.va(t, e.Sostegno, caso.SostegnoRitirato, caso.SostegnoInCorso, caso.SostegnoFermo)
	case caso.SostegnoRimosso:
		if s := p.sostegni[e.Sostegno]; s == caso.SostegnoInCorso || s == caso.SostegnoFermo {
			t.Fatalf("a sostegno was removed while %s", s)
		}
	}
}

// va moves a sostegno, which must come from one of some states.
func (p *percorso) va(t *rapid.T, s id.Sostegno, a caso.StatoSostegno, da ...caso.StatoSostegno) {
	prima, nota := p.sostegni[s]
	if !nota {
		prima = caso.SostegnoInAttesa
	}
	if !slices.Contains(da, prima) {
		t.Fatalf("a sostegno goes from %s to %s", prima, a)
	}
	if p.sostegni == nil {
		p.sostegni = map[id.Sostegno]caso.StatoSostegno{}
	}
	p.sostegni[s] = a
}

// regge checks what is true of every case at every moment.
func (p *percorso) regge(t *rapid.T) {
	s := p.State
	switch chiuso := s.Stato == caso.Chiuso; {
	case chiuso != (s.Chiusura != caso.CasoChiuso{}):
		t.Fatalf("%s, closed by %+v", s.Stato, s.Chiusura)
	case !chiuso && s.PaIS.Conclusione != caso.PaISConcluso{}:
		t.Fatalf("%s with a PaIS that ended", s.Stato)
	case s.Beneficio.Stato == caso.BeneficioPerso && s.Stato.Aperto():
		t.Fatalf("%s without benefit", s.Stato)
	case s.PaIS.Versione != p.versioni:
		t.Fatalf("version %d after %d signatures", s.PaIS.Versione, p.versioni)
	case !fatto(s):
		t.Fatalf("at work in %s with AP %q, QA %v, PaIS %d", s.Lavoro, s.AP.Esito.Esito, s.QA.Finalizzato(), s.PaIS.Versione)
	}
	for sostegno, stato := range p.sostegni {
		if got := s.Sostegni.Stato(sostegno); got != stato {
			t.Fatalf("a sostegno is %s, not %s", got, stato)
		}
	}
	p.reggonoEsoneri(t)
	p.reggonoPatti(t)
	p.holdsOfNucleo(t)
}

// fatto reports whether the instruments are as far as the state of work says.
func fatto(s caso.State) bool {
	e := s.AP.Esito.Esito
	switch s.Lavoro {
	case caso.DaAvviare:
		return s.AP.Avvio.Data == 0
	case caso.InValutazioneAP:
		return s.AP.Avvio.Data != 0 && e == ""
	case caso.InValutazioneQA:
		return e == caso.EsitoC && !s.QA.Finalizzato()
	case caso.InDefinizione:
		return s.PaIS.Versione == 0 && (e == caso.EsitoB || e == caso.EsitoC && s.QA.Finalizzato())
	case caso.InMonitoraggio:
		return s.PaIS.Versione > 0 && s.AP.PresoInCarico()
	case caso.InviatoCPI:
		return e == caso.EsitoA
	case caso.InviatoServizi:
		return e == caso.EsitoD
	}
	return false
}

func (p *percorso) reggonoEsoneri(t *rapid.T) {
	orologi(t, p.Events, p.State, oggi)
	dentro := p.dentro()
	attivi := p.State.Esoneri.Attivi
	for i, a := range attivi {
		if !dentro[a.Componente] || !a.Assistito.IsZero() && !dentro[a.Assistito] {
			t.Fatalf("an exemption of who left: %+v", a)
		}
		for _, b := range attivi[:i] {
			insieme := (b.Al == 0 || a.Dal <= b.Al) && (a.Al == 0 || b.Dal <= a.Al)
			cura := a.Motivo == b.Motivo && a.Assistito == b.Assistito && (a.Motivo == caso.CuraMinore || a.Motivo == caso.CuraDisabile)
			if insieme && (cura || a.Componente == b.Componente) {
				t.Fatalf("two exemptions at one time: %+v, %+v", a, b)
			}
		}
	}
}

func (p *percorso) reggonoPatti(t *rapid.T) {
	dentro := p.dentro()
	for _, patto := range []caso.Patto{p.State.PaIS.Vigente, p.State.PaIS.Bozza} {
		for _, o := range patto.Obiettivi {
			if len(o.Componenti) > 0 && !slices.ContainsFunc(o.Componenti, func(c id.Componente) bool { return dentro[c] }) {
				t.Fatalf("an obiettivo of who left: %+v", o)
			}
		}
		for _, i := range patto.Impegni {
			if !slices.ContainsFunc(i.Componenti, func(c id.Componente) bool { return dentro[c] }) {
				t.Fatalf("an impegno of who left: %+v", i)
			}
		}
	}
}

func (p *percorso) dentro() map[id.Componente]bool {
	dentro := map[id.Componente]bool{}
	for _, c := range p.State.Nucleo.Componenti {
		dentro[c.ID] = true
	}
	return dentro
}

// avanza does what comes next on the road.
func (p *percorso) avanza(t *rapid.T) {
	for _, c := range prossimi(t, p.State) {
		p.passo(t, c)
	}
}

func prossimi(t *rapid.T, s caso.State) (passi []comando) {
	switch s.Stato {
	case caso.DaAvviare:
		return []comando{caso.AvviaAnalisiPreliminare{Data: marzo, Oggi: oggi}}
	case caso.InValutazioneAP:
		for _, d := range caso.Dimensioni {
			if !slices.ContainsFunc(s.AP.Sezioni, func(z caso.Sezione) bool { return z.Sezione == d && z.Componente.IsZero() }) {
				passi = append(passi, caso.SalvaSezioneAP{Sezione: sezione(d, 0)})
			}
		}
		passi = append(passi, caso.RegistraIncontro{Incontro: incontrato.Incontro, Tipo: incontrato.Tipo, Data: marzo, Presenti: []id.Componente{s.Nucleo.Componenti[0].ID}, Oggi: oggi})
		return append(passi, finalizza(uno(t, caso.EsitoA, caso.EsitoB, caso.EsitoB, caso.EsitoC, caso.EsitoC, caso.EsitoD)))
	case caso.InValutazioneQA:
		cm := membroAnna
		cm.Operatore = s.Assegnazione.CaseManager
		return []comando{caso.ComponiEquipe{Membri: []caso.Membro{cm, membroPsi}}, caso.FinalizzaQA{Sintesi: "bisogno", Data: aprile, Oggi: oggi}}
	case caso.InDefinizione:
		return append(conferma(s), sottoscrivi(1, aprile, firmaQualcuno(s)))
	case caso.InMonitoraggio:
		if s.PaIS.Ridefinizione {
			return append(conferma(s), sottoscrivi(s.PaIS.Versione+1, maggio, firmaQualcuno(s)))
		}
		attiva := caso.AttivaSostegno{PassoSostegno: caso.PassoSostegno{Sostegno: tirocinio.ID, Data: aprile, Oggi: oggi}}
		return []comando{uno[comando](t, attiva, caso.RidefinisciPaIS{Motivazione: "tempi cambiati"}, caso.ConcludiPaIS{Esito: "PARZIALE", Data: maggio, Oggi: oggi})}
	case caso.InviatoCPI:
		return []comando{caso.RegistraRientro{Da: caso.CPI, Motivazione: "x", Data: maggio, Oggi: oggi}}
	case caso.InviatoServizi:
		return []comando{caso.RegistraRientro{Da: caso.Specialistico, Motivazione: "x", Data: maggio, Oggi: oggi}}
	}
	return []comando{caso.RipristinaBeneficio{Variazione: dopo(90)}, caso.RiapriCaso{Motivazione: "x", Ruolo: domain.CaseManager, Incarichi: diPalermo}}
}

// conferma puts into the PaIS what it needs, and confirms what must be.
func conferma(s caso.State) (passi []comando) {
	b := s.PaIS.Bozza
	if len(b.Obiettivi) == 0 {
		passi = append(passi, caso.AggiungiObiettivo{Obiettivo: casa})
	}
	if len(b.Sostegni) == 0 {
		passi = append(passi, caso.AggiungiSostegno{Sostegno: tirocinio})
	}
	if len(b.Impegni) == 0 {
		i := corso
		i.Componenti = []id.Componente{s.Nucleo.Componenti[0].ID}
		passi = append(passi, caso.AggiungiImpegno{Impegno: i})
	}
	if len(b.DaConfermare) == 0 {
		return passi
	}
	for _, o := range b.Obiettivi {
		passi = append(passi, caso.ModificaObiettivo{Obiettivo: o})
	}
	for _, i := range b.Impegni {
		passi = append(passi, caso.ModificaImpegno{Impegno: i})
	}
	for _, x := range b.Sostegni {
		passi = append(passi, caso.ModificaSostegno{Sostegno: x})
	}
	return passi
}

func firmaQualcuno(s caso.State) func(*caso.SottoscriviPaIS) {
	return func(c *caso.SottoscriviPaIS) {
		c.Firmatari = nil
		for _, p := range s.Nucleo.Componenti {
			if !p.Minore(maggio) {
				c.Firmatari = append(c.Firmatari, p.ID)
			}
		}
	}
}

func ruolo(t *rapid.T) domain.Ruolo {
	return uno(t, domain.CaseManager, domain.CaseManager, domain.CoordinatorePaIS, domain.ReferenteSostegni)
}

func dataDi(t *rapid.T) giorno.Giorno {
	return uno(t, marzo, aprile, aprile, maggio, maggio, oggi+1, 0)
}

func unaPersona(t *rapid.T) id.Componente { return idDi(rapid.IntRange(0, 4).Draw(t, "persona")) }

func strumento(t *rapid.T) comando {
	z := sezione(uno(t, append(slices.Clone(caso.SezioniAP), "ALTRA")...), rapid.IntRange(0, 2).Draw(t, "revisione"))
	z.Contenuto.Testo = uno(t, z.Contenuto.Testo, "altro testo", "")
	testo := uno(t, motivato, motivato, "breve", "")
	membri := uno(t, []caso.Membro{membroAnna, membroPsi}, []caso.Membro{membroAnna}, []caso.Membro{membroPsi})
	return uno[comando](t,
		caso.AvviaAnalisiPreliminare{Data: dataDi(t), Presenti: []id.Componente{unaPersona(t)}, Oggi: oggi},
		caso.SalvaSezioneAP{Sezione: z}, caso.SalvaSezioneQA{Sezione: z},
		caso.FinalizzaAP{Esito: uno(t, caso.EsitoA, caso.EsitoB, caso.EsitoC, caso.EsitoD, "E"), Motivazione: testo, Data: dataDi(t), Oggi: oggi},
		caso.RiapriAP{Motivazione: testo}, caso.RiapriQA{Motivazione: testo},
		caso.RegistraRientro{Da: uno(t, caso.CPI, caso.Specialistico), Motivazione: testo, Data: dataDi(t), Oggi: oggi},
		caso.ComponiEquipe{Membri: membri, Differita: rapid.Bool().Draw(t, "differita")},
		caso.FinalizzaQA{Sintesi: testo, Data: dataDi(t), Oggi: oggi},
	)
}

func delPatto(t *rapid.T, s caso.State) comando {
	o, i, x := casa, corso, nuovoSostegno(uno(t, "0d01", "0d02"))
	o.ID = id.Obiettivo{UUID: numero(uno(t, "0b01", "0b03", "0b04"))}
	o.Componenti = uno(t, nil, []id.Componente{idDi(1)}, []id.Componente{unaPersona(t)})
	o.Risultati = uno(t, nil, casa.Risultati)
	i.ID = id.Impegno{UUID: numero(uno(t, "0c01", "0c02"))}
	i.Componenti = []id.Componente{unaPersona(t)}
	x.Erogatore = uno(t, x.Erogatore, "ASP")
	testo := uno(t, "x", "y", "")
	return uno[comando](t,
		caso.AggiungiObiettivo{Obiettivo: o}, caso.ModificaObiettivo{Obiettivo: o}, caso.RimuoviObiettivo{Obiettivo: o.ID},
		caso.AggiungiImpegno{Impegno: i}, caso.ModificaImpegno{Impegno: i}, caso.RimuoviImpegno{Impegno: i.ID},
		caso.AggiungiSostegno{Sostegno: x}, caso.ModificaSostegno{Sostegno: x}, caso.RimuoviSostegno{Sostegno: x.ID},
		sottoscrivi(s.PaIS.Versione+1, dataDi(t), firmaQualcuno(s)), sottoscrivi(1, dataDi(t)),
		caso.RegistraMancataSottoscrizione{Componente: unaPersona(t), Motivazione: testo, Data: dataDi(t), Oggi: oggi},
		caso.RidefinisciPaIS{Motivazione: testo},
		caso.ConcludiPaIS{Esito: uno[caso.EsitoPaIS](t, "RAGGIUNTO", "NON_RAGGIUNTO", "BENE"), Data: dataDi(t), Oggi: oggi},
	)
}

func delSostegno(t *rapid.T) comando {
	p := caso.PassoSostegno{Sostegno: id.Sostegno{UUID: numero(uno(t, "0d01", "0d01", "0d02", "0d03"))}, Data: dataDi(t), Ruolo: ruolo(t), Oggi: oggi}
	return uno[comando](t,
		caso.AttivaSostegno{PassoSostegno: p}, caso.AttivaSostegno{PassoSostegno: p}, caso.SospendiSostegno{PassoSostegno: p},
		caso.ConcludiSostegno{PassoSostegno: p}, caso.RevocaSostegno{PassoSostegno: p},
		caso.AnticipaSostegno{Sostegno: nuovoSostegno(uno(t, "0d01", "0d03")), Data: dataDi(t), Oggi: oggi},
	)
}

func delCiclo(t *rapid.T) comando {
	v := dopo(giorno.Giorno(rapid.IntRange(0, 60).Draw(t, "giorni")))
	testo := uno(t, "rientra", "altro", "")
	return uno[comando](t,
		caso.SospendiBeneficio{Variazione: v}, caso.RipristinaBeneficio{Variazione: v}, caso.RipristinaBeneficio{Variazione: v},
		caso.DecadiDalBeneficio{Variazione: v}, caso.TerminaBeneficio{Variazione: v},
		caso.ComunicaDecurtazione{DecurtazioneComunicata: caso.DecurtazioneComunicata{Mensilita: rapid.IntRange(0, 3).Draw(t, "mesi"), Dal: v.Dal}},
		caso.AggiornaRecapiti{Recapiti: caso.Recapiti{Telefono: uno(t, "0915550101", "", "no")}, Fonte: caso.FonteComune},
		caso.ChiudiCaso{Motivo: uno(t, caso.MotiviChiusura...), Motivazione: testo, Data: dataDi(t), Ruolo: ruolo(t), Oggi: oggi},
		caso.RiapriCaso{Motivazione: testo, Ruolo: ruolo(t), Incarichi: incarichi(t)}, caso.RiapriCaso{Motivazione: testo, Ruolo: ruolo(t), Incarichi: incarichi(t)},
		caso.EscludiNucleo{Data: dataDi(t), Oggi: oggi}, disegnaTrasferisci(t),
	)
}

func dellEsonero(t *rapid.T) comando {
	e := caso.Esonero{Componente: idDi(uno(t, 0, 0, 1, 1, 2, 3)), Motivo: uno(t, caso.Tirocinio, caso.Tirocinio, caso.LavoroBreve, caso.CuraMinore), Dal: uno(t, marzo, aprile, maggio), Al: uno(t, 0, maggio)}
	if rapid.IntRange(0, 3).Draw(t, "altro") == 0 {
		e.Motivo, e.Assistito, e.Documento = uno(t, caso.MotiviEsonero...), uno(t, id.Componente{}, unaPersona(t)), uno(t, "", "certificato")
	}
	return uno[comando](t,
		caso.RegistraEsonero{Esonero: e}, caso.RegistraEsonero{Esonero: e},
		caso.RevocaEsonero{Componente: e.Componente, Dal: e.Dal, Motivazione: "x"}, caso.EscludiNucleo{Data: dataDi(t), Oggi: oggi},
	)
}

func delCoordinatore(t *rapid.T) comando {
	return uno[comando](t,
		caso.Assegna{CaseManager: uno(t, anna, bruno), Incarichi: diPalermo, Modalita: caso.Manuale}, caso.Riassegna{Da: anna, A: bruno, Incarichi: diPalermo, Motivo: "ferie"},
		caso.AnnullaAssegnazione{Motivo: caso.Richiesta}, caso.Libera{CaseManager: anna, Incarichi: incarichi(t)},
	)
}
