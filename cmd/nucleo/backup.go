package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/copia"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/sigilli"
	"nucleo/internal/durable"
)

func backupCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "backup DIR --per age1…", Short: "copy the log and the secrets, while the program runs", Args: cobra.ExactArgs(1),
		Long: "backup makes DIR/nucleo-<time>, with the log in one file and the secrets of the installation in another, both\n" +
			"encrypted to the people of --per: make their keys with \"nucleo backup chiave FILE\", and keep the files elsewhere.\n" +
			"Everything that was answered before it began is in it. The copy is opened and verified before it is packed, for which\n" +
			"DIR needs the space of the log once more. Read models are not copied: they are made from the log. nucleo restore puts it back.",
		Example: "  nucleo backup /mnt/copie --per age1ql3z7h… --segreti /mnt/altrove --tieni 35",
	}
	per := cmd.Flags().StringArray("per", nil, "who can open it (age1…); may be repeated")
	inChiaro := cmd.Flags().Bool("in-chiaro", false, "do not encrypt, for disks that are encrypted themselves")
	altrove := cmd.Flags().String("segreti", "", "another directory for the secrets: who finds one of the two has nothing")
	tieni := cmd.Flags().Int("tieni", 0, "remove backups in DIR that are older than so many days; 0 keeps all")
	cmd.AddCommand(backupChiave(), backupVerifica())
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		a, err := copia.Destinatari(*per)
		if err != nil {
			return err
		}
		if len(a) == 0 && !*inChiaro {
			return errors.New("name who can open the backup by --per age1… (nucleo backup chiave FILE makes a key), or say --in-chiaro")
		}
		if i.config.EventStore != "" {
			return errors.New("the events lie on a server: use its own backup, and keep the secrets of the data directory with it (docs/operations.md, Copies)")
		}
		adesso := time.Now().UTC()
		nome := prefissoCopie + adesso.Format(oraCopie)
		luogo := copia.Luogo{Dir: filepath.Join(args[0], nome)}
		if *altrove != "" {
			luogo.Segreti = filepath.Join(*altrove, nome)
		}
		m, err := i.copia(cmd.Context(), luogo, a, adesso)
		if err != nil {
			return errors.Join(err, disfa(luogo))
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d events of %d streams, up to position %d, %s; verified\n", luogo.Dir, m.Eventi, m.Flussi, m.Posizione, peso(m))
		return sfoltisci(cmd.OutOrStdout(), []string{args[0], *altrove}, adesso, *tieni)
	})
}

const (
	prefissoCopie = "nucleo-"
	oraCopie      = "20060102T150405Z"
)

func peso(m copia.Manifesto) string {
	var n int64
	for _, c := range m.File {
		n += c.Byte
	}
	return humanize.Bytes(uint64(n))
}

// disfa removes what a backup that failed left behind.
func disfa(l copia.Luogo) error {
	if _, err := copia.Leggi(l.Dir); err == nil {
		return nil // it was there before
	}
	err := os.RemoveAll(l.Dir)
	if l.Segreti != "" {
		err = errors.Join(err, os.RemoveAll(l.Segreti))
	}
	return err
}

// copia copies the log beside where the backup is going to lie, verifies the
// copy as an installation of its own, and packs it.
func (i *impianto) copia(ctx context.Context, l copia.Luogo, a []age.Recipient, adesso time.Time) (m copia.Manifesto, err error) {
	segreti, err := i.cartella.Segreti()
	if err != nil {
		return m, err
	}
	prova, err := os.MkdirTemp(filepath.Dir(l.Dir), ".nucleo-copia-*")
	if err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(prova)) }()
	if err := arreda(prova, segreti); err != nil {
		return m, err
	}
	log := filepath.Join(prova, "nodo", node.FileName)
	if err := i.copiaLog(ctx, log); err != nil {
		return m, err
	}
	if err := i.copiaChiavi(ctx, segreti); err != nil {
		return m, err
	}
	m = copia.Manifesto{Quando: adesso, Versione: versione()}
	if err := verificata(ctx, i, prova, &m); err != nil {
		return m, fmt.Errorf("the log is not whole, and a copy of it would not be: %w", err)
	}
	return copia.Scrivi(ctx, l, a, m, log, segreti)
}

