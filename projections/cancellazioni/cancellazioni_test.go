package cancellazioni_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/vincolo"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino           = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna, bruna       = id.New[id.Operatore](), id.New[id.Operatore]()
	prima, seconda    = id.New[id.Cancellazione](), id.New[id.Cancellazione]()
	terza             = id.New[id.Cancellazione]()
	quarta, quinta    = id.New[id.Cancellazione](), id.New[id.Cancellazione]()
	casoTre           = id.CasoDi("3")
	nucleoTre         = cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: casoTre}
	casoUno, casoDue  = id.CasoDi("1"), id.CasoDi("2")
	richiestaPalermo  = cancellazione.Richiesta{Soggetto: cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: casoUno, Quale: uuid.UUID{1}}, Ambito: "PA42", Da: anna, Base: cancellazione.PersonaErrata, Riferimento: "R-1"}
	richiestaAltrove  = cancellazione.Richiesta{Soggetto: cancellazione.Soggetto{Tipo: cancellazione.Nucleo, Caso: casoDue}, Ambito: "AG01", Da: anna, Base: cancellazione.TermineDecorso, Riferimento: "R-2"}
	rigaDellaPrima    = cancellazioni.Riga{Tipo: cancellazione.Persona, Caso: casoUno, Quale: uuid.UUID{1}, Ambito: "PA42", RichiestaDa: anna, Base: cancellazione.PersonaErrata, Riferimento: "R-1", RichiestaIl: mattino, Stato: cancellazione.Provata, DecisaDa: bruna, DecisaIl: mattino.Add(3 * time.Hour), Chiavi: 1, Valori: 7, ProvataIl: mattino.Add(5 * time.Hour), Posizione: 5}
	vincoloDelSecondo = cancellazioni.Vincolo{Ambito: "AG01", PostoDa: bruna, PostoIl: mattino.Add(8 * time.Hour), Motivo: "INDAGINE", Riferimento: "RG-2"}
)

func storia() (log []domain.Recorded) {
	versione := map[string]uint64{}
	metti := func(stream string, e domain.Event) {
		versione[stream]++
		log = append(log, domain.Recorded{
			Stream: stream, Subject: domain.Subject(stream), Type: e.EventType(), Event: e, Version: versione[stream], Position: uint64(len(log)),
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(len(log)) * time.Hour)},
		})
	}
	di := func(c id.Cancellazione) string { return cancellazione.Decider.Stream(c.String()) }
	metti(di(prima), richiestaPalermo)
	metti(di(seconda), richiestaAltrove)
	metti(di(terza), richiestaPalermo)
	metti(di(prima), cancellazione.Autorizzazione{Da: bruna})
	metti(di(prima), cancellazione.ChiaviDistrutte{Soggetto: richiestaPalermo.Soggetto, Chiavi: 1, Valori: 7})
	metti(di(prima), cancellazione.Prova{Tentati: 7})
	metti(di(seconda), cancellazione.Rifiuto{Da: bruna, Motivo: "NON_DOVUTA"})
	metti("vincolo-"+casoUno.String(), vincolo.Posto{Caso: casoUno, Ambito: "PA42", Da: anna, Motivo: "CONTENZIOSO", Riferimento: "RG-1"})
	metti("vincolo-"+casoDue.String(), vincolo.Posto{Caso: casoDue, Ambito: "AG01", Da: bruna, Motivo: "INDAGINE", Riferimento: "RG-2"})
	metti("vincolo-"+casoUno.String(), vincolo.Tolto{Da: bruna, Riferimento: "RG-3"})
	metti(di(terza), cancellazione.Autorizzazione{Da: bruna})
	metti(di(quarta), cancellazione.Scadenza{Soggetto: nucleoTre, Ambito: "RM01", Fine: giorno.Data(2016, 5, 4), Il: giorno.Data(2026, 5, 4)})
	metti(di(quinta), cancellazione.Scadenza{Soggetto: cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: casoTre, Quale: uuid.UUID{3}}, Ambito: "RM01", Fine: giorno.Data(2016, 5, 4)})
	metti(di(quinta), cancellazione.Accantonamento{Da: bruna, Motivo: "CONTENZIOSO"})
	metti(di(quarta), cancellazione.Richiesta{Soggetto: nucleoTre, Ambito: "RM01", Da: anna, Base: cancellazione.TermineDecorso, Riferimento: "R-4"})
	return log
}

