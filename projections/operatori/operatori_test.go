package operatori_test

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections/elenco"
	"nucleo/projections/modeltest"
	"nucleo/projections/operatori"
)

var (
	mattino = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	oggi    = giorno.Data(2026, 5, 4)

	anna  = id.Operatore{UUID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001")}
	bruno = id.Operatore{UUID: uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000002")}
	carla = id.Operatore{UUID: uuid.MustParse("cccccccc-0000-4000-8000-000000000003")}
	dario = id.Operatore{UUID: uuid.MustParse("dddddddd-0000-4000-8000-000000000004")}
	elena = id.Operatore{UUID: uuid.MustParse("eeeeeeee-0000-4000-8000-000000000005")}
)

func acc(n byte) (a id.Accreditamento) {
	a.UUID[15] = n
	return a
}

// giornale makes records of pairs: an operator, and an event of theirs.
func giornale(pairs ...any) (log []domain.Recorded) {
	versions := map[id.Operatore]uint64{}
	for i := 0; i < len(pairs); i += 2 {
		o := pairs[i].(id.Operatore)
		versions[o]++
		log = append(log, domain.Recorded{
			ID: uuid.New(), Stream: "operatore-" + o.String(), Subject: o.UUID, Version: versions[o], Position: uint64(len(log)), Event: pairs[i+1].(domain.Event),
			Meta: domain.Meta{Istante: mattino.Add(time.Duration(len(log)) * time.Hour)},
		})
	}
	return log
}

func ruolo(n byte, r domain.Ruolo, fondo, ambito string, comuni ...string) operatore.Accreditato {
	t := domain.Territorio{Ambito: ambito, Comuni: comuni}
	return operatore.Accreditato{
		Accreditamento: acc(n), Ruolo: r, Territorio: t, Livello: operatore.Accreditamento{Territorio: t}.Livello(), Fondo: fondo, Dal: oggi - 10,
	}
}

func gente() []domain.Recorded {
	domani := ruolo(9, domain.CaseManager, "", "PA-42")
	domani.Dal = oggi + 1
	return giornale(
		anna, operatore.Registrato{CodiceFiscale: "VRDNNA80A41G273X", Cognome: "Verdi", Nome: "Anna"},
		bruno, operatore.Registrato{CodiceFiscale: "BNCBRN80A01G273X", Cognome: "Bianchi", Nome: "Bruno"},
		carla, operatore.Registrato{CodiceFiscale: "NRECRL80A41G273X", Cognome: "D'Àngelo", Nome: "Carla"},
		dario, operatore.Registrato{CodiceFiscale: "RSSDRA80A01G273X", Cognome: "Rossi", Nome: "Dario"},
		elena, operatore.Registrato{CodiceFiscale: "GLLLNE80A41G273X", Cognome: "Gallo", Nome: "Elena"}, // without any role
		anna, ruolo(1, domain.CaseManager, "PON", "PA-42", "G273", "L916"),
		anna, ruolo(2, domain.CaseManager, "", "PA-42"),
		bruno, ruolo(3, domain.CaseManager, "ALTRO", "PA-42", "L916"),
		carla, ruolo(4, domain.CoordinatorePaIS, "", "PA-42"),
		carla, ruolo(5, domain.CaseManager, "", "PA-42", "G273"),
		carla, operatore.Revocato{Accreditamento: acc(5), Motivo: "cessata"},
		dario, ruolo(6, domain.CaseManager, "", "AG-01"),
		dario, operatore.Revocato{Accreditamento: acc(6), Motivo: "cessato"},
		elena, domani,
	)
}

func TestARevokedRoleIsKeptAsSuch(t *testing.T) {
	folded := operatori.Projection.Fold(gente()...)
	got := maps.Collect(folded.Accreditamenti.All())
	want := operatori.Accreditamento{
		Operatore: carla, Ruolo: domain.CaseManager, Ambito: "PA-42", Livello: "C", Dal: oggi - 10, Revocato: true, Al: mattino.Add(10 * time.Hour), Ordine: 3,
	}
	if diff := gocmp.Diff(want, got[acc(5)]); diff != "" || len(got) != 7 {
		t.Error(diff, len(got))
	}
	if comuni := maps.Collect(folded.AccreditamentoComune.All()); len(comuni) != 4 {
		t.Error(comuni)
	}
}

func TestWhoMayBeGivenACase(t *testing.T) {
	pool := modeltest.Pool(t, operatori.Projection, gente()...)
	con := operatori.Idoneo{Operatore: anna, Cognome: "Verdi", Nome: "Anna", Livello: "C", Fondo: "PON", Comuni: []string{"G273", "L916"}}
	intero := operatori.Idoneo{Operatore: anna, Cognome: "Verdi", Nome: "Anna", Livello: "A"}
	bianchi := operatori.Idoneo{Operatore: bruno, Cognome: "Bianchi", Nome: "Bruno", Livello: "C", Fondo: "ALTRO", Comuni: []string{"L916"}}
	for _, tt := range []struct {
		ambito, comune string
		want           []operatori.Idoneo
	}{
		{"PA-42", "L916", []operatori.Idoneo{bianchi, con}},
		{"PA-42", "G273", []operatori.Idoneo{con}}, // carla was revoked, elena begins tomorrow
		{"PA-42", "F377", []operatori.Idoneo{intero}},
		{"AG-01", "A089", nil}, // dario was revoked
		{"", "L916", nil},
		{"' OR true --", "\x00", nil},
	} {
		got, err := operatori.CaseManager(t.Context(), pool, tt.ambito, tt.comune, oggi)
		if diff := gocmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%s %s: %s %v", tt.ambito, tt.comune, diff, err)
		}
	}
}

func TestWhoIsAwayIsTold(t *testing.T) {
	assente := func(n byte, dal, al giorno.Giorno) operatore.IndisponibilitaRegistrata {
		e := operatore.IndisponibilitaRegistrata{Dal: dal, Al: al, Motivo: operatore.Malattia}
		e.Indisponibilita.UUID[15] = n
		return e
	}
	log := gente()
	for _, r := range giornale(
		anna, assente(1, oggi+5, oggi+9), anna, assente(2, oggi-3, oggi), anna, assente(3, oggi-9, oggi-4), anna, assente(4, oggi+20, oggi+20),
		anna, operatore.IndisponibilitaRevocata{Indisponibilita: assente(4, 0, 0).Indisponibilita}, bruno, assente(5, oggi, oggi),
	) {
		r.Position += uint64(len(log))
		r.Version += 3
		log = append(log, r)
	}
	got, err := operatori.CaseManager(t.Context(), modeltest.Pool(t, operatori.Projection, log...), "PA-42", "L916", oggi)
	want := map[id.Operatore][]operatore.Periodo{
		anna:  {{ID: assente(2, 0, 0).Indisponibilita, Dal: oggi - 3, Al: oggi}, {ID: assente(1, 0, 0).Indisponibilita, Dal: oggi + 5, Al: oggi + 9}},
		bruno: {{ID: assente(5, 0, 0).Indisponibilita, Dal: oggi, Al: oggi}},
	}
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	for _, i := range got {
		if diff := gocmp.Diff(want[i.Operatore], i.Assenze); diff != "" {
			t.Errorf("%s: %s", i.Nome, diff)
		}
	}
}

func TestNamesOfOperators(t *testing.T) {
	pool := modeltest.Pool(t, operatori.Projection, gente()...)
	got, err := operatori.Nomi(t.Context(), pool, anna, carla, elena, id.Operatore{UUID: domain.Politiche.ID})
	want := map[id.Operatore]operatori.Nominativo{
		anna:  {Cognome: "Verdi", Nome: "Anna", Livello: "C", Fondo: "PON"},
		carla: {Cognome: "D'Àngelo", Nome: "Carla", Livello: "C"},
		elena: {Cognome: "Gallo", Nome: "Elena", Livello: "A"},
	}
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestOperatorsAreFoundByWhatTheyAre(t *testing.T) {
	log := gente()
	pool := modeltest.Pool(t, operatori.Projection, log...)
	for name, tt := range map[string]struct {
		f    operatori.Filtro
		want []id.Operatore // by name
	}{
		"all":                          {operatori.Filtro{}, []id.Operatore{bruno, carla, elena, dario, anna}},
		"by ambito":                    {operatori.Filtro{Ambito: "AG-01"}, []id.Operatore{dario}},
		"by role":                      {operatori.Filtro{Ruolo: domain.CoordinatorePaIS}, []id.Operatore{carla}},
		"active":                       {operatori.Filtro{Stato: operatori.Attivo}, []id.Operatore{bruno, carla, anna}},
		"revoked":                      {operatori.Filtro{Stato: operatori.Revocato}, []id.Operatore{dario}},
		"revoked from a role":          {operatori.Filtro{Stato: operatori.Revocato, Ruolo: domain.CaseManager}, []id.Operatore{carla, dario}},
		"active in a comune":           {operatori.Filtro{Ambito: "PA-42", Comune: "G273", Stato: operatori.Attivo}, []id.Operatore{carla, anna}},
		"by a comune":                  {operatori.Filtro{Comune: "L916"}, []id.Operatore{bruno, anna}},
		"by fund":                      {operatori.Filtro{Fondo: "PON"}, []id.Operatore{anna}},
		"by fund and comune":           {operatori.Filtro{Fondo: "ALTRO", Comune: "L916"}, []id.Operatore{bruno}},
		"by fund of another role":      {operatori.Filtro{Fondo: "PON", Ruolo: domain.CoordinatorePaIS}, nil},
		"not yet":                      {operatori.Filtro{Stato: operatori.InAttesa}, []id.Operatore{elena}},
		"by a word":                    {operatori.Filtro{Testo: "ang"}, []id.Operatore{carla}},
		"by words":                     {operatori.Filtro{Testo: "dar ross"}, []id.Operatore{dario}},
		"not inside a word":            {operatori.Filtro{Testo: "ossi"}, nil},
		"by codice fiscale":            {operatori.Filtro{Testo: "vrdnna80a41g273x"}, []id.Operatore{anna}},
		"by nothing outside an ambito": {operatori.Filtro{Ambito: "AG-01", Testo: "verdi"}, nil},
		"injection":                    {operatori.Filtro{Ambito: "' OR '1'='1", Testo: "x'; DROP TABLE operatori; --"}, nil},
	} {
		tt.f.Oggi = oggi
		p, err := operatori.Elenco(t.Context(), pool, tt.f, elenco.Richiesta{Limite: 10})
		var got []id.Operatore
		for _, v := range p.Voci {
			got = append(got, v.ID)
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" || err != nil || p.Totale != len(tt.want) || p.Posizione != uint64(len(log)-1) {
			t.Errorf("%s: %s %d at %d, %v", name, diff, p.Totale, p.Posizione, err)
		}
	}
	for want, f := range map[error]operatori.Filtro{
		elenco.ErrTesto: {Testo: "a\x00"}, operatori.ErrStato: {Stato: "VIA"},
	} {
		if _, err := operatori.Elenco(t.Context(), pool, f, elenco.Richiesta{Limite: 10}); !errors.Is(err, want) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestOperatorsComeInTheOrderThatIsAsked(t *testing.T) {
	pool := modeltest.Pool(t, operatori.Projection, gente()...)
	for name, tt := range map[string]struct {
		f     operatori.Filtro
		r     elenco.Richiesta
		want  []id.Operatore
		stati []operatori.Stato
	}{
		"by name, backwards": {r: elenco.Richiesta{Ordina: "nominativo", Verso: "desc"}, want: []id.Operatore{anna, dario, elena, carla, bruno}},
		"by role":            {r: elenco.Richiesta{Ordina: "ruolo"}, want: []id.Operatore{anna, bruno, dario, elena, carla}},
		"by territory":       {r: elenco.Richiesta{Ordina: "territorio"}, want: []id.Operatore{dario, anna, carla, elena, bruno}},
		"by day":             {r: elenco.Richiesta{Ordina: "dal", Verso: "desc"}, want: []id.Operatore{elena, dario, carla, bruno, anna}},
		"by state": {
			r: elenco.Richiesta{Ordina: "stato"}, want: []id.Operatore{anna, bruno, carla, elena, dario},
			stati: []operatori.Stato{operatori.Attivo, operatori.Attivo, operatori.Attivo, operatori.InAttesa, operatori.Revocato},
		},
		"by the state in one role": {
			f: operatori.Filtro{Ruolo: domain.CaseManager}, r: elenco.Richiesta{Ordina: "stato", Verso: "desc"}, want: []id.Operatore{dario, carla, elena, bruno, anna},
			stati: []operatori.Stato{operatori.Revocato, operatori.Revocato, operatori.InAttesa, operatori.Attivo, operatori.Attivo},
		},
	} {
		tt.f.Oggi, tt.r.Limite = oggi, 10
		p, err := operatori.Elenco(t.Context(), pool, tt.f, tt.r)
		var got []id.Operatore
		for i, v := range p.Voci {
			got = append(got, v.ID)
			if tt.stati != nil && v.Stato != tt.stati[i] {
				t.Errorf("%s: %s is %s", name, v.Nome, v.Stato)
			}
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %s %v", name, diff, err)
		}
	}
}

func TestAnOperatorHasAllTheirRoles(t *testing.T) {
	pool := modeltest.Pool(t, operatori.Projection, gente()...)
	got, found, err := operatori.Di(t.Context(), pool, anna)
	want := operatori.Operatore{
		ID: anna, Riga: operatori.Riga{CodiceFiscale: "VRDNNA80A41G273X", Cognome: "Verdi", Nome: "Anna", CercaNome: "VERDI ANNA"},
		Accreditamenti: []operatori.Ruolo{
			{ID: acc(1), Accreditamento: operatori.Accreditamento{Operatore: anna, Ruolo: domain.CaseManager, Ambito: "PA-42", Livello: "C", Fondo: "PON", Dal: oggi - 10, Ordine: 2}, Comuni: []string{"G273", "L916"}},
			{ID: acc(2), Accreditamento: operatori.Accreditamento{Operatore: anna, Ruolo: domain.CaseManager, Ambito: "PA-42", Livello: "A", Dal: oggi - 10, Ordine: 3}, Comuni: []string{}},
		},
	}
	if diff := gocmp.Diff(want, got); diff != "" || !found || err != nil {
		t.Error(diff, found, err)
	}
	if _, found, err := operatori.Di(t.Context(), pool, id.New[id.Operatore]()); found || err != nil {
		t.Error(found, err)
	}
}

func TestPagesOfOperatorsFollowOneAnother(t *testing.T) {
	var pairs []any
	var want []operatori.Riga
	for i := range 37 {
		e := operatore.Registrato{CodiceFiscale: "X", Cognome: string(rune('A' + i%7)), Nome: string(rune('A' + i%3))}
		pairs = append(pairs, id.New[id.Operatore](), e)
		want = append(want, operatori.Riga{CodiceFiscale: "X", Cognome: e.Cognome, Nome: e.Nome, CercaNome: e.Cognome + " " + e.Nome})
	}
	slices.SortFunc(want, func(a, b operatori.Riga) int { return strings.Compare(a.CercaNome, b.CercaNome) })
	pool := modeltest.Pool(t, operatori.Projection, giornale(pairs...)...)
	var got []operatori.Voce
	r := elenco.Richiesta{Limite: 10}
	for {
		p, err := operatori.Elenco(t.Context(), pool, operatori.Filtro{Oggi: oggi}, r)
		if err != nil || p.Totale != 37 {
			t.Fatal(p.Totale, err)
		}
		got = append(got, p.Voci...)
		if r.Cursore = p.Cursore; r.Cursore == "" {
			break
		}
	}
	rows := make([]operatori.Riga, len(got))
	for i := range got {
		rows[i] = got[i].Riga
	}
	if diff := gocmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	slices.SortFunc(got, func(a, b operatori.Voce) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	if n := len(slices.CompactFunc(got, func(a, b operatori.Voce) bool { return a.ID == b.ID })); n != 37 {
		t.Errorf("%d different operators", n)
	}
}
