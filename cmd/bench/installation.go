package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/eventstore"
	"nucleo/eventstore/node"
	"nucleo/internal/catalogo"
	"nucleo/projections"
	"nucleo/projections/ambiti"
)

var (
	eventi  = catalogo.Eventi
	modelli = catalogo.Modelli
)

// installation is what `nucleo serve` runs: the embedded node, the store over
// the official client, the database, the write side; and the people of an ambito.
type installation struct {
	node    *node.Node
	store   *eventstore.Store
	pool    *pgxpool.Pool
	comandi *commands.Service
	log     *slog.Logger

	coordinatori []persona
	revisore     persona // the auditor
	caseManager  []persona
	seme         seme
}

type persona struct {
	id            id.Operatore
	codiceFiscale string
}

// Di answers the commands from the read model of the ambiti.
type territori struct{ pool *pgxpool.Pool }

// AmbitoDi implements commands.Territori.
func (t territori) AmbitoDi(ctx context.Context, comune string) (string, bool, error) {
	return ambiti.Di(ctx, t.pool, comune)
}

// database makes an empty database, and returns its URL.
func (b *bench) database(ctx context.Context) (string, error) {
	admin, err := pgx.Connect(ctx, b.cluster.AdminURL())
	if err != nil {
		return "", err
	}
	defer func() { _ = admin.Close(ctx) }()
	name := "bench_" + strings.ToLower(rand.Text()[:10])
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0 OWNER nucleo"); err != nil {
		return "", err
	}
	u, err := url.Parse(b.cluster.URL())
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	if u.Host == "" {
		return "postgres:///" + name + "?" + u.RawQuery, nil
	}
	return u.String(), nil
}

// install makes an installation with a database of its own.
func (b *bench) install(ctx context.Context, name string) (*installation, error) {
	url, err := b.database(ctx)
	if err != nil {
		return nil, err
	}
	return install(ctx, filepath.Join(b.dir, name), url, b.log)
}

func install(ctx context.Context, dir, url string, log *slog.Logger) (i *installation, err error) {
	i = &installation{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.close())
		}
	}()
	if i.node, err = node.Start(ctx, node.Config{Dir: dir, Log: log, Now: time.Now}); err != nil {
		return nil, err
	}
	if i.store, err = eventstore.Open(eventstore.Config{Address: i.node.Address(), Alone: true, Log: log}, eventi); err != nil {
		return nil, err
	}
	if err := i.store.Ready(ctx); err != nil {
		return nil, err
	}
	if i.pool, err = projections.Open(ctx, url, modelli); err != nil {
		return nil, err
	}
	if err := i.rebuild(ctx); err != nil {
		return nil, err
	}
	i.comandi = &commands.Service{Store: i.beside(), Territori: territori{i.pool}, Segreto: []byte("the secret of a benchmark"), Zona: time.UTC}
	return i, i.popola(ctx)
}

func (i *installation) close() error {
	if i.pool != nil {
		i.pool.Close()
	}
	var errs []error
	if i.store != nil {
		errs = append(errs, i.store.Close())
	}
	if i.node != nil {
		errs = append(errs, i.node.Stop())
	}
	return errors.Join(errs...)
}

// beside is the store as `nucleo serve` reads it.
func (i *installation) beside() eventstore.Log {
	return eventstore.Beside{Store: i.store, Log: i.node.Log()}
}

func (i *installation) origin() projections.Origin {
	return projections.Origin{Source: i.beside(), Catalog: eventi}
}

// rebuild makes all read models from the log.
func (i *installation) rebuild(ctx context.Context) error {
	return projections.Ricostruisci(ctx, i.pool, i.origin(), i.log, modelli...)
}

