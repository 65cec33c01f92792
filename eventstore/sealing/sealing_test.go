package sealing_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/eventstore/sealing"
	"nucleo/internal/catalogo"
)

var update = flag.Bool("update", false, "write testdata/campi.golden anew")

// TestWhoseEachFieldIs holds testdata/campi.golden to the code: a new event
// with personal data must say there whose they are. go test ./eventstore/sealing
// -run TestWhose -update writes it.
func TestWhoseEachFieldIs(t *testing.T) {
	var b strings.Builder
	for _, name := range catalogo.Eventi.Types() {
		for _, f := range sealing.Fields(catalogo.Eventi.Shape(name)) {
			fmt.Fprintf(&b, "%s %s %s %s\n", name, f.Path, f.Kind, f.Owner)
		}
	}
	const golden = "testdata/campi.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("whose fields are has changed (-written +now):\n%s", diff)
	}
}

// What the tags name as personal, and nothing else, is sealed.
func TestEveryTaggedFieldIsSealed(t *testing.T) {
	for _, name := range catalogo.Eventi.Types() {
		shape := catalogo.Eventi.Shape(name)
		if tagged := personale.Contiene(shape); tagged != (len(sealing.Fields(shape)) > 0) {
			t.Errorf("%s: tagged %t, sealed %t", name, tagged, !tagged)
		}
	}
}

// anello is a ring of keys, one for each subject.
type anello struct {
	of       map[string]sealing.Key
	secrets  map[uuid.UUID]sealing.Secret
	subjects map[uuid.UUID]string
	gone     func(subject string) bool
}

func nuovo() *anello {
	return &anello{map[string]sealing.Key{}, map[uuid.UUID]sealing.Secret{}, map[uuid.UUID]string{}, func(string) bool { return false }}
}

func (a *anello) key(subject string) (sealing.Key, error) {
	k, has := a.of[subject]
	if !has {
		k = sealing.Key{ID: uuid.New()}
		copy(k.Secret[:], uuid.NewString())
		a.of[subject], a.secrets[k.ID], a.subjects[k.ID] = k, k.Secret, subject
	}
	return k, nil
}

func (a *anello) find(kid uuid.UUID) (sealing.Secret, error) {
	if a.gone(a.subjects[kid]) {
		return sealing.Secret{}, sealing.ErrDestroyed
	}
	s, has := a.secrets[kid]
	if !has {
		return s, errors.New("no such key")
	}
	return s, nil
}

func apri(data []byte, shape reflect.Type, at sealing.Place, a *anello) ([]byte, error) {
	s, sealed, err := sealing.Parse(data)
	if err != nil || !sealed {
		return data, err
	}
	return s.Open(shape, at, a.find)
}

func posto(name string) sealing.Place {
	return sealing.Place{Stream: "caso-" + uuid.NewString(), Type: name, ID: uuid.New()}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Events of every type and shape, with values made up, are the same when they
// were sealed and opened; what was sealed holds none of their personal values.
func TestWhatIsSealedOpensAsItWas(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 21))
	sealedTypes := 0
	for _, name := range catalogo.Eventi.Types() {
		shape := catalogo.Eventi.Shape(name)
		for range 20 {
			v := reflect.New(shape).Elem()
			canaries := riempi(rng, v, "")
			data, at, a := marshal(t, v.Interface()), posto(name), nuovo()
			sealed, err := sealing.Seal(data, shape, at, a.key)
			if err != nil {
				t.Fatal(name, err)
			}
			if !json.Valid(sealed) {
				t.Fatalf("%s: not JSON: %s", name, sealed)
			}
			if len(canaries) > 0 {
				sealedTypes++
			}
			for _, c := range canaries {
				if bytes.Contains(sealed, []byte(c)) {
					t.Fatalf("%s: %q stands in %s", name, c, sealed)
				}
			}
			opened, err := apri(sealed, shape, at, a)
			if err != nil {
				t.Fatal(name, err)
			}
			diverso(t, name, catalogo.Eventi, data, opened)
		}
	}
	if sealedTypes < 400 {
		t.Errorf("only %d events had personal data", sealedTypes)
	}
}

