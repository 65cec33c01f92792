package emittente

import (
	"encoding/json"
	"maps"
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
// issuer's URL. It signs nobody in, as a Fornitore does: tokens are printed.
func (e *Emittente) Handler() http.Handler {
	routes, base := http.NewServeMux(), e.base()
	routes.Handle("GET "+base+discovery, document(e.metadati(nil)))
	routes.Handle("GET "+base+jwks, document(e.Keys()))
	return routes
}

// base is the path of the issuer's URL.
func (e *Emittente) base() string {
	u, err := url.Parse(e.config.Issuer)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

// metadati are what every issuer says of itself, and more.
func (e *Emittente) metadati(ancora map[string]any) map[string]any {
	detti := map[string]any{
		"issuer":                                e.config.Issuer,
		"jwks_uri":                              strings.TrimSuffix(e.config.Issuer, "/") + jwks,
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"acr_values_supported":                  []string{"https://www.spid.gov.it/SpidL2"},
	}
	maps.Copy(detti, ancora)
	return detti
}

func document(content any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(content) // the reader went away
	})
}
