package cronologia_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/projections/cronologia"
)

var (
	mattino     = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	anna, bruno = id.New[id.Operatore](), id.New[id.Operatore]()
	carla       = uuid.New()
	c           = id.CasoDi("INPS-RDC-2019-999633")
)

// giornale is the stream of c, as carla caused it.
func giornale(events ...domain.Event) (log []domain.Recorded) {
	for i, e := range events {
		log = append(log, domain.Recorded{
			Stream: "caso-" + c.String(), Subject: c.UUID, Type: e.EventType(), Event: e, Version: uint64(i + 1), Position: uint64(i),
			Meta: domain.Meta{Attore: carla, Ruolo: domain.CoordinatorePaIS, Istante: mattino.Add(time.Duration(i) * time.Hour)},
		})
	}
	return log
}

func storia() []domain.Recorded {
	log := giornale(
		caso.DomandaRicevuta{IDDomanda: "INPS-RDC-2019-999633", Ambito: "PA-42", Comune: "G273"},
		caso.Assegnato{CaseManager: anna, Modalita: caso.Automatica, Fondo: caso.PON},
		caso.Riassegnato{Da: anna, A: bruno, Motivo: "ferie"},
		caso.Trasferito{AmbitoA: "AG-01", ComuneA: "A089"},
		caso.Annullata{CaseManager: bruno, Motivo: caso.AltroMotivo, Nota: "trasloco"},
		caso.Assegnato{CaseManager: bruno, Modalita: caso.Manuale, Motivo: "conosce il nucleo"},
		caso.Annullata{CaseManager: bruno, Motivo: caso.RevocaAccreditamento},
	)
	log[6].Meta.Attore, log[6].Meta.Ruolo = domain.Politiche.ID, domain.SistemaPolitiche
	return log
}

func attese() []cronologia.Voce {
	voce := func(seq uint64, ore time.Duration, ambito, comune string, change func(*cronologia.Riga)) cronologia.Voce {
		v := cronologia.Voce{Passo: cronologia.Passo{Caso: c, Seq: seq}, Riga: cronologia.Riga{
			IDDomanda: "INPS-RDC-2019-999633", Ambito: ambito, Comune: comune, EseguitaDa: carla, Ruolo: domain.CoordinatorePaIS,
			Modalita: caso.Manuale, Istante: mattino.Add(ore * time.Hour),
		}}
		change(&v.Riga)
		return v
	}
	return []cronologia.Voce{
		voce(1, 1, "PA-42", "G273", func(r *cronologia.Riga) {
			r.Evento, r.A, r.Modalita, r.Fondo = cronologia.Assegnazione, anna, caso.Automatica, caso.PON
		}),
		voce(2, 2, "PA-42", "G273", func(r *cronologia.Riga) {
			r.Evento, r.Da, r.A, r.Motivo = cronologia.Riassegnazione, anna, bruno, "ferie"
		}),
		voce(3, 4, "AG-01", "A089", func(r *cronologia.Riga) {
			r.Evento, r.Da, r.Motivo, r.Nota = cronologia.Annullamento, bruno, "ALTRO", "trasloco"
		}),
		voce(4, 5, "AG-01", "A089", func(r *cronologia.Riga) {
			r.Evento, r.A, r.Motivo = cronologia.Assegnazione, bruno, "conosce il nucleo"
		}),
		voce(5, 6, "AG-01", "A089", func(r *cronologia.Riga) {
			r.Evento, r.Da, r.Motivo, r.Modalita = cronologia.Annullamento, bruno, "REVOCA_ACCREDITAMENTO", caso.Automatica
			r.EseguitaDa, r.Ruolo = domain.Politiche.ID, domain.SistemaPolitiche
		}),
	}
}

func TestTheChronologyTellsWhoGaveTheCaseToWhom(t *testing.T) {
	want := map[cronologia.Passo]cronologia.Riga{}
	for _, v := range attese() {
		want[v.Passo] = v.Riga
	}
	if diff := cmp.Diff(want, maps.Collect(cronologia.Projection.Fold(storia()...).Cronologia.All())); diff != "" {
		t.Error(diff)
	}
}
