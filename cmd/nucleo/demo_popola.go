package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"nucleo/cmd/nucleo/internal/genera"
	"nucleo/commands"
	"nucleo/commands/tracciato"
	"nucleo/domain"
	"nucleo/domain/ambito"
	"nucleo/domain/giorno"
	"nucleo/domain/id"
	"nucleo/domain/importazione"
	"nucleo/domain/operatore"
	"nucleo/httpapi"
)

// prepara accredits the people and writes the year of the cases, before
// anything follows the log: nothing that reacts to events meets a year that is
// half written. Done again, it changes nothing.
func (d *demo) prepara(ctx context.Context, s *servizio) error {
	d.ingresso.accoglie(s)
	dove := genera.Palermo()
	operatori, err := d.accredita(ctx, s, dove, genera.Persone(d.seme, dove))
	if err != nil {
		return fmt.Errorf("accredit the people of the demo: %w", err)
	}
	if d.soloDomande {
		return nil
	}
	if err := d.assenze(ctx, s, operatori); err != nil {
		return fmt.Errorf("register the absences of the demo: %w", err)
	}
	d.anno = genera.Anno{Seme: d.seme, Al: d.giorno, Ambito: dove, Operatori: operatori, Zona: roma}
	if err := d.scriviAnno(ctx, s); err != nil {
		return fmt.Errorf("write the year of the demo: %w", err)
	}
	return nil
}

// popola imports the domande of the day through the API, and says how to begin.
// Done again, it changes nothing.
func (d *demo) popola(ctx context.Context, s *servizio, addr string) error {
	d.indirizzo = "http://" + raggiungibile(addr)
	elenco, err := d.elenco(genera.Persone(d.seme, genera.Palermo()))
	if err != nil {
		return err
	}
	if s.config.ClientID == "" {
		if err := d.ingresso.apre(ctx, s, d.dir, d.indirizzo, elenco); err != nil {
			return err
		}
	}
	d.barra.mostra(time.Now(), "the read models are built", 0, 0)
	if err := s.raggiungi(ctx); err != nil {
		return err
	}
	if err := d.importa(ctx, s); err != nil {
		return fmt.Errorf("import the domande of the demo: %w", err)
	}
	if err := s.pubblica(ctx, oggi()-1); err != nil {
		return fmt.Errorf("publish the figures of the demo: %w", err)
	}
	if s.cluster != nil {
		d.psql = s.cluster.AnalystPsql()
	}
	esempi, err := d.esempi(ctx, elenco)
	if err != nil {
		return err
	}
	return d.stampa(elenco, esempi)
}

// raggiungibile is an address that a browser on this machine can open.
func raggiungibile(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return addr
}

// accredita makes the ambito and its people: the first by the installer, the
// others by the first.
func (d *demo) accredita(ctx context.Context, s *servizio, dove genera.Ambito, persone []genera.Persona) (operatori []genera.Operatore, err error) {
	comandi := s.comandi()
	comandi.Territori = nessunAltro{} // the read models are not there yet
	primo, err := installa(ctx, s.impianto, registrato(persone[0]))
	if err != nil {
		return nil, err
	}
	su := domain.Attore{ID: primo.UUID, Ruolo: domain.SuperUtente}
	if _, err := comandi.CreaAmbito(ctx, d.chiede(su, "ambito"), ambito.Crea{Codice: dove.Codice, Denominazione: dove.Denominazione, Regione: dove.Regione}); err != nil {
		return nil, err
	}
	if _, err := comandi.AssociaComuni(ctx, d.chiede(su, "comuni"), dove.Codice, dove.Comuni); err != nil {
		return nil, err
	}
	delega := ambito.RegistraDelega{Comuni: dove.Comuni, Data: d.giorno - genera.GiorniAnno - 60, Atto: "DEMO/12", PEC: "ambito@demo.example"}
	if _, err := comandi.RegistraDelega(ctx, d.chiede(su, "delega"), dove.Codice, delega); err != nil {
		return nil, err
	}
	if err := d.convenzioni(ctx, comandi, su, dove); err != nil {
		return nil, err
	}
	for _, p := range persone[1:] {
		o, _, err := comandi.RegistraOperatore(ctx, d.chiede(su, "registra/"+p.CodiceFiscale), operatore.Registra{Dati: registrato(p)})
		if err != nil {
			return nil, err
		}
		operatori = append(operatori, genera.Operatore{ID: o, Persona: p})
		for n, r := range p.Ruoli {
			if err := d.ruolo(ctx, comandi, su, o, r, n); err != nil {
				return nil, err
			}
		}
	}
	return operatori, nil
}

