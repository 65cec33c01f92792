package emittente_test

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/httpapi/auth"
)

const person = "RSSMRA80A01H501U"

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func config(t *testing.T) emittente.Config {
	return emittente.Config{
		KeyFile:  filepath.Join(t.TempDir(), "demo", "emittente.pem"),
		Issuer:   "http://127.0.0.1:8080/emittente",
		Audience: "nucleo",
		Now:      func() time.Time { return now },
	}
}

func made(t *testing.T, c emittente.Config) *emittente.Emittente {
	t.Helper()
	e, err := emittente.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// verifier believes the tokens of e, at a time of its own.
func verifier(t *testing.T, c emittente.Config, e *emittente.Emittente, at time.Time) *auth.Verifier {
	t.Helper()
	v, err := auth.New(t.Context(), auth.Config{
		Issuer: c.Issuer, Audience: c.Audience, Programmi: []string{"sistema-inps"},
		Keys: e.Keys(), Now: func() time.Time { return at },
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestATokenIsBelievedAndOutlivesARestart(t *testing.T) {
	c := config(t)
	token, err := made(t, c).Token(person, "Maria Rossi", 0)
	if err != nil {
		t.Fatal(err)
	}
	again := made(t, c)
	got, err := verifier(t, c, again, now.Add(29*24*time.Hour)).Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	got.ID = ""
	want := auth.Identita{CodiceFiscale: person, AuthTime: now, Scade: now.Add(emittente.Validity)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := verifier(t, c, again, now.Add(emittente.Validity)).Verify(t.Context(), token); !errors.Is(err, auth.ErrScaduto) {
		t.Errorf("after its validity: %v", err)
	}
}

func TestAProgramHasAToken(t *testing.T) {
	c := config(t)
	e := made(t, c)
	token, err := e.TokenProgramma("sistema-inps")
	if err != nil {
		t.Fatal(err)
	}
	got, err := verifier(t, c, e, now).Verify(t.Context(), token)
	if err != nil || got.Programma != "sistema-inps" || got.CodiceFiscale != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheKeysAreServedUnderThePathOfTheIssuer(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	c := config(t)
	c.Issuer = "http://" + server.Listener.Addr().String() + "/emittente"
	e := made(t, c)
	server.Config.Handler = e.Handler()
	server.Start()
	t.Cleanup(server.Close)
	v, err := auth.New(t.Context(), auth.Config{Issuer: c.Issuer, Audience: c.Audience, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	token, err := e.Token(person, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Error(err)
	}
}

func TestProductionIsRefused(t *testing.T) {
	for _, name := range []string{"production", "Production", " production\n"} {
		c := config(t)
		c.Ambiente = name
		var refused *emittente.Error
		if _, err := emittente.New(c); !errors.As(err, &refused) || refused.Code() != "emittente.produzione" {
			t.Errorf("%q: got %v", name, err)
		}
		if _, err := os.Stat(c.KeyFile); !os.IsNotExist(err) {
			t.Errorf("%q: a key was made", name)
		}
	}
}

func TestTheKeyIsForItsOwnerAlone(t *testing.T) {
	c := config(t)
	made(t, c)
	info, err := os.Stat(c.KeyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(c.KeyFile, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := emittente.New(c); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
}

func TestADamagedKeyIsNotReplacedInSilence(t *testing.T) {
	c := config(t)
	made(t, c)
	if err := os.WriteFile(c.KeyFile, []byte("-----BEGIN"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := emittente.New(c); err == nil {
		t.Error("a damaged key was accepted")
	}
}

func TestTwoThatStartAtOnceShareOneKey(t *testing.T) {
	c := config(t)
	names := make([]string, 8)
	var all sync.WaitGroup
	for i := range names {
		all.Go(func() {
			e, err := emittente.New(c)
			if err != nil {
				t.Error(err)
				return
			}
			names[i] = e.Keys().Keys[0].KeyID
		})
	}
	all.Wait()
	for _, name := range names {
		if name != names[0] {
			t.Fatalf("different keys: %v", names)
		}
	}
}

func TestTheSubjectIsThePersonsAndTellsNothing(t *testing.T) {
	c := config(t)
	e := made(t, c)
	subject := func(codice string) string {
		token, err := e.Token(codice, "", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return claim(t, token, "sub")
	}
	if first, again := subject(person), subject(person); first != again {
		t.Error("the subject of a person changes")
	}
	if subject(person) == subject("VRDLGI85M01F205X") || strings.Contains(subject(person), person) {
		t.Error("the subject does not hide the person, or is shared")
	}
}
