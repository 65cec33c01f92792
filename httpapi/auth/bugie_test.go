package auth_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"nucleo/httpapi/auth"
	"nucleo/httpapi/auth/authtest"
)

// bugia is one way in which a provider, or somebody on the way, lies.
type bugia struct {
	name   string
	strong bool
	lie    func(*authtest.OP)
	want   *auth.Error
}

// dice changes what ID tokens say.
func dice(name string, changes map[string]any, want *auth.Error) bugia {
	return bugia{name: name, lie: func(op *authtest.OP) { maps.Copy(op.Claims, changes) }, want: want}
}

// firma changes how ID tokens are signed.
func firma(name string, sign func(op *authtest.OP, claims []byte) string, want *auth.Error) bugia {
	return bugia{name: name, lie: func(op *authtest.OP) { op.Sign = func(claims []byte) string { return sign(op, claims) } }, want: want}
}

// testa signs with the right key under a header of one's own.
func testa(name string, header map[jose.HeaderKey]any) bugia {
	return firma(name, func(op *authtest.OP, claims []byte) string {
		all := map[jose.HeaderKey]any{"kid": authtest.Kid}
		maps.Copy(all, header)
		return authtest.Signed(jose.ES256, op.Key, claims, all)
	}, auth.ErrIntestazione)
}

// riporta changes what the browser brings back.
func riporta(name string, lie func(url.Values), want *auth.Error) bugia {
	return bugia{name: name, lie: func(op *authtest.OP) { op.Back = lie }, want: want}
}

// risponde changes what is answered to a code.
func risponde(name string, lie func(map[string]any), want *auth.Error) bugia {
	return bugia{name: name, lie: func(op *authtest.OP) { op.Answer = lie }, want: want}
}

// grezza answers a code with text.
func grezza(name string, status int, kind, body string) bugia {
	return bugia{name: name, want: auth.ErrRisposta, lie: func(op *authtest.OP) {
		op.Raw = func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}}
}

// informa leaves the codice fiscale to userinfo.
func informa(name string, info any, want *auth.Error) bugia {
	return bugia{name: name, want: want, lie: func(op *authtest.OP) { op.Claims[auth.ClaimEID], op.Userinfo = nil, info }}
}

// parti signs properly and puts something else in one of the three parts.
func parti(name string, change func(p []string), want *auth.Error) bugia {
	return firma(name, func(op *authtest.OP, claims []byte) string {
		p := strings.Split(authtest.Signed(jose.ES256, op.Key, claims, map[jose.HeaderKey]any{"kid": authtest.Kid}), ".")
		change(p)
		return strings.Join(p, ".")
	}, want)
}

