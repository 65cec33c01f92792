package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/projections/correlazioni"
	"nucleo/projections/elenco"
)

func causeCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cause ID", Short: "draw what led to what in one business action", Args: cobra.ExactArgs(1),
		Long: "cause draws the tree of the events of an action, of whatever streams: each under the event or command that led to it.\n" +
			"ID is the correlation id of an event, as storia --json prints it. It draws the first 10,000 events.",
		Example: "  nucleo cause 6f9619ff-8b86-5d11-b42d-00c04fc964ff",
	}
	return conLettura(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		azione, err := uuid.Parse(args[0])
		if err != nil {
			return errors.New("ID is no correlation id (a UUID)")
		}
		var luoghi []commands.Luogo
		for chiesta := (elenco.Richiesta{Limite: 100}); len(luoghi) < 10_000; {
			pagina, err := correlazioni.Elenco(cmd.Context(), i.lettura, azione, chiesta)
			if err != nil {
				return err
			}
			for _, v := range pagina.Voci {
				luoghi = append(luoghi, commands.Luogo{Flusso: v.Flusso, Versione: v.Versione})
			}
			if chiesta.Cursore = pagina.Cursore; pagina.Cursore == "" {
				break
			}
		}
		eventi, err := i.comandi().EventiIn(cmd.Context(), luoghi...)
		if err != nil {
			return err
		}
		if len(eventi) == 0 {
			return errors.New("no event belongs to that action: is it the correlation id, and are the read models up to date (nucleo projections list)?")
		}
		var chi []uuid.UUID
		for _, r := range eventi {
			chi = append(chi, r.Meta.Attore)
		}
		nomi, err := i.comandi().NomiDi(cmd.Context(), chi...)
		if err != nil {
			return err
		}
		return disegna(cmd.OutOrStdout(), eventi, nomi)
	})
}

// disegna draws events under what led to them: an event of the action, or else
// a command, import or run.
func disegna(w io.Writer, eventi []domain.Recorded, nomi commands.Nomi) error {
	noti, figli := map[uuid.UUID]bool{}, map[uuid.UUID][]domain.Recorded{}
	for _, r := range eventi {
		noti[r.ID] = true
		figli[r.Meta.Causa] = append(figli[r.Meta.Causa], r)
	}
	var b strings.Builder
	var scendi func(causa uuid.UUID, livello int)
	scendi = func(causa uuid.UUID, livello int) {
		for _, r := range figli[causa] {
			m := r.Meta
			fmt.Fprintf(&b, "%s%s  %s  %d in %s  %s (%s)\n", strings.Repeat("   ", livello), m.Istante.In(roma).Format("2006-01-02 15:04:05"), r.Type, r.Version, r.Stream, chi(nomi, m.Attore, m.Istante), m.Ruolo)
			if r.ID != causa {
				scendi(r.ID, livello+1)
			}
		}
	}
	visti := map[uuid.UUID]bool{}
	for _, r := range eventi {
		if causa := r.Meta.Causa; !noti[causa] && !visti[causa] {
			visti[causa] = true
			fmt.Fprintf(&b, "%s\n", causa)
			scendi(causa, 1)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
