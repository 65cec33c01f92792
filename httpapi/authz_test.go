package httpapi

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nucleo/domain"
)

// diritto is a row of docs/authz.csv: the oracle of who may do what, written
// by hand for jurists. Where two documents differ the narrower right stands,
// and the row names the one that lost.
type diritto struct{ azione, ruolo, territorio, relazione, vista, fonte, perde string }

// parole are the words of the columns that are not free.
var parole = map[string][]string{
	"territorio": {"-", "S", "T", "N", "G"}, // denied, oneself, the own territory, what belongs to no ambito, everywhere
	"relazione":  {"", "assegnato", "non_assegnato"},
	"vista":      {"", "ridotto", "mascherato", "conteggi", "conteggi_da_5", "pseudonimi", "propri"},
}

// diritti reads the rows of docs/authz.csv.
func diritti(t *testing.T) (righe []diritto) {
	t.Helper()
	f, err := os.Open("../docs/authz.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tutte, err := csv.NewReader(f).ReadAll()
	if err != nil || len(tutte) < 2 {
		t.Fatal(err, tutte)
	}
	if diff := cmp.Diff([]string{"azione", "ruolo", "territorio", "relazione", "vista", "fonte", "perde"}, tutte[0]); diff != "" {
		t.Fatal(diff)
	}
	for _, c := range tutte[1:] {
		righe = append(righe, diritto{c[0], c[1], c[2], c[3], c[4], c[5], c[6]})
	}
	return righe
}

// concessi are the rights that the rows give, by action and role.
func concessi(t *testing.T) map[string]diritto {
	t.Helper()
	dati := map[string]diritto{}
	for _, d := range diritti(t) {
		if d.territorio != "-" {
			dati[d.azione+" "+d.ruolo] = d
		}
	}
	return dati
}

func TestTheTableOfRightsIsWellFormed(t *testing.T) {
	viste := map[string]bool{}
	for _, d := range diritti(t) {
		nome := d.azione + " " + d.ruolo
		for colonna, valore := range map[string]string{"territorio": d.territorio, "relazione": d.relazione, "vista": d.vista} {
			if !slices.Contains(parole[colonna], valore) {
				t.Errorf("%s: %s %q", nome, colonna, valore)
			}
		}
		ruolo := domain.Ruolo(d.ruolo)
		switch {
		case viste[nome]:
			t.Errorf("%s stands twice", nome)
		case d.ruolo != "*" && !slices.Contains(domain.Ruoli, ruolo) && ruolo != domain.SistemaINPS:
			t.Errorf("%s: no such role", nome)
		case d.fonte == "":
			t.Errorf("%s has no source", nome)
		case d.territorio == "-" && (d.relazione != "" || d.vista != "" || d.perde == ""):
			t.Errorf("%s is denied: it says which document would grant it, and no more", nome)
		}
		viste[nome] = true
	}
}

func TestTheTableOfRightsIsTheOneThatJuristsRead(t *testing.T) {
	servite := map[string]bool{string(chiSono) + " *": true}
	for a, ruoli := range permessi {
		for _, r := range ruoli {
			servite[string(a)+" "+string(r)] = true
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(concessi(t))), slices.Sorted(maps.Keys(servite))); diff != "" {
		t.Errorf("rights (-docs/authz.csv +permessi)\n%s", diff)
	}
	usate, azioni := map[string]bool{}, map[string]bool{}
	for _, r := range routes {
		if r.right != aperta {
			usate[string(r.right)] = true
		}
	}
	for _, d := range diritti(t) {
		azioni[d.azione] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(azioni)), slices.Sorted(maps.Keys(usate))); diff != "" {
		t.Errorf("actions (-docs/authz.csv +routes)\n%s", diff)
	}
}

func TestEveryRoleMayDoWhatTheTableSaysAndNothingElse(t *testing.T) {
	i := nuovo(t)
	puo := concessi(t)
	persone := i.unoPerRuolo(t)
	nessuno := "00000000-0000-4000-8000-000000000000"
	for _, r := range routes {
		if r.right == aperta {
			continue
		}
		path := strings.ReplaceAll(perID(func(string) string { return nessuno }).Replace(r.path), "{ambito}", "PA42")
		for ruolo, chi := range persone {
			risposta := chi.chiede(t, i, r.method, path, "{}")
			vietato := risposta.status == 403 && risposta.codice() == "vietato"
			_, suo := puo[string(r.right)+" "+string(ruolo)]
			_, ditutti := puo[string(r.right)+" *"]
			if vietato == (suo || ditutti) || risposta.status >= 500 {
				t.Errorf("%s as %s: %d %s", r.name(), ruolo, risposta.status, risposta.codice())
			}
		}
	}
}

// unoPerRuolo is a person of each role, and the program that has a token.
func (i *impianto) unoPerRuolo(t *testing.T) map[domain.Ruolo]chi {
	t.Helper()
	persone := map[domain.Ruolo]chi{domain.SistemaINPS: i.inps()}
	for n, ruolo := range domain.Ruoli {
		nome := fmt.Sprintf("RUOLO%c", 'A'+n)
		i.accredita(t, nome, ruolo, doveDi(ruolo), "")
		persone[ruolo] = i.chi(nome)
	}
	return persone
}

// doveDi is the widest territory of a role that leaves something outside.
func doveDi(ruolo domain.Ruolo) domain.Territorio {
	switch ruolo {
	case domain.SuperUtente, domain.Auditor, domain.Analista:
		return ovunque
	case domain.AmministratoreAmbito, domain.ResponsabileDati:
		return intero
	}
	return palermo
}
