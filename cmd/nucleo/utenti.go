package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"nucleo/domain/massivo"
	"nucleo/httpapi"
)

// fileUtenti is a form of operators on its way to an installation, sent by an
// amministratore.
type fileUtenti struct {
	invio
	applica bool
}

func usersCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "users", Short: "accredit the operators of an ambito all at once, by a workbook of Excel"}
	var u fileUtenti
	cmd.PersistentFlags().StringVar(&u.api, "api", "http://127.0.0.1:8080", "address of the installation")
	cmd.PersistentFlags().StringVar(&u.token, "token", "", "bearer token of the amministratore of the ambito (or the variable NUCLEO_TOKEN)")
	cmd.PersistentPreRun = func(*cobra.Command, []string) {
		if u.token == "" {
			u.token = os.Getenv("NUCLEO_TOKEN")
		}
	}
	modello := &cobra.Command{
		Use: "template FILE", Short: "write the form of your ambito, to be filled in", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return u.scarica(cmd.Context(), "/accreditamenti/modello", args[0])
		},
	}
	manda := &cobra.Command{
		Use: "import FILE [--apply]", Short: "check a form that was filled in, and apply it", Args: cobra.ExactArgs(1),
		Long: "import sends a form to be checked, and prints all that is wrong with its rows; a workbook beside the file tells it row by\n" +
			"row. Nothing is applied without --apply, nor while a row is bad. With it all rows are applied, or none; the same form again\n" +
			"changes nothing.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return u.manda(cmd.Context(), cmd.OutOrStdout(), args[0])
		},
	}
	manda.Flags().BoolVar(&u.applica, "apply", false, "apply the form when every row is good")
	cmd.AddCommand(modello, manda)
	return cmd
}

// formulario is a form as the API shows it.
type formulario struct {
	ID     string           `json:"id"`
	Stato  massivo.Stato    `json:"stato"`
	Righe  int              `json:"righe"`
	Errate int              `json:"errate"`
	Esiti  massivo.Esiti    `json:"esiti"`
	Errori []massivo.Errore `json:"errori"`
}

// manda has a form checked, and applied if that is wanted.
func (u fileUtenti) manda(ctx context.Context, out io.Writer, nome string) error {
	file, err := os.ReadFile(nome)
	if err != nil {
		return err
	}
	var f formulario
	if err := u.posta(ctx, "/accreditamenti", foglioXLSX, bytes.NewReader(file), &f); err != nil {
		return err
	}
	if f.Stato == massivo.Verificato && u.applica {
		if f, err = u.applicato(ctx, f); err != nil {
			return err
		}
	}
	u.rapporto(out, f)
	switch {
	case f.Errate > 0:
		errati := strings.TrimSuffix(nome, filepath.Ext(nome)) + "-errori.xlsx"
		if err := u.scarica(ctx, "/accreditamenti/"+f.ID+"/errori", errati); err != nil {
			return err
		}
		return fmt.Errorf("nothing was applied: correct the rows above, which %s shows", errati)
	case f.Stato == massivo.Verificato:
		_, err = fmt.Fprintln(out, "every row is good, and nothing was applied yet: repeat with --apply")
	}
	return err
}

// applicato applies a form, and waits for the end.
func (u fileUtenti) applicato(ctx context.Context, f formulario) (formulario, error) {
	err := u.posta(ctx, "/accreditamenti/"+f.ID+"/applicazioni", "application/json", strings.NewReader("{}"), &f)
	for err == nil && (f.Stato == massivo.InApplicazione || f.Stato == massivo.InRitiro) {
		select {
		case <-ctx.Done():
			return f, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
		var req *http.Request
		if req, err = http.NewRequestWithContext(ctx, http.MethodGet, u.api+httpapi.Base+"/accreditamenti/"+f.ID, nil); err == nil {
			f = formulario{}
			err = u.chiedi(req, &f)
		}
	}
	return f, err
}

// rapporto prints what a form does, and what is wrong with it.
func (u fileUtenti) rapporto(out io.Writer, f formulario) {
	_, _ = fmt.Fprintf(out, "%s: rows %d, bad %d, persons registered %d, roles given %d, rows that change nothing %d\n",
		strings.ToLower(string(f.Stato)), f.Righe, f.Errate, f.Esiti.Registrati, f.Esiti.Accreditati, f.Esiti.Invariati)
	tabella := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range f.Errori {
		_, _ = fmt.Fprintf(tabella, "row %d\t%s\t%s\t%s\n", e.Riga, e.Campo, e.Codice, e.Suggerimento)
	}
	_ = tabella.Flush()
}

// foglioXLSX is the media type of a workbook.
const foglioXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// posta sends something under a new key.
func (u fileUtenti) posta(ctx context.Context, path, tipo string, corpo io.Reader, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.api+httpapi.Base+path, corpo)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", tipo)
	req.Header.Set("Idempotency-Key", uuid.NewString())
	return u.chiedi(req, v)
}

// scarica writes a workbook of the API to a file.
func (u fileUtenti) scarica(ctx context.Context, path, nome string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.api+httpapi.Base+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+u.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	corpo, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return rifiuto(resp, corpo)
	}
	return os.WriteFile(nome, corpo, 0o600)
}
