package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"nucleo/httpapi/auth"
)

// provider is an issuer whose keys and health a test decides.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	keys   []any
	down   bool
	claims map[string]any // over those of the discovery document
	asked  atomic.Int64   // for keys
	tokens atomic.Int64   // made by token
}

func newProvider(t *testing.T, keys ...any) *provider {
	p := &provider{keys: keys}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.down {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		answer := map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/jwks"}
		if r.URL.Path == "/jwks" {
			p.asked.Add(1)
			answer = map[string]any{"keys": p.keys}
		}
		for name, value := range p.claims {
			answer[name] = value
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// token is one that no cache has seen.
func (p *provider) token(t *testing.T, kid string, key any) string {
	body := said(map[string]any{"iss": p.URL, "jti": fmt.Sprint(p.tokens.Add(1)), "exp": now.Add(24 * time.Hour).Unix()})
	return sign(t, jose.ES256, key, kid, payload(t, body), nil)
}

// clock is a time that a test moves.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return now.Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

func (p *provider) verifier(t *testing.T, c *clock) *auth.Verifier {
	t.Helper()
	v, err := auth.New(t.Context(), auth.Config{Issuer: p.URL, Audience: audience, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func expect(t *testing.T, v *auth.Verifier, token string, want error, when string) {
	t.Helper()
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", when, err, want)
	}
}

func TestKeysAreFetchedOnceAndAgainWhenTheyChange(t *testing.T) {
	p := newProvider(t, public("old", "", ecKey.Public()))
	c := &clock{}
	v := p.verifier(t, c)
	for range 5 {
		expect(t, v, p.token(t, "old", ecKey), nil, "with the first key")
	}
	if n := p.asked.Load(); n != 1 {
		t.Errorf("asked %d times for one key", n)
	}
	p.set(func() { p.keys = []any{public("new", "", otherEC.Public())} })
	c.advance(10 * time.Second)
	expect(t, v, p.token(t, "new", otherEC), nil, "with the new key")
	expect(t, v, p.token(t, "old", ecKey), auth.ErrFirma, "with the key that was taken back")
}

func TestAKeyThatWasTakenBackStopsWorkingWithoutANewOne(t *testing.T) {
	p := newProvider(t, public("a", "", ecKey.Public()))
	c := &clock{}
	v := p.verifier(t, c)
	token := p.token(t, "a", ecKey)
	expect(t, v, token, nil, "before")
	p.set(func() { p.keys = nil })
	c.advance(11 * time.Minute)
	expect(t, v, token, auth.ErrFirma, "eleven minutes later")
}

func TestAnIssuerThatIsDownAtStartIsFoundLater(t *testing.T) {
	p := newProvider(t, public("a", "", ecKey.Public()))
	p.set(func() { p.down = true })
	c := &clock{}
	v := p.verifier(t, c)
	expect(t, v, p.token(t, "a", ecKey), auth.ErrChiavi, "while it is down")
	p.set(func() { p.down = false })
	expect(t, v, p.token(t, "a", ecKey), auth.ErrChiavi, "within a second of the last try")
	c.advance(time.Second)
	expect(t, v, p.token(t, "a", ecKey), nil, "when it is up")
}

func TestAnIssuerThatGoesDownIsMissedAfterAnHour(t *testing.T) {
	p := newProvider(t, public("a", "", ecKey.Public()))
	c := &clock{}
	v := p.verifier(t, c)
	expect(t, v, p.token(t, "a", ecKey), nil, "while it is up")
	p.set(func() { p.down = true })
	c.advance(59 * time.Minute)
	expect(t, v, p.token(t, "a", ecKey), nil, "for an hour")
	c.advance(2 * time.Minute)
	expect(t, v, p.token(t, "a", ecKey), auth.ErrChiavi, "after an hour")
	p.set(func() { p.down = false })
	c.advance(time.Second)
	expect(t, v, p.token(t, "a", ecKey), nil, "when it is back")
}

func TestMadeUpKeysDoNotFloodTheIssuer(t *testing.T) {
	p := newProvider(t, public("a", "", ecKey.Public()))
	v := p.verifier(t, &clock{})
	var all sync.WaitGroup
	for i := range 50 {
		token := p.token(t, fmt.Sprint("made-up-", i), otherEC)
		all.Go(func() {
			if _, err := v.Verify(t.Context(), token); !errors.Is(err, auth.ErrFirma) {
				t.Errorf("got %v", err)
			}
		})
	}
	all.Wait()
	if n := p.asked.Load(); n > 2 {
		t.Errorf("50 made-up keys asked the issuer %d times", n)
	}
}

func TestAnIssuerThatHangsHoldsNobodyPastTheirDeadline(t *testing.T) {
	hang := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(hang) })
	v, err := auth.New(t.Context(), auth.Config{Issuer: s.URL, Audience: audience, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := v.Verify(ctx, good(t, nil)); !errors.Is(err, auth.ErrChiavi) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("held for %v", took)
	}
}

func TestAnIssuerThatLiesBringsNoKeys(t *testing.T) {
	cases := map[string]map[string]any{
		"another issuer":         {"issuer": "https://evil.example"},
		"keys over http":         {"jwks_uri": "http://evil.example/jwks"},
		"keys in a file":         {"jwks_uri": "file:///etc/passwd"},
		"no keys":                {"jwks_uri": ""},
		"an answer without end":  {"pad": strings.Repeat("a", 2<<20)},
		"keys that are no list":  {"keys": "none"},
		"a document without end": {"issuer": strings.Repeat("a", 2<<20)},
	}
	for name, claims := range cases {
		p := newProvider(t, public("a", "", ecKey.Public()))
		p.set(func() { p.claims = claims })
		v, err := auth.New(t.Context(), auth.Config{Issuer: p.URL, Audience: audience, Now: (&clock{}).now, Client: &http.Client{Transport: everywhere{p}}})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, v, p.token(t, "a", ecKey), auth.ErrChiavi, name)
	}
}

// everywhere is a network in which every host answers as the provider.
type everywhere struct{ *provider }

func (e everywhere) RoundTrip(request *http.Request) (*http.Response, error) {
	there := request.Clone(request.Context())
	there.URL.Host = e.Listener.Addr().String()
	return http.DefaultTransport.RoundTrip(there)
}

func TestKeysOfOtherKindsDoNotHideTheGoodOne(t *testing.T) {
	odd := map[string]any{"kty": "OKP", "crv": "Ed448", "x": "AAAA", "kid": "odd"}
	secret := jose.JSONWebKey{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "secret", Algorithm: "HS256"}
	p := newProvider(t, odd, secret, public("a", "", ecKey.Public()))
	expect(t, p.verifier(t, &clock{}), p.token(t, "a", ecKey), nil, "beside keys of other kinds")
}

func TestAnIssuerThatRedirectsIsNotFollowed(t *testing.T) {
	p := newProvider(t, public("a", "", ecKey.Public()))
	r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, p.URL+q.URL.Path, http.StatusFound)
	}))
	t.Cleanup(r.Close)
	v, err := auth.New(t.Context(), auth.Config{Issuer: r.URL, Audience: audience, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, v, p.token(t, "a", ecKey), auth.ErrChiavi, "a redirect")
}
