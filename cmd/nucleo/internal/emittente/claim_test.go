package emittente_test

import (
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// claim reads one claim of a token without believing it.
func claim(t *testing.T, token, name string) string {
	t.Helper()
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := parsed.UnsafeClaimsWithoutVerification(&all); err != nil {
		t.Fatal(err)
	}
	text, _ := all[name].(string)
	return text
}
