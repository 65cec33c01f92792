package agenda_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/agenda"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
	"nucleo/projections/nuclei"
)

var (
	oggi    = giorno.Data(2026, 5, 4)
	mattino = time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	anna    = id.Operatore{UUID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001")}
	bruna   = id.Operatore{UUID: uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000002")}
	rita    = id.Operatore{UUID: uuid.MustParse("cccccccc-0000-4000-8000-000000000003")}
	primo   = id.CasoDi("INPS-ADI-2026-1")
	secondo = id.CasoDi("INPS-ADI-2026-2")
	intero  = domain.Territorio{Ambito: "PA42"}
)

// registrati are the people of the tests: the later an id, the earlier the name.
func registrati(dopo int) (log []domain.Recorded) {
	for n, chi := range []struct {
		id   id.Operatore
		nome string
	}{{anna, "Zeno"}, {bruna, "Nardi"}, {rita, "Alù"}} {
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "operatore-" + chi.id.String(), Subject: chi.id.UUID, Version: 1, Position: uint64(dopo + n), Event: operatore.Registrato{Cognome: chi.nome, Nome: "Ada"},
			Meta: domain.Meta{Istante: mattino},
		})
	}
	return log
}

// giornale makes records of pairs: a case, and an event of it.
func giornale(pairs ...any) (log []domain.Recorded) {
	versions := map[id.Caso]uint64{}
	for i := 0; i < len(pairs); i += 2 {
		c := pairs[i].(id.Caso)
		versions[c]++
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "caso-" + c.String(), Subject: c.UUID, Version: versions[c], Position: uint64(len(log)), Event: pairs[i+1].(domain.Event),
			Meta: domain.Meta{Istante: mattino},
		})
	}
	return log
}

func n[I ~struct{ uuid.UUID }](k byte) (i I) {
	u := uuid.UUID{15: k}
	return I(struct{ uuid.UUID }{u})
}

func persona(k byte, cognome, nome string, nata giorno.Giorno) caso.Componente {
	p := caso.Componente{ID: n[id.Componente](k), CodiceFiscale: "CF" + cognome, Cognome: cognome, Nome: nome, DataNascita: nata, Relazione: "FIGLIO"}
	if k == 1 {
		p.Relazione = caso.Richiedente
	}
	return p
}

func ricevuta(domanda, comune string, pad giorno.Giorno) caso.DomandaRicevuta {
	return caso.DomandaRicevuta{
		IDDomanda: domanda, Misura: caso.ADI, Ambito: "PA42", Comune: comune, DataPresentazione: pad - 5, DataTrasmissioneComune: pad, DataSottoscrizionePAD: pad,
		Componenti: []caso.Componente{persona(1, "ROSSI", "Rosa", giorno.Data(1980, 1, 1)), persona(2, "BIANCHI", "Lia", giorno.Data(2015, 1, 1))},
		Recapiti:   caso.Recapiti{Cellulare: "3335550101"},
		Indirizzo:  caso.Indirizzo{Via: "Via dell'Orso", Civico: "14/b", CAP: "90121", Comune: comune},
	}
}

func pianificato(k byte, inizio time.Time, chi id.Operatore) caso.IncontroPianificato {
	return caso.IncontroPianificato{Incontro: n[id.Incontro](k), Inizio: inizio, Durata: 30, Luogo: "sportello", Operatore: chi}
}

