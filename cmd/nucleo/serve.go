package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"nucleo/cmd/internal/fotografo"
	"nucleo/cmd/nucleo/internal/custodia"
	"nucleo/cmd/nucleo/internal/deposito"
	"nucleo/cmd/nucleo/internal/foglio"
	"nucleo/cmd/nucleo/internal/messaggi"
	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/cmd/nucleo/internal/oblio"
	"nucleo/cmd/nucleo/internal/segnalibri"
	"nucleo/cmd/nucleo/internal/spedizioniere"
	"nucleo/commands"
	"nucleo/commands/policies"
	"nucleo/eventstore"
	"nucleo/httpapi"
	"nucleo/httpapi/auth"
	"nucleo/internal/analisi"
	"nucleo/internal/sessioni"
	"nucleo/projections"
	"nucleo/projections/cancellazioni"
	"nucleo/projections/distribuzioni"
)

func serveCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "serve the API", Args: cobra.NoArgs,
		Long: "serve runs the API, the projections and the policies; and, unless NUCLEO_EVENTSTORE and NUCLEO_POSTGRES\n" +
			"name servers, the embedded event store and database of the data directory. SIGTERM stops it in order.",
	}
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		log := registro(os.Stderr, c.LogLevel)
		if c.Issuer == "" {
			return errors.New("NUCLEO_OIDC_ISSUER is not set: name the issuer of the operators' tokens, or run nucleo demo to look around")
		}
		verifica, err := auth.New(cmd.Context(), auth.Config{
			Issuer: c.Issuer, Audience: c.Audience, CodiceFiscaleClaim: c.Claim, Programmi: c.Programmi, Parti: c.Parti, Log: log, Now: time.Now,
		})
		if err != nil {
			return fmt.Errorf("identity provider: %w", err)
		}
		return serve(cmd.Context(), c, verifica, log, nil, func(_ context.Context, s *servizio, addr string) error {
			log.Info("nucleo serves", "address", addr, "version", versione(), "data", s.cartella.Dir, "eventstore", dove(c.EventStore), "postgres", dove(c.Postgres), "env", c.Env)
			return nil
		})
	})
}

func dove(url string) string {
	if url == "" {
		return "embedded"
	}
	return senzaParola(url)
}

// serve runs an installation until ctx ends, then stops it in order: no new
// requests, those under way to their end, then what follows the log, then the
// store. It calls prima, if there is one, before anything follows the log, and
// ready, in a goroutine of its own, once requests are served; an error of
// either ends it.
func serve(ctx context.Context, c config, verifica httpapi.Verificatore, log *slog.Logger, prima func(context.Context, *servizio) error, ready func(context.Context, *servizio, string) error) (err error) {
	i, err := apri(c, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.chiudi()) }()
	if err := i.apriArchivio(ctx, false); err != nil {
		return err
	}
	if err := i.apriChiavi(ctx); err != nil {
		return err
	}
	if err := i.apriLettura(ctx); err != nil {
		return err
	}
	if err := i.concordi(ctx); err != nil {
		return err
	}
	s, err := nuovoServizio(ctx, i, verifica)
	if err != nil {
		return err
	}
	if prima != nil {
		if err := prima(ctx, s); err != nil {
			return err
		}
	}
	return s.corri(ctx, ready)
}

// servizio is an installation at work.
type servizio struct {
	*impianto
	motore   *projections.Engine
	politica policies.Politica
	scadenze policies.Scadenze
	deposito *deposito.Deposito
	api      *httpapi.API
	server   *http.Server
	congedo  congedo
	salute   *salute

	spedizione *messaggi.Spedizione
	spedisce   policies.Politica
	dispatcher *spedizioniere.Spedizioniere // nil when nothing is sent to INPS

	distribuisce *distributore
	accredita    *accreditatore
	sessioni     *sessioni.Sessioni

	registro *commands.Registro

	notaio  *notaio.Notaio
	passati *projections.Passati

	vigilanza policies.Vigilanza
	conserva  policies.Conservazione
	termini   policies.Termini

	oblio *oblio.Oblio
}

