package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/accesso"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/eventstore"
)

// rotto is a store that asks before it writes to the access log.
type rotto struct {
	commands.Store
	prima func(context.Context) error
}

func (s rotto) Append(ctx context.Context, stream string, at domain.Head, meta domain.Meta, events ...domain.Event) (domain.Appended, error) {
	if strings.HasPrefix(stream, "accesso-") {
		if err := s.prima(ctx); err != nil {
			return domain.Appended{}, err
		}
	}
	return s.Store.Append(ctx, stream, at, meta, events...)
}

// conRegistro puts something before the writing of the access log.
func conRegistro(prima func(context.Context) error) func(*impianto) {
	return func(i *impianto) {
		i.Registro = &commands.Registro{Store: rotto{i.store, prima}, Adesso: i.adesso, Zona: i.Zona, Replica: func() string { return uuid.NewString()[:8] }}
	}
}

// accessi are the records that the log holds.
func (i *impianto) accessi(t *testing.T) (tutti []domain.Recorded) {
	t.Helper()
	catalogo := domain.NewCatalog(accesso.Aggregate)
	for e, err := range i.store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(e.Stream, "accesso-") {
			tutti = append(tutti, e.Recorded(catalogo))
		}
	}
	return tutti
}

// fatti is how many events the log holds beside the records.
func (i *impianto) fatti(t *testing.T) (n int) {
	t.Helper()
	for e, err := range i.store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(e.Stream, "accesso-") {
			n++
		}
	}
	return n
}

// ultimo is the last record.
func (i *impianto) ultimo(t *testing.T) (string, accesso.Registrato) {
	t.Helper()
	tutti := i.accessi(t)
	if len(tutti) == 0 {
		t.Fatal("no record")
	}
	r := tutti[len(tutti)-1]
	return r.Stream[:strings.LastIndexByte(r.Stream, '-')], r.Event.(accesso.Registrato)
}

func (i *impianto) assegnata(t *testing.T, n int, a chi) {
	t.Helper()
	e, err := i.Comandi.AssegnaCaso(t.Context(), i.richiesta(domain.Installatore), casoN(n), caso.Assegna{CaseManager: a.id, Motivo: "x", Modalita: caso.Manuale})
	i.nota(t, e.Posizione, err)
	i.aggiornato(t)
}

