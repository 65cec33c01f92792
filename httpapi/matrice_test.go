package httpapi

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/allarme"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
)

var updateChiavi = flag.Bool("update-chiavi", false, "write testdata/chiavi.golden anew")

// relazione is what the case manager of the matrix has to do with a case.
type relazione string

const (
	mio        relazione = "mine"
	stato      relazione = "formerly mine"
	altrui     relazione = "a colleague's"
	diNessuno  relazione = "unassigned"
	inventato  relazione = "non-existent"
	nellAmbito           = "F377" // a comune of the same ambito
	fuori                = "A089" // of another
)

// cosa is a case of the matrix, as seen from Palermo.
type cosa struct {
	id        id.Caso
	domanda   string
	ambito    string
	comune    string
	relazione relazione
}

func (c cosa) String() string { return string(c.relazione) + " in " + cmp.Or(c.comune, "no comune") }

// matrice is an installation with one person of each role, and one case of
// each kind.
type matrice struct {
	*impianto
	persone map[domain.Ruolo]chi
	puo     map[string]diritto
	cose    []cosa
}

func nuovaMatrice(t *testing.T) *matrice {
	t.Helper()
	m := &matrice{impianto: nuovo(t), puo: concessi(t)}
	m.persone = m.unoPerRuolo(t)
	collega := m.accreditato(t, "COLLEGA", domain.Territorio{Ambito: "PA42"})
	lontana := m.accreditato(t, "LONTANISSIMA", altrove)
	io := m.persone[domain.CaseManager].id
	for n, c := range []struct {
		comune    string
		relazione relazione
		di        []id.Operatore // one after the other
		poi       string         // the comune to which the case moves at last
	}{
		{"G273", mio, []id.Operatore{io}, ""},
		{"G273", stato, []id.Operatore{io, collega}, ""},
		{"G273", altrui, []id.Operatore{collega}, ""},
		{"G273", diNessuno, nil, ""},
		{"G273", stato, []id.Operatore{io}, nellAmbito},
		{nellAmbito, altrui, []id.Operatore{collega}, ""},
		{nellAmbito, diNessuno, nil, ""},
		{"G273", stato, []id.Operatore{io}, fuori},
		{fuori, altrui, []id.Operatore{lontana}, ""},
		{fuori, diNessuno, nil, ""},
	} {
		m.cose = append(m.cose, m.caso(t, 100+n, c.comune, c.relazione, c.di, c.poi))
	}
	lungo := &lavoro{impianto: m.impianto, cm: m.persone[domain.CaseManager], n: 100} // mine
	lungo.etag = m.etagDi(t, lungo.cm, lungo.n)
	lungo.vive(t)
	m.cose = append(m.cose, cosa{id: casoN(9999), relazione: inventato})
	m.aggiornato(t)
	return m
}

func (m *matrice) accreditato(t *testing.T, nome string, dove domain.Territorio) id.Operatore {
	t.Helper()
	m.accredita(t, nome, domain.CaseManager, dove, "")
	return m.chi(nome).id
}

// caso makes a case that was of some case managers, one after the other, and
// moved then.
func (m *matrice) caso(t *testing.T, n int, comune string, r relazione, di []id.Operatore, poi string) cosa {
	t.Helper()
	c := cosa{id: casoN(n), domanda: idDomanda(n), ambito: ambitoDi(comune), comune: comune, relazione: r}
	m.domanda(t, n, comune, mattina.AddDate(0, 0, -40))
	coordinatore := m.richiesta(domain.Attore{ID: uuid.New(), Ruolo: domain.CoordinatorePaIS, Territorio: domain.Territorio{Ambito: c.ambito}})
	for k, cm := range di {
		coordinatore.Comando = uuid.New()
		var e caso.State
		if k == 0 {
			esito, err := m.Comandi.AssegnaCaso(t.Context(), coordinatore, c.id, caso.Assegna{CaseManager: cm, Modalita: caso.Manuale})
			m.nota(t, esito.Posizione, err)
			e = esito.Stato
		} else {
			esito, err := m.Comandi.RiassegnaCaso(t.Context(), coordinatore, c.id, caso.Riassegna{Da: di[k-1], A: cm, Motivo: "motivo-canarino"})
			m.nota(t, esito.Posizione, err)
			e = esito.Stato
		}
		if !e.Di(cm) {
			t.Fatalf("%s is not of whom it was given to", c)
		}
	}
	if poi != "" {
		c.comune, c.ambito = poi, ambitoDi(poi)
		e, err := m.Comandi.TrasferisciCaso(t.Context(), m.richiesta(domain.INPS), c.id, caso.Trasferisci{
			Comune: poi, Ambito: c.ambito, DataDecorrenza: giorno.Di(mattina), Indirizzo: caso.Indirizzo{Via: "VIA DEL CANARINO", CAP: "90010", Comune: poi},
		})
		m.nota(t, e.Posizione, err)
	}
	return c
}

