package accessi_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/accessi"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino     = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna, bruna = id.New[id.Operatore](), id.New[id.Operatore]()
	uno, due    = id.CasoDi("D-1"), id.CasoDi("D-2")
)

const apre, cerca = "GET /casi/{caso}", "POST /casi/ricerche"

func eventoN(n int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte{byte(n)}) }

// storia is two operators, and five records: two of one append at Palermo, one
// of another ambito, one of the next day, one of who belongs to none.
func storia() (log []domain.Recorded) {
	versioni := map[string]uint64{}
	metti := func(stream string, subject uuid.UUID, dopo time.Duration, e domain.Event) {
		n := len(log)
		versioni[stream]++
		log = append(log, domain.Recorded{
			ID: eventoN(n), Stream: stream, Subject: subject, Type: e.EventType(), Event: e, Version: versioni[stream], Position: uint64(n), Meta: domain.Meta{Istante: mattino.Add(dopo)},
		})
	}
	metti("operatore-"+anna.String(), anna.UUID, 0, operatore.Registrato{Cognome: "Nardi", Nome: "Anna"})
	metti("operatore-"+bruna.String(), bruna.UUID, 0, operatore.Registrato{Cognome: "Alù", Nome: "Bruna"})
	look := func(chi id.Operatore, c id.Caso) accesso.Registrato {
		return accesso.Registrato{
			Operatore: chi, Profilo: id.Accreditamento{UUID: eventoN(99)}, Ruolo: domain.CaseManager, Rotta: apre, Decisione: accesso.Consentito, Caso: c,
			Classi: []accesso.Classe{accesso.Dettaglio}, Righe: 1,
		}
	}
	metti("accesso-PA42-202605-0a", uuid.Nil, 0, look(anna, uno)) // 2
	metti("accesso-PA42-202605-0a", uuid.Nil, 0, accesso.Registrato{
		Operatore: bruna, Rotta: cerca, Decisione: accesso.Consentito, Classi: []accesso.Classe{accesso.Instradamento, accesso.Sostegni}, Righe: 12, Campi: []string{"cap", "nome"},
	})
	metti("accesso-AG-01-202605-0b", uuid.Nil, time.Hour, accesso.Registrato{Operatore: bruna, Rotta: apre, Decisione: accesso.Negato, Motivo: "vietato", Caso: uno})
	metti("accesso-PA42-202605-0c", uuid.Nil, 24*time.Hour, look(bruna, due))
	metti("accesso-nazionale-202605-0d", uuid.Nil, 25*time.Hour, look(anna, uno)) // 6
	return log
}

func TestTheAccessLogIsReadFromPostgres(t *testing.T) {
	pool := modeltest.Pool(t, accessi.Projection, storia()...)
	for about, x := range map[string]struct {
		f    accessi.Filtro
		r    elenco.Richiesta
		want []int
	}{
		"all, the newest first":   {want: []int{6, 5, 4, 3, 2}},
		"of an ambito":            {f: accessi.Filtro{Ambito: "PA42"}, want: []int{5, 3, 2}},
		"of one with a hyphen":    {f: accessi.Filtro{Ambito: "AG-01"}, want: []int{4}},
		"of an operator":          {f: accessi.Filtro{Operatore: anna}, want: []int{6, 2}},
		"refused":                 {f: accessi.Filtro{Decisione: accesso.Negato}, want: []int{4}},
		"by a route":              {f: accessi.Filtro{Rotta: cerca}, want: []int{3}},
		"on a case":               {f: accessi.Filtro{Casi: []id.Caso{uno}}, want: []int{6, 4, 2}},
		"on a case, in an ambito": {f: accessi.Filtro{Ambito: "PA42", Casi: []id.Caso{uno}}, want: []int{2}},
		"on two cases":            {f: accessi.Filtro{Casi: []id.Caso{uno, due}}, want: []int{6, 5, 4, 2}},
		"on none of any":          {f: accessi.Filtro{Casi: []id.Caso{}}},
		"since an instant":        {f: accessi.Filtro{Dal: mattino.Add(time.Hour)}, want: []int{6, 5, 4}},
		"before an instant":       {f: accessi.Filtro{Prima: mattino.Add(time.Hour)}, want: []int{3, 2}},
		"the oldest first":        {r: elenco.Richiesta{Verso: "asc"}, want: []int{2, 3, 4, 5, 6}},
	} {
		x.r.Limite = 10
		p, err := accessi.Elenco(t.Context(), pool, x.f, x.r)
		var got []int
		for _, v := range p.Voci {
			got = append(got, numero(v))
		}
		if diff := cmp.Diff(x.want, got); diff != "" || err != nil || p.Totale != len(x.want) {
			t.Errorf("%s: %s %v, total %d", about, diff, err, p.Totale)
		}
	}
	p, err := accessi.Elenco(t.Context(), pool, accessi.Filtro{Rotta: cerca}, elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 1 {
		t.Fatal(p, err)
	}
	p.Voci[0].Istante = p.Voci[0].Istante.UTC()
	want := accessi.Voce{Chiave: p.Voci[0].Chiave, Riga: accessi.Riga{
		Evento: eventoN(3), Ambito: "PA42", Mese: "202605", Istante: mattino, Posizione: 3, Operatore: bruna, Rotta: cerca, Decisione: accesso.Consentito, Classi: "D2 D9", Campi: "cap nome", Righe: 12,
	}}
	if diff := cmp.Diff(want, p.Voci[0]); diff != "" {
		t.Error(diff)
	}
}

// numero is which event of the story a row is.
func numero(v accessi.Voce) int {
	for n := range 7 {
		if eventoN(n) == v.Evento {
			return n
		}
	}
	return -1
}

func TestTheListIsOrderedByEachOfItsColumns(t *testing.T) {
	pool := modeltest.Pool(t, accessi.Projection, storia()...)
	for ordine, prima := range map[string]func(accessi.Voce) bool{
		"istante":   func(v accessi.Voce) bool { return numero(v) == 2 },
		"operatore": func(v accessi.Voce) bool { return v.Operatore == bruna }, // ALU before NARDI
		"decisione": func(v accessi.Voce) bool { return v.Decisione == accesso.Consentito },
	} {
		avanti, err := accessi.Elenco(t.Context(), pool, accessi.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "asc"})
		if err != nil || len(avanti.Voci) != 5 || !prima(avanti.Voci[0]) {
			t.Fatalf("%s: %+v %v", ordine, avanti, err)
		}
		indietro, err := accessi.Elenco(t.Context(), pool, accessi.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: "desc"})
		slices.Reverse(indietro.Voci)
		if diff := cmp.Diff(avanti.Voci, indietro.Voci); diff != "" || err != nil {
			t.Errorf("%s: %s %v", ordine, diff, err)
		}
	}
}
