package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nucleo/commands"
	"nucleo/domain"
	"nucleo/domain/caso"
	"nucleo/domain/codicefiscale"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/operatore"
	"nucleo/httpapi"
)

func percheCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "perche CASO --operatore CF", Short: "explain why somebody sees a case, or does not", Args: cobra.ExactArgs(1),
		Long: "perche says, profile by profile, by which rule an operator sees a case or does not: the accreditation, its\n" +
			"territory, who the case is assigned to, and what the table of rights gives the role. CASO is the id of the case\n" +
			"or of its domanda. It tells how things stand now, from the log alone.",
		Example: "  nucleo perche INPS-RDC-2019-999633 --operatore ZFFNNA80A41G273X",
	}
	chi := cmd.Flags().String("operatore", "", "the codice fiscale of the operator")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	return conArchivio(cmd, func(cmd *cobra.Command, i *impianto, args []string) error {
		c, err := casoDi(args[0])
		if err != nil {
			return err
		}
		cf, err := codicefiscale.Parse(*chi)
		if err != nil {
			return errors.New("name the operator: --operatore and a codice fiscale")
		}
		p, err := spiega(cmd, i.comandi(), c, string(cf))
		if err != nil {
			return err
		}
		if *asJSON {
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetIndent("", "  ")
			return enc.Encode(p)
		}
		return p.scrivi(cmd.OutOrStdout())
	})
}

// perche is why an operator sees a case, or does not.
type perche struct {
	Caso      id.Caso        `json:"caso_id"`
	Operatore id.Operatore   `json:"operatore_id"`
	Vede      bool           `json:"vede"`
	Motivo    string         `json:"motivo,omitempty"` // where no profile is to be spoken of
	Profili   []percheComune `json:"profili"`
}

// percheComune is the same of one profile.
type percheComune struct {
	Profilo    id.Accreditamento `json:"profilo"`
	Ruolo      domain.Ruolo      `json:"ruolo"`
	Territorio domain.Territorio `json:"territorio"`
	Vede       bool              `json:"vede"`
	Regola     string            `json:"regola"` // the one that decided
	Diritti    []string          `json:"diritti"`
}

func spiega(cmd *cobra.Command, comandi *commands.Service, c id.Caso, cf string) (perche, error) {
	storia, err := comandi.StoriaCaso(cmd.Context(), c, commands.Alla{})
	if err != nil {
		return perche{}, err
	}
	p := perche{Caso: c, Operatore: comandi.OperatoreDi(cf), Profili: []percheComune{}}
	chi, err := comandi.Operatore(cmd.Context(), p.Operatore)
	if err != nil {
		return perche{}, err
	}
	if p.Motivo = "the operator is not registered here"; chi.Registrato {
		p.Motivo = "the operator was never accredited"
	}
	oggi := giorno.Di(time.Now().In(roma))
	for _, a := range chi.Accreditamenti {
		p.Motivo = ""
		uno := profilo(chi, a, p.Operatore, storia.Stato, oggi)
		p.Vede = p.Vede || uno.Vede
		p.Profili = append(p.Profili, uno)
	}
	return p, nil
}

// profilo goes through the rules in the order in which a request meets them.
func profilo(chi operatore.State, a operatore.Accreditamento, o id.Operatore, s caso.State, oggi giorno.Giorno) percheComune {
	p := percheComune{Profilo: a.ID, Ruolo: a.Ruolo, Territorio: a.Territorio, Diritti: []string{}}
	diritti, legge := httpapi.SulCaso(a.Ruolo)
	attore := domain.Attore{ID: o.UUID, Profilo: a.ID.UUID, Ruolo: a.Ruolo, Territorio: a.Territorio}
	switch {
	case a.Revocato:
		p.Regola = "the accreditation was revoked"
	case a.Sospeso:
		p.Regola = "the accreditation is suspended"
	case chi.Sospeso:
		p.Regola = "the operator is suspended"
	case a.Dal > oggi:
		p.Regola = "the accreditation holds only from " + a.Dal.String() + " on"
	case len(diritti) == 0:
		p.Regola = "the table of rights (docs/authz.csv) gives the role nothing on a case"
	case !a.Territorio.Copre(s.Ambito, s.Comune):
		p.Regola = fmt.Sprintf("the case lies in %s of %s, outside of the territory", s.Comune, s.Ambito)
	case commands.Vede(attore, s) != nil:
		p.Regola = "the case is not assigned to this case manager now"
	case !legge:
		p.Regola, p.Diritti = "the role does not open cases; what it may do on this one each command decides", diritti
	default:
		p.Vede, p.Regola, p.Diritti = true, "the case lies in the territory, and the role may look at it", diritti
		if a.Ruolo == domain.CaseManager {
			p.Regola = "the case is assigned to this case manager, and lies in the territory"
		}
	}
	return p
}

func (p perche) scrivi(w io.Writer) error {
	vede := map[bool]string{true: "sees", false: "does not see"}
	righe := []string{fmt.Sprintf("operator %s %s case %s", p.Operatore, vede[p.Vede], p.Caso)}
	if p.Motivo != "" {
		righe = append(righe, "  "+p.Motivo)
	}
	for _, r := range p.Profili {
		dove := r.Territorio.Ambito
		if dove == "" {
			dove = "everywhere"
		}
		righe = append(righe, fmt.Sprintf("  as %s, %s: %s: %s", r.Ruolo, strings.TrimSpace(dove+" "+strings.Join(r.Territorio.Comuni, " ")), vede[r.Vede], r.Regola))
		if len(r.Diritti) > 0 {
			righe = append(righe, "    may "+strings.Join(r.Diritti, ", "))
		}
	}
	_, err := fmt.Fprintln(w, strings.Join(righe, "\n"))
	return err
}
