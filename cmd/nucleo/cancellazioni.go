package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"nucleo/httpapi"
)

// privacy is somebody of the privacy desk who asks an installation by verbs.
type privacy struct{ invio }

// rigaCancellazione and rigaVincolo are what the verbs show of what the API answers.
type (
	rigaCancellazione struct {
		ID          string                 `json:"id"`
		Tipo        string                 `json:"tipo"`
		Caso        string                 `json:"caso_id"`
		Quale       string                 `json:"quale_id"`
		Base        string                 `json:"base"`
		Riferimento string                 `json:"riferimento"`
		Stato       string                 `json:"stato"`
		Fine        string                 `json:"fine"`
		RichiestaDa *struct{ Nome string } `json:"richiesta_da"`
		DecisaDa    *struct{ Nome string } `json:"decisa_da"`
		Motivo      string                 `json:"motivo"`
		Chiavi      int                    `json:"chiavi"`
		Valori      int                    `json:"valori"`
	}
	rigaVincolo struct {
		Caso        string                 `json:"caso_id"`
		Motivo      string                 `json:"motivo"`
		Riferimento string                 `json:"riferimento"`
		PostoDa     *struct{ Nome string } `json:"posto_da"`
		PostoIl     time.Time              `json:"posto_il"`
	}
)

func cancellazioniCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cancellazioni", Short: "erase people: see requests, ask for one, decide, hold cases against it",
		Long: "cancellazioni does by verbs what the privacy desk does over HTTP (docs/cancellazione.md). Nothing is erased by one person:\n" +
			"whoever asks, or takes up what the program proposed, does not decide. Each step but reading takes a token of a sign-in of the last minutes.",
	}
	var p privacy
	cmd.PersistentFlags().StringVar(&p.api, "api", "http://127.0.0.1:8080", "address of the installation")
	cmd.PersistentFlags().StringVar(&p.token, "token", "", "bearer token of somebody of the privacy desk of the ambito (or the variable NUCLEO_TOKEN)")
	cmd.PersistentPreRun = func(*cobra.Command, []string) {
		if p.token == "" {
			p.token = os.Getenv("NUCLEO_TOKEN")
		}
	}
	cmd.AddCommand(p.listCmd(), p.showCmd(), p.requestCmd(), p.takeCmd(), p.asideCmd(), p.authoriseCmd(), p.refuseCmd(), p.holdsCmd())
	return cmd
}

func (p *privacy) listCmd() *cobra.Command {
	var stato string
	cmd := &cobra.Command{
		Use: "list [--state IN_ATTESA]", Short: "list the requests of the ambito, and what the program proposed, the newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return elencaPagine(cmd.Context(), p, cmd.OutOrStdout(), "/cancellazioni", url.Values{"stato": {stato}}, func(w io.Writer, r rigaCancellazione) {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Stato, r.Tipo, r.Caso+r.operatore(), r.Base, r.Riferimento)
			})
		},
	}
	cmd.Flags().StringVar(&stato, "state", "", "only those that are PROPOSTA (by the program), ACCANTONATA, IN_ATTESA, RIFIUTATA, AUTORIZZATA, DISTRUTTA or PROVATA")
	return cmd
}

// operatore is the operator who is to be erased; none of a case.
func (r rigaCancellazione) operatore() string {
	if r.Caso == "" {
		return r.Quale
	}
	return ""
}

func (p *privacy) showCmd() *cobra.Command {
	var ricevuta bool
	cmd := &cobra.Command{
		Use: "show ID [--receipt]", Short: "show one request, or the signed receipt that all is gone", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/cancellazioni/" + url.PathEscape(args[0])
			if !ricevuta {
				return p.mostrata(cmd, http.MethodGet, path, nil)
			}
			var r struct{ Nota string }
			if err := p.parla(cmd.Context(), http.MethodGet, path+"/ricevuta", nil, &r); err != nil {
				return err
			}
			_, err := io.WriteString(cmd.OutOrStdout(), r.Nota)
			return err
		},
	}
	cmd.Flags().BoolVar(&ricevuta, "receipt", false, "print the receipt, as it was signed")
	return cmd
}