func TestARecordSaysWhoLookedAtWhatAndNamesNobody(t *testing.T) {
	i := nuovo(t)
	carla, anna, revisora, lontana := i.chi("CARLA"), i.chi("ANNA"), i.chi("REVISORA"), i.chi("LONTANA")
	i.assegnata(t, 1, anna)
	uno, nulla := Base+"/casi/"+casoN(1).String(), Base+"/casi/"+uuid.NewString()
	cerca := `{"lista":"da_assegnare","nome":"canarina","limit":10,"ordina":"nominativo"}`
	dove := "accesso-PA42-202605"
	consentito := func(chi chi, ruolo domain.Ruolo, luogo domain.Territorio, rotta string, righe int, classe accesso.Classe) accesso.Registrato {
		return accesso.Registrato{
			Operatore: chi.id, Ruolo: ruolo, Territorio: luogo, Rotta: rotta, Decisione: accesso.Consentito, Caso: casoN(1), Righe: righe, Classi: []accesso.Classe{classe},
		}
	}
	negato := func(chi chi, ruolo domain.Ruolo, luogo domain.Territorio, rotta, motivo string) accesso.Registrato {
		return accesso.Registrato{Operatore: chi.id, Ruolo: ruolo, Territorio: luogo, Rotta: rotta, Decisione: accesso.Negato, Motivo: motivo, Caso: casoN(1)}
	}
	ricerca := consentito(carla, domain.CoordinatorePaIS, palermo, "POST "+Base+"/casi/ricerche", 2, accesso.Instradamento)
	ricerca.Caso.UUID, ricerca.Campi = uuid.Nil, []string{"lista", "nome"}
	for about, x := range map[string]struct {
		chi                chi
		method, path, body string
		status             int
		flusso             string
		want               accesso.Registrato
	}{
		"the open case":            {anna, "GET", uno, "", 200, dove, consentito(anna, domain.CaseManager, palermo, "GET "+Base+"/casi/{caso}", 1, accesso.Dettaglio)},
		"its head alone":           {anna, "HEAD", uno, "", 200, dove, consentito(anna, domain.CaseManager, palermo, "GET "+Base+"/casi/{caso}", 1, accesso.Dettaglio)},
		"the case as a list shows": {carla, "GET", uno, "", 200, dove, consentito(carla, domain.CoordinatorePaIS, palermo, "GET "+Base+"/casi/{caso}", 1, accesso.Instradamento)},
		"its story":                {anna, "GET", uno + "/cronistoria", "", 200, dove, consentito(anna, domain.CaseManager, palermo, "GET "+Base+"/casi/{caso}/cronistoria", 2, accesso.Dettaglio)},
		"the replay of an auditor": {revisora, "GET", uno + "/eventi", "", 200, dove, consentito(revisora, domain.Auditor, ovunque, "GET "+Base+"/casi/{caso}/eventi", 1, accesso.Dettaglio)},
		"a search":                 {carla, "POST", Base + "/casi/ricerche", cerca, 200, dove, ricerca},
		"a case of another ambito": {lontana, "GET", uno, "", 404, "accesso-AG01-202605", negato(lontana, domain.CaseManager, altrove, "GET "+Base+"/casi/{caso}", "caso.inesistente")},
		"a command on it":          {lontana, "POST", uno + "/annotazioni", `{"testo":"x"}`, 404, "accesso-AG01-202605", negato(lontana, domain.CaseManager, altrove, "POST "+Base+"/casi/{caso}/annotazioni", "caso.inesistente")},
		"a role that may not":      {i.chi("AMMINISTRA"), "GET", uno, "", 403, dove, negato(i.chi("AMMINISTRA"), domain.AmministratoreAmbito, intero, "GET "+Base+"/casi/{caso}", "vietato")},
		"a role of no ambito":      {i.chi("SUPER"), "GET", uno, "", 403, "accesso-nazionale-202605", negato(i.chi("SUPER"), domain.SuperUtente, ovunque, "GET "+Base+"/casi/{caso}", "vietato")},
		"a field that nobody has": {i.chi("SUPER"), "POST", Base + "/casi/ricerche", `{"ROVERESI":"x"}`, 403, "accesso-nazionale-202605", func() accesso.Registrato {
			r := negato(i.chi("SUPER"), domain.SuperUtente, ovunque, "POST "+Base+"/casi/ricerche", "vietato")
			r.Caso.UUID = uuid.Nil
			return r
		}()},
		"a case that does not exist": {anna, "GET", nulla, "", 404, dove, func() accesso.Registrato {
			r := negato(anna, domain.CaseManager, palermo, "GET "+Base+"/casi/{caso}", "caso.inesistente")
			r.Caso.UUID = uuid.MustParse(nulla[len(Base)+6:])
			return r
		}()},
	} {
		if r := x.chi.chiede(t, i, x.method, x.path, x.body); r.status != x.status {
			t.Errorf("%s: %d %s", about, r.status, r.body)
		}
		flusso, got := i.ultimo(t)
		if got.Profilo.IsZero() || len(got.Sessione) != 32 || got.Richiesta == uuid.Nil {
			t.Errorf("%s: profile, session or request is missing: %+v", about, got)
		}
		ignora := cmpopts.IgnoreFields(accesso.Registrato{}, "Profilo", "Sessione", "Richiesta")
		if x.want.Rotta == "GET "+Base+"/casi/{caso}/cronistoria" {
			x.want.Righe = 1 // the record is written before the sentences are told
			got.Righe = 1
		}
		if diff := cmp.Diff(x.want, got, ignora); diff != "" || flusso != x.flusso {
			t.Errorf("%s: in %s\n%s", about, flusso, diff)
		}
	}
	for _, r := range i.accessi(t) {
		if r.Meta.Istante != mattina || r.Meta.Attore != domain.Registro.ID {
			t.Errorf("%+v", r.Meta)
		}
	}
}

func TestWhatWorksOnACaseLeavesNoRecordOfItsOwn(t *testing.T) {
	i := nuovo(t)
	anna := i.chi("ANNA")
	i.assegnata(t, 1, anna)
	anna.chiede(t, i, "POST", Base+"/casi/"+casoN(1).String()+"/annotazioni", `{"testo":"x","riservata":false}`).vuole(t, 201, "")
	if n := len(i.accessi(t)); n != 0 {
		t.Errorf("%d records: the event of the case says who did it", n)
	}
}