func TestADeskSeesTheRequestsAndHoldsOfItsAmbito(t *testing.T) {
	pool := modeltest.Pool(t, cancellazioni.Projection, storia()...)
	for nome, c := range map[string]struct {
		ambito string
		stato  cancellazione.Stato
		want   []id.Cancellazione
	}{
		"all":          {"", "", []id.Cancellazione{quarta, quinta, terza, seconda, prima}},
		"set aside":    {"", cancellazione.Accantonata, []id.Cancellazione{quinta}},
		"of an ambito": {"PA42", "", []id.Cancellazione{terza, prima}},
		"of a state":   {"", cancellazione.Rifiutata, []id.Cancellazione{seconda}},
		"of both":      {"AG01", cancellazione.Provata, nil},
	} {
		p, err := cancellazioni.Elenco(t.Context(), pool, c.ambito, c.stato, elenco.Richiesta{Limite: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []id.Cancellazione
		for _, v := range p.Voci {
			got = append(got, v.ID)
			if v.RichiestaIl, v.DecisaIl, v.ProvataIl = v.RichiestaIl.UTC(), v.DecisaIl.UTC(), v.ProvataIl.UTC(); v.ID == prima {
				if diff := cmp.Diff(rigaDellaPrima, v.Riga); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", nome, diff)
		}
	}
	restano, err := cancellazioni.DaEseguire(t.Context(), pool)
	if diff := cmp.Diff([]id.Cancellazione{terza}, restano); err != nil || diff != "" {
		t.Errorf("to be carried out (-want +got)\n%s %v", diff, err)
	}
	p, err := cancellazioni.Vincoli(t.Context(), pool, "", elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 1 {
		t.Fatal(p, err)
	}
	p.Voci[0].PostoIl = p.Voci[0].PostoIl.UTC()
	if diff := cmp.Diff(cancellazioni.VoceVincolo{Caso: casoDue, Vincolo: vincoloDelSecondo}, p.Voci[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The policy of the terms is told what was made of a case.
func TestWhatWasMadeOfTheSubjectsOfACase(t *testing.T) {
	pool := modeltest.Pool(t, cancellazioni.Projection, storia()...)
	fatte, err := cancellazioni.Di(t.Context(), pool, casoTre, casoDue, id.CasoDi("9"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[id.Caso][]cancellazione.Chiesta{
		casoDue: {{Soggetto: richiestaAltrove.Soggetto, Base: cancellazione.TermineDecorso, Stato: cancellazione.Rifiutata, Posizione: 6}},
		casoTre: {
			{Soggetto: cancellazione.Soggetto{Tipo: cancellazione.Persona, Caso: casoTre, Quale: uuid.UUID{3}}, Base: cancellazione.TermineDecorso, Stato: cancellazione.Accantonata, Posizione: 13},
			{Soggetto: nucleoTre, Base: cancellazione.TermineDecorso, Stato: cancellazione.InAttesa, Posizione: 14},
		},
	}
	if diff := cmp.Diff(want, fatte); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	p, err := cancellazioni.Elenco(t.Context(), pool, "RM01", "", elenco.Richiesta{Limite: 10})
	if err != nil || len(p.Voci) != 2 {
		t.Fatal(p, err)
	}
	for _, v := range p.Voci {
		if v.Fine != giorno.Data(2016, 5, 4) || v.ID == quinta && v.Motivo != "CONTENZIOSO" {
			t.Errorf("%+v", v)
		}
	}
}
