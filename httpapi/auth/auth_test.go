package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"nucleo/httpapi/auth"
)

const (
	issuer   = "https://issuer.example"
	audience = "nucleo"
	person   = "RSSMRA80A01H501U"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// keysOfTest are made once: an RSA key takes a while.
var (
	rsaKey, _   = rsa.GenerateKey(rand.Reader, 2048)
	otherRSA, _ = rsa.GenerateKey(rand.Reader, 2048)
	ecKey, _    = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	otherEC, _  = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ec384, _    = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, edKey, _ = ed25519.GenerateKey(rand.Reader)
)

func public(kid, alg string, key crypto.PublicKey) jose.JSONWebKey {
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: alg, Use: "sig"}
}

var published = &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
	public("rsa", "", rsaKey.Public()),
	public("ec", "ES256", ecKey.Public()),
	public("ec384", "", ec384.Public()),
	public("ed", "", edKey.Public()),
	public("two", "", otherRSA.Public()),
	public("two", "", otherEC.Public()),
	public("enc", "", nil),
	public("rs512", "RS512", otherRSA.Public()),
}}

func verifier(t testing.TB, change ...func(*auth.Config)) *auth.Verifier {
	t.Helper()
	set := *published
	set.Keys = append([]jose.JSONWebKey(nil), published.Keys...)
	set.Keys[6] = jose.JSONWebKey{Key: otherEC.Public(), KeyID: "enc", Use: "enc"}
	config := auth.Config{Issuer: issuer, Audience: audience, Keys: &set, Programmi: []string{"sistema-inps"}, Now: func() time.Time { return now }}
	for _, c := range change {
		c(&config)
	}
	v, err := auth.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// said is what a good token says, with changes; a nil value removes a claim.
func said(changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": issuer, "aud": audience, "sub": "opaque", "jti": "j-1",
		"iat": now.Add(-time.Minute).Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
		"auth_time": now.Add(-2 * time.Minute).Unix(), "acr": auth.SpidL2, auth.ClaimEID: "TINIT-" + person,
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func payload(t testing.TB, c map[string]any) []byte {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// sign makes a token with go-jose.
func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, kid string, body []byte, header map[jose.HeaderKey]any) string {
	t.Helper()
	options := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"typ": "JWT"}}
	maps.Copy(options.ExtraHeaders, header)
	if kid != "" {
		options.ExtraHeaders["kid"] = kid
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func good(t testing.TB, changes map[string]any) string {
	t.Helper()
	return sign(t, jose.ES256, ecKey, "ec", payload(t, said(changes)), nil)
}

func TestAGoodTokenTellsThePerson(t *testing.T) {
	cases := []struct {
		alg jose.SignatureAlgorithm
		key any
		kid string
	}{
		{jose.RS256, rsaKey, "rsa"}, {jose.RS512, rsaKey, "rsa"}, {jose.PS256, rsaKey, "rsa"},
		{jose.ES256, ecKey, "ec"}, {jose.ES256, ecKey, ""}, // the only key for ES256
		{jose.RS512, otherRSA, "rs512"},
	}
	want := auth.Identita{CodiceFiscale: person, ID: "j-1", AuthTime: now.Add(-2 * time.Minute), Scade: now.Add(time.Hour)}
	for _, c := range cases {
		v := verifier(t)
		token := sign(t, c.alg, c.key, c.kid, payload(t, said(nil)), nil)
		for _, when := range []string{"the first time", "from the cache"} {
			got, err := v.Verify(t.Context(), token)
			if err != nil {
				t.Errorf("%s with key %q, %s: %v", c.alg, c.kid, when, err)
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", c.alg, when, diff)
			}
		}
	}
}

func TestWhatATokenMaySayOtherwise(t *testing.T) {
	inASecond := now.Add(59 * time.Second).Unix()
	cases := map[string]map[string]any{
		"a list of audiences":         {"aud": []string{"other", audience}},
		"a code without prefix":       {auth.ClaimEID: person},
		"a code in small letters":     {auth.ClaimEID: strings.ToLower(person)},
		"the claim of plain OIDC":     {auth.ClaimEID: nil, auth.ClaimOIDC: "TINIT-" + person},
		"SPID level 3":                {"acr": "https://www.spid.gov.it/SpidL3"},
		"eIDAS substantial":           {"acr": "http://eidas.europa.eu/LoA/substantial"},
		"eIDAS high":                  {"acr": "http://eidas.europa.eu/LoA/high"},
		"no nbf":                      {"nbf": nil},
		"nbf within the leeway":       {"nbf": inASecond},
		"iat within the leeway":       {"iat": inASecond},
		"azp is the audience":         {"azp": audience},
		"azp is a program":            {"azp": "sistema-inps"},
		"a fraction of a second":      {"exp": float64(now.Unix()) + 3600.5},
		"a claim that nobody defined": {"roles": []string{"super_utente"}},
	}
	for name, changes := range cases {
		got, err := verifier(t).Verify(t.Context(), good(t, changes))
		if err != nil || got.CodiceFiscale != person || got.Programma != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestAProgramHasANameAndNoLevel(t *testing.T) {
	body := map[string]any{"sub": "sistema-inps", "acr": nil, auth.ClaimEID: nil, "auth_time": nil, "jti": nil}
	got, err := verifier(t).Verify(t.Context(), good(t, body))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.ID, "sha256:") {
		t.Errorf("without jti the id must be a hash, got %q", got.ID)
	}
	got.ID = ""
	want := auth.Identita{Programma: "sistema-inps", Scade: now.Add(time.Hour)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheConfigurationDecides(t *testing.T) {
	local := "urn:example:smartcard"
	level := func(c *auth.Config) { c.Livelli = map[string]int{local: 3} }
	l3 := func(c *auth.Config) { c.AcrMinimo = "https://www.spid.gov.it/SpidL3" }
	claim := func(c *auth.Config) { c.CodiceFiscaleClaim = "cf" }
	only := func(c *auth.Config) { c.Algorithms = []string{"RS256"} }
	party := func(c *auth.Config) { c.Parti = []string{"console"} }
	cases := []struct {
		name    string
		change  func(*auth.Config)
		changes map[string]any
		want    error
	}{
		{"a level of their own", level, map[string]any{"acr": local}, nil},
		{"level 2 where 3 is asked", l3, nil, auth.ErrLivello},
		{"a claim of their own", claim, map[string]any{"cf": person}, nil},
		{"another claim than theirs", claim, nil, auth.ErrCodiceFiscale},
		{"an algorithm that they left out", only, nil, auth.ErrAlgoritmo},
		{"a party of theirs", party, map[string]any{"azp": "console"}, nil},
	}
	for _, c := range cases {
		if _, err := verifier(t, c.change).Verify(t.Context(), good(t, c.changes)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestABadTokenIsRefused(t *testing.T) {
	body := payload(t, said(nil))
	es := func(changes map[string]any) string { return good(t, changes) }
	raw := func(text string) string { return sign(t, jose.ES256, ecKey, "ec", []byte(text), nil) }
	head := func(h map[jose.HeaderKey]any) string { return sign(t, jose.ES256, ecKey, "ec", body, h) }
	own := jose.JSONWebKey{Key: otherEC.Public(), KeyID: "own"}
	parts := strings.Split(es(nil), ".")
	forged := strings.Split(es(map[string]any{auth.ClaimEID: "TINIT-VRDLGI85M01F205X"}), ".")
	withoutLast := raw(strings.Replace(string(body), `"iss"`, `"ISS"`, 1))
	cases := []struct {
		name, token string
		want        *auth.Error
	}{
		{"nothing", "", auth.ErrMancante},
		{"a word", "parola", auth.ErrNonValido},
		{"two dots", "..", auth.ErrNonValido},
		{"one dot", "a.b", auth.ErrNonValido},
		{"five parts, as if encrypted", "a.b.c.d.e", auth.ErrNonValido},
		{"not base64", "!!." + parts[1] + "." + parts[2], auth.ErrNonValido},
		{"a header that is no JSON", b64("alg") + "." + parts[1] + "." + parts[2], auth.ErrNonValido},
		{"padding", parts[0] + "=." + parts[1] + "." + parts[2], auth.ErrNonValido},
		{"the JSON form", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, auth.ErrNonValido},
		{"spaces around", " " + es(nil) + " ", auth.ErrNonValido},
		{"9 KiB", es(map[string]any{"pad": strings.Repeat("a", 9<<10)}), auth.ErrTroppoGrande},
		{"alg none", b64(`{"alg":"none"}`) + "." + parts[1] + ".", auth.ErrAlgoritmo},
		{"alg None with a signature", b64(`{"alg":"None","kid":"ec"}`) + "." + parts[1] + "." + parts[2], auth.ErrAlgoritmo},
		{"no alg", b64(`{"kid":"ec"}`) + "." + parts[1] + "." + parts[2], auth.ErrAlgoritmo},
		{"alg twice", b64(`{"alg":"none","alg":"ES256","kid":"ec"}`) + "." + parts[1] + "." + parts[2], auth.ErrNonValido},
		{"HS256 with the public key", hs256(pemOf(rsaKey.Public()), body), auth.ErrAlgoritmo},
		{"HS256 with nothing", hs256(nil, body), auth.ErrAlgoritmo},
		{"RS384", sign(t, jose.RS384, rsaKey, "rsa", body, nil), auth.ErrAlgoritmo},
		{"PS512", sign(t, jose.PS512, rsaKey, "rsa", body, nil), auth.ErrAlgoritmo},
		{"ES384", sign(t, jose.ES384, ec384, "ec384", body, nil), auth.ErrAlgoritmo},
		{"EdDSA", sign(t, jose.EdDSA, edKey, "ed", body, nil), auth.ErrAlgoritmo},
		{"ES256 named, P-384 used", b64(`{"alg":"ES256","kid":"ec384"}`) + "." + parts[1] + "." + parts[2], auth.ErrFirma},
		{"a key that is not known", sign(t, jose.ES256, otherEC, "unknown", body, nil), auth.ErrFirma},
		{"another's key under a known name", sign(t, jose.ES256, otherEC, "ec", body, nil), auth.ErrFirma},
		{"another's RSA key", sign(t, jose.RS256, otherRSA, "rsa", body, nil), auth.ErrFirma},
		{"two keys of one name", sign(t, jose.RS256, otherRSA, "two", body, nil), auth.ErrFirma},
		{"a key for encryption", sign(t, jose.ES256, otherEC, "enc", body, nil), auth.ErrFirma},
		{"a key for another algorithm", sign(t, jose.RS256, otherRSA, "rs512", body, nil), auth.ErrFirma},
		{"the key of EC for RSA", b64(`{"alg":"RS256","kid":"ec"}`) + "." + parts[1] + "." + parts[2], auth.ErrFirma},
		{"no kid where two keys fit", sign(t, jose.RS512, rsaKey, "", body, nil), auth.ErrFirma},
		{"another payload", parts[0] + "." + forged[1] + "." + parts[2], auth.ErrFirma},
		{"another signature", parts[0] + "." + parts[1] + "." + forged[2], auth.ErrFirma},
		{"a signature cut short", parts[0] + "." + parts[1] + "." + parts[2][:40], auth.ErrFirma},
		{"no signature", parts[0] + "." + parts[1] + ".", auth.ErrFirma},
		{"a signature of zeros", parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)), auth.ErrFirma},
		{"a changed header", b64(`{"alg":"ES256","kid":"ec","typ":"at+jwt"}`) + "." + parts[1] + "." + parts[2], auth.ErrFirma},
		{"jwk in the header", sign(t, jose.ES256, otherEC, "", body, map[jose.HeaderKey]any{"jwk": own}), auth.ErrIntestazione},
		{"jku in the header", head(map[jose.HeaderKey]any{"jku": "https://evil.example/jwks"}), auth.ErrIntestazione},
		{"x5u in the header", head(map[jose.HeaderKey]any{"x5u": "https://evil.example/x"}), auth.ErrIntestazione},
		{"x5c in the header", b64(`{"alg":"ES256","kid":"ec","x5c":["AAAA"]}`) + "." + parts[1] + "." + parts[2], auth.ErrIntestazione},
		{"crit in the header", b64(`{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}`) + "." + parts[1] + "." + parts[2], auth.ErrIntestazione},
		{"another crit in the header", b64(`{"alg":"ES256","kid":"ec","crit":["exp"],"exp":1}`) + "." + parts[1] + "." + parts[2], auth.ErrIntestazione},
		{"a logout token", head(map[jose.HeaderKey]any{"typ": "logout+jwt"}), auth.ErrIntestazione},
		{"a proof of possession", head(map[jose.HeaderKey]any{"typ": "dpop+jwt"}), auth.ErrIntestazione},
		{"an ID token, by its nonce", es(map[string]any{"nonce": "n"}), auth.ErrDiIdentita},
		{"an ID token, by the hash of an access token", es(map[string]any{"at_hash": "h"}), auth.ErrDiIdentita},
		{"an ID token, by the hash of a code", es(map[string]any{"c_hash": nil, "s_hash": "h"}), auth.ErrDiIdentita},
		{"an ID token, by its own word", es(map[string]any{"typ": "ID"}), auth.ErrDiIdentita},
		{"a payload that is no JSON", raw("hello"), auth.ErrNonValido},
		{"a payload that is a list", raw("[]"), auth.ErrNonValido},
		{"a claim twice", raw(strings.Replace(string(body), "{", `{"iss":"https://evil.example",`, 1)), auth.ErrNonValido},
		{"a claim in other letters", withoutLast, auth.ErrEmittente},
		{"another issuer", es(map[string]any{"iss": "https://evil.example"}), auth.ErrEmittente},
		{"the issuer with a slash", es(map[string]any{"iss": issuer + "/"}), auth.ErrEmittente},
		{"no issuer", es(map[string]any{"iss": nil}), auth.ErrEmittente},
		{"another audience", es(map[string]any{"aud": "other"}), auth.ErrDestinatario},
		{"no audience", es(map[string]any{"aud": nil}), auth.ErrDestinatario},
		{"an empty list of audiences", es(map[string]any{"aud": []string{}}), auth.ErrDestinatario},
		{"another party", es(map[string]any{"azp": "other"}), auth.ErrDestinatario},
		{"no subject", es(map[string]any{"sub": nil}), auth.ErrNonValido},
		{"no exp", es(map[string]any{"exp": nil}), auth.ErrNonValido},
		{"no iat", es(map[string]any{"iat": nil}), auth.ErrNonValido},
		{"exp as text", es(map[string]any{"exp": "tomorrow"}), auth.ErrNonValido},
		{"expired a second ago", es(map[string]any{"exp": now.Add(-time.Second).Unix()}), auth.ErrScaduto},
		{"expiring now", es(map[string]any{"exp": now.Unix()}), auth.ErrScaduto},
		{"exp before 1970", es(map[string]any{"exp": -1}), auth.ErrScaduto},
		{"nbf in two minutes", es(map[string]any{"nbf": now.Add(2 * time.Minute).Unix()}), auth.ErrPrematuro},
		{"iat in two minutes", es(map[string]any{"iat": now.Add(2 * time.Minute).Unix()}), auth.ErrPrematuro},
		{"auth_time in two minutes", es(map[string]any{"auth_time": now.Add(2 * time.Minute).Unix()}), auth.ErrPrematuro},
		{"a jti of 300 bytes", es(map[string]any{"jti": strings.Repeat("a", 300)}), auth.ErrNonValido},
		{"SPID level 1", es(map[string]any{"acr": "https://www.spid.gov.it/SpidL1"}), auth.ErrLivello},
		{"eIDAS low", es(map[string]any{"acr": "http://eidas.europa.eu/LoA/low"}), auth.ErrLivello},
		{"no acr", es(map[string]any{"acr": nil}), auth.ErrLivello},
		{"an acr that nobody knows", es(map[string]any{"acr": "https://www.spid.gov.it/SpidL9"}), auth.ErrLivello},
		{"neither person nor program", es(map[string]any{auth.ClaimEID: nil}), auth.ErrCodiceFiscale},
		{"a program that is not ours", es(map[string]any{auth.ClaimEID: nil, "sub": "altro", "acr": nil}), auth.ErrCodiceFiscale},
		{"person and program at once", es(map[string]any{"sub": "sistema-inps"}), auth.ErrCodiceFiscale},
		{"a code from another country", es(map[string]any{auth.ClaimEID: "TINDE-" + person}), auth.ErrCodiceFiscale},
		{"a wrong check character", es(map[string]any{auth.ClaimEID: "TINIT-RSSMRA80A01H501X"}), auth.ErrCodiceFiscale},
		{"a provisional code", es(map[string]any{auth.ClaimEID: "TINIT-12345678903"}), auth.ErrCodiceFiscale},
		{"a code that is a number", es(map[string]any{auth.ClaimEID: 12}), auth.ErrCodiceFiscale},
		{"a list of codes", es(map[string]any{auth.ClaimEID: []string{person}}), auth.ErrCodiceFiscale},
		{"a code that is empty", es(map[string]any{auth.ClaimEID: ""}), auth.ErrCodiceFiscale},
		{"the prefix twice", es(map[string]any{auth.ClaimEID: "TINIT-TINIT-" + person}), auth.ErrCodiceFiscale},
	}
	if len(cases) < 60 {
		t.Errorf("%d bad tokens; A-10 asks for 60", len(cases))
	}
	v := verifier(t)
	for _, c := range cases {
		chi, err := v.Verify(t.Context(), c.token)
		var refused *auth.Error
		if !errors.As(err, &refused) || refused.Code() != c.want.Code() || refused.Status() != c.want.Status() {
			t.Errorf("%s: got %+v, %v; want %s", c.name, chi, err, c.want.Code())
			continue
		}
		if strings.Contains(err.Error(), person) || c.token != "" && strings.Contains(err.Error(), c.token) {
			t.Errorf("%s: the error quotes the token", c.name)
		}
	}
}

func TestAnRSAKeyOf1024BitsVerifiesNothing(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip("this Go makes no such key:", err)
	}
	weak := func(c *auth.Config) {
		c.Keys = &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public("short", "", short.Public())}}
	}
	head := b64(`{"alg":"RS256","kid":"short"}`) + "." + base64.RawURLEncoding.EncodeToString(payload(t, said(nil)))
	digest := sha256.Sum256([]byte(head))
	signature, err := rsa.SignPKCS1v15(nil, short, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	token := head + "." + base64.RawURLEncoding.EncodeToString(signature)
	if _, err := verifier(t, weak).Verify(t.Context(), token); !errors.Is(err, auth.ErrFirma) {
		t.Errorf("got %v", err)
	}
}

func TestAConfigurationThatBelievesTooMuchIsRefused(t *testing.T) {
	cases := map[string]auth.Config{
		"no issuer":           {Audience: audience},
		"no audience":         {Issuer: issuer},
		"an issuer over http": {Issuer: "http://issuer.example", Audience: audience},
		"alg none":            {Issuer: issuer, Audience: audience, Algorithms: []string{"none"}},
		"alg HS256":           {Issuer: issuer, Audience: audience, Algorithms: []string{"RS256", "HS256"}},
		"an unknown level":    {Issuer: issuer, Audience: audience, AcrMinimo: "SpidL2"},
	}
	for name, config := range cases {
		if _, err := auth.New(t.Context(), config); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestThePersonStaysOutOfLogs(t *testing.T) {
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("signed in", "chi", auth.Identita{CodiceFiscale: person, ID: "j-1"})
	if strings.Contains(log.String(), person) || !strings.Contains(log.String(), "j-1") {
		t.Errorf("the log says %s", log.String())
	}
}

func FuzzVerify(f *testing.F) {
	v, valid := verifier(f), good(f, nil)
	for _, seed := range []string{"", "..", valid, b64(`{"alg":"ES256","kid":"ec"}`) + ".e30.AA", hs256(nil, []byte("{}"))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		chi, err := v.Verify(context.Background(), token)
		var refused *auth.Error
		switch {
		case err == nil && token != valid:
			t.Errorf("believed %q: %+v", token, chi)
		case err != nil && !errors.As(err, &refused):
			t.Errorf("an error without a code: %v", err)
		}
	})
}

// FuzzPayload signs what the fuzzer makes up: an issuer that lies must not make
// anything fall over, nor bring in somebody whose code is not valid.
func FuzzPayload(f *testing.F) {
	v := verifier(f)
	f.Add(payload(f, said(nil)))
	f.Add([]byte(`{"exp":1e300,"iat":-1e300,"aud":[[]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 4096 {
			return
		}
		chi, err := v.Verify(context.Background(), sign(t, jose.ES256, ecKey, "ec", body, nil))
		if err == nil && (len(chi.CodiceFiscale) != 16) == (chi.Programma == "") {
			t.Errorf("%s brought in %+v", body, chi)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	token := good(b, nil)
	b.Run("again", func(b *testing.B) {
		v := verifier(b)
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("the first time", func(b *testing.B) {
		v := verifier(b, func(c *auth.Config) { c.CacheSize = 1 })
		tokens := [...]string{token, good(b, nil)} // each pushes the other out
		for i := 0; b.Loop(); i++ {
			if _, err := v.Verify(b.Context(), tokens[i%2]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func b64(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// hs256 signs as a server would that took the public key for a secret.
func hs256(secret, body []byte) string {
	head := b64(`{"alg":"HS256","kid":"rsa"}`) + "." + base64.RawURLEncoding.EncodeToString(body)
	mac := hmac.New(sha256.New, secret)
	fmt.Fprint(mac, head)
	return head + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func pemOf(key crypto.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}
