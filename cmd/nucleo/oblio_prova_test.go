package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/oblio"
	"nucleo/domain/cancellazione"
	"nucleo/domain/id"
)

// ricevuta is the receipt of an erasure; empty when there is none.
func ricevuta(t *testing.T, s *servizio, c id.Cancellazione) string {
	t.Helper()
	st, err := s.comandi().StatoCancellazione(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return st.Prova.Testo
}

// conta is a count of a receipt.
func conta(t *testing.T, ricevuta, cosa string) int {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + cosa + ` (\d+)$`).FindStringSubmatch(ricevuta)
	if m == nil {
		t.Fatalf("no %q in the receipt:\n%s", cosa, ricevuta)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// Whatever holds a copy of a name, a code, its blind index or a contact, in
// whatever form, keeps the receipt back, and is told by its place alone.
func TestACopyThatIsLeftAnywhereKeepsTheReceiptBack(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), nil, "--casi", "8", "--seed", "5")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	_, s, comandi, fine := dentro(t, p.dir)
	defer fine()
	esegue := func(sql string, args ...any) {
		t.Helper()
		if _, err := s.lettura.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	di := cancellazione.Soggetto{Tipo: cancellazione.Nucleo}
	var cognome, nome, codice, email string
	if err := s.lettura.QueryRow(t.Context(), `SELECT caso, k.cognome, k.nome, k.codice_fiscale, s.email FROM casi AS k JOIN casi_seguiti AS s USING (caso) WHERE s.email <> '' ORDER BY caso LIMIT 1`).
		Scan(&di.Caso, &cognome, &nome, &codice, &email); err != nil {
		t.Fatal(err)
	}
	segreto := s.pepe()
	esegue(`CREATE SCHEMA altrove; CREATE TABLE altrove.copie (n int, testo text, dati jsonb, elenco text[], byte bytea, chi uuid)`)
	copie := map[string]func(){
		"testo": func() {
			esegue(`INSERT INTO altrove.copie (n, testo) VALUES (1, $1)`, "gentile "+strings.ToUpper(nome)+" "+cognome)
		},
		"dati": func() {
			esegue(`INSERT INTO altrove.copie (n, dati) VALUES (1, jsonb_build_object('chi', $1::text))`, codice)
		},
		"elenco": func() { esegue(`INSERT INTO altrove.copie (n, elenco) VALUES (1, ARRAY['a', $1])`, email) },
		"byte":   func() { esegue(`INSERT INTO altrove.copie (n, byte) VALUES (1, convert_to($1, 'UTF8'))`, "x"+codice) },
		"chi":    func() { esegue(`INSERT INTO altrove.copie (n, chi) VALUES (1, $1)`, segreto.Cieco(codice).UUID) },
		"dati, testo": func() {
			esegue(`INSERT INTO altrove.copie (n, testo, dati) VALUES (1, $1, jsonb_build_array($2::text))`, cognome, nome)
		},
	}
	c := chiesta(t, s, comandi, di)
	for colonne, copia := range copie {
		copia()
		err := s.oblio.Esegui(t.Context(), c)
		posto := "altrove.copie (" + colonne + ")"
		if colonne == "dati, testo" {
			posto = "altrove.copie (testo, dati)"
		}
		if err == nil || !strings.Contains(err.Error(), posto) {
			t.Errorf("a copy in %s: %v", colonne, err)
		}
		for _, v := range []string{cognome, codice, email, segreto.Cieco(codice).String()} {
			if strings.Contains(strings.ToLower(fmt.Sprint(err)), strings.ToLower(v)) {
				t.Errorf("a copy in %s: the error tells what it found", colonne)
			}
		}
		if r := ricevuta(t, s, c); r != "" {
			t.Errorf("a copy in %s: there is a receipt:\n%s", colonne, r)
		}
		esegue(`DELETE FROM altrove.copie`)
	}
	esegue(`INSERT INTO altrove.copie (n, testo) VALUES (1, $1)`, cognome) // a surname alone is many people's
	if err := s.oblio.Esegui(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	r := ricevuta(t, s, c)
	for _, cosa := range []string{"valori provati", "tabelle", "righe", "testi cercati"} {
		if conta(t, r, cosa) == 0 {
			t.Errorf("nothing was looked at:\n%s", r)
		}
	}
	if conta(t, r, "riscontri") != 0 || conta(t, r, "valori aperti") != 0 || !strings.Contains(r, "ricerca per valori e per caso") {
		t.Error(r)
	}
	for _, v := range []string{cognome, codice, email} {
		if strings.Contains(strings.ToLower(r), strings.ToLower(v)) {
			t.Error("the receipt names somebody")
		}
	}
}

// restata are keys of which the database says that none is left, though all are.
type restata struct{ oblio.Chiavi }

func (restata) Distruggi(context.Context, []uuid.UUID) error           { return nil }
func (restata) Vive(context.Context, []uuid.UUID) ([]uuid.UUID, error) { return nil, nil }

// What is sealed is tried, and not only said to be shut.
func TestAKeyThatStillOpensKeepsTheReceiptBack(t *testing.T) {
	p := demoIn(t, cartellaDemo(t), nil, "--casi", "8", "--seed", "5")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	i, s, comandi, fine := dentro(t, p.dir)
	defer fine()
	for _, di := range soggetti(t, i, 9) {
		if di.Tipo != cancellazione.Documento {
			continue
		}
		c := chiesta(t, s, comandi, di)
		falso := *s.oblio
		falso.Chiavi = restata{s.oblio.Chiavi}
		if err := falso.Esegui(t.Context(), c); err == nil || ricevuta(t, s, c) != "" {
			t.Fatalf("a receipt is given while the text opens: %v", err)
		}
		if err := s.oblio.Esegui(t.Context(), c); err == nil {
			t.Fatal("the keys that were left were not found")
		}
		if err := s.oblio.Esegui(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if r := ricevuta(t, s, c); conta(t, r, "prove con chiavi rimaste") == 0 {
			t.Errorf("no other key was tried:\n%s", r)
		}
		return
	}
	t.Fatal("no document")
}
