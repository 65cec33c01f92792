package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/differenza"
)

func diffCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "diff ID", Short: "what changed in one case between two moments", Args: cobra.ExactArgs(1),
		Long: "diff prints each value that is not the same at two moments, with the last event that changed it, from the log alone and with personal data masked.\n" +
			"ID is the id of the case or of its domanda (INPS-…). A moment is a number of events, a day (its end, in Rome) or an instant (RFC 3339).",
		Example: "  nucleo diff INPS-RDC-2019-999633 --da 8 --a 12\n  nucleo diff 0d3f…-…-… --da 2026-03-31 --json",
	}
	da := cmd.Flags().String("da", "", "the earlier moment; the event before the last when empty")
	a := cmd.Flags().String("a", "", "the later moment; now when empty")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		caso, err := casoDi(args[0])
		if err != nil {
			return err
		}
		prima, err := unMomento("da", *da)
		if err != nil {
			return err
		}
		dopo, err := unMomento("a", *a)
		if err != nil {
			return err
		}
		d, err := i.comandi().DifferenzeCaso(cmd.Context(), caso, prima, dopo)
		if err != nil {
			return err
		}
		if *asJSON {
			return diffJSON(cmd.OutOrStdout(), d)
		}
		var attori []uuid.UUID
		for _, c := range d.Cambiamenti {
			attori = append(attori, c.Evento.Meta.Attore)
		}
		nomi, err := i.comandi().NomiDi(cmd.Context(), attori...)
		if err != nil {
			return err
		}
		return diffTesto(cmd.OutOrStdout(), d, nomi)
	})
}

func diffJSON(w io.Writer, d commands.Differenze) error {
	type cambiamento struct {
		Percorso  string       `json:"percorso"`
		Prima     string       `json:"prima,omitempty"`
		Dopo      string       `json:"dopo,omitempty"`
		Personale bool         `json:"personale"`
		Evento    uint64       `json:"evento"`
		Tipo      string       `json:"tipo"`
		Istante   time.Time    `json:"istante"`
		Attore    uuid.UUID    `json:"attore"`
		Ruolo     domain.Ruolo `json:"ruolo"`
	}
	out := struct {
		Da    uint64        `json:"da"`
		A     uint64        `json:"a"`
		Items []cambiamento `json:"items"`
	}{d.Da.Version, d.A.Version, []cambiamento{}}
	for _, c := range d.Cambiamenti {
		e, m := c.Evento, c.Evento.Meta
		out.Items = append(out.Items, cambiamento{c.Percorso, o(c.Prima, ""), o(c.Dopo, ""), c.Personale(), e.Version, e.Type, m.Istante, m.Attore, m.Ruolo})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func diffTesto(w io.Writer, d commands.Differenze, nomi commands.Nomi) error {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.AppendHeader(table.Row{"value", "before", "after", "event", "when (Europe/Rome)", "by", "role"})
	for _, c := range d.Cambiamenti {
		e, m := c.Evento, c.Evento.Meta
		t.AppendRow(table.Row{c.Percorso, o(c.Prima, "–"), o(c.Dopo, "–"), fmt.Sprintf("%d %s", e.Version, e.Type), m.Istante.In(roma).Format("2006-01-02 15:04:05"), chi(nomi, m.Attore, m.Istante), m.Ruolo})
	}
	t.Render()
	_, err := fmt.Fprintf(w, "\n%d values differ between event %d and event %d\n", len(d.Cambiamenti), d.Da.Version, d.A.Version)
	return err
}

// o is a value, masked where it is personal, or what stands for none.
func o(v *differenza.Valore, niente string) string {
	if v == nil {
		return niente
	}
	return v.Mascherato()
}
