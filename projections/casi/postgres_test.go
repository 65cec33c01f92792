package casi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/projections"
	"nucleo/projections/modeltest"
	"nucleo/projections/nuclei"
)

var oggi = giorno.Data(2026, 5, 4)

var (
	cognomi = []string{"Rossi", "D'Angelo", "Müller", "Russo", "De Rossi", "Bianchi", "Niccolò"}
	nomi    = []string{"Maria", "Anna Maria", "Rosa", "Mario", "Angelo", "Łukasz"}
	vie     = []string{"Via Roma", "Piazza dell'Unità", "Via 25 Aprile", "Vicolo Rosa"}
	luoghi  = []domain.Territorio{{Ambito: "PA-42", Comuni: []string{"G273", "F377", "A195"}}, {Ambito: "AG-01", Comuni: []string{"A089", "B602"}}}
	persone = []id.Operatore{anna, bruno, {UUID: uuid.MustParse("dddddddd-0000-4000-8000-000000000004")}}
)

// popolo is n cases at work: a log of what happened to them.
func popolo(n int) []domain.Recorded {
	pick := rand.New(rand.NewPCG(1, 2))
	var logs [][]domain.Recorded
	for i, o := range persone {
		logs = append(logs, giornale(o.UUID, operatore.Registrato{CodiceFiscale: "X", Cognome: cognomi[i], Nome: nomi[i]}))
	}
	for i := range n {
		luogo := luoghi[pick.IntN(len(luoghi))]
		adi := pick.IntN(2) == 0
		d := caso.DomandaRicevuta{
			IDDomanda: fmt.Sprintf("INPS-RDC-2026-%d", i*7919%100_000), Misura: caso.RDC, Ambito: luogo.Ambito, Comune: luogo.Comuni[pick.IntN(len(luogo.Comuni))],
			DataPresentazione: oggi - giorno.Giorno(pick.IntN(120)),
			Indirizzo:         caso.Indirizzo{Via: vie[pick.IntN(len(vie))], Civico: fmt.Sprint(pick.IntN(30)), CAP: fmt.Sprint(90_100 + pick.IntN(4))},
		}
		if adi {
			d.IDDomanda, d.Misura, d.DataSottoscrizionePAD = fmt.Sprintf("INPS-ADI-2026-%d", i), caso.ADI, oggi-giorno.Giorno(pick.IntN(50))
		} else if pick.IntN(10) == 0 {
			d.Misura = caso.PDC // in no list
		}
		for k := range 1 + pick.IntN(3) {
			p := caso.Componente{
				ID: id.Componente{UUID: uuid.New()}, CodiceFiscale: fmt.Sprintf("CF%d", pick.IntN(n)), Cognome: cognomi[pick.IntN(len(cognomi))], Nome: nomi[pick.IntN(len(nomi))],
				DataNascita: giorno.Data(1970+pick.IntN(55), 1, 1), Disabilita: pick.IntN(5) == 0, Relazione: "FIGLIO",
			}
			if k == 0 {
				p.Relazione = caso.Richiedente
			}
			d.Componenti = append(d.Componenti, p)
		}
		events := []domain.Event{d}
		cm := persone[pick.IntN(len(persone))]
		if d.InCoda() && pick.IntN(2) == 0 {
			events = append(events, caso.Assegnato{CaseManager: cm})
			switch pick.IntN(4) {
			case 0:
				events = append(events, caso.Annullata{CaseManager: cm})
			case 1:
				events = append(events, caso.Riassegnato{Da: cm, A: persone[pick.IntN(len(persone))], Motivo: "ferie"})
			}
		}
		if pick.IntN(4) == 0 {
			events = append(events, caso.IncontroRegistrato{Tipo: caso.PresentazioneSpontanea, Data: oggi})
		}
		switch pick.IntN(12) {
		case 0:
			events = append(events, caso.CasoChiuso{Motivo: caso.ChiusoPerRinuncia})
		case 1:
			events = append(events, caso.BeneficioDecaduto{}, caso.CasoRiaperto{StatoRipristinato: caso.DaAvviare})
		}
		if pick.IntN(20) == 0 {
			altro := luoghi[pick.IntN(len(luoghi))]
			events = append(events, caso.Trasferito{AmbitoA: altro.Ambito, ComuneA: altro.Comuni[0], Indirizzo: d.Indirizzo})
		}
		log := giornale(id.CasoDi(d.IDDomanda).UUID, events...)
		for k := range log {
			log[k].Meta.Istante = mattino.Add(time.Duration(pick.IntN(1000)) * time.Second)
			log[k].Meta.Attore = persone[pick.IntN(len(persone))].UUID
		}
		logs = append(logs, log)
	}
	return insieme(logs...)
}

