package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"nucleo/httpapi/auth"
	"nucleo/httpapi/auth/authtest"
)

// usati remembers in memory.
type usati struct {
	mu sync.Mutex
	m  map[[32]byte]bool
}

func (u *usati) Usa(_ context.Context, cosa [32]byte, _ time.Time) (bool, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	prima := !u.m[cosa]
	u.m[cosa] = true
	return prima, nil
}

const back = "https://nucleo.example/rest/nucleo/v1/accesso/ritorno"

// client is Nucleo as a client of a provider of the tests.
type client struct {
	*auth.Accesso
	op *authtest.OP
}

func accesso(t testing.TB, change ...func(*auth.AccessoConfig)) client {
	t.Helper()
	op := authtest.New(t, func() time.Time { return now })
	op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + person}
	config := auth.AccessoConfig{
		Config:  auth.Config{Issuer: op.URL, Audience: op.Client, Now: func() time.Time { return now }, Client: op.Inside()},
		Segreto: op.Secret, Redirect: back, Chiave: make([]byte, 32), Usati: &usati{m: map[[32]byte]bool{}},
	}
	for _, c := range change {
		c(&config)
	}
	a, err := auth.NuovoAccesso(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return client{a, op}
}

// goes is a sign-in as far as the way back: what the browser holds and brings.
func (c client) goes(t testing.TB, strong bool) (sealed string, said url.Values) {
	t.Helper()
	to, sealed, err := c.Inizia(t.Context(), "/there", strong)
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	c.op.Routes.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, to, nil))
	where, err := url.Parse(answer.Header().Get("Location"))
	if err != nil || !strings.HasPrefix(where.String(), back) {
		t.Fatalf("the provider sends to %s", where)
	}
	return sealed, where.Query()
}

func (c client) signsIn(t testing.TB, strong bool) (auth.Entrata, error) {
	t.Helper()
	sealed, said := c.goes(t, strong)
	return c.Ritorna(t.Context(), sealed, said)
}

