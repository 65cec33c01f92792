package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"nucleo/httpapi/auth"
)

// quante is how many mutations are tried: ten times as many by make long.
func quante(n int) int {
	if os.Getenv("NUCLEO_LONG") != "" {
		return 10 * n
	}
	return n
}

const alfabeto = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \x00\n{}\""

// muta changes a token at random, in one of the ways in which somebody could who
// has no key: its letters, its parts, what stands in its header and its claims.
func muta(r *rand.Rand, token, other string) string {
	b, p, q := []byte(token), strings.Split(token, "."), strings.Split(other, ".")
	at := r.IntN(len(b))
	switch r.IntN(12) {
	case 0:
		b[at] = alfabeto[r.IntN(len(alfabeto))]
	case 1:
		b[at] ^= 1 << r.IntN(8)
	case 2:
		b = append(b[:at], b[min(at+1+r.IntN(8), len(b)):]...)
	case 3:
		return token[:at] + string(alfabeto[r.IntN(len(alfabeto))]) + token[at:]
	case 4:
		return token[:at]
	case 5:
		to := r.IntN(len(b))
		b[at], b[to] = b[to], b[at]
	case 6:
		i := r.IntN(3)
		p[i] = q[i] // a part of another token, as good as this one
	case 7:
		r.Shuffle(3, func(i, j int) { p[i], p[j] = p[j], p[i] })
	case 8:
		p[0] = cambia(r, p[0], map[string]any{"alg": "none", "kid": "other", "typ": "at+jwt", "jwk": map[string]any{"kty": "EC"}, "crit": []string{"exp"}, "jku": "https://evil.example"})
	case 9:
		p[1] = cambia(r, p[1], map[string]any{
			"iss": "https://evil.example", "aud": "other", "sub": "other", "exp": 9999999999, "acr": "https://www.spid.gov.it/SpidL3", "auth_time": now.Unix(),
			auth.ClaimEID: "TINIT-VRDLGI85M01F205X", "nonce": "other", "jti": "other",
		})
	case 10:
		sig, _ := base64.RawURLEncoding.DecodeString(p[2])
		sig[r.IntN(len(sig))] ^= byte(1 + r.IntN(255))
		p[2] = base64.RawURLEncoding.EncodeToString(sig)
	default:
		return token + strings.Repeat(string(alfabeto[r.IntN(len(alfabeto))]), 1+r.IntN(4))
	}
	if string(b) != token {
		return string(b)
	}
	return strings.Join(p, ".")
}

// cambia writes a part anew, with one field changed.
func cambia(r *rand.Rand, part string, changes map[string]any) string {
	raw, _ := base64.RawURLEncoding.DecodeString(part)
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return part
	}
	names := make([]string, 0, len(changes))
	for name := range changes {
		names = append(names, name)
	}
	name := names[r.IntN(len(names))]
	if all[name] = changes[name]; r.IntN(4) == 0 {
		delete(all, name)
	}
	out, _ := json.Marshal(all)
	return base64.RawURLEncoding.EncodeToString(out)
}

func TestOfMutatedBearerTokensNoneIsAccepted(t *testing.T) {
	v, token, other := verifier(t), good(t, nil), good(t, map[string]any{"jti": "j-2", auth.ClaimEID: "TINIT-VRDLGI85M01F205X"})
	if _, err := v.Verify(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	r, tried, accepted := rand.New(rand.NewPCG(1, 2)), 0, 0
	for range quante(15_000) {
		changed := muta(r, token, other)
		if changed == token {
			continue // the same letter again
		}
		tried++
		if who, err := v.Verify(t.Context(), changed); err == nil {
			accepted++
			t.Errorf("believed %q: %+v", changed, who)
		}
	}
	if tried < 10_000 {
		t.Errorf("%d mutations are too few", tried)
	}
	t.Logf("%d mutations of a bearer token, %d accepted", tried, accepted)
}

func TestOfMutatedIDTokensNoneIsAccepted(t *testing.T) {
	c := accesso(t)
	r, tried, accepted := rand.New(rand.NewPCG(3, 4)), 0, 0
	c.op.Answer = func(a map[string]any) {
		token, access := a["id_token"].(string), a["access_token"].(string)
		if a["id_token"] = muta(r, token, c.op.ID(c.op.Asked.Get("nonce"), access)); a["id_token"] == token {
			a["id_token"] = token[1:]
		}
	}
	for range quante(2_000) {
		tried++
		if who, err := c.signsIn(t, false); err == nil {
			accepted++
			t.Errorf("signed in as %+v", who)
		}
	}
	t.Logf("%d mutations of ID tokens, %d accepted", tried, accepted)
}
