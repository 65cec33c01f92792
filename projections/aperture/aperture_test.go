package aperture_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/apertura"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/projections/aperture"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino         = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna, bruna     = id.New[id.Operatore](), id.New[id.Operatore]()
	prima, seconda  = id.New[id.Apertura](), id.New[id.Apertura]()
	terza           = id.New[id.Apertura]()
	oggi            = giorno.Di(mattino)
	dellaPrima      = richiesta(anna, "PA42")
	dellaSeconda    = richiesta(anna, "AG01")
	dellaTerza      = richiesta(bruna, "PA42")
	concessa        = apertura.Concessa{Da: bruna, Scade: mattino.Add(2 * time.Hour)}
	negata          = apertura.Negata{Da: bruna, Motivo: "NON_MOTIVATA"}
	rigaDellaPrima  = aperture.Riga{Caso: dellaPrima.Caso, Ambito: "PA42", RichiestaDa: anna, Motivo: apertura.Reclamo, Riferimento: "R-1", Dal: oggi - 9, Al: oggi, RichiestaIl: mattino, Stato: apertura.Accolta, DecisaDa: bruna, DecisaIl: mattino.Add(3 * time.Hour), Scade: concessa.Scade}
	ordineDiArrivo  = []id.Apertura{terza, seconda, prima}
	quelleDiPalermo = []id.Apertura{terza, prima}
)

func richiesta(da id.Operatore, ambito string) apertura.Richiesta {
	return apertura.Richiesta{Caso: id.CasoDi(ambito), Ambito: ambito, Da: da, Motivo: apertura.Reclamo, Riferimento: "R-1", Periodo: apertura.Periodo{Dal: oggi - 9, Al: oggi}, Il: oggi}
}

func storia() (log []domain.Recorded) {
	versione := map[id.Apertura]uint64{}
	metti := func(a id.Apertura, e domain.Event) {
		versione[a]++
		log = append(log, domain.Recorded{
			Stream: apertura.Decider.Stream(a.String()), Subject: a.UUID, Type: e.EventType(), Event: e, Version: versione[a], Position: uint64(len(log)),
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(len(log)) * time.Hour)},
		})
	}
	metti(prima, dellaPrima)
	metti(seconda, dellaSeconda)
	metti(terza, dellaTerza)
	metti(prima, concessa)
	metti(seconda, negata)
	return log
}

func TestOpeningsAreListedToWhoAskedAndToTheDesk(t *testing.T) {
	pool := modeltest.Pool(t, aperture.Projection, storia()...)
	for nome, c := range map[string]struct {
		f    aperture.Filtro
		want []id.Apertura
	}{
		"all":               {aperture.Filtro{}, ordineDiArrivo},
		"of an ambito":      {aperture.Filtro{Ambito: "PA42"}, quelleDiPalermo},
		"of an auditor":     {aperture.Filtro{Di: bruna}, []id.Apertura{terza}},
		"to be decided":     {aperture.Filtro{Stato: apertura.InAttesa}, []id.Apertura{terza}},
		"refused elsewhere": {aperture.Filtro{Ambito: "PA42", Stato: apertura.Rifiutata}, nil},
	} {
		p, err := aperture.Elenco(t.Context(), pool, c.f, elenco.Richiesta{Limite: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []id.Apertura
		for _, v := range p.Voci {
			got = append(got, v.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", nome, diff)
		}
	}
	p, err := aperture.Elenco(t.Context(), pool, aperture.Filtro{Stato: apertura.Accolta}, elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 1 {
		t.Fatal(p, err)
	}
	v := p.Voci[0].Riga
	v.RichiestaIl, v.DecisaIl, v.Scade = v.RichiestaIl.UTC(), v.DecisaIl.UTC(), v.Scade.UTC()
	if diff := cmp.Diff(rigaDellaPrima, v); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
