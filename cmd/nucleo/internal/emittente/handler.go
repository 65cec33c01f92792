package emittente

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Paths under the issuer's own.
const (
	discovery = "/.well-known/openid-configuration"
	jwks      = "/jwks.json"
)

// Handler serves the discovery document and the keys, under the path of the
// issuer's URL. It signs nobody in: tokens are printed by the demo.
func (e *Emittente) Handler() http.Handler {
	base := ""
	if u, err := url.Parse(e.config.Issuer); err == nil {
		base = strings.TrimSuffix(u.Path, "/")
	}
	issuer := strings.TrimSuffix(e.config.Issuer, "/")
	routes := http.NewServeMux()
	routes.Handle("GET "+base+discovery, document(map[string]any{
		"issuer":                                e.config.Issuer,
		"jwks_uri":                              issuer + jwks,
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"acr_values_supported":                  []string{"https://www.spid.gov.it/SpidL2"},
	}))
	routes.Handle("GET "+base+jwks, document(e.Keys()))
	return routes
}

func document(content any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(content) // the reader went away
	})
}
