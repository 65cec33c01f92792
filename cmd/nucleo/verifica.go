package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/commands"
	"nucleo/domain/accesso"
	"nucleo/domain/caso"
	"nucleo/domain/conservazione"
	"nucleo/domain/giorno"
	"nucleo/eventstore"
	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/sigilli"
	"nucleo/httpapi"
)

func verificaCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verifica --tutto|--caso ID|--registro|FASCICOLO.zip", Short: "check that nobody changed the history", Args: cobra.MaximumNArgs(1),
		Long: "verifica holds the history against what vouches for it, and names the first place where it is not as it was\n" +
			"written (stream, number, position, instant) and what kind of change was made. Exit status 1 says that it was\n" +
			"changed, or could not be checked; the message says which.\n\n" +
			"  --tutto          every event, the chain of every stream, every seal, the notes of the second place\n" +
			"  --caso ID        the chain of one case, and that each of its events is covered by the last seal\n" +
			"  --registro       the ledger of erasures: of the log, of the second place, and that each key in it is destroyed\n" +
			"  FASCICOLO.zip    a bundle that was exported (nucleo fascicolo): on any machine, with no installation\n\n" +
			"Where nucleo runs, it is asked; where it does not, the data directory is read. --chiavi FILE believes the\n" +
			"verifier keys of a file, kept from \"nucleo sigilli chiavi\", and not those of the installation\n" +
			"or of the bundle; --verificatore takes such a file too, or a key itself.",
	}
	uno := cmd.Flags().String("caso", "", "one case (id of the case or of the domanda)")
	tutto := cmd.Flags().Bool("tutto", false, "the whole log")
	registro := cmd.Flags().Bool("registro", false, "the ledger of erasures")
	chiavi := cmd.Flags().String("chiavi", "", "file of verifier keys to believe, one a line")
	verificatore := cmd.Flags().String("verificatore", "", "verifier key to believe, or a file of them")
	cmd.MarkFlagsMutuallyExclusive("caso", "tutto", "registro")
	cmd.MarkFlagsMutuallyExclusive("chiavi", "verificatore")
	conArchivio(cmd, func(cmd *cobra.Command, i *impianto, _ []string) error {
		v := verifica{impianto: i, out: cmd.OutOrStdout(), err: cmd.ErrOrStderr()}
		if err := v.legge(cmp.Or(*chiavi, *verificatore)); err != nil {
			return err
		}
		switch {
		case *uno != "":
			return v.caso(cmd.Context(), *uno)
		case *registro:
			return v.registroOblio(cmd.Context())
		}
		return v.tutto(cmd.Context())
	})
	installato := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == 1 && (*tutto || *registro || *uno != ""):
			return errUnaCosa
		case len(args) == 1:
			return verificaFascicolo(cmd.OutOrStdout(), args[0], cmp.Or(*chiavi, *verificatore))
		case *tutto || *registro || *uno != "":
			return installato(cmd, args)
		}
		return cmd.Help()
	}
	return cmd
}

// verifica is one check of an installation.
type verifica struct {
	*impianto
	out, err io.Writer
	chiavi   note.Verifiers
}

// legge reads the keys that are believed. An installation that was never served
// has none, and no seals.
func (v *verifica) legge(file string) (err error) {
	if file != "" {
		v.chiavi, err = chiaviDa(file)
		return err
	}
	chiavi, err := notaio.LeggiChiavi(v.cartella.Dir)
	if errors.Is(err, os.ErrNotExist) {
		v.chiavi, err = sigilli.Chiavi()
		return err
	}
	v.chiavi = chiavi.Verificano
	return err
}

// errUnaCosa refuses to check two things at once.
var errUnaCosa = errors.New("name a bundle, or what is to be checked of the installation, and not both")

// chiaviDa are the verifier keys of a file, or the one that stands for itself.
func chiaviDa(file string) (note.Verifiers, error) {
	if _, err := note.NewVerifier(file); err == nil {
		return sigilli.Chiavi(file)
	}
	testo, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("verifier keys: %w", err)
	}
	return sigilli.Chiavi(string(testo))
}

// registro is the log as it is checked: straight from the file where no program
// runs on it.
func (v *verifica) registro() sigilli.Registro {
	if v.nodo != nil {
		return eventstore.Direct{Log: v.nodo.Log(), Catalog: eventi}
	}
	return v.archivio
}

