package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/copia"
	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/cmd/nucleo/internal/segnalibri"
	"nucleo/eventstore/node"
	"nucleo/eventstore/node/eventlog"
	"nucleo/internal/durable"
	"nucleo/projections"
)

// errGiaPieno keeps a backup from being put over an installation.
var errGiaPieno = errors.New("a backup is put back into an empty place only: name a new directory by --data, and stop the program that used the old one")

func restoreCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "restore DIR", Short: "put a backup back, as it was or up to a position", Args: cobra.ExactArgs(1),
		Long: "restore makes a data directory of a backup: it decrypts it, checks every event of it, and builds the read models.\n" +
			"Nothing is put in place before everything was checked. --fino gives an earlier state: everything up to a position\n" +
			"of the log, and no command by half. Then start \"nucleo serve\" on the directory.",
		Example: "  nucleo restore /mnt/copie/nucleo-20261125T013000Z --data /srv/nucleo --identita /media/usb/chiave.txt",
	}
	aperta := flagCopia(cmd)
	fino := cmd.Flags().Uint64("fino", 0, "position of the last event to restore; the whole backup when 0")
	senzaListe := cmd.Flags().Bool("senza-liste", false, "leave the read models to the next start")
	registro := cmd.Flags().String("registro", "", "the second place of the installation that was backed up, with its ledger of erasures")
	senzaRegistro := cmd.Flags().Bool("senza-registro", false, "the backup is of before there was a ledger of erasures")
	daCapo := cmd.Flags().Bool("liste-da-capo", false, "throw away the read models that are in the database of NUCLEO_POSTGRES")
	return conDati(cmd, func(cmd *cobra.Command, c config, args []string) error {
		inizio := time.Now()
		if err := vuota(c.Data); err != nil {
			return err
		}
		if err := registroPerRestore(c, *registro, *senzaRegistro); err != nil {
			return err
		}
		m, err := aperta.estrai(cmd.Context(), args[0], c.Data, *fino)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s: %d events of %d streams, up to position %d; every event is as it was written (%s)\n",
			c.Data, m.Eventi, m.Flussi, m.Posizione, time.Since(inizio).Round(time.Millisecond))
		if !*senzaListe {
			if err := rifaiListe(cmd, c, *daCapo); err != nil {
				return fmt.Errorf("the log is restored, but not the read models, which the next start builds: %w", err)
			}
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "Restored in %s. Next: nucleo serve --data %s\n", time.Since(inizio).Round(time.Millisecond), c.Data)
		return err
	})
}

func vuota(dir string) error {
	voci, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(voci) == 0 {
		return nil
	}
	return errors.Join(err, fmt.Errorf("%s is not empty: %w", dir, errGiaPieno))
}

// copiaAperta is a backup with what opens it.
type copiaAperta struct{ identita, segreti string }

func flagCopia(cmd *cobra.Command) *copiaAperta {
	var a copiaAperta
	cmd.Flags().StringVar(&a.identita, "identita", "", "file with the key of a recipient")
	cmd.Flags().StringVar(&a.segreti, "segreti", "", "the directory of this backup's secrets, where they were kept apart")
	return &a
}

// estrai makes the data directory dir of a backup, checked. It is there whole,
// or not at all.
func (a *copiaAperta) estrai(ctx context.Context, da, dir string, fino uint64) (m copia.Manifesto, err error) {
	var chiavi []age.Identity
	if a.identita != "" {
		if chiavi, err = copia.Identita(a.identita); err != nil {
			return m, err
		}
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return m, err
	}
	if err := durable.MakeDir(filepath.Dir(dir), 0o711); err != nil {
		return m, err
	}
	parte, err := os.MkdirTemp(filepath.Dir(dir), ".nucleo-restore-*")
	if err != nil {
		return m, err
	}
	defer func() { _ = os.RemoveAll(parte) }() // gone already when all went well
	if err := os.Mkdir(filepath.Join(parte, "nodo"), 0o700); err != nil {
		return m, err
	}
	log := filepath.Join(parte, "nodo", node.FileName)
	m, segreti, err := copia.Estrai(ctx, copia.Luogo{Dir: da, Segreti: a.segreti}, chiavi, log)
	if err != nil {
		return m, err
	}
	if err := arreda(parte, segreti); err != nil {
		return m, err
	}
	i := &impianto{config: config{Data: parte}, log: registro(os.Stderr, "warn")}
	if fino > 0 {
		if err := tagliaLog(ctx, log, int64(fino), m); err != nil {
			return m, err
		}
	}
	trovato := m
	if err := verificata(ctx, i, parte, &trovato); err != nil {
		return m, err
	}
	if fino == 0 && (trovato.Posizione != m.Posizione || trovato.Eventi != m.Eventi || trovato.Flussi != m.Flussi) {
		return m, fmt.Errorf("%w: it holds %d events up to position %d, the manifest says %d up to %d", copia.ErrRovinato, trovato.Eventi, trovato.Posizione, m.Eventi, m.Posizione)
	}
	_ = os.Remove(dir)                             // empty, if it is there
	if err := os.Chmod(parte, 0o711); err != nil { // as cartella makes it: the database runs as another user
		return m, err
	}
	return trovato, os.Rename(parte, dir)
}