// modello is the lists in Postgres and in memory.
type modello struct {
	pool   *pgxpool.Pool
	tutte  []Voce
	codici map[id.Caso][]codicefiscale.Cieco
	fine   uint64
}

// conNuclei are the models that the lists are read from.
var conNuclei = []projections.Model{Projection, nuclei.Projection}

func prepara(t *testing.T, n int) modello {
	log := popolo(n)
	m := modello{pool: modeltest.Pools(t, conNuclei, log...), codici: map[id.Caso][]codicefiscale.Cieco{}, fine: log[len(log)-1].Position}
	tabelle := Projection.Fold(log...)
	for c, r := range tabelle.Casi.All() {
		m.tutte = append(m.tutte, Voce{Caso: c, Riga: r})
	}
	persone := nuclei.Tabelle{Pepe: modeltest.Pepe}
	for _, r := range log {
		nuclei.Projection.Apply(&persone, r)
	}
	for m2, p := range persone.Membri.All() {
		if !p.Uscito {
			m.codici[m2.Caso] = append(m.codici[m2.Caso], p.Cieco)
		}
	}
	return m
}

// prende reports whether a row is of this search: what the SQL asks for, said
// in Go. The persons of the nucleo are not in the row, and are handed in.
func (f Filtro) prende(v Voce, codici []codicefiscale.Cieco) bool {
	switch {
	case v.Lista != f.Lista, !f.Territorio.Copre(v.Ambito, v.Comune),
		f.IDDomanda != "" && v.IDDomanda != f.IDDomanda,
		!f.Persona.IsZero() && !slices.Contains(codici, f.Persona),
		!inizia(v.CercaNome, f.Nominativo), !inizia(v.CercaIndirizzo, f.Indirizzo),
		f.CAP != "" && v.CAP != f.CAP,
		f.Riassegnato != nil && v.Riassegnato != *f.Riassegnato,
		f.Comune != "" && v.Comune != f.Comune,
		f.Misura != "" && v.Misura != f.Misura,
		len(f.Priorita) > 0 && !slices.Contains(f.Priorita, f.Soglie.Priorita(v.Misura, v.DataPresentazione, f.Oggi)),
		!f.CaseManager.IsZero() && v.CaseManager != f.CaseManager:
		return false
	}
	return true
}

// inizia reports whether each word of a search begins some word of a text.
// Both are as testo returns them.
func inizia(text, search string) bool {
	for _, w := range parole(search) {
		if !strings.Contains(" "+text, " "+w) {
			return false
		}
	}
	return true
}

// cerca is Cerca done in Go.
func (m modello) cerca(t interface{ Fatal(...any) }, f Filtro) (want []Voce) {
	f, err := f.completa()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range m.tutte {
		if f.prende(v, m.codici[v.Caso]) {
			v.Priorita = f.Soglie.Priorita(v.Misura, v.DataPresentazione, f.Oggi)
			want = append(want, v)
		}
	}
	o := ordini[f.Ordina]
	slices.SortFunc(want, func(a, b Voce) int {
		n := 0
		if o.banda {
			n = a.Priorita.banda() - b.Priorita.banda()
		}
		for i, k := range o.chiave(&a) {
			n = cmp.Or(n, confronta(k, o.chiave(&b)[i]))
		}
		if f.Verso == Discendente {
			return -n
		}
		return n
	})
	return want
}

