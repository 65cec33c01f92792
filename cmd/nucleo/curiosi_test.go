package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/allarme"
	"nucleo/domain/calendario"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/eventstore/memory"
)

// abuso is something planted: what an operator did that a rule is to speak of.
type abuso struct {
	regola allarme.Regola // empty: nothing that a threshold can see
	chi    id.Operatore
	giorno giorno.Giorno
}

// addetto is somebody of the made-up ambito, with the cases that are theirs.
type addetto struct {
	id      id.Operatore
	ruolo   domain.Ruolo
	cognome string
	casi    []id.Caso
}

// ufficio is a made-up ambito: what happened in it stands in a log.
type ufficio struct {
	*rand.Rand
	store    *memory.Store
	coda     []successo
	addetti  []*addetto
	casi     []id.Caso
	piantati []abuso
	accessi  int
	giorni   int // of work, of one operator
}

// successo is an event that is to be written.
type successo struct {
	stream string
	attore uuid.UUID
	quando time.Time
	evento domain.Event
}

// cognomi is how many surnames there are: a nucleo of two has that of an
// operator about once in five hundred.
const cognomi = 1_000

func (u *ufficio) cognome() string { return fmt.Sprintf("COGNOME%03d", u.IntN(cognomi)) }

func (u *ufficio) scrivi(stream string, attore uuid.UUID, quando time.Time, e domain.Event) {
	u.coda = append(u.coda, successo{stream, attore, quando, e})
}

// versa writes down all that happened, in the order in which it did.
func (u *ufficio) versa(t *testing.T) {
	t.Helper()
	slices.SortStableFunc(u.coda, func(a, b successo) int { return a.quando.Compare(b.quando) })
	teste := map[string]domain.Head{}
	for _, s := range u.coda {
		dove, err := u.store.Append(t.Context(), s.stream, teste[s.stream], domain.Meta{Comando: uuid.New(), Attore: s.attore, Istante: s.quando}, s.evento)
		if err != nil {
			t.Fatal(err)
		}
		teste[s.stream] = dove.Head
	}
}

// sulCaso is something that an operator did to a case.
func (u *ufficio) sulCaso(c id.Caso, chi id.Operatore, quando time.Time, e caso.Event) {
	u.scrivi(caso.Decider.Stream(c.String()), chi.UUID, quando, e)
}

func (u *ufficio) guarda(a *addetto, quando time.Time, come accesso.Registrato) {
	come.Operatore, come.Ruolo = a.id, a.ruolo
	u.accessi++
	u.scrivi(accesso.Flusso("PA42", accesso.Mese(quando), "uno"), domain.Registro.ID, quando, come)
}

func (u *ufficio) apre(a *addetto, c id.Caso, quando time.Time) {
	u.guarda(a, quando, accesso.Registrato{Rotta: "GET /casi/{caso}", Decisione: accesso.Consentito, Caso: c, Classi: []accesso.Classe{accesso.Dettaglio}, Righe: 1})
}

func (u *ufficio) respinto(a *addetto, quando time.Time) {
	u.guarda(a, quando, accesso.Registrato{Rotta: "GET /casi/{caso}", Decisione: accesso.Negato, Motivo: "caso.inesistente", Caso: u.casi[u.IntN(len(u.casi))]})
}

func (u *ufficio) elenca(a *addetto, quando time.Time, righe int, campi ...string) {
	u.guarda(a, quando, accesso.Registrato{Rotta: "POST /casi/ricerche", Decisione: accesso.Consentito, Classi: []accesso.Classe{accesso.Instradamento}, Righe: righe, Campi: campi})
}

func (u *ufficio) assume(ruolo domain.Ruolo, quando time.Time) *addetto {
	a := &addetto{id: id.Operatore{UUID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "addetto", len(u.addetti)))}, ruolo: ruolo, cognome: u.cognome()}
	u.addetti = append(u.addetti, a)
	u.scrivi(operatore.Decider.Stream(a.id.String()), uuid.Nil, quando, operatore.Registrato{CodiceFiscale: "X", Cognome: a.cognome, Nome: "X"})
	return a
}