func diverso(t *testing.T, name string, c domain.Catalog, want, got []byte) {
	t.Helper()
	before, err := c.Decode(name, want)
	if err != nil {
		t.Fatalf("%s: %v in %s", name, err, want)
	}
	after, err := c.Decode(name, got)
	if err != nil {
		t.Fatalf("%s: %v in %s", name, err, got)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("%s: %s", name, diff)
	}
}

// With any of the keys destroyed an event can still be read, and what is left
// of the personal data is what the other keys open.
func TestAnErasedEventIsStillRead(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, name := range catalogo.Eventi.Types() {
		shape := catalogo.Eventi.Shape(name)
		for range 20 {
			v := reflect.New(shape).Elem()
			canaries := riempi(rng, v, "")
			data, at, a := marshal(t, v.Interface()), posto(name), nuovo()
			sealed, err := sealing.Seal(data, shape, at, a.key)
			if err != nil {
				t.Fatal(err)
			}
			some := rng.IntN(2) == 0
			a.gone = func(string) bool { return !some || rng.IntN(2) == 0 }
			opened, err := apri(sealed, shape, at, a)
			if err != nil {
				t.Fatal(name, err)
			}
			if _, err := catalogo.Eventi.Decode(name, opened); err != nil {
				t.Fatalf("%s: %v in %s", name, err, opened)
			}
			for _, c := range canaries {
				if !some && bytes.Contains(opened, []byte(c)) {
					t.Fatalf("%s: %q is still there", name, c)
				}
			}
		}
	}
}