func confronta(a, b any) int {
	switch a := a.(type) {
	case int64:
		return cmp.Compare(a, b.(int64))
	case bool:
		if a == b.(bool) {
			return 0
		} else if a {
			return 1
		}
		return -1
	}
	if x, err := time.Parse(istante, a.(string)); err == nil {
		y, _ := time.Parse(istante, b.(string))
		return x.Compare(y)
	}
	return cmp.Compare(a.(string), b.(string))
}

// sfoglia reads a search page by page to its end.
func (m modello) sfoglia(t interface {
	Fatalf(string, ...any)
}, f Filtro, totale int) (all []Voce) {
	for {
		p, err := Cerca(context.Background(), m.pool, f)
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		if p.Totale != totale || p.Almeno || p.Posizione != m.fine {
			t.Fatalf("%+v: total %d (%t) at %d, want %d at %d", f, p.Totale, p.Almeno, p.Posizione, totale, m.fine)
		}
		all = append(all, p.Voci...)
		if p.Cursore == "" {
			return all
		}
		if len(p.Voci) != f.Limite {
			t.Fatalf("a page of %d rows is not the last", len(p.Voci))
		}
		f.Cursore = p.Cursore
	}
}

func TestEveryOrderPagesThroughEachRowOnce(t *testing.T) {
	t.Parallel()
	m := prepara(t, 300)
	for _, lista := range []Lista{DaAssegnare, Assegnati} {
		for colonna, o := range ordini {
			for _, territorio := range []domain.Territorio{{}, {Ambito: "PA-42"}, {Ambito: "PA-42", Comuni: []string{"F377", "A195"}}} {
				for _, verso := range []Verso{Ascendente, Discendente} {
					if o.lista != 0 && lista != o.lista {
						continue
					}
					f := Filtro{Lista: lista, Territorio: territorio, Ordina: colonna, Verso: verso, Limite: 10, Oggi: oggi}
					want := m.cerca(t, f)
					if len(want) < 11 {
						t.Fatalf("only %d rows", len(want))
					}
					if diff := gocmp.Diff(want, m.sfoglia(t, f, len(want))); diff != "" {
						t.Fatalf("list %d by %s %s in %v: %s", lista, colonna, verso, territorio, diff)
					}
				}
			}
		}
	}
}

func TestTheQueueBeginsWithWhatIsUrgent(t *testing.T) {
	t.Parallel()
	m := prepara(t, 60)
	p, err := Cerca(t.Context(), m.pool, Filtro{Lista: DaAssegnare, Limite: 100, Oggi: oggi})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(m.cerca(t, Filtro{Lista: DaAssegnare, Limite: 100, Oggi: oggi, Ordina: PerPriorita, Verso: Ascendente}), p.Voci); diff != "" {
		t.Error(diff)
	}
	if p.Voci[0].Priorita != Alta || p.Voci[len(p.Voci)-1].Priorita != Bassa {
		t.Error(p.Voci[0].Priorita, p.Voci[len(p.Voci)-1].Priorita)
	}
	p, err = Cerca(t.Context(), m.pool, Filtro{Lista: Assegnati, Limite: 100, Oggi: oggi})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(m.cerca(t, Filtro{Lista: Assegnati, Limite: 100, Oggi: oggi, Ordina: PerDataAssegnazione, Verso: Discendente}), p.Voci); diff != "" {
		t.Error(diff)
	}
}

