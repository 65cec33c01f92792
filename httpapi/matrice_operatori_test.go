package httpapi

import (
	"strings"
	"testing"

	"nucleo/domain"
)

// TestOperatorsOfAnotherAmbitoDoNotExist walks role × route × territory of all
// that lies under an operator or an ambito (A-01, reliability 4.3 rows 2 to 5).
func TestOperatorsOfAnotherAmbitoDoNotExist(t *testing.T) {
	i := nuovo(t)
	puo, persone := concessi(t), i.unoPerRuolo(t)
	i.accredita(t, "VICINA", domain.CaseManager, palermo, "")
	cose := map[string][]struct {
		id    string
		dove  domain.Territorio
		esite bool
	}{
		"{operatore}": {
			{i.chi("VICINA").id.String(), palermo, true},
			{i.chi("LONTANA").id.String(), altrove, true},
		},
		"{ambito}": {{"PA42", intero, true}, {"AG01", altrove, true}},
	}
	nessuno := map[string]string{"{operatore}": "00000000-0000-4000-8000-000000000000", "{ambito}": "ZZ99"}
	celle := 0
	for _, r := range routes {
		for nome, tutte := range cose {
			if !strings.Contains(r.path, nome) {
				continue
			}
			chiede := func(chi chi, id string) risposta {
				path := strings.Replace(r.path, nome, id, 1)
				path = perID(func(string) string { return "00000000-0000-4000-8000-000000000000" }).Replace(path)
				return chi.chiede(t, i, r.method, path, i.esempio(t, r))
			}
			for ruolo, chi := range persone {
				d, ha := puo[string(r.right)+" "+string(ruolo)]
				inesistente := impronta(chiede(chi, nessuno[nome]))
				for _, c := range tutte {
					celle++
					got := chiede(chi, c.id)
					vede := d.territorio == "G" || doveDi(ruolo).Ambito == c.dove.Ambito
					switch {
					case !ha && got.codice() != "vietato":
						t.Errorf("%s as %s, %s: %d %s", r.name(), ruolo, c.dove.Ambito, got.status, got.codice())
					case ha && !vede && got.codice() == "accreditamento.altro_ambito" && strings.HasSuffix(r.path, "/accreditamenti"):
						// Who would accredit somebody is told that they have a role elsewhere (domain 3.1-3).
					case ha && !vede && impronta(got) != inesistente:
						t.Errorf("%s as %s, of %s: told from what does not exist\n%s\n%s", r.name(), ruolo, c.dove.Ambito, impronta(got), inesistente)
					case ha && vede && (strings.HasSuffix(got.codice(), "ambito.inesistente") || got.codice() == "operatore.inesistente" || got.codice() == "vietato" || got.status >= 500):
						t.Errorf("%s as %s, of %s: %d %s", r.name(), ruolo, c.dove.Ambito, got.status, got.codice())
					}
				}
			}
		}
	}
	t.Logf("METRIC cells of operators and ambiti: %d", celle)
}