// copiaLog copies the log of the node, whoever runs it. What was answered before
// is in the copy: another process may hold events that are durable and not yet
// in the file.
func (i *impianto) copiaLog(ctx context.Context, to string) error {
	if i.nodo != nil {
		return i.nodo.Log().Backup(ctx, to)
	}
	segno, err := i.archivio.End(ctx)
	if err != nil {
		return err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		last, err := eventlog.Copy(ctx, i.cartella.File("nodo", node.FileName), to)
		if err != nil || uint64(last) >= segno {
			return err
		}
		if err := os.Remove(to); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// arreda makes a data directory of what a backup keeps.
func arreda(dir string, segreti map[string][]byte) error {
	if err := durable.MakeDir(filepath.Join(dir, "nodo"), 0o700); err != nil {
		return err
	}
	for nome, b := range segreti {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(nome)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, nome), b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// verificata opens a copied installation, holds every event of it against what
// vouches for it, and notes what it holds. The notes of the second place are
// not asked: they may be of later than the copy.
func verificata(ctx context.Context, i *impianto, dir string, m *copia.Manifesto) (err error) {
	c := i.config
	c.Data, c.EventStore = dir, ""
	altro, err := apri(c, i.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, altro.chiudi()) }()
	if err := altro.apriArchivio(ctx, false); err != nil {
		return err
	}
	log := altro.nodo.Log()
	if err := log.Verify(ctx, nil); err != nil {
		return err
	}
	v := verifica{impianto: altro}
	if err := v.legge(""); err != nil {
		return err
	}
	esito, err := sigilli.Verifica{Registro: v.registro(), Chiavi: v.chiavi}.Esegui(ctx)
	m.Eventi, m.Flussi = int(esito.Eventi), esito.Flussi
	last, _ := log.Last()
	m.Posizione = uint64(last)
	return err
}

// sfoltisci removes the backups in directories that are older than so many days.
func sfoltisci(w io.Writer, dirs []string, adesso time.Time, giorni int) error {
	if giorni <= 0 {
		return nil
	}
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		voci, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, v := range voci {
			quando, err := time.Parse(oraCopie, strings.TrimPrefix(v.Name(), prefissoCopie))
			if err != nil || !v.IsDir() || !strings.HasPrefix(v.Name(), prefissoCopie) || adesso.Sub(quando) < time.Duration(giorni)*24*time.Hour {
				continue
			}
			if err := os.RemoveAll(filepath.Join(dir, v.Name())); err != nil {
				return err
			}
			_, _ = fmt.Fprintln(w, "removed", filepath.Join(dir, v.Name()))
		}
	}
	return nil
}

func backupChiave() *cobra.Command {
	return &cobra.Command{
		Use: "chiave FILE", Short: "make a key that opens backups", Args: cobra.ExactArgs(1),
		Long: "chiave writes a new key to FILE and prints what backups are encrypted to (age1…). Keep FILE away from this machine:\n" +
			"without it no backup opens, and with it every one that was made for it does. It is a key of age (age-encryption.org).",
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := copia.NuovaChiave(args[0], time.Now())
			if err == nil {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), a)
			}
			return err
		},
	}
}

func backupVerifica() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verifica DIR", Short: "open a backup and check every event in it", Args: cobra.ExactArgs(1),
		Long: "verifica does what nucleo restore does before it puts a backup in place, in a directory that it removes again.",
	}
	aperta := flagCopia(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		dir, err := os.MkdirTemp("", "nucleo-verifica-*")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		m, err := aperta.estrai(cmd.Context(), args[0], filepath.Join(dir, "dati"), 0)
		if err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s of %s: %d events of %d streams, up to position %d; every event is as it was written\n",
				args[0], m.Quando.Format(time.RFC3339), m.Eventi, m.Flussi, m.Posizione)
		}
		return err
	}
	return cmd
}
