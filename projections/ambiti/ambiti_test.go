package ambiti_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/projections/ambiti"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
)

// giornale makes records of pairs: the code of an ambito, and an event of it.
func giornale(pairs ...any) (log []domain.Recorded) {
	versions := map[string]uint64{}
	for i := 0; i < len(pairs); i += 2 {
		codice := pairs[i].(string)
		versions[codice]++
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "ambito-" + codice, Version: versions[codice], Position: uint64(len(log)), Event: pairs[i+1].(domain.Event),
		})
	}
	return log
}

func due() []domain.Recorded {
	return giornale(
		"PA-42", ambito.Creato{Codice: "PA-42", Denominazione: "Palermo e Villabate", Regione: "Sicilia"},
		"AG-01", ambito.Creato{Codice: "AG-01", Denominazione: "Agrigento", Regione: "Sicilia"},
		"PA-42", ambito.ComuneAssociato{Comune: "L916"},
		"PA-42", ambito.ComuneAssociato{Comune: "G273"},
		"AG-01", ambito.ComuneAssociato{Comune: "A089"},
		"AG-01", ambito.AutoapprovazioneVietata{},
		"PA-42", ambito.AutoapprovazioneVietata{},
		"AG-01", ambito.AutoapprovazioneConsentita{},
		"PA-42", ambito.ComuneAssociato{Comune: "F377"},
		"PA-42", ambito.ConvenzioneSottoscritta{Comune: "F377", Data: giorno.Data(2026, 1, 8), Firmatario: "x"},
		"PA-42", ambito.ConvenzioneSottoscritta{Comune: "G273", Data: giorno.Data(2026, 1, 9), Firmatario: "x"},
		"PA-42", ambito.DelegaRegistrata{Comuni: []string{"G273", "L916"}, Data: giorno.Data(2026, 1, 10), Atto: "12/2026", PEC: "p@example.org"},
		"PA-42", ambito.ComuneDissociato{Comune: "F377"},
		"PA-42", ambito.ConvenzioneSottoscritta{Ente: "Consorzio", Data: giorno.Data(2026, 1, 11), Firmatario: "x"},
	)
}

var (
	palermo  = ambiti.Voce{Codice: "PA-42", Riga: ambiti.Riga{Denominazione: "Palermo e Villabate", Regione: "Sicilia", Cerca: "PALERMO E VILLABATE", NumeroComuni: 2, AutoapprovazioneVietata: true, Ente: "Consorzio", ConvenzioneEnte: giorno.Data(2026, 1, 11)}, Comuni: []string{"G273", "L916"}}
	aderenti = []ambiti.AdesioneDi{
		{Comune: "G273", Adesione: ambiti.Adesione{Convenzione: giorno.Data(2026, 1, 9), Delega: giorno.Data(2026, 1, 10), Atto: "12/2026"}},
		{Comune: "L916", Adesione: ambiti.Adesione{Delega: giorno.Data(2026, 1, 10), Atto: "12/2026"}},
	}
	agrigento = ambiti.Voce{Codice: "AG-01", Riga: ambiti.Riga{Denominazione: "Agrigento", Regione: "Sicilia", Cerca: "AGRIGENTO", NumeroComuni: 1}, Comuni: []string{"A089"}}
)

func TestAnAmbitoHasItsComuni(t *testing.T) {
	folded := ambiti.Projection.Fold(due()...)
	if diff := cmp.Diff(map[string]ambiti.Riga{"PA-42": palermo.Riga, "AG-01": agrigento.Riga}, maps.Collect(folded.Ambiti.All())); diff != "" {
		t.Error(diff)
	}
	want := map[string]ambiti.Luogo{"L916": {Ambito: "PA-42"}, "G273": {Ambito: "PA-42"}, "A089": {Ambito: "AG-01"}}
	if diff := cmp.Diff(want, maps.Collect(folded.Comuni.All())); diff != "" {
		t.Error(diff)
	}
}

func TestTheTerritoryIsReadFromPostgres(t *testing.T) {
	ctx, pool := t.Context(), modeltest.Pool(t, ambiti.Projection, due()...)
	for codice, want := range map[string]ambiti.Voce{"PA-42": palermo, "AG-01": agrigento, "XX": {}, "'": {}, "\x00": {}, "": {}} {
		got, found, err := ambiti.Trova(ctx, pool, codice)
		if diff := cmp.Diff(want, got); diff != "" || found != (want.Codice != "") || err != nil {
			t.Errorf("%q: %s %t %v", codice, diff, found, err)
		}
		comuni, err := ambiti.Comuni(ctx, pool, codice)
		if diff := cmp.Diff(want.Comuni, comuni, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%q: %s %v", codice, diff, err)
		}
	}
	for comune, want := range map[string]string{"G273": "PA-42", "A089": "AG-01", "Z999": "", "' OR '1": ""} {
		got, found, err := ambiti.Di(ctx, pool, comune)
		if got != want || found != (want != "") || err != nil {
			t.Errorf("%q: %q %t %v", comune, got, found, err)
		}
	}
	palermo := palermo // as a list tells it
	palermo.Adesioni = aderenti
	for _, tt := range []struct {
		f    ambiti.Filtro
		want []ambiti.Voce
	}{
		{ambiti.Filtro{}, []ambiti.Voce{agrigento, palermo}},
		{ambiti.Filtro{Testo: "villa pal"}, []ambiti.Voce{palermo}},
		{ambiti.Filtro{Ambito: "AG-01"}, []ambiti.Voce{agrigento}},
		{ambiti.Filtro{Ambito: "AG-01", Testo: "palermo"}, nil},
		{ambiti.Filtro{Testo: "alermo"}, nil},
		{ambiti.Filtro{Ambito: "' OR '1'='1"}, nil},
	} {
		got, err := ambiti.Elenco(ctx, pool, tt.f, elenco.Richiesta{Limite: 10})
		if diff := cmp.Diff(elenco.Pagina[ambiti.Voce]{Voci: tt.want, Totale: len(tt.want), Posizione: 13}, got); diff != "" || err != nil {
			t.Errorf("%+v: %s %v", tt.f, diff, err)
		}
	}
	if _, err := ambiti.Elenco(ctx, pool, ambiti.Filtro{Testo: "\xff"}, elenco.Richiesta{Limite: 10}); !errors.Is(err, elenco.ErrTesto) {
		t.Error(err)
	}
}

func TestPagesOfAmbitiFollowOneAnother(t *testing.T) {
	var pairs []any
	for i := range 35 {
		codice := fmt.Sprint("X", i*11%35)
		pairs = append(pairs, codice, ambito.Creato{Codice: codice, Denominazione: "Ambito " + string(rune('A'+i%5)), Regione: "Sicilia"})
	}
	pool := modeltest.Pool(t, ambiti.Projection, giornale(pairs...)...)
	whole, err := ambiti.Elenco(t.Context(), pool, ambiti.Filtro{}, elenco.Richiesta{Limite: 50})
	if err != nil || len(whole.Voci) != 35 || whole.Cursore != "" {
		t.Fatal(len(whole.Voci), whole.Cursore, err)
	}
	var paged []ambiti.Voce
	r := elenco.Richiesta{Limite: 10}
	for {
		p, err := ambiti.Elenco(t.Context(), pool, ambiti.Filtro{}, r)
		if err != nil || p.Totale != 35 {
			t.Fatal(p.Totale, err)
		}
		paged = append(paged, p.Voci...)
		if r.Cursore = p.Cursore; r.Cursore == "" {
			break
		}
	}
	if diff := cmp.Diff(whole.Voci, paged); diff != "" {
		t.Error(diff)
	}
}