func bugie() []bugia {
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	twice := func(name string) func(*authtest.OP, []byte) string {
		return func(op *authtest.OP, claims []byte) string {
			var all map[string]any
			_ = json.Unmarshal(claims, &all)
			value, _ := json.Marshal(all[name])
			doubled := fmt.Sprintf(`{%q:%s,`, name, value) + string(claims[1:])
			return authtest.Signed(jose.ES256, op.Key, []byte(doubled), map[jose.HeaderKey]any{"kid": authtest.Kid})
		}
	}
	all := []bugia{
		dice("another issuer", map[string]any{"iss": "https://evil.example"}, auth.ErrEmittente),
		dice("no issuer", map[string]any{"iss": nil}, auth.ErrEmittente),
		dice("another audience", map[string]any{"aud": "other"}, auth.ErrDestinatario),
		dice("the audience of bearer tokens", map[string]any{"aud": "nucleo"}, auth.ErrDestinatario),
		dice("no audience", map[string]any{"aud": nil}, auth.ErrDestinatario),
		dice("two audiences and no azp", map[string]any{"aud": []string{"console", "other"}}, auth.ErrDestinatario),
		dice("another azp", map[string]any{"azp": "other"}, auth.ErrDestinatario),
		dice("a program's azp", map[string]any{"azp": "sistema-inps"}, auth.ErrDestinatario),
		dice("no subject", map[string]any{"sub": nil}, auth.ErrNonValido),
		dice("no exp", map[string]any{"exp": nil}, auth.ErrNonValido),
		dice("no iat", map[string]any{"iat": nil}, auth.ErrNonValido),
		dice("exp as text", map[string]any{"exp": "later"}, auth.ErrNonValido),
		dice("expired", map[string]any{"exp": at(-time.Second)}, auth.ErrScaduto),
		dice("nbf in the future", map[string]any{"nbf": at(2 * time.Minute)}, auth.ErrPrematuro),
		dice("iat in the future", map[string]any{"iat": at(2 * time.Minute)}, auth.ErrPrematuro),
		dice("iat of an hour ago", map[string]any{"iat": at(-time.Hour)}, auth.ErrVecchio),
		dice("made before the sign-in began", map[string]any{"iat": at(-2 * time.Minute)}, auth.ErrVecchio),
		dice("auth_time in the future", map[string]any{"auth_time": at(2 * time.Minute)}, auth.ErrPrematuro),
		dice("another nonce", map[string]any{"nonce": strings.Repeat("n", 43)}, auth.ErrNonce),
		dice("no nonce", map[string]any{"nonce": nil}, auth.ErrNonce),
		dice("an empty nonce", map[string]any{"nonce": ""}, auth.ErrNonce),
		dice("a list of nonces", map[string]any{"nonce": []string{"n"}}, auth.ErrNonValido),
		dice("another at_hash", map[string]any{"at_hash": strings.Repeat("A", 22)}, auth.ErrAtHash),
		dice("SPID level 1", map[string]any{"acr": "https://www.spid.gov.it/SpidL1"}, auth.ErrLivello),
		dice("eIDAS low", map[string]any{"acr": "http://eidas.europa.eu/LoA/low"}, auth.ErrLivello),
		dice("no acr", map[string]any{"acr": nil}, auth.ErrLivello),
		dice("an acr nobody knows", map[string]any{"acr": "gold"}, auth.ErrLivello),
		dice("acr in other letters", map[string]any{"acr": strings.ToLower(auth.SpidL2)}, auth.ErrLivello),
		dice("a jti of 300 bytes", map[string]any{"jti": strings.Repeat("j", 300)}, auth.ErrNonValido),
		dice("a wrong codice fiscale", map[string]any{auth.ClaimEID: "TINIT-RSSMRA80A01H501X"}, auth.ErrCodiceFiscale),
		dice("a person of another country", map[string]any{auth.ClaimEID: "TINDE-" + person}, auth.ErrCodiceFiscale),
		dice("a provisional code", map[string]any{auth.ClaimEID: "12345678903"}, auth.ErrCodiceFiscale),
		dice("a list of codes", map[string]any{auth.ClaimEID: []string{person}}, auth.ErrCodiceFiscale),
		dice("no code, and no attributes", map[string]any{auth.ClaimEID: nil}, auth.ErrRisposta),
		{"strong, without auth_time", true, func(op *authtest.OP) { op.Claims["auth_time"] = nil }, auth.ErrAuthTime},
		{"strong, signed in before", true, func(op *authtest.OP) { op.Claims["auth_time"] = at(-2 * time.Minute) }, auth.ErrAuthTime},

		firma("iss twice", twice("iss"), auth.ErrNonValido),
		firma("nonce twice", twice("nonce"), auth.ErrNonValido),
		firma("aud twice", twice("aud"), auth.ErrNonValido),
		firma("a codice fiscale twice", twice(auth.ClaimEID), auth.ErrNonValido),
		firma("another's key under a known name", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.ES256, otherEC, c, map[jose.HeaderKey]any{"kid": authtest.Kid})
		}, auth.ErrFirma),
		firma("a key that is not known", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.ES256, otherEC, c, map[jose.HeaderKey]any{"kid": "other"})
		}, auth.ErrFirma),
		firma("a kid that is a path", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.ES256, otherEC, c, map[jose.HeaderKey]any{"kid": "../../dev/null"})
		}, auth.ErrFirma),
		firma("another's key and no kid", func(_ *authtest.OP, c []byte) string { return authtest.Signed(jose.ES256, otherEC, c, nil) }, auth.ErrFirma),
		firma("RS256, of which the provider has no key", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.RS256, rsaKey, c, map[jose.HeaderKey]any{"kid": authtest.Kid})
		}, auth.ErrFirma),
		firma("ES384", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.ES384, ec384, c, map[jose.HeaderKey]any{"kid": authtest.Kid})
		}, auth.ErrAlgoritmo),
		firma("EdDSA", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.EdDSA, edKey, c, map[jose.HeaderKey]any{"kid": authtest.Kid})
		}, auth.ErrAlgoritmo),
		firma("HS256 with the public key", func(op *authtest.OP, c []byte) string { return hs256(pemOf(op.Key.Public()), c) }, auth.ErrAlgoritmo),
		firma("HS256 with the client's secret", func(op *authtest.OP, c []byte) string { return hs256([]byte(op.Secret), c) }, auth.ErrAlgoritmo),
		firma("jwk in the header", func(_ *authtest.OP, c []byte) string {
			return authtest.Signed(jose.ES256, otherEC, c, map[jose.HeaderKey]any{"jwk": jose.JSONWebKey{Key: otherEC.Public(), KeyID: authtest.Kid}})
		}, auth.ErrIntestazione),
		testa("jku in the header", map[jose.HeaderKey]any{"jku": "https://evil.example/jwks"}),
		testa("x5u in the header", map[jose.HeaderKey]any{"x5u": "https://evil.example/x"}),
		testa("a logout token", map[jose.HeaderKey]any{"typ": "logout+jwt"}),
		testa("an access token", map[jose.HeaderKey]any{"typ": "at+jwt"}),
		parti("alg none", func(p []string) { p[0], p[2] = b64(`{"alg":"none"}`), "" }, auth.ErrAlgoritmo),
		parti("alg nOnE", func(p []string) { p[0] = b64(`{"alg":"nOnE","kid":"op"}`) }, auth.ErrAlgoritmo),
		parti("alg twice", func(p []string) { p[0] = b64(`{"alg":"ES256","alg":"none","kid":"op"}`) }, auth.ErrNonValido),
		parti("no signature", func(p []string) { p[2] = "" }, auth.ErrFirma),
		parti("a signature of zeros", func(p []string) { p[2] = strings.Repeat("A", 86) }, auth.ErrFirma),
		parti("claims of one's own", func(p []string) { p[1] = b64(`{"iss":"x"}`) }, auth.ErrFirma),
		parti("crit in the header", func(p []string) { p[0] = b64(`{"alg":"ES256","kid":"op","crit":["b64"],"b64":false}`) }, auth.ErrIntestazione),
		firma("five parts, as if encrypted", func(*authtest.OP, []byte) string { return "a.b.c.d.e" }, auth.ErrNonValido),
		firma("claims that are no JSON", func(op *authtest.OP, _ []byte) string {
			return authtest.Signed(jose.ES256, op.Key, []byte("ciao"), map[jose.HeaderKey]any{"kid": authtest.Kid})
		}, auth.ErrNonValido),

		riporta("another state", func(v url.Values) { v.Set("state", strings.Repeat("s", 43)) }, auth.ErrTentativo),
		riporta("no state", func(v url.Values) { v.Del("state") }, auth.ErrTentativo),
		riporta("another provider's answer", func(v url.Values) { v.Set("iss", "https://evil.example") }, auth.ErrEmittente),
		riporta("no iss, though the provider sends it", func(v url.Values) { v.Del("iss") }, auth.ErrEmittente),
		riporta("no code", func(v url.Values) { v.Del("code") }, auth.ErrRisposta),
		riporta("a made-up code", func(v url.Values) { v.Set("code", "x") }, auth.ErrRisposta),
		riporta("access denied", func(v url.Values) { v.Set("error", "access_denied") }, auth.ErrRifiutato),

		risponde("no ID token", func(a map[string]any) { delete(a, "id_token") }, auth.ErrRisposta),
		risponde("no access token", func(a map[string]any) { delete(a, "access_token") }, auth.ErrRisposta),
		risponde("a token that is no bearer's", func(a map[string]any) { a["token_type"] = "DPoP" }, auth.ErrRisposta),
		risponde("another access token", func(a map[string]any) { a["access_token"] = "stolen" }, auth.ErrAtHash),
		risponde("an ID token that is a list", func(a map[string]any) { a["id_token"] = []string{"x"} }, auth.ErrRisposta),
		grezza("an answer that is no JSON", 200, "application/json", "<html>"),
		grezza("an answer twice", 200, "application/json", `{"id_token":"a","id_token":"b","access_token":"c","token_type":"Bearer"}`),
		grezza("a page", 200, "text/html", `{"id_token":"a","access_token":"c","token_type":"Bearer"}`),
		grezza("a refusal", 400, "application/json", `{"error":"invalid_grant"}`),
		grezza("an answer of 2 MiB", 200, "application/json", `{"x":"`+strings.Repeat("x", 2<<20)+`"}`),
		{name: "a redirect", want: auth.ErrFornitore, lie: func(op *authtest.OP) {
			op.Raw = func(w http.ResponseWriter) { w.Header().Set("Location", op.URL+"/token"); w.WriteHeader(307) }
		}},

		informa("attributes of somebody else", map[string]any{"sub": "other", auth.ClaimEID: person}, auth.ErrRisposta),
		informa("attributes of nobody", map[string]any{auth.ClaimEID: person}, auth.ErrRisposta),
		informa("attributes without a code", map[string]any{"sub": "someone"}, auth.ErrCodiceFiscale),
		informa("attributes with a wrong code", map[string]any{"sub": "someone", auth.ClaimEID: "x"}, auth.ErrCodiceFiscale),
		informa("attributes that are a list", []string{person}, auth.ErrRisposta),
		informa("attributes twice", json.RawMessage(`{"sub":"someone","sub":"someone","fiscal_number":"`+person+`"}`), auth.ErrRisposta),
	}
	return all
}