func (p *privacy) requestCmd() *cobra.Command {
	var caso, quale, tipo, base, atto string
	cmd := &cobra.Command{
		Use: "request --type NUCLEO --case ID --basis TERMINE_DECORSO --act 123/2026", Short: "ask for an erasure", Args: cobra.NoArgs,
		Long: "request asks for an erasure: of a NUCLEO (by --case), a PERSONA or DOCUMENTO (by --case and --which), an OPERATORE (by --which).\n" +
			"Another person decides. It is refused while a legal hold stands on the case.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			in := map[string]string{"tipo": tipo, "base": base, "riferimento": atto}
			if caso != "" {
				in["caso_id"] = caso
			}
			if quale != "" {
				in["quale_id"] = quale
			}
			return p.mostrata(cmd, http.MethodPost, "/cancellazioni", in)
		},
	}
	cmd.Flags().StringVar(&tipo, "type", "", "what is erased: NUCLEO, PERSONA, DOCUMENTO or OPERATORE")
	cmd.Flags().StringVar(&caso, "case", "", "id of the case")
	cmd.Flags().StringVar(&quale, "which", "", "id of the person, the event or the operator")
	cmd.Flags().StringVar(&base, "basis", "", "legal basis: TERMINE_DECORSO, CONSENSO_REVOCATO, PERSONA_ERRATA or ORDINE_AUTORITA")
	cmd.Flags().StringVar(&atto, "act", "", "number of the act that it rests on: nobody's name")
	return cmd
}

func (p *privacy) takeCmd() *cobra.Command {
	var atto string
	cmd := &cobra.Command{
		Use: "take ID --act 123/2036", Short: "ask for what the program proposed, because its term is over; another person decides", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.mostrata(cmd, http.MethodPost, "/cancellazioni/"+url.PathEscape(args[0])+"/prese-in-carico", map[string]string{"riferimento": atto})
		},
	}
	cmd.Flags().StringVar(&atto, "act", "", "number of the act that it rests on: nobody's name")
	return cmd
}

func (p *privacy) asideCmd() *cobra.Command {
	var motivo string
	cmd := &cobra.Command{
		Use: "set-aside ID --reason CONTENZIOSO", Short: "leave what the program proposed; it may be taken up later", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.mostrata(cmd, http.MethodPost, "/cancellazioni/"+url.PathEscape(args[0])+"/accantonamenti", map[string]string{"motivo": motivo})
		},
	}
	cmd.Flags().StringVar(&motivo, "reason", "", "TERMINE_PIU_LUNGO, CONTENZIOSO, VERIFICA_IN_CORSO or GIA_CANCELLATA")
	return cmd
}

func (p *privacy) authoriseCmd() *cobra.Command {
	return &cobra.Command{
		Use: "authorise ID", Short: "have an erasure carried out, that somebody else asked for; it does not come back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.mostrata(cmd, http.MethodPost, "/cancellazioni/"+url.PathEscape(args[0])+"/autorizzazioni", struct{}{})
		},
	}
}

func (p *privacy) refuseCmd() *cobra.Command {
	var motivo string
	cmd := &cobra.Command{
		Use: "refuse ID --reason NON_DOVUTA", Short: "end a request without an erasure", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.mostrata(cmd, http.MethodPost, "/cancellazioni/"+url.PathEscape(args[0])+"/rifiuti", map[string]string{"motivo": motivo})
		},
	}
	cmd.Flags().StringVar(&motivo, "reason", "", "NON_DOVUTA, NON_MOTIVATA or SOGGETTO_ERRATO")
	return cmd
}