// conIndice is the log as it is checked whole, and what its checksums and the
// index of its file say, once it was read.
func (v *verifica) conIndice(ctx context.Context) (sigilli.Registro, func(context.Context) error, error) {
	if v.nodo == nil {
		return v.archivio, func(context.Context) error { return nil }, nil
	}
	c, err := v.nodo.Log().Check(ctx)
	if err != nil {
		return nil, nil, err
	}
	return eventstore.Checking{Direct: eventstore.Direct{Log: v.nodo.Log(), Catalog: eventi}, Check: c}, c.End, nil
}

// prove opens the tree that the notaio keeps; ok is false when it is not at
// hand, which is said.
func (v *verifica) prove(ctx context.Context) (p notaio.Prove, foglie int64, ok bool) {
	err := v.apriLettura(ctx)
	if err == nil {
		p = notaio.Prove{Pool: v.lettura, Archivio: v.archivio}
		foglie, err = p.Dimensione(ctx)
	}
	if err != nil {
		_, _ = fmt.Fprintln(v.err, "the tree that is kept in the database is not at hand:", err)
	}
	return p, foglie, err == nil
}

func (v *verifica) tutto(ctx context.Context) error {
	s := sigilli.Verifica{Chiavi: v.chiavi, Altrove: v.secondo().Note, Progresso: v.avanza("events")}
	if p, foglie, ok := v.prove(ctx); ok {
		s.Foglie, s.NumeroFoglie = p.Foglie, foglie
	}
	esito, err := v.passa(ctx, s)
	if err != nil && s.Foglie != nil {
		esito, err = v.senzaScaduti(ctx, s, err)
	}
	if err != nil {
		return v.nomina(ctx, err)
	}
	if esito.Scaduti > 0 {
		_, _ = fmt.Fprintf(v.out, "%d events of %d streams of the access log are gone: they were kept for %d months, as an event for each says, and their leaves are under the seals\n",
			esito.Scaduti, esito.FlussiScaduti, conservazione.Mesi)
	}
	_, _ = fmt.Fprintf(v.out, "%d events of %d streams checked: every event is as it was written\n", esito.Eventi, esito.Flussi)
	if esito.Ultimo.Dimensione == 0 {
		_, err = fmt.Fprintln(v.out, "no seal covers them: who can write to the store could have written all of them anew")
		return err
	}
	_, err = fmt.Fprintf(v.out, "%d seals hold, and %d notes of the second place (%s); the last covers %d events, %d came after it\nroot %s\n",
		esito.Sigilli, esito.Altrove, v.secondo().Dir, esito.Ultimo.Dimensione, esito.Scoperti, esito.Ultimo.Radice)
	if err == nil && esito.Indietro > 0 {
		_, err = fmt.Fprintln(v.out, "the second place lacks the last seal: nucleo serve writes it when it runs")
	}
	return err
}

// passa checks the log once, and then what its checksums and the index of its file say.
func (v *verifica) passa(ctx context.Context, s sigilli.Verifica) (esito sigilli.Esito, err error) {
	registro, indice, err := v.conIndice(ctx)
	if err != nil {
		return esito, err
	}
	s.Registro = registro
	if esito, err = s.Esegui(ctx); err == nil {
		err = indice(ctx)
	}
	return esito, err
}

// senzaScaduti checks once more a log that is not as it was written, of which months
// of the access log may be gone: a log that was scavenged has nothing left of them.
func (v *verifica) senzaScaduti(ctx context.Context, s sigilli.Verifica, prima error) (esito sigilli.Esito, err error) {
	var a *sigilli.Alterazione
	if !errors.As(prima, &a) {
		return esito, prima
	}
	if s.Scaduti, err = scadutiDa(ctx, v.registro()); err != nil || len(s.Scaduti) == 0 {
		return esito, prima // what is wrong was told already
	}
	return v.passa(ctx, s)
}

