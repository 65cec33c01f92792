package distribuzioni_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/distribuzione"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/domain/processo"
	"nucleo/projections/distribuzioni"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

var (
	mattino  = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	palermo  = domain.Territorio{Ambito: "PA42", Comuni: []string{"G273"}}
	due      = domain.Territorio{Ambito: "PA42", Comuni: []string{"F377", "G273"}}
	intero   = domain.Territorio{Ambito: "PA42"}
	altrove  = domain.Territorio{Ambito: "AG01"}
	carla    = id.Operatore{UUID: uuid.UUID{15: 0xca}}
	anna     = id.Operatore{UUID: uuid.UUID{15: 0xaa}}
	no       = false
	diRiga   = elenco.Richiesta{Limite: 10}
	conVerso = elenco.Richiesta{Limite: 10, Ordina: "avviata", Verso: "asc"}
)

func proc(n byte) id.Processo { return id.Processo{UUID: uuid.UUID{14: 1, 15: n}} }
func caso(n byte) id.Caso     { return id.Caso{UUID: uuid.UUID{14: 2, 15: n}} }

// giornale is the log of two ambiti.
func giornale() (log []domain.Recorded) {
	versioni := map[string]uint64{}
	e := func(stream string, events ...domain.Event) {
		for _, ev := range events {
			versioni[stream]++
			log = append(log, domain.Recorded{
				ID: uuid.New(), Stream: stream, Subject: domain.Subject(stream), Version: versioni[stream], Position: uint64(len(log)), Event: ev,
				Meta: domain.Meta{Istante: mattino.Add(time.Duration(len(log)) * time.Minute)},
			})
		}
	}
	scelta := func(n byte, chi id.Operatore) processo.Scelta {
		s := processo.Scelta{Caso: caso(n), IDDomanda: "INPS-RDC-2026-1", Comune: "G273", CaseManager: chi, Carico: int(n), Idonei: 1}
		if n == 1 {
			s.Alternative = []processo.Alternativa{{CaseManager: carla, Carico: 9, NellaCorsa: 2}}
		}
		return s
	}
	avviata := func(n byte, dove domain.Territorio) distribuzione.Avviata {
		return distribuzione.Avviata{Processo: proc(n), Coordinatore: carla, Territorio: dove, Filtro: distribuzione.Filtro{Priorita: []string{"ALTA", "MEDIA"}, Riassegnato: &no}}
	}
	uno := "processo-" + proc(1).String()
	e("distribuzione-PA42", avviata(1, palermo))
	e(uno,
		processo.PianoEsteso{Piano: uuid.UUID{1}, Totale: 5, Scelte: []processo.Scelta{scelta(7, anna), scelta(8, anna), scelta(9, anna), scelta(6, anna)}},
		processo.PianoEsteso{Piano: uuid.UUID{2}, Totale: 3, Scelte: []processo.Scelta{scelta(1, anna), scelta(2, anna)}}, // takes the place of the other
		processo.PianoEsteso{Piano: uuid.UUID{2}, Totale: 3, Da: 2, Scelte: []processo.Scelta{scelta(3, id.Operatore{})}},
		processo.Distribuito{Caso: caso(1), CaseManager: anna},
		processo.Saltato{Numero: 1, Caso: caso(2), Motivo: processo.GiaAssegnato},
	)
	e("distribuzione-AG01", avviata(4, altrove), distribuzione.Fallita{Processo: proc(4), Motivo: "archivio.troppo_grande"})
	e("distribuzione-PA42", distribuzione.InterruzioneRichiesta{Processo: proc(1)}, distribuzione.Interrotta{Processo: proc(1)}, avviata(2, intero), distribuzione.Completata{Processo: proc(2)}, avviata(3, due))
	return log
}

func TestARunIsToldAsItStands(t *testing.T) {
	pool := modeltest.Pool(t, distribuzioni.Projection, giornale()...)
	v, posizione, found, err := distribuzioni.Di(t.Context(), pool, palermo, proc(1))
	want := distribuzioni.Voce{Processo: proc(1), Procedura: distribuzioni.Procedura{
		Ambito: "PA42", Coordinatore: carla, Priorita: "ALTA,MEDIA", Riassegnato: "false", Stato: distribuzioni.Interrotta, Totale: 3, Assegnati: 1, Saltati: 1,
		Avviata: mattino, Terminata: mattino.Add(9 * time.Minute),
	}}
	v.Avviata, v.Terminata = v.Avviata.UTC(), v.Terminata.UTC()
	if diff := cmp.Diff(want, v); diff != "" || !found || err != nil || posizione != 12 {
		t.Fatal(diff, found, err, posizione)
	}
	if diff := cmp.Diff(distribuzione.Filtro{Priorita: []string{"ALTA", "MEDIA"}, Riassegnato: &no}, v.Filtro()); diff != "" {
		t.Error(diff)
	}
	if corse, err := distribuzioni.InCorsoOra(t.Context(), pool); err != nil || !cmp.Equal(corse, []distribuzioni.Corsa{{Ambito: "PA42", Processo: proc(3)}}) {
		t.Error(corse, err)
	}
}