// criteri draws a search of which each criterion is often left out.
func (m modello) criteri() *rapid.Generator[Filtro] {
	return rapid.Custom(func(t *rapid.T) Filtro {
		una := rapid.SampledFrom(m.tutte).Draw(t, "row")
		f := Filtro{Oggi: oggi, Limite: rapid.SampledFrom(Limiti).Draw(t, "limit"), Lista: rapid.SampledFrom([]Lista{DaAssegnare, Assegnati}).Draw(t, "list")}
		some := func(name string, set func()) {
			if rapid.IntRange(0, 3).Draw(t, name) == 0 {
				set()
			}
		}
		prefix := func(name string, words ...string) string {
			w := rapid.SampledFrom(parole(testo(words...))).Draw(t, name)
			r := []rune(w)
			return string(r[:rapid.IntRange(1, len(r)).Draw(t, name+" letters")])
		}
		if rapid.Bool().Draw(t, "territory") {
			f.Territorio = domain.Territorio{Ambito: rapid.SampledFrom([]string{"PA-42", "AG-01", "XX-00"}).Draw(t, "ambito")}
			some("comuni", func() {
				f.Territorio.Comuni = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"G273", "F377", "A089", "Z999"}), 1, 3, rapid.ID).Draw(t, "comuni")
			})
		}
		some("id", func() { f.IDDomanda = una.IDDomanda })
		some("cf", func() { f.Persona = rapid.SampledFrom(m.codici[una.Caso]).Draw(t, "whose") })
		some("name", func() { f.Nominativo = prefix("word", una.Cognome, una.Nome) })
		some("two names", func() { f.Nominativo += " " + prefix("surname", una.Cognome) + " " + prefix("given name", una.Nome) })
		some("cap", func() { f.CAP = una.CAP })
		some("address", func() { f.Indirizzo = prefix("street", una.Via, una.Civico) })
		some("reassigned", func() { b := rapid.Bool().Draw(t, "is"); f.Riassegnato = &b })
		some("comune", func() { f.Comune = una.Comune })
		some("measure", func() { f.Misura = rapid.SampledFrom([]caso.Misura{caso.RDC, caso.PDC, caso.ADI}).Draw(t, "which") })
		some("priority", func() {
			f.Priorita = rapid.SliceOfN(rapid.SampledFrom([]Priorita{Alta, Media, Bassa}), 1, 3).Draw(t, "how")
		})
		some("case manager", func() { f.CaseManager = rapid.SampledFrom(persone).Draw(t, "who") })
		some("thresholds", func() { f.Soglie = Soglie{RDC: Soglia{20, 10}, ADI: Soglia{5, 2}} })
		if rapid.Bool().Draw(t, "sorted") {
			f.Ordina = rapid.SampledFrom(colonneDi(f.Lista)).Draw(t, "by")
			f.Verso = rapid.SampledFrom([]Verso{Ascendente, Discendente, ""}).Draw(t, "direction")
		}
		return f
	})
}

// sulCammino is the first page of a search that does not look which of its
// criteria is rare, as when none is.
func (m modello) sulCammino(t interface{ Fatal(...any) }, f Filtro) []Voce {
	f, err := f.completa()
	if err != nil {
		t.Fatal(err)
	}
	r := ricerca{Filtro: f, ordine: ordini[f.Ordina]}
	sql := r.sql()
	rows, err := m.pool.Query(context.Background(), sql, r.args...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.leggi(rows)
	if err != nil {
		t.Fatal(err)
	}
	return p.Voci
}

func colonneDi(l Lista) (all []Colonna) {
	for c, o := range ordini {
		if o.lista == 0 || l == o.lista {
			all = append(all, c)
		}
	}
	slices.Sort(all)
	return all
}

func TestWhatPostgresFindsIsWhatGoFinds(t *testing.T) {
	t.Parallel()
	m := prepara(t, 250)
	rapid.Check(t, func(t *rapid.T) {
		f := m.criteri().Draw(t, "search")
		want := m.cerca(t, f)
		got := m.sfoglia(t, f, len(want))
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v: %s", f, diff)
		}
		if diff := gocmp.Diff(want[:min(len(want), f.Limite)], m.sulCammino(t, f)); diff != "" {
			t.Fatalf("%+v on a walk: %s", f, diff)
		}
		for _, v := range got {
			if !f.Territorio.Copre(v.Ambito, v.Comune) {
				t.Fatalf("%+v found %+v", f, v)
			}
		}
	})
}

