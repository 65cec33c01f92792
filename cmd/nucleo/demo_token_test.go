package main

import (
	"strings"
	"testing"
	"time"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/httpapi/auth"
)

func TestAFreshTokenIsThatOfTheDemoOfTheDirectory(t *testing.T) {
	const chi = "RSSMRA80A01H501U"
	rifiuta := func(dir, perche string, env []string, args ...string) {
		t.Helper()
		if out, err := verboCon(t, dir, env, append([]string{"demo", "token"}, args...)...); err == nil || !strings.Contains(err.Error(), perche) {
			t.Errorf("%s%v, want to be told %q", out, err, perche)
		}
	}
	rifiuta(t.TempDir(), "there is no installation", nil, chi)
	c, err := cartella.Apri(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rifiuta(c.Dir, "no demo ever ran", nil, chi)
	chiavi, err := chiaviDemo(config{Audience: "nucleo"}, c) // as a demo does when it starts
	if err != nil {
		t.Fatal(err)
	}
	rifiuta(c.Dir, "by a codice fiscale", nil, "MARIO")
	rifiuta(c.Dir, "NUCLEO_ENV=production", []string{"NUCLEO_ENV=production"}, chi)
	out, err := verbo(t, c.Dir, "demo", "token", strings.ToLower(chi))
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.New(t.Context(), auth.Config{Issuer: emittenteDemo, Audience: "nucleo", Keys: chiavi.Keys()})
	if err != nil {
		t.Fatal(err)
	}
	if in, err := v.Verify(t.Context(), strings.TrimSpace(out)); err != nil || in.CodiceFiscale != chi || time.Since(in.AuthTime) > time.Minute {
		t.Errorf("%+v, %v", in, err)
	}
}