var (
	anna = id.Componente{UUID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001")}
	ugo  = id.Componente{UUID: uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000002")}
)

func domanda() caso.DomandaRicevuta {
	d := caso.DomandaRicevuta{IDDomanda: "INPS-ADI-2026-1", Comune: "G273", ISEE: 5000, Indirizzo: caso.Indirizzo{Via: "VIA ROMA", Civico: "1"}}
	d.Componenti = []caso.Componente{
		{ID: anna, CodiceFiscale: "RSSNNA80A41G273Z", Cognome: "ROSSI", Nome: "ANNA", DataNascita: 700_000, Convivente: true},
		{ID: ugo, CodiceFiscale: "RSSGUO10A01G273Z", Cognome: "ROSSI", Nome: "UGO", Recapiti: caso.Recapiti{Telefono: "091"}},
	}
	return d
}

func TestWhoIsErasedReadsCancellatoAndTheOthersStay(t *testing.T) {
	at, a, shape := posto("DomandaRicevuta"), nuovo(), reflect.TypeFor[caso.DomandaRicevuta]()
	sealed, err := sealing.Seal(marshal(t, domanda()), shape, at, a.key)
	if err != nil {
		t.Fatal(err)
	}
	a.gone = func(subject string) bool { return subject == "persona/"+anna.String() }
	opened, err := apri(sealed, shape, at, a)
	if err != nil {
		t.Fatal(err)
	}
	want := domanda()
	c := sealing.Cancellato
	want.Componenti[0] = caso.Componente{ID: anna, CodiceFiscale: c, Cognome: c, Nome: c, Sesso: c, ComuneNascita: c, Nazionalita: c, Relazione: c,
		GradoDisabilita: c, Occupazione: c, StatoPattoLavoro: c, TitoloStudio: c, QualificaProfessionale: c, TitoloSoggiorno: c, StatoBeneficio: c,
		Recapiti: caso.Recapiti{Telefono: c, Cellulare: c, Email: c}}
	got, err := catalogo.Eventi.Decode("DomandaRicevuta", opened)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(domain.Event(want), got); diff != "" {
		t.Error(diff)
	}
	refs := []string{}
	s, _, _ := sealing.Parse(sealed)
	for _, r := range s.Refs() {
		refs = append(refs, r.Subject)
	}
	household := strings.Replace(at.Stream, "-", "/", 1)
	if diff := cmp.Diff([]string{household, "persona/" + anna.String(), "persona/" + ugo.String()}, refs); diff != "" {
		t.Error(diff)
	}
}

// Nothing that was changed, or stands in another place, is opened.
func TestWhatIsNotOfThisPlaceIsRefused(t *testing.T) {
	at, a, shape := posto("DomandaRicevuta"), nuovo(), reflect.TypeFor[caso.DomandaRicevuta]()
	sealed, err := sealing.Seal(marshal(t, domanda()), shape, at, a.key)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[string]sealing.Place{
		"stream": {Stream: at.Stream + "0", Type: at.Type, ID: at.ID},
		"type":   {Stream: at.Stream, Type: "AltraCosa", ID: at.ID},
		"event":  {Stream: at.Stream, Type: at.Type, ID: uuid.New()},
	}
	for what, place := range elsewhere {
		if _, err := apri(sealed, shape, place, a); !errors.Is(err, sealing.ErrDamaged) {
			t.Errorf("another %s: %v", what, err)
		}
	}
	for what, change := range map[string]func(string) string{
		"two people changed places": func(s string) string {
			return strings.NewReplacer(`["/componenti/0"]`, `["/componenti/1"]`, `["/componenti/1"]`, `["/componenti/0"]`).Replace(s)
		},
		"two subjects changed places": func(s string) string {
			x, y := `"sog":"persona/`+anna.String(), `"sog":"persona/`+ugo.String()
			return strings.NewReplacer(x, y, y, x).Replace(s)
		},
		"two keys changed places": func(s string) string {
			x, y := a.of["persona/"+anna.String()].ID.String(), a.of["persona/"+ugo.String()].ID.String()
			return strings.NewReplacer(x, y, y, x).Replace(s)
		},
	} {
		if _, err := apri([]byte(change(string(sealed))), shape, at, a); !errors.Is(err, sealing.ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	b := nuovo()
	for subject := range a.of {
		b.secrets[a.of[subject].ID] = sealing.Secret{1}
	}
	if _, err := apri(sealed, shape, at, b); !errors.Is(err, sealing.ErrDamaged) {
		t.Errorf("by other keys: %v", err)
	}
}

// A flipped bit of what is sealed is seen; of what is in the clear, the chain sees it.
func TestEveryFlippedBitOfWhatIsSealedIsSeen(t *testing.T) {
	at, a, shape := posto("DomandaRicevuta"), nuovo(), reflect.TypeFor[caso.DomandaRicevuta]()
	sealed, err := sealing.Seal(marshal(t, domanda()), shape, at, a.key)
	if err != nil {
		t.Fatal(err)
	}
	end := bytes.Index(sealed, []byte("}],")) + 1
	for i := len(`{"sigillati":[`); i < end; i++ {
		for bit := range 8 {
			changed := slices.Clone(sealed)
			changed[i] ^= 1 << bit
			opened, err := apri(changed, shape, at, a)
			if err != nil {
				continue
			}
			if e, err := catalogo.Eventi.Decode(at.Type, opened); err == nil && !bytes.EqualFold(changed, sealed) {
				t.Fatalf("bit %d of byte %d: %+v", bit, i, e)
			}
		}
	}
}

// An event of before sealing is read as ever.
func TestWhatIsInTheClearStaysSo(t *testing.T) {
	for _, clear := range []string{`{}`, `{"testo":"x","sigillati":[]}`, `null`, ``} {
		if opened, err := apri([]byte(clear), nil, sealing.Place{}, nuovo()); err != nil || string(opened) != clear {
			t.Errorf("%s: %s %v", clear, opened, err)
		}
	}
}

// A nonce that comes twice under one key would give away what both seal.
func TestTwoSealsOfOneEventAreNeverTheSame(t *testing.T) {
	at := sealing.Place{Stream: "caso-1", Type: "DomandaRicevuta", ID: uuid.UUID{7}}
	a, shape, data := nuovo(), reflect.TypeFor[caso.DomandaRicevuta](), marshal(t, domanda())
	nonce := regexp.MustCompile(`"n":"[^"]+"`)
	found := map[string]bool{}
	for range 20 {
		sealed, err := sealing.Seal(data, shape, at, a.key)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range nonce.FindAllString(string(sealed), -1) {
			if found[n] {
				t.Fatalf("%s stands twice", n)
			}
			found[n] = true
		}
	}
	if len(found) < 20 {
		t.Fatalf("%d values were sealed: nothing was tried", len(found))
	}
}