// convenzioni has all those sign who name the people of the demo (ACC-05): each
// comune, and the body that carries out the association.
func (d *demo) convenzioni(ctx context.Context, comandi *commands.Service, su domain.Attore, dove genera.Ambito) error {
	cmd := ambito.SottoscriviConvenzione{
		Ente: "Ente capofila del distretto", Data: d.giorno - genera.GiorniAnno - 60, Firmatario: "Il legale rappresentante", Qualifica: ambito.LegaleRappresentante,
	}
	if _, err := comandi.SottoscriviConvenzione(ctx, d.chiede(su, "convenzione"), dove.Codice, cmd); err != nil {
		return err
	}
	for _, comune := range dove.Comuni {
		cmd.Comune, cmd.Ente, cmd.Firmatario, cmd.Qualifica = comune, "", "Il sindaco", ambito.Sindaco
		if _, err := comandi.SottoscriviConvenzione(ctx, d.chiede(su, "convenzione/"+comune), dove.Codice, cmd); err != nil {
			return err
		}
	}
	return nil
}

// assenze lets some case managers be away: now, before and soon.
func (d *demo) assenze(ctx context.Context, s *servizio, operatori []genera.Operatore) error {
	chi := domain.Attore{ID: operatori[0].ID.UUID, Ruolo: domain.AmministratoreAmbito, Territorio: operatori[0].Ruoli[0].Territorio}
	for n, o := range operatori {
		if len(o.Ruoli) != 1 || o.Ruoli[0].Ruolo != domain.CaseManager {
			continue
		}
		cmd := operatore.RegistraIndisponibilita{ID: id.Indisponibilita{UUID: uuid.NewSHA1(o.ID.UUID, []byte("demo/assenza"))}}
		switch n % 8 {
		case 3:
			cmd.Dal, cmd.Al, cmd.Motivo = d.giorno-5, d.giorno+9, operatore.Ferie
		case 5:
			cmd.Dal, cmd.Al, cmd.Motivo = d.giorno+20, d.giorno+24, operatore.Formazione
		case 6:
			cmd.Dal, cmd.Al, cmd.Motivo = d.giorno-60, d.giorno-40, operatore.Malattia
		default:
			continue
		}
		req := d.chiede(chi, "assenza/"+o.ID.String())
		req.Adesso = min(cmd.Dal-10, d.giorno-1).Time().Add(9 * time.Hour)
		if _, err := s.comandi().RegistraIndisponibilita(ctx, req, o.ID, cmd); err != nil {
			return err
		}
	}
	return nil
}

// nessunAltro is a world in which the comuni belong to no other ambito: that
// in which a demo begins.
type nessunAltro struct{}

// AmbitoDi implements commands.Territori.
func (nessunAltro) AmbitoDi(context.Context, string) (string, bool, error) { return "", false, nil }

func (d *demo) ruolo(ctx context.Context, comandi *commands.Service, su domain.Attore, o id.Operatore, r genera.Incarico, n int) error {
	req := d.chiede(su, fmt.Sprintf("accredita/%s/%d", o, n))
	dal := giorno.Di(req.Adesso.In(roma))
	_, err := comandi.AccreditaRuolo(ctx, req, o, operatore.Accredita{
		Ruolo: r.Ruolo, Territorio: r.Territorio, Fondo: r.Fondo, Dal: dal, Richiesta: richiestaDemo(r.Ruolo, dal),
	})
	return err
}

// richiestaDemo is the request by which people are named (ACC-06), with the acts
// that come with that of an amministratore (ACC-22).
func richiestaDemo(ruolo domain.Ruolo, dal giorno.Giorno) operatore.Richiesta {
	if ruolo != domain.AmministratoreAmbito {
		return operatore.Richiesta{Protocollo: "DEMO/118", Data: dal - 5}
	}
	return operatore.Richiesta{Protocollo: "DEMO/117", Data: dal - 7, NotaPEC: "DEMO/PEC/98", Documento: "CI DEMO00000"}
}

func registrato(p genera.Persona) operatore.Registrato {
	return operatore.Registrato{
		CodiceFiscale: p.CodiceFiscale, Cognome: p.Cognome, Nome: p.Nome, DataNascita: p.DataNascita, ComuneNascita: p.ComuneNascita, Genere: p.Sesso,
		Email: p.Email(), Telefono: genera.Centralino,
	}
}

