package comunicazioni_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/comunicazioni"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino     = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	maggio      = giorno.Data(2026, 5, 4)
	anna, bruna = id.New[id.Operatore](), id.New[id.Operatore]()
	rosa        = caso.Componente{ID: id.New[id.Componente](), Cognome: "ROVERESI", Nome: "ROSA", Relazione: caso.Richiedente}
	ugo         = caso.Componente{ID: id.New[id.Componente](), Cognome: "ROVERESI", Nome: "UGO", Relazione: "CONIUGE"}
)

func casoN(n int) id.Caso { return id.CasoDi([]string{"D-0", "D-1", "D-2"}[n]) }

// comunicazioneN is the n-th communication.
func comunicazioneN(n int) id.Comunicazione {
	return id.Comunicazione{UUID: uuid.NewSHA1(uuid.Nil, []byte{byte(n)})}
}

func ricevuta(n int) caso.DomandaRicevuta {
	return caso.DomandaRicevuta{IDDomanda: []string{"D-0", "D-1", "D-2"}[n], Ambito: "PA42", Comune: "G273", Componenti: []caso.Componente{rosa, ugo}}
}

func sms(n int) caso.ComunicazioneAccodata {
	return caso.ComunicazioneAccodata{Comunicazione: comunicazioneN(n), Tipo: caso.Promemoria, Canale: caso.SMS, Destinatari: []id.Componente{ugo.ID, rosa.ID}, Testo: "parole-canarino"}
}

func lettera(n int, il giorno.Giorno) caso.ComunicazioneFormaleRegistrata {
	return caso.ComunicazioneFormaleRegistrata{Comunicazione: comunicazioneN(n), Tipo: caso.RichiamoFormale, Mezzo: caso.RaccomandataAR, Numero: "R 1", DataInvio: il}
}

// giornale makes records of pairs: the number of a case and an event of it,
// one an hour, by Anna.
func giornale(pairs ...any) (log []domain.Recorded) {
	versions := map[int]uint64{}
	for i := 0; i < len(pairs); i += 2 {
		n, e := pairs[i].(int), pairs[i+1].(domain.Event)
		versions[n]++
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "caso-" + casoN(n).String(), Subject: casoN(n).UUID, Type: e.EventType(), Event: e,
			Version: versions[n], Position: uint64(len(log)), Meta: domain.Meta{Attore: anna.UUID, Istante: mattino.Add(time.Duration(i/2) * time.Hour)},
		})
	}
	return log
}

