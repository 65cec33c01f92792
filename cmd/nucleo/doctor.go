package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/internal/postgres"
	"nucleo/projections"
)

// controllo is one thing that doctor looked at.
type controllo struct {
	Cosa     string `json:"controllo"`
	Esito    string `json:"esito"` // ok, avviso, errore
	Dettagli string `json:"dettagli"`
	Rimedio  string `json:"rimedio,omitempty"`
}

func doctorCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "doctor", Short: "look for what keeps an installation from working", Args: cobra.NoArgs,
		Long: "doctor checks the settings, the data directory, the event store, the database, the read models and the\n" +
			"identity provider. It changes nothing. Exit status: 0 all well, 1 something is wrong.",
	}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		tutti := visita(cmd.Context(), c)
		if *asJSON {
			if err := json.NewEncoder(cmd.OutOrStdout()).Encode(tutti); err != nil {
				return err
			}
		} else {
			t := table.NewWriter()
			t.SetOutputMirror(cmd.OutOrStdout())
			t.AppendHeader(table.Row{"check", "outcome", "details", "what to do"})
			for _, k := range tutti {
				t.AppendRow(table.Row{k.Cosa, k.Esito, k.Dettagli, k.Rimedio})
			}
			t.Render()
		}
		for _, k := range tutti {
			if k.Esito == "errore" {
				return errDetto
			}
		}
		return nil
	})
}

func visita(ctx context.Context, c config) []controllo {
	tutti := []controllo{{"settings", "ok", c.Env, ""}}
	if !cartella.Esiste(c.Data) {
		return append(tutti, controllo{"data directory", "avviso", c.Data + " is not there yet", "nucleo demo, or nucleo init"})
	}
	i, err := apri(c, registro(os.Stderr, "error"))
	if err != nil {
		return append(tutti, esamina("data directory", err, "", "see the message"))
	}
	defer func() { _ = i.chiudi() }()
	tutti = append(tutti, esamina("data directory", nil, i.cartella.Dir, ""), spazio(c.Data))
	tutti = append(tutti, visitaArchivio(ctx, i)...)
	tutti = append(tutti, visitaSigilli(i))
	tutti = append(tutti, visitaChiavi(ctx, i))
	tutti = append(tutti, visitaDatabase(ctx, i)...)
	tutti = append(tutti, visitaEmittente(ctx, c))
	if c.ClientID != "" {
		tutti = append(tutti, visitaAccesso(ctx, c))
	}
	return tutti
}

func esamina(cosa string, err error, dettagli, rimedio string) controllo {
	if err != nil {
		return controllo{cosa, "errore", err.Error(), rimedio}
	}
	return controllo{cosa, "ok", dettagli, ""}
}

func spazio(dir string) controllo {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return esamina("disk", err, "", "")
	}
	liberi := fs.Bavail * uint64(fs.Bsize) >> 20
	k := controllo{"disk", "ok", fmt.Sprintf("%d MiB free", liberi), ""}
	if liberi < 1024 {
		k.Esito, k.Rimedio = "avviso", "make room: appends are refused when the disk is full"
	}
	return k
}

func visitaArchivio(ctx context.Context, i *impianto) []controllo {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := i.apriArchivio(ctx, true); err != nil {
		return []controllo{esamina("event store", err, "", "see the message")}
	}
	end, err := i.archivio.End(ctx)
	return []controllo{esamina("event store", err, fmt.Sprintf("%s, log ends at %d", dove(i.config.EventStore), end), "start it, or correct NUCLEO_EVENTSTORE")}
}

func visitaDatabase(ctx context.Context, i *impianto) []controllo {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	err := i.apriLettura(ctx)
	rimedio := "start it, or correct NUCLEO_POSTGRES"
	if errors.Is(err, postgres.ErrNotInstalled) {
		rimedio = "install PostgreSQL 15 or later (apt-get install postgresql), or set NUCLEO_POSTGRES"
	}
	tutti := []controllo{esamina("database", err, dove(i.config.Postgres), rimedio)}
	if err != nil || i.archivio == nil {
		return tutti
	}
	end, err := i.archivio.End(ctx)
	if err != nil {
		return tutti
	}
	stati, err := projections.Stato(ctx, i.lettura, modelli, end)
	if err != nil {
		return append(tutti, esamina("read models", err, "", ""))
	}
	for _, s := range stati {
		k := controllo{"read model " + s.Nome, "ok", fmt.Sprintf("%s, lag %d", s.Condizione, s.Ritardo), ""}
		switch {
		case s.Parcheggiati > 0:
			k.Esito, k.Rimedio = "errore", "nucleo projections list, then sblocca"
		case s.Errore != "":
			k.Esito, k.Dettagli, k.Rimedio = "errore", s.Errore, "nucleo projections list"
		case s.Ritardo > 0:
			k.Esito, k.Rimedio = "avviso", "nothing while nucleo serve runs; else start it"
		}
		tutti = append(tutti, k)
	}
	return tutti
}

func visitaEmittente(ctx context.Context, c config) controllo {
	if c.Issuer == "" {
		return controllo{"identity provider", "avviso", "NUCLEO_OIDC_ISSUER is not set", "needed by nucleo serve, not by nucleo demo"}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	url := strings.TrimSuffix(c.Issuer, "/") + "/.well-known/openid-configuration"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return esamina("identity provider", err, "", "correct NUCLEO_OIDC_ISSUER")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return esamina("identity provider", err, "", "correct NUCLEO_OIDC_ISSUER, or wait until it is up")
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return esamina("identity provider", err, c.Issuer, "correct NUCLEO_OIDC_ISSUER")
}
