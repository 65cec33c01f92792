package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/personale"
	"nucleo/httpapi"
)

func storiaCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "storia ID", Short: "replay one case to any moment", Args: cobra.ExactArgs(1),
		Long: "storia prints the events of a case and its state, from the log alone, with personal data of citizens masked and operators named as they were then.\n" +
			"ID is the id of the case or of its domanda (INPS-…). --alla takes a day (its end, in Rome) or an instant (RFC 3339).",
		Example: "  nucleo storia INPS-RDC-2019-999633 --alla 2026-03-31\n  nucleo storia 0d3f…-…-… --versione 3 --json",
	}
	alla := cmd.Flags().String("alla", "", "the day or instant to replay to; now when empty")
	versione := cmd.Flags().Uint64("versione", 0, "the number of events to replay")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		caso, err := casoDi(args[0])
		if err != nil {
			return err
		}
		momento, err := momentoDi(*alla, *versione)
		if err != nil {
			return err
		}
		storia, err := i.comandi().StoriaCaso(cmd.Context(), caso, momento)
		if err != nil {
			return err
		}
		if *asJSON {
			return storiaJSON(cmd.OutOrStdout(), caso, storia)
		}
		nomi, err := i.comandi().NomiDi(cmd.Context(), storia.Operatori()...)
		if err != nil {
			return err
		}
		return storiaTesto(cmd.OutOrStdout(), caso, storia, nomi)
	})
}

func casoDi(s string) (id.Caso, error) {
	if domanda, ok := caso.NormalizzaIDDomanda(s); ok {
		return id.CasoDi(domanda), nil
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return id.Caso{}, errors.New("ID is neither the id of a case (a UUID) nor of a domanda (INPS-RDC-AAAA-N, INPS-ADI-AAAA-N)")
	}
	return id.Caso{UUID: u}, nil
}

func momentoDi(alla string, versione uint64) (commands.Alla, error) {
	m, err := unMomento("alla", alla)
	if versione > 0 {
		m.Versione = versione
	}
	return m, err
}

// unMomento reads a moment from a flag: nothing is now.
func unMomento(flag, s string) (m commands.Alla, err error) {
	if s == "" {
		return m, nil
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil && n > 0 {
		return commands.Alla{Versione: n}, nil
	}
	if g, err := giorno.Parse(s); err == nil {
		y, mese, d := g.Time().Date()
		m.Istante = time.Date(y, mese, d+1, 0, 0, 0, 0, roma).Add(-time.Nanosecond)
		return m, nil
	}
	if m.Istante, err = time.Parse(time.RFC3339Nano, s); err != nil {
		return m, fmt.Errorf("--%s is a number of events, a day (2026-03-31) or an instant (2026-03-31T12:00:00Z)", flag)
	}
	return m, nil
}

func storiaJSON(w io.Writer, c id.Caso, s commands.Storia) error {
	type evento struct {
		Numero uint64       `json:"numero"`
		Tipo   string       `json:"tipo"`
		Meta   domain.Meta  `json:"metadati"`
		Dati   domain.Event `json:"dati"`
	}
	out := struct {
		Caso   id.Caso    `json:"caso_id"`
		Stato  caso.State `json:"stato"`
		Eventi []evento   `json:"eventi"`
	}{Caso: c, Stato: personale.Maschera(s.Stato)}
	for _, e := range s.Eventi {
		out.Eventi = append(out.Eventi, evento{e.Version, e.Type, e.Meta, personale.Maschera(e.Event)})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func storiaTesto(w io.Writer, c id.Caso, s commands.Storia, nomi commands.Nomi) error {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.AppendHeader(table.Row{"#", "when (Europe/Rome)", "event", "by", "role"})
	for _, e := range s.Eventi {
		t.AppendRow(table.Row{e.Version, e.Meta.Istante.In(roma).Format("2006-01-02 15:04:05"), e.Type, chi(nomi, e.Meta.Attore, e.Meta.Istante), e.Meta.Ruolo})
	}
	t.Render()
	cm := "nobody: it waits in the queue"
	if !s.Stato.Assegnazione.CaseManager.IsZero() {
		cm = chi(nomi, s.Stato.Assegnazione.CaseManager.UUID, s.Head.Istante)
	}
	_, err := fmt.Fprintf(w, "\ncase         %s\ndomanda      %s (%s)\nstate        %s\nplace        %s, ambito %s\nnucleo       %s people\ncase manager %s\n",
		c, s.Stato.Domanda.IDDomanda, s.Stato.Domanda.Misura, s.Stato.Stato.Etichetta(), s.Stato.Comune, s.Stato.Ambito,
		strconv.Itoa(len(s.Stato.Nucleo.Componenti)), cm)
	return err
}

// chi is what an operator was called at an instant, or the name of a program; of who
// is not known, the beginning of the id.
func chi(nomi commands.Nomi, u uuid.UUID, quando time.Time) string {
	if nome, is := httpapi.Programma(u); is {
		return nome
	}
	if nome, cognome := nomi.Allora(u, quando); nome+cognome != "" {
		return strings.TrimSpace(nome + " " + cognome)
	}
	return u.String()[:8]
}
