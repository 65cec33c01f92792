// Package authtest is an OpenID provider for tests, which signs in whoever asks
// and lies when it is told to.
package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// OP is the provider. Its fields are what it does differently: to be set before
// a sign-in, and never during one.
type OP struct {
	URL    string
	Routes http.Handler
	Client string // client_id
	Secret string
	Key    *ecdsa.PrivateKey
	Now    func() time.Time

	Claims   map[string]any             // of ID tokens; nil values remove
	Sign     func(claims []byte) string // instead of a signature with Key
	Back     func(url.Values)           // changes what the browser brings back
	Answer   func(map[string]any)       // changes the answer to a code
	Raw      func(http.ResponseWriter)  // answers a code instead
	Userinfo any                        // the attributes; nothing when nil
	Meta     map[string]any             // of the discovery document; nil values remove

	mu    sync.Mutex
	codes map[string]url.Values // what was asked for each
	Asked url.Values            // the last request to sign in
	Seen  []string              // codes that were exchanged
}

// Kid names the key of the provider.
const Kid = "op"

// New starts a provider, which ends with the test.
func New(t testing.TB, now func() time.Time) *OP {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	op := &OP{Client: "console", Secret: "un segreto/+%", Key: key, Now: now, codes: map[string]url.Values{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", op.discovery)
	routes.HandleFunc("GET /jwks", op.jwks)
	routes.HandleFunc("GET /authorize", op.authorize)
	routes.HandleFunc("POST /token", op.token)
	routes.HandleFunc("GET /userinfo", op.userinfo)
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	op.URL, op.Routes = server.URL, routes
	return op
}

// Inside reaches the provider without a network, for tests that ask it often.
func (op *OP) Inside() *http.Client { return &http.Client{Transport: inside{op.Routes}} }

type inside struct{ http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	i.ServeHTTP(answer, r)
	return answer.Result(), nil
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader went away
}

func (op *OP) discovery(w http.ResponseWriter, _ *http.Request) {
	write(w, changed(map[string]any{
		"issuer": op.URL, "authorization_endpoint": op.URL + "/authorize", "token_endpoint": op.URL + "/token", "jwks_uri": op.URL + "/jwks",
		"userinfo_endpoint": op.URL + "/userinfo", "end_session_endpoint": op.URL + "/end", "code_challenge_methods_supported": []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
	}, op.Meta))
}

// changed is what is said with changes; a nil value removes.
func changed(said, changes map[string]any) map[string]any {
	maps.Copy(said, changes)
	maps.DeleteFunc(said, func(_ string, v any) bool { return v == nil })
	return said
}

func (op *OP) jwks(w http.ResponseWriter, _ *http.Request) {
	write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: op.Key.Public(), KeyID: Kid, Algorithm: "ES256", Use: "sig"}}})
}

func (op *OP) authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	code := rand.Text()
	op.mu.Lock()
	op.Asked, op.codes[code] = asked, asked
	op.mu.Unlock()
	back := url.Values{"code": {code}, "state": {asked.Get("state")}, "iss": {op.URL}}
	if op.Back != nil {
		op.Back(back)
	}
	http.Redirect(w, r, asked.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

// token exchanges a code once, for the client that asked, which must know what
// only the beginner of the sign-in knows (PKCE).
func (op *OP) token(w http.ResponseWriter, r *http.Request) {
	code := r.PostFormValue("code")
	op.mu.Lock()
	asked, known := op.codes[code]
	delete(op.codes, code)
	op.Seen = append(op.Seen, code)
	op.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	good := known && id == url.QueryEscape(op.Client) && secret == url.QueryEscape(op.Secret) && asked.Get("client_id") == op.Client &&
		asked.Get("redirect_uri") == r.PostFormValue("redirect_uri") && asked.Get("code_challenge_method") == "S256" &&
		asked.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(challenge[:])
	switch {
	case op.Raw != nil:
		op.Raw(w)
	case !good:
		w.WriteHeader(http.StatusBadRequest)
		write(w, map[string]string{"error": "invalid_grant"})
	default:
		access := rand.Text()
		answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": op.ID(asked.Get("nonce"), access)}
		if op.Answer != nil {
			op.Answer(answer)
		}
		write(w, answer)
	}
}

// ID is an ID token.
func (op *OP) ID(nonce, access string) string {
	now := op.Now().Unix()
	half := sha256.Sum256([]byte(access))
	claims, err := json.Marshal(changed(map[string]any{
		"iss": op.URL, "aud": op.Client, "sub": "someone", "nonce": nonce, "iat": now, "exp": now + 300, "auth_time": now, "jti": rand.Text(),
		"acr": "https://www.spid.gov.it/SpidL2", "at_hash": base64.RawURLEncoding.EncodeToString(half[:16]),
	}, op.Claims))
	if err != nil {
		panic(err)
	}
	if op.Sign != nil {
		return op.Sign(claims)
	}
	return Signed(jose.ES256, op.Key, claims, map[jose.HeaderKey]any{"kid": Kid})
}

// Signed is a token with a header of one's own.
func Signed(alg jose.SignatureAlgorithm, key any, claims []byte, header map[jose.HeaderKey]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		panic(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return token
}

func (op *OP) userinfo(w http.ResponseWriter, r *http.Request) {
	if op.Userinfo == nil || len(r.Header.Get("Authorization")) < len("Bearer x") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	write(w, op.Userinfo)
}
