package main

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/domain/vincolo"
	"nucleo/eventstore/sigilli"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/elenco"
)

// tempi is an installation whose terms are looked at on days to come.
type tempi struct {
	*testing.T
	*impianto
	s       *servizio
	comandi *commands.Service
	adesso  time.Time
}

// propone has the policy look at the terms, as on a day some years and days on.
func (p *tempi) propone(anni, giorni int) {
	p.Helper()
	p.adesso = time.Now().AddDate(anni, 0, giorni)
	p.s.termini.Adesso = func() time.Time { return p.adesso }
	if err := p.s.termini.Propone(p.Context()); err != nil {
		p.Fatal(err)
	}
}

// stanno are the requests and proposals as they stand, once the list follows.
func (p *tempi) stanno() map[cancellazione.Soggetto]cancellazioni.Voce {
	p.Helper()
	fine, err := p.archivio.End(p.Context())
	if err == nil {
		err = p.s.motore.Wait(p.Context(), fine, cancellazioni.Projection)
	}
	if err != nil {
		p.Fatal(err)
	}
	pagina, err := cancellazioni.Elenco(p.Context(), p.s.lettura, "", "", elenco.Richiesta{Limite: 100})
	if err != nil {
		p.Fatal(err)
	}
	tutte := map[cancellazione.Soggetto]cancellazioni.Voce{}
	for _, v := range pagina.Voci {
		di := cancellazione.Soggetto{Tipo: v.Tipo, Caso: v.Caso, Quale: v.Quale}
		if _, due := tutte[di]; due {
			p.Errorf("%+v is proposed twice", di)
		}
		tutte[di] = v
	}
	return tutte
}

// come is a request of somebody of the privacy desk of an ambito.
func (p *tempi) come(chi uuid.UUID, ambito string) commands.Request {
	return commands.Request{
		Comando: uuid.New(), Impronta: "prova", Canale: domain.HTTP, Adesso: p.adesso,
		Attore: domain.Attore{ID: chi, Ruolo: domain.ResponsabileDati, Territorio: domain.Territorio{Ambito: ambito}},
	}
}

// chiude ends some open cases.
func (p *tempi) chiude(n int) (chiusi []id.Caso) {
	p.Helper()
	rows, err := p.s.lettura.Query(p.Context(), `SELECT caso FROM casi WHERE lista > 0 AND numero_componenti > 1 ORDER BY caso LIMIT $1`, n)
	if err != nil {
		p.Fatal(err)
	}
	for rows.Next() {
		var c id.Caso
		if err := rows.Scan(&c); err != nil {
			p.Fatal(err)
		}
		chiusi = append(chiusi, c)
	}
	for _, c := range chiusi {
		p.aggiunge(c, caso.CasoChiuso{Motivo: caso.ChiusoPerTermine, Data: p.s.termini.Oggi()})
	}
	return chiusi
}

// aggiunge writes an event of a case, as if it had been decided.
func (p *tempi) aggiunge(c id.Caso, e caso.Event) {
	p.Helper()
	testa := domain.Head{}
	if storia, err := p.comandi.StoriaCaso(p.Context(), c, commands.Alla{}); err == nil {
		testa = storia.Head
	} else if !errors.Is(err, caso.ErrInesistente) {
		p.Fatal(err)
	}
	meta := domain.Meta{Comando: uuid.New(), Attore: uuid.New(), Ruolo: domain.CaseManager, Istante: time.Now(), Canale: domain.HTTP}
	if _, err := p.archivio.Append(p.Context(), caso.Decider.Stream(c.String()), testa, meta, e); err != nil {
		p.Fatal(err)
	}
}