func (p *privacy) holdsCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "holds", Short: "list the cases of which nothing may be erased", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return elencaPagine(cmd.Context(), p, cmd.OutOrStdout(), "/vincoli", url.Values{}, func(w io.Writer, r rigaVincolo) {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Caso, r.Motivo, r.Riferimento, r.PostoIl.In(roma).Format(time.DateOnly))
			})
		},
	}
	var motivo, atto, attoFine string
	poni := &cobra.Command{
		Use: "place CASE --reason CONTENZIOSO --act 123/2026", Short: "hold a case: nothing of it is erased", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.vincola(cmd, "/vincoli", map[string]string{"caso_id": args[0], "motivo": motivo, "riferimento": atto}, "held")
		},
	}
	poni.Flags().StringVar(&motivo, "reason", "", "CONTENZIOSO, INDAGINE, ISPEZIONE or LIMITAZIONE")
	poni.Flags().StringVar(&atto, "act", "", "number of the act that it rests on")
	togli := &cobra.Command{
		Use: "lift CASE --act 124/2026", Short: "let a case go again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.vincola(cmd, "/vincoli/rimozioni", map[string]string{"caso_id": args[0], "riferimento": attoFine}, "held no more")
		},
	}
	togli.Flags().StringVar(&attoFine, "act", "", "number of the act that it rests on")
	cmd.AddCommand(poni, togli)
	return cmd
}

func (p *privacy) vincola(cmd *cobra.Command, path string, in any, fatto string) error {
	var out rigaVincolo
	if err := p.parla(cmd.Context(), http.MethodPost, path, in, &out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is %s\n", out.Caso, fatto)
	return err
}

// mostrata sends a step of a request and shows how it stands after it.
func (p *privacy) mostrata(cmd *cobra.Command, method, path string, in any) error {
	var r rigaCancellazione
	if err := p.parla(cmd.Context(), method, path, in, &r); err != nil {
		return err
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	riga := func(nome, valore string) {
		if valore != "" {
			_, _ = fmt.Fprintf(w, "%s\t%s\n", nome, valore)
		}
	}
	riga("request", r.ID)
	riga("state", strings.TrimSpace(r.Stato+" "+r.Motivo))
	riga("type", r.Tipo)
	riga("case", r.Caso)
	riga("which", r.Quale)
	riga("basis", strings.TrimSpace(r.Base+" "+r.Riferimento))
	riga("ended", r.Fine)
	if r.RichiestaDa != nil {
		riga("asked by", r.RichiestaDa.Nome)
	}
	if r.DecisaDa != nil {
		riga("decided by", r.DecisaDa.Nome)
	}
	if r.Chiavi > 0 {
		riga("destroyed", fmt.Sprintf("keys %d, of values %d", r.Chiavi, r.Valori))
	}
	return w.Flush()
}

// parla sends one request; what changes something goes under a key of its own.
func (p *privacy) parla(ctx context.Context, method, path string, in, out any) error {
	var corpo io.Reader
	if in != nil {
		testo, err := json.Marshal(in)
		if err != nil {
			return err
		}
		corpo = strings.NewReader(string(testo))
	}
	req, err := http.NewRequestWithContext(ctx, method, p.api+httpapi.Base+path, corpo)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	return p.chiedi(req, out)
}

// elencaPagine prints all rows of a list, page by page.
func elencaPagine[T any](ctx context.Context, p *privacy, out io.Writer, path string, query url.Values, scrivi func(io.Writer, T)) error {
	query.Set("limit", "100")
	if query.Get("stato") == "" {
		query.Del("stato")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for {
		var pagina struct {
			Items []T    `json:"items"`
			Oltre string `json:"next_cursor"`
		}
		if err := p.parla(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &pagina); err != nil {
			return err
		}
		for _, r := range pagina.Items {
			scrivi(w, r)
		}
		if pagina.Oltre == "" {
			return w.Flush()
		}
		query.Set("cursor", pagina.Oltre)
	}
}
