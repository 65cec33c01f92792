// Package sms sends messages to mobile telephones, through a gateway that
// speaks the little protocol of docs/formato-sms.md.
package sms

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"nucleo/cmd/nucleo/internal/messaggi"
)

// Config says which gateway.
type Config struct {
	Gateway  string // https://…/messaggi
	Segreto  string // file with the bearer token; none when empty
	Scadenza time.Duration
}

// SMS is a messaggi.Seguito.
type SMS struct {
	gateway string
	segreto string
	client  *http.Client
}

const scadenzaUsuale = 10 * time.Second

// Nuovo reads the configuration. It connects to nobody yet.
func Nuovo(c Config) (*SMS, error) {
	u, err := url.Parse(c.Gateway)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" {
		return nil, errors.New("NUCLEO_SMS is the https:// address to which messages are posted")
	}
	s := &SMS{gateway: strings.TrimSuffix(c.Gateway, "/"), client: &http.Client{
		Timeout:       cmp.Or(c.Scadenza, scadenzaUsuale),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a message goes nowhere else
	}}
	if c.Segreto != "" {
		segreto, err := os.ReadFile(c.Segreto)
		if err != nil {
			return nil, fmt.Errorf("NUCLEO_SMS_SEGRETO: %w", err)
		}
		s.segreto = strings.TrimSpace(string(segreto))
	}
	return s, nil
}

// Manda implements messaggi.Vettore.
func (s *SMS) Manda(ctx context.Context, b messaggi.Busta) error {
	numero, ok := Numero(b.A)
	if !ok {
		return &messaggi.Rifiuto{Codice: messaggi.RecapitoNonValido}
	}
	corpo, err := json.Marshal(map[string]string{"id": b.Nome, "numero": numero, "testo": b.Testo})
	if err != nil {
		return err
	}
	return s.chiede(ctx, http.MethodPost, s.gateway, corpo, nil)
}

// Arrivato implements messaggi.Seguito.
func (s *SMS) Arrivato(ctx context.Context, nome string) (bool, error) {
	var stato struct{ Stato, Motivo string }
	if err := s.chiede(ctx, http.MethodGet, s.gateway+"/"+nome, nil, &stato); err != nil {
		return false, err
	}
	if stato.Stato == "FALLITO" {
		return false, &messaggi.Rifiuto{Codice: motivo(stato.Motivo)}
	}
	return stato.Stato == "CONSEGNATO", nil
}

// errDopo puts one message off.
var errDopo = errors.New("the gateway does not know of this message")

const massimaRisposta = 64 << 10

// chiede asks the gateway, and says what a refusal means.
func (s *SMS) chiede(ctx context.Context, metodo, dove string, corpo []byte, risposta any) error {
	req, err := http.NewRequestWithContext(ctx, metodo, dove, bytes.NewReader(corpo))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if metodo == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.segreto != "" {
		req.Header.Set("Authorization", "Bearer "+s.segreto)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return &messaggi.Assenza{Motivo: senzaPercorso(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	letto, err := io.ReadAll(io.LimitReader(resp.Body, massimaRisposta))
	switch {
	case err != nil:
		return &messaggi.Assenza{Motivo: "its answer breaks off"}
	case resp.StatusCode == http.StatusNotFound && metodo == http.MethodGet:
		return errDopo
	case metodo == http.MethodPost && (resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnprocessableEntity):
		return &messaggi.Rifiuto{Codice: "GATEWAY " + strconv.Itoa(resp.StatusCode)}
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusAccepted:
		return &messaggi.Assenza{Motivo: "it answers " + strconv.Itoa(resp.StatusCode)}
	case risposta != nil && json.Unmarshal(letto, risposta) != nil:
		return &messaggi.Assenza{Motivo: "its answer is not the JSON that docs/formato-sms.md gives"}
	}
	return nil
}

// senzaPercorso is an error of a request without the address that was asked.
func senzaPercorso(err error) string {
	u := (*url.Error)(nil)
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return "no answer"
}

var (
	formaNumero = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
	formaMotivo = regexp.MustCompile(`^[A-Z0-9_]{1,40}$`)
)

// Numero is a telephone number as gateways want it, +393335550102. One without
// a prefix is Italian.
func Numero(s string) (string, bool) {
	s = strings.ReplaceAll(s, " ", "")
	switch {
	case strings.HasPrefix(s, "00"):
		s = "+" + s[2:]
	case !strings.HasPrefix(s, "+"):
		s = "+39" + s
	}
	return s, formaNumero.MatchString(s)
}

// motivo is why the gateway failed, if that is a code: words may say anything.
func motivo(s string) string {
	if formaMotivo.MatchString(s) {
		return "GATEWAY " + s
	}
	return "GATEWAY"
}
