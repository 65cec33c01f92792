package posta_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"nucleo/cmd/nucleo/internal/messaggi"
	"nucleo/cmd/nucleo/internal/posta"
	"nucleo/domain/caso"
)

var busta = messaggi.Busta{Nome: "6f2b7a52-4d0a-5b7e-9c3d-1f1f5a0b7c11.0", Tipo: caso.Promemoria, A: "biagia@example.org", Testo: "parole-canarino"}

func nuova(t *testing.T, c posta.Config) *posta.Posta {
	t.Helper()
	c.Mittente, c.Adesso = "Servizi sociali <avvisi@comune.example>", time.Now
	if c.Scadenza == 0 {
		c.Scadenza = 5 * time.Second
	}
	p, err := posta.Nuova(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ascolta(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// copione answers each client by a script: a greeting, then what is given for a
// command, or else yes. What ends in "-" hangs up, "…"
// says nothing any more.
func copione(t *testing.T, risposte map[string]string) (url string, clienti *atomic.Int32) {
	t.Helper()
	l, clienti := ascolta(t), new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			clienti.Add(1)
			go recita(c, risposte)
		}
	}()
	return "smtp://" + l.Addr().String() + "?tls=no", clienti
}

func recita(c net.Conn, risposte map[string]string) {
	defer func() { _ = c.Close() }()
	di := func(quando, usuale string) bool {
		r, scritta := risposte[quando]
		if !scritta {
			r = usuale
		}
		if r == "…" {
			_, _ = bufio.NewReader(c).ReadString(0)
		}
		if r == "-" || r == "…" {
			return false
		}
		_, _ = fmt.Fprintf(c, "%s\r\n", r)
		return !strings.HasSuffix(r, "-")
	}
	if !di("saluto", "220 ciao") {
		return
	}
	testo := false
	for righe := bufio.NewScanner(c); righe.Scan(); {
		comando := strings.ToUpper(strings.Fields(righe.Text() + " .")[0])
		va := true
		switch {
		case testo && righe.Text() == ".":
			testo, va = false, di("fine", "250 2.0.0 preso")
		case testo:
		case comando == "EHLO":
			va = di(comando, "250-ciao\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
		case comando == "DATA":
			va, testo = di(comando, "354 dica"), risposte[comando] == ""
		default:
			va = di(comando, "250 2.0.0 bene")
		}
		if !va {
			return
		}
	}
}

func TestWhatTheServerSaysDecidesWhatBecomesOfTheMessage(t *testing.T) {
	const preso, dopo, irraggiungibile = "", "later", "away"
	for _, x := range []struct {
		quando, risposta, want string
	}{
		{"", "", preso},
		{"RCPT", "550 5.1.1 no <biagia@example.org> here", "SMTP 550 5.1.1"},
		{"RCPT", "553 what?", "SMTP 553"},
		{"RCPT", "451 4.7.1 greylisted", dopo},
		{"RCPT", "421 4.3.2 I am closing", irraggiungibile},
		{"RCPT", "530 5.7.0 log in first", irraggiungibile},
		{"RCPT", "-", dopo},
		{"MAIL", "550 5.7.1 not you", irraggiungibile},
		{"MAIL", "452 4.3.1 disk full", irraggiungibile},
		{"DATA", "554 5.6.0 no", "SMTP 554 5.6.0"},
		{"fine", "554 5.6.0 spam from biagia@example.org", "SMTP 554 5.6.0"},
		{"fine", "452 4.2.2 full", dopo},
		{"fine", "-", dopo},
		{"fine", "…", dopo},
		{"RSET", "-", preso}, // it has the message: what comes after is all the same
		{"saluto", "554 no service", irraggiungibile},
		{"saluto", "-", irraggiungibile},
		{"saluto", "…", irraggiungibile},
		{"EHLO", "-", irraggiungibile},
	} {
		t.Run(x.quando+" "+x.risposta, func(t *testing.T) {
			t.Parallel()
			url, _ := copione(t, map[string]string{x.quando: x.risposta})
			err := nuova(t, posta.Config{Server: url, Scadenza: time.Second}).Manda(t.Context(), busta)
			rifiuto, got := (*messaggi.Rifiuto)(nil), preso
			switch {
			case errors.As(err, &rifiuto):
				got = rifiuto.Codice
			case errors.Is(err, messaggi.ErrIrraggiungibile):
				got = irraggiungibile
			case err != nil:
				got = dopo
			}
			if got != x.want {
				t.Errorf("%q (%v), want %q", got, err, x.want)
			}
			if err != nil && strings.Contains(err.Error(), "biagia") {
				t.Errorf("the error names somebody: %v", err)
			}
		})
	}
}

func TestAConnectionIsUsedAgainAndReplacedWhenItIsGone(t *testing.T) {
	url, clienti := copione(t, nil)
	p := nuova(t, posta.Config{Server: url})
	for range 5 {
		if err := p.Manda(t.Context(), busta); err != nil {
			t.Fatal(err)
		}
	}
	if n := clienti.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
	url, clienti = copione(t, map[string]string{"NOOP": "-"})
	p = nuova(t, posta.Config{Server: url})
	if err := p.Manda(t.Context(), busta); !errors.Is(err, messaggi.ErrIrraggiungibile) || clienti.Load() != 1 {
		t.Errorf("a server that hangs up at once: %v after %d connections", err, clienti.Load())
	}
}

func TestAServerThatHangsUpBetweenMessagesIsCalledAgain(t *testing.T) {
	url, clienti := copione(t, map[string]string{"RSET": "250 2.0.0 bye-"})
	p := nuova(t, posta.Config{Server: url})
	for range 3 {
		if err := p.Manda(t.Context(), busta); err != nil {
			t.Fatal(err)
		}
	}
	if n := clienti.Load(); n != 3 {
		t.Errorf("%d connections", n)
	}
}

// conParola is a server session that wants a login.
type conParola struct{ entrato bool }

func (s *conParola) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *conParola) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, utente, parola string) error {
		if utente != "nucleo" || parola != "la parola" {
			return smtp.ErrAuthFailed
		}
		s.entrato = true
		return nil
	}), nil
}

