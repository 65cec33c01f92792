package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	patience = 3 * time.Second
	longest  = 1 << 20 // bytes of an answer of the issuer
)

// ask finds where the issuer keeps its keys and fetches them.
func (k *keys) ask(ctx context.Context) ([]jose.JSONWebKey, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, k.client), patience)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, k.issuer)
	if err != nil {
		return nil, err
	}
	var said struct {
		JWKS string `json:"jwks_uri"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, err
	}
	if err := secure(said.JWKS); err != nil {
		return nil, fmt.Errorf("jwks_uri: %w", err)
	}
	return k.get(ctx, said.JWKS)
}

func (k *keys) get(ctx context.Context, from string) ([]jose.JSONWebKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	answer, err := k.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s: %s", from, answer.Status)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	var found []jose.JSONWebKey
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) == nil { // kinds of keys that we do not know are not ours to use
			found = append(found, key)
		}
	}
	return found, nil
}

// bounded is the client with a timeout and a limit on answers, which follows no
// redirects: the issuer says itself where its keys are.
func bounded(client *http.Client) *http.Client {
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	if own.Timeout == 0 {
		own.Timeout = patience
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return errors.New("the issuer answers with a redirect") }
	own.Transport = limited{next: client.Transport}
	return &own
}

type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(request *http.Request) (*http.Response, error) {
	next := l.next
	if next == nil {
		next = http.DefaultTransport
	}
	answer, err := next.RoundTrip(request)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, longest)
	}
	return answer, err
}

// secure refuses URLs whose answers others on the way could change.
func secure(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme == "https" && u.Host != "" {
		return nil
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("%q is not an https URL", address)
}