func ambitoDi(comune string) string {
	if comune == fuori {
		return "AG01"
	}
	return "PA42"
}

// vede is what the table says of a role and a case.
func (m *matrice) vede(d diritto, ruolo domain.Ruolo, c cosa) bool {
	if c.relazione == inventato {
		return false
	}
	dentro := d.territorio == "G" || doveDi(ruolo).Copre(c.ambito, c.comune)
	return dentro && (d.relazione != "assegnato" || c.relazione == mio)
}

// TestEveryCellOfTheMatrix walks role × route × territory × relation of all
// that lies under a case (reliability ). Commands are asked at an
// ETag that is none: who sees the case is told so, and nothing changes.
func TestEveryCellOfTheMatrix(t *testing.T) {
	m := nuovaMatrice(t)
	prima := m.fatti(t)
	celle := 0
	for _, r := range routes {
		if !strings.Contains(r.path, "{caso}") {
			continue
		}
		for ruolo, chi := range m.persone {
			inesistente := impronta(m.chiedeCella(t, chi, r, m.cose[len(m.cose)-1]))
			for _, c := range m.cose {
				m.cella(t, r, ruolo, c, m.chiedeCella(t, chi, r, c), inesistente)
				celle++
			}
		}
		for _, c := range m.cose {
			if risposta := m.chiedeCella(t, chi{nome: "nobody"}, r, c); risposta.status != 401 {
				t.Errorf("%s as nobody, %s: %d", r.name(), c, risposta.status)
			}
			celle++
		}
	}
	if dopo := m.fatti(t); dopo != prima {
		t.Errorf("the walk changed something: the log held %d events, and %d now", prima, dopo)
	}
	t.Logf("METRIC cells of the matrix: %d", celle)
}

func (m *matrice) chiedeCella(t *testing.T, chi chi, r route, c cosa) risposta {
	t.Helper()
	path := strings.Replace(r.path, "{caso}", c.id.String(), 1)
	path = perID(func(string) string { return "00000000-0000-4000-8000-000000000000" }).Replace(path)
	return chi.chiede(t, m.impianto, r.method, path, m.esempio(t, r), "If-Match", `"none"`)
}

func (m *matrice) cella(t *testing.T, r route, ruolo domain.Ruolo, c cosa, got risposta, inesistente string) {
	t.Helper()
	d, ha := m.puo[string(r.right)+" "+string(ruolo)]
	nome := fmt.Sprintf("%s as %s, %s", r.name(), ruolo, c)
	switch {
	case !ha:
		if got.status != 403 || got.codice() != "vietato" || impronta(got) != inesistente {
			t.Errorf("%s: %d %s, want a refusal that does not tell whether it exists", nome, got.status, got.codice())
		}
	case !m.vede(d, ruolo, c):
		if got.status != 404 || impronta(got) != inesistente {
			t.Errorf("%s: %d %s, want the answer for what does not exist\n%s\n%s", nome, got.status, got.codice(), impronta(got), inesistente)
		}
	case r.method == "GET" || r.right == esportaFascicolo:
		if got.status != 200 {
			t.Errorf("%s: %d %s", nome, got.status, got.codice())
		}
	case got.status == 404 && got.codice() == "segnalazione.inesistente" && strings.Contains(r.path, "{segnalazione}"):
		// A segnalazione stays where it was decided: it is looked for first.
	case got.status != 412:
		t.Errorf("%s: %d %s, want to be told that the ETag is an old one", nome, got.status, got.codice())
	}
}

