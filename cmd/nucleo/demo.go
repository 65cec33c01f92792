package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"nucleo/cmd/nucleo/internal/cartella"
	"nucleo/cmd/nucleo/internal/caselle"
	"nucleo/cmd/nucleo/internal/emittente"
	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/cmd/nucleo/internal/vetrina"
	"nucleo/domain/giorno"
	"nucleo/httpapi"
	"nucleo/httpapi/auth"
)

func demoCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "demo", Short: "run a whole installation with invented people and domande", Args: cobra.NoArgs,
		Long: "demo starts the event store, the database and the API, accredits the people of an ambito, makes up a year of\n" +
			"their work on invented domande, imports those of today, and prints who can do what, with a token for each, and\n" +
			"the address at which a browser signs in as any of them, by a provider of its own.\n" +
			"The same directory again goes on where it was.\n" +
			"Its tokens are signed by an issuer of its own, which refuses to run with NUCLEO_ENV=production.",
	}
	cmd.AddCommand(demoTokenCmd())
	var d demo
	cmd.Flags().StringVar(&d.addr, "addr", "", "address of the API (NUCLEO_ADDR, 127.0.0.1:8080)")
	cmd.Flags().IntVar(&d.casi, "casi", 2000, "how many domande")
	cmd.Flags().Int64Var(&d.seme, "seed", 1, "the same seed and day give the same demo")
	cmd.Flags().StringVar(&d.al, "al", "", "the day that the domande are seen from (YYYY-MM-DD; today, or the day of the first start)")
	cmd.Flags().BoolVar(&d.soloDomande, "solo-domande", false, "import all the domande, and leave the work on them to you")
	cmd.Flags().BoolVar(&d.json, "json", false, "when ready, print one JSON object on one line")
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) error {
		if d.addr != "" {
			c.Addr = d.addr
		}
		d.out, d.barra = cmd.OutOrStdout(), nuovaBarra(os.Stderr)
		return d.corri(cmd.Context(), c)
	})
}

// demo is an installation that anybody may play with.
type demo struct {
	addr, al    string
	casi        int
	seme        int64
	soloDomande bool
	json        bool

	giorno    giorno.Giorno
	anno      genera.Anno
	chiavi    *emittente.Emittente
	indirizzo string // http://…
	dati      string // the data directory
	psql      string // how an analyst reads the figures; empty when the database is elsewhere
	spediti   string // folder of what was sent to the nuclei; empty when it really goes out
	out       io.Writer
	barra     *barra
	ingresso  ingresso // of people, by the browser
	dir       cartella.Cartella
}

// emittenteDemo names the issuer. Nobody fetches its keys: they stay in the
// process, and so tokens hold at whatever address the demo listens.
const emittenteDemo = "http://127.0.0.1/emittente-demo"