// riceve makes a case of an operator, whose nucleo is of some surname.
func (u *ufficio) riceve(a *addetto, cognome string, quando time.Time) id.Caso {
	domanda := fmt.Sprint("CURIOSI-", len(u.casi))
	c := id.CasoDi(domanda)
	u.casi, a.casi = append(u.casi, c), append(a.casi, c)
	var nucleo []caso.Componente
	for k, s := range []string{cognome, u.cognome()} {
		relazione := []string{caso.Richiedente, "FIGLIO"}[k]
		nucleo = append(nucleo, caso.Componente{ID: id.Componente{UUID: uuid.NewSHA1(c.UUID, []byte{byte(k)})}, CodiceFiscale: fmt.Sprint("CF", len(u.casi), k), Cognome: s, Nome: "X", Relazione: relazione})
	}
	u.sulCaso(c, id.Operatore{}, quando, caso.DomandaRicevuta{IDDomanda: domanda, Misura: caso.RDC, Ambito: "PA42", Comune: "G273", DataPresentazione: giorno.Di(quando), Componenti: nucleo})
	u.sulCaso(c, u.addetti[0].id, quando, caso.Assegnato{CaseManager: a.id, Modalita: caso.Manuale})
	return c
}

// alle is a moment of a day, the minutes and seconds as they come.
func (u *ufficio) alle(g giorno.Giorno, ora int) time.Time {
	anno, mese, n := g.Time().Date()
	return time.Date(anno, mese, n, ora, u.IntN(60), u.IntN(60), 0, roma)
}

// lavora is a day of somebody who does what they are paid for. Numbers are drawn
// as they come, with busy days, late hours, homonyms, and cases that are opened
// and left as they are.
func (u *ufficio) lavora(a *addetto, g giorno.Giorno) {
	u.giorni++
	for range 1 + u.IntN(5) {
		u.elenca(a, u.alle(g, 8+u.IntN(9)), 25)
	}
	if u.IntN(20) == 0 { // somebody stays on
		for range 1 + u.IntN(6) {
			u.elenca(a, u.alle(g, 20+u.IntN(2)), 10)
		}
	}
	if a.ruolo == domain.CoordinatorePaIS {
		cercati := u.IntN(18)
		if u.IntN(4) == 0 {
			cercati += 15 // a day of assignments
			u.sulCaso(u.riceve(u.addetti[len(u.addetti)-1], u.cognome(), u.alle(g, 9)), a.id, u.alle(g, 12), caso.Annullata{CaseManager: u.addetti[len(u.addetti)-1].id, Motivo: "RICHIESTA"})
			u.sulCaso(u.casi[len(u.casi)-1], a.id, u.alle(g, 13), caso.Assegnato{CaseManager: u.addetti[len(u.addetti)-1].id, Modalita: caso.Manuale})
		}
		for range cercati {
			u.elenca(a, u.alle(g, 9+u.IntN(8)), 1+u.IntN(3), "nome")
		}
		for range u.IntN(4) {
			u.apre(a, u.casi[u.IntN(len(u.casi))], u.alle(g, 10+u.IntN(5)))
		}
		return
	}
	aperti := 4 + u.IntN(9)
	if u.IntN(15) == 0 {
		aperti += 14
	}
	for range aperti {
		c := a.casi[u.IntN(len(a.casi))]
		quando := u.alle(g, 8+u.IntN(10))
		for range 1 + u.IntN(3) {
			u.apre(a, c, quando)
		}
		if u.IntN(10) < 6 {
			u.sulCaso(c, a.id, quando, caso.AnnotazioneInserita{Annotazione: id.New[id.Annotazione](), Testo: "x"})
		}
	}
	if u.IntN(5) == 0 {
		u.respinto(a, u.alle(g, 11)) // a case that was theirs
	}
}

