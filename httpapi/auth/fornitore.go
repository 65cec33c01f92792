package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// fornitore is what the provider says of itself (OpenID Connect Discovery).
type fornitore struct {
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Userinfo      string   `json:"userinfo_endpoint"`
	EndSession    string   `json:"end_session_endpoint"`
	Methods       []string `json:"token_endpoint_auth_methods_supported"`
	PKCE          []string `json:"code_challenge_methods_supported"`
	Iss           bool     `json:"authorization_response_iss_parameter_supported"`
}

// metadati are those of the provider, asked for again as its keys are.
type metadati struct {
	issuer string
	client *http.Client

	mu    sync.Mutex
	known fornitore
	at    time.Time
}

// di are the metadata to use now. While a provider that answered before is
// down, its last ones are used until they are stale.
func (m *metadati) di(ctx context.Context, now time.Time) (fornitore, error) {
	m.mu.Lock()
	known, age := m.known, now.Sub(m.at)
	m.mu.Unlock()
	if known.Token != "" && age < fresh {
		return known, nil
	}
	asked, err := m.chiedi(ctx)
	if err != nil {
		if known.Token != "" && age < stale {
			return known, nil
		}
		return fornitore{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known, m.at = asked, now
	return asked, nil
}

// chiedi asks the provider, and refuses endpoints to which others could listen.
func (m *metadati) chiedi(ctx context.Context) (said fornitore, err error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, m.client), patience)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, m.issuer)
	if err != nil {
		return fornitore{}, err
	}
	if err := provider.Claims(&said); err != nil {
		return fornitore{}, err
	}
	if len(said.PKCE) > 0 && !slices.Contains(said.PKCE, "S256") {
		return fornitore{}, errors.New("the provider knows PKCE, but not S256")
	}
	for name, address := range map[string]string{"authorization_endpoint": said.Authorization, "token_endpoint": said.Token} {
		if err := secure(address); err != nil {
			return fornitore{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	for name, address := range map[string]string{"userinfo_endpoint": said.Userinfo, "end_session_endpoint": said.EndSession} {
		if address != "" {
			if err := secure(address); err != nil {
				return fornitore{}, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return said, nil
}
