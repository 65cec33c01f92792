package allarmi_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/allarmi"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino     = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna, bruna = id.New[id.Operatore](), id.New[id.Operatore]()
	tutela      = uuid.New()
	uno, due    = id.CasoDi("D-1"), id.CasoDi("D-2")
)

// storia is three alerts: one that nobody followed, one explained, and one that
// was explained and reported then.
func storia() (log []domain.Recorded) {
	metti := func(stream string, subject uuid.UUID, version uint64, e domain.Event) {
		n := len(log)
		log = append(log, domain.Recorded{
			ID: uuid.NewSHA1(uuid.Nil, []byte{byte(n)}), Stream: stream + "-" + subject.String(), Subject: subject, Type: e.EventType(), Event: e, Version: version, Position: uint64(n),
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(n) * time.Hour), Attore: tutela},
		})
	}
	metti("operatore", anna.UUID, 1, operatore.Registrato{Cognome: "Nardi", Nome: "Anna"})
	metti("operatore", bruna.UUID, 1, operatore.Registrato{Cognome: "Alù", Nome: "Bruna"})
	a := sollevato(allarme.Letture, "PA42", anna, 0)
	b, c := sollevato(allarme.Dinieghi, "PA42", bruna, 1), sollevato(allarme.Elenchi, "AG01", anna, 24)
	metti("allarme", a.ID().UUID, 1, a)
	metti("allarme", b.ID().UUID, 1, b)
	metti("allarme", c.ID().UUID, 1, c)
	metti("allarme", b.ID().UUID, 2, allarme.SpiegazioneData{Motivo: allarme.Urgenza})
	metti("allarme", c.ID().UUID, 2, allarme.SpiegazioneData{Motivo: allarme.Servizio})
	metti("allarme", c.ID().UUID, 3, allarme.SegnalazioneFatta{Avviso: allarme.DPCM})
	return log
}

func sollevato(r allarme.Regola, ambito string, o id.Operatore, ore int) allarme.Sollevato {
	dal := mattino.Add(time.Duration(ore) * time.Hour)
	return allarme.Sollevato{Regola: r, Ambito: ambito, Operatore: o, Dal: dal, Prima: dal.Add(time.Hour), Misura: 71, Soglia: 60, Casi: []id.Caso{uno, due}}
}

func TestTheAlertsAreReadFromPostgres(t *testing.T) {
	pool := modeltest.Pool(t, allarmi.Projection, storia()...)
	for about, x := range map[string]struct {
		f    allarmi.Filtro
		r    elenco.Richiesta
		want []allarme.Regola
	}{
		"all, the newest first": {want: []allarme.Regola{allarme.Elenchi, allarme.Dinieghi, allarme.Letture}},
		"of an ambito":          {f: allarmi.Filtro{Ambito: "PA42"}, want: []allarme.Regola{allarme.Dinieghi, allarme.Letture}},
		"of an operator":        {f: allarmi.Filtro{Operatore: anna}, want: []allarme.Regola{allarme.Elenchi, allarme.Letture}},
		"that nobody followed":  {f: allarmi.Filtro{Stato: allarme.Nuovo}, want: []allarme.Regola{allarme.Letture}},
		"explained":             {f: allarmi.Filtro{Stato: allarme.Spiegato}, want: []allarme.Regola{allarme.Dinieghi}},
		"of a rule":             {f: allarmi.Filtro{Regola: allarme.Elenchi}, want: []allarme.Regola{allarme.Elenchi}},
		"since an instant":      {f: allarmi.Filtro{Dal: mattino.Add(time.Hour)}, want: []allarme.Regola{allarme.Elenchi, allarme.Dinieghi}},
		"before an instant":     {f: allarmi.Filtro{Prima: mattino.Add(time.Hour)}, want: []allarme.Regola{allarme.Letture}},
		"but of a rule":         {f: allarmi.Filtro{Tranne: allarme.Elenchi}, want: []allarme.Regola{allarme.Dinieghi, allarme.Letture}},
		"by name":               {f: allarmi.Filtro{Ambito: "PA42"}, r: elenco.Richiesta{Ordina: "operatore"}, want: []allarme.Regola{allarme.Dinieghi, allarme.Letture}},
	} {
		x.r.Limite = 10
		p, err := allarmi.Elenco(t.Context(), pool, x.f, x.r)
		var got []allarme.Regola
		for _, v := range p.Voci {
			got = append(got, v.Regola)
		}
		if diff := cmp.Diff(x.want, got); diff != "" || err != nil || p.Totale != len(x.want) {
			t.Errorf("%s: %s %v, total %d", about, diff, err, p.Totale)
		}
	}
	p, err := allarmi.Elenco(t.Context(), pool, allarmi.Filtro{Stato: allarme.Segnalato}, elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 1 {
		t.Fatal(p, err)
	}
	v := &p.Voci[0]
	v.Dal, v.Prima, v.Sollevato, v.Cambiato = v.Dal.UTC(), v.Prima.UTC(), v.Sollevato.UTC(), v.Cambiato.UTC()
	c := sollevato(allarme.Elenchi, "AG01", anna, 24)
	want := allarmi.Voce{Allarme: c.ID(), Riga: allarmi.Riga{
		Regola: c.Regola, Ambito: c.Ambito, Operatore: anna, Dal: c.Dal, Prima: c.Prima, Misura: 71, Soglia: 60, Casi: uno.String() + " " + due.String(),
		Sollevato: mattino.Add(4 * time.Hour), Posizione: 4, Stato: allarme.Segnalato, Motivo: allarme.Servizio, Seguito: tutela, Cambiato: mattino.Add(7 * time.Hour),
	}}
	if diff := cmp.Diff(want, *v); diff != "" {
		t.Error(diff)
	}
}

func TestTheAlertsAreOrderedByEachColumn(t *testing.T) {
	pool := modeltest.Pool(t, allarmi.Projection, storia()...)
	for _, ordine := range []string{"sollevato", "dal", "operatore", "regola", "stato"} {
		var versi [2][]allarmi.Voce
		for k, verso := range []string{"asc", "desc"} {
			p, err := allarmi.Elenco(t.Context(), pool, allarmi.Filtro{}, elenco.Richiesta{Limite: 10, Ordina: ordine, Verso: verso})
			if err != nil || len(p.Voci) != 3 {
				t.Fatal(ordine, p, err)
			}
			versi[k] = p.Voci
		}
		slices.Reverse(versi[1])
		if diff := cmp.Diff(versi[0], versi[1]); diff != "" {
			t.Errorf("%s: %s", ordine, diff)
		}
	}
}
