package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/copia"
	"nucleo/domain"
	"nucleo/domain/sistema"
	"nucleo/eventstore"
	"nucleo/eventstore/sigilli"
)

// R-22, F-80: a backup that is taken while people work holds all that they were
// told before it began, and is a whole installation again elsewhere.
func TestABackupTakenUnderLoadIsAnInstallationAgain(t *testing.T) {
	casi := "400"
	if lungo() {
		casi = "3000" // of 100,000 events
	}
	dir := cartellaDemo(t)
	argomenti := []string{"--casi", casi, "--seed", "7"}
	if !lungo() {
		argomenti = append(argomenti, "--solo-domande")
	}
	p := demoIn(t, dir, nil, argomenti...)
	co := p.chi("COORDINATORE_PAIS").Token
	squadra := p.lavorano(4, co, p.pratiche(co, 40, ""))
	finche(t, time.Minute, "the coordinators work", func() bool { return squadra.confermati() > 20 })

	dove, altrove, chiave := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "chiave")
	a := strings.TrimSpace(detto(t, "backup", "chiave", chiave))
	prima := squadra.confermati()
	out := detto(t, "backup", dove, "--data", dir, "--per", a, "--segreti", altrove)
	if dopo := squadra.confermati(); dopo == prima {
		t.Error("nobody worked while the backup was taken")
	}
	squadra.basta()
	copia, segreti := unica(t, dove), unica(t, altrove)
	if b, err := os.ReadFile(filepath.Join(copia, "eventi")); err != nil || strings.Contains(string(b), "CodiceFiscale") || !strings.HasPrefix(string(b), "age-encryption.org/") {
		t.Error("the log is not encrypted", err)
	}
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}

	nuova := filepath.Join(cartellaDemo(t), "nuova")
	inizio := time.Now()
	rest := detto(t, "restore", copia, "--segreti", segreti, "--identita", chiave, "--data", nuova, "--registro", dir+"-sigilli")
	durata := time.Since(inizio)
	q := demoIn(t, nuova, nil, argomenti...)
	log := leggiStorico(t, nuova, "")
	log.unaVolta(t)
	tenuti := 0
	for _, pratica := range squadra.pratiche {
		letti := racconto(log["caso-"+pratica.ID])
		nuovi := dallInizio(letti, pratica.fatti)
		tenuti += len(nuovi)
		if len(nuovi) != len(letti) && !lungo() { // nothing came before
			t.Errorf("case %s is restored as\n%s\nand was told\n%s", pratica.ID, strings.Join(letti, "\n"), strings.Join(pratica.fatti, "\n"))
		}
	}
	if tenuti < prima {
		t.Errorf("%d assignments were acknowledged before the backup, %d are in it", prima, tenuti)
	}
	for _, m := range modelli {
		nome, _, _ := strings.Cut(m.ID(), "_v")
		if out, err := verbo(t, nuova, "projections", "verify", nome); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	if l := q.lista(q.chi("COORDINATORE_PAIS").Token, `{"lista":"assegnati"}`); l.Totale == 0 {
		t.Error("the restored installation shows no cases")
	}
	metrica(t, "restore", "acked before=", prima, " restored=", tenuti, " lost before the mark=", max(0, prima-tenuti), " in ", durata.Round(time.Millisecond), ": ", strings.TrimSpace(out), " / ", strings.ReplaceAll(strings.TrimSpace(rest), "\n", " "))
}

// dallInizio is the end of a story that is the beginning of what the coordinators
// were told: the year before them had its own assignments.
func dallInizio(letti, detti []string) []string {
	for k := range letti {
		if n := len(letti) - k; n <= len(detti) && slices.Equal(letti[k:], detti[:n]) {
			return letti[k:]
		}
	}
	return nil
}