func nuovoServizio(ctx context.Context, i *impianto, verifica httpapi.Verificatore) (*servizio, error) {
	comandi := i.comandi()
	s := &servizio{impianto: i, motore: projections.NewEngine(i.lettura, i.origine(), i.log, modelli...)}
	elenchi := elenchi{s.motore, i.lettura}
	segni, err := segnalibri.Apri(ctx, i.lettura)
	if err != nil {
		return nil, err
	}
	s.politica = policies.Revoca{Comandi: comandi, Casi: elenchi, Adesso: time.Now}.Politica(segni)
	s.scadenze = policies.Scadenze{Comandi: comandi, Casi: scaduti{i, s.motore}, Segnalibri: segni, Adesso: time.Now, Zona: roma}
	if s.deposito, err = deposito.Apri(deposito.Config{Dir: i.cartella.File("importazioni"), Comandi: comandi, Massimo: i.config.MaxFile, Adesso: time.Now, Log: i.log}); err != nil {
		return nil, err
	}
	soglie, _ := i.config.soglie() // configFrom refused what is wrong
	comandi.Fotografo = fotografo.Fotografo{Motore: s.motore, Pool: i.lettura, Soglie: soglie}
	s.distribuisce = nuovoDistributore(s, comandi)
	file, err := custodia.Apri(ctx, i.lettura)
	if err != nil {
		return nil, err
	}
	comandi.Fogli, comandi.Custodia = foglio.Foglio{}, file
	s.accredita = nuovoAccreditatore(s, comandi, file)
	if err := s.apriSpedizione(ctx, comandi, segni); err != nil {
		return nil, err
	}
	s.dispatcher = s.nuovoDispatcher(comandi)
	s.salute = &salute{impianto: i, motore: s.motore, spedizione: s.spedizione, dispatcher: s.dispatcher}
	s.vigilanza = s.nuovaVigilanza(comandi, segni)
	s.conserva = policies.Conservazione{Comandi: comandi, Registri: sguardi{s.impianto, s.motore, s.pepe()}, Archivio: i.archivio, Segnalibri: segni, Adesso: time.Now, Zona: roma}
	s.termini = policies.Termini{Comandi: comandi, Casi: finiti{s.impianto, s.motore}, Adesso: time.Now, Zona: roma}
	s.registro = &commands.Registro{Store: i.archivio, Adesso: time.Now, Zona: roma, Replica: replica}
	metriche := nuoveMetriche(s)
	api := &httpapi.API{
		Comandi: comandi, Lettura: i.lettura, Verifica: verifica, Attesa: elenchi, Importazioni: s.deposito, Distributore: s.distribuisce, Accreditatore: s.accredita, Salute: s.salute,
		Registro: s.registro, SogliaRegistro: i.config.SogliaRegistro,
		Metriche: metriche.handler(), Osserva: metriche.osserva, Segreto: i.segreto, Pepe: i.pepe(), Adesso: time.Now, Zona: roma, Log: i.log, Versione: versione(), Recente: i.config.Recente,
		Soglie: soglie, InChiaro: i.config.InChiaro,
		Quaderno: foglio.Tavola,
		Bordo:    i.config.bordo(&s.congedo),
	}
	if err := analisi.Prepara(ctx, i.lettura); err != nil {
		return nil, err
	}
	if err := s.apriAccesso(ctx, api); err != nil {
		return nil, err
	}
	s.apriPassati(api)
	if err := s.apriNotaio(ctx, api); err != nil {
		return nil, err
	}
	if err := s.nuovoOblio(comandi); err != nil {
		return nil, err
	}
	handler, err := api.Handler()
	if err != nil {
		return nil, err
	}
	s.api, s.server = api, i.config.server(handler, i.log)
	return s, nil
}

// corri runs the parts. Those that follow the log outlive the server, so that
// requests under way see their own writes.
func (s *servizio) corri(ctx context.Context, ready func(context.Context, *servizio, string) error) error {
	listener, err := s.ascolta()
	if err != nil {
		return err
	}
	parts, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.motore.Run(parts) })
	g.Go(func() error { return eventstore.Consume(parts, s.eventi(), eventi, s.log, s.politica, s.spedisce) })
	g.Go(func() error { return s.chiavi.Ascolta(parts, s.anello.Forget, s.log) })
	g.Go(func() error { return s.custodisce(parts) })
	g.Go(func() error { return s.deposito.Run(parts) })
	g.Go(func() error { return s.spedizione.Run(parts) })
	g.Go(func() error {
		return scadenziario(parts, s.scadenze.Oggi, s.scadenze.Registra, minuto, s.log, "the clocks of today are not all noted; trying again")
	})
	g.Go(func() error {
		return scadenziario(parts, s.vigilanza.Ora, s.vigilanza.Guarda, minuto, s.log, "the access log is not all looked through; trying again")
	})
	g.Go(func() error {
		return scadenziario(parts, s.conserva.Oggi, s.conserva.Scade, minuto, s.log, "not all that expired of the access log is gone; trying again")
	})
	g.Go(func() error {
		return scadenziario(parts, s.termini.Oggi, s.termini.Propone, minuto, s.log, "not all cases whose term is over are proposed for erasure; trying again")
	})
	g.Go(func() error { return s.sessioni.Run(parts, 10*time.Minute, time.Now, s.log) })
	g.Go(func() error { return pubblicazioni(parts, minuto, oggi, s.pubblica, s.log) })
	if s.dispatcher != nil {
		g.Go(func() error { return s.dispatcher.Run(parts) })
	}
	g.Go(func() error { return s.quando(parts, distribuzioni.Projection, s.distribuisce.Run) })
	g.Go(func() error { return s.accredita.Run(parts) })
	g.Go(func() error { return s.notaio.Run(parts) })
	g.Go(func() error { return s.passati.Run(parts) })
	g.Go(func() error { return s.quando(parts, cancellazioni.Projection, s.oblio.Run) })
	if s.cluster != nil {
		g.Go(func() error { return s.cluster.Keep(parts) })
	}
	if s.nodo != nil {
		g.Go(func() error { return s.guarda(parts) })
	}
	g.Go(func() error {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	if ready != nil {
		g.Go(func() error { return ready(ctx, s, listener.Addr().String()) })
	}
	g.Go(func() error {
		defer stopParts()
		<-ctx.Done()
		defer s.registro.Chiudi()
		return s.ferma(ctx)
	})
	return g.Wait()
}

// quando runs what works off a list once the list is there: that of a new
// installation is built while the rest begins. A database that is away keeps it
// waiting.
func (s *servizio) quando(ctx context.Context, lista projections.Model, run func(context.Context) error) error {
	const dopo = time.Second
	for ctx.Err() == nil {
		if s.motore.Wait(ctx, 1, lista) == nil {
			return run(ctx)
		}
		select {
		case <-time.After(dopo):
		case <-ctx.Done():
		}
	}
	return nil
}

// ferma answers what is under way, as long as Drain allows. Meanwhile new
// requests are refused, and the port is closed only then: a balancer learns
// from /readyz that it should go elsewhere.
func (s *servizio) ferma(ctx context.Context) error {
	s.salute.fermo.Store(true)
	s.log.Info("nucleo stops", "drain", s.config.Drain.String())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Drain)
	defer cancel()
	select {
	case <-s.congedo.chiudi():
	case <-ctx.Done():
	}
	if err := s.server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests under way were cut off: %w", err), s.server.Close())
	}
	return nil
}

