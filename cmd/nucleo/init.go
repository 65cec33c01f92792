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
	"nucleo/commands/modulo"
	"nucleo/domain"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
)

func initCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "init --super-utente CODICE_FISCALE --cognome COGNOME --nome NOME --nascita AAAA-MM-GG --comune-nascita COMUNE --genere M|F", Short: "make an installation and its first person", Args: cobra.NoArgs,
		Long: "init makes the data directory and accredits the first Super Utente (ACC-09), who accredits everybody else\n" +
			"through the API. All that is said of the person must agree with the codice fiscale (ACC-27). Asked again for the\n" +
			"same person it changes nothing; for another it is refused.",
	}
	cf := cmd.Flags().String("super-utente", "", "codice fiscale of the first Super Utente")
	cognome := cmd.Flags().String("cognome", "", "surname")
	nome := cmd.Flags().String("nome", "", "given name")
	nascita := cmd.Flags().String("nascita", "", "day of birth (YYYY-MM-DD)")
	comune := cmd.Flags().String("comune-nascita", "", "comune of birth, or state for who was born abroad: its name, or its Belfiore code")
	genere := cmd.Flags().String("genere", "", "M or F")
	for _, flag := range []string{"super-utente", "cognome", "nome", "nascita", "comune-nascita", "genere"} {
		_ = cmd.MarkFlagRequired(flag)
	}
	return conDati(cmd, func(cmd *cobra.Command, c config, _ []string) (err error) {
		primo, err := primoSuperUtente(*cf, *cognome, *nome, *nascita, *comune, *genere)
		if err != nil {
			return err
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
		o, err := installa(cmd.Context(), i, primo)
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

// primoSuperUtente is the first person, as the flags say. A mistake is told
// before anything is made: nobody else could mend it.
func primoSuperUtente(cf, cognome, nome, nascita, comune, genere string) (d operatore.Registrato, err error) {
	d = operatore.Registrato{CodiceFiscale: cf, Cognome: cognome, Nome: nome, Genere: genere}
	if d.DataNascita, err = giorno.Parse(nascita); err != nil {
		return d, fmt.Errorf("--nascita: %w", err)
	}
	var found bool
	if d.ComuneNascita, found = modulo.Nascita(comune, cf); !found {
		return d, errors.New("--comune-nascita is not the place that the codice fiscale names: give its Belfiore code, such as G273")
	}
	eventi, err := operatore.Registra{Dati: d, Oggi: giorno.Di(time.Now().In(roma))}.Decide(operatore.State{})
	var rifiuto *domain.Error
	if errors.As(err, &rifiuto) && rifiuto.Field != "" {
		return d, fmt.Errorf("%s: %w", rifiuto.Field, err)
	}
	if err != nil {
		return d, err
	}
	return eventi[0].(operatore.Registrato), nil
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
	if _, _, err := comandi.RegistraOperatore(ctx, installazione("registra", o), operatore.Registra{Dati: chi, Completa: true}); err != nil {
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