// TestTheClocksOfTheListAreThoseOfTheCase lets cases live through random events
// and compares what the list holds with what the rules say.
func TestTheClocksOfTheListAreThoseOfTheCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		il := func() giorno.Giorno { return oggi - giorno.Giorno(rapid.IntRange(0, 200).Draw(t, "il")) }
		prima := ricevuta("INPS-ADI-2026-1", "G273", il())
		prima.Misura = rapid.SampledFrom([]caso.Misura{caso.ADI, caso.ADI, caso.RDC, caso.PDC}).Draw(t, "misura")
		prima.DataRiconoscimento = il()
		if prima.Misura == caso.ADI && rapid.Bool().Draw(t, "senza PAD") {
			prima.DataSottoscrizionePAD = 0
		}
		pairs := []any{primo, prima}
		for k := range rapid.IntRange(0, 25).Draw(t, "eventi") {
			k := byte(k + 1)
			switch rapid.IntRange(0, 14).Draw(t, "evento") {
			case 0:
				pairs = append(pairs, primo, pianificato(k, mattino.Add(time.Hour*time.Duration(k)), anna))
			case 1:
				tipo := rapid.SampledFrom([]caso.TipoIncontro{caso.AvvenutoIncontro, caso.GiustificatoMotivo}).Draw(t, "tipo")
				pairs = append(pairs, primo, caso.IncontroRegistrato{Incontro: n[id.Incontro](k), Tipo: tipo, Data: il()})
			case 2:
				tipo := rapid.SampledFrom([]caso.TipoComunicazione{caso.Convocazione, caso.Promemoria}).Draw(t, "tipo")
				pairs = append(pairs, primo, caso.ComunicazioneFormaleRegistrata{Comunicazione: n[id.Comunicazione](k), Tipo: tipo})
			case 3:
				pairs = append(pairs, primo, caso.PADSottoscritto{Data: il()})
			case 4:
				pairs = append(pairs, primo, caso.PaISNonSottoscritto{Versione: 1 + int(k)%3, Componente: n[id.Componente](k % 2), Data: il()})
			case 5:
				pairs = append(pairs, primo, caso.PaISSottoscritto{Versione: 1 + int(k)%3})
			case 6, 7:
				categoria := rapid.SampledFrom([]caso.Categoria{caso.ADIMancataSottoscrizione, caso.ADIAltro}).Draw(t, "categoria")
				s := caso.SegnalazioneProposta{Segnalazione: n[id.Segnalazione](k), Categoria: categoria, Componente: n[id.Componente](k % 2), Accertamento: il(), Scadenza: il()}
				pairs = append(pairs, primo, s)
				pairs = append(pairs, rapid.SampledFrom([][]any{
					nil, {primo, caso.SegnalazioneRitirata{Segnalazione: s.Segnalazione}}, {primo, caso.SegnalazioneApprovata{Segnalazione: s.Segnalazione}},
					{primo, caso.SegnalazioneRifiutata{Segnalazione: s.Segnalazione}}, {primo, caso.SegnalazioneInviata{Segnalazione: s.Segnalazione}},
				}).Draw(t, "poi")...)
			case 8:
				pairs = append(pairs, primo, caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia})
			case 9:
				pairs = append(pairs, primo, caso.CasoRiaperto{StatoRipristinato: caso.DaAvviare})
			case 10:
				pairs = append(pairs, primo, caso.Trasferito{AmbitoA: "AG01", ComuneA: "A089"})
			case 11:
				pairs = append(pairs, primo, caso.Assegnato{CaseManager: rapid.SampledFrom([]id.Operatore{anna, bruna}).Draw(t, "chi")})
			case 12:
				pairs = append(pairs, primo, caso.ComposizioneNucleoAggiornata{Modificati: []caso.Componente{persona(2, "BIANCHI", "Lia", oggi-giorno.Giorno(rapid.IntRange(59*365, 61*365+100).Draw(t, "età")))}})
			case 13:
				pairs = append(pairs, primo, caso.ComposizioneNucleoAggiornata{Rimossi: []caso.Rimosso{{Componente: n[id.Componente](1)}}})
			case 14:
				pairs = append(pairs, primo, caso.ScadenzaSuperata{Tipo: caso.Monitoraggio90, Scadenza: il()})
			}
		}
		confronta(t, giornale(pairs...))
	})
}

