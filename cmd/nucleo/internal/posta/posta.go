// Package posta sends messages by e-mail, through the SMTP server of the body
// that runs the installation.
package posta

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"nucleo/cmd/nucleo/internal/messaggi"
)

// Config says which server, and who writes.
type Config struct {
	Server   string // smtp://[user@]host[:587] with STARTTLS, smtps://[user@]host[:465], smtp://host:25?tls=no
	Segreto  string // file with the password of the user
	Mittente string // From: Servizi sociali <avvisi@comune.example>
	Scadenza time.Duration
	TLS      *tls.Config // of tests; the usual one when nil
	Adesso   func() time.Time
}

// Posta is a messaggi.Vettore. It keeps its connection while there is
// something to send.
type Posta struct {
	Config
	mittente *mail.Address
	client   *gomail.Client

	mu     sync.Mutex
	aperta *smtp.Client // nil when there is none
	usata  time.Time
}

const scadenzaUsuale = 15 * time.Second

// Nuova reads the configuration. It connects to nobody yet.
func Nuova(c Config) (*Posta, error) {
	p := &Posta{Config: c}
	p.Scadenza = cmp.Or(c.Scadenza, scadenzaUsuale)
	var err error
	if p.mittente, err = mail.ParseAddress(c.Mittente); err != nil {
		return nil, errors.New("NUCLEO_MITTENTE is not an address, as in Servizi sociali <avvisi@comune.example>")
	}
	u, err := url.Parse(c.Server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("NUCLEO_SMTP is smtp://[user@]host[:port] or smtps://[user@]host[:port]")
	}
	opzioni, err := p.opzioni(u)
	if err != nil {
		return nil, err
	}
	if p.client, err = gomail.NewClient(u.Hostname(), opzioni...); err != nil {
		return nil, fmt.Errorf("NUCLEO_SMTP: %w", err)
	}
	return p, nil
}

// opzioni are those of the client. A connection without TLS must be asked for,
// and never carries a password.
func (p *Posta) opzioni(u *url.URL) ([]gomail.Option, error) {
	porta, sicura := 587, gomail.WithTLSPolicy(gomail.TLSMandatory)
	switch {
	case u.Scheme == "smtps":
		porta, sicura = 465, gomail.WithSSL()
	case u.Query().Get("tls") == "no":
		porta, sicura = 25, gomail.WithTLSPolicy(gomail.NoTLS)
	}
	if u.Port() != "" {
		var err error
		if porta, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("NUCLEO_SMTP: the port is a number")
		}
	}
	opzioni := []gomail.Option{gomail.WithPort(porta), sicura, gomail.WithTimeout(p.Scadenza), gomail.WithHELO(p.dominio())}
	if p.TLS != nil {
		opzioni = append(opzioni, gomail.WithTLSConfig(p.TLS))
	}
	if u.User.Username() == "" {
		return opzioni, nil
	}
	segreto, err := os.ReadFile(p.Segreto)
	if err != nil {
		return nil, fmt.Errorf("NUCLEO_SMTP_SEGRETO: %w", err)
	}
	return append(opzioni, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(strings.TrimSpace(string(segreto)))), nil
}

// dominio is that of who writes.
func (p *Posta) dominio() string {
	return p.mittente.Address[strings.LastIndexByte(p.mittente.Address, '@')+1:]
}

// Manda implements messaggi.Vettore.
func (p *Posta) Manda(ctx context.Context, b messaggi.Busta) error {
	m, err := p.componi(b)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Adesso().Sub(p.usata) > p.Scadenza/2 {
		p.chiudi() // servers close what is idle
	}
	riusata := p.aperta != nil
	if err = p.spedisci(ctx, m); riusata && rotta(err) {
		err = p.spedisci(ctx, m)
	}
	return err
}

// spedisci sends a message over the connection that is open, or over a new one.
func (p *Posta) spedisci(ctx context.Context, m *gomail.Msg) (err error) {
	if p.aperta == nil {
		if p.aperta, err = p.client.DialToSMTPClientWithContext(ctx); err != nil {
			p.aperta = nil
			return assenza(err)
		}
	}
	err = p.client.SendWithSMTPClient(p.aperta, m)
	p.usata = p.Adesso()
	if err == nil {
		return nil
	}
	p.chiudi() // what state it is in is not known
	if m.IsDelivered() {
		return nil // the server has it; what came after failed
	}
	return giudica(err)
}

// chiudi ends the connection, politely if the server still listens.
func (p *Posta) chiudi() {
	if p.aperta != nil {
		_ = p.client.CloseWithSMTPClient(p.aperta)
		_ = p.aperta.Close()
	}
	p.aperta = nil
}
