package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"nucleo/domain"
	"nucleo/domain/id"
)

// cumulabili are the roles that one person may hold together (ACC-17, ACC-18).
var cumulabili = []domain.Ruolo{
	domain.CoordinatorePaIS, domain.CaseManager, domain.CoordinatoreControlli, domain.ResponsabileControlli,
	domain.ResponsabilePUC, domain.ReferenteSostegni, domain.ResponsabileIncontri, domain.ResponsabileSvantag,
}

// TestTwoRolesAreNeverJoined holds every pair of roles in one person, under
// each of the two profiles, to what somebody with that role alone is answered
// (A-03, ADR 0007).
func TestTwoRolesAreNeverJoined(t *testing.T) {
	i := nuovo(t)
	soli := map[domain.Ruolo]chi{}
	for n, ruolo := range cumulabili {
		nome := fmt.Sprintf("SOLA%c", 'A'+n)
		i.accredita(t, nome, ruolo, palermo, "")
		soli[ruolo] = i.chi(nome)
	}
	want := map[string]string{}
	for ruolo, chi := range soli {
		for _, r := range routes {
			want[string(ruolo)+" "+r.name()] = i.decisione(t, chi, r, id.Accreditamento{})
		}
	}
	celle := 0
	for n, uno := range cumulabili {
		for k, altro := range cumulabili[n+1:] {
			nome := fmt.Sprintf("DUE%c%c", 'A'+n, 'A'+k)
			profili := map[domain.Ruolo]id.Accreditamento{uno: i.accredita(t, nome, uno, palermo, ""), altro: i.accredita(t, nome, altro, palermo, "")}
			for ruolo, profilo := range profili {
				for _, r := range routes {
					celle++
					if got := i.decisione(t, i.chi(nome), r, profilo); got != want[string(ruolo)+" "+r.name()] {
						t.Errorf("%s as %s, who is %s and %s: %s, want %s", r.name(), ruolo, uno, altro, got, want[string(ruolo)+" "+r.name()])
					}
				}
			}
			if r := i.chi(nome).chiede(t, i, "GET", Base+"/agenda", ""); r.status != 409 || r.codice() != "accesso.profilo_da_scegliere" {
				t.Errorf("%s and %s without a choice: %d %s", uno, altro, r.status, r.codice())
			}
		}
	}
	t.Logf("METRIC cells of pairs of roles: %d", celle)
}

// decisione is how a route answers somebody about a case that waits, at an
// ETag that is none.
func (i *impianto) decisione(t *testing.T, chi chi, r route, profilo id.Accreditamento) string {
	t.Helper()
	if r.right == aperta || r.right == chiSono || i.operazione(t, r).raw {
		return ""
	}
	path := strings.Replace(r.path, "{caso}", casoN(1).String(), 1)
	path = strings.ReplaceAll(perID(func(string) string { return "00000000-0000-4000-8000-000000000000" }).Replace(path), "{ambito}", "PA42")
	testate := []string{"If-Match", `"none"`}
	if !profilo.IsZero() {
		testate = append(testate, "Profilo", profilo.String())
	}
	risposta := chi.chiede(t, i, r.method, path, i.esempio(t, r), testate...)
	return fmt.Sprint(risposta.status, " ", risposta.codice())
}