func TestWordsThatManyHaveAreFoundOnAWalk(t *testing.T) {
	t.Parallel()
	log := popolo(raro + 900)
	m := modello{pool: modeltest.Pools(t, conNuclei, log...), fine: log[len(log)-1].Position}
	for c, r := range Projection.Fold(log...).Casi.All() {
		m.tutte = append(m.tutte, Voce{Caso: c, Riga: r})
	}
	for _, f := range []Filtro{
		{Indirizzo: "v"}, {Indirizzo: "v", Territorio: domain.Territorio{Ambito: "PA-42"}}, {Indirizzo: "7"}, {Nominativo: "r", Indirizzo: "v"},
		{Nominativo: "r m", Ordina: PerNominativo}, {Indirizzo: "v", Priorita: []Priorita{Media}}, {Nominativo: "r", Misura: caso.ADI, Ordina: PerMisura},
	} {
		f.Lista, f.Limite, f.Oggi = DaAssegnare, 100, oggi
		want := m.cerca(t, f)
		if diff := gocmp.Diff(want, m.sfoglia(t, f, len(want))); diff != "" {
			t.Errorf("%+v: %s", f, diff)
		}
	}
}

func TestHostileTextFindsNothingAndHarmsNothing(t *testing.T) {
	t.Parallel()
	m := prepara(t, 40)
	before := m.sfoglia(t, Filtro{Lista: DaAssegnare, Limite: 100, Oggi: oggi}, len(m.cerca(t, Filtro{Lista: DaAssegnare, Limite: 100, Oggi: oggi})))
	for _, s := range []string{
		"' OR '1'='1", "'; DROP TABLE casi; --", "\"; DELETE FROM casi; --", "\\'; SELECT pg_sleep(10); --", "$1", "${x}", "%", "_", "a%' --", "*/ OR 1=1 /*",
		"' UNION SELECT * FROM pg_shadow --", "\x00", "a\x00b", "\xff\xfe", "$$; DROP SCHEMA casi_v3 CASCADE; $$", "E'\\x27", "{}", "{1,2}", "NULL", "ROW(1)", "😀", "\u202e",
	} {
		for name, f := range map[string]Filtro{
			"id": {IDDomanda: s}, "name": {Nominativo: s + " zzz"}, "cap": {CAP: s}, "address": {Indirizzo: s + " zzz"}, "comune": {Comune: s},
			"measure": {Misura: caso.Misura(s)}, "ambito": {Territorio: domain.Territorio{Ambito: s}}, "comuni": {Territorio: domain.Territorio{Ambito: "PA-42", Comuni: []string{s}}},
			"order": {Ordina: Colonna(s)}, "direction": {Ordina: PerComune, Verso: Verso(s)}, "priority": {Priorita: []Priorita{Priorita(s)}}, "cursor": {Cursore: s},
		} {
			f.Lista, f.Limite, f.Oggi = DaAssegnare, 10, oggi
			p, err := Cerca(t.Context(), m.pool, f)
			if refused := new(domain.Error); err != nil && !errors.As(err, &refused) || len(p.Voci) > 0 {
				t.Errorf("%s %q: %d rows, %v", name, s, len(p.Voci), err)
			}
		}
	}
	if diff := gocmp.Diff(before, m.sfoglia(t, Filtro{Lista: DaAssegnare, Limite: 100, Oggi: oggi}, len(before))); diff != "" {
		t.Error(diff)
	}
}

