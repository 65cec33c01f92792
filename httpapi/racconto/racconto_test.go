package racconto_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/cancellazione"
	"nucleo/domain/caso"
	"nucleo/domain/personale"
	"nucleo/httpapi/racconto"
)

var update = flag.Bool("update", false, "write the golden file anew")

// esempi are the stored events of the domain's own golden files, by name.
func esempi(t *testing.T) map[string]domain.Event {
	t.Helper()
	trovati := map[string]domain.Event{}
	for cartella, aggregato := range map[string]domain.Aggregate{"caso": caso.Aggregate, "cancellazione": cancellazione.Aggregate} {
		catalogo := domain.NewCatalog(aggregato)
		for _, tipo := range catalogo.Types() {
			dati, err := os.ReadFile(filepath.Join("..", "..", "domain", cartella, "testdata", "events", tipo+".json"))
			if err != nil {
				t.Fatal(err)
			}
			e, err := catalogo.Decode(tipo, dati)
			if err != nil {
				t.Fatal(err)
			}
			trovati[tipo] = e
		}
	}
	return trovati
}

func nominato(u uuid.UUID) string {
	if u == uuid.Nil {
		return ""
	}
	return "Anna Verdi"
}

// racconta tells the examples by name, after a first time in which the names
// of things were heard, in whatever order they came.
func racconta(esempi map[string]domain.Event, vede func(domain.Event) domain.Event) string {
	n := racconto.Nuovo(nominato, time.UTC)
	var tipi []string
	for tipo, e := range esempi {
		n.Racconta(vede(e))
		tipi = append(tipi, tipo)
	}
	slices.Sort(tipi)
	var s strings.Builder
	for _, tipo := range tipi {
		fmt.Fprintf(&s, "%s: %s\n", tipo, n.Racconta(vede(esempi[tipo])))
	}
	return s.String()
}

func TestEveryEventOfACaseHasASentence(t *testing.T) {
	visti := esempi(t)
	for _, entry := range slices.Concat(caso.Aggregate.Entries, cancellazione.Aggregate.Entries) {
		testo := racconto.Nuovo(nominato, time.UTC).Racconta(visti[entry.Type])
		if testo == "" || strings.ContainsAny(testo[:1], "abcdefghijklmnopqrstuvwxyz") || strings.HasSuffix(testo, ".") || strings.Contains(testo, "%!") || strings.Contains(testo, "_") {
			t.Errorf("%s reads %q", entry.Type, testo)
		}
	}
}

func TestSentencesReadAsTheyAreKept(t *testing.T) {
	visti := esempi(t)
	got := "In clear\n\n" + racconta(visti, func(e domain.Event) domain.Event { return e }) +
		"\nMasked\n\n" + racconta(visti, func(e domain.Event) domain.Event { return personale.Maschera(e) })
	file := filepath.Join("testdata", "frasi.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("if they should read so, go test -update (-kept +read)\n%s", diff)
	}
}

// TestMaskedEventsTellNoName lets everything be told masked, and looks for
// what the mask hides.
func TestMaskedEventsTellNoName(t *testing.T) {
	coperto := racconta(esempi(t), func(e domain.Event) domain.Event { return personale.Maschera(e) })
	for _, nome := range []string{"ROSALIA", "ROSSINI", "GIUSEPPE"} {
		if strings.Contains(coperto, nome) {
			t.Errorf("%q is told", nome)
		}
	}
}

func TestWhoIsNotKnownIsToldSo(t *testing.T) {
	n := racconto.Nuovo(func(uuid.UUID) string { return "" }, time.UTC)
	visti := esempi(t)
	for tipo, want := range map[string]string{
		"CasoAssegnato":    "un operatore non più noto",
		"SostegnoAttivato": "non più noto",
		"EsoneroRevocato":  "una persona non più nota",
	} {
		if got := n.Racconta(visti[tipo]); !strings.Contains(got, want) {
			t.Errorf("%s: %q", tipo, got)
		}
	}
}

// TestSentencesLearnNamesFromWhatWasSaidBefore follows a person and a thing.
func TestSentencesLearnNamesFromWhatWasSaidBefore(t *testing.T) {
	n := racconto.Nuovo(nominato, time.UTC)
	visti := esempi(t)
	n.Racconta(visti["DomandaRicevuta"])
	n.Racconta(visti["ImpegnoDefinito"])
	if got := n.Racconta(visti["ImpegnoRimosso"]); !strings.Contains(got, "«"+visti["ImpegnoDefinito"].(caso.ImpegnoDefinito).Descrizione+"»") {
		t.Errorf("it reads %q", got)
	}
	if got := n.Racconta(visti["AnalisiPreliminareAvviata"]); !strings.Contains(got, "ROSALIA ROSSINI") {
		t.Errorf("it reads %q", got)
	}
}