func (s *conParola) Reset()                               {}
func (s *conParola) Logout() error                        { return nil }
func (s *conParola) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *conParola) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

func (s *conParola) Mail(string, *smtp.MailOptions) error {
	if !s.entrato {
		return smtp.ErrAuthRequired
	}
	return nil
}

func TestAPasswordGoesOverTLSAlone(t *testing.T) {
	autorita := httptest.NewTLSServer(nil)
	defer autorita.Close()
	radici := x509.NewCertPool()
	radici.AddCert(autorita.Certificate())
	segreto := filepath.Join(t.TempDir(), "parola")
	storto := filepath.Join(t.TempDir(), "altra")
	for f, testo := range map[string]string{segreto: "la parola\n", storto: "un'altra"} {
		if err := os.WriteFile(f, []byte(testo), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	avvia := func(tlsConfig *tls.Config, subito bool) string {
		l := ascolta(t)
		s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &conParola{}, nil }))
		s.Domain, s.TLSConfig, s.AllowInsecureAuth = "localhost", tlsConfig, tlsConfig == nil
		if subito {
			go func() { _ = s.Serve(tls.NewListener(l, tlsConfig)) }()
		} else {
			go func() { _ = s.Serve(l) }()
		}
		t.Cleanup(func() { _ = s.Close() })
		return l.Addr().String()
	}
	sicura := &tls.Config{Certificates: autorita.TLS.Certificates}
	fidata := &tls.Config{RootCAs: radici, ServerName: "example.com", MinVersion: tls.VersionTLS12}
	starttls, diretta, chiaro := avvia(sicura, false), avvia(sicura, true), avvia(nil, false)
	for about, x := range map[string]struct {
		c    posta.Config
		buon bool
	}{
		"STARTTLS":                   {posta.Config{Server: "smtp://nucleo@" + starttls, Segreto: segreto, TLS: fidata}, true},
		"TLS from the start":         {posta.Config{Server: "smtps://nucleo@" + diretta, Segreto: segreto, TLS: fidata}, true},
		"another password":           {posta.Config{Server: "smtp://nucleo@" + starttls, Segreto: storto, TLS: fidata}, false},
		"a certificate of somebody":  {posta.Config{Server: "smtp://nucleo@" + starttls, Segreto: segreto}, false},
		"a server without TLS":       {posta.Config{Server: "smtp://nucleo@" + chiaro, Segreto: segreto, TLS: fidata}, false},
		"no TLS, as was asked":       {posta.Config{Server: "smtp://nucleo@" + chiaro + "?tls=no", Segreto: segreto}, false},
		"nobody who asks to come in": {posta.Config{Server: "smtp://" + starttls, TLS: fidata}, false},
	} {
		err := nuova(t, x.c).Manda(t.Context(), busta)
		if x.buon && err != nil || !x.buon && !errors.Is(err, messaggi.ErrIrraggiungibile) {
			t.Errorf("%s: %v", about, err)
		}
		if err != nil && strings.Contains(err.Error(), "la parola") {
			t.Errorf("%s: %v", about, err)
		}
	}
}

func TestAConfigurationThatCannotSendIsRefusedAtStart(t *testing.T) {
	for about, c := range map[string]posta.Config{
		"no sender":       {Server: "smtp://localhost"},
		"a bad sender":    {Server: "smtp://localhost", Mittente: "Servizi\r\nBcc: x@example.org"},
		"another scheme":  {Server: "http://localhost", Mittente: "a@example.org"},
		"no host":         {Server: "smtp://", Mittente: "a@example.org"},
		"a word as port":  {Server: "smtp://localhost:posta", Mittente: "a@example.org"},
		"no secret there": {Server: "smtp://nucleo@localhost", Segreto: filepath.Join(t.TempDir(), "no"), Mittente: "a@example.org"},
	} {
		if _, err := posta.Nuova(c); err == nil {
			t.Errorf("%s is taken", about)
		}
	}
}