var unaRichiesta = regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}`)

// impronta is all of an answer that its reader could tell from another's, but
// for the names of the request and the hour.
func impronta(r risposta) string {
	var righe []string
	for nome, valori := range r.header {
		if nome != "Date" && !strings.HasPrefix(nome, "X-Ratelimit") {
			righe = append(righe, nome+": "+strings.Join(valori, ", "))
		}
	}
	slices.Sort(righe)
	return fmt.Sprintln(r.status, righe) + unaRichiesta.ReplaceAllString(r.body, "urn:uuid:")
}

// TestAnswersHoldTheKeysThatTheirReaderMaySee holds the exact set of keys of
// each answer about cases, by role, to a list that was read by a person.
func TestAnswersHoldTheKeysThatTheirReaderMaySee(t *testing.T) {
	m := nuovaMatrice(t)
	m.solleva(t, allarme.Letture, "PA42", m.persone[domain.CaseManager].id)
	righe := map[string]map[string]bool{}
	for _, r := range routes {
		if !strings.Contains(r.path, "{caso}") || r.method != "GET" {
			continue
		}
		for ruolo, chi := range m.persone {
			for _, c := range m.cose {
				m.annota(righe, r, ruolo, m.chiedeCella(t, chi, r, c))
			}
		}
	}
	m.aggiornato(t)
	for _, r := range routes {
		for ruolo, chi := range m.persone {
			for _, q := range ricerche[r.name()] {
				m.annota(righe, r, ruolo, m.cerca(t, chi, r, q))
			}
		}
	}
	perChiavi := map[string][]string{} // by route and keys, the roles
	for nome, viste := range righe {
		rotta, ruolo := nome[:strings.LastIndexByte(nome, ' ')], nome[strings.LastIndexByte(nome, ' ')+1:]
		parte := rotta + "\n\t" + strings.Join(slices.Sorted(maps.Keys(viste)), "\n\t")
		perChiavi[parte] = append(perChiavi[parte], ruolo)
	}
	var got strings.Builder
	for _, parte := range slices.Sorted(maps.Keys(perChiavi)) {
		rotta, viste, _ := strings.Cut(parte, "\n")
		slices.Sort(perChiavi[parte])
		fmt.Fprintf(&got, "%s: %s\n%s\n", rotta, strings.Join(perChiavi[parte], " "), viste)
	}
	const golden = "testdata/chiavi.golden"
	if *updateChiavi {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got.String() != string(want) {
		t.Errorf("the keys of some answer changed (%v): read what changed, then run with -update-chiavi\n%s", err, got.String())
	}
}

func (m *matrice) annota(righe map[string]map[string]bool, r route, ruolo domain.Ruolo, got risposta) {
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
		return
	}
	nome := r.method + " " + strings.TrimPrefix(r.path, Base) + " " + string(ruolo)
	if righe[nome] == nil {
		righe[nome] = map[string]bool{}
	}
	chiavi("", got.campo(), righe[nome])
}

// chiavi collects the paths of the keys of a document.
func chiavi(dove string, v any, in map[string]bool) {
	switch di := v.(type) {
	case map[string]any:
		for k, v := range di {
			chiavi(strings.TrimPrefix(dove+"."+k, "."), v, in)
		}
		if len(di) > 0 {
			return
		}
	case []any:
		for _, v := range di {
			chiavi(dove+"[]", v, in)
		}
		if len(di) > 0 {
			return
		}
	}
	in[dove] = true
}

// ricerche are questions that each list of cases can be asked, as widely as it
// allows. A list is read whole: all cases of the matrix fit on a page.
var ricerche = map[string][]string{
	"POST " + Base + "/casi/ricerche":           {`{"lista":"da_assegnare","limit":100}`, `{"lista":"assegnati","limit":100}`},
	"POST " + Base + "/casi/miei/ricerche":      {`{"limit":100}`},
	"POST " + Base + "/sostegni/ricerche-casi":  {chiede(100), chiede(103), chiede(106), chiede(109)},
	"POST " + Base + "/segnalazioni/ricerche":   {`{"vista":"validazione","limit":100}`, `{"vista":"registro","limit":100}`},
	"GET " + Base + "/sostegni":                 {"?limit=100"},
	"GET " + Base + "/comunicazioni":            {"?limit=100"},
	"GET " + Base + "/agenda":                   {"?dal=2026-05-01&al=2026-05-31&limit=100"},
	"GET " + Base + "/scadenze":                 {"?limit=100"},
	"GET " + Base + "/incontri-da-registrare":   {"?limit=100"},
	"GET " + Base + "/autoapprovazioni":         {"?limit=100"},
	"GET " + Base + "/case-manager":             {"?comune=G273"},
	"GET " + Base + "/assegnazioni-automatiche": {""},
	"GET " + Base + "/cruscotto/generale":       {""},
	"GET " + Base + "/cruscotto/ambito":         {"?ambito=PA42", "?ambito=AG01"},
	"GET " + Base + "/cruscotto/andamento":      {""},
	"POST " + Base + "/casi/ricerche-auditor":   {chiede(100)},
	"GET " + Base + "/operatori":                {"?limit=100"},
	"GET " + Base + "/ambiti":                   {""},
	"GET " + Base + "/profili":                  {""},
	"GET " + Base + "/accessi":                  {sguardi, rifiuti},
	"GET " + Base + "/accessi/miei":             {sguardi, rifiuti},
	"GET " + Base + "/allarmi":                  {""},
}

// sguardi and rifiuti ask for the looks at open cases, and for those that were
// refused.
var (
	sguardi = "?limit=100&decisione=CONSENTITO&rotta=" + url.QueryEscape("GET "+Base+"/casi/{caso}")
	rifiuti = "?limit=100&decisione=NEGATO&rotta=" + url.QueryEscape("GET "+Base+"/casi/{caso}")
)

func chiede(n int) string { return `{"id_domanda":"` + idDomanda(n) + `"}` }

func (m *matrice) cerca(t *testing.T, chi chi, r route, q string) risposta {
	t.Helper()
	if r.method == "GET" {
		return chi.chiede(t, m.impianto, "GET", r.path+q, "")
	}
	return chi.chiede(t, m.impianto, "POST", r.path, q)
}

// TestNoAnswerNamesACaseThatItsReaderMayNotSee asks all lists, and looks for
// the ids of all cases in what comes back.
func TestNoAnswerNamesACaseThatItsReaderMayNotSee(t *testing.T) {
	m := nuovaMatrice(t)
	nominati := map[string]int{}
	for _, r := range routes {
		for ruolo, chi := range m.persone {
			d, ha := m.puo[string(r.right)+" "+string(ruolo)]
			for _, q := range ricerche[r.name()] {
				got := m.cerca(t, chi, r, q)
				if ha != (got.status == 200) && r.right != chiSono {
					t.Errorf("%s as %s: %d %s", r.name(), ruolo, got.status, got.body)
				}
				for _, c := range m.cose {
					if !strings.Contains(got.body, c.id.String()) && (c.domanda == "" || !strings.Contains(got.body, `"`+c.domanda+`"`)) {
						continue
					}
					if !m.vede(d, ruolo, c) {
						t.Errorf("%s as %s names the case %s", r.name(), ruolo, c)
					}
					nominati[strings.TrimPrefix(r.path, Base)+" "+string(ruolo)]++
				}
			}
		}
	}
	// What each may see is there: a list that is empty would pass all else.
	for nome, want := range map[string]int{
		"/casi/ricerche COORDINATORE_PAIS":           4,
		"/casi/miei/ricerche CASE_MANAGER":           1,
		"/sostegni/ricerche-casi REFERENTE_SOSTEGNI": 1,
		"/casi/ricerche-auditor AUDITOR":             1,
	} {
		if nominati[nome] != want {
			t.Errorf("%s names %d cases, want %d", nome, nominati[nome], want)
		}
	}
}