// guarda ends the program when the node cannot write any more: what it would
// answer after that could not be trusted (D-7).
func (s *servizio) guarda(ctx context.Context) error {
	select {
	case err := <-s.nodo.Failed():
		return fmt.Errorf("the event store cannot write: %w", err)
	case <-ctx.Done():
		return nil
	}
}

func (s *servizio) ascolta() (net.Listener, error) {
	l, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w (name another address with NUCLEO_ADDR or --addr)", s.config.Addr, err)
	}
	l = s.config.davanti(l)
	if s.config.TLSCert == "" {
		return l, nil
	}
	if _, err := s.certificato(nil); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: s.certificato}), nil
}

// certificato reads the certificate for every connection: it is renewed
// without a restart.
func (s *servizio) certificato(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	cert, err := tls.LoadX509KeyPair(s.config.TLSCert, s.config.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("TLS certificate: %w", err)
	}
	return &cert, nil
}

// salute answers how the parts are.
type salute struct {
	*impianto
	motore *projections.Engine
	fermo  atomic.Bool // the program is stopping

	spedizione *messaggi.Spedizione
	dispatcher *spedizioniere.Spedizioniere
	notaio     *notaio.Notaio
}

// Pronto implements httpapi.Salute.
func (s *salute) Pronto(ctx context.Context) error {
	if s.fermo.Load() {
		return errors.New("nucleo is stopping")
	}
	for _, p := range s.Stato(ctx) {
		if !p.Bene && p.Nome != "proiezioni" && p.Nome != "messaggi" && p.Nome != "inps" && p.Nome != "sigilli" && p.Nome != "integrita" {
			return fmt.Errorf("%s: %s", p.Nome, p.Motivo)
		}
	}
	return nil
}

// Stato implements httpapi.Salute.
func (s *salute) Stato(ctx context.Context) []httpapi.Parte {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	parti := []httpapi.Parte{
		parte("archivio", s.archivio.State(), "the event store does not answer"),
		parte("chiavi", s.chiavi.Viva(ctx), "the key database does not answer"),
		parte("database", s.lettura.Ping(ctx), "the database does not answer"),
		parte("proiezioni", s.proiezioni(), ""),
		parte("messaggi", s.messaggi(ctx), ""),
		parte("inps", s.inps(ctx), ""),
		s.sigilli(),
	}
	if s.nodo != nil {
		parti = append(parti, s.integrita())
	}
	return parti
}

// proiezioni is an error when a read model is not kept up to date.
func (s *salute) proiezioni() error {
	for _, m := range s.motore.Misure() {
		switch {
		case m.Parcheggiati > 0:
			return fmt.Errorf("%s has %d parked streams: see nucleo projections list", m.Nome, m.Parcheggiati)
		case m.Errore != "":
			return fmt.Errorf("%s fails: see nucleo projections list", m.Nome)
		}
	}
	return nil
}

// parte is the state of a part. The text of an error may name hosts and files,
// so instead of it callers are told what stands in its place.
func parte(nome string, err error, invece string) httpapi.Parte {
	p := httpapi.Parte{Nome: nome, Bene: err == nil}
	if err != nil {
		p.Motivo = invece
		if invece == "" {
			p.Motivo = err.Error()
		}
	}
	return p
}