// attese are the subjects that are to be proposed of closed cases, worked out
// from the log alone.
func (p *tempi) attese(senza ...id.Caso) map[cancellazione.Soggetto]bool {
	p.Helper()
	dove, chiusi := map[string]map[id.Caso]bool{}, map[id.Caso]map[uuid.UUID]string{}
	aperti := map[id.Caso]bool{}
	for e, err := range p.eventi().All(p.Context(), 0, false) {
		if err != nil {
			p.Fatal(err)
		}
		if !strings.HasPrefix(e.Stream, "caso-") || e.Version != 1 {
			continue
		}
		storia, err := p.comandi.StoriaCaso(p.Context(), id.Caso{UUID: domain.Subject(e.Stream)}, commands.Alla{})
		if err != nil {
			p.Fatal(err)
		}
		c := id.Caso{UUID: domain.Subject(e.Stream)}
		aperti[c] = storia.Stato.Stato.Aperto()
		gente := map[uuid.UUID]string{}
		for _, r := range storia.Eventi {
			for _, q := range persone(r.Event) {
				gente[q.ID.UUID] = q.CodiceFiscale
				if dove[q.CodiceFiscale] == nil {
					dove[q.CodiceFiscale] = map[id.Caso]bool{}
				}
				dove[q.CodiceFiscale][c] = true
			}
		}
		if !aperti[c] && !slices.Contains(senza, c) {
			chiusi[c] = gente
		}
	}
	attese := map[cancellazione.Soggetto]bool{}
	for c, gente := range chiusi {
		var liberi []uuid.UUID
		for chi, codice := range gente {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(dove[codice])), func(a id.Caso) bool { return aperti[a] }) {
				liberi = append(liberi, chi)
			}
		}
		if len(liberi) == len(gente) {
			attese[cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: c}] = true
			continue
		}
		for _, chi := range liberi {
			attese[cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: c, Quale: chi}] = true
		}
	}
	return attese
}

func persone(e domain.Event) []caso.Componente {
	switch e := e.(type) {
	case caso.DomandaRicevuta:
		return e.Componenti
	case caso.ComposizioneNucleoAggiornata:
		return slices.Concat(e.Aggiunti, e.Modificati)
	}
	return nil
}

func soggettiDi(voci map[cancellazione.Soggetto]cancellazioni.Voce) map[cancellazione.Soggetto]bool {
	soggetti := map[cancellazione.Soggetto]bool{}
	for di := range voci {
		soggetti[di] = true
	}
	return soggetti
}

// D-15: ten years after the end of a case the program proposes its erasure, once,
// whatever day it is and however often it starts; but of nobody who is in a case
// that goes on, and of nothing that is held. One person alone does not come to an
// erasure by it. Two do: the keys are gone then, and the case is replayed.
func TestWhatIsKeptLongEnoughIsProposedAndErasedByTwoPersons(t *testing.T) {
	d := demoIn(t, cartellaDemo(t), nil, "--casi", "25", "--seed", "5")
	if err := d.ferma(); err != nil {
		t.Fatal(err)
	}
	p := &tempi{T: t, adesso: time.Now()}
	var fine func()
	riavvia := func() {
		if fine != nil {
			fine()
		}
		p.impianto, p.s, p.comandi, fine = dentro(t, d.dir)
	}
	riavvia()
	defer func() { fine() }()
	p.propone(0, 0)
	chiusi := p.chiude(4)
	storia, err := p.comandi.StoriaCaso(t.Context(), chiusi[0], commands.Alla{})
	if err != nil {
		t.Fatal(err)
	}
	ancora := storia.Stato.Domanda // one of them asks again, alone
	ancora.IDDomanda, ancora.Componenti = "INPS-RDC-2099-1", ancora.Componenti[:1]
	ancora.Componenti = slices.Clone(ancora.Componenti)
	ancora.Componenti[0].ID = id.New[id.Componente]()
	p.aggiunge(id.CasoDi(ancora.IDDomanda), ancora)
	tutela, seconda := uuid.New(), uuid.New()
	if _, err := p.comandi.PoniVincolo(t.Context(), p.come(tutela, storia.Stato.Ambito), vincolo.Poni{Posto: vincolo.Posto{Caso: chiusi[1], Motivo: "CONTENZIOSO", Riferimento: "RG-1"}}); err != nil {
		t.Fatal(err)
	}

	p.propone(9, 364)
	if v := p.stanno(); len(v) > 0 {
		t.Errorf("before their time are proposed %v", soggettiDi(v))
	}
	p.propone(10, 1)
	attese := p.attese(chiusi[1])
	if diff := cmp.Diff(attese, soggettiDi(p.stanno())); diff != "" {
		t.Errorf("proposed (-want +got)\n%s", diff)
	}
	if uno := storia.Stato.Domanda.Componenti; !attese[cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: chiusi[0], Quale: uno[1].ID.UUID}] || attese[cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: chiusi[0], Quale: uno[0].ID.UUID}] {
		t.Errorf("of the first case it waits for %v", attese)
	}
	p.propone(10, 2)
	riavvia()
	p.propone(10, 3)
	if diff := cmp.Diff(attese, soggettiDi(p.stanno())); diff != "" {
		t.Errorf("proposed again (-want +got)\n%s", diff)
	}
	if _, err := p.comandi.TogliVincolo(t.Context(), p.come(tutela, storia.Stato.Ambito), chiusi[1], vincolo.Togli{Tolto: vincolo.Tolto{Riferimento: "RG-2"}}); err != nil {
		t.Fatal(err)
	}
	p.propone(10, 4)
	tutte := p.stanno()
	tenuto := cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: chiusi[1]}
	if _, si := tutte[tenuto]; !si || len(tutte) != len(attese)+1 {
		t.Errorf("once nothing holds it, are proposed %v", soggettiDi(tutte))
	}

	messaDaParte := tutte[tenuto]
	if _, err := p.comandi.AccantonaCancellazione(t.Context(), p.come(tutela, messaDaParte.Ambito), messaDaParte.ID, cancellazione.Accantona{Motivo: "TERMINE_PIU_LUNGO"}); err != nil {
		t.Fatal(err)
	}
	p.cancellano(tutte[cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: chiusi[2]}], tutela, seconda)
	p.propone(10, 5)
	p.propone(10, 6)
	if dopo := p.stanno(); len(dopo) != len(tutte) || dopo[tenuto].Stato != cancellazione.Accantonata {
		t.Errorf("proposed again: %v", soggettiDi(dopo))
	}
	if _, err := (sigilli.Verifica{Registro: p.archivio, Chiavi: note.VerifierList()}).Esegui(t.Context()); err != nil {
		t.Error(err)
	}
}

