package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"nucleo/domain/codicefiscale"
	"nucleo/eventstore/sealing"
	"nucleo/internal/chiavi"
	"nucleo/internal/postgres"
)

// controllaChiavi refuses settings that would put the keys where the rows are:
// databases of read models are dropped and restored as people like.
func (c config) controllaChiavi() error {
	switch {
	case c.Postgres != "" && c.Chiavi == "":
		return errors.New("NUCLEO_CHIAVI is needed with NUCLEO_POSTGRES: the database of keys, with a role of its own, is another one (docs/operations.md)")
	case c.produzione() && strings.Contains(c.Chiavi, "sslmode=disable"):
		return errors.New("NUCLEO_CHIAVI: sslmode=disable is refused in production")
	case c.Chiavi == "" || c.Postgres == "":
		return nil
	}
	lettura, err := pgx.ParseConfig(c.Postgres)
	tenute, errChiavi := pgx.ParseConfig(c.Chiavi)
	if err == nil && errChiavi == nil && lettura.Host == tenute.Host && lettura.Port == tenute.Port && lettura.Database == tenute.Database {
		return errors.New("NUCLEO_CHIAVI and NUCLEO_POSTGRES name one database: the keys want one of their own")
	}
	return nil
}

// apriChiavi opens the database of keys: the one that is configured, or the
// one of the embedded cluster.
func (i *impianto) apriChiavi(ctx context.Context) error {
	i.aprendo.Lock()
	defer i.aprendo.Unlock()
	if i.chiavi != nil {
		return nil
	}
	url := i.config.Chiavi
	if url == "" {
		if err := i.apriCluster(ctx); err != nil {
			return err
		}
		url = i.cluster.KeysURL()
	}
	if err := i.ripristinaChiavi(ctx, url); err != nil {
		return err
	}
	c, err := chiavi.Apri(ctx, url, i.kek())
	if err != nil {
		return err
	}
	if err := i.ridistrugge(ctx, c); err != nil {
		c.Chiudi()
		return err
	}
	if _, rifatto := c.Pepe(); rifatto {
		i.log.WarnContext(ctx, "the secret of the blind indexes was not among the keys, and is a new one: the tables in which people are found are built anew")
	}
	i.chiavi = c
	return nil
}

// pepe is the secret of the blind indexes.
func (i *impianto) pepe() codicefiscale.Pepe {
	i.aprendo.Lock()
	defer i.aprendo.Unlock()
	if i.chiavi == nil {
		panic("nucleo: the keys were not opened before what is made by their secret") // a mistake of the program, found by any start
	}
	segreto, _ := i.chiavi.Pepe()
	return codicefiscale.NuovoPepe(segreto[:])
}

// kek is the directory of the key-encryption keys.
func (i *impianto) kek() string {
	if i.config.KEK != "" {
		return i.config.KEK
	}
	return i.cartella.File("kek")
}

func (i *impianto) apriCluster(ctx context.Context) (err error) {
	if i.cluster == nil {
		i.cluster, err = postgres.Start(ctx, postgres.Config{Dir: i.cartella.File("postgres"), Log: i.log})
	}
	return err
}

// chiaviPigre opens the database of keys when a key is needed first: verbs that
// need none do without it.
type chiaviPigre struct{ i *impianto }

// Make implements eventstore.KeyStore.
func (p chiaviPigre) Make(ctx context.Context, n int) ([]sealing.Key, error) {
	if err := p.i.apriChiavi(ctx); err != nil {
		return nil, err
	}
	return p.i.chiavi.Make(ctx, n)
}

// Find implements eventstore.KeyStore.
func (p chiaviPigre) Find(ctx context.Context, ids []uuid.UUID) ([]sealing.Key, []uuid.UUID, error) {
	if err := p.i.apriChiavi(ctx); err != nil {
		return nil, nil, err
	}
	return p.i.chiavi.Find(ctx, ids)
}

// custodisce begins an epoch of keys when the last one is old, and destroys
// the key-encryption keys whose time is over: once a day, and at the start.
// Where the keys are kept elsewhere, replicas on other machines may have to be
// given the new key-encryption key: there people rotate (nucleo chiavi ruota).
func (s *servizio) custodisce(ctx context.Context) error {
	for {
		if err := s.custodisceOra(ctx, time.Now()); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the key-encryption keys were not looked after", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(24 * time.Hour):
		}
	}
}

func (s *servizio) custodisceOra(ctx context.Context, adesso time.Time) error {
	epoche, _, err := s.chiavi.Stato(ctx)
	if err != nil {
		return err
	}
	if s.config.Chiavi == "" && adesso.Sub(epoche[len(epoche)-1].Creata) > chiavi.Periodo {
		if err := s.chiavi.Ruota(ctx, func(int) {}); err != nil && !errors.Is(err, chiavi.ErrRotazioneInCorso) {
			return fmt.Errorf("rotate: %w", err)
		}
		s.log.InfoContext(ctx, "another epoch of keys has begun")
	}
	scartate, err := s.chiavi.Scarta(ctx, adesso)
	if len(scartate) > 0 {
		s.log.InfoContext(ctx, "key-encryption keys were destroyed: backups of the key database of their time cannot be opened any more", "epochs", scartate)
	}
	return err
}

// visitaChiavi looks whether what is sealed could be read.
func visitaChiavi(ctx context.Context, i *impianto) controllo {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if _, err := os.Stat(i.kek()); errors.Is(err, fs.ErrNotExist) {
		return controllo{"keys", "avviso", i.kek() + " is not there yet", "made at the first start; if this installation has run before, restore it from its backup"}
	}
	err := i.apriChiavi(ctx)
	if err == nil {
		err = i.chiavi.Viva(ctx)
	}
	if err != nil {
		return esamina("keys", err, "", "start it, or correct NUCLEO_CHIAVI and NUCLEO_KEK; docs/operations.md tells what is lost when")
	}
	epoche, _, err := i.chiavi.Stato(ctx)
	if err != nil {
		return esamina("keys", err, "", "")
	}
	ultima := epoche[len(epoche)-1]
	k := controllo{"keys", "ok", fmt.Sprintf("%s, epoch %d of %s", dove(i.config.Chiavi), ultima.Numero, ultima.Creata.Format("2006-01-02")), ""}
	if time.Since(ultima.Creata) > chiavi.Periodo+24*time.Hour {
		k.Esito, k.Rimedio = "avviso", "nucleo chiavi ruota: an epoch lasts 30 days"
	}
	return k
}
