package auth

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4/json"
)

// granted is what the provider gives for a code.
type granted struct {
	Access string `json:"access_token"`
	Type   string `json:"token_type"`
	ID     string `json:"id_token"`
}

// scambia exchanges a code for tokens. The provider sees by the verifier that
// whoever began the sign-in ends it.
func (a *Accesso) scambia(ctx context.Context, op fornitore, code, verifier string) (granted, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.config.Redirect}, "code_verifier": {verifier}}
	inBody := !a.basic(op)
	if inBody {
		form.Set("client_id", a.config.Audience)
		if a.config.Segreto != "" {
			form.Set("client_secret", a.config.Segreto)
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, op.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return granted{}, ErrRisposta
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !inBody {
		request.SetBasicAuth(url.QueryEscape(a.config.Audience), url.QueryEscape(a.config.Segreto))
	}
	var g granted
	if err := a.ask(request, &g); err != nil {
		return granted{}, err
	}
	if g.ID == "" || g.Access == "" || !strings.EqualFold(g.Type, "Bearer") {
		return granted{}, ErrRisposta
	}
	return g, nil
}

// basic says whether the client proves itself in a header, which every provider
// must understand, or in the body, for those that say they do not.
func (a *Accesso) basic(op fornitore) bool {
	return a.config.Segreto != "" &&
		(len(op.Methods) == 0 || slices.Contains(op.Methods, "client_secret_basic") || !slices.Contains(op.Methods, "client_secret_post"))
}

// ask sends a request to the provider, whose answer is JSON with every name once.
func (a *Accesso) ask(request *http.Request, v any) error {
	ctx, cancel := context.WithTimeout(request.Context(), patience)
	defer cancel()
	request.Header.Set("Accept", "application/json")
	answer, err := a.tokens.keys.client.Do(request.WithContext(ctx))
	if err != nil {
		a.config.Log.WarnContext(ctx, "the identity provider does not answer", "issuer", a.config.Issuer)
		return ErrFornitore
	}
	defer answer.Body.Close()
	kind, _, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if answer.StatusCode != http.StatusOK || err != nil || kind != "application/json" {
		a.config.Log.WarnContext(ctx, "the identity provider refuses, or does not answer in JSON", "issuer", a.config.Issuer, "status", answer.StatusCode)
		return ErrRisposta
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || json.Unmarshal(body, v) != nil {
		return ErrRisposta
	}
	return nil
}

// attributi asks who the person is whom an ID token spoke of.
func (a *Accesso) attributi(ctx context.Context, op fornitore, g granted, subject string) (map[string]json.RawMessage, error) {
	if op.Userinfo == "" {
		return nil, ErrCodiceFiscale
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, op.Userinfo, nil)
	if err != nil {
		return nil, ErrRisposta
	}
	request.Header.Set("Authorization", "Bearer "+g.Access)
	var said map[string]json.RawMessage
	if err := a.ask(request, &said); err != nil {
		return nil, err
	}
	var about string
	if json.Unmarshal(said["sub"], &about) != nil || about != subject {
		return nil, ErrRisposta
	}
	return said, nil
}