// pianta does on a day what a rule is to speak of, from just over its threshold
// on.
func (u *ufficio) pianta(r allarme.Regola, g giorno.Giorno) {
	cm, co := u.addetti[3+u.IntN(27)], u.addetti[u.IntN(3)] // of those of the beginning, who have cases
	chi, ora := cm, 8+u.IntN(9)
	switch r {
	case allarme.Letture:
		chi = co
		for range 61 + u.IntN(80) {
			u.apre(co, u.casi[u.IntN(len(u.casi))], u.alle(g, ora))
		}
	case allarme.Elenchi:
		chi = co
		for range 31 + u.IntN(30) {
			u.elenca(co, u.alle(g, ora), 100)
		}
	case allarme.Dinieghi:
		for range 10 + u.IntN(20) {
			u.respinto(cm, u.alle(g, ora))
		}
	case allarme.SenzaLavoro: // cases that nobody works on, of one's own
		for k := range 11 + u.IntN(10) {
			c := u.riceve(cm, u.cognome(), u.alle(g-30, 9))
			cm.casi = cm.casi[:len(cm.casi)-1]
			u.apre(cm, c, u.alle(g, 8+k%10))
		}
	case allarme.Parentela:
		c := u.riceve(cm, cm.cognome, u.alle(g-1, 9))
		u.apre(cm, c, u.alle(g, ora))
		cm.casi = cm.casi[:len(cm.casi)-1]
	case allarme.FuoriOrario:
		for range 10 + u.IntN(20) {
			u.apre(cm, cm.casi[u.IntN(len(cm.casi))], u.alle(g, 21+u.IntN(3)))
		}
	case allarme.Ricerche: // one who neither opens nor assigns: a day of nothing else
		chi = u.assume(domain.CoordinatorePaIS, u.alle(g-30, 9))
		for range 20 + u.IntN(40) {
			u.elenca(chi, u.alle(g, 9+u.IntN(8)), 1, "codice_fiscale")
		}
	case allarme.Protetti:
		chi = co
		c := u.casi[u.IntN(len(u.casi))]
		u.sulCaso(c, co.id, u.alle(g-1, 9), caso.ProtezioneDisposta{Motivo: caso.Antiviolenza})
		u.apre(co, c, u.alle(g, ora))
		// Else whoever opens it in the years to come would be found, and rightly.
		u.sulCaso(c, co.id, u.alle(g+1, 7), caso.ProtezioneRevocata{Motivo: caso.Antiviolenza})
	case allarme.Riassegnazione:
		u.sulCaso(cm.casi[0], co.id, u.alle(g, 8), caso.Riassegnato{Da: cm.id, A: u.addetti[3].id, Motivo: "x"})
		for range 130 + u.IntN(40) { // three times a busy day of their own, and more
			u.apre(cm, cm.casi[1+u.IntN(len(cm.casi)-1)], u.alle(g+1, 9+u.IntN(8)))
		}
	default: // two cases of no concern a day, for years: below every threshold
		for range 2 {
			u.apre(cm, cm.casi[u.IntN(len(cm.casi))], u.alle(g, ora))
		}
	}
	u.piantati = append(u.piantati, abuso{r, chi.id, g})
}

// presso is what the policy asks, of read models that hold all of the log, with
// bookmarks of its own.
type presso struct {
	sguardi
	segni map[string]uint64
}

// AttendiTutto implements policies.Sguardi.
func (presso) AttendiTutto(context.Context) error { return nil }

// Leggi implements policies.Segnalibri.
func (p presso) Leggi(_ context.Context, nome string) (uint64, bool, error) {
	at, found := p.segni[nome]
	return at, found, nil
}

// Sposta implements policies.Segnalibri.
func (p presso) Sposta(_ context.Context, nome string, at uint64) error {
	p.segni[nome] = at
	return nil
}

// anno makes some weeks of work in an ambito, with abuses among it.
func (u *ufficio) anno(inizio giorno.Giorno, giorni, volte int) {
	for k := range 30 {
		ruolo := domain.CaseManager
		if k < 3 {
			ruolo = domain.CoordinatorePaIS
		}
		a := u.assume(ruolo, u.alle(inizio-40, 8))
		for range 25 {
			if ruolo == domain.CaseManager {
				u.riceve(a, u.cognome(), u.alle(inizio-40, 9))
			}
		}
	}
	piani := map[giorno.Giorno][]allarme.Regola{}
	for n, r := range append(allarme.Regole, "") {
		for k := range volte {
			piani[inizio+10+giorno.Giorno((n*7+k*11)%(giorni-20))] = append(piani[inizio+10+giorno.Giorno((n*7+k*11)%(giorni-20))], r)
		}
	}
	for g := inizio; g < inizio+giorno.Giorno(giorni); g++ {
		if (calendario.Calendario{}).Lavorativo(g) {
			for _, a := range u.addetti[:30] {
				u.lavora(a, g)
			}
		}
		for _, r := range piani[g] {
			quando := g
			for !(calendario.Calendario{}).Lavorativo(quando) || r == allarme.Riassegnazione && !(calendario.Calendario{}).Lavorativo(quando+1) {
				quando-- // on days of work, but for the hours
			}
			u.pianta(r, quando)
		}
	}
}