func TestARowFollowsItsCommunicationAndItsCase(t *testing.T) {
	del := comunicazioni.DelCaso{IDDomanda: "D-1", Ambito: "PA42", Comune: "G273", Responsabile: anna}
	informale := comunicazioni.Riga{
		DelCaso: del, Tipo: caso.Promemoria, Via: "SMS", Autore: anna.UUID, Destinatario: "RO****ESI U****", Destinatari: 2, Istante: mattino.Add(2 * time.Hour), Stato: "ACCODATA",
	}
	formale := comunicazioni.Riga{
		DelCaso: del, Formale: true, Tipo: caso.RichiamoFormale, Via: "RACCOMANDATA_AR", Autore: anna.UUID, Istante: maggio.Time(), Stato: "IN_ATTESA", Numero: "R 1",
	}
	for about, x := range map[string]struct {
		eventi []domain.Event
		prima  comunicazioni.Riga
		cambia func(*comunicazioni.Riga)
	}{
		"queued":     {[]domain.Event{sms(1)}, informale, func(*comunicazioni.Riga) {}},
		"sent":       {[]domain.Event{sms(1), caso.ComunicazioneInviata{Comunicazione: comunicazioneN(1)}}, informale, func(r *comunicazioni.Riga) { r.Stato = "INVIATA" }},
		"arrived":    {[]domain.Event{sms(1), caso.ComunicazioneConsegnata{Comunicazione: comunicazioneN(1), Data: maggio}}, informale, func(r *comunicazioni.Riga) { r.Stato = "CONSEGNATA" }},
		"failed":     {[]domain.Event{sms(1), caso.ComunicazioneFallita{Comunicazione: comunicazioneN(1), Data: maggio}}, informale, func(r *comunicazioni.Riga) { r.Stato = "FALLITA" }},
		"recorded":   {[]domain.Event{lettera(1, maggio)}, formale, func(*comunicazioni.Riga) {}},
		"delivered":  {[]domain.Event{lettera(1, maggio), caso.EsitoComunicazioneFormaleRegistrato{Comunicazione: comunicazioneN(1), Esito: caso.EsitoConsegnata, DataRicezione: maggio + 3}}, formale, func(r *comunicazioni.Riga) { r.Stato, r.Ricevuta = "CONSEGNATA", maggio+3 }},
		"moved":      {[]domain.Event{sms(1), caso.Trasferito{AmbitoA: "AG01", ComuneA: "A089"}, caso.Annullata{CaseManager: anna}}, informale, func(r *comunicazioni.Riga) { r.Ambito, r.Comune, r.Responsabile = "AG01", "A089", id.Operatore{} }},
		"of another": {[]domain.Event{sms(1), caso.Riassegnato{Da: anna, A: bruna}}, informale, func(r *comunicazioni.Riga) { r.Responsabile = bruna }},
	} {
		want := x.prima
		x.cambia(&want)
		pairs := []any{1, ricevuta(1), 1, caso.Assegnato{CaseManager: anna}}
		for _, e := range x.eventi {
			pairs = append(pairs, 1, e)
		}
		got := maps.Collect(comunicazioni.Projection.Fold(giornale(pairs...)...).Comunicazioni.All())
		if diff := cmp.Diff(map[comunicazioni.Chiave]comunicazioni.Riga{{Caso: casoN(1), Comunicazione: comunicazioneN(1)}: want}, got); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
}

// storia is two cases: Anna's, of Palermo, with two messages and a letter; and
// Bruna's, elsewhere, with a message.
func storia() []domain.Recorded {
	lontana := ricevuta(2)
	lontana.Ambito = "AG01"
	return giornale(
		1, ricevuta(1), 1, caso.Assegnato{CaseManager: anna}, 2, lontana, 2, caso.Assegnato{CaseManager: bruna},
		1, sms(1), 1, lettera(2, maggio-10), 2, sms(3), 1, sms(4), 1, caso.ComunicazioneFallita{Comunicazione: comunicazioneN(1), Esito: "x", Data: maggio},
	)
}

func TestTheListIsReadFromPostgres(t *testing.T) {
	pool := modeltest.Pool(t, comunicazioni.Projection, storia()...)
	palermo := domain.Territorio{Ambito: "PA42"}
	si, no := true, false
	for about, x := range map[string]struct {
		f    comunicazioni.Filtro
		r    elenco.Richiesta
		want []int
	}{
		"of a territory, the newest first": {f: comunicazioni.Filtro{Territorio: palermo}, want: []int{4, 1, 2}},
		"formal":                           {f: comunicazioni.Filtro{Territorio: palermo, Formale: &si}, want: []int{2}},
		"messages":                         {f: comunicazioni.Filtro{Territorio: palermo, Formale: &no}, want: []int{4, 1}},
		"of a case manager":                {f: comunicazioni.Filtro{Responsabile: bruna}, want: []int{3}},
		"written by somebody":              {f: comunicazioni.Filtro{Territorio: palermo, Autore: bruna.UUID}},
		"of a kind":                        {f: comunicazioni.Filtro{Territorio: palermo, Tipo: caso.RichiamoFormale}, want: []int{2}},
		"failed":                           {f: comunicazioni.Filtro{Territorio: palermo, Stato: "FALLITA"}, want: []int{1}},
		"since a day":                      {f: comunicazioni.Filtro{Territorio: palermo, Dal: mattino}, want: []int{4, 1}},
		"until a day":                      {f: comunicazioni.Filtro{Territorio: palermo, Prima: mattino}, want: []int{2}},
		"the oldest first":                 {f: comunicazioni.Filtro{Territorio: palermo}, r: elenco.Richiesta{Verso: "asc"}, want: []int{2, 1, 4}},
	} {
		x.r.Limite = 10
		p, err := comunicazioni.Elenco(t.Context(), pool, x.f, x.r)
		var got []int
		for _, v := range p.Voci {
			got = append(got, slices.IndexFunc([]int{1, 2, 3, 4}, func(n int) bool { return comunicazioneN(n) == v.Comunicazione })+1)
		}
		if diff := cmp.Diff(x.want, got); diff != "" || err != nil || p.Totale != len(x.want) {
			t.Errorf("%s: %s %v, total %d", about, diff, err, p.Totale)
		}
	}
	p, err := comunicazioni.Elenco(t.Context(), pool, comunicazioni.Filtro{Formale: &si}, elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 1 {
		t.Fatal(p, err)
	}
	p.Voci[0].Istante = p.Voci[0].Istante.UTC()
	want := comunicazioni.Voce{Chiave: comunicazioni.Chiave{Caso: casoN(1), Comunicazione: comunicazioneN(2)}, Riga: comunicazioni.Riga{
		DelCaso: comunicazioni.DelCaso{IDDomanda: "D-1", Ambito: "PA42", Comune: "G273", Responsabile: anna},
		Formale: true, Tipo: caso.RichiamoFormale, Via: "RACCOMANDATA_AR", Autore: anna.UUID, Istante: (maggio - 10).Time(), Stato: "IN_ATTESA", Numero: "R 1",
	}}
	if diff := cmp.Diff(want, p.Voci[0]); diff != "" {
		t.Error(diff)
	}
}

func TestNoTextAndNoNameIsInPostgres(t *testing.T) {
	pool := modeltest.Pool(t, comunicazioni.Projection, storia()...)
	for _, tabella := range []string{"casi", "persone", "numeri", "comunicazioni"} {
		var tutto string
		if err := pool.QueryRow(t.Context(), `SELECT coalesce(string_agg(t::text, ' '), '') FROM `+tabella+` AS t`).Scan(&tutto); err != nil || tutto == "" {
			t.Fatal(tabella, err)
		}
		if strings.Contains(tutto, "canarino") || strings.Contains(tutto, "ROVERESI") {
			t.Errorf("%s: %s", tabella, tutto)
		}
	}
}

func TestTheListIsOrderedByEachOfItsColumns(t *testing.T) {
	pool := modeltest.Pool(t, comunicazioni.Projection, storia()...)
	for _, ordine := range []string{"data", "id_domanda", "case_manager", "tipo", "via", "destinatario", "stato", "numero", "data_ricezione"} {
		avanti, err := comunicazioni.Elenco(t.Context(), pool, comunicazioni.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "asc"})
		if err != nil {
			t.Fatal(err)
		}
		indietro, err := comunicazioni.Elenco(t.Context(), pool, comunicazioni.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "desc"})
		slices.Reverse(indietro.Voci)
		if diff := cmp.Diff(avanti.Voci, indietro.Voci); diff != "" || err != nil || len(avanti.Voci) != 4 {
			t.Errorf("%s: %s %v", ordine, diff, err)
		}
	}
}