func TestNothingIsShownThatWasNotRecorded(t *testing.T) {
	var guasto atomic.Bool
	i := nuovo(t, conRegistro(func(context.Context) error {
		if guasto.Load() {
			return errors.Join(domain.ErrNonDisponibile, errors.New("broken"))
		}
		return nil
	}))
	anna, carla := i.chi("ANNA"), i.chi("CARLA")
	i.assegnata(t, 1, anna)
	uno := Base + "/casi/" + casoN(1).String()
	due, nessuna := `{"lista":"da_assegnare"}`, `{"lista":"da_assegnare","id_domanda":"INPS-RDC-2026-99"}`
	guasto.Store(true)
	for _, path := range []string{uno, uno + "/cronistoria"} {
		if r := anna.chiede(t, i, "GET", path, "").vuole(t, 503, "registro.non_disponibile"); strings.Contains(strings.ToUpper(r.body), "CANARINA") || r.header.Get("ETag") != "" {
			t.Error("the answer shows something all the same")
		}
	}
	if r := anna.chiede(t, i, "HEAD", uno, ""); r.status != 503 || r.header.Get("ETag") != "" {
		t.Errorf("HEAD: %d %v", r.status, r.header)
	}
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", due).vuole(t, 503, "registro.non_disponibile")
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", nessuna).vuole(t, 200, "")
	i.SogliaRegistro = 1
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", due).vuole(t, 503, "registro.non_disponibile")
	i.SogliaRegistro = 2
	carla.chiede(t, i, "POST", Base+"/casi/ricerche", due).vuole(t, 200, "")
	anna.chiede(t, i, "GET", uno, "").vuole(t, 503, "registro.non_disponibile")
	i.chi("LONTANA").chiede(t, i, "GET", uno, "").vuole(t, 404, "caso.inesistente")
	guasto.Store(false)
	anna.chiede(t, i, "GET", uno, "").vuole(t, 200, "")
}

func TestTheRecordIsDurableBeforeTheFirstByte(t *testing.T) {
	scritto, chiesto := make(chan struct{}), make(chan struct{}, 1)
	i := nuovo(t, conRegistro(func(ctx context.Context) error {
		chiesto <- struct{}{}
		<-scritto
		return nil
	}))
	anna := i.chi("ANNA")
	i.assegnata(t, 1, anna)
	risposto := make(chan risposta)
	go func() { risposto <- anna.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "") }()
	<-chiesto
	select {
	case r := <-risposto:
		t.Errorf("%d before the record was written", r.status)
	default:
	}
	if n := len(i.accessi(t)); n != 0 {
		t.Errorf("%d records", n)
	}
	close(scritto)
	(<-risposto).vuole(t, 200, "")
	if n := len(i.accessi(t)); n != 1 {
		t.Errorf("%d records", n)
	}
}

// svelati are fields of an answer that show something of a case or of a
// person, and muti the routes whose answers have them and show no case.
var (
	svelati = []string{"codice_fiscale", "cognome", "id_domanda", "caso_id", "indirizzo", "destinatario", "testo"}
	muti    = map[string]string{
		"GET " + Base + "/operatori":             "operators",
		"POST " + Base + "/operatori/ricerche":   "operators",
		"GET " + Base + "/operatori/{operatore}": "an operator",
	}
)

func TestEveryRouteThatShowsACaseIsRecorded(t *testing.T) {
	c := contratto(t)
	for _, r := range routes {
		op, err := c.operation(r)
		if err != nil {
			t.Fatal(err)
		}
		var campi []string
		for status, risposta := range op.route.Operation.Responses.Map() {
			for _, corpo := range risposta.Value.Content {
				if status < "300" {
					campi = append(campi, campiDi(corpo.Schema, map[*openapi3.Schema]bool{})...)
				}
			}
		}
		if r.keyed { // a command answers with the id of its case, and warnings
			campi = slices.DeleteFunc(campi, func(n string) bool { return n == "caso_id" || n == "testo" })
		}
		mostra := slices.ContainsFunc(svelati, func(n string) bool { return slices.Contains(campi, n) })
		legge := r.method == http.MethodGet && r.suUnCaso()
		if (mostra || legge) && muti[r.name()] == "" && len(r.traccia) == 0 {
			slices.Sort(campi)
			t.Errorf("%s shows cases, and nobody records who looks: %v", r.name(), slices.Compact(campi))
		}
	}
}