func TestACursorServesItsOwnSearchAlone(t *testing.T) {
	t.Parallel()
	m := prepara(t, 120)
	pa := domain.Territorio{Ambito: "PA-42"}
	for _, colonna := range []Colonna{PerPriorita, PerNominativo, PerComponenti, PerMinori} {
		f := Filtro{Lista: DaAssegnare, Territorio: pa, Ordina: colonna, Limite: 10, Oggi: oggi}
		p, err := Cerca(t.Context(), m.pool, f)
		if err != nil || p.Cursore == "" {
			t.Fatal(err, p)
		}
		for name, change := range map[string]func(*Filtro){
			"territory":  func(f *Filtro) { f.Territorio = domain.Territorio{Ambito: "AG-01"} },
			"everywhere": func(f *Filtro) { f.Territorio = domain.Territorio{} },
			"list":       func(f *Filtro) { f.Lista = Assegnati },
			"order":      func(f *Filtro) { f.Ordina = PerCAP },
			"direction":  func(f *Filtro) { f.Verso = Discendente },
			"criterion":  func(f *Filtro) { f.Misura = caso.RDC },
			"thresholds": func(f *Filtro) { f.Soglie.ADI = Soglia{9, 3} },
		} {
			other := f
			other.Cursore = p.Cursore
			change(&other)
			if _, err := Cerca(t.Context(), m.pool, other); !errors.Is(err, ErrAltraRicerca) {
				t.Errorf("another %s: %v", name, err)
			}
		}
		for i := range p.Cursore {
			for _, c := range []byte{'A', 'z', '-', '='} {
				other := f
				if other.Cursore = p.Cursore[:i] + string(c) + p.Cursore[i+1:]; other.Cursore == p.Cursore {
					continue
				}
				if _, err := Cerca(t.Context(), m.pool, other); !errors.Is(err, ErrCursore) {
					t.Fatalf("sign %d changed to %c: %v", i, c, err)
				}
			}
		}
		f.Oggi, f.Limite, f.Cursore = oggi+200, 25, p.Cursore // another day, another size: the same search
		if _, err := Cerca(t.Context(), m.pool, f); err != nil {
			t.Error(err)
		}
	}
}