// cancellano has a proposal taken up by one and authorised by another, neither of
// whom can do it alone.
func (p *tempi) cancellano(v cancellazioni.Voce, tutela, seconda uuid.UUID) {
	p.Helper()
	di := cancellazione.Soggetto{Tipo: v.Tipo, Caso: v.Caso, Quale: v.Quale}
	ferma := func(vuole, err error) {
		p.Helper()
		if !errors.Is(err, vuole) {
			p.Errorf("one person alone: %v, not %v", err, vuole)
		}
		if err := p.s.oblio.Esegui(p.Context(), v.ID); err != nil || leggibile(p.T, p.impianto, di) == 0 {
			p.Fatalf("it is erased already: %v", err)
		}
	}
	_, err := p.comandi.AutorizzaCancellazione(p.Context(), p.come(tutela, v.Ambito), v.ID)
	ferma(cancellazione.ErrNonPresa, err)
	if _, err := p.comandi.PrendiCancellazione(p.Context(), p.come(tutela, v.Ambito), v.ID, cancellazione.Prende{Riferimento: "1/2036"}); err != nil {
		p.Fatal(err)
	}
	_, err = p.comandi.AutorizzaCancellazione(p.Context(), p.come(tutela, v.Ambito), v.ID)
	ferma(cancellazione.ErrStessaPersona, err)
	if _, err := p.comandi.AutorizzaCancellazione(p.Context(), p.come(seconda, v.Ambito), v.ID); err != nil {
		p.Fatal(err)
	}
	if err := p.s.oblio.Esegui(p.Context(), v.ID); err != nil {
		p.Fatal(err)
	}
	if n := leggibile(p.T, p.impianto, di); n > 0 {
		p.Errorf("%d values can be read", n)
	}
	storia, err := p.comandi.StoriaCaso(p.Context(), v.Caso, commands.Alla{})
	if err != nil {
		p.Fatal(err)
	}
	testo, err := json.Marshal(storia.Stato.Domanda)
	if err != nil || !strings.Contains(string(testo), personale.Cancellato) {
		p.Errorf("the case is replayed as %s %v", testo, err)
	}
}

var _ policies.Finiti = finiti{}