// campiDi are the names of the fields of a schema, and of those in it.
func campiDi(ref *openapi3.SchemaRef, visti map[*openapi3.Schema]bool) (nomi []string) {
	if ref == nil || ref.Value == nil || visti[ref.Value] {
		return nil
	}
	s := ref.Value
	visti[s] = true
	for nome, p := range s.Properties {
		nomi = append(append(nomi, nome), campiDi(p, visti)...)
	}
	for _, altro := range slices.Concat(s.OneOf, s.AllOf, s.AnyOf, []*openapi3.SchemaRef{s.Items}) {
		nomi = append(nomi, campiDi(altro, visti)...)
	}
	return nomi
}

// whatever people search for and read, no record holds a word of it.
func TestNoRecordHoldsPersonalData(t *testing.T) {
	i := nuovo(t)
	carla, anna, super := i.chi("CARLA"), i.chi("ANNA"), i.chi("SUPER")
	i.assegnata(t, 1, anna)
	quanti := 400
	if os.Getenv("NUCLEO_LONG") != "" {
		quanti = 10_000
	}
	var valori []string
	for n := range quanti {
		v := fmt.Sprintf("CANARINO%dX", n)
		valori = append(valori, v)
		corpo := fmt.Sprintf(`{"lista":"da_assegnare","nome":%q,"indirizzo":%q}`, v, v)
		switch n % 4 {
		case 0:
			carla.chiede(t, i, "POST", Base+"/casi/ricerche", corpo)
		case 1:
			super.chiede(t, i, "POST", Base+"/casi/ricerche", `{"`+v+`":"`+v+`"}`)
		case 2:
			anna.chiede(t, i, "POST", Base+"/casi/miei/ricerche", `{"nome":"`+v+`"}`)
		case 3:
			carla.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String()+"?nome="+v, "")
		}
	}
	anna.chiede(t, i, "GET", Base+"/casi/"+casoN(1).String(), "").vuole(t, 200, "")
	var tutto strings.Builder
	registrati := 0
	for e, err := range i.store.All(t.Context(), 0, false) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(e.Stream, "accesso-") {
			registrati++
			tutto.WriteString(cheDice(e))
		}
	}
	testo, trovati := strings.ToUpper(tutto.String()), 0
	for _, v := range append(valori, canarini...) {
		if strings.Contains(testo, strings.ToUpper(v)) {
			trovati++
			t.Errorf("a record holds %q", v)
		}
	}
	if registrati < quanti*3/4 {
		t.Errorf("%d records of %d requests", registrati, quanti)
	}
	t.Logf("METRIC access-canaries values=%d records=%d found=%d", len(valori)+len(canarini), registrati, trovati)
}

func cheDice(e eventstore.Stored) string { return e.Stream + string(e.Data) + string(e.Meta) + "\n" }

// Of a request about many cases, each row that was refused is recorded as if it
// had been asked for alone; those that were decided have their events.
func TestRowsThatWereRefusedAreRecordedOneByOne(t *testing.T) {
	i := nuovo(t)
	carla, anna := i.chi("CARLA"), i.chi("ANNA")
	_, sua := i.segnala(t, 1, carla, anna)
	prima := len(i.accessi(t))
	corpo := `{"decisione":"approvata","segnalazioni":[`
	for n := range 3 { // of Carla, of nobody yet, of no case
		corpo += fmt.Sprintf(`{"caso_id":"%s","segnalazione_id":"%s"},`, casoN([]int{1, 2, 9999}[n]), sua)
	}
	corpo = corpo[:len(corpo)-1] + `]}`
	for chi, want := range map[string][]id.Caso{"DARIA": {casoN(1), casoN(2), casoN(9999)}, "CARLA": {casoN(2), casoN(9999)}} {
		i.chi(chi).chiede(t, i, "POST", Base+"/segnalazioni/decisioni", corpo).vuole(t, 200, "")
		var got []id.Caso
		for _, r := range i.accessi(t)[prima:] {
			a := r.Event.(accesso.Registrato)
			if a.Rotta != "POST "+Base+"/segnalazioni/decisioni" || a.Decisione != accesso.Negato || a.Motivo == "" || a.Righe != 0 {
				t.Errorf("%+v", a)
			}
			got = append(got, a.Caso)
		}
		prima += len(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", chi, diff)
		}
	}
}