func TestAGoodAnswerSignsAPersonIn(t *testing.T) {
	info := map[string]any{"sub": "someone", auth.ClaimEID: "TINIT-" + person}
	for name, change := range map[string]func(*authtest.OP){
		"as it is":                 func(*authtest.OP) {},
		"attributes from userinfo": func(op *authtest.OP) { op.Claims, op.Userinfo = nil, info },
		"azp and two audiences":    func(op *authtest.OP) { op.Claims["aud"], op.Claims["azp"] = []string{"other", op.Client}, op.Client },
		"without jti and at_hash":  func(op *authtest.OP) { op.Claims["jti"], op.Claims["at_hash"] = nil, nil },
		"SPID level 3":             func(op *authtest.OP) { op.Claims["acr"] = "https://www.spid.gov.it/SpidL3" },
		"a provider that does not name iss": func(op *authtest.OP) {
			op.Meta = map[string]any{"authorization_response_iss_parameter_supported": nil}
			op.Back = func(v url.Values) { v.Del("iss") }
		},
	} {
		for _, strong := range []bool{false, true} {
			c := accesso(t)
			change(c.op)
			got, err := c.signsIn(t, strong)
			if err != nil || got.CodiceFiscale != person || got.Ritorno != "/there" || got.Forte != strong || !got.AuthTime.Equal(now) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
	}
}

func TestASignInWorksOnceAndInTheBrowserThatBeganIt(t *testing.T) {
	c := accesso(t)
	sealed, said := c.goes(t, false)
	other, _ := c.goes(t, false)
	for name, held := range map[string]string{"none": "", "another": other, "cut": sealed[1:], "longer": sealed + "A", "changed": sealed[:20] + "AAAA" + sealed[24:]} {
		if _, err := c.Ritorna(t.Context(), held, said); !errors.Is(err, auth.ErrTentativo) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Ritorna(t.Context(), sealed, said); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Ritorna(t.Context(), sealed, said); !errors.Is(err, auth.ErrTentativo) {
		t.Errorf("twice: %v", err)
	}
	if len(c.op.Seen) != 1 {
		t.Errorf("%d codes were exchanged", len(c.op.Seen))
	}
}

func TestACodeOfAnotherSignInIsOfNoUse(t *testing.T) {
	for name, change := range map[string]func(mine, other url.Values){
		"injected":  func(mine, other url.Values) { mine.Set("code", other.Get("code")) }, // PKCE: its verifier lies with another browser
		"used once": func(mine, other url.Values) { mine.Set("code", other.Get("used")) },
	} {
		c := accesso(t)
		first, said := c.goes(t, false)
		if _, err := c.Ritorna(t.Context(), first, said); err != nil {
			t.Fatal(err)
		}
		sealed, mine := c.goes(t, false)
		_, other := c.goes(t, false)
		other.Set("used", said.Get("code"))
		change(mine, other)
		if who, err := c.Ritorna(t.Context(), sealed, mine); !errors.Is(err, auth.ErrRisposta) {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
}

func TestTheClientProvesItselfAsTheProviderAsks(t *testing.T) {
	seen := map[string]string{}
	for name, methods := range map[string]any{"header": nil, "body": []string{"client_secret_post"}, "both": []string{"client_secret_post", "client_secret_basic"}} {
		c := accesso(t)
		c.op.Meta = map[string]any{"token_endpoint_auth_methods_supported": methods}
		if methods == nil {
			c.op.Meta = nil
		}
		next := c.op.Routes
		watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/token" {
				_, _, header := r.BasicAuth()
				if seen[name] = "body"; header {
					seen[name] = "header"
				}
				if got := r.PostFormValue("client_secret"); header == (got == c.op.Secret) {
					t.Errorf("%s: secret in the body %q", name, got)
				}
			}
			next.ServeHTTP(w, r)
		})
		c.op.Routes = watched
		c.Accesso, _ = auth.NuovoAccesso(t.Context(), auth.AccessoConfig{
			Config:  auth.Config{Issuer: c.op.URL, Audience: c.op.Client, Now: func() time.Time { return now }, Client: c.op.Inside()},
			Segreto: c.op.Secret, Redirect: back, Chiave: make([]byte, 32), Usati: &usati{m: map[[32]byte]bool{}},
		})
		_, _ = c.signsIn(t, false)
	}
	if seen["header"] != "header" || seen["body"] != "body" || seen["both"] != "header" {
		t.Errorf("%v", seen)
	}
}

func TestAClientThatCouldBeListenedToIsRefused(t *testing.T) {
	for name, change := range map[string]func(*auth.AccessoConfig){
		"back over http":       func(c *auth.AccessoConfig) { c.Redirect = "http://nucleo.example/ritorno" },
		"back with a query":    func(c *auth.AccessoConfig) { c.Redirect = back + "?a=1" },
		"no way back":          func(c *auth.AccessoConfig) { c.Redirect = "" },
		"a short key":          func(c *auth.AccessoConfig) { c.Chiave = make([]byte, 16) },
		"nothing that is once": func(c *auth.AccessoConfig) { c.Usati = nil },
		"issuer over http":     func(c *auth.AccessoConfig) { c.Issuer = "http://op.example" },
		"no client":            func(c *auth.AccessoConfig) { c.Audience = "" },
	} {
		config := auth.AccessoConfig{Config: auth.Config{Issuer: issuer, Audience: "console"}, Redirect: back, Chiave: make([]byte, 32), Usati: &usati{}}
		change(&config)
		if _, err := auth.NuovoAccesso(t.Context(), config); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// TestAnIDTokenOpensNothing is the confusion of tokens where the client of the
// browser is the audience of the API too.
func TestAnIDTokenOpensNothing(t *testing.T) {
	op := authtest.New(t, func() time.Time { return now })
	op.Claims = map[string]any{auth.ClaimEID: "TINIT-" + person}
	v, err := auth.New(t.Context(), auth.Config{Issuer: op.URL, Audience: op.Client, Now: func() time.Time { return now }, Client: op.Inside()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context(), op.ID("a nonce", "an access token")); !errors.Is(err, auth.ErrDiIdentita) {
		t.Error(err)
	}
	op.Claims["nonce"], op.Claims["at_hash"] = nil, nil
	if _, err := v.Verify(t.Context(), op.ID("", "")); err != nil { // the same without what tells it an ID token
		t.Error(err)
	}
}

func TestAnAccessTokenThatSaysSoMayHoldANonce(t *testing.T) {
	token := sign(t, jose.ES256, ecKey, "ec", payload(t, said(map[string]any{"nonce": "n"})), map[jose.HeaderKey]any{"typ": "at+jwt"})
	if _, err := verifier(t).Verify(t.Context(), token); err != nil {
		t.Error(err)
	}
}