// chiede is what the demo asks: the same thing is the same command. The people
// were there before the year began.
func (d *demo) chiede(chi domain.Attore, cosa string) commands.Request {
	quando := time.Now()
	if !d.soloDomande {
		quando = (d.giorno - genera.GiorniAnno - 30).Time().Add(9 * time.Hour)
	}
	return commands.Request{
		Comando: uuid.NewSHA1(chi.ID, []byte("demo/"+cosa)), Impronta: "demo",
		Attore: chi, Canale: domain.Sistema, Adesso: quando,
	}
}

// importa sends the domande as sistema-inps does.
func (d *demo) importa(ctx context.Context, s *servizio) error {
	domande := d.daImportare()
	if len(domande) == 0 {
		return nil
	}
	token, err := d.chiavi.TokenProgramma("sistema-inps")
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := tracciato.Scrivi(&file, importazione.NDJSON, slices.Values(domande)); err != nil {
		return err
	}
	in := invio{api: d.indirizzo, token: token, tipo: string(importazione.Domande)}
	esito, err := in.manda(ctx, &file, d.chiave(), d.barra)
	if err != nil {
		return err
	}
	if esito.Stato != importazione.Completata {
		return fmt.Errorf("the import ended as %s: %s", esito.Stato, esito.Motivo)
	}
	return s.raggiungi(ctx)
}

// elenco is the people of the demo, with a token for each, and the program
// that imports.
func (d *demo) elenco(persone []genera.Persona) (tutti []personaDemo, err error) {
	for _, p := range persone {
		var ruoli []string
		for _, r := range p.Ruoli {
			ruoli = append(ruoli, string(r.Ruolo))
		}
		voce := personaDemo{Nome: p.Nome + " " + p.Cognome, Ruolo: strings.Join(ruoli, "+"), CodiceFiscale: p.CodiceFiscale}
		if voce.Token, err = d.token(p.CodiceFiscale, voce.Nome); err != nil {
			return nil, err
		}
		tutti = append(tutti, voce)
	}
	inps := personaDemo{Nome: "sistema-inps", Ruolo: string(domain.SistemaINPS)}
	inps.Token, err = d.chiavi.TokenProgramma("sistema-inps")
	return append(tutti, inps), err
}

// esempi are two curl lines for the first coordinator that work as pasted.
func (d *demo) esempi(ctx context.Context, elenco []personaDemo) ([]string, error) {
	var coordinatore personaDemo
	for _, p := range elenco {
		if p.Ruolo == string(domain.CoordinatorePaIS) {
			coordinatore = p
			break
		}
	}
	cerca := fmt.Sprintf("# %s searches the queue:\ncurl -sS %s%s/casi/ricerche \\\n  -H 'Authorization: Bearer %s' \\\n  -H 'Content-Type: application/json' -d '{\"lista\":\"da_assegnare\",\"limit\":10}'",
		coordinatore.Nome, d.indirizzo, httpapi.Base, coordinatore.Token)
	var coda struct {
		Items []struct {
			ID     string `json:"id"`
			ETag   string `json:"etag"`
			Comune struct {
				Codice string `json:"codice"`
			} `json:"comune"`
		} `json:"items"`
	}
	io := invio{api: d.indirizzo, token: coordinatore.Token}
	if err := d.domanda(ctx, io, http.MethodPost, "/casi/ricerche", `{"lista":"da_assegnare","limit":10}`, &coda); err != nil {
		return nil, err
	}
	if len(coda.Items) == 0 {
		return []string{cerca}, nil
	}
	primo := coda.Items[0]
	var idonei struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := d.domanda(ctx, io, http.MethodGet, "/case-manager?comune="+primo.Comune.Codice, "", &idonei); err != nil {
		return nil, err
	}
	if len(idonei.Items) == 0 {
		return []string{cerca}, nil
	}
	assegna := fmt.Sprintf("# and assigns the first waiting case:\ncurl -sS %s%s/casi/%s/assegnazioni \\\n  -H 'Authorization: Bearer %s' \\\n  -H 'Content-Type: application/json' -H 'If-Match: %s' -H 'Idempotency-Key: %s' -H 'Prefer: wait=2' \\\n  -d '{\"case_manager_id\":\"%s\"}'",
		d.indirizzo, httpapi.Base, primo.ID, coordinatore.Token, primo.ETag, uuid.NewString(), idonei.Items[0].ID)
	return []string{cerca, assegna}, nil
}

// domanda asks the API of the demo.
func (d *demo) domanda(ctx context.Context, in invio, method, path, body string, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, d.indirizzo+httpapi.Base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if err := in.chiedi(req, v); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