// dentro reports whether an alert is about an abuse, by whatever rule.
func (a abuso) dentro(s allarme.Sollevato) bool {
	inizio, fine := giorno.Di(s.Dal.In(roma)), giorno.Di(s.Prima.Add(-time.Second).In(roma))
	return s.Operatore == a.chi && inizio <= a.giorno+1 && a.giorno <= fine
}

// in the work of an ambito, of which each look is labelled by what it was,
// the rules at the thresholds of the program find what was planted. The goals
// are those of reliability R-28: 95 in a hundred found, a false alert on one
// operator's day in a thousand at the most. Kin are held apart: who has the
// surname of an operator is found, whether they are kin or not, and a thousand
// surnames bring a homonym to somebody's desk on one day in fifty, which is
// explained as OMONIMIA; the goal there is three in a hundred. What stays under
// every threshold is planted too, and told without a goal: none is found.
func TestA52_TheCuriousAreFoundAndTheOthersAreLeftInPeace(t *testing.T) {
	giorni, volte := 60, 4
	if lungo() {
		giorni, volte = 1_400, 25
	}
	u := &ufficio{Rand: rand.New(rand.NewPCG(52, 4)), store: memory.New(eventi)}
	inizio := giorno.Data(2026, 1, 12)
	u.anno(inizio, giorni, volte)
	u.versa(t)
	c, err := configFrom(nil)
	if err != nil {
		t.Fatal(err)
	}
	soglie, err := allarme.LeggiSoglie(c.Allarmi)
	if err != nil {
		t.Fatal(err)
	}
	apre, chiude, err := c.orario()
	if err != nil {
		t.Fatal(err)
	}
	chi := presso{sguardi{&impianto{lettura: costruisci(t, u.store)}, nil, codicefiscale.Pepe{}}, map[string]uint64{}}
	adesso := u.alle(inizio+giorno.Giorno(giorni)+20, 9)
	v := policies.Vigilanza{
		Comandi: &commands.Service{Store: u.store, Segreto: []byte("s"), Zona: roma}, Sguardi: chi, Segnalibri: chi,
		Adesso: func() time.Time { return adesso }, Zona: roma, Soglie: soglie, Apre: apre, Chiude: chiude,
	}
	if err := v.Guarda(t.Context()); err != nil {
		t.Fatal(err)
	}
	trovati, falsi := map[int]bool{}, map[allarme.Regola]int{}
	for e, err := range u.store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		s, ok := e.Recorded(eventi).Event.(allarme.Sollevato)
		if !ok {
			continue
		}
		voluto := false
		for n, a := range u.piantati {
			if a.dentro(s) {
				voluto = voluto || a.regola != ""
				trovati[n] = trovati[n] || a.regola == s.Regola
			}
		}
		if !voluto {
			falsi[s.Regola]++
		}
	}
	piantati, presi, sotto := 0, 0, 0
	var persi []string
	for n, a := range u.piantati {
		switch {
		case a.regola == "":
			sotto++
		case trovati[n]:
			piantati, presi = piantati+1, presi+1
		default:
			piantati++
			persi = append(persi, fmt.Sprint(a.regola, " ", a.giorno))
		}
	}
	omonimi, altri := falsi[allarme.Parentela], 0
	for r, n := range falsi {
		if r != allarme.Parentela {
			altri += n
		}
	}
	t.Logf("METRIC curiosi accessi=%d giorni_operatore=%d piantati=%d trovati=%d falsi=%d omonimi=%d sotto_soglia=%d", u.accessi, u.giorni, piantati, presi, altri, omonimi, sotto)
	if presi*100 < piantati*95 {
		t.Errorf("%d of %d are found, not %s", presi, piantati, strings.Join(persi, ", "))
	}
	if altri*1_000 > u.giorni {
		t.Errorf("%d false alerts in %d days of operators: %v", altri, u.giorni, falsi)
	}
	if omonimi*100 > 3*u.giorni {
		t.Errorf("%d alerts about homonyms in %d days of operators", omonimi, u.giorni)
	}
}