func TestOfALyingProviderNothingIsAccepted(t *testing.T) {
	accepted, all := 0, bugie()
	for _, b := range all {
		c := accesso(t)
		b.lie(c.op)
		who, err := c.signsIn(t, b.strong)
		var refused *auth.Error
		switch {
		case err == nil:
			accepted++
			t.Errorf("%s: accepted as %+v", b.name, who)
		case !errors.As(err, &refused) || refused != b.want:
			t.Errorf("%s: %v, want %v", b.name, err, b.want)
		case strings.Contains(err.Error(), person):
			t.Errorf("%s: the error names the person", b.name)
		}
	}
	if len(all) < 60 {
		t.Errorf("%d kinds of lies; A-10 asks for 60", len(all))
	}
	t.Logf("%d kinds of bad ID tokens and answers, %d accepted", len(all), accepted)
}

func TestAProviderThatCannotBeTrustedSignsNobodyIn(t *testing.T) {
	for name, meta := range map[string]map[string]any{
		"another issuer":               {"issuer": "https://evil.example"},
		"PKCE without S256":            {"code_challenge_methods_supported": []string{"plain"}},
		"tokens over http":             {"token_endpoint": "http://op.example/token"},
		"sign-in over http":            {"authorization_endpoint": "http://op.example/a"},
		"attributes over http":         {"userinfo_endpoint": "http://op.example/u"},
		"no place to sign in":          {"authorization_endpoint": nil},
		"the end of sessions, by hand": {"end_session_endpoint": "javascript:alert(1)"},
	} {
		c := accesso(t)
		c.op.Meta = meta
		if to, _, err := c.Inizia(t.Context(), "/there", false); !errors.Is(err, auth.ErrFornitore) {
			t.Errorf("%s: to %s, %v", name, to, err)
		}
		if c.Controlla(t.Context()) == nil {
			t.Errorf("%s: doctor finds nothing", name)
		}
	}
}

// An ID token is replayed by a provider that lies about the nonce, too.
func TestAnIDTokenThatWasUsedIsUsedNoMore(t *testing.T) {
	for _, jti := range []any{"always the same", nil} {
		c := accesso(t)
		sealed, said := c.goes(t, false)
		var used string
		c.op.Claims["jti"], c.op.Claims["at_hash"] = jti, nil
		c.op.Answer = func(a map[string]any) { used, _ = a["id_token"].(string) }
		if _, err := c.Ritorna(t.Context(), sealed, said); err != nil {
			t.Fatal(err)
		}
		want := auth.ErrRiusato // a new token under an old name
		if jti == nil {
			want = auth.ErrNonce
		}
		c.op.Answer = func(a map[string]any) {
			if jti == nil {
				a["id_token"] = used
			}
		}
		if _, err := c.signsIn(t, false); !errors.Is(err, want) {
			t.Errorf("jti %v: %v, want %v", jti, err, want)
		}
	}
}
