package casi

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

var (
	mattino = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna    = id.Operatore{UUID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001")}
	bruno   = id.Operatore{UUID: uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000002")}
	carla   = uuid.MustParse("cccccccc-0000-4000-8000-000000000003") // coordinates
	madre   = id.Componente{UUID: uuid.MustParse("11111111-0000-4000-8000-000000000001")}
	figlio  = id.Componente{UUID: uuid.MustParse("11111111-0000-4000-8000-000000000002")}
	nonno   = id.Componente{UUID: uuid.MustParse("11111111-0000-4000-8000-000000000003")}
)

const prima = "INPS-RDC-2019-999633"

// giornale makes records, a minute apart, as carla causes them.
func giornale(subject uuid.UUID, events ...domain.Event) (log []domain.Recorded) {
	for i, e := range events {
		stream := "caso-" + subject.String()
		if _, ok := e.(operatore.Event); ok {
			stream = "operatore-" + subject.String()
		}
		log = append(log, domain.Recorded{
			ID: uuid.New(), Type: e.EventType(), Stream: stream, Subject: subject, Version: uint64(i + 1), Position: uint64(i), Event: e,
			Meta: domain.Meta{Attore: carla, Istante: mattino.Add(time.Duration(i) * time.Minute)},
		})
	}
	return log
}

// insieme puts logs one after the other.
func insieme(logs ...[]domain.Recorded) (all []domain.Recorded) {
	for _, log := range logs {
		for _, r := range log {
			r.Position = uint64(len(all))
			all = append(all, r)
		}
	}
	return all
}

func ricevuta() caso.DomandaRicevuta {
	return caso.DomandaRicevuta{
		IDDomanda: prima, Misura: caso.RDC, DataPresentazione: giorno.Data(2019, 2, 19), Ambito: "PA-42", Comune: "G273",
		Indirizzo: caso.Indirizzo{Via: "Via Città di Castello", Civico: "14", CAP: "90121", Comune: "G273"},
		Componenti: []caso.Componente{
			{ID: madre, CodiceFiscale: "RSSMRA80A41G273Z", Cognome: "D'Angelo", Nome: "Niccolò Maria", DataNascita: giorno.Data(1980, 1, 1), Relazione: caso.Richiedente},
			{ID: figlio, CodiceFiscale: "RSSLCU10A01G273Z", Cognome: "Rossi", Nome: "Luca", DataNascita: giorno.Data(2010, 1, 1), Relazione: "FIGLIO"},
		},
		PresenzaMinori: true,
	}
}

// inCoda is the row of ricevuta.
func inCoda() Riga {
	return Riga{
		IDDomanda: prima, Misura: caso.RDC, Ambito: "PA-42", Comune: "G273", CAP: "90121", Via: "Via Città di Castello", Civico: "14",
		CodiceFiscale: "RSSMRA80A41G273Z", Cognome: "D'Angelo", Nome: "Niccolò Maria",
		CercaNome: "D ANGELO NICCOLO MARIA", CercaIndirizzo: "VIA CITTA DI CASTELLO 14",
		DataPresentazione: giorno.Data(2019, 2, 19), NumeroComponenti: 2, Minori: 1, PresenzaMinori: true,
		Scadenza120: Mai, Stato: caso.DaAvviare, InCoda: true, Lista: DaAssegnare,
	}
}

func TestTheRowFollowsTheCase(t *testing.T) {
	c := id.CasoDi(prima)
	con := func(change func(*Riga)) Riga {
		r := inCoda()
		change(&r)
		return r
	}
	conAnna := func(r *Riga) {
		r.Lista, r.CaseManager, r.NomeCaseManager, r.AssegnatoDa = Assegnati, anna, "VERDI ANNA", carla
		r.DataAssegnazione, r.VersioneAssegnazione, r.Posizione = mattino.Add(time.Minute), 1, 2
	}
	// al is what remains to say of a case that Anna had before events moved it.
	al := func(stato caso.Stato, lista Lista, posizione uint64) Riga {
		return con(func(r *Riga) {
			conAnna(r)
			r.Stato, r.Lista, r.Posizione = stato, lista, posizione
		})
	}
	chiuso, riaperto := caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia}, caso.CasoRiaperto{StatoRipristinato: caso.InValutazioneAP, Motivazione: "x"}
	avviata := caso.AnalisiPreliminareAvviata{}
	adAnna := caso.Assegnato{CaseManager: anna, Modalita: caso.Manuale}
	for name, tt := range map[string]struct {
		events []domain.Event
		want   Riga
	}{
		"a domanda waits in the queue":  {nil, con(func(r *Riga) { r.Posizione = 1 })},
		"an assigned case changes list": {[]domain.Event{adAnna}, con(conAnna)},
		"a reassigned case has its new case manager": {[]domain.Event{adAnna, caso.Riassegnato{Da: anna, A: bruno, Motivo: "ferie"}},
			con(func(r *Riga) {
				conAnna(r)
				r.CaseManager, r.NomeCaseManager, r.Riassegnato = bruno, "", true
				r.DataAssegnazione, r.VersioneAssegnazione, r.Posizione = mattino.Add(2*time.Minute), 2, 3
			})},
		"an annulled assignment returns it to the queue, as reassigned": {[]domain.Event{adAnna, caso.Annullata{CaseManager: anna, Motivo: caso.Richiesta}},
			con(func(r *Riga) { r.Riassegnato, r.VersioneAssegnazione, r.Posizione = true, 2, 3 })},
		"who was assigned once and again is reassigned": {[]domain.Event{adAnna, caso.Annullata{CaseManager: anna}, adAnna},
			con(func(r *Riga) {
				conAnna(r)
				r.Riassegnato, r.DataAssegnazione, r.VersioneAssegnazione, r.Posizione = true, mattino.Add(3*time.Minute), 3, 4
			})},
		"a closed case leaves the list, and stays with its case manager": {[]domain.Event{adAnna, avviata, chiuso}, al(caso.Chiuso, 0, 4)},
		"a reopened case comes back where it was":                        {[]domain.Event{adAnna, avviata, chiuso, riaperto}, al(caso.InValutazioneAP, Assegnati, 5)},
		"a closed case that waited comes back to the queue": {[]domain.Event{chiuso, caso.CasoRiaperto{StatoRipristinato: caso.DaAvviare}},
			con(func(r *Riga) { r.Posizione = 3 })},
		"a closed case whose case manager goes comes back to the queue": {[]domain.Event{adAnna, chiuso, caso.Annullata{CaseManager: anna}, caso.CasoRiaperto{StatoRipristinato: caso.DaAvviare}},
			con(func(r *Riga) { r.Riassegnato, r.VersioneAssegnazione, r.Posizione = true, 2, 5 })},
		"a case that is lost leaves the list":     {[]domain.Event{adAnna, caso.BeneficioDecaduto{}}, al(caso.Decaduto, 0, 3)},
		"a nucleo without duties leaves the list": {[]domain.Event{adAnna, caso.NucleoEsclusoDagliObblighi{}}, al(caso.Escluso, 0, 3)},
		"the analysis sends a case to another service, open as it is": {[]domain.Event{adAnna, avviata, caso.AnalisiPreliminareFinalizzata{Stato: caso.InviatoCPI}},
			al(caso.InviatoCPI, Assegnati, 4)},
		"a signed patto is monitored": {[]domain.Event{adAnna, avviata, caso.AnalisiPreliminareFinalizzata{Stato: caso.InDefinizione}, caso.PaISSottoscritto{}},
			al(caso.InMonitoraggio, Assegnati, 5)},
		"what the row does not show leaves it as it was": {[]domain.Event{adAnna, avviata, caso.AnalisiPreliminareRiaperta{}, caso.AnnotazioneInserita{}, caso.RecapitiAggiornati{}},
			al(caso.InValutazioneAP, Assegnati, 3)},
		"a transferred case lies where the nucleo lives": {[]domain.Event{caso.Trasferito{ComuneDa: "G273", ComuneA: "A089", AmbitoDa: "PA-42", AmbitoA: "AG-01",
			Indirizzo: caso.Indirizzo{Via: "Piazza Roma", Civico: "3/b", CAP: "92100"}}},
			con(func(r *Riga) {
				r.Ambito, r.Comune, r.CAP, r.Via, r.Civico, r.CercaIndirizzo, r.Posizione = "AG-01", "A089", "92100", "Piazza Roma", "3/b", "PIAZZA ROMA 3 B", 2
			})},
		"the last minor leaves and a disabled person joins": {[]domain.Event{caso.ComposizioneNucleoAggiornata{
			Rimossi:  []caso.Rimosso{{Componente: figlio, Motivo: "USCITA_NUCLEO"}},
			Aggiunti: []caso.Componente{{ID: nonno, CodiceFiscale: "RSSGNN40A01G273Z", DataNascita: giorno.Data(1940, 1, 1), Disabilita: true}}}},
			con(func(r *Riga) {
				r.Minori, r.PresenzaMinori, r.Disabili, r.PresenzaDisabili, r.Posizione = 0, false, 1, true, 2
			})},
		"a person who was changed is counted once": {[]domain.Event{caso.ComposizioneNucleoAggiornata{
			Modificati: []caso.Componente{{ID: figlio, CodiceFiscale: "RSSLCU10A01G273Z", DataNascita: giorno.Data(2000, 1, 1), Disabilita: true}}}},
			con(func(r *Riga) {
				r.Minori, r.PresenzaMinori, r.Disabili, r.PresenzaDisabili, r.Posizione = 0, false, 1, true, 2
			})},
		"who is born after the domanda is a minor": {[]domain.Event{caso.ComposizioneNucleoAggiornata{
			Aggiunti: []caso.Componente{{ID: nonno, DataNascita: giorno.Data(2026, 1, 1)}}}},
			con(func(r *Riga) { r.NumeroComponenti, r.Minori, r.Posizione = 3, 2, 2 })},
		"the richiedente keeps the name when leaving": {[]domain.Event{caso.ComposizioneNucleoAggiornata{
			Rimossi: []caso.Rimosso{{Componente: madre, Motivo: "DECESSO"}}}},
			con(func(r *Riga) { r.NumeroComponenti, r.Posizione = 1, 2 })},
		"a renamed richiedente is shown as such": {[]domain.Event{caso.ComposizioneNucleoAggiornata{
			Modificati: []caso.Componente{{ID: madre, CodiceFiscale: "X", Cognome: "Neri", Nome: "Ada", DataNascita: giorno.Data(1980, 1, 1), Relazione: caso.Richiedente}}}},
			con(func(r *Riga) {
				r.CodiceFiscale, r.Cognome, r.Nome, r.CercaNome, r.Posizione = "X", "Neri", "Ada", "NERI ADA", 2
			})},
	} {
		t.Run(name, func(t *testing.T) {
			log := insieme(giornale(anna.UUID, operatore.Registrato{Cognome: "Verdi", Nome: "Anna"}),
				giornale(c.UUID, append([]domain.Event{ricevuta()}, tt.events...)...))
			tabelle := Projection.Fold(log...)
			if diff := cmp.Diff(map[id.Caso]Riga{c: tt.want}, maps.Collect(tabelle.Casi.All())); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(contaDaCapo(tabelle), maps.Collect(tabelle.Conteggi.All())); diff != "" {
				t.Errorf("counters: %s", diff)
			}
			if diff := cmp.Diff(paroleDaCapo(tabelle), maps.Collect(tabelle.Parole.All())); diff != "" {
				t.Errorf("words: %s", diff)
			}
		})
	}
}

func TestWhatNoRowShowsAsksForNone(t *testing.T) {
	for _, e := range []caso.Event{caso.AnnotazioneInserita{}, caso.RecapitiAggiornati{}, caso.BeneficioSospeso{}} {
		if riguarda(e) {
			t.Errorf("a row would be fetched for %T", e)
		}
	}
}

func contaDaCapo(t *Tabelle) map[Gruppo]Conto {
	all := map[Gruppo]Conto{}
	for _, r := range t.Casi.All() {
		if r.Lista != 0 {
			g := Gruppo{r.Lista, r.Ambito, r.Comune, r.Misura, r.Riassegnato}
			all[g] = Conto{all[g].Casi + 1}
		}
	}
	return all
}

func paroleDaCapo(t *Tabelle) map[Parola]Presenza {
	all := map[Parola]Presenza{}
	for c, r := range t.Casi.All() {
		for _, p := range r.parole(c) {
			all[p] = Presenza{true}
		}
	}
	return all
}

func TestWhatHasNoPlaceInTheQueueIsInNoList(t *testing.T) {
	for _, misura := range []caso.Misura{caso.PDC, caso.ADI} { // an ADI without a signed PAD
		d := ricevuta()
		d.Misura = misura
		tabelle := Projection.Fold(giornale(id.CasoDi(prima).UUID, d)...)
		riga := *tabelle.Casi.Row(id.CasoDi(prima))
		if riga.Lista != 0 || riga.InCoda || riga.IDDomanda != prima {
			t.Errorf("%s: %+v", misura, riga)
		}
		if n := len(maps.Collect(tabelle.Conteggi.All())) + len(maps.Collect(tabelle.Parole.All())); n > 0 {
			t.Errorf("%s is counted and found in %d places", misura, n)
		}
	}
}

func TestASignedPADOpensTheQueue(t *testing.T) {
	d := ricevuta()
	d.Misura = caso.ADI
	tabelle := Projection.Fold(giornale(id.CasoDi(prima).UUID, d, caso.PADSottoscritto{Data: d.DataPresentazione})...)
	riga := *tabelle.Casi.Row(id.CasoDi(prima))
	if riga.Lista != DaAssegnare || !riga.InCoda {
		t.Errorf("%+v", riga)
	}
	if len(maps.Collect(tabelle.Conteggi.All())) != 1 || len(maps.Collect(tabelle.Parole.All())) == 0 {
		t.Error("the case is neither counted nor found")
	}
}

func TestMinorsOfWhomNothingIsKnownArePresent(t *testing.T) {
	d := ricevuta()
	d.Componenti = d.Componenti[:1]
	riga := Projection.Fold(giornale(id.CasoDi(prima).UUID, d)...).Casi.Row(id.CasoDi(prima))
	if !riga.PresenzaMinori || riga.NumeroComponenti != 1 {
		t.Errorf("%+v", riga)
	}
}

func TestWordsAreCapitalWithoutAccents(t *testing.T) {
	for in, want := range map[string]string{
		"Niccolò  D'Angelo-Müller": "NICCOLO D ANGELO MULLER",
		"via 25 Aprile, 3/b":       "VIA 25 APRILE 3 B",
		" %_\\'\x00\";--":          "",
		"Dvořák Łukasz":            "DVORAK ŁUKASZ",
	} {
		if got := testo(in); got != want {
			t.Errorf("testo(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPrioritiesAreThoseOfTheBands(t *testing.T) {
	oggi := giorno.Data(2026, 5, 4)
	for _, s := range []Soglie{{}, {RDC: Soglia{10, 5}, ADI: Soglia{1, 0}}, {RDC: Soglia{30, 60}, ADI: Soglia{7, 7}}} {
		for _, m := range misure {
			for eta := range giorno.Giorno(130) {
				want := s.Priorita(m, oggi-eta, oggi)
				for n, p := range []Priorita{Alta, Media, Bassa} {
					dal, al := s.limiti(m, n, oggi)
					if in := dal <= oggi-eta && oggi-eta <= al; in != (p == want) || p.banda() != n {
						t.Fatalf("%v %s, %d days: %s, but band %d says %t", s, m, eta, want, n, in)
					}
				}
			}
		}
	}
	if p := (Soglie{}).Priorita(caso.ADI, oggi-60, oggi); p != Media {
		t.Errorf("an ADI of 60 days is %s", p)
	}
	if p := (Soglie{}).Priorita(caso.RDC, oggi-60, oggi); p != Alta {
		t.Errorf("an RdC of 60 days is %s", p)
	}
}

func TestTheLastDayOfAllIsThatOfTheCalendar(t *testing.T) {
	if Mai != giorno.Data(9999, 12, 31) {
		t.Error(Mai)
	}
}

func TestTheFirstTermOfAnADIRunsUntilTheNucleoComes(t *testing.T) {
	adi := func(presentata, trasmessa, pad giorno.Giorno) caso.DomandaRicevuta {
		d := ricevuta()
		d.Misura, d.DataPresentazione, d.DataTrasmissioneComune, d.DataSottoscrizionePAD = caso.ADI, presentata, trasmessa, pad
		return d
	}
	maggio, vecchia := giorno.Data(2026, 5, 4), giorno.Data(2024, 2, 29)
	for name, tt := range map[string]struct {
		eventi []domain.Event
		want   giorno.Giorno
	}{
		"from the PAD":                          {[]domain.Event{adi(maggio, maggio+1, maggio+2)}, maggio + 122},
		"from a PAD that is signed later":       {[]domain.Event{adi(maggio, maggio+1, 0), caso.PADSottoscritto{Data: maggio + 9}}, maggio + 129},
		"of an old domanda from its sending":    {[]domain.Event{adi(vecchia, vecchia+3, vecchia+5)}, vecchia + 123},
		"of an old one whose PAD is signed now": {[]domain.Event{adi(vecchia, vecchia+3, 0), caso.PADSottoscritto{Data: maggio}}, vecchia + 123},
		"until it comes":                        {[]domain.Event{adi(maggio, maggio, maggio), caso.IncontroRegistrato{Tipo: caso.PresentazioneSpontanea, Data: maggio + 3}}, Mai},
		"of nobody who came before the PAD": {
			[]domain.Event{adi(maggio, maggio, 0), caso.IncontroRegistrato{Tipo: caso.AvvenutoIncontro, Data: maggio}, caso.PADSottoscritto{Data: maggio + 9}}, Mai,
		},
		"of no RDC": {[]domain.Event{ricevuta()}, Mai},
	} {
		log := giornale(id.CasoDi(prima).UUID, tt.eventi...)
		if got := Projection.Fold(log...).Casi.Row(id.CasoDi(prima)).Scadenza120; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
		var s caso.State
		for _, r := range log {
			s = caso.Decider.Evolve(s, r.Event.(caso.Event))
		}
		corre := Mai
		for _, x := range caso.Scadenze(s, maggio) {
			if x.Tipo == caso.PrimoIncontro120 {
				corre = x.Giorno
			}
		}
		if corre != tt.want {
			t.Errorf("%s: the clock says %s, want %s", name, corre, tt.want)
		}
	}
}