// popola makes an ambito, and accredits people in it.
func (i *installation) popola(ctx context.Context) error {
	oggi := giorno.Di(time.Now().UTC())
	ask := func() commands.Request {
		return commands.Request{Comando: uuid.New(), Attore: domain.Installatore, Canale: domain.Sistema, Adesso: time.Now()}
	}
	if _, err := i.comandi.CreaAmbito(ctx, ask(), ambito.Crea{Codice: ambitoDiProva, Denominazione: "Ambito di prova", Regione: "Sicilia"}); err != nil {
		return err
	}
	if _, err := i.comandi.AssociaComuni(ctx, ask(), ambitoDiProva, comuniDiProva); err != nil {
		return err
	}
	delega := ambito.RegistraDelega{Comuni: comuniDiProva, Data: oggi - 1, Atto: "1", PEC: "ambito@example.org"}
	if _, err := i.comandi.RegistraDelega(ctx, ask(), ambitoDiProva, delega); err != nil {
		return err
	}
	convenzione := ambito.SottoscriviConvenzione{Ente: "Ente di prova", Data: oggi - 1, Firmatario: "x", Qualifica: ambito.LegaleRappresentante}
	if _, err := i.comandi.SottoscriviConvenzione(ctx, ask(), ambitoDiProva, convenzione); err != nil {
		return err
	}
	accredita := func(n int, r domain.Ruolo, dove domain.Territorio, fondo string) (p persona, err error) {
		nascita := giorno.Data(1960+n%40, 1+n%12, 1+n%28)
		y, m, g := nascita.Time().Date()
		codice, err := codicefiscale.Calcola("Verdi", "Carla", y, int(m), g, "F", "G273")
		if err != nil {
			return p, err
		}
		p.codiceFiscale = string(codice)
		dati := operatore.Registrato{CodiceFiscale: p.codiceFiscale, Cognome: "Verdi", Nome: "Carla", DataNascita: nascita, ComuneNascita: "G273", Genere: "F"}
		if p.id, _, err = i.comandi.RegistraOperatore(ctx, ask(), operatore.Registra{Dati: dati}); err != nil {
			return p, err
		}
		_, err = i.comandi.AccreditaRuolo(ctx, ask(), p.id, operatore.Accredita{Ruolo: r, Territorio: dove, Fondo: fondo, Dal: oggi - 1, Richiesta: operatore.Richiesta{Protocollo: "1", Data: oggi - 1}})
		return p, err
	}
	i.seme.oggi = oggi
	for n := range 33 {
		ruolo, fondo := domain.CaseManager, "PON"
		if n < 8 {
			ruolo, fondo = domain.CoordinatorePaIS, ""
		}
		p, err := accredita(n, ruolo, domain.Territorio{Ambito: ambitoDiProva}, fondo)
		if err != nil {
			return fmt.Errorf("accredit the people of the benchmark: %w", err)
		}
		if n < 8 {
			i.coordinatori = append(i.coordinatori, p)
		} else {
			i.caseManager, i.seme.cm = append(i.caseManager, p), append(i.seme.cm, p.id)
		}
	}
	var err error
	if i.revisore, err = accredita(33, domain.Auditor, domain.Territorio{}, ""); err != nil {
		return fmt.Errorf("accredit the auditor of the benchmark: %w", err)
	}
	i.seme.da = domain.Attore{ID: i.coordinatori[0].id.UUID, Ruolo: domain.CoordinatorePaIS, Territorio: domain.Territorio{Ambito: ambitoDiProva}}
	return nil
}

// follow runs the engine until stop is called, which waits for its end.
func (i *installation) follow(ctx context.Context) (engine *projections.Engine, stop func() error) {
	engine = projections.NewEngine(i.pool, i.origin(), i.log, modelli...)
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	return engine, func() error {
		cancel()
		return <-ended
	}
}

// caughtUp waits until the models are at the end of the log.
func (i *installation) caughtUp(ctx context.Context, engine *projections.Engine) error {
	end, err := i.store.End(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	return engine.Wait(ctx, end, modelli...)
}

// rowsAre holds counts of rows against those that the log must give, and that
// no stream is parked.
func (i *installation) rowsAre(ctx context.Context, want map[string]int) error {
	return rowsAre(ctx, i.pool, want)
}

func rowsAre(ctx context.Context, pool *pgxpool.Pool, want map[string]int) error {
	for sql, n := range want {
		var got int
		if err := pool.QueryRow(ctx, "SELECT count(*) FROM "+sql).Scan(&got); err != nil {
			return fmt.Errorf("count %s: %w", sql, err)
		}
		if got != n {
			return fmt.Errorf("%s: %d rows, and the log makes %d", sql, got, n)
		}
	}
	parked, err := projections.Parcheggiati(ctx, pool, modelli)
	if err == nil && len(parked) > 0 {
		err = fmt.Errorf("%d streams are parked: %s", len(parked), parked[0].Motivo)
	}
	return err
}