func confronta(t *rapid.T, log []domain.Recorded) {
	var s caso.State
	for _, r := range log {
		s = caso.Decider.Evolve(s, r.Event.(caso.Event))
	}
	tavole := agenda.Projection.Fold(log...)
	for _, il := range []giorno.Giorno{oggi, oggi + 1, oggi + 400, oggi + 40_000} {
		var want, got []agenda.Orologio
		for _, x := range caso.Scadenze(s, il) {
			cosa := x.Segnalazione.UUID
			if x.Segnalazione.IsZero() {
				cosa = x.Componente.UUID
			}
			want = append(want, agenda.Orologio{Caso: primo, Tipo: x.Tipo, Scadenza: x.Giorno, Cosa: cosa})
		}
		for quale, riga := range tavole.Scadenze.All() {
			if riga.Ambito != s.Ambito || riga.Comune != s.Comune || tavole.Casi.Row(primo).CaseManager != s.Assegnazione.CaseManager {
				t.Fatalf("%+v is not where the case is", riga)
			}
			if riga.Registrata != slices.Contains(s.Superate, caso.ScadenzaSuperata{Tipo: quale.Tipo, Scadenza: quale.Scadenza}) {
				t.Fatalf("%+v of %v", riga, s.Superate)
			}
			if il < riga.Fino {
				got = append(got, quale)
			}
		}
		ordina := func(a, b agenda.Orologio) int {
			return cmp.Or(cmp.Compare(a.Scadenza, b.Scadenza), cmp.Compare(a.Tipo, b.Tipo), slices.Compare(a.Cosa[:], b.Cosa[:]))
		}
		slices.SortFunc(want, ordina)
		slices.SortFunc(got, ordina)
		want = slices.Compact(want) // one clock, missed twice on one day
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("clocks on %s (-case +list)\n%s", il, diff)
		}
	}
}

func due() []domain.Recorded {
	return giornale(
		primo, ricevuta("INPS-ADI-2026-1", "G273", oggi-130),
		secondo, ricevuta("INPS-ADI-2026-2", "F377", oggi-40),
		primo, caso.Assegnato{CaseManager: anna},
		secondo, caso.Assegnato{CaseManager: anna},
		primo, pianificato(1, mattino.Add(3*time.Hour), anna),
		primo, pianificato(2, mattino.AddDate(0, 0, -1), rita),
		secondo, pianificato(3, mattino.AddDate(0, 0, 2), anna),
		secondo, caso.IncontroRinviato{Incontro: n[id.Incontro](3), NuovoInizio: mattino.AddDate(0, 0, 3)},
		secondo, caso.Riassegnato{Da: anna, A: bruna},
		secondo, caso.BeneficioSospeso{},
		primo, caso.RecapitiAggiornati{Recapiti: caso.Recapiti{Email: "rosa@example.org"}},
	)
}

// conNuclei are the models that the lists are read from.
var conNuclei = []projections.Model{agenda.Projection, nuclei.Projection}

var dieci = elenco.Richiesta{Limite: 10}