func (d *demo) corri(ctx context.Context, c config) error {
	dir, err := cartella.Apri(c.Data)
	if err != nil {
		return err
	}
	if err := d.ricorda(dir); err != nil {
		return err
	}
	if d.chiavi, err = chiaviDemo(c, dir); err != nil {
		return err
	}
	d.dati, d.dir = dir.Dir, dir
	verifica, err := auth.New(ctx, auth.Config{
		Issuer: emittenteDemo, Audience: c.Audience, Programmi: []string{"sistema-inps"}, Keys: d.chiavi.Keys(), Now: time.Now,
	})
	if err != nil {
		return err
	}
	caselle, err := caselle.Apri(dir.File("spediti"))
	if err != nil {
		return err
	}
	defer func() { _ = caselle.Chiudi() }()
	if c.SMTP == "" && c.SMS == "" { // a demo writes to nobody, unless it is told to
		c.SMTP, c.Mittente, c.SMS = caselle.SMTP, "Servizi sociali della demo <demo@nucleo.example>", caselle.SMS
		d.spediti = caselle.Dir
	}
	c, finto := demoINPS(c, dir)
	log, err := os.OpenFile(dir.File("demo.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	_, _ = fmt.Fprintf(os.Stderr, "nucleo demo in %s; the log is %s\n", dir.Dir, log.Name())
	g, ctx := errgroup.WithContext(ctx)
	ctx, basta := context.WithCancel(ctx)
	if finto != nil {
		g.Go(func() error { return finto.Run(ctx) })
	}
	g.Go(func() error {
		defer basta()
		return serve(ctx, c, httpapi.Verificatore(verifica), registro(log, c.LogLevel), d.prepara, d.popola)
	})
	return g.Wait()
}

// ricorda keeps the day, the seed, the number and the kind of the first start:
// the same directory is the same demo. Those that were made before there was a
// kind have domande alone.
func (d *demo) ricorda(dir cartella.Cartella) (err error) {
	al := giorno.Di(time.Now().In(roma))
	if d.al != "" {
		if al, err = giorno.Parse(d.al); err != nil {
			return fmt.Errorf("--al: %w", err)
		}
	}
	if oggi := giorno.Di(time.Now().In(roma)); al > oggi {
		return errors.New("--al lies in the future: no domanda can be of a later day than today")
	}
	if d.casi < 0 || d.casi > 1_000_000 {
		return errors.New("--casi is between 0 and 1000000")
	}
	kept, err := dir.Ricorda("demo", fmt.Sprintf("%s %d %d %s", al, d.seme, d.casi, d.specie()))
	if err != nil {
		return err
	}
	var giornoKept, specie string
	if n, err := fmt.Sscan(kept, &giornoKept, &d.seme, &d.casi, &specie); n < 3 {
		return fmt.Errorf("%s is damaged: %w", dir.File("demo"), err)
	}
	d.soloDomande = specie != conAnno
	d.giorno, err = giorno.Parse(giornoKept)
	return err
}

// The kinds of demos.
const (
	conAnno    = "anno"
	conDomande = "domande"
)

func (d *demo) specie() string {
	if d.soloDomande {
		return conDomande
	}
	return conAnno
}

// stampa says who is there, and how to begin.
func (d *demo) stampa(persone []personaDemo, esempi []string) error {
	pagina := ""
	if d.ingresso.aperto() {
		pagina = d.indirizzo + vetrina.Percorso
	}
	if d.json {
		return json.NewEncoder(d.out).Encode(map[string]any{"indirizzo": d.indirizzo, "dati": d.dati, "persone": persone, "psql": d.psql, "pagina": pagina})
	}
	_, _ = fmt.Fprintf(d.out, "\nNucleo is at %s   (API: %s, document: %s/openapi.json)\n\n", d.indirizzo, d.indirizzo+httpapi.Base, d.indirizzo)
	if pagina != "" {
		_, _ = fmt.Fprintf(d.out, "Open %s in a browser and choose whom to be. Or, from a shell, by the token of:\n\n", pagina)
	}
	for _, p := range persone {
		_, _ = fmt.Fprintf(d.out, "%-28s %-44s %-16s %s\n", p.Nome, p.Ruolo, p.CodiceFiscale, p.Token)
	}
	_, _ = fmt.Fprintf(d.out, "\nWhoever decides on segnalazioni must have signed in within 5 minutes. A fresh token:\n  nucleo demo token --data %s CODICE_FISCALE\n", d.dati)
	if d.spediti != "" {
		_, _ = fmt.Fprintf(d.out, "\nNothing is sent to anybody: e-mails and SMS end in %s\n", d.spediti)
	}
	if d.psql != "" {
		_, _ = fmt.Fprintf(d.out, "\nAn analyst reads the figures that may be told, and nothing else:\n  %s -c 'TABLE indicatori'\n", d.psql)
	}
	for _, e := range esempi {
		_, _ = fmt.Fprintf(d.out, "\n%s\n", e)
	}
	_, err := fmt.Fprintln(d.out, "\nCtrl-C stops it; the same command goes on where it was.")
	return err
}

// personaDemo is one of the people of the demo.
type personaDemo struct {
	Nome          string `json:"nome"`
	Ruolo         string `json:"ruolo"`
	CodiceFiscale string `json:"codice_fiscale"`
	Token         string `json:"token"`
}

func (d *demo) token(codiceFiscale, nome string) (string, error) {
	return d.chiavi.Token(codiceFiscale, nome, emittente.Validity)
}

// chiave names the import of the demo: the same in the same directory.
func (d *demo) chiave() string {
	return "demo-" + d.giorno.String() + "-" + strconv.FormatInt(d.seme, 10) + "-" + strconv.Itoa(d.casi)
}
