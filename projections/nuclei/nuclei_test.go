package nuclei_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/projections/modeltest"
	"nucleo/projections/nuclei"
	"nucleo/projections/projectiontest"
)

var (
	mattino      = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)
	primo, altro = id.CasoDi("INPS-ADI-2026-1"), id.CasoDi("INPS-ADI-2026-2")
	rosa, lia    = id.New[id.Componente](), id.New[id.Componente]()
	pino         = id.New[id.Componente]()
)

const cfRosa, cfLia, cfPino = "RSSRSO80A41G273Z", "BNCLIA15A41G273X", "RSSPNI80A01G273X"

func componente(chi id.Componente, codice, cognome, nome, relazione string, nata giorno.Giorno) caso.Componente {
	return caso.Componente{ID: chi, CodiceFiscale: codice, Cognome: cognome, Nome: nome, Relazione: relazione, DataNascita: nata}
}

// storia is two nuclei: Rosa's, whom Lia leaves and Pino joins, and Lia's own.
func storia() []domain.Recorded {
	r := componente(rosa, cfRosa, "ROSSI", "Rosa", caso.Richiedente, giorno.Data(1980, 1, 1))
	l := componente(lia, cfLia, "BIANCHI", "Lia", "FIGLIO", giorno.Data(2015, 1, 1))
	p := componente(pino, strings.ToLower(cfPino), "ROSSI", "Pino", "FRATELLO", giorno.Data(1979, 1, 1))
	sola := l
	sola.ID, sola.Relazione = id.New[id.Componente](), caso.Richiedente
	r2 := r
	r2.Cognome = "ROSSI BIANCHI"
	return projectiontest.Log(mattino,
		primo, caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-1", Componenti: []caso.Componente{l, r}},
		altro, caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-2", Componenti: []caso.Componente{sola}},
		primo, caso.ComposizioneNucleoAggiornata{Rimossi: []caso.Rimosso{{Componente: lia}}, Modificati: []caso.Componente{r2}, Aggiunti: []caso.Componente{p}},
	)
}

func TestThePeopleOfANucleoAreThoseWhoAreInIt(t *testing.T) {
	pool := modeltest.Pool(t, nuclei.Projection, storia()...)
	dentro, err := nuclei.Di(t.Context(), pool, primo, altro)
	if err != nil {
		t.Fatal(err)
	}
	want := []nuclei.Persona{
		{Chiave: nuclei.Chiave{Caso: primo, Componente: rosa}, Membro: nuclei.Membro{Cieco: modeltest.Pepe.Cieco(cfRosa), Cognome: "ROSSI BIANCHI", Nome: "Rosa", Relazione: caso.Richiedente, Nascita: giorno.Data(1980, 1, 1)}},
		{Chiave: nuclei.Chiave{Caso: primo, Componente: pino}, Membro: nuclei.Membro{Cieco: modeltest.Pepe.Cieco(cfPino), Cognome: "ROSSI", Nome: "Pino", Relazione: "FRATELLO", Nascita: giorno.Data(1979, 1, 1)}},
	}
	if diff := cmp.Diff(want, dentro[primo]); diff != "" || len(dentro[altro]) != 1 {
		t.Errorf("%s, and %d in the other", diff, len(dentro[altro]))
	}
}

// Whoever left is found where segnalazioni are looked for, and nowhere else.
func TestSomebodyIsFoundByTheBlindIndexAlone(t *testing.T) {
	pool := modeltest.Pool(t, nuclei.Projection, storia()...)
	for about, c := range map[string]struct {
		sql, codice string
		want        []id.Caso
	}{
		"who is in it":             {nuclei.Con, cfPino, []id.Caso{primo}},
		"who left one of two":      {nuclei.Con, cfLia, []id.Caso{altro}},
		"who left, for the others": {nuclei.ConAncheUsciti, cfLia, []id.Caso{primo, altro}},
		"nobody":                   {nuclei.ConAncheUsciti, "RSSPNI80A01G273Y", nil},
	} {
		trovati := map[id.Caso]bool{}
		rows, err := pool.Query(t.Context(), strings.Replace(c.sql, "?", "$1", 1), modeltest.Pepe.Cieco(c.codice).UUID)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var k id.Caso
			if err := rows.Scan(&k); err != nil {
				t.Fatal(err)
			}
			trovati[k] = true
		}
		want := map[id.Caso]bool{}
		for _, k := range c.want {
			want[k] = true
		}
		if diff := cmp.Diff(want, trovati); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
	var tutto string
	if err := pool.QueryRow(t.Context(), `SELECT string_agg(m::text, ' ') FROM membri AS m`).Scan(&tutto); err != nil {
		t.Fatal(err)
	}
	for _, codice := range []string{cfRosa, cfLia, cfPino} {
		if strings.Contains(strings.ToUpper(tutto), codice) {
			t.Error("a codice fiscale is in the table")
		}
	}
}

func TestWhoWasErasedHasNoBlindIndex(t *testing.T) {
	log := storia()
	tabelle := nuclei.Projection.Fold(log...)
	e := log[1].Event.(caso.DomandaRicevuta)
	e.Componenti[0].CodiceFiscale, e.Componenti[0].Cognome, e.Componenti[0].Nome = personale.Cancellato, personale.Cancellato, personale.Cancellato
	nuclei.Projection.Rifai(tabelle, log[1:2])
	for c, m := range tabelle.Membri.All() {
		if (c.Caso == altro) != m.Cieco.IsZero() {
			t.Errorf("%v: %v", c.Caso, m.Cieco.IsZero())
		}
	}
}

func TestRowsAreTheFold(t *testing.T) {
	projectiontest.Twice(t, nuclei.Projection, storia()...)
}

// Whoever is in two cases is known in each of them, also from the one that they left.
func TestTheOtherCasesOfThePeopleOfACase(t *testing.T) {
	pool := modeltest.Pool(t, nuclei.Projection, storia()...)
	tutti, err := nuclei.Altrove(t.Context(), pool, primo)
	want := map[nuclei.Chiave][]id.Caso{
		{Caso: primo, Componente: rosa}: nil, {Caso: primo, Componente: pino}: nil, {Caso: primo, Componente: lia}: {altro},
	}
	if diff := cmp.Diff(want, tutti); err != nil || diff != "" {
		t.Error(diff, err)
	}
}
