// Package caselle receives what an installation sends, and keeps it where a
// person can look: an SMTP server and an SMS gateway for the demo and for
// tests. Nothing leaves the machine.
package caselle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Caselle are the mailbox and the telephones of a demo.
type Caselle struct {
	Dir   string // posta/<Message-ID>.eml and sms.jsonl
	SMTP  string // for NUCLEO_SMTP
	SMS   string // for NUCLEO_SMS
	posta *smtp.Server
	sms   *http.Server
	mu    sync.Mutex
	noti  map[string]bool // ids of the SMS received
}

// Apri listens on ports of this machine.
func Apri(dir string) (*Caselle, error) {
	c := &Caselle{Dir: dir, noti: map[string]bool{}}
	if err := os.MkdirAll(filepath.Join(dir, "posta"), 0o700); err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	if err := c.ricorda(); err != nil {
		return nil, err
	}
	posta, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	sms, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, posta.Close())
	}
	c.SMTP, c.SMS = "smtp://"+posta.Addr().String()+"?tls=no", "http://"+sms.Addr().String()+"/messaggi"
	c.posta = Server(c.riceviPosta)
	c.sms = &http.Server{Handler: c.rotte(), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = c.posta.Serve(posta) }()
	go func() { _ = c.sms.Serve(sms) }()
	return c, nil
}

// Chiudi stops listening.
func (c *Caselle) Chiudi() error { return errors.Join(c.posta.Close(), c.sms.Close()) }

// Lettera is an e-mail that arrived.
type Lettera struct {
	A     string
	ID    string // Message-ID, without its brackets
	Testo []byte // whole, as it was sent
}

// Server is an SMTP server that gives what arrives to ricevi. An error of it
// is what the client is told: an *smtp.SMTPError, or else 554.
func Server(ricevi func(Lettera) error) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sessione{ricevi: ricevi}, nil }))
	s.Domain, s.MaxMessageBytes, s.ReadTimeout, s.WriteTimeout = "localhost", 1<<20, time.Minute, time.Minute
	s.EnableSMTPUTF8 = true
	s.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

// sessione is one client.
type sessione struct {
	ricevi func(Lettera) error
	a      string
}

func (s *sessione) Reset()                                   { s.a = "" }
func (s *sessione) Logout() error                            { return nil }
func (s *sessione) Mail(string, *smtp.MailOptions) error     { return nil }
func (s *sessione) Rcpt(a string, _ *smtp.RcptOptions) error { s.a = a; return nil }

func (s *sessione) Data(r io.Reader) error {
	testo, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(strings.NewReader(string(testo)))
	if err != nil {
		return err
	}
	return s.ricevi(Lettera{A: s.a, ID: strings.Trim(m.Header.Get("Message-ID"), "<>"), Testo: testo})
}

var nomeBuono = regexp.MustCompile(`^[A-Za-z0-9@._-]{1,200}$`)

// riceviPosta keeps an e-mail. One that comes twice is one file.
func (c *Caselle) riceviPosta(l Lettera) error {
	if !nomeBuono.MatchString(l.ID) {
		return &smtp.SMTPError{Code: 554, Message: "no Message-ID"}
	}
	return os.WriteFile(filepath.Join(c.Dir, "posta", l.ID+".eml"), l.Testo, 0o600)
}

// messaggio is an SMS that arrived.
type messaggio struct {
	ID     string `json:"id"`
	Numero string `json:"numero"`
	Testo  string `json:"testo"`
}

func (c *Caselle) fileSMS() string { return filepath.Join(c.Dir, "sms.jsonl") }

// ricorda reads which SMS arrived before.
func (c *Caselle) ricorda() error {
	f, err := os.Open(c.fileSMS())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for d := json.NewDecoder(f); ; {
		var m messaggio
		if err := d.Decode(&m); err != nil {
			return nil // the end, or a line cut off when the demo was killed
		}
		c.noti[m.ID] = true
	}
}

func (c *Caselle) rotte() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /messaggi", c.riceviSMS)
	mux.HandleFunc("GET /messaggi/{id}", c.statoSMS)
	return mux
}

// riceviSMS takes an SMS in, once.
func (c *Caselle) riceviSMS(w http.ResponseWriter, r *http.Request) {
	var m messaggio
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&m); err != nil || m.ID == "" || m.Numero == "" {
		http.Error(w, "id, numero, testo", http.StatusUnprocessableEntity)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.noti[m.ID] {
		if err := c.scrivi(m); err != nil {
			http.Error(w, "cannot write", http.StatusServiceUnavailable)
			return
		}
		c.noti[m.ID] = true
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(map[string]string{"id": m.ID})
}

func (c *Caselle) scrivi(m messaggio) error {
	f, err := os.OpenFile(c.fileSMS(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(json.NewEncoder(f).Encode(m), f.Close())
}

// statoSMS says that an SMS arrived: here, all do.
func (c *Caselle) statoSMS(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	noto := c.noti[r.PathValue("id")]
	c.mu.Unlock()
	if !noto {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"stato": "CONSEGNATO"})
}