func TestACursorMadeByHandFindsNothingOutsideTheTerritory(t *testing.T) {
	t.Parallel()
	m := prepara(t, 60)
	f, _ := Filtro{Lista: DaAssegnare, Territorio: domain.Territorio{Ambito: "PA-42"}, Ordina: PerNominativo, Limite: 10, Oggi: oggi}.completa()
	i := slices.IndexFunc(m.tutte, func(v Voce) bool { return v.Ambito == "AG-01" })
	for name, c := range map[string]cursore{
		"a case elsewhere": {Caso: m.tutte[i].Caso}, "no such case": {Caso: id.Caso{UUID: uuid.New()}}, "a day out of range": {Caso: m.tutte[i].Caso, Oggi: massimo + 1},
	} {
		c.Ricerca = f.impronta()
		f.Cursore = c.String()
		if _, err := Cerca(t.Context(), m.pool, f); !errors.Is(err, ErrCursore) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.Ordina, f.Cursore = PerComponenti, ""
	for _, k := range [][]any{nil, {1}, {"x", 1, "y"}, {1, "x", "y"}, {1.5, 1, "y"}, {1, massimo + 1, "y"}, {1, 1, 1}, {true, 1, "y"}, {1, 1, "a\x00"}, {1e300, 1, "y"}} {
		f.Cursore = cursore{Ricerca: f.impronta(), Oggi: oggi, Chiave: k}.String()
		if _, err := Cerca(t.Context(), m.pool, f); !errors.Is(err, ErrCursore) {
			t.Errorf("%v: %v", k, err)
		}
	}
}

func TestTheBandsOfLaterPagesAreThoseOfTheFirst(t *testing.T) {
	t.Parallel()
	m := prepara(t, 120)
	f := Filtro{Lista: DaAssegnare, Limite: 10, Oggi: oggi}
	want := m.cerca(t, f)
	p, err := Cerca(t.Context(), m.pool, f)
	if err != nil {
		t.Fatal(err)
	}
	f.Cursore, f.Oggi = p.Cursore, oggi+31 // midnight passed
	if diff := gocmp.Diff(want[10:], m.sfoglia(t, f, len(want))); diff != "" {
		t.Error(diff)
	}
}

func TestRequestsThatCannotBeAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		f    Filtro
		want error
	}{
		"no list":                     {Filtro{Limite: 10}, ErrLista},
		"no limit":                    {Filtro{Lista: DaAssegnare}, ErrLimite},
		"an odd limit":                {Filtro{Lista: DaAssegnare, Limite: 11}, ErrLimite},
		"no such column":              {Filtro{Lista: DaAssegnare, Limite: 10, Ordina: "isee"}, ErrOrdine},
		"a column of the other list":  {Filtro{Lista: DaAssegnare, Limite: 10, Ordina: PerCaseManager}, ErrOrdine},
		"no such direction":           {Filtro{Lista: DaAssegnare, Limite: 10, Verso: "su"}, ErrOrdine},
		"no such priority":            {Filtro{Lista: DaAssegnare, Limite: 10, Priorita: []Priorita{"URGENTE"}}, ErrPriorita},
		"a name of signs":             {Filtro{Lista: DaAssegnare, Limite: 10, Nominativo: "%"}, ErrTesto},
		"text that is none":           {Filtro{Lista: DaAssegnare, Limite: 10, CAP: "\xff"}, ErrTesto},
		"a zero byte":                 {Filtro{Lista: DaAssegnare, Limite: 10, Comune: "a\x00"}, ErrTesto},
		"a cursor that is not base64": {Filtro{Lista: DaAssegnare, Limite: 10, Cursore: "!"}, ErrCursore},
		"a cursor that is nothing":    {Filtro{Lista: DaAssegnare, Limite: 10, Cursore: "AAAA"}, ErrCursore},
	} {
		if _, err := Cerca(t.Context(), nil, tt.f); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestSingleCasesAreFound(t *testing.T) {
	t.Parallel()
	m := prepara(t, 60)
	ctx := t.Context()
	aperti := map[id.Operatore][]id.Caso{}
	slices.SortFunc(m.tutte, func(a, b Voce) int {
		return cmp.Or(a.DataAssegnazione.Compare(b.DataAssegnazione), cmp.Compare(a.IDDomanda, b.IDDomanda))
	})
	for _, want := range m.tutte {
		got, found, err := Di(ctx, m.pool, want.Caso)
		if diff := gocmp.Diff(want, got); diff != "" || !found || err != nil {
			t.Fatal(diff, found, err)
		}
		got, found, err = PerDomanda(ctx, m.pool, " "+want.IDDomanda)
		if diff := gocmp.Diff(want, got); diff != "" || !found || err != nil {
			t.Fatal(diff, found, err)
		}
		if want.Lista == Assegnati {
			aperti[want.CaseManager] = append(aperti[want.CaseManager], want.Caso)
		}
	}
	if _, found, err := PerDomanda(ctx, m.pool, "INPS-RDC-2026-999999"); found || err != nil {
		t.Error(found, err)
	}
	if _, found, err := PerDomanda(ctx, m.pool, "' OR true"); found || err != nil {
		t.Error(found, err)
	}
	for _, o := range append(persone, id.Operatore{}) {
		got, err := Aperti(ctx, m.pool, o)
		if diff := gocmp.Diff(aperti[o], got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Error(o, diff, err)
		}
	}
}

// The privacy desk finds the cases of a citizen, those in no list too.
func TestThoseOfAPersonAreFoundWhateverBecameOfThem(t *testing.T) {
	t.Parallel()
	m := prepara(t, 60)
	type dove struct {
		ambito string
		chi    codicefiscale.Cieco
	}
	want, senzaLista := map[dove][]id.Caso{}, 0
	for _, v := range m.tutte {
		for _, cf := range m.codici[v.Caso] {
			di := dove{v.Ambito, cf}
			if !slices.Contains(want[di], v.Caso) {
				want[di] = append(want[di], v.Caso)
			}
		}
		if v.Lista == 0 {
			senzaLista++
		}
	}
	if senzaLista == 0 {
		t.Fatal("all cases stand in a list")
	}
	for _, luogo := range luoghi {
		for n := range 61 {
			cf := modeltest.Pepe.Cieco(fmt.Sprintf("CF%d", n))
			got, err := DiPersona(t.Context(), m.pool, luogo.Ambito, cf)
			atteso := want[dove{luogo.Ambito, cf}]
			slices.SortFunc(atteso, func(a, b id.Caso) int { return cmp.Compare(a.String(), b.String()) })
			if diff := gocmp.Diff(atteso, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("%s in %s: %s %v", cf, luogo.Ambito, diff, err)
			}
		}
	}
}
