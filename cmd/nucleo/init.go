package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"nucleo/cmd/nucleo/internal/notaio"
	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func initCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "init --super-utente CODICE_FISCALE --cognome COGNOME --nome NOME", Short: "make an installation and its first person", Args: cobra.NoArgs,
		Long: "init makes the data directory and accredits the first Super Utente (ACC-09), who accredits everybody else\n" +
			"through the API. Asked again for the same person it changes nothing; for another it is refused.",
	}
	cf := cmd.Flags().String("super-utente", "", "codice fiscale of the first Super Utente")
	cognome := cmd.Flags().String("cognome", "", "surname")
	nome := cmd.Flags().String("nome", "", "given name")
	_ = cmd.MarkFlagRequired("super-utente")
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) (err error) {
		codice, err := codicefiscale.Parse(*cf)
		if err != nil {
			return fmt.Errorf("--super-utente: %w", err)
		}
		if *cognome == "" || *nome == "" {
			return errors.New("name the person with --cognome and --nome")
		}
		i, err := apri(c, registro(os.Stderr, "warn"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, i.chiudi()) }()
		if err := i.apriArchivio(cmd.Context(), true); err != nil {
			return err
		}
		if err := i.apriChiavi(cmd.Context()); err != nil {
			return err
		}
		o, err := installa(cmd.Context(), i, operatore.Registrato{CodiceFiscale: string(codice), Cognome: *cognome, Nome: *nome})
		if err != nil {
			return err
		}
		chiavi, err := notaio.ApriChiavi(i.cartella.Dir)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "Its seals are checked by this key, to be kept elsewhere: %s\n", chiavi.Testi[len(chiavi.Testi)-1])
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "The installation in %s is ready; its Super Utente is operator %s.\nNext: set NUCLEO_OIDC_ISSUER and start \"nucleo serve\".\n", i.cartella.Dir, o)
		return err
	})
}

// errAltroSuperUtente keeps a second init from making itself master.
var errAltroSuperUtente = errors.New("this installation has its first Super Utente already: others are accredited by them, through the API")

// installa registers the first person and makes them Super Utente.
func installa(ctx context.Context, i *impianto, chi operatore.Registrato) (id.Operatore, error) {
	comandi := i.comandi()
	o := comandi.OperatoreDi(chi.CodiceFiscale)
	primo, err := i.cartella.Ricorda("super-utente", o.String())
	if err != nil {
		return o, err
	}
	if primo != o.String() {
		return o, errAltroSuperUtente
	}
	if _, _, err := comandi.RegistraOperatore(ctx, installazione("registra", o), operatore.Registra{Dati: chi}); err != nil {
		return o, err
	}
	_, err = comandi.AccreditaRuolo(ctx, installazione("accredita", o), o, operatore.Accredita{
		Ruolo: domain.SuperUtente, Dal: giorno.Di(time.Now().In(roma)),
	})
	return o, err
}

// installazione is what the installer asks: the same thing is the same command.
func installazione(cosa string, chi id.Operatore) commands.Request {
	return commands.Request{
		Comando: uuid.NewSHA1(chi.UUID, []byte("installazione/"+cosa)), Impronta: cosa,
		Attore: domain.Installatore, Canale: domain.Sistema, Adesso: time.Now(),
	}
}
