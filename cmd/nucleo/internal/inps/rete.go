package inps

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"log/slog"
)

// Rete hands flussi over to an HTTPS endpoint, and asks it for receipts.
type Rete struct {
	URL    string
	Client *http.Client
	Inbox  Inbox // asked too when it has a directory
	Log    *slog.Logger
}

// Pronta reports whether the endpoint answers. Nothing of a segnalazione is
// sent for it.
func (r Rete) Pronta(ctx context.Context) error {
	resp, err := r.chiama(ctx, http.MethodGet, "stato", nil)
	if err != nil {
		return err
	}
	defer fine(resp)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the endpoint answers %d", resp.StatusCode)
	}
	return nil
}

// Consegna posts a flusso. It answers ErrNonPresa where INPS certainly took
// nothing; of any other error it is not known.
func (r Rete) Consegna(ctx context.Context, d Documento) ([]Esito, error) {
	data, err := d.Scrivi()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNonPresa, err)
	}
	resp, err := r.chiama(ctx, http.MethodPost, "flussi", data)
	if err != nil {
		if mai(err) {
			return nil, fmt.Errorf("%w: %w", ErrNonPresa, err)
		}
		return nil, err
	}
	defer fine(resp)
	switch {
	case resp.StatusCode >= 400 && resp.StatusCode < 500 && resp.StatusCode != http.StatusRequestTimeout:
		return nil, fmt.Errorf("%w: the endpoint answers %d", ErrNonPresa, resp.StatusCode)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the endpoint answers %d", resp.StatusCode)
	}
	var risposta Risposta
	if err := leggi(resp.Body, &risposta); err != nil {
		return nil, err
	}
	return risposta.Esiti, nil
}

// Ricevute asks for the receipts of the flussi that are open.
func (r Rete) Ricevute(ctx context.Context, flussi []string, prendi func(Ricevuta) error) error {
	errs := []error{r.Inbox.Ricevute(ctx, flussi, prendi)}
	for _, f := range flussi {
		errs = append(errs, r.ricevute(ctx, f, prendi))
	}
	return errors.Join(errs...)
}

func (r Rete) ricevute(ctx context.Context, flusso string, prendi func(Ricevuta) error) error {
	resp, err := r.chiama(ctx, http.MethodGet, "flussi/"+url.PathEscape(flusso)+"/ricevute", nil)
	if err != nil {
		return err
	}
	defer fine(resp)
	if resp.StatusCode == http.StatusNotFound {
		return nil // it was not sent yet
	}
	var ricevute Ricevute
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the endpoint answers %d when asked for receipts", resp.StatusCode)
	}
	if err := leggi(resp.Body, &ricevute); err != nil {
		return err
	}
	for _, una := range ricevute.Ricevute {
		err := prendi(una)
		if rifiutata(err) {
			r.Log.ErrorContext(ctx, "receipt refused", "flusso", flusso, "segnalazione", una.ID.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r Rete) chiama(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	dove, err := url.JoinPath(r.URL, path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, dove, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
		req.GetBody = nil // it is not sent a second time unawares
	}
	return r.Client.Do(req)
}

// mai reports whether a request failed before its first byte went out.
func mai(err error) bool {
	var rete *net.OpError
	var cert *tls.CertificateVerificationError
	return errors.As(err, &rete) && rete.Op == "dial" || errors.As(err, &cert)
}

func fine(resp *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, massimo))
	_ = resp.Body.Close()
}
