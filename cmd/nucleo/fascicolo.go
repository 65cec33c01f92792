package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/eventstore/fascicolo"
	"nucleo/httpapi"
)

func fascicoloCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fascicolo ID -o FILE.zip", Short: "export the bundle of a case, for a court or an inspector", Args: cobra.ExactArgs(1),
		Long: "fascicolo writes one file: the events of a case as they are stored, the proof that each of them is among those of a signed seal,\n" +
			"a page to read, and a signature over all of it. Personal data stay sealed in it, and masked on the page; opened bundles are\n" +
			"asked for over HTTP, by an auditor to whom an opening was granted. \"nucleo verifica FILE.zip\" checks it on any machine.\n" +
			"ID is the id of the case or of its domanda (INPS-…). --alla takes a day (its end, in Rome) or an instant (RFC 3339).",
		Example: "  nucleo fascicolo INPS-RDC-2019-999633 -o fascicolo.zip\n  nucleo verifica fascicolo.zip --verificatore chiavi.txt",
	}
	file := cmd.Flags().StringP("output", "o", "", "the file to write; it must not be there")
	alla := cmd.Flags().String("alla", "", "the day or instant to replay to; now when empty")
	versione := cmd.Flags().Uint64("versione", 0, "the number of events to replay")
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		if *file == "" {
			return errors.New("name the file to write: -o FILE.zip")
		}
		caso, err := casoDi(args[0])
		if err != nil {
			return err
		}
		momento, err := momentoDi(*alla, *versione)
		if err != nil {
			return err
		}
		api, err := i.compositore(cmd.Context())
		if err != nil {
			return err
		}
		err = nuovoFile(*file, func(w io.Writer) error { return api.ScriviFascicolo(cmd.Context(), w, caso, momento) })
		if err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s written; whoever receives it needs a verifier key, by another way: nucleo sigilli chiavi\n", *file)
		}
		return err
	})
}

// compositore puts bundles together without a server.
func (i *impianto) compositore(ctx context.Context) (*httpapi.API, error) {
	chiavi, err := notaio.LeggiChiavi(i.cartella.Dir)
	if err == nil {
		chiavi, err = notaio.ApriChiavi(i.cartella.Dir)
	}
	if err == nil {
		err = i.apriLettura(ctx)
	}
	if err != nil {
		return nil, err
	}
	prove := notaio.Prove{Pool: i.lettura, Archivio: i.eventi(), Pubbliche: chiavi.Testi}
	return &httpapi.API{
		Comandi: i.comandi(), Sigilli: prove, Fascicoli: fascicoli{prove, i.eventi(), chiavi.Firma, i.anello},
		Adesso: time.Now, Zona: roma, Versione: versione(), Log: i.log,
	}, nil
}

// nuovoFile writes a file that is there whole, or not at all. What is there
// already is not written over.
func nuovoFile(nome string, scrivi func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(nome), filepath.Base(nome)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := errors.Join(scrivi(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), nome)
}

// verificaFascicolo holds a bundle against everything that vouches for it.
func verificaFascicolo(out io.Writer, file, chiave string) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	credute, err := chiaviO(chiave)
	if err != nil {
		return err
	}
	e, err := fascicolo.Verifica(f, credute)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	_, err = fmt.Fprintf(out, "%d events of %s checked: every event is as it was written\nall of them are covered by the seal of %d events of %s\nput together and signed on %s by %s\n",
		e.Eventi, e.Flusso, e.Sigillo.Dimensione, e.Sigillo.Origine, e.Composto.Format(time.RFC3339), nomeChiave(e.Firma))
	if err == nil && e.Apertura != nil {
		_, err = fmt.Fprintf(out, "personal data of %d events are opened (opening %s, days %s to %s): they are what was sealed\n", e.Aperti, e.Apertura.ID, e.Apertura.Dal, e.Apertura.Al)
	}
	if err == nil && e.Propria {
		_, err = fmt.Fprintln(out, "no key was named: this was checked by the key that the file itself brings, which proves that it is of one piece, and not\n"+
			"whose it is. Hold the key against one that you have by another way: --verificatore KEY")
	}
	return err
}