// detto is what a verb prints; it must not fail.
func detto(t *testing.T, args ...string) string {
	t.Helper()
	out, err := nucleo(t.Context(), nil, args...).Output()
	if err != nil {
		t.Fatalf("nucleo %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

func unica(t *testing.T, dir string) string {
	t.Helper()
	trovate, err := filepath.Glob(filepath.Join(dir, "nucleo-*"))
	if err != nil || len(trovate) != 1 {
		t.Fatal(trovate, err)
	}
	return trovate[0]
}

// installazionePiccola is a data directory with a few commands in its log, and a
// backup of it.
func installazionePiccola(t *testing.T) (dir, copiata string) {
	t.Helper()
	dir = cartellaDemo(t)
	p := demoIn(t, dir, nil, "--casi", "20", "--seed", "3")
	if err := p.ferma(); err != nil {
		t.Fatal(err)
	}
	dove := t.TempDir()
	detto(t, "backup", dove, "--data", dir, "--in-chiaro")
	return dir, unica(t, dove)
}

func tuttoIl(t *testing.T, dir string) (tutto []eventstore.Stored) {
	t.Helper()
	i, err := apri(config{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = i.chiudi() }()
	if err := i.apriArchivio(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	for e, err := range i.eventi().All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		tutto = append(tutto, e)
	}
	return tutto
}

func TestABackupOfASmallInstallation(t *testing.T) {
	dir, copiata := installazionePiccola(t)
	tutto := tuttoIl(t, dir)
	t.Run("is restored up to any position", func(t *testing.T) { finoAOgniPosizione(t, tutto, copiata) })
	t.Run("is not restored when it is damaged", func(t *testing.T) { guasta(t, copiata) })
	t.Run("is not restored when its history was changed", func(t *testing.T) { manomessa(t, copiata) })
	t.Run("is not served with read models that go beyond it", func(t *testing.T) { oltre(t, dir, copiata, tutto) })
}

// A backup can be put back as it was at any position: then it holds every
// command up to there that was whole, and nothing else.
func finoAOgniPosizione(t *testing.T, tutto []eventstore.Stored, copiata string) {
	comando := func(k int) any { r := tutto[k].Recorded(eventi); return [2]any{r.Stream, r.Meta.Comando} }
	var dentro []int // events that are not the last of their command
	for k := range len(tutto) - 1 {
		if comando(k) == comando(k+1) {
			dentro = append(dentro, k)
		}
	}
	volte := 12
	if lungo() {
		volte = 200
	}
	mezzi := 0
	for volta := range volte {
		k := rand.IntN(len(tutto))
		if volta%2 == 0 {
			k = dentro[rand.IntN(len(dentro))]
		}
		fino := tutto[k].Position + uint64(rand.IntN(2)) // on an event, or between two
		nuova := filepath.Join(t.TempDir(), "n")
		if _, err := (&copiaAperta{}).estrai(t.Context(), copiata, nuova, fino); err != nil {
			t.Fatalf("up to %d: %v", fino, err)
		}
		trovati := tuttoIl(t, nuova)
		n := len(trovati)
		if n > k+1 || n == 0 {
			t.Fatalf("up to %d, event %d: %d events", fino, k, n)
		}
		for i, e := range trovati {
			if e.Position != tutto[i].Position || e.ID != tutto[i].ID || string(e.Data) != string(tutto[i].Data) || string(e.Meta) != string(tutto[i].Meta) {
				t.Fatalf("up to %d: event %d is not the one of the log", fino, i)
			}
		}
		for i := n; i <= k; i++ { // what was left out belongs to a command that was not whole
			if comando(i) != comando(k+1) {
				t.Errorf("up to %d: event %d was left out, though its command was whole", fino, i)
			}
			mezzi++
		}
		if n < len(tutto) && comando(n-1) == comando(n) {
			t.Errorf("up to %d: the last command is there by half", fino)
		}
	}
	if _, err := (&copiaAperta{}).estrai(t.Context(), copiata, filepath.Join(t.TempDir(), "n"), tutto[len(tutto)-1].Position+1e6); err == nil || !strings.Contains(err.Error(), "the backup ends at position") {
		t.Error("a position that is not in the backup:", err)
	}
	metrica(t, "restore-up-to", "positions=", volte, " events of commands that were not whole, left out=", mezzi)
}

// Whatever is wrong with a backup is said before anything is put in place.
func guasta(t *testing.T, copiata string) {
	for _, guasto := range []struct {
		cosa  string
		fa    func(dir string) error
		vuole error
	}{
		{"a byte of the log", rovina("eventi"), copia.ErrRovinato},
		{"a byte of the secrets", rovina("segreti"), copia.ErrRovinato},
		{"the log cut short", func(dir string) error { return os.Truncate(filepath.Join(dir, "eventi"), 1000) }, copia.ErrRovinato},
		{"no log", func(dir string) error { return os.Remove(filepath.Join(dir, "eventi")) }, copia.ErrRovinato},
		{"no manifest", func(dir string) error { return os.Remove(filepath.Join(dir, "manifesto.json")) }, copia.ErrAssente},
		{"another format", cambia(`"nucleo-copia 1"`, `"nucleo-copia 9"`), copia.ErrFormato},
		{"half a manifest", func(dir string) error { return os.Truncate(filepath.Join(dir, "manifesto.json"), 40) }, copia.ErrRovinato},
		{"another number of events", cambia(`"eventi": `, `"eventi": 9`), copia.ErrRovinato},
	} {
		dir := filepath.Join(t.TempDir(), "copia")
		if err := errors.Join(os.CopyFS(dir, os.DirFS(copiata)), guasto.fa(dir)); err != nil {
			t.Fatal(err)
		}
		nuova := filepath.Join(t.TempDir(), "nuova")
		_, err := (&copiaAperta{}).estrai(t.Context(), dir, nuova, 0)
		if !errors.Is(err, guasto.vuole) {
			t.Errorf("%s: %v", guasto.cosa, err)
		}
		if resto, _ := filepath.Glob(filepath.Join(filepath.Dir(nuova), "*")); len(resto) > 0 {
			t.Errorf("%s: left %v behind", guasto.cosa, resto)
		}
	}
	piena := t.TempDir()
	if err := os.WriteFile(filepath.Join(piena, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verbo(t, piena, "restore", copiata); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Error("put over something:", err)
	}
}

// A log may be whole in itself, with every digest right, and not be the one that
// was sealed: the seals are looked at as well.
func manomessa(t *testing.T, copiata string) {
	dir := filepath.Join(t.TempDir(), "n")
	m, err := (&copiaAperta{}).estrai(t.Context(), copiata, dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	i, err := apri(config{Data: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := i.apriArchivio(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	meta := domain.Meta{Comando: uuid.New(), Correlazione: uuid.New(), Attore: domain.Notaio.ID, Ruolo: domain.Notaio.Ruolo, Istante: m.Quando}
	_, err = i.archivio.Append(t.Context(), sistema.FlussoSigilli, domain.Head{}, meta, sistema.SigilloApposto{Dimensione: 3, Nota: "nobody's"})
	if err := errors.Join(err, i.chiudi()); err != nil {
		t.Fatal(err)
	}
	var alterata *sigilli.Alterazione
	if err := verificata(t.Context(), i, dir, &m); !errors.As(err, &alterata) {
		t.Error("the seals were not looked at:", err)
	}
}

func rovina(nome string) func(string) error {
	return func(dir string) error {
		path := filepath.Join(dir, nome)
		b, err := os.ReadFile(path)
		if err == nil {
			b[rand.IntN(len(b))] ^= 1 << rand.IntN(8)
			err = os.WriteFile(path, b, 0o600)
		}
		return err
	}
}

func cambia(da, a string) func(string) error {
	return func(dir string) error {
		path := filepath.Join(dir, "manifesto.json")
		b, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, []byte(strings.Replace(string(b), da, a, 1)), 0o600)
		}
		return err
	}
}

// F-81: read models of a log that went further are not served with one that
// did not.
func oltre(t *testing.T, dir, copiata string, tutto []eventstore.Stored) {
	nuova := filepath.Join(cartellaDemo(t), "n")
	if _, err := (&copiaAperta{}).estrai(t.Context(), copiata, nuova, tutto[len(tutto)/2].Position); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "postgres"), filepath.Join(nuova, "postgres")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	prova := nucleo(ctx, nil, "demo", "--data", nuova, "--addr", "127.0.0.1:0")
	if out, err := prova.CombinedOutput(); err == nil || !strings.Contains(string(out), "go beyond the log") {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := verbo(t, nuova, "projections", "azzera"); err != nil || !strings.Contains(out, "dropped") {
		t.Fatal(out, err)
	}
	p := demoIn(t, nuova, nil, "--casi", "20", "--seed", "3")
	if out, err := verbo(t, nuova, "projections", "verify", "casi"); err != nil {
		t.Error(out, err)
	}
	if err := p.ferma(); err != nil {
		t.Error(err)
	}
}

// Old backups are removed by those that ask for it, and nothing else is.
func TestOldBackupsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	adesso := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, nome := range []string{"nucleo-20260401T000000Z", "nucleo-20260520T000000Z", "nucleo-dati", "foto", "20260401T000000Z"} {
		if err := os.Mkdir(filepath.Join(dir, nome), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := sfoltisci(&out, []string{dir, ""}, adesso, 35); err != nil || strings.Count(out.String(), "removed") != 1 {
		t.Error(out.String(), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "nucleo-20260401T000000Z")); err == nil {
		t.Error("an old backup is still there")
	}
	if voci, _ := os.ReadDir(dir); len(voci) != 4 {
		t.Error(voci)
	}
}
