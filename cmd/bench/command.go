package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"nucleo/commands"
	"nucleo/domain/id"
	"nucleo/httpapi"
	"nucleo/httpapi/auth"
	"nucleo/projections"
)

// httpCommands measures complete commands over HTTP (T4): each assigns a case
// that waits, and is answered 201.
func httpCommands(ctx context.Context, b *bench) (err error) {
	i, err := b.install(ctx, "command")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.close()) }()
	r, err := openRaw(filepath.Join(b.dir, "raw-command"), payload+100)
	if err != nil {
		return err
	}
	took := time.Duration(b.pick(1500, 400)) * time.Millisecond
	cases := 2 * (rounds + 1) * int(took.Seconds()*4000) // more than any round can assign
	if _, err := i.seme.semina(ctx, i.node.Log(), 0, cases, nessuna); err != nil {
		return errors.Join(err, r.close())
	}
	s, err := i.serve()
	if err != nil {
		return errors.Join(err, r.close())
	}
	defer func() { err = errors.Join(err, s.close()) }()

	other, err := b.messageDB(ctx, took)
	if err != nil {
		return errors.Join(err, r.close())
	}
	limit := subject{"raw, 32 clients", appending(32, took, intoRaw(r), nil)}
	command := subject{"HTTP command, 32 clients", s.assigning(took, cases)}
	followed := subject{"HTTP command, models following", func(ctx context.Context) (per float64, err error) {
		engine, stop := i.follow(ctx)
		defer func() { err = errors.Join(err, stop()) }()
		if err := i.caughtUp(ctx, engine); err != nil {
			return 0, err
		}
		s.waiting.Store(engine)
		return s.assigning(took, cases)(ctx)
	}}
	got, err := b.interleave(ctx, b.rounds(), limit, command, followed, other.subject)
	if err = errors.Join(err, verified(ctx, other), r.close()); err != nil {
		return err
	}
	if err := i.rebuild(ctx); err != nil {
		return err
	}
	assigned := int(s.assigned.Load())
	if err := i.rowsAre(ctx, map[string]int{"casi WHERE lista = 2": assigned, "cronologia": assigned, "casi": cases}); err != nil {
		return err
	}
	done := fmt.Sprintf(", %s answered 201 and found in the log", thousands(float64(assigned)))
	b.table.ratio("T4", "complete HTTP command (token, contract, case and case manager read, decided, appended), 32 clients"+done, got[command.name], other.name+", its bare SQL call", got[other.name], 5)
	b.table.ratio("T4", "the same", got[command.name], "raw limit, 32 clients", got[limit.name], 0)
	b.table.ratio("T4", "the same while all read models follow", got[followed.name], "raw limit, 32 clients", got[limit.name], 0)
	return nil
}

// server is the API on a loopback address, and who calls it.
type server struct {
	*installation
	http     *http.Server
	served   chan error
	client   *http.Client
	base     string
	tokens   []string // of the coordinators
	tokensCM []string // of the case managers, in their order
	tokenAU  string   // of the auditor
	waiting  atomic.Pointer[projections.Engine]
	next     atomic.Int64 // case that nobody assigned
	assigned atomic.Int64
}

// Attendi implements httpapi.Attesa.
func (s *server) Attendi(ctx context.Context, position uint64) error {
	return s.waiting.Load().Wait(ctx, position, modelli...)
}

// Pronto implements httpapi.Salute.
func (s *server) Pronto(context.Context) error { return s.store.State() }

// Stato implements httpapi.Salute.
func (s *server) Stato(context.Context) []httpapi.Parte { return nil }

// Deposita implements httpapi.Importazioni.
func (s *server) Deposita(context.Context, id.Importazione, httpapi.FileRicevuto) (commands.Importazione, error) {
	return commands.Importazione{}, errors.ErrUnsupported
}

// Comincia implements httpapi.Distributore.
func (s *server) Comincia(string, id.Processo) {}

const issuer, audience = "http://127.0.0.1/bench", "nucleo"

func (i *installation) serve() (*server, error) {
	s := &server{installation: i, served: make(chan error, 1)}
	verifier, err := s.sign()
	if err != nil {
		return nil, err
	}
	api := &httpapi.API{
		Comandi: i.comandi, Lettura: i.pool, Verifica: verifier, Attesa: s, Importazioni: s, Distributore: s, Salute: s, Metriche: http.NotFoundHandler(),
		Registro: &commands.Registro{Store: i.comandi.Store, Adesso: time.Now, Zona: time.UTC, Replica: func() string { return uuid.NewString()[:8] }},
		Segreto:  i.comandi.Segreto, Adesso: time.Now, Zona: time.UTC, Versione: "bench",
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), // written as in earnest, to nowhere
	}
	handler, err := api.Handler()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.base = "http://" + listener.Addr().String() + httpapi.Base
	s.http = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: 30 * time.Second}
	go func() { s.served <- s.http.Serve(listener) }()
	return s, nil
}

func (s *server) close() error {
	s.client.CloseIdleConnections()
	err := s.http.Close()
	if ended := <-s.served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// sign makes a key, a token of each coordinator and case manager, and who
// believes them.
func (s *server) sign() (*auth.Verifier, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "bench"}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	token := func(c persona) (string, error) {
		return jwt.Signed(signer).Claims(jwt.Claims{
			Issuer: issuer, Subject: c.id.String(), Audience: jwt.Audience{audience}, ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Hour)),
		}).Claims(map[string]any{"acr": auth.SpidL2, "auth_time": now.Unix(), auth.ClaimEID: "TINIT-" + c.codiceFiscale}).Serialize()
	}
	if s.tokens, err = each(s.coordinatori, token); err != nil {
		return nil, err
	}
	if s.tokensCM, err = each(s.caseManager, token); err != nil {
		return nil, err
	}
	if s.tokenAU, err = token(s.revisore); err != nil {
		return nil, err
	}
	public := jose.JSONWebKey{Key: key.Public(), KeyID: "bench", Algorithm: string(jose.ES256), Use: "sig"}
	return auth.New(context.Background(), auth.Config{Issuer: issuer, Audience: audience, Keys: &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}}, Now: time.Now})
}

func each(people []persona, token func(persona) (string, error)) (tokens []string, err error) {
	for _, p := range people {
		t, err := token(p)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// assigning is a round of 32 callers, each assigning a case after the other.
func (s *server) assigning(d time.Duration, cases int) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		n, took, err := together(ctx, 32, d, func(c int) func(context.Context) error {
			token := "Bearer " + s.tokens[c%len(s.tokens)]
			return func(ctx context.Context) error {
				k := int(s.next.Add(1)) - 1
				if k >= cases {
					return errors.New("no case is left to assign: make more")
				}
				return s.assign(ctx, token, id.CasoDi(idDomanda(k)), s.seme.cm[k%len(s.seme.cm)])
			}
		})
		s.assigned.Add(int64(n))
		return rate(n, took), err
	}
}

func (s *server) assign(ctx context.Context, token string, c id.Caso, cm id.Operatore) error {
	body := strings.NewReader(`{"case_manager_id":"` + cm.String() + `"}`)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/casi/"+c.String()+"/assegnazioni", body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", uuid.NewString())
	req.Header.Set("If-Match", "*")
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("answered %s: %s", resp.Status, answer)
	}
	return err
}