// tagliaLog cuts a log at the end of the last command that is whole at a position.
func tagliaLog(ctx context.Context, log string, fino int64, m copia.Manifesto) error {
	if fino > int64(m.Posizione) {
		return fmt.Errorf("the backup ends at position %d: --fino cannot be later", m.Posizione)
	}
	l, err := eventlog.Open(log, eventlog.Options{})
	if err != nil {
		return err
	}
	at, err := comandoIntero(ctx, l, fino)
	if err := errors.Join(err, l.Close()); err != nil {
		return err
	}
	_, err = eventlog.Cut(log, at)
	return err
}

// comandoIntero is the last position up to another at which no command stands
// by half: the events that one command adds to a stream follow one another.
func comandoIntero(ctx context.Context, l *eventlog.Log, fino int64) (int64, error) {
	var dopo []eventlog.Event
	for e, err := range l.ReadAll(ctx, fino+1, eventlog.Forwards, 1) {
		if err != nil {
			return 0, err
		}
		dopo = append(dopo, e)
	}
	for e, err := range l.ReadAll(ctx, fino+1, eventlog.Backwards, math.MaxUint64) {
		if err != nil {
			return 0, err
		}
		if len(dopo) == 0 || !stessoComando(e, dopo[0]) {
			return e.Position, nil
		}
	}
	return 0, nil
}

func stessoComando(a, b eventlog.Event) bool {
	return a.Stream == b.Stream && len(comandoDi(a)) > 0 && bytes.Equal(comandoDi(a), comandoDi(b))
}

func comandoDi(e eventlog.Event) []byte {
	var meta struct {
		Comando json.RawMessage `json:"comando"`
	}
	if json.Unmarshal(e.Metadata, &meta) != nil {
		return nil
	}
	return meta.Comando
}

// rifaiListe builds the read models of a restored log.
func rifaiListe(cmd *cobra.Command, c config, daCapo bool) (err error) {
	if !cartella.Esiste(c.Data) {
		return errors.New("the restored directory is gone")
	}
	i, err := apri(c, registro(os.Stderr, "warn"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, i.chiudi()) }()
	if err := i.apriArchivio(cmd.Context(), false); err != nil {
		return err
	}
	if err := i.apriLettura(cmd.Context()); err != nil {
		return err
	}
	if c.Postgres != "" {
		if err := i.scartaListe(cmd.Context(), daCapo); err != nil {
			return err
		}
	}
	return conAvanzamento(cmd, i, modelli)
}

// errListeAltrui keeps the read models of another installation.
var errListeAltrui = errors.New("the database of NUCLEO_POSTGRES holds read models already: stop what uses it and say --liste-da-capo, or name an empty database")

func (i *impianto) scartaListe(ctx context.Context, daCapo bool) error {
	piene, err := projections.Vecchie(ctx, i.lettura, nil)
	if err != nil || len(piene) == 0 {
		return err
	}
	if !daCapo {
		return errListeAltrui
	}
	return i.azzera(ctx, piene)
}

// azzera drops read models, and forgets how far policies have read: in another
// log that would be a gap.
func (i *impianto) azzera(ctx context.Context, schemi []string) error {
	segni, err := segnalibri.Apri(ctx, i.lettura)
	if err != nil {
		return err
	}
	for _, schema := range schemi {
		if err := projections.Elimina(ctx, i.lettura, schema); err != nil {
			return err
		}
	}
	return errors.Join(segni.Dimentica(ctx), notaio.Azzera(ctx, i.lettura))
}

// concordi refuses read models that know more than the log does, as after an
// older copy of it was put back: they would miss what comes next (F-81).
func (i *impianto) concordi(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	end, err := i.archivio.End(ctx)
	if err != nil {
		return nil // the store may come later: /readyz says so
	}
	oltre, err := projections.Oltre(ctx, i.lettura, end)
	if err != nil || len(oltre) == 0 {
		return err
	}
	return fmt.Errorf("the read models in the database (%s) go beyond the log, which ends at position %d: was an older log put back? "+
		"Look at that first; then \"nucleo projections azzera\" drops them, and the next start builds them from the log that is there", strings.Join(oltre, ", "), end)
}
