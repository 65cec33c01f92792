package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"nucleo/httpapi"
	"nucleo/httpapi/auth"
	"nucleo/internal/sessioni"
)

// controllaAccesso refuses settings by which nobody could sign in.
func (c config) controllaAccesso() error {
	var errs []error
	if c.Recente <= 0 {
		errs = append(errs, errors.New("NUCLEO_ACCESSO_RECENTE is longer than nothing"))
	}
	if c.Ferma <= 0 || c.Durata < c.Ferma {
		errs = append(errs, errors.New("NUCLEO_SESSIONE_FERMA is longer than nothing, and NUCLEO_SESSIONE_DURATA at least as long"))
	}
	if c.ClientID == "" && (c.ClientSegreto != "" || c.Ritorno != "") {
		errs = append(errs, errors.New("NUCLEO_OIDC_CLIENT_SEGRETO and NUCLEO_OIDC_RITORNO are of no use without NUCLEO_OIDC_CLIENT_ID"))
	}
	if c.ClientID != "" && (c.Ritorno == "" || c.Issuer == "") {
		errs = append(errs, errors.New("NUCLEO_OIDC_CLIENT_ID needs NUCLEO_OIDC_ISSUER and NUCLEO_OIDC_RITORNO"))
	}
	return errors.Join(errs...)
}

// apriAccesso opens the sessions of people, and lets them sign in by the
// browser where a client is configured.
func (s *servizio) apriAccesso(ctx context.Context, api *httpapi.API) (err error) {
	if s.sessioni, err = sessioni.Apri(ctx, s.lettura); err != nil {
		return err
	}
	api.Sessioni, api.Durate = s.sessioni, httpapi.Durate{Ferma: s.config.Ferma, Intera: s.config.Durata}
	if s.config.ClientID == "" {
		return nil
	}
	accesso, err := nuovoAccesso(ctx, s.config, s.segreto, s.sessioni, s.log)
	if err != nil {
		return fmt.Errorf("signing in by the browser: %w", err)
	}
	api.Accesso = accesso
	return nil
}

func nuovoAccesso(ctx context.Context, c config, chiave []byte, usati auth.Usati, log *slog.Logger) (*auth.Accesso, error) {
	var segreto []byte
	if c.ClientSegreto != "" {
		var err error
		if segreto, err = os.ReadFile(c.ClientSegreto); err != nil {
			return nil, fmt.Errorf("NUCLEO_OIDC_CLIENT_SEGRETO: %w", err)
		}
	}
	return auth.NuovoAccesso(ctx, auth.AccessoConfig{
		Config:  auth.Config{Issuer: c.Issuer, Audience: c.ClientID, CodiceFiscaleClaim: c.Claim, Log: log, Now: time.Now},
		Segreto: string(bytes.TrimSpace(segreto)), Redirect: c.Ritorno, Scopes: c.Scope, Chiave: chiave, Usati: usati,
	})
}

// visitaAccesso asks the provider whether people could sign in by it.
func visitaAccesso(ctx context.Context, c config) controllo {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	accesso, err := nuovoAccesso(ctx, c, make([]byte, 32), &sessioni.Sessioni{}, slog.New(slog.DiscardHandler))
	if err == nil {
		err = accesso.Controlla(ctx)
	}
	return esamina("sign-in by the browser", err, "client "+c.ClientID+", back to "+c.Ritorno, "correct NUCLEO_OIDC_CLIENT_ID, _CLIENT_SEGRETO and _RITORNO, or the provider")
}