func TestTheListIsOrderedByTheNameOfWhoWrote(t *testing.T) {
	log := giornale(0, ricevuta(0), 0, sms(1), 0, sms(2), 0, sms(3))
	nomi := map[id.Operatore]string{anna: "Nardi", bruna: "Alù"}
	log[2].Meta.Attore, log[3].Meta.Attore = bruna.UUID, uuid.UUID{1}
	for chi, nome := range nomi {
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "operatore-" + chi.String(), Subject: chi.UUID, Version: 1, Position: uint64(len(log)), Event: operatore.Registrato{Cognome: nome, Nome: "Ada"}, Meta: domain.Meta{Istante: mattino},
		})
	}
	pool := modeltest.Pool(t, comunicazioni.Projection, log...)
	for verso, want := range map[string][]int{"asc": {3, 2, 1}, "desc": {1, 2, 3}} {
		p, err := comunicazioni.Elenco(t.Context(), pool, comunicazioni.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: "case_manager", Verso: verso})
		var got []id.Comunicazione
		for _, v := range p.Voci {
			got = append(got, v.Comunicazione)
		}
		if diff := cmp.Diff([]id.Comunicazione{comunicazioneN(want[0]), comunicazioneN(want[1]), comunicazioneN(want[2])}, got); diff != "" || err != nil {
			t.Errorf("%s: %s %v", verso, diff, err)
		}
	}
}