func TestTheCasesOfARunAreThoseOfItsPlan(t *testing.T) {
	pool := modeltest.Pool(t, distribuzioni.Projection, giornale()...)
	v, _, _, err := distribuzioni.Di(t.Context(), pool, intero, proc(1))
	if err != nil {
		t.Fatal(err)
	}
	p, err := distribuzioni.Casi(t.Context(), pool, v, distribuzioni.FiltroCasi{}, diRiga)
	if err != nil || len(p.Voci) != 3 || p.Totale != 3 {
		t.Fatal(p, err)
	}
	for n, want := range []struct {
		caso   byte
		esito  distribuzioni.Esito
		motivo processo.MotivoSalto
	}{{1, distribuzioni.Assegnato, ""}, {2, distribuzioni.Saltato, processo.GiaAssegnato}, {3, distribuzioni.DaFare, ""}} {
		if got := p.Voci[n]; got.Caso != caso(want.caso) || got.Esito != want.esito || got.Motivo != want.motivo || got.Numero != n {
			t.Errorf("%d: %+v", n, got)
		}
	}
	come, err := p.Voci[0].Come()
	if diff := cmp.Diff([]processo.Alternativa{{CaseManager: carla, Carico: 9, NellaCorsa: 2}}, come.Alternative); diff != "" || err != nil || come.Carico != 1 {
		t.Error(diff, err, come)
	}
	for want, f := range map[int]distribuzioni.FiltroCasi{
		0: {Esito: distribuzioni.Saltato, Motivo: processo.NessunOperatore}, 1: {Esito: distribuzioni.Saltato, Motivo: processo.GiaAssegnato}, 2: {CaseManager: anna},
	} {
		if p, err := distribuzioni.Casi(t.Context(), pool, v, f, diRiga); err != nil || p.Totale != want {
			t.Errorf("%+v: %d cases, %v", f, p.Totale, err)
		}
	}
}

func TestTheCasesOfARunAreOrderedByTheNameOfWhoWasChosen(t *testing.T) {
	log := giornale()
	for n, chi := range []struct {
		id   id.Operatore
		nome string
	}{{anna, "Zeno"}, {carla, "Alù"}} {
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "operatore-" + chi.id.String(), Subject: chi.id.UUID, Version: 1, Position: uint64(len(log)), Event: operatore.Registrato{Cognome: chi.nome, Nome: "Ada"},
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(n) * time.Hour)},
		})
	}
	dieci := processo.PianoEsteso{Piano: uuid.UUID{3}, Totale: 3}
	for n, chi := range []id.Operatore{anna, carla, {}} {
		dieci.Scelte = append(dieci.Scelte, processo.Scelta{Caso: caso(byte(20 + n)), Comune: "G273", CaseManager: chi})
	}
	log = append(log, domain.Recorded{
		ID: uuid.New(), Stream: "processo-" + proc(2).String(), Subject: proc(2).UUID, Version: 1, Position: uint64(len(log)), Event: dieci, Meta: domain.Meta{Istante: mattino},
	})
	pool := modeltest.Pool(t, distribuzioni.Projection, log...)
	v, _, _, err := distribuzioni.Di(t.Context(), pool, intero, proc(2))
	if err != nil {
		t.Fatal(err)
	}
	for verso, want := range map[string][]id.Operatore{"asc": {{}, carla, anna}, "desc": {anna, carla, {}}} {
		p, err := distribuzioni.Casi(t.Context(), pool, v, distribuzioni.FiltroCasi{}, elenco.Richiesta{Limite: 10, Ordina: "case_manager", Verso: verso})
		var got []id.Operatore
		for _, v := range p.Voci {
			got = append(got, v.CaseManager)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %s %v", verso, diff, err)
		}
	}
}

func TestRunsAreSeenOnTheirTerritory(t *testing.T) {
	pool := modeltest.Pool(t, distribuzioni.Projection, giornale()...)
	for _, tt := range []struct {
		dove  domain.Territorio
		stato distribuzioni.Stato
		want  []id.Processo
	}{
		{palermo, "", []id.Processo{proc(1)}},
		{due, "", []id.Processo{proc(1), proc(3)}},
		{intero, "", []id.Processo{proc(1), proc(2), proc(3)}},
		{intero, distribuzioni.Completata, []id.Processo{proc(2)}},
		{altrove, "", []id.Processo{proc(4)}},
		{domain.Territorio{Ambito: "PA42", Comuni: []string{"F377"}}, "", nil},
	} {
		p, err := distribuzioni.Elenco(t.Context(), pool, tt.dove, tt.stato, conVerso)
		var got []id.Processo
		for _, v := range p.Voci {
			got = append(got, v.Processo)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil || p.Totale != len(tt.want) {
			t.Errorf("%v: %s %v", tt.dove, diff, err)
		}
	}
	for _, colonna := range []string{"avviata", "terminata", "processo", "stato", "totale", "assegnati", "saltati"} {
		for _, verso := range []string{"asc", "desc"} {
			if p, err := distribuzioni.Elenco(t.Context(), pool, intero, "", elenco.Richiesta{Limite: 10, Ordina: colonna, Verso: verso}); err != nil || len(p.Voci) != 3 {
				t.Errorf("by %s %s: %v", colonna, verso, err)
			}
		}
	}
}