// scadutiDa are the streams of the access log that ended, as their events say. One
// that says so of another stream, or before its time, is not believed.
func scadutiDa(ctx context.Context, r sigilli.Registro) (map[string]sigilli.Fine, error) {
	fini := map[string]sigilli.Fine{}
	for e, err := range r.All(ctx, 0, false) {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(e.Stream, conservazione.Decider.Category+"-") {
			continue
		}
		letto := e.Recorded(eventi)
		s, is := letto.Event.(conservazione.Scaduto)
		if _, mese, ok := accesso.Luogo(s.Flusso); is && ok && e.Stream == conservazione.Decider.Stream(s.Flusso) && mese <= conservazione.Ultimo(giorno.Di(letto.Meta.Istante.In(roma))) {
			fini[s.Flusso] = sigilli.Fine{Eventi: uint64(s.Eventi), Testa: s.Testa}
		}
	}
	return fini, nil
}

// avanza tells those who wait how far it came, every five seconds.
func (v *verifica) avanza(cosa string) func(int64) {
	detto := time.Now()
	return func(n int64) {
		if time.Since(detto) > 5*time.Second {
			detto = time.Now()
			_, _ = fmt.Fprintf(v.err, "%d %s checked …\n", n, cosa)
		}
	}
}

// nomina says of a row whose checksum does not hold which event it was.
func (v *verifica) nomina(ctx context.Context, err error) error {
	var rotta *eventlog.CorruptError
	if !errors.As(err, &rotta) || v.nodo == nil {
		return err
	}
	a := &sigilli.Alterazione{Genere: sigilli.Danneggiato, Posizione: uint64(rotta.Position), Dettaglio: rotta.Reason}
	e, found, errLetto := v.nodo.Log().Inspect(ctx, rotta.Position)
	if errLetto != nil || !found {
		return a
	}
	return alterazioneDi(a, e)
}

// alterazioneDi names the event of a row as it lies there.
func alterazioneDi(a *sigilli.Alterazione, e eventlog.Event) *sigilli.Alterazione {
	a.Genere, a.Flusso, a.Numero = sigilli.Modificato, e.Stream, uint64(e.Revision)+1
	a.Istante = time.Unix(0, 0).Add(time.Duration(e.Created) * 100).UTC()
	return a
}

// caso holds one case against its chain and the last seal.
func (v *verifica) caso(ctx context.Context, nome string) error {
	id, err := casoDi(nome)
	if err != nil {
		return err
	}
	if _, err := v.comandi().StoriaCaso(ctx, id, commands.Alla{Versione: 1}); errors.Is(err, caso.ErrInesistente) {
		return err // of nothing, nothing can be said
	}
	flusso := caso.Decider.Stream(id.String())
	registro := v.registro()
	prove, ultimo, err := v.proveDi(ctx, registro, flusso)
	if err != nil {
		return v.nomina(ctx, err)
	}
	esito, err := sigilli.VerificaFlusso(registro.Stored(ctx, flusso), prove, v.chiavi)
	if err != nil {
		return v.nomina(ctx, err)
	}
	_, _ = fmt.Fprintf(v.out, "%d events of %s checked: every event is as it was written\n", esito.Eventi, flusso)
	if ultimo.Dimensione == 0 {
		_, err = fmt.Fprintln(v.out, "no seal covers them: who can write to the store could have written all of them anew")
		return err
	}
	_, err = fmt.Fprintf(v.out, "%d are covered by the seal of %d events of %s, %d came after it\n",
		esito.Coperti, ultimo.Dimensione, ultimo.Istante.Format(time.RFC3339), esito.Scoperti)
	return err
}

// proveDi proves each event of a stream under the last seal.
func (v *verifica) proveDi(ctx context.Context, r sigilli.Registro, flusso string) (map[uint64]sigilli.Inclusione, httpapi.Sigillo, error) {
	p, _, ok := v.prove(ctx)
	if !ok {
		return nil, httpapi.Sigillo{}, nil
	}
	ultimi, err := p.Elenco(ctx, 1<<62, 1)
	if err != nil || len(ultimi) == 0 {
		return nil, httpapi.Sigillo{}, err
	}
	prove := map[uint64]sigilli.Inclusione{}
	for e, err := range r.Stored(ctx, flusso) {
		if err != nil {
			return nil, ultimi[0], err
		}
		prova, err := p.Di(ctx, e, ultimi[0].Dimensione)
		if errors.Is(err, httpapi.ErrNonSigillato) {
			break
		}
		if err != nil {
			return nil, ultimi[0], err
		}
		if prove[e.Version], err = sigilli.LeggiInclusione(prova.Prova); err != nil {
			return nil, ultimi[0], err
		}
	}
	return prove, ultimi[0], nil
}