func TestTheAgendaFollowsTheCaseManager(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, due()...)
	for name, tt := range map[string]struct {
		f    agenda.FiltroIncontri
		want []byte
	}{
		"of a territory":      {agenda.FiltroIncontri{Territorio: intero}, []byte{2, 1, 3}},
		"of another":          {agenda.FiltroIncontri{Territorio: domain.Territorio{Ambito: "AG01"}}, nil},
		"of one's own cases":  {agenda.FiltroIncontri{CaseManager: anna}, []byte{2, 1}},
		"of who took over":    {agenda.FiltroIncontri{CaseManager: bruna}, []byte{3}},
		"held by anna":        {agenda.FiltroIncontri{Territorio: intero, Operatore: anna}, []byte{1}},
		"held by who took it": {agenda.FiltroIncontri{Territorio: intero, Operatore: bruna}, []byte{3}},
		"held by the officer": {agenda.FiltroIncontri{Territorio: intero, Operatore: rita}, []byte{2}},
		"of a day":            {agenda.FiltroIncontri{Dal: mattino, Al: mattino.AddDate(0, 0, 1)}, []byte{1}},
		"of a comune":         {agenda.FiltroIncontri{Territorio: intero, Comune: "F377"}, []byte{3}},
		"moved":               {agenda.FiltroIncontri{Stato: caso.StatoRinviato}, []byte{3}},
	} {
		p, err := agenda.Incontri(t.Context(), pool, tt.f, dieci)
		var got []byte
		for _, v := range p.Voci {
			got = append(got, v.Incontro.UUID[15])
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
}

func TestMeetingsAreOrderedByTheNameOfWhoHoldsThem(t *testing.T) {
	log := due()
	pool := modeltest.Pools(t, conNuclei, append(log, registrati(len(log))...)...)
	for verso, want := range map[string][]byte{"asc": {2, 3, 1}, "desc": {1, 3, 2}} {
		p, err := agenda.Incontri(t.Context(), pool, agenda.FiltroIncontri{Territorio: intero}, elenco.Richiesta{Limite: 10, Ordina: "operatore", Verso: verso})
		var got []byte
		for _, v := range p.Voci {
			got = append(got, v.Incontro.UUID[15])
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v", verso, got, err)
		}
	}
}

func TestClocksAreFoundAndCounted(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, due()...)
	p, err := agenda.Scadenze(t.Context(), pool, agenda.FiltroScadenze{Territorio: intero, Oggi: oggi}, dieci)
	if err != nil || len(p.Voci) != 2 || p.Voci[0].Scadenza != oggi-10 || p.Voci[0].IDDomanda != "INPS-ADI-2026-1" || p.Voci[1].CaseManager != bruna {
		t.Fatalf("%+v %v", p, err)
	}
	sette, si := 7, true
	for name, f := range map[string]agenda.FiltroScadenze{
		"own": {CaseManager: anna, Oggi: oggi}, "near": {Entro: &sette, Oggi: oggi}, "over": {Superate: &si, Oggi: oggi}, "there": {Comune: "G273", Oggi: oggi},
	} {
		if p, err := agenda.Scadenze(t.Context(), pool, f, dieci); err != nil || len(p.Voci) != 1 || p.Voci[0].Caso != primo {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
	if p, err := agenda.Scadenze(t.Context(), pool, agenda.FiltroScadenze{Tipi: []caso.TipoScadenza{caso.Monitoraggio90}, Oggi: oggi}, dieci); err != nil || len(p.Voci) != 0 {
		t.Error(p, err)
	}
	if conti, err := agenda.Conteggi(t.Context(), pool, intero, anna, oggi); err != nil || len(conti) != 1 || conti[0].Totale != 1 {
		t.Errorf("of one's own cases: %v %v", conti, err)
	}
	conti, err := agenda.Conteggi(t.Context(), pool, intero, id.Operatore{}, oggi)
	if diff := gocmp.Diff([]agenda.Conteggio{{Tipo: caso.PrimoIncontro120, Superate: 1, Totale: 2}}, conti); diff != "" || err != nil {
		t.Error(diff, err)
	}
	da, err := agenda.DaRegistrare(t.Context(), pool, oggi, id.Caso{}, 10)
	if err != nil || !slices.Equal(da, []id.Caso{primo}) {
		t.Error(da, err)
	}
	vedere, err := agenda.IncontriDaRegistrare(t.Context(), pool, agenda.FiltroScadenze{Territorio: intero, Tipi: agenda.DaIncontrare, Oggi: oggi}, mattino.Add(-time.Hour), dieci)
	if err != nil || len(vedere.Voci) != 2 || vedere.Voci[0].Email != "rosa@example.org" || vedere.Voci[0].Cellulare != "" || !vedere.Voci[0].InSospeso.Equal(mattino.AddDate(0, 0, -1)) || !vedere.Voci[0].ProssimoIncontro.Equal(mattino.Add(3*time.Hour)) || !vedere.Voci[1].InSospeso.IsZero() {
		t.Errorf("%+v %v", vedere, err)
	}
	gente, err := nuclei.Di(t.Context(), pool, primo)
	if err != nil || len(gente[primo]) != 2 || gente[primo][0].Cognome != "ROSSI" {
		t.Error(gente, err)
	}
}

func TestOnesOwnCases(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, due()...)
	p, err := agenda.Miei(t.Context(), pool, agenda.FiltroMiei{CaseManager: anna, Oggi: oggi, Adesso: mattino}, dieci)
	if err != nil {
		t.Fatal(err)
	}
	want := agenda.Mio{
		Caso: primo, IDDomanda: "INPS-ADI-2026-1", Misura: caso.ADI, Comune: "G273", Stato: caso.DaAvviare, DataAssegnazione: mattino, CodiceFiscale: "CFROSSI", Cognome: "ROSSI", Nome: "Rosa",
		NumeroComponenti: 2, PresenzaMinori: true, ProssimaScadenza: oggi - 10, ProssimoIncontro: mattino.Add(3 * time.Hour),
	}
	if diff := gocmp.Diff([]agenda.Mio{want}, p.Voci, gocmp.Transformer("UTC", func(t time.Time) time.Time { return t.UTC() })); diff != "" {
		t.Error(diff)
	}
	for name, f := range map[string]agenda.FiltroMiei{
		"by name": {Nominativo: "ross"}, "by codice fiscale of anybody": {Persona: modeltest.Pepe.Cieco("CFBIANCHI")}, "by domanda": {IDDomanda: "INPS-ADI-2026-1"}, "by state": {Stato: caso.DaAvviare},
		"by CAP": {CAP: "90121"}, "by street": {Indirizzo: "orso 14"}, "by measure": {Misura: caso.ADI},
	} {
		f.CaseManager, f.Oggi, f.Adesso = anna, oggi, mattino
		if p, err := agenda.Miei(t.Context(), pool, f, dieci); err != nil || len(p.Voci) != 1 {
			t.Errorf("%s: %v %v", name, p, err)
		}
		f.CaseManager = rita
		if p, err := agenda.Miei(t.Context(), pool, f, dieci); err != nil || len(p.Voci) != 0 {
			t.Errorf("%s of nobody: %v %v", name, p, err)
		}
	}
	for name, f := range map[string]agenda.FiltroMiei{"another CAP": {CAP: "9012"}, "another street": {Indirizzo: "orsa"}, "another measure": {Misura: caso.RDC}} {
		f.CaseManager, f.Oggi, f.Adesso = anna, oggi, mattino
		if p, err := agenda.Miei(t.Context(), pool, f, dieci); err != nil || len(p.Voci) != 0 {
			t.Errorf("%s: %v %v", name, p, err)
		}
	}
	p, err = agenda.Miei(t.Context(), pool, agenda.FiltroMiei{CaseManager: bruna, Oggi: oggi, Adesso: mattino}, elenco.Richiesta{Limite: 10, Ordina: "prossimo_incontro", Verso: "desc"})
	if err != nil || len(p.Voci) != 1 || !p.Voci[0].BeneficioSospeso {
		t.Error(p, err)
	}
}

func TestACaseIsFoundWhereItsNucleoMovedTo(t *testing.T) {
	pool := modeltest.Pools(t, conNuclei, append(due(), domain.Recorded{
		ID: uuid.New(), Stream: "caso-" + primo.String(), Subject: primo.UUID, Version: 6, Position: 11, Meta: domain.Meta{Istante: mattino},
		Event: caso.Trasferito{AmbitoA: "PA42", ComuneA: "F377", Interno: true, Indirizzo: caso.Indirizzo{Via: "Corso Nuovo", Civico: "1", CAP: "90019", Comune: "F377"}},
	})...)
	for about, tt := range map[string]struct {
		f    agenda.FiltroMiei
		want int
	}{"there": {agenda.FiltroMiei{CAP: "90019", Indirizzo: "corso"}, 1}, "no longer there": {agenda.FiltroMiei{Indirizzo: "orso"}, 0}} {
		tt.f.CaseManager, tt.f.Oggi, tt.f.Adesso = anna, oggi, mattino
		if p, err := agenda.Miei(t.Context(), pool, tt.f, dieci); err != nil || len(p.Voci) != tt.want {
			t.Errorf("%s: %v %v", about, p.Voci, err)
		}
	}
}
