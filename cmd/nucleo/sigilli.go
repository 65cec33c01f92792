package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/httpapi"
)

func sigilliCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "sigilli", Short: "look after the key that seals the history"}
	cmd.AddCommand(sigilliChiavi(), sigilliRuota())
	return cmd
}

// conCartella hands a verb the settings of an installation that is there.
func conCartella(cmd *cobra.Command, run func(cmd *cobra.Command, c config) error) *cobra.Command {
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		if !cartella.Esiste(c.Data) {
			return fmt.Errorf("there is no installation in %s: name its directory with --data or NUCLEO_DATA", c.Data)
		}
		return run(cmd, c)
	})
}

func sigilliChiavi() *cobra.Command {
	cmd := &cobra.Command{
		Use: "chiavi", Short: "print the keys by which seals are checked", Args: cobra.NoArgs,
		Long: "chiavi prints the verifier keys of the installation, the present one last. Keep them where nobody of the\n" +
			"installation reaches them: \"nucleo verifica --chiavi FILE\" then believes no others.",
	}
	return conCartella(cmd, func(cmd *cobra.Command, c config) error {
		chiavi, err := notaio.LeggiChiavi(c.Data)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.Join(chiavi.Testi, "\n"))
		return err
	})
}

func sigilliRuota() *cobra.Command {
	cmd := &cobra.Command{
		Use: "ruota", Short: "begin another key", Args: cobra.NoArgs,
		Long: "ruota makes another key to sign seals with, and prints its verifier key. Those before it go on vouching for\n" +
			"what they signed. Programs that run take it up when they are started again; replicas need both files.",
	}
	return conCartella(cmd, func(cmd *cobra.Command, c config) error {
		chiavi, err := notaio.Ruota(c.Data)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), chiavi.Testi[len(chiavi.Testi)-1])
		return err
	})
}

// secondo is the second place of the seals.
func (i *impianto) secondo() notaio.Secondo {
	return notaio.Secondo{Dir: cmp.Or(i.config.Sigilli, i.cartella.Dir+"-sigilli")}
}

// apriNotaio makes what seals the log, and what proves it.
func (s *servizio) apriNotaio(ctx context.Context, api *httpapi.API) error {
	chiavi, err := notaio.ApriChiavi(s.cartella.Dir)
	if err != nil {
		return err
	}
	s.notaio, err = notaio.Apri(ctx, notaio.Config{
		Archivio: s.eventi(), Pool: s.lettura, Chiavi: chiavi, Secondo: s.secondo(), Adesso: time.Now, Log: s.log,
	})
	s.salute.notaio = s.notaio
	prove := notaio.Prove{Pool: s.lettura, Archivio: s.eventi(), Pubbliche: chiavi.Testi}
	api.Sigilli, api.Fascicoli = prove, fascicoli{prove, s.eventi(), chiavi.Firma, s.anello}
	return err
}

// sigilli is how the seals do. That the second place lies on the disk of the
// first is no failure, and is said all the same.
func (s *salute) sigilli() httpapi.Parte {
	p := parte("sigilli", s.notaio.Stato(), "")
	if p.Bene && s.secondo().StessoDisco(s.cartella.Dir) {
		p.Motivo = stessoDisco
	}
	return p
}

const stessoDisco = "the second place of the seals is on the disk of the data: name a directory elsewhere with NUCLEO_SIGILLI"

// visitaSigilli looks at the key of the seals and at the second place.
func visitaSigilli(i *impianto) controllo {
	if _, err := os.Stat(i.cartella.File("sigillo.verificatori")); err != nil {
		return controllo{"seals", "avviso", "there is no key yet", "nucleo init, or start nucleo serve"}
	}
	chiavi, err := notaio.ApriChiavi(i.cartella.Dir)
	if err != nil {
		return esamina("seals", err, "", "see the message")
	}
	note, err := i.secondo().Note()
	if err != nil {
		return esamina("seals", err, "", "nucleo verifica --tutto")
	}
	k := controllo{"seals", "ok", fmt.Sprintf("verifier key %s; %d notes in %s", chiavi.Testi[len(chiavi.Testi)-1], len(note.Note), i.secondo().Dir), ""}
	if i.secondo().StessoDisco(i.cartella.Dir) {
		k.Esito, k.Rimedio = "avviso", stessoDisco
	}
	return k
}
