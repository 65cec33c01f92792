package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"nucleo/domain/importazione"
	"nucleo/httpapi"
)

func importCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "import FILE --api URL --token T", Short: "send a file of domande, variazioni or benefici to an installation", Args: cobra.ExactArgs(1),
		Long: "import sends a file (.ndjson, .csv; its layout is in docs/formato-domande.md) through the API, waits until it has\n" +
			"been taken in, and prints the report. Sent again, the same file changes nothing. Interrupted, the import goes on by itself.",
	}
	var in invio
	cmd.Flags().StringVar(&in.api, "api", "http://127.0.0.1:8080", "address of the installation")
	cmd.Flags().StringVar(&in.token, "token", "", "bearer token of sistema-inps (or the variable NUCLEO_TOKEN)")
	cmd.Flags().StringVar(&in.tipo, "tipo", "domande", "domande, variazioni or benefici")
	cmd.Flags().BoolVar(&in.saltaErrate, "salta-errate", false, "take in the good rows of a file that has bad ones")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if in.token == "" {
			in.token = os.Getenv("NUCLEO_TOKEN")
		}
		f, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		in.csv = strings.EqualFold(filepath.Ext(args[0]), ".csv")
		esito, err := in.manda(cmd.Context(), f, uuid.NewString(), nuovaBarra(os.Stderr))
		if err != nil {
			return err
		}
		return rapporto(cmd.OutOrStdout(), esito)
	}
	return cmd
}

// invio is a file on its way to an installation.
type invio struct {
	api, token, tipo string
	csv, saltaErrate bool
}

// importata is an import as the API shows it.
type importata struct {
	ID        string                `json:"id"`
	Stato     importazione.Stato    `json:"stato"`
	Motivo    string                `json:"motivo"`
	Righe     int                   `json:"righe"`
	Elaborate int                   `json:"elaborate"`
	Errate    int                   `json:"errate"`
	Avvisi    int                   `json:"avvisi"`
	Esiti     importazione.Conteggi `json:"esiti"`
	Errori    []importazione.Errore `json:"errori"`
}

// manda sends the file under a key, and waits for the end of its import.
func (in invio) manda(ctx context.Context, file io.Reader, chiave string, b *barra) (esito importata, err error) {
	query := url.Values{"tipo": {in.tipo}}
	if in.saltaErrate {
		query.Set("salta_errate", "true")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, in.api+httpapi.Base+"/importazioni?"+query.Encode(), file)
	if err != nil {
		return esito, err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	if in.csv {
		req.Header.Set("Content-Type", "text/csv")
	}
	req.Header.Set("Idempotency-Key", chiave)
	if err := in.chiedi(req, &esito); err != nil {
		return esito, err
	}
	for esito.Stato == importazione.InVerifica || esito.Stato == importazione.InCorso {
		b.mostra(time.Now(), fase(esito), esito.Elaborate, esito.Righe)
		select {
		case <-ctx.Done():
			return esito, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, in.api+httpapi.Base+"/importazioni/"+esito.ID, nil)
		if err != nil {
			return esito, err
		}
		if err := in.chiedi(req, &esito); err != nil {
			return esito, err
		}
	}
	b.fine(fmt.Sprintf("import %s: %s", esito.ID, strings.ToLower(string(esito.Stato))))
	return esito, nil
}

func fase(i importata) string {
	if i.Stato == importazione.InVerifica {
		return "checking the file"
	}
	return "taking the rows in"
}

// chiedi sends a request, and reads the answer or the problem.
func (in invio) chiedi(req *http.Request, v any) error {
	req.Header.Set("Authorization", "Bearer "+in.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	corpo, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 400 {
		return rifiuto(resp, corpo)
	}
	return json.NewDecoder(bytes.NewReader(corpo)).Decode(v)
}

// rifiuto is a problem that the API answers, as an error of a verb.
func rifiuto(resp *http.Response, corpo []byte) error {
	var p httpapi.Problem
	if json.Unmarshal(corpo, &p) != nil || p.Codice == "" {
		return fmt.Errorf("%s answers %s", resp.Request.URL.Host, resp.Status)
	}
	return fmt.Errorf("%s (%s, %d)", p.Detail, p.Codice, p.Status)
}

// rapporto prints what became of a file. A file that was not taken in whole is
// an error of the verb.
func rapporto(w io.Writer, i importata) error {
	_, _ = fmt.Fprintf(w, "rows %d, new %d, unchanged %d, different %d, refused %d, bad %d, warnings %d\n",
		i.Righe, i.Esiti.Nuove, i.Esiti.Invariate, i.Esiti.Difformi, i.Esiti.Rifiutate, i.Errate, i.Avvisi)
	for _, e := range i.Errori {
		_, _ = fmt.Fprintf(w, "row %d\t%s\t%s\t%s\n", e.Riga, e.Campo, e.Codice, e.Suggerimento)
	}
	switch {
	case i.Stato == importazione.Rifiutata:
		return errors.New("the file was refused and nothing was taken in: correct the rows above, or repeat with --salta-errate")
	case i.Stato != importazione.Completata:
		return fmt.Errorf("the import ended as %s: %s", i.Stato, i.Motivo)
	}
	return nil
}
